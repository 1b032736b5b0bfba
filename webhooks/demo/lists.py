"""Public lists of invented people: a village's for its own, a township's that anyone may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import noticedrafts, noticesigning, rulework
from models.context import Context
from models.people import Staff, view_of
from models.policy import StaffView
from models.rulework import Put
from models.statuses import Role
from notices.drafting import Wanted, drafted, gate
from notices.kinds import Kind
from notices.roster.opening import read_book
from webhooks.demo import county

VILLAGE, TOWNSHIP = "450799101200", "450799102000"
DAWAN = "450799101000"
BASIS = "演示县设定：吴忠经微信公众号公开救助对象信息，范围由县定"
HEADINGS = ("序号", "村（社区）", "户主姓名", "保障人数", "保障金额（元/月）", "起始时间", "备注")
# Of each village so many households; one has too few to say its figures.
HOUSEHOLDS = {"青石村": 9, "石桥村": 7, "龙塘村": 5, "新和村": 2}


def publish(ctx: Context) -> None:
    """Drafted, signed and opened by the very steps that staff take."""
    with ctx.db.begin() as session:
        first, second = _staff(session, Role.COUNTY, county.COUNTY)[:2]
        said = Put(TOWNSHIP, "notices.audience", '"open"', BASIS, ctx.today(), None)
        change = rulework.put(ctx, session, first, said)
        rulework.sign(ctx, session, second, change.id)
    ctx.directory.forget()
    _list(ctx, Wanted(Kind.STANDING, VILLAGE, "dibao"), DAWAN, {"大湾村": 16}, sign=True)
    _list(ctx, Wanted(Kind.STANDING, TOWNSHIP, "dibao"), TOWNSHIP, HOUSEHOLDS, sign=True)
    # One is being shown before help is given, and one waits for its second signature.
    proposed = Wanted(Kind.PROPOSED, VILLAGE, "temporary")
    _list(ctx, proposed, DAWAN, {"大湾村": 4}, sign=True)
    _list(ctx, Wanted(Kind.STANDING, DAWAN, "tekun"), DAWAN, {"小湾村": 4, "桥头村": 3}, sign=False)


def _list(
    ctx: Context, wanted: Wanted, township: str, villages: dict[str, int], *, sign: bool
) -> None:
    data = _spreadsheet(villages, f"{wanted.area}{wanted.kind}")
    found = gate(ctx, lambda: read_book(data, "名单.csv"), wanted)
    with ctx.db.begin() as session:
        officer = _staff(session, Role.OFFICER, township)[0]
        said = drafted(ctx, found, ctx.speak(""), "", "")
        number = noticedrafts.draft(ctx, session, officer, said).id
        noticedrafts.ask(ctx, session, officer, number)
        if sign:
            head = _staff(session, Role.HEAD, township)[0]
            noticesigning.sign(ctx, session, head, number)


def _spreadsheet(villages: dict[str, int], seed: str) -> bytes:
    """As a township keeps it: a list with the village in every row."""
    random = Random(seed)  # noqa: S311  # invented people, not secrets
    names = [family + given for family in county.SURNAMES for given in county.GIVEN]
    random.shuffle(names)
    rows: list[Sequence[Any]] = [HEADINGS]
    for village, count in villages.items():
        for _ in range(count):
            people = random.randrange(1, 6)
            rows.append((
                len(rows), village, names.pop(), people, people * random.choice((365, 410, 455)),
                f"2026年{random.randrange(1, 11)}月", random.choice(("新增", "续保", "续保", "")),
            ))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _staff(session: Session, role: Role, area: str) -> list[StaffView]:
    query = select(Staff).where(Staff.role == role, Staff.area == area).order_by(Staff.id)
    return [view_of(one) for one in session.scalars(query)]
