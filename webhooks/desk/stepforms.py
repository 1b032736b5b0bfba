"""A move's form as a step: what was typed is read here, and refused with a sentence beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from werkzeug.datastructures import MultiDict

from models.days import read_day
from models.money import NotAnAmount, read_amount
from models.numbers import read_number
from models.settings import mark
from models.steps import Grant, MoveRefused, Step
from webhooks.desk.versions import page_version

NOT_A_DAY = mark("请选一个日子。")
MOST_PERSONS = 30
NOT_A_COUNT = mark("请写上几口人，用数字。")


@dataclass(frozen=True)
class Read:
    """The step of a form, with everything that could be read; `wrong` is what could not."""

    step: Step
    wrong: MoveRefused | None

    def whole(self) -> Step:
        """The step, to be made; raises MoveRefused where a field could not be read."""
        if self.wrong is not None:
            raise self.wrong
        return self.step


def read_step(move: str) -> Read:
    """The step of the form that was sent. What is no number is no officer, and no version."""
    form = request.form
    wrong: list[MoveRefused] = []
    typed = form.get("missing", "").splitlines()
    missing = dict.fromkeys(line.strip() for line in [*form.getlist("paper"), *typed])
    step = Step(
        move,
        page_version(),
        unit=form.get("unit", ""),
        officer_id=form.get("officer", type=read_number),
        missing=tuple(line for line in missing if line),
        words=form.get("words", ""),
        reason=form.get("reason", ""),
        internal=form.get("internal", "").strip(),
        scheme=form.get("scheme") or None,
        grant=_grant(form, wrong),
        skipped=tuple(form.getlist("skipped")),
        from_on=_day(form, "from_on", wrong),
        recheck=form.get("recheck", ""),
        recheck_why=form.get("recheck_why", ""),
        died_on=_day(form, "died_on", wrong),
        departments=tuple(form.getlist("departments")),
        papers=tuple(form.getlist("papers")),
        ground=form.get("ground", ""),
        into=form.get("into", ""),
    )
    return Read(step, wrong[0] if wrong else None)


def _day(form: MultiDict[str, str], name: str, wrong: list[MoveRefused]) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        wrong.append(MoveRefused(NOT_A_DAY, name))
        return None


def _grant(form: MultiDict[str, str], wrong: list[MoveRefused]) -> Grant | None:
    """What is to be granted, where the form asks for it."""
    if "form" not in form:
        return None
    kind, text = form.get("form", ""), form.get("amount", "").strip()
    amount = None
    if kind == "money" and text:
        try:
            amount = read_amount(text)
        except NotAnAmount as error:
            wrong.append(MoveRefused(error.reason, "amount"))
    words = "" if kind == "money" else form.get("goods", "").strip()[:200]
    return Grant(kind, amount, words, form.get("monthly") == "1", _persons(form, wrong))


def _persons(form: MultiDict[str, str], wrong: list[MoveRefused]) -> int:
    """How many it is for; one where nothing is said."""
    text = form.get("persons", "").strip() or "1"
    persons = read_number(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
    if not 1 <= persons <= MOST_PERSONS:
        wrong.append(MoveRefused(NOT_A_COUNT, "persons"))
    return persons or 1
