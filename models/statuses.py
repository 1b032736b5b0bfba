"""Every status of a case, who may move it where, and what the resident is told of it.

Pure. The table is design.md §4; its lengths are local rules (`models/rules.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.settings import mark


class Role(StrEnum):
    """Roles of staff (contract.md); a resident has none."""

    ASSISTANT = "assistant"
    OFFICER = "officer"
    HEAD = "head"
    COUNTY = "county"
    DEPARTMENT = "department"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.ASSISTANT: mark("村（居）协理员"),
    Role.OFFICER: mark("乡镇经办"),
    Role.HEAD: mark("乡镇负责人"),
    Role.COUNTY: mark("县级民政"),
    Role.DEPARTMENT: mark("部门联络员"),
    Role.ADMIN: mark("管理员"),
}

DESK_ROLES = frozenset({Role.OFFICER, Role.HEAD, Role.COUNTY})
CASE_ROLES = frozenset({Role.OFFICER, Role.HEAD})


class Status(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    REGISTERED = "registered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Status.SUBMITTED, Status.REGISTERED, Status.RETURNED, Status.ACCEPTED})
CLOSED = frozenset(Status) - OPEN

STATUS_NAMES = {
    Status.SUBMITTED: mark("已提交"),
    Status.REGISTERED: mark("已登记"),
    Status.RETURNED: mark("待补材料"),
    Status.ACCEPTED: mark("已受理"),
    Status.ANSWERED: mark("已答复"),
    Status.WITHDRAWN: mark("已撤回"),
}

# What comes next, as the resident reads it; {due} is filled where a clock runs.
STATUS_NEXT = {
    Status.SUBMITTED: mark("镇上会登记，定下谁来办。"),
    Status.REGISTERED: mark("经办人会看您说的情况，定下能不能受理，或者告诉您还缺什么。"),
    Status.RETURNED: mark("等您把缺的补上，补齐了接着办。"),
    Status.ACCEPTED: mark("镇上会上门看看、核对情况，然后给您结果。"),
    Status.ANSWERED: mark("这件事已经答复您了。还有不明白的，随时再说。"),
    Status.WITHDRAWN: mark("这件事已经按您的意思撤回。以后有难处，随时再来。"),
}


class Clocks(StrEnum):
    """The clocks of a case; each length is a local rule with its basis."""

    REGISTRATION = "registration"
    URGENT_REGISTRATION = "urgent_registration"
    ACCEPTANCE = "acceptance"
    DECISION = "decision"


@dataclass(frozen=True)
class Move:
    """One line of the table: `needs` names the details it cannot do without."""

    name: str
    title: str
    from_: frozenset[Status]
    to: Status
    roles: frozenset[Role]
    needs: tuple[str, ...]
    clock: Clocks | None
    told: str


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


MOVES = {
    move.name: move
    for move in (
        Move(
            "register", mark("登记交办"), _from(Status.SUBMITTED), Status.REGISTERED, CASE_ROLES,
            ("unit", "officer"), Clocks.ACCEPTANCE,
            mark("已经登记，交给{unit}的{officer}办。"),
        ),
        Move(
            "return", mark("请补材料"), _from(Status.REGISTERED, Status.ACCEPTED), Status.RETURNED,
            CASE_ROLES, ("missing",), None,
            mark("还差下面几样，一次给您说全：{missing}"),
        ),
        Move(
            "accept", mark("受理"), _from(Status.REGISTERED, Status.RETURNED), Status.ACCEPTED,
            CASE_ROLES, (), Clocks.DECISION,
            mark("镇上受理了您的事，开始办了。"),
        ),
        Move(
            "answer", mark("答复"), _from(Status.SUBMITTED, Status.REGISTERED), Status.ANSWERED,
            CASE_ROLES, ("words",), None,
            mark("镇上给您答复了：{words}"),
        ),
        Move(
            "withdraw", mark("按本人意愿撤回"),
            _from(Status.SUBMITTED, Status.REGISTERED, Status.RETURNED, Status.ACCEPTED),
            Status.WITHDRAWN, CASE_ROLES, ("reason",), None,
            mark("按您的意思，这件事撤回了。"),
        ),
    )
}

SUBMIT_TOLD = mark("您把情况交上来了，编号 {receipt}。")
WITHDRAW_ASKED_TOLD = mark("您说想撤回，镇上会办。")
SUPPLIED_TOLD = mark("您补交了材料，镇上会看。")
TOLD_MORE_TOLD = mark("您又补充了情况，镇上的人会看到。")
PAPER_CLEAR_TOLD = mark("您交的材料镇上看过了，清楚。")
PAPER_UNCLEAR_TOLD = mark("有一张材料看不清，请您再拍一次。{words}")


class EventKind(StrEnum):
    """What can stand on a timeline besides the moves."""

    SUBMIT = "submit"
    WITHDRAW_ASKED = "withdraw_asked"
    SUPPLIED = "supplied"
    TOLD_MORE = "told_more"
    PAPER_CLEAR = "paper_clear"
    PAPER_UNCLEAR = "paper_unclear"


EVENT_TOLD: dict[str, str] = {
    EventKind.SUBMIT: SUBMIT_TOLD,
    EventKind.WITHDRAW_ASKED: WITHDRAW_ASKED_TOLD,
    EventKind.SUPPLIED: SUPPLIED_TOLD,
    EventKind.TOLD_MORE: TOLD_MORE_TOLD,
    EventKind.PAPER_CLEAR: PAPER_CLEAR_TOLD,
    EventKind.PAPER_UNCLEAR: PAPER_UNCLEAR_TOLD,
} | {name: move.told for name, move in MOVES.items()}


def moves_from(status: Status, role: Role) -> tuple[Move, ...]:
    """The moves that this role is offered from this status, in the table's order."""
    return tuple(m for m in MOVES.values() if status in m.from_ and role in m.roles)
