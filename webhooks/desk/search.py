"""Finding cases by what is known of them. Nobody's name or number ever stands in an address."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import audit, saving, searching
from models.areas import Level, covers
from models.context import Context
from models.days import read_day
from models.deskqueries import read_key, written
from models.exporting import EXPORTERS
from models.groups import GROUP_NAMES, Group
from models.idnumbers import read_id_number
from models.numbers import read_number
from models.paths import PATHS
from models.policy import StaffView
from models.receipts import ReceiptKind, read_receipt
from models.searching import DAYS, PERSONAL, Criteria
from models.settings import mark
from models.statuses import Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import queue
from webhooks.desk.queue import MISTYPED, PHONE_SIGNS

NO_DAY = mark("日期要像 2026-11-26 这样。")
NO_ID = mark("身份证号是 18 位，请对着证件再看一遍。")
NO_PLACE = mark("没有这个地方，请重新选。")
NOTHING = mark("写一样知道的就能找：编号、全名、电话，或者选地方、项目、日子。")
NO_NAME = mark("给这个找法起个名字，比如“本周到期”。")
ENOUGH = mark("最多存 {most} 个，先删掉一个不用的。")
ONLY_PLAIN = mark("按名字、电话、身份证号找的不能存，只存地方、项目、日子这些。")
KEPT = mark("存好了，在待办上面点它就行。")


@dataclass
class Asked:
    """What was filled in: the criteria, and what is wrong by its field."""

    wanted: Criteria
    wrong: dict[str, str] = field(default_factory=dict)


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/search", "search", search)
    desk.add_url_rule("/search", "search_asked", search_asked, methods=["POST"])
    desk.add_url_rule("/search/save", "search_save", save, methods=["POST"])
    desk.add_url_rule("/search/drop", "search_drop", drop, methods=["POST"])


def read(ctx: Context, staff: StaffView, said: Mapping[str, str]) -> Asked:
    """Read what was filled in; what cannot be read is named and left out."""
    texts = {key: unicodedata.normalize("NFKC", said.get(key, "")).strip()[:60] for key in said}
    values: dict[str, Any] = {key: texts.get(key, "") for key in ("name", "place", "scheme")}
    values["phone"] = texts.get("phone", "").translate(PHONE_SIGNS)
    wrong: dict[str, str] = {}
    if number := texts.get("id_number"):
        values["id_number"] = read_id_number(number, ctx.today()) or ""
        if not values["id_number"]:
            wrong["id_number"] = NO_ID
    for day in DAYS:
        try:
            values[day] = read_day(texts[day]) if texts.get(day) else None
        except ValueError:
            wrong[day] = NO_DAY
    place = ctx.directory.areas.get(values["place"])
    if values["place"] and (place is None or not covers(staff.area, place.code)):
        wrong["place"], values["place"] = NO_PLACE, ""
    if place is not None and place.level == Level.COUNTY:
        values["place"] = ""
    if values["scheme"] not in PATHS:
        values["scheme"] = ""
    values["group"] = Group(texts["group"]) if texts.get("group") in set(Group) else None
    return Asked(Criteria(**values), wrong)


def _form(ctx: Context, staff: StaffView, asked: Asked, **more: Any) -> str:
    """The page: the form, and with `rows` what was found."""
    t = access.speech()
    typed = {key: request.form.get(key, "") for key in (*PERSONAL, "receipt")}
    with ctx.db.read() as db:
        saved = saving.of_staff(db, staff)
    return render_template(
        "desk/search.html",
        typed=typed | asked.wanted.kept(), wrong={k: t(w) for k, w in asked.wrong.items()},
        places=_places(ctx, staff), saved=saved, name_limit=saving.NAME_LIMIT,
        schemes=[("", t(mark("不限"))), *((p.scheme, t(p.name)) for p in PATHS.values())],
        groups=[("", t(mark("不限"))), *((g.value, t(n)) for g, n in GROUP_NAMES.items())],
        county=staff.role is Role.COUNTY, may_export=staff.role in EXPORTERS, **more,
    )


def _places(ctx: Context, staff: StaffView) -> list[tuple[str, str]]:
    """Every township and village of the staff's area, the villages below theirs."""
    areas, found = ctx.directory.areas, [("", access.speech()(mark("不限")))]
    for township in areas.within(staff.area, Level.TOWNSHIP):
        found.append((township.code, township.name))
        found += [(place.code, f"　{place.name}") for place in areas.children(township.code)]
    return found


def _words(ctx: Context, wanted: Criteria) -> str:
    """What is looked for, in words; in no title, since browsers keep those."""
    t = access.speech()
    days = [
        t(words, day=t.day(day)) for words, day in (
            (mark("{day}起到期"), wanted.due_from),
            (mark("{day}以前到期"), wanted.due_to),
            (mark("{day}起交来"), wanted.received_from),
            (mark("{day}以前交来"), wanted.received_to),
        ) if day
    ]
    given = [
        wanted.name, wanted.phone, wanted.id_number, ctx.directory.areas.name(wanted.place),
        t(PATHS[wanted.scheme].name) if wanted.scheme else "",
        t(GROUP_NAMES[wanted.group]) if wanted.group else "", *days,
    ]
    return " · ".join(text for text in given if text)


def _address(wanted: Criteria) -> str:
    kept: dict[str, Any] = {**wanted.kept()}
    return url_for("desk.search", **kept)


def _answer(ctx: Context, staff: StaffView, asked: Asked, after: str) -> str:
    wanted = asked.wanted
    try:
        key = read_key(after)
    except ValueError:
        abort(404)
    with ctx.db.begin() as db:
        cases, more = searching.found(ctx, db, staff, wanted, key)
        rows = queue.told_rows(ctx, db, staff, cases)
        audit.record(
            db, ctx.now(), "search.read", "case", None, staff_id=staff.id,
            criteria=wanted.kept(), named=wanted.named(),
        )
    following = written(searching.key_of(cases[-1], wanted)) if more else ""
    personal = {key: getattr(wanted, key) for key in wanted.named()}
    return _form(
        ctx, staff, asked, found=True, asked_words=_words(ctx, wanted), rows=rows,
        following=following, personal=personal, where=wanted.kept() | personal,
        kept=wanted.kept(),
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def search() -> ResponseReturnValue:
    """The form; with criteria in the address (never personal ones) what they find."""
    ctx, staff = access.context(), access.staff()
    if number := request.args.get("saved", type=read_number):
        with ctx.db.read() as db:
            mine = next((s for s in saving.of_staff(db, staff) if s.id == number), None)
        if mine is None:
            abort(404)
        return redirect(url_for("desk.search", **mine.criteria), 303)
    asked = read(ctx, staff, {k: v for k, v in request.args.items() if k not in PERSONAL})
    if asked.wrong or not asked.wanted.kept():
        return _form(ctx, staff, asked), 422 if asked.wrong else 200
    return _answer(ctx, staff, asked, request.args.get("after", ""))


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def search_asked() -> ResponseReturnValue:
    """What was filled in: by receipt to the case; a person's answer is shown here and now."""
    ctx, staff = access.context(), access.staff()
    asked = read(ctx, staff, request.form)
    if receipt := request.form.get("receipt", "").strip():
        reading = read_receipt(unicodedata.normalize("NFKC", receipt))
        if reading.kind is ReceiptKind.VALID and reading.canonical:
            return redirect(url_for("desk.case", receipt=reading.canonical, asked="1"), 303)
        asked.wrong["receipt"] = MISTYPED
    if not asked.wrong and not asked.wanted.is_personal and not asked.wanted.kept():
        asked.wrong["receipt"] = NOTHING
    if asked.wrong:
        return _form(ctx, staff, asked), 422
    if not asked.wanted.is_personal:
        return redirect(_address(asked.wanted), 303)
    return _answer(ctx, staff, asked, request.form.get("after", ""))


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def save() -> ResponseReturnValue:
    """Keep these criteria under a name; what is personal in them is not kept."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    wanted = read(ctx, staff, request.form).wanted
    title = request.form.get("title", "").strip()[: saving.NAME_LIMIT]
    back = redirect(_address(wanted), 303)
    if not wanted.kept() or not title:
        flash(t(NO_NAME if wanted.kept() else ONLY_PLAIN), "urgent")
        return back
    with ctx.db.begin() as db:
        made = saving.keep(db, ctx.now(), staff, title, wanted)
    flash(t(KEPT) if made else t(ENOUGH, most=saving.MOST), "done" if made else "urgent")
    return back


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def drop() -> ResponseReturnValue:
    """Keep it no longer."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.begin() as db:
        saving.drop(db, staff, request.form.get("saved", 0, type=read_number))
    return redirect(url_for("desk.search", ask=1), 303)
