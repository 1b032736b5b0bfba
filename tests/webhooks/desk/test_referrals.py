"""Referring to departments: asked, taken, handed back, answered; seen by nobody else."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from models.outgoing import Occasion
from models.referrals import State
from models.statuses import EventKind, Status
from notices.occasions import spoken
from tests.webhooks.desk.referral_world import Referring, with_departments
from tests.webhooks.desk.world import World
from webhooks.access import listed

ASKED = "孩子下学期学费没着落，请看看能不能减免。"


@pytest.fixture
def place(world: World) -> Referring:
    return with_departments(world)


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_case_is_referred_to_several_at_once_on_the_page(place: Referring) -> None:
    world = place.world
    case = place.accepted(more={"needs": ["education"]})
    paper, other = world.paper(case), world.paper(case)
    browser = world.browser("li")
    path = f"/desk/cases/{case.receipt}/refer"
    page = browser.text(path)
    # What the household needs stands first; the pictures are there to be ticked.
    assert page.index('data-name="教育局"') < page.index('data-name="发展改革局"')
    assert f"/desk/papers/{paper}?small=1" in page
    form: dict[str, Any] = {
        "version": version_on(page), "words": ASKED, "papers": [str(paper)],
        "departments": [str(place.number["教育局"]), str(place.number["住房城乡建设局"])],
    }
    assert browser.post(path, **form).status_code == 303
    assert world.now(case).status == Status.REFERRED
    one, two = place.of(case)
    assert [row.department.name for row in (one, two)] == ["教育局", "住房城乡建设局"]
    assert one.asked == ASKED
    assert (one.papers, other in one.papers) == ([paper], False)
    # Ten working days from Monday 23 November.
    assert one.due_on.isoformat() == "2026-12-07"
    assert "转办" in one.basis
    kind, details, _ = place.events(case)[-1]
    assert (kind, details["departments"]) == ("refer", ["教育局", "住房城乡建设局"])
    told = place.pushes(Occasion.STAFF_REFERRAL)
    assert {push.person_id for push in told} == {
        world.staff[who].person_id for who in ("jiao", "jiao2", "zhu")
    }
    assert all(case.receipt not in str(push.details) for push in told)


def test_the_liaisons_card_opens_the_referral_and_names_nobody(place: Referring) -> None:
    case = place.referred("教育局")
    one, = place.of(case)
    push, *_ = place.pushes(Occasion.STAFF_REFERRAL)
    said = spoken(place.world.ctx, push.occasion, push.details, case.township, "")
    assert said.page == f"/desk/referrals/{one.id}"
    assert said.title == "乡镇转来一件事，请您接"
    written = f"{said.title}{said.body}{said.fields}"
    assert not any(words in written for words in ("王秀英", "学费", case.receipt))


@pytest.mark.parametrize("chosen", [[], ["999999"], ["教育局"]])
def test_who_is_not_in_the_directory_cannot_be_asked(place: Referring, chosen: list[str]) -> None:
    case = place.accepted()
    browser = place.world.browser("li")
    path = f"/desk/cases/{case.receipt}/refer"
    form = {"version": version_on(browser.text(path)), "words": ASKED, "departments": chosen}
    answer = browser.post(path, **form)
    assert answer.status_code == 422
    assert "请选转给哪个部门" in answer.text
    assert ASKED in answer.text
    assert place.of(case) == []


def test_papers_of_another_case_are_not_shown_to_a_department(place: Referring) -> None:
    case, other = place.accepted(), place.world.case(name="别人")
    foreign = place.world.paper(other)
    place.refer(case, "教育局", papers=(foreign,))
    assert place.of(case)[0].papers == []


def test_a_liaison_takes_and_answers_and_the_resident_reads_it(place: Referring) -> None:
    world = place.world
    case = place.referred("教育局")
    one, = place.of(case)
    browser = world.browser("jiao")
    assert ASKED[:10] in browser.text("/desk/")  # the front door leads on
    page = browser.text(f"/desk/referrals/{one.id}")
    assert all(words in page for words in ("王秀英", "13800005678", "大湾镇大湾村", ASKED))
    assert place.do(browser, one, "take") == 303
    assert place.of(case)[0].state == State.TAKEN
    assert place.events(case)[-1][:2] == (
        EventKind.REFERRAL_TAKEN, {"unit": "教育局", "words": ""}
    )
    one, = place.of(case)
    assert place.do(browser, one, "answer", words="学费免了，九月带户口本来。") == 303
    assert place.of(case)[0].state == State.ANSWERED
    kind, details, _ = place.events(case)[-1]
    assert (kind, details["words"]) == (EventKind.REFERRAL_ANSWERED, "学费免了，九月带户口本来。")
    assert len(place.pushes(Occasion.STAFF_REFERRALS_ANSWERED)) == 1
    kinds = [push.details.get("kind") for push in place.pushes(Occasion.CASE_MOVED)]
    assert kinds[-2:] == [EventKind.REFERRAL_TAKEN, EventKind.REFERRAL_ANSWERED]
    # The township sees it and may now answer the resident.
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "教育局回了话：学费免了，九月带户口本来。" in page
    assert f"/desk/cases/{case.receipt}/answer" in page


def test_handed_back_the_reason_stays_among_staff_and_the_township_goes_on(
    place: Referring,
) -> None:
    world = place.world
    case = place.referred("教育局", "住房城乡建设局")
    one, two = place.of(case)
    officer = world.browser("li")
    path = f"/desk/cases/{case.receipt}"
    assert f"{path}/register" not in officer.text(path)
    assert place.do(world.browser("jiao"), one, "back", reason="没有学籍，归人社局。") == 303
    kind, details, internal = place.events(case)[-1]
    assert (kind, internal) == (EventKind.REFERRAL_BACK, "没有学籍，归人社局。")
    assert "没有学籍" not in str(details)
    assert place.pushes(Occasion.STAFF_REFERRALS_BACK) == []
    assert f"{path}/register" not in officer.text(path)
    # Nor behind the page.
    world_now = world.now(case)
    refused = officer.post(
        f"{path}/register", version=str(world_now.version), unit="民政办",
        officer=str(world.staff["li"].id),
    )
    assert "还没有都回话或退回来" in refused.text
    assert place.do(world.browser("zhu"), two, "back", reason="不归我们。") == 303
    assert len(place.pushes(Occasion.STAFF_REFERRALS_BACK)) == 1
    page = officer.text(path)
    assert f"{path}/register" in page
    assert "没有学籍，归人社局。" in page
    assert "部门退回来了" in officer.text("/desk/?only=calls")


def test_what_is_not_written_is_asked_for_and_nothing_is_lost(place: Referring) -> None:
    case = place.referred("教育局")
    one, = place.of(case)
    browser = place.world.browser("jiao")
    browser.get(f"/desk/referrals/{one.id}")
    for what, name, lacking in (
        ("back", "reason", "请写上为什么退回"), ("answer", "words", "请写上办得怎么样"),
    ):
        for typed, said in (("  ", lacking), ("长" * 501, "写得太长了")):
            answer = browser.post(
                f"/desk/referrals/{one.id}/{what}", version=str(one.version), **{name: typed}
            )
            assert answer.status_code == 422
            assert said in answer.text
            assert typed.strip() in answer.text
    assert place.of(case)[0].state == State.SENT


def test_an_old_page_changes_nothing_and_a_second_click_is_no_second_step(
    place: Referring,
) -> None:
    world = place.world
    case = place.referred("教育局")
    one, = place.of(case)
    first, second = world.browser("jiao"), world.browser("jiao2")
    assert place.do(first, one, "answer", words="免了。") == 303
    assert place.do(first, one, "answer", words="免了。") == 303
    before = place.events(case)
    second.get("/desk/referrals")
    stale = second.post(
        f"/desk/referrals/{one.id}/back", version=str(one.version), reason="不归我们，我写了很多。"
    )
    assert stale.status_code == 409
    assert "不归我们，我写了很多。" in stale.text
    assert place.events(case) == before
    assert place.do(second, one, "take") == 409
    assert place.of(case)[0].state == State.ANSWERED


def test_another_department_and_other_roles_find_nothing(place: Referring) -> None:
    world = place.world
    case = place.accepted()
    paper = world.paper(case)
    place.refer(case, "教育局", papers=(paper,))
    one, = place.of(case)
    for who in ("zhu", "li", "chen", "county"):
        browser = world.browser(who)
        browser.get("/desk/referrals")
        assert browser.get(f"/desk/referrals/{one.id}").status_code == 404
        assert browser.get(f"/desk/referrals/{one.id}/papers/{paper}").status_code == 404
        for what in ("take", "back", "answer"):
            assert place.do(browser, one, what, reason="x", words="x") == 404
    assert place.of(case)[0].state == State.SENT
    assert ASKED[:8] not in world.browser("zhu").text("/desk/referrals")
    assert ASKED[:8] not in world.browser("sun").text("/desk/referrals")


def test_a_liaison_sees_the_papers_ticked_while_they_have_it_and_no_others(
    place: Referring,
) -> None:
    world = place.world
    case = place.accepted()
    ticked, kept = world.paper(case, path="gone"), world.paper(case, path="gone")
    place.refer(case, "教育局", papers=(ticked,))
    one, = place.of(case)
    browser = world.browser("jiao")
    page = browser.text(f"/desk/referrals/{one.id}")
    assert f"/papers/{ticked}" in page
    assert f"/papers/{kept}" not in page
    browser.get(f"/desk/referrals/{one.id}/papers/{ticked}")
    assert [entry.target_id for entry in world.audited("paper.read")] == [ticked]
    browser.get(f"/desk/referrals/{one.id}/papers/{kept}")
    assert len(world.audited("paper.read")) == 1
    assert place.do(browser, one, "answer", words="好了。") == 303
    page = browser.text(f"/desk/referrals/{one.id}")
    assert f"/papers/{ticked}" not in page
    assert "13800005678" not in page


def test_the_page_of_a_referral_tells_nothing_else_of_the_case(place: Referring) -> None:
    case = place.accepted(what="我家男人喝酒打人，我身上有伤")
    place.world.move(case, "li", "investigate", internal="邻居说的也一样")
    place.refer(case, "教育局")
    one, = place.of(case)
    browser = place.world.browser("jiao")
    for page in (browser.text("/desk/referrals"), browser.text(f"/desk/referrals/{one.id}")):
        assert not any(words in page for words in ("打人", "邻居", case.receipt, "临时救助"))


def test_everything_else_of_the_desk_is_closed_to_a_liaison(place: Referring) -> None:
    world = place.world
    case = place.accepted()
    paper = world.paper(case)
    place.refer(case, "教育局")
    browser = world.browser("jiao")
    browser.get("/desk/referrals")
    values = {"receipt": case.receipt, "attachment_id": str(paper), "move": "register"}
    tried = 0
    for route in listed(world.app):
        if route["audience"] != "desk" or "department" in route["roles"]:
            continue
        path = re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), str(route["path"])
        )
        for method in route["methods"]:
            answer = browser.get(path) if method == "GET" else browser.post(path, version="1")
            if (path, method) == ("/desk/", "GET"):
                assert answer.headers["Location"].endswith("/desk/referrals")
            else:
                assert answer.status_code == 404, (method, path)
            tried += 1
    assert tried > 10
    inside = {r["path"] for r in listed(world.app) if "department" in r["roles"]}
    assert all(path.startswith(("/desk/referrals", "/desk/alarms")) for path in inside)


def test_a_case_that_stays_is_also_referred(place: Referring) -> None:
    world = place.world
    case = place.accepted()
    browser = world.browser("li")
    path = f"/desk/cases/{case.receipt}/referred_also"
    page = browser.text(path)
    assert "这件事也请……帮着办，镇上这边照常办。" in html.unescape(page)
    form: dict[str, Any] = {
        "version": version_on(page), "words": ASKED, "internal": "已和何老师通过电话",
        "departments": [str(place.number["教育局"])],
    }
    assert browser.post(path, **form).status_code == 303
    assert browser.post(path, **form).status_code == 303
    now = world.now(case)
    assert (now.status, now.clock) == (Status.ACCEPTED, case.clock)
    assert len(place.of(case)) == 1
    kind, details, internal = place.events(case)[-1]
    assert (kind, details["departments"]) == (EventKind.REFERRED_ALSO, ["教育局"])
    assert internal == "已和何老师通过电话"
    assert place.pushes(Occasion.CASE_MOVED)[-1].details["kind"] == EventKind.REFERRED_ALSO
    # The same department is not asked twice.
    again = browser.post(path, **form | {"version": str(now.version), "words": "再请一次"})
    assert again.status_code == 422
    assert "手上已经有这件事了" in again.text
    assert "再请一次" in again.text
    assert len(place.of(case)) == 1


@pytest.mark.parametrize(("who", "code"), [("sun", 404), ("county", 404), ("chen", 303)])
def test_only_the_township_asks_also(place: Referring, who: str, code: int) -> None:
    case = place.accepted()
    browser = place.world.browser(who)
    browser.get("/desk/referrals")
    answer = browser.post(
        f"/desk/cases/{case.receipt}/referred_also", version=str(case.version), words=ASKED,
        departments=[str(place.number["教育局"])],
    )
    assert answer.status_code == code
    assert len(place.of(case)) == (1 if code == 303 else 0)


def test_the_township_calls_one_back_and_the_liaison_sees_it_no_more(place: Referring) -> None:
    world = place.world
    case = place.referred("教育局")
    one, = place.of(case)
    assert world.browser("jiao").get(f"/desk/referrals/{one.id}").status_code == 200
    path = f"/desk/cases/{case.receipt}"
    foreign, browser = world.browser("sun"), world.browser("li")
    browser.get(path)
    version = str(world.now(case).version)
    assert foreign.post(f"{path}/referrals/{one.id}/recall", version=version).status_code == 404
    browser.post(f"{path}/referrals/{one.id}/recall", version="1")
    assert place.of(case)[0].state == State.SENT
    browser.post(f"{path}/referrals/{one.id}/recall", version=version)
    assert place.of(case)[0].state == State.CALLED_OFF
    assert world.browser("jiao").get(f"/desk/referrals/{one.id}").status_code == 404
    assert f"{path}/register" in browser.text(path)
    other = place.referred("教育局")
    number = place.of(other)[0].id
    version = str(world.now(case).version)
    answer = browser.post(f"{path}/referrals/{number}/recall", version=version)
    assert answer.status_code == 404


def test_a_withdrawn_case_leaves_nothing_with_the_department(place: Referring) -> None:
    case = place.referred("教育局")
    place.world.move(case, "li", "withdraw", reason="本人说不办了")
    assert place.of(case)[0].state == State.CALLED_OFF
    assert "没有等着您办的" in place.world.browser("jiao").text("/desk/referrals")


def test_overdue_is_said_in_words_to_all_three(place: Referring) -> None:
    world = place.world
    case = place.referred("教育局")
    world.clock.at += timedelta(days=16)
    late = "已超期 2 个工作日（12月7日到期）"
    assert late in world.browser("jiao").text("/desk/referrals")
    assert late in world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert late in world.browser("li").text("/desk/referrals")
    page = world.browser("county").text("/desk/departments")
    row = page[page.index("教育局"):][:600]
    assert re.search(r'due-overdue"[^>]*><span[^>]*>!</span>1<', row)
    number = place.number["教育局"]
    assert late in world.browser("county").text(f"/desk/departments/{number}")


def test_reading_is_recorded(place: Referring) -> None:
    case = place.referred("教育局")
    one, = place.of(case)
    browser = place.world.browser("jiao")
    browser.text("/desk/referrals")
    browser.text(f"/desk/referrals/{one.id}")
    read, = place.world.audited("referral.read")
    assert (read.target_id, read.staff_id) == (one.id, place.world.staff["jiao"].id)
    assert any(str(one.id) in e.detail for e in place.world.audited("referrals.read"))
    assert not any("王秀英" in e.detail for e in place.world.audited("referral.sent"))
