"""What is sealed: opened by any key of the ring, in its own column, unchanged; else not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from models import migrate
from models.cases import Case
from models.leases import PlatformToken
from models.people import Identity
from models.sealed import HEADER, NONCE_LENGTH, KeyProblem, KeyRing
from models.session import Database
from tests.service import MORNING, Service
from tests.webhooks.test_main_job import ANSWERS, TOLD

OLD, NEW = KeyRing.generate().split(), KeyRing.generate().split()
BOTH = KeyRing.parse(" ".join([NEW[0], OLD[0], OLD[1]]))
FIRST = KeyRing.parse(" ".join(OLD))


@given(st.binary(max_size=200))
def test_what_is_sealed_is_opened_and_never_the_same_twice(plain: bytes) -> None:
    one, other = BOTH.seal(plain, "a.b"), BOTH.seal(plain, "a.b")
    assert one != other
    assert BOTH.open(one, "a.b") == BOTH.open(other, "a.b") == plain
    assert plain not in one or len(plain) < 4


def test_every_value_names_its_key_and_an_older_key_still_opens() -> None:
    before = FIRST.seal(b"x", "a.b")
    after = BOTH.seal(b"x", "a.b")
    assert before[1:HEADER].decode() == OLD[0].split(":")[0]
    assert after[1:HEADER].decode() == NEW[0].split(":")[0]
    assert BOTH.open(before, "a.b") == BOTH.open(after, "a.b") == b"x"
    with pytest.raises(KeyProblem, match=r"a value of a\.b was sealed with a key that is not here"):
        FIRST.open(after, "a.b")


def test_a_value_in_another_column_does_not_open() -> None:
    sealed = FIRST.seal(b"x", "cases.name")
    with pytest.raises(KeyProblem, match=r"a value of cases\.phone was changed or moved"):
        FIRST.open(sealed, "cases.phone")


def test_every_changed_byte_is_found() -> None:
    sealed = FIRST.seal("王秀英".encode(), "cases.name")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(KeyProblem):
            FIRST.open(bytes(changed), "cases.name")


@pytest.mark.parametrize("length", [
    0, 1, HEADER, HEADER + 1,
    HEADER + NONCE_LENGTH,
])
def test_a_value_cut_short_is_refused(length: int) -> None:
    with pytest.raises(KeyProblem):
        FIRST.open(FIRST.seal(b"x", "a.b")[:length], "a.b")


def test_hashes_go_by_kind_and_key() -> None:
    assert FIRST.lookup("name", "王秀英") == BOTH.lookup("name", "王秀英")
    assert FIRST.lookup("name", "王秀英") != FIRST.lookup("phone", "王秀英")
    assert FIRST.lookup("name", "王秀英") != KeyRing.parse(" ".join(NEW)).lookup("name", "王秀英")
    assert FIRST.derive("cookies") != FIRST.derive("links")
    assert len(FIRST.lookup("name", "")) == 16


RINGS = {
    "nothing": ("", "one encryption key and one lookup key are needed"),
    "no lookup key": (OLD[0], "one encryption key and one lookup key"),
    "no encryption key": (OLD[1], "one encryption key and one lookup key"),
    "short keys": ("abcd:short lookup:short", "key 1"),
    "no base64": (f"{OLD[0]} lookup:!!!!", "key 2 is not base64"),
    "a long id": (f"toolong:{OLD[0].split(':')[1]} {OLD[1]}", "key 1: its id must be"),
    "three bytes": (f"{OLD[0]} {OLD[1]} abcd:QUJD", "key 3 has 3 bytes, 32 are needed"),
}


@pytest.mark.parametrize("what", RINGS)
def test_a_ring_that_cannot_be_read_says_which_key(what: str) -> None:
    ring, words = RINGS[what]
    with pytest.raises(KeyProblem, match=words) as problem:
        KeyRing.parse(ring)
    assert all(part not in str(problem.value) for part in ring.split() if len(part) > 8)


def test_keys_are_in_nothing_that_is_printed() -> None:
    assert OLD[0].split(":")[1] not in repr(FIRST)
    assert re.search(r"ciphers|lookup_key", repr(FIRST)) is None


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    made = Database(database, FIRST)
    migrate.upgrade(made)
    yield made
    made.close()


def test_columns_seal_and_open_in_the_database(db: Database, database: str) -> None:
    with db.begin() as session:
        session.add(PlatformToken(account="a", token="secret 票", expires_at=MORNING))
    with db.engine.connect() as connection:
        raw = bytes(connection.execute(text("SELECT token FROM platform_tokens")).scalar_one())
    assert b"secret" not in raw
    assert raw[1:HEADER] == FIRST.current
    # The next ring reads the old value, and writes with its own key.
    later = Database(database, BOTH)
    with later.begin() as session:
        row = session.scalars(select(PlatformToken)).one()
        assert row.token == "secret 票"
        row.token = "another"
    with later.engine.connect() as connection:
        raw = bytes(connection.execute(text("SELECT token FROM platform_tokens")).scalar_one())
    assert raw[1:HEADER] == BOTH.current
    later.close()
    with db.read() as session, pytest.raises(KeyProblem):
        session.scalars(select(PlatformToken)).one()


def test_a_value_moved_between_columns_in_the_database_does_not_open(
    service: Service,
) -> None:
    service.follower().talk(TOLD, *ANSWERS, "对")
    with service.ctx.db.begin() as session:
        session.execute(text("UPDATE cases SET name = phone"))
    with service.ctx.db.read() as session, pytest.raises(KeyProblem):
        session.scalars(select(Case)).one()


def test_nothing_personal_can_be_read_in_the_raw_database(
    service: Service, tmp_path: Path
) -> None:
    """A whole talk, a case, its pushes and its moves: then every byte on the disk is searched."""
    phone = service.follower("王秀英")
    phone.talk(TOLD, *ANSWERS, "对")
    service.drain()
    phone.talk("查进度", "我想撤回")
    stranger = service.follower("李建国")
    stranger.say("我家住大湾村，老人瘫痪在床，电话17000009876")
    service.drain()
    with service.ctx.db.begin() as session:
        # The write-ahead log belongs to the database, and is searched too.
        openids = list(session.scalars(select(Identity.openid)))
        session.execute(update(Identity).values(followed=True))
    assert phone.openid in openids
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    raw = b"".join(file.read_bytes() for file in files)
    assert b"CREATE TABLE cases" in raw
    for word in (
        "王秀英", "李建国", "17000005678", "17000009876", "摔断", "揭不开锅", "瘫痪", "还能撑",
        "老人有病", phone.openid, stranger.openid, "demo-officer-dawan-1", "陈志强",
    ):
        for code in ("utf-8", "utf-16-le", "gb18030"):
            assert word.encode(code) not in raw, word
        assert word.encode("unicode_escape") not in raw or word.isascii(), word
