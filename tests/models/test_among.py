"""One parameter for many numbers, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from models.among import among
from models.context import Context
from models.people import Person

MORE = 40_000  # than either database takes parameters


@pytest.mark.parametrize("picked", [0, 1, 3])
def test_it_finds_these_and_no_others(ctx: Context, picked: int) -> None:
    with ctx.db.read() as session:
        there = list(session.scalars(select(Person.id).order_by(Person.id)))
        some = there[:picked]
        found = session.scalars(select(Person.id).where(among(Person.id, some)).order_by(Person.id))
        assert list(found) == some
        rest = session.scalars(select(Person.id).where(~among(Person.id, some)).order_by(Person.id))
        assert list(rest) == there[picked:]


def test_it_is_one_statement_however_many_there_are(ctx: Context) -> None:
    said: list[str] = []
    event.listen(ctx.db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    with ctx.db.read() as session:
        for numbers in ([7], range(9), range(-MORE, 0)):
            session.scalars(select(Person.id).where(among(Person.id, numbers))).all()
    asked = [one for one in said if "FROM people" in one]
    assert len(asked) == 3
    assert len(set(asked)) == 1
