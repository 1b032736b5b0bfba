"""The words of pushes: looked at, put anew by one person of the county, signed by another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import wordings, wordingwork
from models.context import Context
from models.policy import StaffView, is_same_person
from models.settings import Translate, mark
from models.statuses import DESK_ROLES, Role
from models.steps import MoveRefused
from models.wordings import Wording
from models.wordingwords import LIMIT, WordsRefused
from notices import wordingsamples
from notices.wordinglist import BY_SOURCE, GROUPS, MESSAGES, Message
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

KEPT = mark("记下了，请另一位同事核对、签字。签了字才照这样说。")
SIGNED = mark("签好了，从现在起照这样说。")
DROPPED = mark("这一句不用了。")
STATES = {
    "open": mark("等另一位签字"), "signed": mark("签过字"), "dropped": mark("没有用"),
}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/wordings", "wordings", look)
    desk.add_url_rule("/wordings/<wording>", "wording", one)
    desk.add_url_rule("/wordings/<wording>", "wording_put", put, methods=["POST"])
    at = "/wordings/versions/<int:number>"
    desk.add_url_rule(f"{at}/sign", "wording_sign", sign, methods=["POST"])
    desk.add_url_rule(f"{at}/drop", "wording_drop", drop, methods=["POST"])


def _area(ctx: Context, staff: StaffView) -> str:
    """The county whose words are looked at; 404 where there is none."""
    area = wordingwork.county_of(ctx, staff)
    if not area:
        abort(404)
    return area


def _message(key: str) -> Message:
    found = MESSAGES.get(key)
    if found is None:
        abort(404)
    return found


@opened_to(Audience.DESK, *DESK_ROLES)
def look() -> ResponseReturnValue:
    """Every message as it is said now, by occasion; and what waits for a signature."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    area = _area(ctx, staff)
    with ctx.db.read() as db:
        open_ = [_version(ctx, staff, one) for one in wordings.waiting(db, area)]
    waits = {one["key"] for one in open_}
    groups = [
        (t(group.name), [_row(ctx, t, area, one, one.key in waits) for one in group.messages])
        for group in GROUPS
    ]
    return render_template(
        "desk/wordings.html", groups=groups, waiting=open_, county=staff.role is Role.COUNTY,
        place=ctx.directory.areas.name(area),
    )


def _row(ctx: Context, t: Translate, area: str, one: Message, waits: bool) -> dict[str, Any]:
    own = wordingwork.standing(ctx, area, one.known.source)
    return {
        "key": one.key, "label": t(one.label) if one.label else "", "own": bool(own),
        "words": one.known.shown(own or one.known.source), "waits": waits,
    }


def _version(ctx: Context, staff: StaffView, one: Wording) -> dict[str, Any]:
    """One version in words; as a resident would see it while it waits."""
    message, t = BY_SOURCE.get(one.source), access.speech()
    shown = message.known.shown if message else str
    now = wordingwork.standing(ctx, one.area, one.source) or one.source
    may = staff.role is Role.COUNTY
    waits = one.state == "open" and message is not None
    return {
        "id": one.id, "key": message.key if message else "", "state": t(STATES[one.state]),
        "signed_so": one.state == "signed",
        "back": not one.words, "words": shown(one.words or one.source), "now": shown(now),
        "put": one.put.name, "put_at": t.moment(one.put_at),
        "signed": one.signed.name if one.signed else "",
        "signed_at": t.moment(one.signed_at) if one.signed_at else "",
        "preview": _preview(ctx, one.area, message, one.words) if message and waits else None,
        "may_sign": may and not is_same_person(staff, one.put), "may_drop": may,
    }


def _preview(
    ctx: Context, area: str, message: Message, words: str | None = None
) -> tuple[str, str]:
    said = wordingsamples.preview(ctx, area, message, words)
    return said.title, wordingsamples.body(said)


@opened_to(Audience.DESK, *DESK_ROLES)
def one(wording: str) -> ResponseReturnValue:
    """One message: the standard, what holds, the whole push, every version; the county's form."""
    return _page(_message(wording))


def _page(
    message: Message, typed: str | None = None, new: str | None = None, problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """`new`: checked words that are looked at before they are put."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    area, known = _area(ctx, staff), message.known
    with ctx.db.read() as db:
        found = [
            (version.state, _version(ctx, staff, version))
            for version in wordings.versions(db, area, known.source)
        ]
    row = _row(ctx, t, area, message, False)
    return render_template(
        "desk/wording.html", row=row, known=known, standard=known.shown(known.source),
        typed=row["words"] if typed is None else typed, new=new,
        preview=_preview(ctx, area, message, new), problem=problem, field="words",
        names=[f"{{{name}}}" for name in known.names], limit=LIMIT,
        needed=[f"{{{name}}}" for name in known.needed],
        waiting=[version for state, version in found if state == "open"],
        past=[version for state, version in found if state != "open"],
        may=staff.role is Role.COUNTY, place=ctx.directory.areas.name(area),
    ), status


@opened_to(Audience.DESK, Role.COUNTY)
def put(wording: str) -> ResponseReturnValue:
    """Show the whole push in the new words; and once it was seen so, keep them to be signed."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    message, area = _message(wording), _area(ctx, staff)
    known = message.known
    typed = known.shown(known.source) if form.get("standard") else form.get("words", "")
    try:
        words = wordingwork.checked(ctx, area, known, typed)
        if not (form.get("put") and _was_seen(words)):
            return _page(message, typed, words)
        with ctx.db.begin() as db:
            wordingwork.put(ctx, db, staff, known, typed)
    except WordsRefused as refused:
        return _page(message, typed, None, t(refused.reason, names=refused.names), 422)
    except MoveRefused as refused:
        return _page(message, typed, None, t(refused.reason), 422)
    flash(t(KEPT), "done")
    return redirect(url_for("desk.wordings"), 303)


def _was_seen(words: str) -> bool:
    """Whether these are the words that were looked at; a form may turn the ends of lines."""
    seen = request.form.get("seen")
    return seen is not None and seen.splitlines() == words.splitlines()


@opened_to(Audience.DESK, Role.COUNTY)
def sign(number: int) -> ResponseReturnValue:
    """The second person agrees."""
    return asides.settle(wordingwork.sign, number, SIGNED, "desk.wordings")


@opened_to(Audience.DESK, Role.COUNTY)
def drop(number: int) -> ResponseReturnValue:
    """Not right: it is put away."""
    return asides.settle(wordingwork.drop, number, DROPPED, "desk.wordings")
