"""The table of moves: from where to where, by whom, on what condition, and what is told of it.

Pure. design.md §4 as data. The lengths of clocks are local rules (`models/rules.py`), what a
scheme may do is `models/paths.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.paths import Path
from models.settings import mark
from models.statuses import CASE_ROLES, DECIDERS, NOTE_TOLD, OPEN, Role, Status


class Clocks(StrEnum):
    """The clocks of a case; each length is a local rule with its basis."""

    REGISTRATION = "registration"
    URGENT_REGISTRATION = "urgent_registration"
    ACCEPTANCE = "acceptance"
    DECISION = "decision"
    SURVEY = "survey"
    NOTICE = "notice"
    APPROVAL = "approval"
    SUPPLEMENT = "supplement"
    REFERRAL = "referral"
    PAPERWORK = "paperwork"
    DELIVERY = "delivery"
    TAPER = "taper"
    INFORM = "inform"
    ALARM = "alarm"


# The township's own clock from acceptance to decision; it stands still while papers are awaited.
LONG = frozenset({
    Status.ACCEPTED, Status.INVESTIGATING, Status.APPRAISING, Status.PROPOSED, Status.DECIDING,
})
# In which statuses a clock lives. It is over when the case leaves them, and rests in `RESTS`.
LIVES: dict[Clocks, frozenset[Status]] = {
    Clocks.REGISTRATION: frozenset({Status.SUBMITTED}),
    Clocks.URGENT_REGISTRATION: frozenset({Status.SUBMITTED}),
    Clocks.ACCEPTANCE: frozenset({Status.REGISTERED}),
    Clocks.DECISION: LONG,
    Clocks.SURVEY: frozenset({Status.ACCEPTED}),
    Clocks.NOTICE: frozenset({Status.PROPOSED}),
    Clocks.APPROVAL: frozenset({Status.DECIDING}),
    Clocks.SUPPLEMENT: frozenset({Status.RETURNED}),
    Clocks.REFERRAL: frozenset({Status.REFERRED}),
    # Help came first: what was put off is owed wherever the case goes, until it is done.
    Clocks.PAPERWORK: OPEN | {Status.GRANTED, Status.ENDED},
    Clocks.DELIVERY: frozenset({Status.GRANTED}),
    Clocks.TAPER: frozenset({Status.TAPERING}),
    # Owed to the household, and to whoever is harmed, wherever the case goes.
    Clocks.INFORM: frozenset(Status) - {Status.WITHDRAWN},
    Clocks.ALARM: frozenset(Status),
}
RESTS: dict[Clocks, frozenset[Status]] = {
    Clocks.DECISION: frozenset({Status.RETURNED, Status.REFERRED, Status.REGISTERED}),
}
# Somebody else's time, or a period that has to pass: nobody at the desk is late in it.
NOT_OURS = frozenset({Clocks.SUPPLEMENT, Clocks.NOTICE, Clocks.REFERRAL, Clocks.TAPER})


@dataclass(frozen=True)
class Move:
    """One line of the table.

    `needs` names the details it cannot do without. `only` names what the scheme's path must
    be (`-noticed`: must not be). `guards` are looked up in `models/guards.py`. With `second`
    the move is put forward by one person and made by another.
    """

    name: str
    title: str
    from_: frozenset[Status]
    to: Status
    roles: frozenset[Role]
    told: str
    needs: tuple[str, ...] = ()
    starts: tuple[Clocks, ...] = ()
    only: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    second: bool = False

    def fits(self, path: Path) -> bool:
        """Whether a scheme of this path may make the move."""
        return all(
            not getattr(path, rule[1:]) if rule.startswith("-") else getattr(path, rule)
            for rule in self.only
        )


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_S = Status
MOVES = {
    move.name: move
    for move in (
        Move(
            "register", mark("登记交办"), _from(_S.SUBMITTED, _S.REFERRED), _S.REGISTERED,
            CASE_ROLES, mark("已经登记，交给{unit}的{officer}办。"),
            needs=("unit", "officer"), starts=(Clocks.ACCEPTANCE,), guards=("handed_back",),
        ),
        Move(
            "accept", mark("受理"), _from(_S.REGISTERED, _S.RETURNED), _S.ACCEPTED,
            CASE_ROLES, mark("镇上受理了您的事，开始办了。"),
            needs=("scheme",), starts=(Clocks.DECISION, Clocks.SURVEY), only=("here",),
            guards=("not_yet_accepted",),
        ),
        Move(
            "investigate", mark("上门调查、核对"),
            # From 已登记: what was referred after acceptance and came back.
            _from(_S.ACCEPTED, _S.RETURNED, _S.REGISTERED), _S.INVESTIGATING, CASE_ROLES,
            mark("镇上开始上门了解、核对情况。"), only=("here",), guards=("accepted_before",),
        ),
        Move(
            "return", mark("请补材料"), _from(_S.REGISTERED, _S.ACCEPTED, _S.INVESTIGATING),
            _S.RETURNED, CASE_ROLES, mark("还差下面几样，一次给您说全：{missing}"),
            needs=("missing",), starts=(Clocks.SUPPLEMENT,),
        ),
        Move(
            "appraise", mark("提请民主评议"), _from(_S.INVESTIGATING), _S.APPRAISING, CASE_ROLES,
            mark("请村里开会评议一下。"), needs=("reason",), only=("here", "appraised"),
        ),
        Move(
            "propose", mark("提出初审意见，公示"), _from(_S.INVESTIGATING, _S.APPRAISING),
            _S.PROPOSED, CASE_ROLES, mark("镇上初审通过了，在村里公示，大家看看。"),
            needs=("grant",), starts=(Clocks.NOTICE,), only=("here", "noticed"),
            guards=("surveyed", "verified"),
        ),
        Move(
            "forward", mark("提出意见，报审批"), _from(_S.INVESTIGATING, _S.APPRAISING),
            _S.DECIDING, CASE_ROLES, mark("镇上看完了，报上去审批。"),
            needs=("grant",), starts=(Clocks.APPROVAL,), only=("here", "-noticed"),
            guards=("surveyed", "verified"),
        ),
        Move(
            "propose_refusal", mark("提出不予确认"), _from(_S.INVESTIGATING, _S.APPRAISING),
            _S.DECIDING, CASE_ROLES, mark("镇上看完了，报上去审批。"),
            needs=("words",), starts=(Clocks.APPROVAL,), only=("here",),
            guards=("surveyed", "verified"),
        ),
        Move(
            "conclude", mark("公示结束，报审批"), _from(_S.PROPOSED), _S.DECIDING, CASE_ROLES,
            mark("公示完了，报上去审批。"), starts=(Clocks.APPROVAL,),
            guards=("notice_over", "posted"),
        ),
        Move(
            "uphold", mark("异议成立，重新调查"), _from(_S.PROPOSED), _S.INVESTIGATING, CASE_ROLES,
            mark("公示时有人提了不同意见，镇上会再了解一遍。"), needs=("reason",),
        ),
        Move(
            "send_back", mark("退回再查"), _from(_S.DECIDING), _S.INVESTIGATING, DECIDERS,
            mark("审批的人还想了解得细一点，镇上会再看看。"), needs=("reason",),
            guards=("decidable",),
        ),
        Move(
            "grant", mark("同意救助"), _from(_S.DECIDING), _S.GRANTED, DECIDERS,
            mark("定下来了：{granted}。"), starts=(Clocks.DELIVERY,),
            guards=("grant_put_forward", "not_own", "decidable"),
        ),
        Move(
            "refuse", mark("不予确认"), _from(_S.DECIDING), _S.REFUSED, DECIDERS,
            mark("这次没有批下来。为什么：{words}{remedies}"), needs=("words",),
            guards=("refusal_put_forward", "not_own", "decidable"),
        ),
        Move(
            "grant_urgent", mark("急难，先救助"), _from(_S.REGISTERED, _S.ACCEPTED), _S.GRANTED,
            frozenset({Role.HEAD}), mark("您的事急，先帮上：{granted}。手续随后补。"),
            needs=("scheme", "grant", "skipped"), starts=(Clocks.DELIVERY, Clocks.PAPERWORK),
            only=("here", "urgent"), guards=("urgent", "within_limit"),
        ),
        Move(
            "explain", mark("补充说明，再核对"), _from(_S.GRANTED), _S.INVESTIGATING, CASE_ROLES,
            mark("先帮上了，现在把情况补全。"), only=("here", "urgent"),
            guards=("helped_first",),
        ),
        Move(
            "assist", mark("开始发放"), _from(_S.GRANTED), _S.ASSISTED, CASE_ROLES,
            mark("从{from_on}起按月发放，{granted}。"), needs=("from_on",),
            only=("here", "regular"),
        ),
        Move(
            "finish", mark("已发放，办结"), _from(_S.GRANTED), _S.ENDED, CASE_ROLES,
            mark("{granted}，发给您了，这件事办完了。"), only=("here", "-regular"),
        ),
        Move(
            "adjust", mark("调整待遇"), _from(_S.ASSISTED, _S.TAPERING), _S.ASSISTED, DECIDERS,
            mark("待遇有调整：{granted}。为什么：{words}{remedies}"),
            needs=("grant", "words", "from_on"), only=("here", "regular"), second=True,
            guards=("heard_if_less", "not_own", "decidable"),
        ),
        Move(
            "taper", mark("进入渐退期"), _from(_S.ASSISTED), _S.TAPERING, DECIDERS,
            mark("家里好起来了，再帮一段时间就停。为什么：{words}{remedies}"),
            needs=("words",), starts=(Clocks.TAPER,), only=("here", "regular"), second=True,
            guards=("heard", "not_own"),
        ),
        Move(
            "stop", mark("停止救助"), _from(_S.ASSISTED, _S.TAPERING), _S.ENDED, DECIDERS,
            mark("救助停了。为什么：{words}{remedies}"), needs=("words",), only=("here", "regular"),
            second=True, guards=("heard", "not_own", "stop_posted"),
        ),
        Move(
            "settle_death", mark("人已去世，结算"), _from(_S.GRANTED, _S.ASSISTED, _S.TAPERING),
            _S.ENDED, CASE_ROLES, mark("人走了，请节哀。剩下的手续镇上来办。"),
            needs=("died_on",),
        ),
        Move(
            "refer", mark("转给别的部门"), _from(_S.REGISTERED, _S.ACCEPTED, _S.INVESTIGATING),
            _S.REFERRED, CASE_ROLES, mark("这件事转给{departments}办，镇上会盯着。"),
            needs=("departments", "words"), starts=(Clocks.REFERRAL,),
        ),
        Move(
            "answer", mark("答复"), _from(_S.SUBMITTED, _S.REGISTERED, _S.REFERRED), _S.ANSWERED,
            CASE_ROLES, mark("镇上给您答复了：{words}"), needs=("words",),
        ),
        Move(
            "decline", mark("不予受理"), _from(_S.SUBMITTED, _S.REGISTERED, _S.RETURNED),
            _S.DECLINED, frozenset({Role.HEAD}),
            mark("这次没有受理。为什么：{words}{remedies}"), needs=("words",), second=True,
            guards=("not_yet_accepted", "not_own"),
        ),
        Move(
            "reopen", mark("重新调查"), _from(_S.REFUSED), _S.INVESTIGATING, DECIDERS,
            mark("您的事重新查，查完再给您结果。"), needs=("ground", "reason"), only=("here",),
            starts=(Clocks.DECISION,),
        ),
        Move(
            "withdraw", mark("按本人意愿撤回"), OPEN, _S.WITHDRAWN, CASE_ROLES,
            mark("按您的意思，这件事撤回了。"), needs=("reason",),
        ),
        # Time's own move, when the papers never came: nobody at the desk is offered it.
        Move(
            "lapse", mark("没等到材料，先收起来"), _from(_S.RETURNED), _S.WITHDRAWN, frozenset(),
            mark("这件事先收起来了。{reason}您随时可以再来，接着帮您办。"), needs=("reason",),
        ),
        Move(
            "merge", mark("并案"), OPEN, _S.MERGED, CASE_ROLES,
            mark("和您家前面那一件合在一起办，您说过的、交过的都在，不用再说一遍。"),
            needs=("into",),
        ),
    )
}

EVENT_TOLD: dict[str, str] = NOTE_TOLD | {name: move.told for name, move in MOVES.items()}
