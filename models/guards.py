"""What a move depends on beyond status and role: each condition by its name in the table."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from models import clockwork, granting, hearings, informing, kinguard, listed, stopping, taskwork
from models.approval import may_decide
from models.cases import Case
from models.context import Context
from models.moves import Clocks, Move
from models.policy import NotAllowed, StaffView, is_same_person
from models.proposals import Proposal
from models.referring import all_back
from models.settings import mark
from models.statuses import Role, Status
from models.steps import Grant, MoveRefused, Step, grant_of, scheme_of

ACCEPTED_ALREADY = mark("这件事受理过了，接着调查就行。")
NOT_ACCEPTED = mark("这件事还没有受理，请先受理。")
NOTICE_RUNS = mark("公示还没有到期，到期那天自己会往下走。")
NOT_POSTED = mark("还没有记下公示贴在哪里、从哪天贴起。请先做完“张贴公示”这一项。")
POSTED_LATE = mark("公示贴出去还没有满天数，贴满了再往下走。")
NO_GRANT = mark("没有等着您定的救助意见。")
NO_REFUSAL = mark("报上来的不是不予确认。要是不同意，请退回再查。")
OWN_PROPOSAL = mark("这个意见是您自己提的，要请另一位来定。")
ABOVE_LIMIT = mark("这笔超过镇里能定的数，要由县里来定。")
NOT_DELEGATED = mark("这一项镇里不能定，要由县里来定。")
NOT_URGENT = mark("这件事不是急难，请按一般的步骤办。")
NOT_HELPED_FIRST = mark("这件事不是先救助的，不用补充说明。")
NOT_HEARD = mark("减少或停止以前，要先听本人怎么说（社会救助法第四十八条）。请先记下本人的话。")
HEARD_OTHER = mark("上次听他说的是另一件事。请就这件事再听一次本人怎么说。")
NOT_SURVEYED = mark("还没有上门看过。请先把“入户调查”这一项做完，再提意见。")
NOT_VERIFIED = mark(
    "经济状况核对还没有做完。问了的，请记下回了什么；一直没有回的，照实写上没有回，再提意见。"
)
NOT_HANDED_BACK = mark("转办的部门还没有都回话或退回来。不想等的，先收回来。")


@dataclass(frozen=True)
class Asked:
    """A move that someone asks for, with everything that conditions look at."""

    ctx: Context
    session: Session
    staff: StaffView
    case: Case
    line: Move
    step: Step
    proposal: Proposal | None


def check(asked: Asked, *, but: Collection[str] = ()) -> None:
    """Raise MoveRefused or NotAllowed where a condition of the table's line does not hold."""
    informing.check(asked.session, asked.case)
    for name in asked.line.guards:
        if name not in but:
            GUARDS[name](asked)
    kinguard.check(
        asked.session, asked.staff, asked.case, asked.line.name, asked.step, asked.proposal
    )


def _not_yet_accepted(asked: Asked) -> None:
    if asked.case.accepted_on is not None:
        raise MoveRefused(ACCEPTED_ALREADY)


def _accepted_before(asked: Asked) -> None:
    if asked.case.accepted_on is None:
        raise MoveRefused(NOT_ACCEPTED)


def _surveyed(asked: Asked) -> None:
    if not taskwork.surveyed(asked.session, asked.case):
        raise MoveRefused(NOT_SURVEYED)


def _verified(asked: Asked) -> None:
    if not taskwork.verified(asked.session, asked.case):
        raise MoveRefused(NOT_VERIFIED)


def _notice_over(asked: Asked) -> None:
    notice = clockwork.running(asked.session, asked.case, Clocks.NOTICE)
    if notice is not None and asked.ctx.today() <= notice.due_on:
        raise MoveRefused(NOTICE_RUNS)


def _posted(asked: Asked) -> None:
    _hung(asked, taskwork.posted_until(asked.ctx, asked.session, asked.case), "proposed")


def _stop_posted(asked: Asked) -> None:
    """Asked of who decides: it was put forward, and hangs since."""
    if asked.proposal is not None and stopping.hangs_first(asked.case, asked.proposal.move):
        _hung(asked, stopping.hung_until(asked.ctx, asked.session, asked.case), "stopping")


def _hung(asked: Asked, until: date | None, kind: str) -> None:
    """The paper, and where the case stands on a public list, that too."""
    if until is None:
        raise MoveRefused(NOT_POSTED)
    if asked.ctx.today() <= until:
        raise MoveRefused(POSTED_LATE)
    why_not = listed.waits(asked.ctx, asked.session, asked.case, kind)
    if why_not:
        raise MoveRefused(why_not)


def _grant_put_forward(asked: Asked) -> None:
    if asked.proposal is None or asked.proposal.move != "grant":
        raise MoveRefused(NO_GRANT)


def _refusal_put_forward(asked: Asked) -> None:
    if asked.proposal is None or asked.proposal.move != "refuse":
        raise MoveRefused(NO_REFUSAL)


def _not_own(asked: Asked) -> None:
    if asked.proposal is not None and is_same_person(asked.staff, asked.proposal.staff):
        raise NotAllowed(OWN_PROPOSAL)


def _decidable(asked: Asked) -> None:
    """The head decides what the township may, the county everything."""
    if asked.staff.role is Role.COUNTY:
        return
    amount = asked.proposal.amount if asked.proposal is not None else None
    _may_decide(asked, amount)


def _within_limit(asked: Asked) -> None:
    _may_decide(asked, asked.step.grant.amount if asked.step.grant else None)


def _may_decide(asked: Asked, amount: Decimal | None) -> None:
    verdict = may_decide(
        asked.ctx, asked.case.township, scheme_of(asked.case, asked.line, asked.step), amount
    )
    if not verdict.delegated:
        raise NotAllowed(NOT_DELEGATED)
    if not verdict.within:
        raise NotAllowed(ABOVE_LIMIT)


def _urgent(asked: Asked) -> None:
    if not asked.case.urgent:
        raise MoveRefused(NOT_URGENT)


def _helped_first(asked: Asked) -> None:
    given = granting.of_case(asked.session, asked.case.id)
    if given is None or not given.urgent:
        raise MoveRefused(NOT_HELPED_FIRST)


def _handed_back(asked: Asked) -> None:
    """A referred case comes back when no department has it any more."""
    if asked.case.status == Status.REFERRED and not all_back(asked.session, asked.case.id):
        raise MoveRefused(NOT_HANDED_BACK)


def _heard(asked: Asked) -> None:
    heard = hearings.heard_about(asked.session, asked.case.id)
    if not heard:
        raise MoveRefused(NOT_HEARD)
    if asked.line.name not in heard:
        raise MoveRefused(HEARD_OTHER)


def _heard_if_less(asked: Asked) -> None:
    """Only a reduction needs a hearing; more may be given at once."""
    given, wanted = granting.of_case(asked.session, asked.case.id), _grant(asked)
    less = (
        given is None or wanted is None or given.amount is None or wanted.amount is None
        or wanted.amount < given.amount or (given.monthly and not wanted.monthly)
    )
    if less:
        _heard(asked)


def _grant(asked: Asked) -> Grant | None:
    if asked.step.grant is not None:
        return asked.step.grant
    kept = asked.proposal.details.get("grant") if asked.proposal is not None else None
    return grant_of(kept) if kept else None


GUARDS: dict[str, Callable[[Asked], None]] = {
    "not_yet_accepted": _not_yet_accepted,
    "accepted_before": _accepted_before,
    "surveyed": _surveyed,
    "verified": _verified,
    "notice_over": _notice_over,
    "posted": _posted,
    "stop_posted": _stop_posted,
    "grant_put_forward": _grant_put_forward,
    "refusal_put_forward": _refusal_put_forward,
    "not_own": _not_own,
    "decidable": _decidable,
    "within_limit": _within_limit,
    "urgent": _urgent,
    "helped_first": _helped_first,
    "handed_back": _handed_back,
    "heard": _heard,
    "heard_if_less": _heard_if_less,
}
