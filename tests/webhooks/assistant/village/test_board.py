"""张贴: the paper's own QR, opened by the assistant who was asked to put it up."""

from __future__ import annotations

import re

from models import noticequeries
from models.publishing import State, Version
from tests.notices.lists import published, version
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, Field, photo
from tests.webhooks.assistant.village.errandhouse import ask, errand
from tests.webhooks.assistant.village.test_today import posted
from tests.webhooks.pages import Browser

SAID = {"words-place": "村委会公示栏", "words-on": "2026-11-24"}


def scanned(service: Service) -> tuple[int, str]:
    """A list of 大湾村 hangs; its version, and where its paper's QR leads."""
    made = published(service.ctx)
    notice = version(service.ctx, made).notice_id
    key = noticequeries.board_key(service.ctx, notice, DAWAN)
    return made, f"/notices/{notice}?b={key}"


def test_the_papers_qr_leads_to_the_posting_and_no_number_is_typed(
    service: Service, field: Field
) -> None:
    """Which list was scanned is what the officer reads; without a photo nothing is kept."""
    receipt = posted(service, "覃水根")
    key = ask(service, field, receipt, "posting")
    made, address = scanned(service)
    browser = Browser(service, field.phone)
    found = re.search(r'href="(/m/village/board/[^"]+)"', browser.open(address))
    assert found is not None
    page = browser.open(found[1].replace("&amp;", "&"))
    title = version(service.ctx, made).title
    for words in ("覃水根", title, "贴在哪里"):
        assert words in page, words
    assert "张贴号" not in page
    browser.post(f"errands/{key}", **SAID)
    assert (browser.status, errand(service, key).state) == (422, "open")
    browser.post(f"errands/{key}", files=[("公示栏.jpg", photo())], **SAID)
    done = errand(service, key)
    assert (done.state, len(done.papers)) == ("done", 1)
    assert done.said[0]["found"]["list"].startswith(title)
    assert "code" not in done.said[0]["found"]
    page = Browser(service, service.staff(1)).open(f"/desk/cases/{receipt}")
    assert "扫了纸上的二维码" in page
    assert title in page


def test_a_qr_that_is_not_of_this_village_or_hangs_no_more_opens_nothing(
    service: Service, field: Field
) -> None:
    key = ask(service, field, posted(service, "覃水根"), "posting")
    made, address = scanned(service)
    found = re.fullmatch(r"/notices/(\d+)\?b=(.+)", address)
    assert found is not None
    notice, board = found.groups()
    browser = Browser(service, field.phone)
    here = f"/m/village/board/{notice}?village="
    for wrong in (f"{DAWAN}&b=x", f"{QIAOTOU}&b={board}", f"&b={board}"):
        browser.open(here + wrong)
        assert browser.status == 404, wrong
    page = Browser(service, Field(service, QIAOTOU).phone).open(f"{here}{DAWAN}&b={board}")
    assert "眼下没有托给您" in page
    assert "覃水根" not in page
    with service.ctx.db.begin() as db:
        db.get_one(Version, made).state = State.TAKEN_DOWN
    browser.open("/m/village")
    forged = SAID | {"words-board": f"{notice}:{board}"}
    browser.post(f"errands/{key}", files=[("公示栏.jpg", photo())], **forged)
    assert (browser.status, errand(service, key).state) == (422, "open")
