"""Many rows at once: in their order, sealed, all or none; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.bulk import BATCH, add_rows
from models.context import Context
from models.people import Identity, Person

MANY = 2 * BATCH + 7


def identities(ctx: Context, person: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "account": "county", "openid": f"o-陈\t\\N\n{n}", "person_id": person,
            "followed": n % 2,
            "openid_key": ctx.keys.lookup("openid", f"bulk-{n}"), "created_at": ctx.now(),
        }
        for n in range(count)
    ]


def someone(ctx: Context) -> int:
    with ctx.db.begin() as session:
        person = Person(created_at=ctx.now())
        session.add(person)
        session.flush()
        return person.id


def test_they_come_back_as_they_went_in_and_in_their_order(ctx: Context) -> None:
    person = someone(ctx)
    rows = identities(ctx, person, MANY)
    with ctx.db.begin() as session:
        add_rows(session, Identity, rows)
    with ctx.db.read() as session:
        query = select(Identity).where(Identity.person_id == person).order_by(Identity.id)
        found = session.scalars(query).all()
    assert [one.openid for one in found] == [row["openid"] for row in rows]
    assert [one.created_at for one in found] == [row["created_at"] for row in rows]
    assert [one.followed for one in found[:2]] == [False, True]
    with ctx.db.read() as session:
        stored = session.execute(text("SELECT openid FROM identities")).scalars().all()
    assert not any("陈".encode() in bytes(one) for one in stored)


def test_all_of_them_or_none(ctx: Context) -> None:
    person = someone(ctx)
    rows = identities(ctx, person, MANY)
    rows[-1]["openid_key"] = rows[0]["openid_key"]
    with pytest.raises((IntegrityError, UniqueViolation)), ctx.db.begin() as session:
        add_rows(session, Identity, rows)
    with ctx.db.read() as session:
        count = session.scalar(select(func.count()).where(Identity.person_id == person))
    assert count == 0
