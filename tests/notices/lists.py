"""Lists of invented people, drafted from a real spreadsheet and signed by another person."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models import noticedrafts, noticesigning
from models.context import Context
from models.people import Staff, view_of
from models.policy import StaffView
from models.publishing import Version
from notices.drafting import Gated, Wanted, drafted, gate
from notices.kinds import Kind
from notices.roster.opening import read_book
from webhooks.demo import county

DAWAN, QINGSHI = "450799101000", "450799102000"
DAWAN_VILLAGE, XIAOWAN, QIAOTOU = "450799101200", "450799101201", "450799101202"
HEADINGS = ("序号", "村（社区）", "户主姓名", "保障人数", "保障金额（元/月）", "备注")
PEOPLE = (
    ("大湾村", "王秀英", 3, 1230, "新增"), ("大湾村", "王建国", 2, 820, "续保"),
    ("大湾村", "李桂花", 1, 410, "续保"), ("大湾村", "覃月娥", 4, 1640, "调整"),
    ("小湾村", "黄志明", 2, 820, "新增"), ("小湾村", "韦金凤", 1, 410, ""),
    ("小湾村", "蒙水根", 5, 2050, "续保"), ("桥头村", "农福来", 1, 410, "新增"),
)


def csv_of(people: Sequence[Sequence[Any]] = PEOPLE) -> bytes:
    """The list as a spreadsheet saves it."""
    text = io.StringIO()
    rows = [(n, *one) for n, one in enumerate(people, start=1)]
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode("utf-8-sig")


def of_village(name: str = "大湾村") -> bytes:
    return csv_of([one for one in PEOPLE if one[0] == name])


def gated(
    ctx: Context, data: bytes, area: str = DAWAN_VILLAGE, kind: str = "standing",
    scheme: str = "dibao",
) -> Gated:
    return gate(ctx, lambda: read_book(data, "x.csv"), Wanted(Kind(kind), area, scheme))


def staff(ctx: Context, number: int) -> StaffView:
    """A member of the demo county's staff."""
    key = ctx.keys.lookup("name", county.STAFF[number].name)
    with ctx.db.read() as session:
        return view_of(session.scalars(select(Staff).where(Staff.name_key == key)).one())


def draft(
    ctx: Context, data: bytes | None = None, area: str = DAWAN_VILLAGE, *,
    kind: str = "standing", notice_id: int | None = None, reason: str = "", by: int = 0,
) -> int:
    """A draft's number."""
    found = gated(ctx, data or of_village(), area, kind)
    assert found.report.ok, found.report.errors
    with ctx.db.begin() as session:
        said = drafted(ctx, found, ctx.speak(""), "", reason)
        return noticedrafts.draft(ctx, session, staff(ctx, by), said, notice_id).id


def sign(ctx: Context, number: int, *, by: int = 2, at: datetime | None = None) -> None:
    with ctx.db.begin() as session:
        noticedrafts.ask(ctx, session, staff(ctx, 0), number, at)
    with ctx.db.begin() as session:
        noticesigning.sign(ctx, session, staff(ctx, by), number)


def published(
    ctx: Context, data: bytes | None = None, area: str = DAWAN_VILLAGE, **more: Any
) -> int:
    """A version that the village sees."""
    number = draft(ctx, data, area, **more)
    sign(ctx, number)
    return number


def version(ctx: Context, number: int) -> Version:
    with ctx.db.read() as session:
        found = session.get_one(Version, number)
        session.expunge_all()
        return found
