"""What people wish for themselves: kept once, on the audit log, and after a join the stricter."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from models import joining, wishes
from models.audit import AuditEntry
from models.context import Context
from models.people import Code, Person
from models.quiet import Quiet, read_quiet

HERE = ZoneInfo("Asia/Shanghai")


def person(ctx: Context) -> int:
    with ctx.db.begin() as session:
        someone = Person(created_at=ctx.now())
        session.add(someone)
        session.flush()
        return someone.id


def wish(ctx: Context, who: int, **wished: object) -> tuple[str, ...]:
    with ctx.db.begin() as session:
        return wishes.change(ctx, session, who, "chat", **wished)


def wished(ctx: Context, who: int) -> wishes.Wished:
    with ctx.db.read() as session:
        return wishes.of(session, who)


def logged(ctx: Context, who: int) -> list[str]:
    query = select(AuditEntry.detail).where(
        AuditEntry.action == "wishes.change", AuditEntry.person_id == who
    )
    with ctx.db.read() as session:
        return list(session.scalars(query.order_by(AuditEntry.id)))


def join(ctx: Context, gone: int, kept: int) -> None:
    with ctx.db.begin() as session:
        session.add(
            Code(
                code_key=ctx.keys.lookup("code", f"{kept:08}"), purpose="join", person_id=kept,
                created_at=ctx.now(), expires_at=ctx.now().replace(year=2100),
            )
        )
    with ctx.db.begin() as session:
        assert joining.join(ctx, session, gone, f"{kept:08}") == kept


def test_who_never_said_anything_wished_for_nothing(ctx: Context) -> None:
    assert wished(ctx, person(ctx)) == wishes.Wished(True, None, None, "")


def test_a_wish_is_kept_once_and_logged_without_the_number(ctx: Context) -> None:
    who = person(ctx)
    assert wish(ctx, who, campaigns=False, phone="13800005678", sms=True)
    assert wish(ctx, who, campaigns=False) == ()
    assert wish(ctx, who, quiet=Quiet(20, 7), big_type=True) == (
        "big_type", "quiet_from", "quiet_until",
    )
    assert wished(ctx, who) == wishes.Wished(False, Quiet(20, 7), True, "13800005678")
    first, second = logged(ctx, who)
    assert '"phone"' in first
    assert "13800005678" not in first
    assert '"way": "chat"' in second
    assert wish(ctx, who, quiet=None)
    assert wished(ctx, who).quiet is None


def test_people_are_filtered_in_bulk(ctx: Context) -> None:
    yes, no, silent = (person(ctx) for _ in range(3))
    wish(ctx, yes, campaigns=True, sms=True)
    wish(ctx, no, campaigns=False)
    query = select(Person.id).where(
        Person.id.in_((yes, no, silent)), ~wishes.refuses_campaigns(Person.id)
    )
    with ctx.db.read() as session:
        assert set(session.scalars(query)) == {yes, silent}


@pytest.mark.parametrize("first", [True, False])
def test_after_a_join_a_no_of_either_stays(ctx: Context, first: bool) -> None:
    gone, kept = person(ctx), person(ctx)
    said, other = (gone, kept) if first else (kept, gone)
    wish(ctx, said, campaigns=False, sms=False, quiet=Quiet(22, 6))
    wish(ctx, other, sms=True, phone="13900001234", big_type=True, locale="en")
    join(ctx, gone, kept)
    assert wished(ctx, kept) == wishes.Wished(False, Quiet(22, 6), False, "13900001234")
    assert wished(ctx, gone) == wishes.Wished()
    with ctx.db.read() as session:
        row = session.get_one(Person, kept)
        assert (row.locale, row.big_type) == ("en", True)


def test_wishes_move_where_the_other_never_said_any(ctx: Context) -> None:
    gone, kept = person(ctx), person(ctx)
    wish(ctx, gone, campaigns=False)
    join(ctx, gone, kept)
    assert not wished(ctx, kept).campaigns


@pytest.mark.parametrize(
    ("quiet", "hour", "until"),
    [
        (Quiet(21, 8), 20, None), (Quiet(21, 8), 21, (24, 8)), (Quiet(21, 8), 3, (23, 8)),
        (Quiet(21, 8), 8, None), (Quiet(0, 0), 3, None), (Quiet(12, 14), 13, (23, 14)),
        (Quiet(12, 14), 14, None),
    ],
)
def test_quiet_is_over_at_its_hour(quiet: Quiet, hour: int, until: tuple[int, int] | None) -> None:
    now = datetime(2026, 11, 23, hour, 30, tzinfo=HERE).astimezone(UTC)
    over = until and datetime(2026, 11, until[0], until[1], tzinfo=HERE)
    assert quiet.over_at(now, HERE) == over


@pytest.mark.parametrize("text", ["", "21", "21-24", "21-x", "-8", "night", "9-10-11"])
def test_what_are_no_hours(text: str) -> None:
    assert read_quiet(text) is None
    assert read_quiet("21-8") == Quiet(21, 8)
    assert read_quiet("none") == Quiet(0, 0)
