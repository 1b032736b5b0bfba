"""Every status of a case, its groups, its words, and what else can stand on a timeline.

Pure. The statuses are design.md §4; how a case goes from one to the next is `models/moves.py`.
"""

from __future__ import annotations

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
# A liaison comes in by the same door, to the referrals of one department and nothing else.
SIGN_IN_ROLES = DESK_ROLES | {Role.DEPARTMENT}
CASE_ROLES = frozenset({Role.OFFICER, Role.HEAD})
DECIDERS = frozenset({Role.HEAD, Role.COUNTY})


class Status(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    REGISTERED = "registered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    APPRAISING = "appraising"
    PROPOSED = "proposed"
    DECIDING = "deciding"
    REFERRED = "referred"
    GRANTED = "granted"
    ASSISTED = "assisted"
    TAPERING = "tapering"
    DECLINED = "declined"
    REFUSED = "refused"
    ANSWERED = "answered"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


# An application that is not decided; help that is given; and what is over.
OPEN = frozenset({
    Status.SUBMITTED, Status.REGISTERED, Status.RETURNED, Status.ACCEPTED, Status.INVESTIGATING,
    Status.APPRAISING, Status.PROPOSED, Status.DECIDING, Status.REFERRED,
})
HELPED = frozenset({Status.GRANTED, Status.ASSISTED, Status.TAPERING})
CLOSED = frozenset(Status) - OPEN - HELPED
# What the desk has to do next: what was granted must still be given.
TO_DO = OPEN | {Status.GRANTED}

STATUS_NAMES = {
    Status.SUBMITTED: mark("已提交"),
    Status.REGISTERED: mark("已登记"),
    Status.RETURNED: mark("待补材料"),
    Status.ACCEPTED: mark("已受理"),
    Status.INVESTIGATING: mark("调查核对中"),
    Status.APPRAISING: mark("民主评议"),
    Status.PROPOSED: mark("公示中"),
    Status.DECIDING: mark("待审批"),
    Status.REFERRED: mark("已转办"),
    Status.GRANTED: mark("已确认"),
    Status.ASSISTED: mark("救助中"),
    Status.TAPERING: mark("渐退期"),
    Status.DECLINED: mark("不予受理"),
    Status.REFUSED: mark("不予确认"),
    Status.ANSWERED: mark("已答复"),
    Status.ENDED: mark("办结"),
    Status.WITHDRAWN: mark("已撤回"),
    Status.MERGED: mark("已并案"),
}

# The same as the household reads it: where an office's word is hard, what it means.
STATUS_SAID = STATUS_NAMES | {
    Status.DECLINED: mark("这次没有受理"),
    Status.REFUSED: mark("这次没有批下来"),
}

# What comes next, as the resident reads it; {due} is filled where a clock runs.
STATUS_NEXT = {
    Status.SUBMITTED: mark("镇上会登记，定下谁来办。"),
    Status.REGISTERED: mark("经办人会看您说的情况，定下能不能受理，或者告诉您还缺什么。"),
    Status.RETURNED: mark("等您把缺的补上，补齐了接着办。"),
    Status.ACCEPTED: mark("镇上会上门看看、核对情况，然后给您结果。"),
    Status.INVESTIGATING: mark("镇上会有两个人上门看看，也会核对家里的情况。"),
    Status.APPRAISING: mark("村里会开会评议，评完告诉您。"),
    Status.PROPOSED: mark("在村里公示，公示完了就报审批。"),
    Status.DECIDING: mark("等着审批，定了就告诉您。"),
    Status.REFERRED: mark("等那边的单位给您回音，镇上也会盯着。"),
    Status.GRANTED: mark("镇上会安排发放，发了会告诉您。"),
    Status.ASSISTED: mark("家里情况有变化，随时告诉镇上。到时候会再上门看看。"),
    Status.TAPERING: mark("还会再帮一段时间。家里又难了，随时说。"),
    Status.DECLINED: mark("不明白的，随时问镇上。情况有变化，可以再申请。"),
    Status.REFUSED: mark("不明白的，随时问镇上。情况有变化，可以再申请。"),
    Status.ANSWERED: mark("这件事已经答复您了。还有不明白的，随时再说。"),
    Status.ENDED: mark("这件事办完了。以后有难处，随时再来。"),
    Status.WITHDRAWN: mark("这件事收起来了。以后有难处，随时再来。"),
    Status.MERGED: mark("和您家前面那一件合在一起办，说过的、交过的都在。"),
}


class EventKind(StrEnum):
    """What can stand on a timeline besides the moves."""

    SUBMIT = "submit"
    WITHDRAW_ASKED = "withdraw_asked"
    SUPPLIED = "supplied"
    TOLD_MORE = "told_more"
    PAPER_CLEAR = "paper_clear"
    PAPER_UNCLEAR = "paper_unclear"
    PUT_FORWARD = "put_forward"
    SENT_BACK = "sent_back"
    EXTENDED = "extended"
    HEARING_ASKED = "hearing_asked"
    HEARD = "heard"
    PAPERWORK = "paperwork"
    RECALENDARED = "recalendared"
    ESCALATED = "escalated"
    TASK_DONE = "task_done"
    REFERRAL_TAKEN = "referral_taken"
    REFERRAL_BACK = "referral_back"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRED_ALSO = "referred_also"
    REFERRAL_RECALLED = "referral_recalled"
    KIN_FOUND = "kin_found"
    KIN_SETTLED = "kin_settled"
    HANDED_OVER = "handed_over"
    MERGED_IN = "merged_in"
    REPORT_JOINED = "report_joined"
    UNMERGED = "unmerged"
    PARTED = "parted"
    ITEM_RECEIVED = "item_received"
    ITEM_WAIVED = "item_waived"
    ALL_SUPPLIED = "all_supplied"
    REMINDED = "reminded"
    CHANGE_TOLD = "change_told"
    RECHECKED = "rechecked"
    SPOT_CHECKED = "spot_checked"
    VISITED = "visited"
    VISIT_HARDER = "visit_harder"
    HOUSEHOLD_TOLD = "household_told"
    HOUSEHOLD_DECLINED = "household_declined"
    HOUSEHOLD_CLEARED = "household_cleared"
    CONTENT_ERASED = "content_erased"
    HARM_TOLD = "harm_told"
    HARM_TAKEN = "harm_taken"
    ERRAND_DONE = "errand_done"
    ERRAND_BACK = "errand_back"
    ERRAND_CANNOT = "errand_cannot"
    ERRAND_LATE = "errand_late"
    KNOCKED = "knocked"
    TOLD_BY_PHONE = "told_by_phone"
    TOLD_AT_DOOR = "told_at_door"


# What time alone brings: after it, what a person did last still waits for the desk.
BY_ITSELF = frozenset({
    EventKind.ESCALATED, EventKind.RECALENDARED, EventKind.REMINDED, EventKind.ERRAND_LATE,
})
# What the resident reads of them; what has no sentence here stays among staff.
NOTE_TOLD: dict[str, str] = {
    EventKind.SUBMIT: mark("您把情况交上来了，编号 {receipt}。"),
    EventKind.WITHDRAW_ASKED: mark("您说想撤回，镇上会办。"),
    EventKind.SUPPLIED: mark("您补交了材料，镇上会看。"),
    EventKind.TOLD_MORE: mark("您又补充了情况，镇上的人会看到。"),
    EventKind.PAPER_CLEAR: mark("您交的材料镇上看过了，清楚。"),
    EventKind.PAPER_UNCLEAR: mark("有一张材料看不清，请您再拍一次。{words}"),
    EventKind.EXTENDED: mark("这件事要多花些时间：{words}"),
    EventKind.HEARING_ASKED: mark(
        "镇上在考虑{considered}，还没有定。为什么：{words}\n"
        "定之前想听您怎么说：{until_on}前，发“我有话说”，用自己的话讲就行。"
    ),
    EventKind.HEARD: mark("您的话记下来了，定之前会看。"),
    EventKind.RECALENDARED: mark("放假安排定了，日子跟着改了。"),
    EventKind.REFERRAL_TAKEN: mark("{unit}接下了您的事。"),
    EventKind.REFERRAL_BACK: mark("{unit}说这件事不归他们，镇上会再安排。"),
    EventKind.REFERRAL_ANSWERED: mark("{unit}回了话：{words}"),
    EventKind.REFERRED_ALSO: mark("这件事也请{departments}帮着办，镇上这边照常办。"),
    EventKind.REFERRAL_RECALLED: mark("{unit}那边不再等了，镇上会另外安排。"),
    EventKind.HANDED_OVER: mark("这件事换成{unit}的{officer}接着办。"),
    EventKind.MERGED_IN: mark("您家的情况合在这一件里一起办，说过的、交过的都在，不用再说一遍。"),
    # Who spoke is never said (个人信息保护法第十七条 asks that it is told that somebody did).
    EventKind.REPORT_JOINED: mark(
        "有人也替您家说了情况，和您说的放在一起看。想知道写了什么，或者不想要，给镇上打电话。"
    ),
    EventKind.UNMERGED: mark("这件事又分开单独办了。"),
    EventKind.PARTED: mark("并进来的那件又分开单独办了，这件照常办。"),
    EventKind.ITEM_RECEIVED: mark("收到了：{words}"),
    EventKind.ITEM_WAIVED: mark("这一样不用交了：{words}"),
    EventKind.ALL_SUPPLIED: mark("要补的都齐了，镇上会接着看。"),
    EventKind.REMINDED: mark("还差这几样，{until}前补来就接着办：{missing}"),
    EventKind.CHANGE_TOLD: mark("您说了家里的变化，镇上会看。"),
}
