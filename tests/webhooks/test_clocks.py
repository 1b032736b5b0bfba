"""Time goes by in the whole service: who is told on their phone, and what moves by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models import calendarwork
from models.cases import Case
from models.casework import make_move
from models.daysoff import read_notice
from models.people import Staff, view_of
from models.speaking import known_person
from models.statuses import Role, Status
from models.steps import Step
from models.submitting import Application, submit
from tests.models.test_daysoff import HEAD
from tests.service import COUNTY_STAFF, OFFICER, Phone, Service
from tests.service import HEAD as CHIEF


def handed_in(service: Service, phone: Phone) -> str:
    with service.ctx.db.begin() as session:
        person_id = known_person(service.ctx, session, "county", phone.openid)
        return submit(
            service.ctx, session,
            Application(
                "county", person_id, "b" * 32, "王秀英", "17000005678", False, "450799101200",
                "450799101200", None, False, None, "1:both", {"what": "房子漏了"},
            ),
        ).receipt


def move(service: Service, receipt: str, name: str, **more: object) -> None:
    with service.ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        officer = session.scalars(select(Staff).where(Staff.area == case.township)).first()
        assert officer is not None
        step = Step(name, case.version, unit="民政办", officer_id=officer.id, **more)
        make_move(service.ctx, session, view_of(officer), receipt, step)


def status(service: Service, receipt: str) -> str:
    with service.ctx.db.read() as session:
        return session.scalars(select(Case.status).where(Case.receipt == receipt)).one()


def got(phone: Phone, words: str) -> int:
    """How many messages of any kind with these words reached a phone."""
    return sum(words in text for text in phone.inbox("custom", "template", "reply"))


def test_time_tells_the_officer_the_head_and_the_county_on_their_phones(
    service: Service,
) -> None:
    officer, head, county = (service.staff(n) for n in (OFFICER, CHIEF, COUNTY_STAFF))
    for phone in (officer, head, county):
        phone.say("你好")
    wang = service.follower()
    receipt = handed_in(service, wang)
    move(service, receipt, "register")
    heard = []
    for _ in range(20):
        service.clock.advance(timedelta(days=1))
        for phone in (officer, head, county):
            phone.say("你好")
        service.drain()
        service.drain()
        heard.append(tuple(
            got(phone, words) for phone, words in (
                (officer, "快到期"), (officer, "过期了"), (head, "过期了"), (county, "过期了"),
            )
        ))
    assert heard[-1] == (1, 1, 1, 1)
    first = [next(day for day, row in enumerate(heard) if row[place]) for place in range(4)]
    assert first == sorted(first)
    assert len(set(first)) == 4
    assert got(wang, "过期了") == 0


def test_papers_that_never_come_end_kindly(service: Service) -> None:
    wang = service.follower()
    receipt = handed_in(service, wang)
    move(service, receipt, "register")
    move(service, receipt, "return", missing=("户口本",))
    for _ in range(36):
        service.clock.advance(timedelta(days=1))
        wang.say("你好")
        service.drain()
    assert status(service, receipt) == Status.WITHDRAWN
    assert got(wang, "补来就接着办") == 2
    assert got(wang, "您随时可以再来，接着帮您办。") == 1


def test_a_signed_notice_moves_the_promise_and_the_person_is_told(service: Service) -> None:
    service.clock.advance(timedelta(days=22))
    wang = service.follower()
    receipt = handed_in(service, wang)
    move(service, receipt, "register")
    move(service, receipt, "accept", scheme="dibao")
    words = HEAD + "一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。"
    with service.ctx.db.begin() as session:
        county = session.scalars(select(Staff).where(Staff.role == Role.COUNTY)).all()
        one, other = (view_of(member) for member in county)
        notice = calendarwork.put(
            service.ctx, session, one, read_notice(words), "某号", words
        )
        calendarwork.sign(service.ctx, session, other, notice.id)
    wang.say("你好")
    for _ in range(2):
        service.clock.advance(timedelta(minutes=1))
        service.drain()
    assert got(wang, "放假安排定了，日子跟着改了。") == 1
