"""去看看 in a real Chromium without a network, with and without service workers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.cases import Attachment, Case, CaseEvent
from models.visits import Visit
from tests.looking import PC, PHONE, is_usable, resize, unfold
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, Field, photo, sha
from tests.webhooks.assistant.phone import KEPT, Phone
from tests.webhooks.assistant.village.test_today_offline import both, line
from tests.webhooks.assistant.village.test_village import helped
from tests.webhooks.pages import Browser

NAME = "覃水根"


def key_on(field: Field) -> str:
    page = Browser(field.service, field.phone).open("/m/village")
    return page.split('data-to="/m/visits/')[0].rsplit('data-errand="', 1)[1][:32]


def put(field: Field, path: str, **sent: object) -> int:
    headers = {"X-CSRFToken": field.token().json()["token"]}
    return field.http.put(
        f"{field.service.address}/m/visits/{path}", headers=headers, timeout=30, **sent
    ).status_code


@pytest.mark.browser
@both
def test_a_look_in_without_a_network_arrives_once(
    playwright: Playwright, service: Service, tmp_path: Path, workers: bool
) -> None:
    """Written offline, the browser closed and opened, every second request failing."""
    receipt = helped(service)
    service.clock.advance(timedelta(days=31))
    field = Field(service)
    shot = tmp_path / "IMG_1.jpg"
    shot.write_bytes(photo("#335533", 80) + bytes(200_000))
    phone = Phone(playwright, service, tmp_path / "disk", workers)
    page = phone.open()
    phone.context.route("**/m/visits/**", phone._passed)
    page.goto(f"/sandbox/people/{field.phone.openid}/login?next=/m/village")
    phone.ready()
    for size in (PC, PHONE):
        resize(page, size)
        unfold(page)
        is_usable(page)
    if workers:
        page.evaluate(KEPT)
    key = page.locator("form[data-to]").get_attribute("data-errand")
    assert key is not None
    page.reload()
    phone.ready()
    phone.network(cut=True)
    block = page.locator(f"#do-{key}")
    block.locator("summary").click()
    block.get_by_role("button", name="记下来").click()
    expect(block.get_by_text("这一项还没填")).to_be_visible()
    block.get_by_text("更难了，要镇上管").click()
    block.locator("[name=words-words]").fill("门口的水缸空了")
    block.locator("[data-photos]").set_input_files(shot)
    expect(block.locator("[data-thumbs] li")).to_have_count(1)
    block.get_by_role("button", name="记下来").click()
    expect(line(phone, key)).to_contain_text("等着送")
    expect(line(phone, key)).to_contain_text(f"去看看 {NAME}")
    expect(block).to_be_hidden()
    phone.kill()
    for file in (tmp_path / "disk").rglob("*"):
        if file.is_file() and any(part in str(file) for part in ("IndexedDB", "CacheStorage")):
            assert NAME.encode() not in file.read_bytes(), file

    phone.cut, phone.fails = workers, True
    page = phone.open()
    phone.context.route("**/m/visits/**", phone._passed)
    page.goto("/m/village")
    phone.ready()
    if workers:
        expect(line(phone, key)).to_contain_text("等着送")
        expect(page.locator(f"#do-{key}")).to_be_hidden()
    phone.network(cut=False)
    expect(line(phone, key)).to_contain_text("送到了", timeout=60_000)
    with service.ctx.db.read() as db:
        [one] = db.scalars(select(Visit)).all()
        case = db.scalars(select(Case).where(Case.receipt == receipt)).one()
        [paper] = db.scalars(select(Attachment).where(Attachment.bundle == case.bundle)).all()
        said = select(func.count()).where(CaseEvent.kind == "visit_harder")
        assert (db.scalar(said), one.case_id, one.words) == (1, case.id, "门口的水缸空了")
        assert paper.kind == "image"
    phone.kill()


def test_what_is_sent_twice_is_one_look_in(service: Service) -> None:
    """The same key on every page of theirs; a colleague's is another; what lacks is said."""
    receipt = helped(service)
    service.clock.advance(timedelta(days=31))
    field = Field(service)
    key = key_on(field)
    assert key_on(field) == key
    assert key_on(Field(service, DAWAN)) != key
    sent = {"said": {"found": {"choice": ["well"]}}, "photos": []}
    assert put(field, f"{receipt}/{key}", json={**sent, "said": {}}) == 422
    for _ in range(2):
        assert put(field, f"{receipt}/{key}", json=sent) == 200
    with service.ctx.db.read() as db:
        assert [one.key for one in db.scalars(select(Visit))] == [key]
        read = select(func.count()).where(AuditEntry.action == "visit.read")
        assert (db.scalar(read) or 0) >= 3, "that it was shown is recorded"
    assert NAME not in Browser(service, field.phone).open("/m/village")


def test_nobody_looks_in_where_it_is_not_theirs(service: Service) -> None:
    """Nor adds a photo to somebody else's look in."""
    receipt = helped(service, QIAOTOU)
    service.clock.advance(timedelta(days=31))
    own, other = Field(service, QIAOTOU), Field(service)
    key, data = key_on(own), photo()
    sent = {
        "said": {"found": {"choice": ["well"]}},
        "photos": [{"sha256": sha(data), "size": len(data)}],
    }
    assert put(other, f"{receipt}/{key}", json=sent) == 403
    assert put(own, f"{receipt}/{key}", json=sent) == 200
    where = f"{receipt}/{key}/photos/{sha(data)}?from=0"
    assert put(other, where, data=data) == 403
    assert put(own, where, data=data) == 200
    with service.ctx.db.read() as db:
        assert len(db.scalars(select(Visit)).all()) == 1
