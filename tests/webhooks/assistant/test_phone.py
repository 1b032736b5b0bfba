"""What the page does on the phone: keeps, mends, tells plainly, and forgets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from models.cases import Case
from models.people import Staff, WebSession
from tests.looking import looks_well, resize
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, SHANGTUN, appoint, photo
from tests.webhooks.assistant.phone import Make

pytestmark = pytest.mark.browser

HERE = {"latitude": 22.3412, "longitude": 108.4526, "accuracy": 20}
SEA = {"latitude": 21.0, "longitude": 108.9, "accuracy": 20}
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
HASHES = """async () => {
  const { byHand, sha256 } = await import("/static/assistant/sha256.js");
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(length, 65536)));
    const all = new Uint8Array(length);
    all.set(bytes.subarray(0, length));
    if (byHand(all.buffer) !== await sha256(all.buffer)) return length;
  }
  return "alike";
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === "photos" && !self.roomy) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, key);
  };
}"""


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(photo())
    return file


def names(service: Service) -> list[str]:
    with service.ctx.db.read() as session:
        return list(session.scalars(select(Case.name).order_by(Case.id)))


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
    page.locator("details summary").click()
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


def test_a_place_in_the_sea_is_mended(make: Make, service: Service) -> None:
    """The sentence stands at the question, everything else as it was."""
    phone, _ = make(geolocation=SEA, permissions=["geolocation"])
    page = phone.page
    page.get_by_role("button", name="记下这里的位置").click()
    expect(page.locator("[data-place-told]")).to_contain_text("误差约 20 米")
    phone.write("黄阿婆")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("不在我们县里")
    phone.line("黄阿婆").get_by_role("button", name="改一改").click()
    expect(page.locator("#error-spot")).to_contain_text("不在我们县里")
    expect(page.locator("[name=words-name]")).to_have_value("黄阿婆")
    phone.context.set_geolocation(HERE)
    page.get_by_role("button", name="去掉位置").click()
    page.get_by_role("button", name="记下这里的位置").click()
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    with service.ctx.db.read() as session:
        (case,) = session.scalars(select(Case))
    assert case.answers["spot_at"] == [HERE["latitude"], HERE["longitude"]]


def test_a_phone_that_hides_its_place(make: Make) -> None:
    phone, _ = make()
    phone.page.get_by_role("button", name="记下这里的位置").click()
    expect(phone.page.locator("[data-place-told]")).to_contain_text("写第几组")


def test_what_lacks_is_told_where_it_lacks(make: Make, service: Service) -> None:
    """Of several villages none is chosen beforehand."""
    phone, _ = make(QIAOTOU, SHANGTUN)
    page = phone.page
    page.get_by_role("button", name="交给镇上").click()
    for step in ("living", "what", "urgent", "aware"):
        expect(page.locator(f"#error-{step}")).to_have_text("这一项还没填")
    expect(page.locator("#error-name")).to_be_hidden()
    page.check(f"[name=choice-living][value='{SHANGTUN}']")
    phone.write("黄阿婆")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")


def test_a_library_of_two_hundred_photos(make: Make, tmp_path: Path) -> None:
    """Thirty are taken, the same one once, and which were is said."""
    phone, _ = make()
    files = []
    for number in range(200):
        file = tmp_path / f"{number}.jpg"
        file.write_bytes(photo(f"#{number:02x}5533", 20))
        files.append(file)
    phone.page.locator("[data-photos][multiple]").set_input_files(files)
    told = phone.page.locator("[data-photos-told]")
    expect(told).to_contain_text("收下了前面 30 张，后面 170 张没有收")
    expect(phone.page.locator("[data-thumbs] li")).to_have_count(30)
    phone.page.locator("[data-thumbs] button").first.click()
    expect(phone.page.locator("[data-thumbs] li")).to_have_count(29)
    phone.page.locator("[data-photos][multiple]").set_input_files(files[5])
    expect(told).to_contain_text("没有重复收")


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


def test_a_clock_in_1970(make: Make, service: Service) -> None:
    clock = "() => { Date.now = () => 0; Date.prototype.toISOString = () => '1970-01-01' }"
    phone, _ = make(script=clock)
    for name in ("黄阿婆", "李大爷"):
        phone.write(name)
        phone.hand_in()
        expect(phone.line(name)).to_contain_text("送到了")
    assert names(service) == ["黄阿婆", "李大爷"]


def test_a_refused_photo_is_shown_and_the_report_stands(
    make: Make, service: Service, tmp_path: Path
) -> None:
    phone, _ = make()
    wrong = tmp_path / "notes.jpg"
    wrong.write_bytes(b"%PDF-1.7 none")
    phone.write("黄阿婆")
    phone.take(wrong)
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("1 张照片没收下：这不是照片")
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    assert names(service) == ["黄阿婆"]


def test_drafts_are_put_aside_and_thrown_away(make: Make, service: Service) -> None:
    """One that waits is mended while another is being written; both stay."""
    phone, _ = make()
    page = phone.page
    phone.network(cut=True)
    phone.write("黄阿婆")
    phone.hand_in()
    phone.write("李大爷")
    phone.line("黄阿婆").get_by_role("button", name="改一改").click()
    expect(page.locator("[name=words-name]")).to_have_value("黄阿婆")
    expect(phone.line("李大爷")).to_contain_text("还没写完")
    phone.line("李大爷").get_by_role("button", name="不要了").click()
    phone.line("李大爷").get_by_role("button", name="真的不要了").click()
    expect(phone.line("李大爷")).to_have_count(0)
    phone.network(cut=False)
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    assert names(service) == ["黄阿婆"]


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


def test_it_says_that_a_household_is_known(make: Make) -> None:
    """Beside the receipt of the second report, and not of the first."""
    phone, _ = make()
    for _ in range(2):
        phone.write("黄阿婆")
        phone.hand_in()
    lines = phone.page.locator("[data-state=done]")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text="已经有人报过")).to_have_count(1)


def test_hashes_by_hand_and_by_the_browser_are_alike(make: Make) -> None:
    phone, _ = make()
    assert phone.page.evaluate(HASHES) == "alike"


def test_without_scripts_it_leads_to_the_chat(make: Make) -> None:
    phone, _ = make()
    phone.kill()
    phone.more["java_script_enabled"] = False
    page = phone.open()
    page.goto("/m/discover")
    expect(page.locator("[data-without]")).to_contain_text("报一户")
    expect(page.locator("[data-form]")).to_be_hidden()


def test_it_looks_well_in_every_state(make: Make, shot: Path) -> None:
    tapped = "a.button, button, .choice, .input, select, summary, label.button"
    phone, _ = make(DAWAN, QIAOTOU)
    page = phone.page
    phone.kept()
    page.get_by_role("button", name="交给镇上").click()
    looks_well(page, tapped)
    phone.network(cut=True)
    resize(page, (390, 844))
    page.check(f"[name=choice-living][value='{DAWAN}']")
    phone.write("黄阿婆", urgent=True)
    phone.take(shot)
    phone.hand_in()
    phone.write("李大爷")
    phone.take(shot)
    looks_well(page, tapped)
    assert page.locator("main .button-primary:visible").count() == 1
