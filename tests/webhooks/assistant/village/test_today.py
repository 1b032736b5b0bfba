"""What an officer asks of the village's assistant: asked, seen, done, and read on the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import errands, taskdoing, tasks
from models.audit import AuditEntry
from models.cases import Attachment, CaseEvent
from models.errandwork import NOT_NOW
from models.pushes import Push
from models.steps import MoveRefused
from models.supplements import SupplementItem
from tests.service import Service
from tests.webhooks.assistant.field import QIAOTOU, Field, photo, sha
from tests.webhooks.assistant.village.errandhouse import (
    ask,
    asked_for,
    case_of,
    errand,
    investigated,
    officer,
    send,
    task_of,
)
from tests.webhooks.assistant.village.test_village import REPORT
from tests.webhooks.pages import Browser, moved

SURVEY = {"on": "2026-11-24", "at": "09:30", "who": "本人、儿媳", "seen": "两间瓦房，漏雨"}


@pytest.fixture
def service(service_on_either: Service) -> Service:
    return service_on_either


def test_asked_seen_and_told(service: Service, field: Field) -> None:
    """A push without a name; in chat and on the page the name, the place, the day; it is logged."""
    receipt = investigated(service)
    field.phone.say("菜单")
    key = ask(service, field, receipt, "survey", words="带路，帮着翻译土话")
    assert ask(service, field, receipt, "survey", words="带路，帮着翻译土话") == key
    service.drain()
    told = "\n".join(field.phone.inbox("custom", "template"))
    assert "村里有一件事请您帮着办" in told
    assert "覃水根" not in told
    assert receipt not in told
    said = field.phone.say("今天的事")
    assert "1. 入户调查，去搭把手：覃水根，大湾镇大湾村" in said
    assert "11月27日" in said
    page = Browser(service, field.phone).open("/m/village")
    for words in ("今天的事 1 件", "覃水根", "带路，帮着翻译土话", "大湾镇大湾村"):
        assert words in page, words
    for words in (receipt, "腰伤", "低保", case_of(service, receipt).phone or "没有电话"):
        assert words not in page, words
    with service.ctx.db.read() as db:
        read = select(func.count()).where(
            AuditEntry.action == "errand.read", AuditEntry.target_id == errand(service, key).id
        )
        assert db.scalar(read) == 2


def test_the_oldest_deadline_comes_first_and_what_is_late_says_so(
    service: Service, field: Field
) -> None:
    ask(service, field, investigated(service, "覃水根"), "survey", days=5)
    ask(service, field, investigated(service, "农阿公"), "survey", days=1)
    service.clock.advance(timedelta(days=2))
    page = Browser(service, field.phone).open("/m/village")
    assert page.index("农阿公") < page.index("覃水根")
    assert "晚了 1 天" in page
    assert "due-overdue" in page


def test_the_village_at_a_glance(service: Service, field: Field) -> None:
    """What is open and how old, what is to be done; nothing of it for another village."""
    field.phone.talk(*REPORT)
    ask(service, field, investigated(service), "survey")
    service.clock.advance(timedelta(days=2, hours=1))
    page = Browser(service, field.phone).open("/m/village")
    for words in ("今天的事 1 件", "报上去还在办的 1 户，最早的是 2 天前报的"):
        assert words in page, words
    page = Browser(service, Field(service, QIAOTOU).phone).open("/m/village")
    for words in ("今天的事 1 件", "报上去还在办的", "覃水根", "黄阿婆"):
        assert words not in page, words


def test_what_is_handed_in_is_evidence_and_the_officer_closes_the_task(
    service: Service, field: Field
) -> None:
    """Sent twice it is there once; its photo is with the task; the task stays the officer's."""
    receipt = investigated(service)
    key = ask(service, field, receipt, "survey")
    data = photo()
    announced = ({"sha256": sha(data), "size": len(data)},)
    for _ in range(2):
        answer = send(field, key, announced, **SURVEY)
        assert answer.status_code == 200, answer.text
    headers = {"X-CSRFToken": field.token().json()["token"]}
    for _ in range(2):
        sent = field.http.put(
            f"{service.address}/m/errands/{key}/photos/{sha(data)}?from=0", data=data,
            headers=headers, timeout=30,
        )
        assert sent.json()["state"] == "arrived"
    done, task = errand(service, key), task_of(service, receipt, "survey")
    assert (done.state, task.state) == ("done", "open")
    assert [one["found"] for one in done.said] == [SURVEY]
    with service.ctx.db.read() as db:
        [paper] = tasks.photos(db, [task.bundle])
        assert done.papers == [paper.id]
        kinds = list(db.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
    assert kinds.count("errand_done") == 1
    assert case_of(service, receipt).call == "errand_done"
    assert "覃水根" not in Browser(service, field.phone).open("/m/village")


def test_without_scripts_it_is_a_plain_form(service: Service, field: Field) -> None:
    """What is missing is said, what was written stays, then it is kept with its photo."""
    receipt = investigated(service)
    key = ask(service, field, receipt, "survey")
    browser = Browser(service, field.phone)
    browser.open("/m/village")
    given = {f"words-{name}": words for name, words in SURVEY.items()}
    browser.post(f"errands/{key}", **{**given, "words-seen": ""})
    assert browser.status == 422
    assert "请写一句看到的情况" in browser.text
    assert "本人、儿媳" in browser.text
    form = browser.form(f"errands/{key}")
    for _ in range(2):
        browser.post("", files=[("门口.jpg", photo())], form=form, **given)
        assert "记下了，辛苦了" in browser.text
    assert errand(service, key).state == "done"
    assert len(errand(service, key).papers) == 1


def test_who_cannot_go_says_why_and_who_asked_is_told(service: Service, field: Field) -> None:
    """Back with its reason, off the list, and not done; sent twice it is told once."""
    receipt, asker = investigated(service), officer(service)
    key = ask(service, field, receipt, "survey")
    assert send(field, key, cannot="").status_code == 422
    for _ in range(2):
        assert send(field, key, cannot="这几天在外地").status_code == 200
    back = errand(service, key)
    assert (back.state, [one["found"] for one in back.said]) == (
        "back", [{"cannot": "这几天在外地"}]
    )
    with service.ctx.db.read() as db:
        pushes = db.scalars(select(Push).where(Push.occasion == "staff_errand_cannot")).all()
    assert [one.person_id for one in pushes] == [asker.person_id]
    assert case_of(service, receipt).call == "errand_cannot"
    assert task_of(service, receipt, "survey").state == "open"
    assert "覃水根" not in Browser(service, field.phone).open("/m/village")
    page = Browser(service, service.staff(1)).open(f"/desk/cases/{receipt}")
    for words in ("退回来了", "为什么去不了", "这几天在外地"):
        assert words in page, words
    assert ask(service, field, receipt, "survey") != key, "it can be asked again"


def test_who_cannot_go_says_it_on_a_plain_form_too(service: Service, field: Field) -> None:
    key = ask(service, field, investigated(service), "survey")
    browser = Browser(service, field.phone)
    browser.open("/m/village")
    browser.post(f"errands/{key}", **{"words-cannot": ""})
    assert browser.status == 422
    assert "请写一句为什么去不了" in browser.text
    browser.post(f"errands/{key}", **{"words-cannot": "腿摔了"})
    assert "镇上会另外安排" in browser.text
    assert errand(service, key).state == "back"


def test_papers_land_as_the_items_own_uploads(service: Service, field: Field) -> None:
    receipt = asked_for(service)
    moved(service, receipt, "register")
    moved(service, receipt, "return", missing=("户口本首页", "医院的诊断书"))
    key = ask(service, field, receipt, "papers")
    with service.ctx.db.read() as db:
        first, second = db.scalars(select(SupplementItem.id).order_by(SupplementItem.id))
    data = photo("#113355")
    page = Browser(service, field.phone).open("/m/village")
    assert "户口本首页" in page
    assert f'name="photos-{second}"' in page
    assert "请拍下收到的材料" in send(field, key).json()["why"]
    one = {"sha256": sha(data), "size": len(data), "item": first}
    assert send(field, key, (one,), note="诊断书在儿子那里").status_code == 200
    headers = {"X-CSRFToken": field.token().json()["token"]}
    path = f"{service.address}/m/errands/{key}/photos/{sha(data)}?from=0"
    assert field.http.put(path, data=data, headers=headers, timeout=30).ok
    with service.ctx.db.read() as db:
        states = list(db.scalars(select(SupplementItem.state).order_by(SupplementItem.id)))
        paper = db.scalars(select(Attachment)).one()
    assert states == ["received", "waiting"]
    assert (paper.item_id, paper.bundle) == (first, case_of(service, receipt).bundle)


def test_a_notice_is_put_up_only_with_its_own_number(service: Service, field: Field) -> None:
    """Wrong, it is a clear sentence and nothing is kept; right, with a photo, it is there."""
    receipt = posted(service, "覃水根")
    other = posted(service, "农阿公")
    key = ask(service, field, receipt, "posting")
    with service.ctx.db.read() as db:
        right, wrong = (
            errands.posting_code(service.ctx, db.merge(task_of(service, one, "posting")))
            for one in (receipt, other)
        )
    assert right != wrong
    said = {"place": "村委会公示栏", "on": "2026-11-24", "at": "10:00"}
    data = photo()
    shot = ({"sha256": sha(data), "size": len(data)},)
    answer = send(field, key, shot, code=wrong, **said)
    assert (answer.status_code, answer.json()["step"]) == (422, "code")
    assert "不是这份公示的" in answer.json()["why"]
    assert send(field, key, code=right, **said).json()["step"] == "photos"
    assert errand(service, key).state == "open"
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in right)
    assert send(field, key, shot, code=wide, **said).status_code == 200
    assert errand(service, key).state == "done"


def posted(service: Service, name: str) -> str:
    """A case whose notice is to be put up."""
    receipt = investigated(service, name)
    with service.ctx.db.begin() as db:
        case = db.merge(case_of(service, receipt))
        taskdoing.taskwork.open_task(
            service.ctx, db, case, tasks.TaskKind.POSTING, service.ctx.today(), ""
        )
    return receipt


def test_an_assistant_of_another_village_has_nothing_of_it(
    service: Service, field: Field
) -> None:
    """Neither on the page, nor in chat, nor by its address; and cannot be asked."""
    receipt = investigated(service)
    key = ask(service, field, receipt, "survey")
    far = Field(service, QIAOTOU)
    assert "覃水根" not in Browser(service, far.phone).open("/m/village")
    assert "覃水根" not in far.phone.say("今天的事")
    answer = send(far, key, **SURVEY)
    assert answer.status_code == 403
    assert "不归您办了" in answer.json()["why"]
    assert errand(service, key).said == []
    with pytest.raises(MoveRefused):
        ask(service, far, receipt, "survey")


def test_what_the_officer_did_meanwhile_is_not_asked_for_any_more(
    service: Service, field: Field
) -> None:
    """It leaves the list and its push stays here; what was done without a network still counts."""
    receipt = investigated(service)
    key = ask(service, field, receipt, "survey")
    with service.ctx.db.begin() as db:
        task = task_of(service, receipt, "survey")
        taskdoing.do(
            service.ctx, db, officer(service), task.id, task.version,
            {"on": "2026-11-24", "place": "家里", "others": "吴小兰、马国平", "lives": "一口人",
             "opinion": "要帮", "signed": "双方"},
        )
    service.drain()
    assert "村里有一件事" not in "\n".join(field.phone.inbox("custom", "template"))
    assert "覃水根" not in Browser(service, field.phone).open("/m/village")
    assert send(field, key, **SURVEY).status_code == 200
    late = errand(service, key)
    assert (late.state, len(late.said)) == ("dropped", 1)
    with service.ctx.db.read() as db:
        [push] = db.scalars(select(Push).where(Push.occasion == "errand"))
        assert push.state == "expired"


def test_only_what_is_needed_now_can_be_asked(service: Service, field: Field) -> None:
    receipt = asked_for(service)
    for kind in ("survey", "papers", "posting", "appraisal", "recheck"):
        with pytest.raises(MoveRefused) as refused:
            ask(service, field, receipt, kind)
        assert refused.value.reason == NOT_NOW
