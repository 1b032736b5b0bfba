"""A list as a file: who may, why, how many, and that texts stay texts."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from models.exporting import Export
from models.sealed import KeyRing
from models.settings import Limits
from tests.webhooks.desk.ways import ASSISTED, take
from tests.webhooks.desk.world import (
    DAWAN,
    XIAOHE_VILLAGE,
    StandingClock,
    World,
    context,
    settle,
    staffed,
)
from webhooks.app import create_app
from webhooks.desk.sheets import XLSX, sheet


def inside(data: bytes, name: str) -> str:
    return zipfile.ZipFile(BytesIO(data)).read(name).decode()


def test_a_list_leaves_with_its_reason_and_is_written_down(world: World) -> None:
    world.case(name="=1+1", phone="13912345678")
    world.case(name="外乡人", village=XIAOHE_VILLAGE)
    browser = world.browser("chen")
    answer = browser.post("/desk/export", what="queue", reason=" 十一月回访用 ")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    texts = inside(answer.data, "xl/sharedStrings.xml")
    page = inside(answer.data, "xl/worksheets/sheet1.xml")
    assert "<t>=1+1</t>" in texts
    assert "<f>" not in page
    assert "外乡人" not in texts
    assert "13912345678" not in texts
    entry = world.audited("export.queue")[-1]
    assert json.loads(entry.detail)["rows"] == 1
    assert "回访" not in entry.detail
    with world.ctx.db.read() as db:
        kept = db.scalars(select(Export)).one()
    assert (kept.id, kept.reason, kept.rows) == (entry.target_id, "十一月回访用", 1)
    assert kept.staff_id == world.staff["chen"].id


def test_a_search_leaves_with_telephones_where_they_are_needed(world: World) -> None:
    world.case(name="甲", phone="13912345678")
    world.case(name="乙", phone="13912345679")
    answer = world.browser("county").post(
        "/desk/export", what="search", name="甲", place=DAWAN, reason="打电话", phones="1"
    )
    texts = inside(answer.data, "xl/sharedStrings.xml")
    assert "13912345678" in texts
    assert "13912345679" not in texts
    detail = json.loads(world.audited("export.search")[-1].detail)
    assert detail == {
        "criteria": {"place": DAWAN}, "named": ["name"], "phones": True, "rows": 1,
    }


def test_without_a_reason_nothing_leaves(world: World) -> None:
    world.case(name="甲")
    answer = world.browser("chen").post("/desk/export", what="search", place=DAWAN, reason=" ")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "为什么要导出" in page
    assert f'name="place" value="{DAWAN}"' in page
    assert world.audited("export.search") == []


@pytest.mark.parametrize("who", ["li", "zhao"])
def test_officers_take_no_lists(world: World, who: str) -> None:
    browser = world.browser(who)
    world.case()
    assert "导出" not in browser.text("/desk/")
    assert browser.post("/desk/export", what="queue", reason="看看").status_code == 404
    assert browser.get("/desk/figures/report.xlsx").status_code == 404


def test_a_list_without_an_end_is_refused(tmp_path: Path) -> None:
    clock = StandingClock()
    ctx = context(tmp_path, KeyRing.generate(), clock, limits=Limits(export_rows=2))
    settle(ctx)
    world = World(ctx, clock, create_app(ctx))
    staffed(world)
    for place in range(3):
        world.case(name=f"第{place}")
    answer = world.browser("chen").post("/desk/export", what="queue", reason="看看")
    assert answer.status_code == 422
    assert "一次最多导出 2 件" in answer.get_data(as_text=True)
    ctx.db.close()


def test_a_search_for_nothing_or_elsewhere_is_no_list(world: World) -> None:
    browser = world.browser("chen")
    for form in ({}, {"place": XIAOHE_VILLAGE}, {"due_from": "x"}):
        assert browser.post("/desk/export", what="search", reason="看", **form).status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_text_is_a_text_even_when_it_is_edited(text: str) -> None:
    data = sheet("名单", ["姓名"], [[text]])
    assert 'quotePrefix="1"' in inside(data, "xl/styles.xml")
    assert f"<t>{text}</t>" in inside(data, "xl/sharedStrings.xml")


def test_the_payment_roster_of_a_month_has_who_is_paid_on_its_first_day(world: World) -> None:
    case = world.case()
    for who, move, given in ASSISTED:
        take(world, case, who, move, given)
    county = world.browser("county")
    assert "导出发放名册" in county.text("/desk/register")
    assert "导出发放名册" not in world.browser("chen").text("/desk/register")
    assert "为什么要导出" in county.post("/desk/register/payments", reason=" ").text
    assert county.post("/desk/register/payments", reason="x", month="1999-01").status_code == 404
    this = world.ctx.today().replace(day=1)
    following = (this + timedelta(days=32)).replace(day=1)
    for month, there in ((this, False), (following, True)):
        answer = county.post(
            "/desk/register/payments", reason="报财政发放用", month=f"{month:%Y-%m}"
        )
        assert (answer.status_code, answer.mimetype) == (200, XLSX)
        assert (case.receipt in inside(answer.data, "xl/sharedStrings.xml")) == there
        written = json.loads(world.audited("export.payments")[-1].detail)
        assert written["sum"] == ("500.00" if there else "0.00")
