"""A move's form as a step: what was typed is read here, and refused with a sentence beside it."""

from __future__ import annotations

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


def read_step(move: str) -> Step:
    """The step of the form that was sent; raises MoveRefused where a field cannot be read.

    What is no number is no officer, and no version.
    """
    form = request.form
    typed = form.get("missing", "").splitlines()
    missing = dict.fromkeys(line.strip() for line in [*form.getlist("paper"), *typed])
    return Step(
        move,
        page_version(),
        unit=form.get("unit", ""),
        officer_id=form.get("officer", type=read_number),
        missing=tuple(line for line in missing if line),
        words=form.get("words", ""),
        reason=form.get("reason", ""),
        internal=form.get("internal", "").strip(),
        scheme=form.get("scheme") or None,
        grant=_grant(form),
        skipped=tuple(form.getlist("skipped")),
        from_on=_day(form, "from_on"),
        recheck=form.get("recheck", ""),
        recheck_why=form.get("recheck_why", ""),
        died_on=_day(form, "died_on"),
        departments=tuple(form.getlist("departments")),
        papers=tuple(form.getlist("papers")),
        ground=form.get("ground", ""),
        into=form.get("into", ""),
    )


def _day(form: MultiDict[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise MoveRefused(NOT_A_DAY, name) from None


def _grant(form: MultiDict[str, str]) -> Grant | None:
    """What is to be granted, where the form asks for it."""
    if "form" not in form:
        return None
    kind, text = form.get("form", ""), form.get("amount", "").strip()
    amount = None
    if kind == "money" and text:
        try:
            amount = read_amount(text)
        except NotAnAmount as wrong:
            raise MoveRefused(wrong.reason, "amount") from None
    persons = form.get("persons", 1, type=read_number)
    if not 1 <= persons <= MOST_PERSONS:
        raise MoveRefused(NOT_A_COUNT, "persons")
    words = "" if kind == "money" else form.get("goods", "").strip()[:200]
    return Grant(kind, amount, words, form.get("monthly") == "1", persons)
