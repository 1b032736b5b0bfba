"""今天的事 in a real Chromium without a network, with and without service workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Playwright, expect
from sqlalchemy import func, select

from models.arriving import SentPhoto
from models.cases import Attachment, CaseEvent
from tests.looking import PC, PHONE, is_usable, resize, unfold
from tests.service import Service
from tests.webhooks.assistant.field import GPS, Field, opened, photo, sha
from tests.webhooks.assistant.phone import KEPT, Phone
from tests.webhooks.assistant.village.errandhouse import ask, errand, investigated

pytestmark = pytest.mark.browser
NAMES = ("覃水根", "农阿公")
both = pytest.mark.parametrize("workers", [True, False], ids=["worker", "no worker"])


def fill(phone: Phone, key: str, seen: str, shot: Path) -> None:
    """Open a screen and write what was seen; the photo is shown before one goes on."""
    page, form = phone.page, phone.page.locator(f"#do-{key}")
    form.locator("summary").first.click()
    form.locator("[name=words-on]").fill("2026-11-24")
    form.locator("[name=words-who]").fill("本人")
    form.locator("[name=words-seen]").fill(seen)
    form.locator("[data-photos]").set_input_files(shot)
    expect(form.locator("[data-thumbs] li")).to_have_count(1)
    expect(form.locator("[data-saved]")).to_contain_text("存在这部手机里")
    assert page.locator(f"#do-{key} form[data-errand]").is_visible()


def line(phone: Phone, key: str) -> Locator:
    return phone.page.locator(f'[data-outbox] [data-report="{key}"]')


@pytest.fixture
def shots(tmp_path: Path) -> list[Path]:
    made = []
    for number in range(len(NAMES)):
        file = tmp_path / f"IMG_{number}.jpg"
        # More than one piece, and the place where it was taken.
        file.write_bytes(photo(f"#{number * 64:02x}5533", 80) + bytes([number]) * 200_000)
        made.append(file)
    return made


@both
def test_two_done_without_a_network_arrive_once_each(
    playwright: Playwright, service: Service, tmp_path: Path, shots: list[Path], workers: bool
) -> None:
    """Written offline, the browser closed and opened, every second request failing."""
    field = Field(service)
    keys = [ask(service, field, investigated(service, name), "survey") for name in NAMES]
    phone = Phone(playwright, service, tmp_path / "disk", workers)
    page = phone.open()
    phone.context.route("**/m/errands/**", phone._passed)
    page.goto(f"/sandbox/people/{field.phone.openid}/login?next=/m/village")
    phone.ready()
    for size in (PC, PHONE):
        resize(page, size)
        unfold(page)
        is_usable(page)
    page.reload()
    phone.ready()
    if workers:
        page.evaluate(KEPT)
    phone.network(cut=True)
    for key, name, shot in zip(keys, NAMES, shots, strict=True):
        fill(phone, key, f"{name}家的瓦房漏雨", shot)
        if key == keys[0]:
            page.locator(f"#do-{key}").get_by_role("button", name="做好了").click()
            expect(line(phone, key)).to_contain_text("等着送")
            expect(page.locator(f"#do-{key}")).to_be_hidden()
    phone.kill()
    if workers:
        no_name_on_the_disk_in_clear(tmp_path / "disk")

    # Where the page itself is not on the phone, it is opened again when the network is back.
    phone.cut, phone.fails = workers, True
    page = phone.open()
    phone.context.route("**/m/errands/**", phone._passed)
    page.goto("/m/village")
    phone.ready()
    # The one that was not handed in is where it was left.
    if workers:
        expect(page.locator("#today")).to_contain_text(NAMES[1])
        expect(line(phone, keys[0])).to_contain_text("等着送")
    page.locator(f"#do-{keys[1]} summary").first.click()
    seen = page.locator(f"#do-{keys[1]} [name=words-seen]")
    expect(seen).to_have_value(f"{NAMES[1]}家的瓦房漏雨")
    page.locator(f"#do-{keys[1]}").get_by_role("button", name="做好了").click()
    phone.network(cut=False)
    for key in keys:
        expect(line(phone, key)).to_contain_text("送到了", timeout=60_000)
    check(service, keys, shots)
    phone.kill()


@both
def test_who_cannot_go_says_why_without_a_network(
    playwright: Playwright, service: Service, tmp_path: Path, workers: bool
) -> None:
    """The reason alone goes, instead of what was begun; it leaves the list and arrives."""
    field = Field(service)
    key = ask(service, field, investigated(service, NAMES[0]), "survey")
    phone = Phone(playwright, service, tmp_path / "disk", workers)
    page = phone.open()
    phone.context.route("**/m/errands/**", phone._passed)
    page.goto(f"/sandbox/people/{field.phone.openid}/login?next=/m/village")
    phone.ready()
    phone.network(cut=True)
    block = page.locator(f"#do-{key}")
    block.locator("summary").first.click()
    block.locator("[name=words-seen]").fill("写到一半")
    block.get_by_text("去不了", exact=True).click()
    block.get_by_role("button", name="告诉镇上去不了").click()
    expect(block.get_by_text("这一项还没填")).to_be_visible()
    is_usable(page)
    block.locator("[name=words-cannot]").fill("这几天在外地")
    block.get_by_role("button", name="告诉镇上去不了").click()
    expect(line(phone, key)).to_contain_text("等着送")
    expect(block).to_be_hidden()
    phone.network(cut=False)
    expect(line(phone, key)).to_contain_text("送到了", timeout=60_000)
    back = errand(service, key)
    assert (back.state, [one["found"] for one in back.said]) == (
        "back", [{"cannot": "这几天在外地"}]
    )
    phone.kill()


def no_name_on_the_disk_in_clear(disk: Path) -> None:
    """Whoever takes the phone's storage apart finds no name on it."""
    for file in disk.rglob("*"):
        if file.is_file() and any(part in str(file) for part in ("IndexedDB", "CacheStorage")):
            data = file.read_bytes()
            for name in NAMES:
                assert name.encode() not in data, file
                assert name.encode("utf-16-le") not in data, file


def check(service: Service, keys: list[str], shots: list[Path]) -> None:
    """Each errand once, each photo once, byte for byte, and none says where it was taken."""
    with service.ctx.db.read() as db:
        sent = {one.bundle: one for one in db.scalars(select(SentPhoto))}
        papers = {paper.id: paper for paper in db.scalars(select(Attachment))}
        done = select(func.count()).where(CaseEvent.kind == "errand_done")
        assert db.scalar(done) == len(keys)
    assert len(sent) == len(papers) == len(keys)
    for key, shot in zip(keys, shots, strict=True):
        one = errand(service, key)
        assert (one.state, len(one.said), len(one.papers)) == ("done", 1, 1)
        assert (sent[key].state, sent[key].sha256) == ("arrived", sha(shot.read_bytes()))
        assert not opened(service, papers[one.papers[0]]).getexif().get_ifd(GPS)
