"""Coming back to an objection or a complaint, with number and code in the body of the form."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import raising
from models.concerns import KIND_NAMES, OUTCOME_NAMES, STAND_NAMES, Concern, Kind, Outcome, Stand
from models.settings import mark
from models.steps import MoveRefused
from webhooks import access, uploads
from webhooks.access import Audience, opened_to
from webhooks.public import concernpapers
from webhooks.public.concernpages import once, page

UNKNOWN = mark("号码和口令对不上，请对着抄下来的再看一遍。口令是 12 位数字。")
WRITTEN = mark("记下了，办的人会看到。")


@opened_to(Audience.PUBLIC)
def follow() -> ResponseReturnValue:
    """The form for number and code."""
    return page("follow", number="", code="", problem="")


@opened_to(Audience.PUBLIC)
def followed() -> ResponseReturnValue:
    """What has become of it."""
    return _followed()


def _followed(refused: MoveRefused | None = None, done: str = "") -> ResponseReturnValue:
    ctx, t = access.context(), access.speech()
    number, code = _asked()
    with ctx.db.read() as db:
        try:
            concern = raising.find(ctx, db, number, code)
        except LookupError:
            typed = request.form.get("number", "")
            return page("follow", number=typed, code="", problem=t(UNKNOWN)), 404
        made = page(
            "followed", concern=concern, number=number, code=code, done=done,
            state=t(STAND_NAMES[Stand(concern.state)]), kind=t(KIND_NAMES[Kind(concern.kind)]),
            outcome=t(OUTCOME_NAMES[Outcome(concern.outcome)]) if concern.outcome else "",
            entries=raising.told(db, concern), office=ctx.directory.areas.name(concern.office),
            papers=_counted(db, concern), once=raising.new_once(),
            # What has arrived is not written again.
            typed={} if done else request.form,
            problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
            limit=raising.WORDS_LIMIT,
        )
        return (made, 422) if refused else made


def _asked() -> tuple[str, str]:
    form = request.form
    return raising.read_number(form.get("number", "")), form.get("code", "")[:40]


def _counted(db: Session, concern: Concern) -> int:
    return len(raising.papers_of(db, concern))


@opened_to(Audience.PUBLIC)
@uploads.with_photos
def more() -> ResponseReturnValue:
    """They say more, or answer a question."""
    ctx, t, form = access.context(), access.speech(), request.form
    try:
        with ctx.db.read() as db:
            # Nothing is stored for who has no code.
            raising.find(ctx, db, *_asked())
        papers = concernpapers.stored(ctx, t)
        with uploads.or_forgotten(ctx, papers), ctx.db.begin() as db:
            concern = raising.find(ctx, db, *_asked(), lock=True)
            first = raising.write_on(
                ctx, db, concern, form.get("words", ""), once(), len(papers)
            )
            if first:
                concernpapers.attach(ctx, db, concern, papers)
    except LookupError:
        return _followed()
    except MoveRefused as refused:
        return _followed(refused)
    if not first:
        uploads.forget(ctx, papers)
    return _followed(done=t(WRITTEN))
