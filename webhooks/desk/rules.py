"""Local rules: looked at by area, put by one person of the county, signed by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import rulekeys, rulework
from models.context import Context
from models.days import read_day
from models.policy import StaffView, is_same_person
from models.rulechanges import RuleChange, history, waiting
from models.rulekeys import KIND_NAMES, KNOWN, Known, Unreadable
from models.rulework import Put, Standing
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, rulewords

KEPT = mark("记下了，请另一位同事核对、签字。签了字才算数。")
SIGNED = mark("签好了。到那天就照它办，已经在数的日子不变。")
DROPPED = mark("这条不用了。")
USUAL = mark("没有另定，用系统里写好的")
AS_GENERAL = mark("照“多久再看一次”那一条")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/rules", "rules", look)
    desk.add_url_rule("/rules/<key>", "rule", rule)
    desk.add_url_rule("/rules/<key>", "rule_put", put, methods=["POST"])
    at = "/rules/changes/<int:number>"
    desk.add_url_rule(f"{at}/sign", "rule_sign", sign, methods=["POST"])
    desk.add_url_rule(f"{at}/drop", "rule_drop", drop, methods=["POST"])


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def look() -> ResponseReturnValue:
    """Every rule that holds at a place, with its clause; and what waits for a signature."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    place = _place(ctx, staff, request.args.get("area", ""))
    groups = [
        (t(KIND_NAMES[kind]), [
            _row(ctx, t, place, known) for known in KNOWN.values()
            if known.kind is kind and not (known.county and place != staff.area[:6] + "000000")
        ])
        for kind in KIND_NAMES
    ]
    with ctx.db.read() as db:
        found = waiting(db, rulework.codes(rulework.places(ctx, staff)))
        return render_template(
            "desk/rules.html", groups=groups, here=place, places=_places(ctx, staff),
            waiting=[_change(ctx, t, staff, one) for one in found],
            county=staff.role is Role.COUNTY,
        )


def _place(ctx: Context, staff: StaffView, asked: str) -> str:
    """The area that is looked at; 404 outside one's own."""
    codes = rulework.codes(rulework.places(ctx, staff))
    if not codes or (asked and asked not in codes):
        abort(404)
    return asked or codes[0]


def _places(ctx: Context, staff: StaffView) -> list[tuple[str, str]]:
    return [(place.code, place.name) for place in rulework.places(ctx, staff)]


def _row(ctx: Context, t: Translate, place: str, known: Known) -> dict[str, Any]:
    now, next_ = rulework.standing(ctx, place, known), rulework.coming(ctx, place, known)
    return {
        "key": known.key, "name": rulewords.name(t, known),
        "value": rulewords.value(t, known, now.value) if now else t(AS_GENERAL),
        "basis": now.basis if now else "", "where": _where(ctx, t, now),
        "coming": next_ and (rulewords.day(t, next_.from_), rulewords.value(t, known, next_.value)),
    }


SET_BY = mark("{area}定的，{day}起")
SET_UNTIL = mark("{area}定的，{day}起，到{last}")


def _where(ctx: Context, t: Translate, now: Standing | None) -> str:
    """Who set it and since when."""
    if now is None:
        return ""
    if now.area is None or now.since is None:
        return t(USUAL)
    area, day = ctx.directory.areas.name(now.area), rulewords.day(t, now.since)
    if now.until is None:
        return t(SET_BY, area=area, day=day)
    return t(SET_UNTIL, area=area, day=day, last=rulewords.day(t, now.until))


def _change(ctx: Context, t: Translate, staff: StaffView, one: RuleChange) -> dict[str, Any]:
    """A change in words."""
    known = KNOWN.get(one.key)
    now = rulework.standing(ctx, one.area, known) if known else None
    return {
        "id": one.id, "area": ctx.directory.areas.name(one.area), "basis": one.basis,
        "name": rulewords.name(t, known) if known else one.key,
        "value": rulewords.value(t, known, one.value) if known else one.value,
        "now": rulewords.value(t, known, now.value) if known and now else "",
        "from": rulewords.day(t, one.from_),
        "until": rulewords.day(t, one.until) if one.until else "",
        "put": one.put.name, "put_at": one.put_at,
        "signed": one.signed.name if one.signed else "", "signed_at": one.signed_at,
        "may_sign": staff.role is Role.COUNTY and not is_same_person(staff, one.put),
        "may_drop": staff.role is Role.COUNTY,
    }


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def rule(key: str) -> ResponseReturnValue:
    """One rule at a place: what holds, what held, and for the county the form."""
    return _page(key, request.args.get("area", ""))


def _page(
    key: str, asked: str, problem: str = "", field: str = "", status: int = 200
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    known = KNOWN.get(key)
    if known is None:
        abort(404)
    place = _place(ctx, staff, asked)
    now = rulework.standing(ctx, place, known)
    above = [area.code for area in ctx.directory.areas.upward(place)]
    with ctx.db.read() as db:
        past = [_change(ctx, t, staff, one) for one in history(db, above, key)]
    typed = request.form if request.method == "POST" else rulewords.fields(
        known, now.value if now else None
    )
    return render_template(
        "desk/rule.html", known=known, row=_row(ctx, t, place, known), here=place,
        place=ctx.directory.areas.name(place), past=past, typed=typed, today=ctx.today(),
        may=staff.role is Role.COUNTY and not (known.county and place != staff.area),
        own=now is not None and now.area == place, problem=problem, field=field,
        options=[(value, t(words)) for value, words in (known.options or {}).items()],
        limit=rulework.BASIS_LIMIT, unit_fixed=known.most < rulekeys.MOST_DAYS,
    ), status


@opened_to(Audience.DESK, Role.COUNTY)
def put(key: str) -> ResponseReturnValue:
    """Keep a change for the second person."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    known, area = KNOWN.get(key), form.get("area", "")
    if known is None:
        abort(404)
    _place(ctx, staff, area)
    try:
        value = "" if form.get("give_up") else rulekeys.read(known, form)
        last = form.get("last", "").strip()
        if last and _day(last) is None:
            raise MoveRefused(rulework.NO_END, "last")
        said = Put(
            area, key, value, form.get("basis", ""), _day(form.get("first", "")), _day(last)
        )
        with ctx.db.begin() as db:
            rulework.put(ctx, db, staff, said)
    except LookupError:
        abort(404)
    except Unreadable as wrong:
        return _page(key, area, t(wrong.reason, **wrong.values), "value", 422)
    except MoveRefused as refused:
        return _page(key, area, t(refused.reason), refused.field, 422)
    flash(access.speech()(KEPT), "done")
    return redirect(url_for("desk.rules"), 303)


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


@opened_to(Audience.DESK, Role.COUNTY)
def sign(number: int) -> ResponseReturnValue:
    """The second person agrees."""
    return asides.settle(rulework.sign, number, SIGNED, "desk.rules")


@opened_to(Audience.DESK, Role.COUNTY)
def drop(number: int) -> ResponseReturnValue:
    """Not right: it is put away."""
    return asides.settle(rulework.drop, number, DROPPED, "desk.rules")
