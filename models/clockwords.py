"""What each clock is for, and what colleagues read where one ran near or out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.moves import Clocks
from models.settings import Translate, mark
from models.statuses import EventKind, Role

CLOCK_NAMES = {
    Clocks.REGISTRATION: mark("登记、定谁来办"),
    Clocks.URGENT_REGISTRATION: mark("急难：登记、定谁来办"),
    Clocks.ACCEPTANCE: mark("看能不能受理"),
    Clocks.DECISION: mark("从受理到给结果"),
    Clocks.SURVEY: mark("开始上门调查"),
    Clocks.NOTICE: mark("公示"),
    Clocks.APPROVAL: mark("审批"),
    Clocks.SUPPLEMENT: mark("等本人补材料"),
    Clocks.REFERRAL: mark("等转办的单位回音"),
    Clocks.PAPERWORK: mark("先救助的，补手续"),
    Clocks.DELIVERY: mark("安排发放"),
    Clocks.TAPER: mark("渐退期"),
    Clocks.INFORM: mark("告诉这家人有人替他们说过"),
    Clocks.ALARM: mark("公安等部门接手"),
}
ASKED: dict[str, str] = {
    "near": mark("“{clock}”快到期了，提醒了经办人。"),
    "taper": mark("渐退期满了，提醒了经办人。"),
    "call": mark("本人没有微信，请经办人打电话问问材料。"),
    "begun": mark("材料补了一半，提醒经办人看看缺的。"),
    "posting": mark("公示的天数到了，提醒经办人把张贴记下来。"),
}
# The officer is on leave.
STANDS_IN: dict[str, str] = {
    "near": mark("“{clock}”快到期了，经办人请假，告诉了乡镇负责人。"),
    "taper": mark("渐退期满了，经办人请假，告诉了乡镇负责人。"),
    "call": mark("本人没有微信，经办人请假，请乡镇负责人安排人打电话问问材料。"),
    "begun": mark("材料补了一半，经办人请假，请乡镇负责人安排人看看缺的。"),
    "posting": mark("公示的天数到了，经办人请假，请乡镇负责人安排人把张贴记下来。"),
}
LATE: dict[str, str] = {
    "officer": mark("“{clock}”过期了，提醒了经办人。"),
    "head": mark("“{clock}”过期了，告诉了乡镇负责人。"),
    "county": mark("“{clock}”过期了，告诉了县里。"),
}
ERRANDS: dict[tuple[str, str], str] = {
    ("unseen", "officer"): mark("请协理员帮的一样，还没人打开看，提醒了请他的人。"),
    ("unseen", "head"): mark("请协理员帮的一样，一直没人打开看，告诉了乡镇负责人。"),
    ("late", "officer"): mark("请协理员帮的一样过了日子，提醒了请他的人。"),
    ("late", "head"): mark("请协理员帮的一样过了日子，告诉了乡镇负责人。"),
}
CALENDAR = mark("放假安排定了，“{clock}”从{before}改到{after}。")


def staff_told(t: Translate, kind: str, details: Mapping[str, Any]) -> str:
    """What colleagues read of what time alone brought; of all others nothing."""
    if kind == EventKind.ESCALATED and "clock" in details:
        asked = STANDS_IN if details["to"] == Role.HEAD else ASKED
        line = asked.get(details["ask"]) or LATE[details["to"]]
        return t(line, clock=_name(t, details["clock"]))
    if kind == EventKind.ERRAND_LATE:
        said = ERRANDS[details["ask"], details["to"]]
        return t(said)
    if kind == EventKind.RECALENDARED:
        return "\n".join(
            t(
                CALENDAR, clock=_name(t, moved["clock"]), before=_day(t, moved["before"]),
                after=_day(t, moved["after"]),
            )
            for moved in details.get("moved", ())
        )
    return ""


def _name(t: Translate, clock: str) -> str:
    return t(CLOCK_NAMES[Clocks(clock)])


def _day(t: Translate, text: str) -> str:
    return t.day(date.fromisoformat(text))
