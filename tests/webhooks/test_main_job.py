"""The main job from phone to desk and back, over the platform's real protocol."""

from __future__ import annotations

import re

from tests.service import OFFICER, Service

TOLD = "我家男人上个月摔断了腿，家里揭不开锅了"
ANSWERS = (
    "还能撑几天", "大湾村", "在", "4口人，老人有病", "1 2", "王秀英 17000005678", "没有", "同意",
)


def apply(service: Service, **more: str) -> tuple[object, str]:
    """A new follower tells everything; the phone and the receipt."""
    phone = service.follower(**more)
    phone.talk(TOLD, *ANSWERS)
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.say("对"))
    assert found
    return phone, found[0]


def test_a_follower_is_welcomed_with_numbers_to_press(service: Service) -> None:
    assert "1 我要求助" in service.follower().welcome
    assert service.follower().say("1").startswith("出了什么事")


def test_what_was_said_first_is_not_asked_again(service_on_either: Service) -> None:
    phone = service_on_either.follower()
    first = phone.say(TOLD)
    assert "出了什么事" not in first
    assert "什么时候的事" not in first
    read_back = phone.talk(*ANSWERS)
    assert TOLD in read_back
    assert "上个月" in read_back
    assert "大湾镇大湾村" in read_back


def move(service: Service, receipt: str, name: str, **fields: str) -> str:
    """Make a move on the desk as the officer of the township; the page that follows."""
    browser = service.browser(service.staff(OFFICER))
    address = f"{service.address}/desk/cases/{receipt}/{name}"
    form = browser.get(address, timeout=30).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    officer = re.search(r'<option value="(\d+)"', form)
    if "officer" in fields and officer:
        fields["officer"] = officer[1]
    answer = browser.post(address, data=hidden | fields, timeout=30)
    assert answer.ok, answer.text
    return answer.text


def test_each_move_reaches_the_phone_and_the_timeline(service_on_either: Service) -> None:
    service = service_on_either
    phone, receipt = apply(service)
    service.drain()
    assert any(receipt in text for text in service.staff(OFFICER).inbox("custom", "template"))

    move(service, receipt, "register", unit="大湾镇民政办", officer="1")
    move(service, receipt, "return", missing="户口本照片\n医院收费单")
    service.drain()
    pushed = phone.inbox("custom")
    assert len(pushed) == 2
    assert "大湾镇民政办" in pushed[0]
    assert re.search(r"1\.? 户口本照片\n2\.? 医院收费单", pushed[1])

    timeline = phone.say("查进度")
    assert "待补材料" in timeline
    assert "陈志强" in timeline
    assert "0777-000 0101" in timeline
    assert phone.say(receipt) == timeline

    move(service, receipt, "accept", scheme="temporary")
    service.drain()
    assert "受理" in phone.inbox("custom")[-1]
    # Twenty working days from Tuesday, 24 November 2026.
    assert "12月22日" in phone.say("进度")


def test_no_push_names_the_trouble_on_a_lock_screen(service: Service) -> None:
    phone, receipt = apply(service)
    move(service, receipt, "register", unit="大湾镇民政办", officer="1")
    service.drain()
    first = phone.inbox("custom")[0].splitlines()[0]
    for word in ("低保", "救助", "病", "腿", "钱", "元"):
        assert word not in first


def test_somebody_elses_receipt_shows_nothing(service: Service) -> None:
    _, receipt = apply(service)
    stranger = service.follower("李建国")
    reply = stranger.say(receipt)
    assert "不是在这个微信上交的" in reply
    assert "腿" not in reply


def test_a_mistyped_receipt_is_told_apart_from_an_unknown_one(service: Service) -> None:
    phone = service.follower()
    assert "有一位不对" in phone.say("2611-483705-73")
    assert "有一位不对" not in phone.say("2611-483705-72")
