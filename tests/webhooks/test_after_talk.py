"""Over the platform's real protocol: asked before a stop, answered in chat and on the page."""

from __future__ import annotations

import re

from sqlalchemy import select

from models import changes, hearings, hearingwork
from models.cases import Case
from models.statuses import Role
from tests.models.helped import Ground
from tests.service import Service

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_the_word_of_the_person_comes_back_to_the_desk(service_on_either: Service) -> None:
    service = service_on_either
    ground, phone = Ground(service.ctx, service.clock), service.follower("王秀英")
    receipt = ground.helped(openid=phone.openid)
    ground.do(
        hearingwork.ask, ground.staff(Role.OFFICER), receipt, ground.case(receipt).version,
        move="stop", why="查到有人在厂里上班",
    )
    service.drain()
    told = "\n".join(phone.inbox("custom", "template"))
    assert "镇上有件事想听您怎么说" in told
    assert "停止" not in told.splitlines()[-1], "a locked screen names nothing of it"
    assert "原样记下了" in phone.talk("我有话说", "那是我表哥")

    page = service.browser(phone)
    address = f"{service.address}/m/cases/{receipt}"
    shown = page.get(address).text
    assert "停止您家的救助，还没有定" in shown
    assert "查到有人在厂里上班" in shown
    found = TOKEN.search(shown)
    assert found is not None
    form = {"csrf_token": found[1], "words": "他早搬走了", "change": "老大去当兵了"}
    assert "原样记下了" in page.post(f"{address}/word", data=form).text
    assert "先照旧" in page.post(f"{address}/change", data=form).text
    assert "还没有写" in page.post(f"{address}/word", data={**form, "words": " "}).text

    stranger = service.browser(service.follower("韦小兰"))
    assert stranger.get(address).status_code == 404
    token = TOKEN.search(stranger.get(f"{service.address}/m/").text)
    data = {**form, "csrf_token": token[1] if token else ""}
    for path in ("word", "change"):
        assert stranger.post(f"{address}/{path}", data=data).status_code in (400, 404)

    with service.ctx.db.read() as session:
        case_id = ground.case(receipt).id
        kept = [one.words for one in hearings.of_case(session, case_id) if one.words]
        changed = [one.details["said"] for one in changes.told(session, case_id)]
    assert kept == ["他早搬走了", "那是我表哥"]
    assert changed == ["老大去当兵了"]
    service.drain()
    officer = "\n".join(service.staff(0).inbox("custom", "template"))
    assert "有居民回话了" in officer
    assert "有居民说家里有变化" in officer
    assert "表哥" not in officer, "what was said is read on the desk"


def test_danger_in_what_is_written_on_the_page_comes_first(service: Service) -> None:
    ground, phone = Ground(service.ctx, service.clock), service.follower("王秀英")
    receipt = ground.helped(openid=phone.openid)
    ground.do(
        hearingwork.ask, ground.staff(Role.OFFICER), receipt, ground.case(receipt).version,
        move="stop", why="查到有人在厂里上班",
    )
    page = service.browser(phone)
    address = f"{service.address}/m/cases/{receipt}"
    found = TOKEN.search(page.get(address).text)
    assert found is not None
    for path, field, words in (
        ("change", "change", "他爸天天打我，我不想活了"),
        ("word", "words", "停了我就不活了，我想死"),
    ):
        said = page.post(f"{address}/{path}", data={"csrf_token": found[1], field: words})
        assert said.status_code == 200, words
        assert 'href="tel:12356"' in said.text, words
        assert 'href="tel:110"' in said.text, words
    with service.ctx.db.read() as session:
        case = ground.case(receipt)
        told, = changes.told(session, case.id)
        heard = [one.words for one in hearings.of_case(session, case.id) if one.words]
        urgent = session.scalars(
            select(Case).where(Case.person_id == case.person_id, Case.urgent.is_(True))
        ).one()
    assert told.details["said"] == "他爸天天打我，我不想活了"
    assert heard == ["停了我就不活了，我想死"]
    assert urgent.answers["danger"] == "suicide"
    # Where no help is given there is nothing to change: the danger is told all the same.
    said = page.post(
        f"{service.address}/m/cases/{urgent.receipt}/change",
        data={"csrf_token": found[1], "change": "我真的不想活了"},
    )
    assert 'href="tel:12356"' in said.text
