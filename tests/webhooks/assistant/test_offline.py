"""The page in the field, in a real Chromium: no network, a browser that dies, a bad line.

Everything that need not reopen the page without a network is done without service workers too,
as in WeChat on iOS.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models.arriving import SentPhoto
from models.cases import Attachment, Case
from tests.service import Service
from tests.webhooks.assistant.field import GPS, opened, photo, sha
from tests.webhooks.assistant.phone import Make

pytestmark = pytest.mark.browser

NAMES = ("黄阿婆", "李大爷", "陈家嫂子")
EACH = 5
both = pytest.mark.parametrize("workers", [True, False], ids=["worker", "no worker"])


@pytest.fixture
def shots(tmp_path: Path) -> list[Path]:
    """Photos with the place in them, each another one, some of more than one piece."""
    made = []
    for number in range(len(NAMES) * EACH):
        file = tmp_path / f"IMG_{number}.jpg"
        # What stands behind a JPEG's end is kept by nobody, but it is sent.
        more = number.to_bytes(2, "big") * (90_000 if number % EACH == 0 else 50)
        file.write_bytes(photo(f"#{number * 16:02x}5533", 80) + more)
        made.append(file)
    return made


def check(service: Service, shots: list[Path]) -> None:
    """Three reports, fifteen photos, byte for byte, each once, and none says where it was taken."""
    with service.ctx.db.read() as session:
        cases = {case.name: case for case in session.scalars(select(Case))}
        assert session.scalar(select(func.count()).select_from(Case)) == len(NAMES)
        sent = session.scalars(select(SentPhoto)).all()
        papers = session.scalars(select(Attachment)).all()
    assert len(sent) == len(papers) == len(NAMES) * EACH
    assert {one.state for one in sent} == {"arrived"}
    for number, name in enumerate(NAMES):
        bundle = cases[name].bundle
        mine = shots[number * EACH : (number + 1) * EACH]
        arrived = sorted(one.sha256 for one in sent if one.bundle == bundle)
        assert arrived == sorted(sha(file.read_bytes()) for file in mine)
        kept = [opened(service, paper) for paper in papers if paper.bundle == bundle]
        assert len(kept) == EACH
        assert not any(image.getexif().get_ifd(GPS) for image in kept)


@both
def test_three_reports_from_where_there_is_no_network(
    make: Make, service: Service, shots: list[Path], workers: bool
) -> None:
    """Written offline, the browser killed, every second request failing: each arrives once."""
    phone, _who = make(workers=workers)
    if workers:
        phone.kept()
    phone.network(cut=True)
    for number, name in enumerate(NAMES):
        phone.write(name, urgent=number == 1)
        phone.take(*shots[number * EACH : (number + 1) * EACH])
        if number < len(NAMES) - 1:
            phone.hand_in()
            expect(phone.line(name)).to_contain_text("等着送")
    expect(phone.page.locator("[data-net]")).to_contain_text("没有网")
    phone.kill()

    # Where the page itself is not on the phone, it is opened again when the network is back.
    phone.cut, phone.fails = workers, True
    page = phone.open()
    page.goto("/m/discover")
    phone.ready()
    # The one that was not handed in is where it was left.
    expect(page.locator("[name=words-name]")).to_have_value(NAMES[-1])
    expect(page.locator("[data-thumbs] li")).to_have_count(EACH)
    phone.hand_in()
    phone.network(cut=False)
    for name in NAMES:
        expect(phone.line(name)).to_contain_text("送到了", timeout=60_000)
        expect(phone.line(name)).to_contain_text("送到 5 张")
    check(service, shots)
    assert phone.asked > 30
