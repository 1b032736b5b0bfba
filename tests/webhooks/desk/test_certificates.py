"""A list that hung its period has a sheet that says so; and who went quiet is pointed out."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from models import noticequiet, noticesigning
from tests.notices.lists import DAWAN_VILLAGE, published, staff, version
from tests.service import COUNTY_STAFF, FOREIGN_OFFICER, OFFICER, Service


def shown(service: Service, path: str, who: int = OFFICER) -> tuple[int, str, bytes]:
    answer = service.browser(service.staff(who)).get(service.address + path, timeout=30)
    return answer.status_code, answer.text, answer.content


def test_it_says_from_when_to_when_and_names_nobody(service: Service) -> None:
    number = published(service.ctx, kind="proposed")
    at = f"/desk/notices/{number}/certificate"
    # Not before its period is over.
    assert shown(service, at)[0] == 404
    service.clock.advance(timedelta(days=9))
    noticesigning.turn(service.ctx)
    made = version(service.ctx, number)
    status, page, _ = shown(service, at)
    assert status == 200
    hashed = (made.hash or b"").hex(" ", 4)
    for words in ("2026年11月24日至2026年12月1日", "一共 7 天", "第 1 版", hashed, "公示7天"):
        assert words in page, words
    assert "王秀英" not in page
    assert at in shown(service, f"/desk/notices/{number}")[1]
    status, _, content = shown(service, f"{at}.pdf")
    assert status == 200
    said = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "公示期满证明" in said
    assert hashed.replace(" ", "") in "".join(said.split())
    assert shown(service, at, FOREIGN_OFFICER)[0] == 404
    assert shown(service, f"{at}.pdf", FOREIGN_OFFICER)[0] == 404


@pytest.mark.parametrize("how", ["taken down", "standing"])
def test_what_did_not_hang_its_period_has_none(service: Service, how: str) -> None:
    number = published(service.ctx, kind="standing" if how == "standing" else "proposed")
    if how == "taken down":
        with service.ctx.db.begin() as session:
            noticesigning.take_down(service.ctx, session, staff(service.ctx, 2), number, "写错了")
    service.clock.advance(timedelta(days=9))
    noticesigning.turn(service.ctx)
    assert shown(service, f"/desk/notices/{number}/certificate")[0] == 404


def test_the_county_sees_who_went_quiet(service_on_either: Service) -> None:
    service = service_on_either
    published(service.ctx)

    def quiet() -> list[str]:
        with service.ctx.db.read() as session:
            found = noticequiet.quiet(service.ctx, session, staff(service.ctx, COUNTY_STAFF))
        return [one.place.code for one in found]

    # The other townships never published; the village's own account is as new as its township.
    others = ["450799001000", "450799102000", "450799201000"]
    assert quiet() == others
    service.clock.advance(timedelta(days=14))
    assert quiet() == others
    service.clock.advance(timedelta(days=1))
    assert quiet() == [*others, "450799101000", DAWAN_VILLAGE]
    page = shown(service, "/desk/notices", COUNTY_STAFF)[1]
    assert "14 天没有新公示的地方" in page
    assert "上一次是11月24日" in page
    assert "没有新公示的地方" not in shown(service, "/desk/notices")[1]
