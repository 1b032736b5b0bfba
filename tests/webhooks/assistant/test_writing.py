"""What is written on the page: mended where it is wrong, told plainly, and seen in every state."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.cases import Attachment, Case
from tests.looking import is_usable, looks_well, resize
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, QIAOTOU, SHANGTUN, photo
from tests.webhooks.assistant.phone import Make, names

pytestmark = pytest.mark.browser

HERE = {"latitude": 22.3412, "longitude": 108.4526, "accuracy": 20}
SEA = {"latitude": 21.0, "longitude": 108.9, "accuracy": 20}
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


def test_a_place_in_the_sea_is_kept_and_said(make: Make, service: Service) -> None:
    """A phone may be wrong: the report goes, and the place with it, as far off as it is."""
    phone, _ = make(geolocation=SEA, permissions=["geolocation"])
    page = phone.page
    page.get_by_role("button", name="记下这里的位置").click()
    expect(page.locator("[data-place-told]")).to_contain_text("误差约 20 米")
    phone.write("黄阿婆")
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    expect(phone.line("黄阿婆")).to_contain_text("位置离村里很远")
    phone.context.set_geolocation(HERE)
    page.get_by_role("button", name="记下这里的位置").click()
    phone.write("李大爷")
    phone.hand_in()
    expect(phone.line("李大爷")).to_contain_text("送到了")
    expect(phone.line("李大爷")).not_to_contain_text("很远")
    with service.ctx.db.read() as session:
        far, near = session.scalars(select(Case).order_by(Case.id))
    assert (far.answers["spot_far"], near.answers["spot_datum"]) == (True, "WGS84")
    assert near.answers["spot_at"] == [HERE["latitude"], HERE["longitude"]]


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
    phone.page.locator("[data-step=papers] [data-photos][multiple]").set_input_files(files)
    told = phone.page.locator("[data-step=papers] [data-photos-told]")
    expect(told).to_contain_text("收下了前面 30 张，后面 170 张没有收")
    expect(phone.page.locator("[data-thumbs] li")).to_have_count(30)
    phone.page.locator("[data-thumbs] button").first.click()
    expect(phone.page.locator("[data-thumbs] li")).to_have_count(29)
    phone.page.locator("[data-step=papers] [data-photos][multiple]").set_input_files(files[5])
    expect(told).to_contain_text("没有重复收")


def test_the_letter_of_authority_is_taken_where_it_is_asked_for(
    make: Make, service: Service, tmp_path: Path
) -> None:
    """Its place opens with the answer; what is taken there is the letter, and nothing else is."""
    phone, _ = make()
    files = {name: tmp_path / f"{name}.jpg" for name in ("letter", "papers")}
    for shade, file in zip(("#335533", "#885533"), files.values(), strict=True):
        file.write_bytes(photo(shade))
    phone.write("黄阿婆")
    own = phone.page.locator("[data-step=letter]")
    expect(own).to_be_hidden()
    phone.page.check("[name=choice-aware][value=agrees]")
    phone.page.check("[name=choice-authority][value=letter]")
    expect(own).to_be_visible()
    for name, file in files.items():
        box = phone.page.locator(f"[data-step={name}]")
        box.locator("[data-photos][multiple]").set_input_files(file)
        expect(box.locator("[data-thumbs] li")).to_have_count(1)
    is_usable(phone.page)
    phone.hand_in()
    expect(phone.line("黄阿婆")).to_contain_text("送到了")
    with service.ctx.db.read() as session:
        query = select(Attachment.proof).order_by(Attachment.proof)
        assert list(session.scalars(query)) == ["", "letter"]


def test_a_clock_in_1970(make: Make, service: Service) -> None:
    clock = "() => { Date.now = () => 0; Date.prototype.toISOString = () => '1970-01-01' }"
    phone, _ = make(script=clock)
    for name in ("黄阿婆", "李大爷"):
        phone.write(name)
        phone.hand_in()
        expect(phone.line(name)).to_contain_text("送到了")
        expect(phone.line(name)).to_contain_text("手机上的时间不对")
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
