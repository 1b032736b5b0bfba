"""What the bot did not understand: looked through by the county, and words taught from it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import taught
from bot.freely import GUESSES
from bot.understand import Intent, Understanding
from models import audit, phrases, teaching, unheard
from models.phrases import MOST_WORDS, Phrase, Taught
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import MoveRefused
from models.unheard import Unheard
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

LEARNED = mark("学会了。从现在起，有人这样说，它就懂。")
AWAY = mark("放到一边了。")
GONE = mark("拿掉了，它不再这样懂。")
PICK = mark("选一样：说这话的人是想做什么？")
NOT_SURE = mark("拿不准")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/unheard", "unheard", look)
    desk.add_url_rule("/unheard/<int:number>", "unheard_one", one)
    desk.add_url_rule("/unheard/<int:number>", "unheard_teach", teach, methods=["POST"])
    desk.add_url_rule("/unheard/<int:number>/away", "unheard_away", put_away, methods=["POST"])
    desk.add_url_rule("/phrases/<int:number>/gone", "phrase_gone", take_back, methods=["POST"])


@opened_to(Audience.DESK, Role.COUNTY)
def look() -> ResponseReturnValue:
    """All that nobody has looked at, said most often first; and what was taught."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.begin() as db:
        rows = [_row(t, one) for one in unheard.waiting(db, staff.area)]
        held = [_held(t, one) for one in phrases.holding(db, staff.area)]
        if rows:
            audit.record(
                db, ctx.now(), "unheard.read", "unheard", None, staff_id=staff.id,
                count=len(rows),
            )
    return render_template("desk/unheard.html", rows=rows, held=held)


def _row(t: Translate, one: Unheard) -> dict[str, Any]:
    guesses = [t(GUESSES[Intent(key)]) for key in one.guesses.split(",") if key in set(Intent)]
    return {
        "id": one.id, "said": one.said, "times": one.times, "last": t.moment(one.last_at),
        "guesses": guesses,
        "chosen": t(GUESSES[Intent(one.chosen)]) if one.chosen in set(Intent) else "",
        "none": one.chosen == "none",
    }


def _held(t: Translate, one: Phrase) -> dict[str, Any]:
    return {
        "id": one.id, "words": one.words, "meant": t(GUESSES[Intent(one.intent)]),
        "put": one.put.name, "put_at": t.moment(one.put_at),
    }


@opened_to(Audience.DESK, Role.COUNTY)
def one(number: int) -> ResponseReturnValue:
    """One sentence, and the form to teach words of it."""
    return _page(number)


def _page(
    number: int, new: Taught | None = None, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    with ctx.db.begin() as db:
        try:
            sentence = teaching.find(db, staff, number)
        except LookupError:
            abort(404)
        row = _row(t, sentence)
        kept = unheard.kept(db, staff.area) if new else ()
        audit.record(
            db, ctx.now(), "unheard.read", "unheard", sentence.id, staff_id=staff.id, count=1
        )
    held = ctx.directory.phrases.get(staff.area, ())
    changed = taught.changes(kept, held, new) if new else []
    return render_template(
        "desk/unheard_one.html", row=row, new=new,
        new_said=t(GUESSES[Intent(new.intent)]) if new else "",
        words=form.get("words", ""), intent=form.get("intent", sentence.chosen),
        most=MOST_WORDS,
        options=[(str(key), t(label)) for key, label in GUESSES.items()],
        changed=[(said, _short(t, before), _short(t, after)) for said, before, after in changed],
        looked=len(kept), problem=t(refused.reason, most=MOST_WORDS) if refused else "",
        field=refused.field if refused else "",
    ), 422 if refused else 200


def _short(t: Translate, meant: Understanding) -> str:
    return t(GUESSES[meant.intent]) if meant.confident or meant.urgent else t(NOT_SURE)


@opened_to(Audience.DESK, Role.COUNTY)
def teach(number: int) -> ResponseReturnValue:
    """Show what it would change; and once that was seen, keep it."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    with ctx.db.begin() as db:
        try:
            said = taught.folded(teaching.find(db, staff, number).said)
        except LookupError:
            abort(404)
    words = taught.folded(form.get("words", ""))
    try:
        if form.get("intent") not in set(Intent):
            raise MoveRefused(PICK, "intent")
        new = Taught(words, form["intent"])
        teaching.checked(ctx, said, staff.area, new)
    except MoveRefused as refused:
        return _page(number, refused=refused)
    if form.get("seen") != _seen(new):
        return _page(number, new)
    with ctx.db.begin() as db:
        teaching.teach(ctx, db, staff, number, new)
    ctx.directory.forget()
    flash(t(LEARNED), "done")
    return redirect(url_for("desk.unheard"), 303)


def _seen(new: Taught) -> str:
    """What was looked at; anything else is looked at first."""
    return f"{new.intent}:{new.words}"


@opened_to(Audience.DESK, Role.COUNTY)
def put_away(number: int) -> ResponseReturnValue:
    """Nothing to learn from it."""
    return asides.settle(teaching.put_away, number, AWAY, "desk.unheard")


@opened_to(Audience.DESK, Role.COUNTY)
def take_back(number: int) -> ResponseReturnValue:
    """What was taught is taken back."""
    return asides.settle(teaching.take_back, number, GONE, "desk.unheard")
