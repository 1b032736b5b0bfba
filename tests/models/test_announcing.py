"""A new list is made known to its village's people: once, and to none who want no such word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models import announcing, wishes
from models.context import Context
from models.people import Identity, Person
from models.pushes import Push
from models.speaking import known_person
from models.submitting import Application, submit
from notices.occasions import spoken
from tests.models.county import county
from tests.notices.lists import DAWAN, DAWAN_VILLAGE, PEOPLE, XIAOWAN, csv_of, published
from tests.service import Clock


@pytest.fixture
def made(database: str, tmp_path: Path) -> Iterator[tuple[Context, Clock]]:
    ctx, clock = county(database, tmp_path)
    yield ctx, clock
    ctx.db.close()


@pytest.fixture
def ctx(made: tuple[Context, Clock]) -> Context:
    return made[0]


def villager(ctx: Context, openid: str, village: str = DAWAN_VILLAGE, **more: Any) -> int:
    with ctx.db.begin() as session:
        person = known_person(ctx, session, "county", openid)
        session.flush()
        submit(ctx, session, Application(**{
            "account": "county", "person_id": person, "bundle": f"{abs(hash(openid)):032x}"[:32],
            "phone": "17000005678", "incident": None, "on_behalf": False, "scheme": None,
            "consent_version": "1:both", "answers": {"what": "家里难"}, "urgent": False,
            "name": "王秀英", "living": village, "home": village, **more,
        }))
        session.query(Identity).filter(Identity.person_id == person).update({"followed": True})
        return person


def told(ctx: Context) -> dict[int, int]:
    with ctx.db.read() as session:
        query = select(Push.person_id, func.count()).where(Push.occasion == "notice_new")
        return {row[0]: row[1] for row in session.execute(query.group_by(Push.person_id))}


def assistants(ctx: Context) -> set[int]:
    with ctx.db.read() as session:
        return set(session.scalars(announcing._people(ctx, DAWAN_VILLAGE)))


def test_its_own_village_hears_of_it_once(ctx: Context) -> None:
    before = assistants(ctx)
    own, other = villager(ctx, "o-own"), villager(ctx, "o-other", XIAOWAN)
    for_them = villager(ctx, "o-for-them", on_behalf=True)
    silent, gone = villager(ctx, "o-silent"), villager(ctx, "o-gone")
    with ctx.db.begin() as session:
        wishes.change(ctx, session, silent, "chat", campaigns=False)
        session.query(Identity).filter(Identity.person_id == gone).update({"followed": False})
    published(ctx)
    assert announcing.announce(ctx) == 1 + len(before)
    assert told(ctx) == dict.fromkeys([own, *before], 1)
    assert not {other, for_them, silent, gone} & set(told(ctx))
    assert announcing.announce(ctx) == 0
    assert told(ctx)[own] == 1
    with ctx.db.read() as session:
        push = session.scalars(select(Push).where(Push.person_id == own, Push.key.like("new:%")))
        one = push.one()
        said = spoken(ctx, one.occasion, one.details, one.township or "", "")
    assert said.title == "大湾村有新的公示"
    assert "大湾镇大湾村最低生活保障长期公示" in said.body
    assert "看公示" in said.body
    assert "退订" in said.body
    assert not said.template
    assert not any(person[1] in said.title + said.body for person in PEOPLE)


def test_one_word_a_day_however_many_lists(ctx: Context) -> None:
    own = villager(ctx, "o-own")
    published(ctx)
    published(ctx, kind="payment")
    announcing.announce(ctx)
    assert told(ctx)[own] == 1


def test_a_township_s_list_reaches_each_of_its_villages(ctx: Context) -> None:
    own, other = villager(ctx, "o-own"), villager(ctx, "o-other", XIAOWAN)
    published(ctx, csv_of(), DAWAN)
    announcing.announce(ctx)
    assert told(ctx).keys() >= {own, other}


def test_a_correction_and_an_old_list_are_no_news(made: tuple[Context, Clock]) -> None:
    ctx, clock = made
    own = villager(ctx, "o-own")
    published(ctx)
    clock.advance(announcing.LATELY + timedelta(hours=1))
    announcing.announce(ctx)
    assert own not in told(ctx)
    # The next version of the standing list, with nobody new on it.
    published(ctx, notice_id=1, reason="换新")
    announcing.announce(ctx)
    assert own not in told(ctx)


def test_it_goes_on_where_it_stopped(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [villager(ctx, f"o-{n}") for n in range(5)]
    published(ctx)
    monkeypatch.setattr(announcing, "BATCH", 2)
    rounds = iter([False, True])
    announcing.announce(ctx, lambda: next(rounds, True))
    begun = told(ctx)
    assert 0 < len(begun) < len(people)
    announcing.announce(ctx)
    assert set(told(ctx)) >= set(people)
    assert set(told(ctx).values()) == {1}
    with ctx.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) >= len(people)
