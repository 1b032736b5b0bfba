"""The desk's queue: its groups of statuses, and the turn in which a case comes. Pure.

Kept as columns on the case, so that a page of the queue and its numbers are read along an index
however many cases are closed. The turn is one number: the deadline, and the urgent first.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.settings import mark
from models.statuses import TO_DO, EventKind, Status


class Group(StrEnum):
    """What an officer looks at together."""

    REGISTER = "register"
    ACCEPT = "accept"
    RETURNED = "returned"
    SURVEY = "survey"
    NOTICE = "notice"
    DECIDE = "decide"
    REFERRED = "referred"
    DELIVER = "deliver"
    HELP = "help"
    DONE = "done"


GROUP_NAMES = {
    Group.REGISTER: mark("待登记"),
    Group.ACCEPT: mark("待受理"),
    Group.RETURNED: mark("待补材料"),
    Group.SURVEY: mark("调查中"),
    Group.NOTICE: mark("公示中"),
    Group.DECIDE: mark("待审批"),
    Group.REFERRED: mark("已转办"),
    Group.DELIVER: mark("待发放"),
    Group.HELP: mark("救助中"),
    Group.DONE: mark("办完的"),
}
GROUP_OF = {
    Status.SUBMITTED: Group.REGISTER,
    Status.REGISTERED: Group.ACCEPT,
    Status.RETURNED: Group.RETURNED,
    Status.ACCEPTED: Group.SURVEY,
    Status.INVESTIGATING: Group.SURVEY,
    Status.APPRAISING: Group.SURVEY,
    Status.PROPOSED: Group.NOTICE,
    Status.DECIDING: Group.DECIDE,
    Status.REFERRED: Group.REFERRED,
    Status.GRANTED: Group.DELIVER,
    Status.ASSISTED: Group.HELP,
    Status.TAPERING: Group.HELP,
}
# Liaisons and assistants are staff, but of another office.
OUTSIDE = frozenset({
    EventKind.REFERRAL_BACK, EventKind.REFERRAL_ANSWERED, EventKind.VISIT_HARDER,
    EventKind.HARM_TAKEN,
    EventKind.ERRAND_DONE, EventKind.ERRAND_BACK, EventKind.ERRAND_CANNOT,
})
# What somebody of another office notes and what calls nobody; it answers no resident either.
NOTED = frozenset({
    EventKind.VISITED, EventKind.KNOCKED, EventKind.TOLD_BY_PHONE, EventKind.TOLD_AT_DOOR,
})
# What a resident or another office may have done since; said in the row of the queue.
CALLING = OUTSIDE | {
    EventKind.SUPPLIED, EventKind.ALL_SUPPLIED, EventKind.WITHDRAW_ASKED, EventKind.CHANGE_TOLD,
    EventKind.REPORT_JOINED,
    EventKind.HOUSEHOLD_DECLINED,
}
# The turn of what is to be done and has no deadline: after all that have one.
NEVER = 9_999_999


def group_of(status: Status) -> Group:
    """The group of a status; what is over is `DONE`."""
    return GROUP_OF.get(status, Group.DONE)


def turn_of(day: date, *, urgent: bool = False) -> int:
    """The turn of a deadline. All turns of a day are `turn_of(day, urgent=True)` and one more."""
    return day.toordinal() * 2 + (not urgent)


def placed(
    status: str, urgent: bool, due_on: date | None, updated_at: datetime
) -> dict[str, Any]:
    """The case's columns `queue`, `to_do` and `turn`.

    What has a deadline is to be done whatever its status (papers after urgent help). What is
    not to be done comes after the newest: its turn is the moment, in seconds, below zero.
    """
    to_do = due_on is not None or Status(status) in TO_DO
    if due_on is not None:
        turn = turn_of(due_on, urgent=urgent)
    else:
        turn = NEVER + (not urgent) if to_do else -int(updated_at.timestamp())
    return {"queue": group_of(Status(status)).value, "to_do": to_do, "turn": turn}
