"""An article handed to followers: counted before, signed, in parts, once, and counted after."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models import articles, joining, massing, noticesigning, signin, wishes
from models.articles import Article
from models.leases import Lease
from models.masses import Mass, MassPart, MassPerson, Stage, State
from models.people import Person
from models.policy import NotAllowed
from models.quiet import Quiet
from models.steps import MoveRefused
from notices import articles as writing
from notices import forgetting
from notices import massing as sending
from notices.channel import CODES
from tests.notices.lists import DAWAN_VILLAGE, published, staff
from tests.service import FOREIGN_OFFICER, HEAD, OFFICER, OTHER_OFFICER, Phone, Service
from tests.webhooks.callbacks import ANSWERS

API = "message/mass/send"


@pytest.fixture
def service(service_on_either: Service) -> Service:
    """On both: parts are claimed and counted under locks."""
    return service_on_either


def households(service: Service, *names: str, first: int = 0) -> list[Phone]:
    """People of 大湾村 who asked for help in chat."""
    found = []
    for number, name in enumerate(names or ("王秀英", "李桂花", "覃月娥"), start=first):
        phone = service.follower(name)
        phone.say("我要求助")
        for answer in ANSWERS:
            phone.say(answer.replace("王秀英 17000005678", f"{name} 1700000567{number}"))
        found.append(phone)
    return found


def listed(service: Service) -> int:
    """A live list of the village, its article drafted; the version's number."""
    number = published(service.ctx, area=DAWAN_VILLAGE)
    writing.tend(service.ctx)
    return number


def act(service: Service, what: Any, number: int, who: int = OFFICER) -> Any:
    with service.ctx.db.begin() as session:
        return what(service.ctx, session, staff(service.ctx, who), number)


def offer(service: Service) -> massing.Offer:
    with service.ctx.db.read() as session:
        article = session.scalars(select(Article)).one()
        return massing.offer(service.ctx, session, article)


def state(service: Service) -> str:
    with service.ctx.db.read() as session:
        return session.scalars(select(Mass)).one().state


def parts(service: Service) -> list[MassPart]:
    with service.ctx.db.read() as session:
        return massing.parts(session, session.scalars(select(Mass.id)).one())


def counted(service: Service) -> MassPart:
    """The only part, once the platform has told what came of it."""
    until = time.monotonic() + 5
    while (part := parts(service)[0]).stage != Stage.COUNTED and time.monotonic() < until:
        time.sleep(0.05)
    return part


def settle(service: Service, part: str, **changes: Any) -> None:
    """Another setting, in the running service."""
    settings = service.ctx.settings
    object.__setattr__(settings, part, replace(getattr(settings, part), **changes))


def got(phone: Phone) -> int:
    return len(phone.inbox("mass"))


def test_it_reaches_the_place_s_people_once_and_says_what_came_of_it(service: Service) -> None:
    people = households(service)
    stranger = service.follower("路过的")
    number = listed(service)
    assert offer(service) == massing.Offer(people=3, refused=0, away=0, full=0, calls=0)
    assert act(service, massing.ask, number) is State.RUNNING
    sending.tend(service.ctx)
    part = counted(service)
    assert (part.people, part.total, part.left, part.reached, part.errors) == (3, 3, 3, 3, 0)
    assert part.status == "send success"
    sending.tend(service.ctx)
    assert state(service) == State.DONE
    assert [got(phone) for phone in people] == [1, 1, 1]
    assert got(stranger) == 0
    # The article's own draft is still there: publishing it is another matter.
    act(service, articles.ask, number)
    with pytest.raises(MoveRefused):
        act(service, massing.ask, number)


def test_the_platform_s_own_word_makes_no_person(service: Service) -> None:
    households(service)
    number = listed(service)
    with service.ctx.db.read() as session:
        before = session.scalar(select(func.count()).select_from(Person))
    act(service, massing.ask, number)
    sending.tend(service.ctx)
    counted(service)
    with service.ctx.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == before


def test_who_wants_none_and_who_left_are_left_out_and_counted_before(service: Service) -> None:
    people = households(service, "王秀英", "李桂花", "覃月娥", "韦金凤")
    people[0].say("退订")
    people[1].act(unfollow=True)
    number = listed(service)
    assert offer(service) == massing.Offer(people=2, refused=1, away=1, full=0, calls=0)
    act(service, massing.ask, number)
    sending.tend(service.ctx)
    assert counted(service).people == 2
    assert [got(phone) for phone in people] == [0, 0, 1, 1]


def test_who_leaves_after_it_was_asked_is_not_written_to(service: Service) -> None:
    people = households(service)
    number = listed(service)
    with service.ctx.db.begin() as session:
        session.add(made := Mass(
            article_id=session.scalars(select(Article.id)).one(), account="county",
            area=DAWAN_VILLAGE, state=State.RUNNING, counted=3, refused=0, away=0, full=0,
            asked_by=staff(service.ctx, OFFICER).id, asked_at=service.ctx.now(),
            begun_at=service.ctx.now(),
        ))
        session.flush()
        sending._part(service.ctx, session, made.id)
    people[0].say("退订")
    sending.tend(service.ctx)
    assert counted(service).people == 2
    assert [got(phone) for phone in people] == [0, 1, 1]
    assert number


def test_who_has_had_the_month_s_share_is_left_out_before(service: Service) -> None:
    people = households(service)
    settle(service, "campaigns", monthly_articles=1)
    act(service, massing.ask, listed(service))
    sending.tend(service.ctx)
    counted(service)
    with service.ctx.db.read() as session:
        article = session.scalars(select(Article)).one()
        found = massing.offer(service.ctx, session, article)
    assert found == massing.Offer(people=0, refused=0, away=0, full=3, calls=1)
    new = households(service, "韦金凤", "黄志明", first=5)
    second = published(service.ctx, area=DAWAN_VILLAGE, kind="proposed")
    writing.tend(service.ctx)
    assert act(service, massing.ask, second) is State.RUNNING
    sending.tend(service.ctx)
    assert [got(phone) for phone in (*people, *new)] == [1, 1, 1, 1, 1]
    service.clock.advance(timedelta(days=31))
    with service.ctx.db.read() as session:
        assert massing.offer(service.ctx, session, article).people == 5


def test_many_are_signed_by_another_head_or_the_county(service: Service) -> None:
    people = households(service)
    settle(service, "campaigns", sign_above=2)
    number = listed(service)
    assert act(service, massing.ask, number, HEAD) is State.SIGNING
    sending.tend(service.ctx)
    assert parts(service) == []
    with pytest.raises(NotAllowed):
        act(service, massing.sign, number, OTHER_OFFICER)
    with pytest.raises(NotAllowed):
        act(service, massing.sign, number, HEAD)
    with pytest.raises(LookupError):
        act(service, massing.stop, number, FOREIGN_OFFICER)
    county = next(i for i in range(20) if staff(service.ctx, i).role == "county")
    act(service, massing.sign, number, county)
    sending.tend(service.ctx)
    counted(service)
    assert [got(phone) for phone in people] == [1, 1, 1]


def test_more_than_one_call_takes_go_in_parts_of_a_size(
    service: Service, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "MOST", 3)
    people = households(service, "王秀英", "李桂花", "覃月娥", "韦金凤", "黄志明")
    act(service, massing.ask, listed(service))
    for _ in range(2):
        sending.tend(service.ctx)
    assert [part.people for part in parts(service)] == [3, 2]
    assert state(service) == State.DONE
    assert [got(phone) for phone in people] == [1, 1, 1, 1, 1]


def test_one_person_is_too_few_and_is_said(service: Service) -> None:
    households(service, "王秀英")
    with pytest.raises(MoveRefused) as refused:
        act(service, massing.ask, listed(service))
    assert refused.value.reason == massing.TOO_FEW


def test_a_worker_that_died_after_the_call_repeats_it_to_nobody(service: Service) -> None:
    people = households(service)
    act(service, massing.ask, listed(service))
    sending.tend(service.ctx)
    first = counted(service)
    with service.ctx.db.begin() as session:
        part = session.get_one(MassPart, first.id)
        part.stage, part.msg_id, part.sent_at = Stage.DRAFTED, "", None
        part.next_try_at = service.ctx.now()
        session.get_one(Mass, part.mass_id).state = State.RUNNING
    # Sooner than a minute the platform calls it too fast; then it names the number it had.
    for _ in range(2):
        sending.tend(service.ctx)
        service.clock.advance(timedelta(minutes=2))
    sending.tend(service.ctx)
    assert parts(service)[0].msg_id == first.msg_id
    assert [got(phone) for phone in people] == [1, 1, 1]


@pytest.mark.parametrize("errcode", [-1, 45009, 45011, 48001])
def test_what_holds_it_up_lets_it_go_later(service: Service, errcode: int) -> None:
    people = households(service)
    act(service, massing.ask, listed(service))
    service.fault(api=API, errcode=errcode, times=1)
    sending.tend(service.ctx)
    sending.tend(service.ctx)
    part = parts(service)[0]
    assert (part.stage, part.reason) == (Stage.DRAFTED, CODES[errcode].words)
    service.clock.advance(timedelta(hours=2))
    sending.tend(service.ctx)
    counted(service)
    assert [got(phone) for phone in people] == [1, 1, 1]


def test_a_draft_that_somebody_deleted_is_made_again(service: Service) -> None:
    people = households(service)
    act(service, massing.ask, listed(service))
    service.fault(api=API, errcode=40007, times=1)
    sending.tend(service.ctx)
    counted(service)
    assert len(service.calls("draft/add")) == 3  # the article's own, and two of the part
    assert [got(phone) for phone in people] == [1, 1, 1]


def test_nothing_goes_out_at_night_nor_to_who_rests(service: Service) -> None:
    people = households(service)
    act(service, massing.ask, listed(service))
    settle(service, "pushes", quiet="21-8")
    service.clock.advance(timedelta(hours=13))
    sending.tend(service.ctx)
    assert parts(service) == []
    with service.ctx.db.begin() as session:
        first = session.scalars(massing.open_to(service.ctx, "county", DAWAN_VILLAGE)).first()
        assert first is not None
        wishes.change(service.ctx, session, first, "chat", quiet=Quiet(0, 12))
    service.clock.advance(timedelta(hours=12))
    sending.tend(service.ctx)
    assert (parts(service)[0].people, state(service)) == (2, State.DONE)
    assert sum(got(phone) for phone in people) == 2


def test_a_list_that_is_taken_down_goes_to_nobody_more(service: Service) -> None:
    people = households(service)
    number = listed(service)
    act(service, massing.ask, number)
    with service.ctx.db.begin() as session:
        noticesigning.take_down(service.ctx, session, staff(service.ctx, HEAD), number, "名单要改")
    sending.tend(service.ctx)
    assert state(service) == State.STOPPED
    assert [got(phone) for phone in people] == [0, 0, 0]


def test_stopping_holds_for_what_has_not_gone(service: Service) -> None:
    people = households(service)
    number = listed(service)
    act(service, massing.ask, number)
    service.fault(api=API, errcode=-1, times=1)
    sending.tend(service.ctx)
    act(service, massing.stop, number)
    service.clock.advance(timedelta(hours=2))
    sending.tend(service.ctx)
    assert [got(phone) for phone in people] == [0, 0, 0]
    assert (state(service), parts(service)[0].stage) == (State.STOPPED, Stage.FAILED)


def finished(service: Service, msg_id: str, *counts: int, status: str = "send success") -> bool:
    with service.ctx.db.begin() as session:
        return massing.finished(service.ctx, session, "county", msg_id, status, counts)


def test_events_that_come_early_late_twice_or_of_nothing(service: Service) -> None:
    households(service)
    act(service, massing.ask, listed(service))
    sending.tend(service.ctx)
    part = counted(service)
    assert not finished(service, part.msg_id, 9, 9, 9, 9, status="err(10001)")
    assert parts(service)[0].reached == 3
    assert not finished(service, "no-such", 1, 1, 1, 0)
    with service.ctx.db.begin() as session:
        again = session.get_one(MassPart, part.id)
        again.stage, again.msg_id = Stage.DRAFTED, ""
        said = ("send fail", (3, 2, 1, 1))
        assert not massing.finished(service.ctx, session, "county", "777", *said)
        massing.taken(service.ctx, session, again, "777")
        assert (again.stage, again.status, again.left, again.reached, again.errors) == (
            Stage.COUNTED, "send fail", 2, 1, 1,
        )


def test_two_chats_that_become_one_person_have_had_it_once(service: Service) -> None:
    people = households(service)
    act(service, massing.ask, listed(service))
    sending.tend(service.ctx)
    counted(service)
    with service.ctx.db.begin() as session:
        first, second, _ = session.scalars(select(MassPerson.person_id)).all()
        code = signin.new_code(service.ctx, session, "join", person_id=first)
        assert joining.join(service.ctx, session, second, code) == first
    with service.ctx.db.read() as session:
        mass = session.scalars(select(Mass)).one()
        assert sending._left(service.ctx, session, mass) == []
    assert [got(phone) for phone in people] == [1, 1, 1]


def test_who_was_in_it_is_forgotten_and_how_many_is_not(service: Service) -> None:
    households(service)
    act(service, massing.ask, listed(service))
    sending.tend(service.ctx)
    assert not finished(service, "early", 3, 3, 3, 0)
    counted(service)
    service.clock.advance(timedelta(days=71))
    forgetting.purge(service.ctx)
    with service.ctx.db.read() as session:
        assert session.scalars(select(MassPerson)).all() == []
        assert session.scalars(select(Lease).where(Lease.name.startswith("early"))).all() == []
    assert (parts(service)[0].people, parts(service)[0].reached) == (3, 3)
