"""Pushing a list's article to followers, at the desk: counted, asked for, signed, followed."""

from __future__ import annotations

import re
import time

import requests

from notices import articles as writing
from notices import massing as sending
from tests.notices.lists import published
from tests.notices.test_massing import households, settle
from tests.service import HEAD, OFFICER, Service


def do(browser: requests.Session, address: str, what: str) -> str:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)[0]
    answer = browser.post(f"{address}/{what}", data={"csrf_token": token}, timeout=30)
    assert answer.ok, answer.text
    return answer.text


def test_from_the_list_s_page_to_the_phones_and_back(service: Service) -> None:
    people = households(service)
    people[2].say("退订")
    number = published(service.ctx)
    settle(service, "campaigns", sign_above=1)
    officer, head = (service.browser(service.staff(who)) for who in (OFFICER, HEAD))
    address = f"{service.address}/desk/notices/{number}"
    assert "推给关注的人" not in officer.get(address).text
    writing.tend(service.ctx)
    page = officer.get(address).text
    assert "最多给一个人送 4 篇" in page
    assert "自己说了不收群发的" in page
    assert "大湾村最低生活保障长期公示" in page
    assert "请另一位负责人签字" in do(officer, address, "mass")
    assert "等另一位负责人签字" in officer.get(address).text
    assert "看过了，签字发出" not in officer.get(address).text
    assert "等另一位签字" in officer.get(f"{service.address}/desk/campaigns").text
    assert "签好了" in do(head, address, "mass/sign")
    settle(service, "pushes", quiet="0-12")
    assert "早上再发" in officer.get(address).text
    settle(service, "pushes", quiet="")
    sending.tend(service.ctx)
    until = time.monotonic() + 5
    while "微信说送到了" not in (page := officer.get(address).text) and time.monotonic() < until:
        time.sleep(0.05)
    assert re.search(r"微信说送到了.{1,200}?2 人", page, re.S)
    assert "没有送到" in page
    assert "刚才有人动过了" in do(officer, address, "mass")
    assert [len(phone.inbox("mass")) for phone in people] == [1, 1, 0]


def test_who_can_reach_nobody_is_told_before(service: Service) -> None:
    number = published(service.ctx)
    writing.tend(service.ctx)
    officer = service.browser(service.staff(OFFICER))
    page = officer.get(f"{service.address}/desk/notices/{number}").text
    assert "能收的不到两个人" in page
    assert f"/desk/notices/{number}/mass" not in page
