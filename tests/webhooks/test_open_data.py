"""Open data of the lists: the pages' own numbers, few suppressed, fresh, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from models import noticesigning
from models.areas import Area
from notices import opendata
from tests.looking import looks_well
from tests.notices.lists import (
    DAWAN,
    DAWAN_VILLAGE,
    PEOPLE,
    QIAOTOU,
    XIAOWAN,
    csv_of,
    published,
    staff,
    version,
)
from tests.service import Service
from tests.webhooks.test_public_notices import get, text

COUNTY = "450799000000"


def figures(service: Service, area: str = DAWAN) -> list[dict[str, object]]:
    answer = get(service, f"/notices/figures.json?area={area}")
    assert answer.headers["Content-Type"].startswith("application/json")
    found: list[dict[str, object]] = answer.json()["figures"]
    return found


def test_a_line_for_each_village_and_the_few_are_not_said(service: Service) -> None:
    made = version(service.ctx, published(service.ctx, csv_of(), DAWAN))
    lines = figures(service)
    said = {line["area"]: (line["households"], line["people"], line["yuan"]) for line in lines}
    # 桥头村 has one household; the next smallest goes with it, or the sum would tell.
    nothing = (None, None, None)
    assert said == {DAWAN_VILLAGE: (4, 10, "4100.00"), XIAOWAN: nothing, QIAOTOU: nothing}
    assert {(one["month"], one["scheme"], one["kind"], one["hash"]) for one in lines} == {
        ("2026-11", "最低生活保障", "长期公示", made.short)
    }
    assert figures(service, COUNTY) == lines
    assert [one["area"] for one in figures(service, XIAOWAN)] == [XIAOWAN]
    assert get(service, "/notices/figures.json?area=000000000000").status_code == 404


def test_the_csv_opens_in_a_spreadsheet_and_reckons_nothing(service: Service) -> None:
    with service.ctx.db.begin() as session:
        session.get_one(Area, DAWAN_VILLAGE).name = "=1+1村"
    service.ctx.directory.forget()
    published(service.ctx, csv_of([("", *one[1:]) for one in PEOPLE[:4]]))
    answer = get(service, f"/notices/figures.csv?area={DAWAN}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    heads, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heads[0] == "公示月份"
    assert line[2] == "'=1+1村"
    assert line[6:9] == ["4", "10", "4100.00"]
    for wrong in opendata.RECKONED:
        kept = dict.fromkeys((name for name, _ in opendata.HEADS), f"{wrong}x")
        said = opendata.as_csv(service.ctx.speak(""), [kept]).split("\r\n")[1]
        assert all(cell.startswith("'") for cell in next(csv.reader([said])))


def test_it_is_the_same_until_something_changes_and_a_takedown_holds_at_once(
    service: Service,
) -> None:
    number = published(service.ctx)
    path = f"/notices/figures.csv?area={DAWAN}"
    first = get(service, path)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert get(service, path, **tag).status_code == 304
    assert "public" in first.headers["Cache-Control"]
    with service.ctx.db.begin() as session:
        noticesigning.take_down(service.ctx, session, staff(service.ctx, 2), number, "写错了")
    assert get(service, path, **tag).status_code == 200
    assert figures(service) == []


def test_the_last_version_of_a_month_counts(service: Service) -> None:
    made = version(service.ctx, published(service.ctx))
    published(
        service.ctx, csv_of(PEOPLE[:3]), notice_id=made.notice_id, reason="更正一户"
    )
    assert [(one["version"], one["households"]) for one in figures(service)] == [(2, 3)]


def test_sums_leave_out_what_is_not_said(service: Service) -> None:
    made = version(service.ctx, published(service.ctx, csv_of(), DAWAN))
    cells = opendata.cells([made], DAWAN)
    total = opendata.summed(cells, [DAWAN, QIAOTOU, "450799102000"])
    assert total[DAWAN] is not None
    assert total[DAWAN].households == 4
    assert total == {DAWAN: total[DAWAN], QIAOTOU: None}
    assert opendata.summed([replace(cells[0], figures=None)], [DAWAN]) == {DAWAN: None}


@pytest.mark.browser
def test_the_page_is_readable_and_leads_to_the_data(service: Service, chromium: Browser) -> None:
    published(service.ctx, csv_of(), DAWAN)
    assert f"/notices/figures?area={DAWAN}" in text(service, f"/notices/?area={DAWAN}")
    page = chromium.new_context(locale="zh-CN").new_page()
    for area in (COUNTY, DAWAN, DAWAN_VILLAGE, "450799102000"):
        page.goto(f"{service.address}/notices/figures?area={area}")
        looks_well(page, "main .cell-link")
    assert page.get_by_text("这里现在没有长期公示").is_visible()
    page.goto(f"{service.address}/notices/figures?area={DAWAN}")
    assert page.get_by_role("img", name="最低生活保障").is_visible()
    assert page.locator("svg text", has_text="4 户").count() == 1
    assert page.locator("svg text", has_text="太少，不写").count() == 2
