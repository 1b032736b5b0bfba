"""代办 and harm on the assistant's page: the same record as from the chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models.alarms import Alarm
from models.cases import Case
from models.onbehalf import lacks_letter
from tests.service import Service
from tests.webhooks.assistant.field import SAID, Field, photo, sha
from tests.webhooks.pages import Browser

CHAT = ("报一户", "黄阿婆", "三组，老粮站后面")


def record(service: Service, case: Case) -> tuple[Any, ...]:
    """What the township has of it, but for what the phone's clock said."""
    with service.ctx.db.read() as session:
        raised = session.scalars(select(Alarm).where(Alarm.case_id == case.id)).all()
    answers = {key: case.answers.get(key) for key in ("what", "harm", "aware", "authority")}
    return (
        case.urgent, case.scheme, case.consent_version, answers,
        sorted((row.name, row.kind, row.recognised) for row in raised),
    )


@pytest.mark.parametrize(("talk", "said"), [
    (
        ("6", "3", "还没跟她说", "没有", "完成", "对"),
        {"what": {"choice": ["harm_child"]}, "urgent": {"choice": ["days_old"]}},
    ),
    (
        ("她米缸空了", "3", "知道，同意", "1", "没有", "完成", "对"),
        {"what": {"words": "她米缸空了"}, "urgent": {"choice": ["days_old"]},
         "aware": {"choice": ["agrees"]}, "authority": {"choice": ["post"]}},
    ),
    (
        ("她米缸空了", "3", "还没跟她说", "没有", "完成", "对"),
        # What another answer does not open is not taken.
        {"what": {"words": "她米缸空了"}, "urgent": {"choice": ["days_old"]},
         "authority": {"choice": ["letter"]}},
    ),
])
def test_chat_and_page_make_the_same_record(
    service: Service, talk: tuple[str, ...], said: dict[str, Any]
) -> None:
    written, spoken = Field(service), Field(service)
    assert written.report(said=said).ok
    spoken.phone.talk(*CHAT, *talk)
    assert record(service, written.cases()[0]) == record(service, spoken.cases()[0])


def test_the_page_asks_by_what_right_only_where_they_agree(service: Service) -> None:
    field = Field(service)
    page = Browser(service, field.phone).open("/m/discover")
    assert 'data-after="choice-aware" data-opens="agrees" hidden' in page
    assert "孩子挨打、受欺负、被丢下" in page


def test_the_letter_has_a_place_of_its_own_and_is_kept_as_what_it_is(service: Service) -> None:
    field, letter, yard = Field(service), photo("#335533"), photo("#885533")
    page = Browser(service, field.phone).open("/m/discover")
    assert 'data-proof="letter" data-after="choice-authority" data-opens="letter" hidden' in page
    announced = [
        {"sha256": sha(letter), "size": len(letter), "proof": "letter"},
        {"sha256": sha(yard), "size": len(yard)},
    ]
    said = {"aware": {"choice": ["agrees"]}, "authority": {"choice": ["letter"]}}
    assert field.report(said=said, photos=announced).ok
    for data in (letter, yard):
        assert field.piece(data).json()["state"] == "arrived"
    papers = field.papers()
    assert [paper.proof for paper in papers] == ["letter", ""]
    assert not lacks_letter(field.cases()[0], papers)
    announced[1]["proof"] = "other"
    assert field.report("b" * 32, said=said, photos=announced).status_code == 400


def test_harm_ticked_beside_words_is_harm(service: Service) -> None:
    field = Field(service)
    what = {"choice": ["old", "harm_adult"], "words": "手上有伤"}
    assert field.report(said={**SAID, "what": what}).ok
    [case] = field.cases()
    assert (case.answers["harm"], case.urgent) == ("adult", True)
    assert "手上有伤" in case.answers["what"]


def test_another_assistant_sees_nothing_of_it(service: Service) -> None:
    """Neither in the list of the village nor by reporting the same house."""
    first, second = Field(service), Field(service)
    first.report(said={"what": {"choice": ["harm_child"]}})
    assert second.report("b" * 32).json()["known"] == ""
    page = Browser(service, second.phone).open("/m/village/")
    receipt = first.cases()[0].receipt
    assert receipt not in page
    assert second.cases()[0].receipt in page
