"""From the invitation to the first report and the first look in, over HTTP, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import signin
from models.cases import Attachment, Case
from models.people import Staff
from models.statuses import Role, Status
from models.visits import Visit
from tests.notices.lists import of_village, published
from tests.service import HEAD, Phone, Service
from tests.webhooks.pages import Browser, moved, photo

DAWAN, QIAOTOU = "450799101200", "450799101202"
REPORT = (
    "报一户", "黄阿婆", "三组，老粮站后面", "老人一个人住，前天摔了，灶台是冷的", "2",
    "还没跟她说", "没有", "完成", "对",
)


def invited(service: Service, village: str = DAWAN, name: str = "韦秀兰") -> str:
    """Somebody is invited to be an assistant; the code."""
    with service.ctx.db.begin() as db:
        member = Staff(
            name=name, name_key=service.ctx.keys.lookup("name", name), role=Role.ASSISTANT,
            area=village, created_at=service.ctx.now(),
        )
        db.add(member)
        db.flush()
        return signin.new_code(service.ctx, db, "bind", staff_id=member.id)


@pytest.fixture
def service(service_on_either: Service) -> Service:
    return service_on_either


@pytest.fixture
def assistant(service: Service) -> Phone:
    phone = service.follower("韦秀兰")
    said = phone.say(f"绑定 {invited(service)}")
    assert "大湾村协理员" in said
    assert re.search(r'<a href="[^"]+/m/village[^"]*">打开村里的事</a>', said)
    return phone


def helped(service: Service, village: str = DAWAN, name: str = "覃水根") -> str:
    """A household of the village that is helped and has somebody old; its receipt."""
    phone = service.follower(name)
    phone.talk(
        "我腰伤了两个月，地里的活干不了，没钱过日子", "还能撑几天",
        "大湾村" if village == DAWAN else "桥头村", "在", "1口人，老人", "1", name, "没有",
        "没有", "同意", "对",
    )
    with service.ctx.db.begin() as db:
        case = db.scalars(select(Case).order_by(Case.id.desc())).first()
        assert case is not None
        assert case.name == name
        case.status = Status.ASSISTED
        return case.receipt


def test_from_the_invitation_to_the_first_report(service: Service, assistant: Phone) -> None:
    """Nine messages; the report stands on the village's page, and the township has it."""
    said = assistant.talk(*REPORT)
    browser = Browser(service, assistant)
    page = browser.open("/m/village")
    assert browser.status == 200
    for words in ("大湾村", "黄阿婆", "已经报到镇上，等着登记", "报一户"):
        assert words in page, words
    with service.ctx.db.read() as db:
        case = db.scalars(select(Case)).one()
        assert case.receipt in said
        assert case.receipt in page
    moved(service, case.receipt, "register")
    service.drain()
    assert "镇上在办" in browser.open("/m/village")
    told = "\n".join(assistant.inbox("custom", "template"))
    assert "您替别人说的事" in told
    assert "民政办" not in told


def test_of_harm_only_the_number_and_the_day_are_shown_to_who_told(
    service: Service, assistant: Phone
) -> None:
    """It had vanished: nothing said that it had come in. A colleague sees nothing of it."""
    told = assistant.talk(*REPORT[:3], "孩子挨打，浑身是伤", *REPORT[4:])
    with service.ctx.db.read() as db:
        case = db.scalars(select(Case)).one()
        assert case.receipt in told
    page = Browser(service, assistant).open("/m/village")
    assert f"{case.receipt}</span>" in page
    assert "收到了，镇上在管" in page
    for words in ("黄阿婆", "挨打", "孩子"):
        assert words not in page, words
    other = service.follower("莫大山")
    other.say(f"绑定 {invited(service, name='莫大山')}")
    assert case.receipt not in Browser(service, other).open("/m/village")


def test_an_urgent_report_rings_at_the_head_and_the_officers(
    service: Service, assistant: Phone
) -> None:
    """At once, as urgent, and with the county's limit for urgent matters running."""
    # Within two days of a message the platform lets us write back.
    heads, officer = service.staff(HEAD), service.staff()
    heads.say("菜单")
    officer.say("菜单")
    assistant.talk(*REPORT[:4], "1", *REPORT[5:])
    service.drain()
    for phone in (heads, officer):
        assert "急：有一件等不得的求助" in "\n".join(phone.inbox("custom", "template"))
    with service.ctx.db.read() as db:
        assert db.scalars(select(Case)).one().clock == "urgent_registration"


def test_a_look_in_is_three_taps(service: Service, assistant: Phone) -> None:
    """The household, what was found, done; it leaves the list, and its photo is with the case."""
    receipt = helped(service)
    service.clock.advance(timedelta(days=31))
    browser = Browser(service, assistant)
    page = browser.open("/m/village")
    assert "覃水根" in page
    assert "一个人住、有老人" in page
    assert "31 天没人去过了" in page
    page = browser.open(f"/m/village/visits/{receipt}")
    assert "大湾镇大湾村" in page
    for words in ("低保", "救助中", "每月"):
        assert words not in page
    browser.post(f"visits/{receipt}", files=[("门口.jpg", photo())], **{"choice-found": "harder"})
    assert "也告诉镇上了" in browser.text
    assert "覃水根" not in browser.text
    with service.ctx.db.read() as db:
        case = db.scalars(select(Case).where(Case.receipt == receipt)).one()
        assert case.call == "visit_harder"
        assert db.scalars(select(Visit)).one().found == "harder"
        assert db.scalars(select(Attachment).where(Attachment.bundle == case.bundle)).one()


def test_what_is_missing_is_said_and_what_was_written_stays(
    service: Service, assistant: Phone
) -> None:
    receipt = helped(service)
    browser = Browser(service, assistant)
    browser.open(f"/m/village/visits/{receipt}")
    browser.post(f"visits/{receipt}", **{"words-words": "门锁着"})
    assert browser.status == 400
    assert "请点一下看下来怎么样" in browser.text
    assert "门锁着" in browser.text
    browser.post(f"visits/{receipt}", **{"choice-found": "absent", "words-words": "门锁着"})
    assert "记下了" in browser.text


def test_nothing_of_another_village(service: Service, assistant: Phone) -> None:
    """Neither on the list nor by its address, whatever is posted."""
    receipt = helped(service, QIAOTOU)
    service.clock.advance(timedelta(days=40))
    browser = Browser(service, assistant)
    assert "覃水根" not in browser.open("/m/village")
    browser.open(f"/m/village/visits/{receipt}")
    assert browser.status == 404


def test_what_hangs_in_the_village_is_named(service: Service, assistant: Phone) -> None:
    browser = Browser(service, assistant)
    assert "正在公示" not in browser.open("/m/village")
    published(service.ctx)
    published(service.ctx, of_village("桥头村"), QIAOTOU)
    page = browser.open("/m/village")
    assert "正在公示的 1 份" in page
    assert "大湾村最低生活保障长期公示" in page
    assert "桥头村" not in page
    number = re.search(r"/m/notices/(\d+)/450799101200", page)
    assert number
    assert "王秀英" in browser.open(number[0]), "signed in, the assistant sees its rows"


def test_whoever_leaves_is_out_at_once(service: Service, assistant: Phone) -> None:
    """The open page's next tap finds nothing, and the successor finds the reports."""
    assistant.talk(*REPORT)
    browser = Browser(service, assistant)
    assert "黄阿婆" in browser.open("/m/village")
    with service.ctx.db.begin() as db:
        post = db.scalars(select(Staff).where(Staff.role == Role.ASSISTANT)).one()
        post.left_at = service.ctx.now()
    browser.open("/m/village")
    assert browser.status == 404
    follower = service.follower("陆永贵")
    follower.say(f"绑定 {invited(service, name='陆永贵')}")
    page = Browser(service, follower).open("/m/village")
    assert "黄阿婆" in page


def test_a_resident_finds_no_such_page(service: Service) -> None:
    browser = Browser(service, service.follower())
    browser.open("/m/village")
    assert browser.status == 404


def test_a_code_is_for_one_use(service: Service, assistant: Phone) -> None:
    """Used twice, or made up: a clear sentence."""
    code = invited(service, QIAOTOU)
    assert "桥头村协理员" in assistant.say(f"绑定 {code}")
    assert "用过了" in service.follower("张小梅").say(f"绑定 {code}")
    page = Browser(service, assistant).open("/m/village")
    assert "大湾村" in page
    assert "桥头村" in page
