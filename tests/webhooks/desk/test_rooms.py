"""A case with every room of its page filled: few statements, all along indexes, no dead link."""

from __future__ import annotations

import re
from datetime import timedelta

from models.base import Base
from models.cases import Case
from models.spotchecks import SpotCheck
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.test_many import GROWING, STATEMENTS, Desk, always, scanned
from tests.webhooks.desk.ways import EACH_MONTH, hear, take, visit
from tests.webhooks.desk.world import DAWAN_VILLAGE, World

# What grows with the cases: whatever belongs to one.
OF_CASES = GROWING | {table.name for table in Base.metadata.tables.values() if "case_id" in table.c}
ROOMS = ("kin", "tasks", "items", "after", "referrals", "id-number")


def lived_through(world: World) -> Case:
    """A case that has been everywhere."""
    case, place = world.case(), with_departments(world)
    world.register(case)
    world.move(case, "li", "return", missing=("户口本", "医院收费单"))
    world.paper(case)
    world.move(case, "li", "accept", scheme="dibao")
    world.move(case, "li", "investigate")
    visit(world, case)
    world.move(case, "li", "propose", grant=EACH_MONTH)
    world.clock.at += timedelta(days=10)
    for who, move, given in (
        ("li", "conclude", {}), ("chen", "grant", {}), ("li", "assist", {"from_on": "tomorrow"}),
    ):
        take(world, case, who, move, given)
    hear(world, case, "li")
    also(world, case, place.number["教育局"])
    for name in ("李大勇", "吴小兰"):
        world.move(world.case(name=name), "zhao", "merge", into=case.receipt)
    county = world.browser("county")
    drawn = county.post("/desk/spotchecks", scheme="dibao", share="100").headers["Location"]
    assert county.post(f"{drawn}/{case.receipt}", finding="right", words="").status_code == 303
    chen = world.browser("chen")
    chen.text("/desk/kin/cadre")
    cadre = {"cadre": "马支书", "village": DAWAN_VILLAGE, "name": "王秀英", "relation": "spouse"}
    assert chen.post("/desk/kin/cadre", **cadre).status_code == 303
    with world.ctx.db.read() as db:
        assert db.query(SpotCheck).count() == 1
    return case


def also(world: World, case: Case, department: int) -> None:
    """Another department is asked, and the case stays."""
    li = world.browser("li")
    li.text(f"/desk/cases/{case.receipt}/referred_also")
    answer = li.post(
        f"/desk/cases/{case.receipt}/referred_also", version=str(world.now(case).version),
        departments=str(department), words="请看看学费能不能减",
    )
    assert answer.status_code == 303


def test_a_full_page_takes_few_statements_along_indexes(world: World) -> None:
    case = lived_through(world)
    desk = Desk(world, {"li": world.browser("li")}, case.receipt)
    page = desk.browsers["li"].text(f"/desk/cases/{case.receipt}")
    assert [room for room in ROOMS if f'id="{room}"' not in page] == []
    assert "并进来的 2 件" in page
    assert "马支书" in page
    said = always(desk, lambda: desk.browsers["li"].text(f"/desk/cases/{case.receipt}"))
    assert len(said) <= STATEMENTS, "\n".join(words.split("FROM")[-1][:90] for words, _ in said)
    for statement, values in said:
        found = scanned(desk, statement, values, OF_CASES)
        assert found == set(), statement


def test_every_link_within_the_page_leads_somewhere(world: World) -> None:
    case = lived_through(world)
    for who in ("li", "chen", "county"):
        page = world.browser(who).text(f"/desk/cases/{case.receipt}")
        within = set(re.findall(r'href="#([^"]+)"', page)) - {"main"}
        assert within, who
        assert [name for name in within if f'id="{name}"' not in page] == [], who
