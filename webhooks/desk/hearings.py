"""Hearing the person before help is reduced or stopped: ask in chat, or write down their word."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.helped import await_word
from models import casequeries
from models.cases import Case
from models.hearings import Hearing, of_case
from models.hearingwork import (
    ABOUT,
    DAYS,
    FEWEST_DAYS,
    HEARD_LIMIT,
    MOST_DAYS,
    WAYS,
    ask,
    record,
)
from models.numbers import read_number
from models.onbehalf import reaches
from models.settings import mark
from models.statuses import Role
from models.steps import WORDS_LIMIT, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.versions import page_version

ASKED = mark("已经发给本人，他回了话会提醒您。")
KEPT = mark("本人的话记下了，定的人会看到。")


def add_routes(desk: Blueprint) -> None:
    place = "/cases/<receipt>/hearing"
    desk.add_url_rule(place, "hearing", show)
    desk.add_url_rule(place, "hear", keep, methods=["POST"])
    desk.add_url_rule(f"{place}/ask", "hearing_ask", show_ask)
    desk.add_url_rule(f"{place}/ask", "ask_hearing", send, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show(receipt: str) -> ResponseReturnValue:
    """Where the person's words are written down."""
    return asides.screen("desk/hearing.html", receipt, _fill)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show_ask(receipt: str) -> ResponseReturnValue:
    """Where the person is told in chat what is considered."""
    return asides.screen("desk/hearing_ask.html", receipt, _fill)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def keep(receipt: str) -> ResponseReturnValue:
    """Keep what the person said."""
    ctx, staff, form = access.context(), access.staff(), request.form
    words = form.get("words", "")

    def act(db: Session) -> str:
        record(
            ctx, db, staff, receipt, page_version(),
            move=form.get("move", ""), how=form.get("how", ""), words=words,
        )
        return KEPT

    def again(refused: MoveRefused) -> ResponseReturnValue:
        return asides.screen("desk/hearing.html", receipt, _fill, refused)

    return asides.attempt(
        receipt, act, again,
        lambda db: any(one.words == words.strip() for one in _last(db, receipt)),
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def send(receipt: str) -> ResponseReturnValue:
    """Tell the person in chat, and ask for their word."""
    ctx, staff, form = access.context(), access.staff(), request.form
    why = form.get("why", "")

    def act(db: Session) -> str:
        case = ask(
            ctx, db, staff, receipt, page_version(), move=form.get("move", ""),
            why=why, days=form.get("days", 0, type=read_number),
        )
        if case.person_id is not None and reaches(case):
            await_word(db, case.person_id, receipt)
        return ASKED

    def again(refused: MoveRefused) -> ResponseReturnValue:
        return asides.screen("desk/hearing_ask.html", receipt, _fill, refused)

    return asides.attempt(
        receipt, act, again,
        lambda db: any(one.why == why.strip() for one in _last(db, receipt)),
    )


def _last(db: Session, receipt: str) -> list[Hearing]:
    """The newest hearing, where this very person made it."""
    staff = access.staff()
    found = casequeries.find(db, staff, receipt)
    newest = list(of_case(db, found.id))[:1] if found else []
    return [one for one in newest if one.staff_id == staff.id]


def _fill(_db: Session, case: Case) -> dict[str, Any]:
    t, typed = access.speech(), request.values
    return {
        "moves": [(move, t(words)) for move, words in ABOUT.items()],
        "ways": [(way, t(words)) for way, words in WAYS.items()],
        "typed": typed, "limit": HEARD_LIMIT, "why_limit": WORDS_LIMIT, "days": DAYS,
        "fewest": FEWEST_DAYS, "most": MOST_DAYS, "reaches": reaches(case),
    }
