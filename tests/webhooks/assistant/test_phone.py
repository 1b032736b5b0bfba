"""What the page keeps on the phone and forgets, and whom it sends as."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from models.people import Staff, WebSession
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, appoint
from tests.webhooks.assistant.phone import Make, names

pytestmark = pytest.mark.browser

# What the databases of this origin hold, as raw text.
RAW = """async () => {
  const base = await new Promise((done, failed) => {
    const request = indexedDB.open("yimen-assistant");
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
  const found = [];
  for (const store of base.objectStoreNames) {
    const rows = await new Promise((done) => {
      const request = base.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => done(request.result);
    });
    for (const row of rows) {
      found.push(row.data ? new TextDecoder().decode(row.data) : store);
    }
  }
  base.close();
  return found;
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === "photos" && !self.roomy) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, key);
  };
}"""


def trouble(page: Page) -> object:
    return expect(page.locator("[data-trouble]"))


def test_what_is_kept_is_sealed_and_erased_at_sign_out(
    make: Make, service: Service, shot: Path
) -> None:
    """Not a word of it is readable on the disk; signing out warns first, then nothing is left."""
    phone, _ = make()
    page = phone.page
    phone.kept()
    phone.write("黄阿婆")
    phone.take(shot)
    phone.network(cut=True)
    phone.hand_in()
    raw = page.evaluate(RAW)
    assert len(raw) == 3
    assert not any("黄阿婆" in row or "灶台" in row or "Exif" in row for row in raw)
    phone.network(cut=False)
    phone.fails = False
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    # Of what has arrived its number stays, and neither words nor photos.
    assert len(page.evaluate(RAW)) == 2
    phone.network(cut=True)
    phone.write("李大爷")
    page.locator("summary", has_text="这部手机里存着什么").click()
    page.get_by_role("button", name="退出").click()
    expect(page.locator("[data-leave-told]")).to_contain_text("还有 1 户没送到")
    phone.network(cut=False)
    page.get_by_role("button", name="删掉，退出").click()
    page.wait_for_url(f"{service.address}/")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.evaluate("caches.keys()") == []


def test_leaving_by_any_page_forgets_what_the_browser_keeps(make: Make, service: Service) -> None:
    phone, _ = make()
    phone.write("黄阿婆")
    assert len(phone.page.evaluate(RAW)) == 2
    answer = phone.context.request.get("/m/discover/token", headers={"Accept": "application/json"})
    token = answer.json()["token"]
    left = phone.context.request.post("/m/leave", form={"csrf_token": token}, max_redirects=0)
    assert left.headers["clear-site-data"] == '"storage"'


def test_the_session_is_gone_and_nothing_is_lost(make: Make, service: Service) -> None:
    """It says to come in again, and sends when they have; somebody else's phone sends nothing."""
    phone, who = make()
    page = phone.page
    with service.ctx.db.begin() as session:
        session.execute(update(WebSession).values(ended_at=service.ctx.now()))
    phone.write("黄阿婆")
    phone.hand_in()
    trouble(page).to_contain_text("重新从公众号进来一次")
    other = service.follower("陆永贵")
    appoint(service, other, DAWAN)
    phone.enter(other)
    expect(phone.line("黄阿婆")).to_have_count(0)
    assert names(service) == []
    phone.enter(who)
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    assert names(service) == ["黄阿婆"]


def test_somebody_else_signs_in_beside_the_open_page(make: Make, service: Service) -> None:
    """What one wrote is not sent as another's."""
    phone, _ = make()
    other = service.follower("陆永贵")
    appoint(service, other, DAWAN)
    beside = phone.context.new_page()
    beside.goto(f"/sandbox/people/{other.openid}/login?next=/m/")
    phone.write("黄阿婆")
    phone.hand_in()
    trouble(phone.page).to_contain_text("换了人")
    assert names(service) == []


def test_who_is_no_assistant_any_more_keeps_what_was_written(
    make: Make, service: Service
) -> None:
    phone, _ = make()
    with service.ctx.db.begin() as session:
        session.execute(update(Staff).values(left_at=service.ctx.now()))
    phone.write("黄阿婆")
    phone.hand_in()
    trouble(phone.page).to_contain_text("请问问镇上")
    expect(phone.line("黄阿婆")).to_contain_text("等着送")
    assert names(service) == []


def test_a_full_disk_is_said_plainly_and_nothing_is_lost_while_the_page_stays(
    make: Make, service: Service, shot: Path
) -> None:
    phone, _ = make(script=FULL)
    phone.write("黄阿婆")
    phone.take(shot)
    trouble(phone.page).to_contain_text("手机满了")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到 1 张")


def test_a_browser_that_may_not_encrypt_keeps_nothing_on_the_disk(
    make: Make, service: Service, shot: Path
) -> None:
    """As over plain http: it says so, and sends from the page itself."""
    hidden = "() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
    phone, _ = make(script=hidden)
    trouble(phone.page).to_contain_text("别关这一页")
    phone.page.fill("[name=words-name]", "黄阿婆")
    phone.page.fill("[name=words-what]", "灶台是冷的")
    phone.page.check("[name=choice-urgent][value=days_old]")
    phone.page.check("[name=choice-aware][value=agrees]")
    phone.take(shot)
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到 1 张")
    assert phone.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_it_tries_again_by_itself(make: Make, service: Service) -> None:
    """Also where the phone believes that it has a network."""
    phone, _ = make()
    phone.write("黄阿婆")
    phone.cut = True
    phone.hand_in()
    expect(phone.page.locator("[data-net]")).to_contain_text("秒后再试", timeout=15_000)
    phone.cut = False
    expect(phone.line("黄阿婆")).to_contain_text("送到了", timeout=15_000)
    expect(phone.page.locator("[data-net]")).to_be_hidden()


def test_an_old_token_is_renewed(make: Make, service: Service) -> None:
    """The page was open for days; the same person came in again meanwhile."""
    phone, who = make()
    beside = phone.context.new_page()
    beside.goto(f"/sandbox/people/{who.openid}/login?next=/m/")
    service.clock.advance(timedelta(days=9))
    phone.write("黄阿婆")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
