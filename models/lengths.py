"""The legal lengths that every county starts from, each with its clause. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

# Every class of the settings refuses unknown keys.
STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class Length:
    """A legal length: so many days of a kind, the clause it rests on, and since when."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    days: int
    basis: str
    from_: date
    unit: Literal["working_days", "days"] = "working_days"


ENACTED = date(2026, 7, 1)


@dataclass(frozen=True)
class Deadlines:
    """Defaults of the working-day clocks; a county or township overrides them by area."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    registration: Length
    urgent_registration: Length
    acceptance: Length
    decision: Length
    decision_tekun: Length = Length(
        30, "民发〔2021〕43号：乡镇15个、县里15个工作日；依社会救助法待确认", ENACTED
    )
    decision_temporary: Length = Length(
        20, "县定：支出型临时救助，楚雄10个加10个工作日为例，待县里确认", ENACTED
    )
    decision_child: Length = Length(
        30, "民发〔2019〕62号：15个加15个工作日；待县里确认", ENACTED
    )
    decision_extended: Length = Length(
        45,
        "2022年10月扩围通知四（一）：有异议、人户分离、异地、调查难的，最长45个工作日；"
        "依社会救助法待确认",
        ENACTED,
    )
    survey: Length = Length(3, "民发〔2021〕57号第十五条：受理后3个工作日内启动调查", ENACTED)
    notice: Length = Length(7, "民发〔2021〕57号第十九条：公示7天", ENACTED, "days")
    stopping: Length = Length(
        7, "民发〔2021〕43号第二十六条：拟终止的公示7天；依社会救助法待确认", ENACTED, "days"
    )
    approval: Length = Length(10, "民发〔2021〕57号：10个工作日内审核确认", ENACTED)
    supplement: Length = Length(30, "县定：补正材料的期限，待县里确认", ENACTED, "days")
    referral: Length = Length(
        10, "县定：转办（介）“明确工作标准和工作时限”（长春），待县里确认", ENACTED
    )
    paperwork: Length = Length(
        5, "县定：社会救助法第五十条，急难救助事后补充说明；楚雄5个工作日为例，待县里确认", ENACTED
    )
    delivery: Length = Length(10, "县定：确认后安排发放，待县里确认", ENACTED)
    taper: Length = Length(
        180, "2022年10月扩围通知一（三）：渐退期原则上不超过6个月；待县里确认", ENACTED, "days"
    )
    inform: Length = Length(
        3, "县定：个人信息保护法第十七条，别人替他说的要告诉本人；几天内告诉，待县里确认", ENACTED
    )
    alarm: Length = Length(
        1, "县定：未成年人保护法第十一条，立即报告；多久没人接往上催，待县里确认", ENACTED
    )
    concern: Length = Length(
        15, "社会救助法第六十八条：及时核实处理；浙江省社会救助条例第五十八条15日为例，待县里确认",
        ENACTED, "days",
    )
