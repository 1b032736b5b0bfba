"""The audit log: chained in order, and every change to what was chained is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update

from models import audit, migrate
from models.audit import AuditEntry
from models.sealed import KeyRing
from models.session import Database
from tests.service import MORNING, Service
from tests.webhooks.test_main_job import apply, move

# One test below looks for the cursor itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*ServerCursor:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    made = Database(database, KeyRing.parse(KeyRing.generate()))
    migrate.upgrade(made)
    yield made
    made.close()


def write(db: Database, count: int, first: int = 0) -> None:
    with db.begin() as session:
        for number in range(first, first + count):
            audit.record(
                session, MORNING + timedelta(seconds=number), "case.accept", "case", number,
                before="登记", number=number,
            )


def chain(db: Database) -> int:
    with db.begin() as session:
        return audit.chain(session)


def verify(db: Database) -> int | None:
    with db.read() as session:
        return audit.verify(session)


def test_rows_are_chained_once_and_in_order(db: Database) -> None:
    assert verify(db) is None
    assert chain(db) == 0
    write(db, 5)
    with db.read() as session:
        assert audit.unchained(session) == 5
    assert chain(db) == 5
    assert chain(db) == 0
    write(db, 3, first=5)
    assert chain(db) == 3
    assert verify(db) is None
    with db.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.place)).all()
        assert [row.place for row in rows] == list(range(1, 9))
        assert len({row.hash for row in rows}) == 8


def test_a_long_log_is_chained_in_batches(db: Database) -> None:
    write(db, audit.BATCH + 10)
    assert [chain(db), chain(db), chain(db)] == [audit.BATCH, 10, 0]
    assert verify(db) is None


CHANGES = {
    "at": MORNING, "action": "case.refuse", "target": "paper", "target_id": 99,
    "detail": '{"before": "登记", "number": 2} ', "hash": bytes(32),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_row_is_found_at_its_place(column: str, db: Database) -> None:
    write(db, 5)
    chain(db)
    with db.begin() as session:
        session.execute(
            update(AuditEntry).where(AuditEntry.place == 3).values({column: CHANGES[column]})
        )
    assert verify(db) == 3


@pytest.mark.parametrize("column", ["staff_id", "person_id"])
def test_a_row_given_to_somebody_else_is_found(column: str, service: Service) -> None:
    apply(service)
    service.staff().say("你好")
    db = service.ctx.db
    write(db, 5)
    chain(db)
    with db.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.place == 3).values({column: 1}))
    assert verify(db) == 3


def test_a_broken_chain_leaves_no_cursor_behind(postgres: Callable[[], str]) -> None:
    made = Database(postgres(), KeyRing.parse(KeyRing.generate()))
    migrate.upgrade(made)
    write(made, 5)
    chain(made)
    with made.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.place == 2).values(action="x"))
    with made.read() as session:
        assert audit.verify(session) == 2
        opened = session.scalar(text("SELECT count(*) FROM pg_cursors"))
    made.close()
    assert opened == 0


def test_a_row_taken_out_of_the_middle_is_found(db: Database) -> None:
    write(db, 5)
    chain(db)
    with db.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.place == 2))
    assert verify(db) == 2


def test_two_rows_in_each_other_s_place_are_found(db: Database) -> None:
    write(db, 5)
    chain(db)
    with db.begin() as session:
        for place, other in ((2, -1), (4, 2), (-1, 4)):
            session.execute(update(AuditEntry).where(AuditEntry.place == place).values(place=other))
    assert verify(db) == 2


def test_writers_do_not_wait_for_the_chain_and_none_is_left_out(db: Database) -> None:
    def work(number: int) -> None:
        write(db, 5, first=number * 5)
        chain(db)

    with ThreadPoolExecutor(4) as pool:
        errors = [f.exception() for f in [pool.submit(work, n) for n in range(8)]]
    if db.is_sqlite:
        assert errors == [None] * 8
    # On PostgreSQL the worker alone chains, under a lease; two at once must not spoil the log.
    chain(db)
    assert verify(db) is None
    with db.read() as session:
        assert audit.unchained(session) == 0
        assert session.scalar(select(text("count(*)")).select_from(AuditEntry)) == 40


def test_every_move_of_the_desk_is_on_the_log(service: Service) -> None:
    _, receipt = apply(service)
    move(service, receipt, "register", unit="大湾镇民政办", officer="1")
    service.drain()
    with service.ctx.db.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.register")).all()
        assert len(rows) == 1
        assert rows[0].staff_id is not None
        assert rows[0].place is not None, "the worker has chained it"
        assert all("王秀英" not in row.detail for row in session.scalars(select(AuditEntry)))
    assert verify(service.ctx.db) is None
