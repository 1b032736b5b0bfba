"""The part of the case page about the help that is given: how much, until when, hearings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import changes, granting, hearings, spotchecks
from models.assistance import Assistance
from models.context import Context
from models.hearings import Hearing
from models.hearingwork import ABOUT, CHAT, WAYS
from models.moves import Clocks
from models.paths import path_of
from models.policy import StaffView
from models.register import STATES
from models.settings import Translate, mark
from models.spotchecks import FINDINGS, SpotCheck
from models.statuses import CASE_ROLES, HELPED, Status
from models.steps import Grant
from models.telling import granted
from webhooks import access
from webhooks.desk.case import File
from webhooks.desk.days import far_day

ASKED = mark("在微信上问了，等他{day}前回话")
NO_ANSWER = mark("在微信上问了，说好{day}前回话")


def section(
    ctx: Context, session: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """The help of this case with all that belongs to it; nothing where nothing was granted."""
    case, clocks = file.case, {clock.kind: clock for clock in file.clocks}
    given = granting.of_case(session, case.id)
    if given is None:
        return None
    t, works = access.speech(), staff.role in CASE_ROLES
    helped = Status(case.status) in HELPED and path_of(case.scheme).regular
    return "desk/after.html", {
        "given": given, "from_on": _day(ctx, t, given.from_on),
        "until_on": _day(ctx, t, given.until_on), "recheck_on": _day(ctx, t, given.recheck_on),
        "granted": _granted(t, given), "state": t(STATES[given.state]),
        "recheck_due": given.recheck_on is not None and given.recheck_on <= ctx.today(),
        "hearings": [_heard(ctx, t, one) for one in hearings.of_case(session, case.id)],
        "changes": [
            {"when": t.moment(one.at), "words": one.details.get("said", "")}
            for one in reversed(file.events) if one.kind == changes.CHANGED
        ],
        "owed": clocks.get(Clocks.PAPERWORK) if works else None,
        "taper_on": _day(ctx, t, clocks[Clocks.TAPER].due_on) if Clocks.TAPER in clocks else "",
        "may_hear": works and helped and given.state in ("running", "tapering"),
        "spots": _spots(t, spotchecks.of_case(session, case.id)),
    }


def _day(ctx: Context, t: Translate, day: date | None) -> str:
    return far_day(ctx, t, day) if day is not None else ""


def _granted(t: Translate, given: Assistance) -> str:
    grant = Grant(given.form, given.amount, given.words or "", given.monthly, given.persons)
    return granted(t, grant.kept())


def _heard(ctx: Context, t: Translate, one: Hearing) -> dict[str, str]:
    """One hearing in words: what about, how, when, and what was said or told."""
    if one.how == "asked":
        assert one.until_on is not None
        open_ = one.until_on >= ctx.today()
        how, at = t(ASKED if open_ else NO_ANSWER, day=t.day(one.until_on)), one.asked_at
    else:
        how, at = t(WAYS.get(one.how, CHAT)), one.heard_at
    return {
        "about": t(ABOUT[one.move]), "how": how, "when": t.moment(at) if at else "",
        "words": one.words or "", "why": one.why or "",
    }


def _spots(t: Translate, found: Sequence[SpotCheck]) -> list[dict[str, str]]:
    return [
        {
            "when": t.moment(one.found_at) if one.found_at else "",
            "finding": t(FINDINGS[one.finding]), "words": one.words or "",
        }
        for one in found
    ]
