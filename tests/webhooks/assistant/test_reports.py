"""A report from the field arrives: over HTTP, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from models import casequeries
from models.merges import sources
from models.pushes import Push
from tests.service import Service
from tests.webhooks.assistant.field import (
    DAWAN,
    KEY,
    QIAOTOU,
    SAID,
    SHANGTUN,
    Field,
    appoint,
    photo,
)
from tests.webhooks.pages import Browser

SEA = {"latitude": 21.0, "longitude": 108.9, "accuracy": 12}
# The same answers, said in chat.
IN_CHAT = (
    "报一户", "黄阿婆", "三组，老粮站后面", SAID["what"]["words"], "1", "3", "没有", "完成", "对",
)


def test_a_report_becomes_a_case_once(service_on_either: Service) -> None:
    """The receipt, and the same again however often it is sent."""
    field = Field(service_on_either)
    answers = [field.report().json() for _ in range(3)]
    (case,) = field.cases()
    assert answers == [{"receipt": case.receipt, "photos": {}, "known": "", "notes": []}] * 3
    assert (case.living_area, case.name, case.urgent, case.on_behalf) == (
        DAWAN, "黄阿婆", True, True,
    )
    assert case.reporter_id is not None
    assert case.answers["noted"] == {"at": "2026-11-24T01:00:00.000Z"}


def test_the_same_draft_from_two_phones_at_once(service_on_either: Service) -> None:
    field = Field(service_on_either)
    field.token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: field.report(), range(4)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["receipt"] for one in answers}) == len(field.cases()) == 1


def test_chat_and_page_make_the_same_record(service_on_either: Service) -> None:
    """But for what the phone notes beside."""
    field, other = Field(service_on_either), Field(service_on_either)
    other.phone.talk(*IN_CHAT)
    field.report()
    (by_page,), (by_chat,) = field.cases(), other.cases()
    said = dict(by_page.answers)
    assert said.pop("noted")
    assert said == by_chat.answers
    for column in ("urgent", "scheme", "township", "living_area", "name", "phone", "on_behalf",
                   "consent_version", "status", "clock", "due_on"):
        assert getattr(by_page, column) == getattr(by_chat, column), column


def test_a_household_that_was_reported_before_is_said_to_be_known(
    service_on_either: Service,
) -> None:
    """Also to another assistant of the village, and nothing else of it."""
    first, second = Field(service_on_either), Field(service_on_either)
    receipt = first.report().json()["receipt"]
    answer = second.report("b" * 32).json()
    assert answer["known"] == "beside"
    assert answer["receipt"] != receipt
    assert set(answer) == {"receipt", "photos", "known", "notes"}


def test_a_household_that_is_known_for_certain_is_joined(service_on_either: Service) -> None:
    """The same telephone too: the words and photos stand beside what was there before."""
    first, second = Field(service_on_either), Field(service_on_either)
    said = {"phone": {"words": "13900001234"}}
    receipt = first.report(said=said).json()["receipt"]
    shot, key = photo(), "b" * 32
    answers = [second.report(key, shot, said=said).json() for _ in range(2)]
    assert [answer["known"] for answer in answers] == ["joined"] * 2
    assert set(answers[0]) == {"receipt", "photos", "known", "notes"}
    # Its photos come after it was joined.
    assert second.piece(shot, key=key).ok
    (before,), (case,) = first.cases(), second.cases()
    assert (before.receipt, case.status) == (receipt, "merged")
    with service_on_either.ctx.db.read() as session:
        (joined,) = session.scalars(sources(before))
        assert joined.id == case.id
        assert len(casequeries.papers(session, before, joined)) == 1


@pytest.mark.parametrize(
    ("said", "step", "why"),
    [
        ({"what": None}, "what", "比如"),
        ({"phone": {"words": "1380000"}}, "phone", "少了几位"),
        ({"urgent": None}, "urgent", "点哪一句"),
        ({"aware": {"choice": ["nonsense"]}}, "aware", ""),
        ({"living": None}, "living", ""),
    ],
)
def test_what_is_not_understood_makes_nothing(
    service: Service, said: dict[str, Any], step: str, why: str
) -> None:
    field = Field(service, QIAOTOU, SHANGTUN)
    answer = field.report(said={"living": {"choice": [QIAOTOU]}, **said})
    assert answer.status_code == 422
    assert answer.json()["step"] == step
    assert why in answer.json()["why"]
    assert field.cases() == []


def test_what_may_be_left_out_is(service: Service) -> None:
    """Without name, place and telephone it is a report all the same."""
    field = Field(service)
    assert field.report(said={"name": None, "spot": None, "phone": None}).ok
    (case,) = field.cases()
    assert (case.name, case.phone, case.answers["spot"]) == ("", "", "")


def test_what_is_tapped_and_what_is_written_are_both_kept(service: Service) -> None:
    field = Field(service)
    field.report(said={"what": {"choice": ["old"], "words": "三天没出门"}})
    (case,) = field.cases()
    assert case.answers["what"] == "老人没人照料。三天没出门"
    field.report("f" * 32, said={"what": {"choice": ["ill", "old"]}})
    assert field.cases()[1].answers["what"] == "有人病了、伤了、老人没人照料。"


def test_a_telephone_in_its_own_field_counts(service: Service) -> None:
    """Also where another one stands in what was seen."""
    field = Field(service)
    what = {"words": "老人没人管，邻居电话 13800005678"}
    field.report(said={"what": what, "phone": {"words": "13900001234"}})
    assert field.cases()[0].phone == "13900001234"


def test_a_place_and_one_in_the_sea(service: Service) -> None:
    """Both are kept as they were sent, with datum and accuracy; of the second it is said."""
    field = Field(service)
    near = field.report(at={"latitude": 22.3412, "longitude": 108.4526, "accuracy": 20})
    far = field.report("f" * 32, at=SEA)
    # A fix that may be off by as much says nothing.
    rough = field.report("a" * 32, at={**SEA, "accuracy": 200_000})
    assert [one.json()["notes"] for one in (near, far, rough)] == [[], ["far"], []]
    first, second, _ = field.cases()
    assert first.answers["spot_at"] == [22.3412, 108.4526]
    assert first.answers["spot"] == "三组,老粮站后面"
    assert (first.answers["spot_datum"], first.answers["spot_accuracy"]) == ("WGS84", 20)
    assert (second.answers["spot_at"], second.answers["spot_far"]) == ([21.0, 108.9], True)


def test_a_clock_in_1970_is_kept_as_said(service: Service) -> None:
    field = Field(service)
    assert field.report(noted_at="1970-01-01T00:00:00.000Z").ok
    (case,) = field.cases()
    assert case.created_at == service.ctx.now()
    assert case.answers["noted"]["at"].startswith("1970")
    assert field.report(noted_at="1970-01-01T00:00:00.000Z").json()["notes"] == ["clock"]


def test_a_village_that_is_not_theirs(service_on_either: Service) -> None:
    """Nothing is made; nor is it put into the village that is theirs."""
    field = Field(service_on_either)
    answer = field.report(said={"living": {"choice": [QIAOTOU]}})
    assert answer.status_code == 403
    assert "不归您管" in answer.json()["why"]
    assert field.cases() == []


def test_who_leaves_is_out_at_once(service_on_either: Service) -> None:
    field = Field(service_on_either)
    assert field.token().ok
    field.leave()
    token = field.token()
    assert token.status_code == 404
    assert "请问问镇上" in token.json()["why"]


def test_danger_to_a_life_alarms_the_township(service: Service) -> None:
    field = Field(service)
    said = {"what": {"words": "他说不想活了，农药都买好了"}, "urgent": {"choice": ["days_new"]}}
    answer = field.report(said=said)
    assert "danger" in answer.json()["notes"], "the page says whom to call"
    (case,) = field.cases()
    assert case.urgent
    assert case.answers["urgent"] is False, "what was said stays as it was said"
    with service.ctx.db.read() as session:
        assert "staff_alarm" in session.scalars(select(Push.occasion)).all()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"said": {}, "photos": [{"sha256": "x", "size": 1}]}',
             b'{"said": {}, "at": {"latitude": 1e999, "longitude": 0}}', b'\xff\xfe'],
)
def test_what_no_page_sends_is_refused(service: Service, body: bytes) -> None:
    field = Field(service)
    answer = field.put(KEY, data=body)
    assert answer.status_code == 400
    assert answer.json()["why"]


def test_too_long_and_no_key(service: Service) -> None:
    field = Field(service)
    assert field.put(KEY, data=b"x" * 300_000).status_code == 413
    assert field.report("x" * 32).status_code == 404


def test_a_strangers_key_is_none(service: Service) -> None:
    """What somebody else has reported is not told, whoever knows its key."""
    field, other = Field(service), Field(service)
    assert field.report().ok
    assert other.report().status_code == 404
    assert other.cases() == []


def test_it_needs_the_token_of_this_session(service: Service) -> None:
    field = Field(service)
    address = f"{service.address}/m/discover/reports/{KEY}"
    assert field.http.put(address, json={"said": {}}, timeout=30).status_code == 400
    assert field.cases() == []


def test_the_page_is_for_assistants(service: Service) -> None:
    """A stranger is led in, a resident told whom it is for, and neither sees a form."""
    page = Browser(service, service.follower())
    page.open("/m/discover")
    assert page.status == 404
    assert "协理员" in page.text
    assert "data-form" not in page.text
    nobody = Browser(service)
    assert nobody.http.get(
        f"{service.address}/m/discover", allow_redirects=False, timeout=30
    ).headers["Location"].startswith("/m/enter")
    asked = nobody.http.get(
        f"{service.address}/m/discover/token", headers={"Accept": "application/json"}, timeout=30
    )
    assert asked.status_code == 401
    assert "写的都在手机里" in asked.json()["why"]


def test_the_page_asks_every_step_and_knows_nothing_personal(service: Service) -> None:
    phone = service.follower("韦秀兰")
    appoint(service, phone, DAWAN)
    page = Browser(service, phone)
    text = page.open("/m/discover")
    for step in ("living", "name", "spot", "what", "urgent", "aware", "phone", "papers"):
        assert f'data-step="{step}"' in text
    assert "大湾村" in text
    assert "韦秀兰" not in text
    assert phone.openid not in text
