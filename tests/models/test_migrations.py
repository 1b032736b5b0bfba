"""The steps from nothing to head make exactly what the models say, and can be undone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, LargeBinary, inspect, text
from sqlalchemy.types import TypeEngine

from models import migrate, revision, session
from models.sealed import KeyRing, SealedBytes
from models.session import Database
from models.tables import METADATA

AT_ONCE = """\
import sys

from models import migrate
from models.sealed import KeyRing, SealedBytes
from models.session import Database
db = Database(sys.argv[1], KeyRing.parse(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
migrate.upgrade(db)
"""


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    made = Database(database, KeyRing.parse(KeyRing.generate()))
    yield made
    made.close()


def sealed_is_bytes(
    _context: object, _inspected: object, _column: object, inspected_type: TypeEngine[object],
    metadata_type: TypeEngine[object],
) -> bool | None:
    if isinstance(metadata_type, SealedBytes):
        return not isinstance(inspected_type, LargeBinary)
    return None


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": sealed_is_bytes, "compare_server_default": True}
    )
    return list(compare_metadata(context, METADATA))


def tables(db: Database) -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_from_nothing_to_head_equals_the_models_and_back(db: Database) -> None:
    for _ in range(2):
        assert not revision.is_at_head(db)
        migrate.upgrade(db)
        assert revision.is_at_head(db)
        with db.engine.connect() as connection:
            assert differences(connection) == []
        assert tables(db) == {*METADATA.tables, "alembic_version"}
        migrate.downgrade(db)
        assert tables(db) == {"alembic_version"}


def test_the_database_has_every_index_key_and_rule_of_the_models(db: Database) -> None:
    migrate.upgrade(db)
    found = inspect(db.engine)
    for name, table in METADATA.tables.items():
        indexes = {index["name"]: index for index in found.get_indexes(name)}
        for index in table.indexes:
            assert index.name in indexes, index.name
            assert bool(indexes[index.name]["unique"]) == bool(index.unique)
            assert indexes[index.name]["column_names"] == [c.name for c in index.columns]
        keys = {tuple(k["constrained_columns"]): k for k in found.get_foreign_keys(name)}
        wanted = {(c.name,): f for c in table.columns for f in c.foreign_keys}
        assert set(keys) == set(wanted)
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) for c in table.columns}


def test_a_difference_would_be_found(db: Database) -> None:
    migrate.upgrade(db)
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE leases ADD COLUMN extra VARCHAR(10)"))
    with db.engine.connect() as connection:
        assert differences(connection)


def test_there_is_one_step_until_the_first_release() -> None:
    steps = list(ScriptDirectory.from_config(migrate._config()).walk_revisions())
    assert [step.revision for step in steps] == ["0001"]


def test_every_foreign_key_is_kept(db: Database) -> None:
    migrate.upgrade(db)
    with (
        pytest.raises(Exception, match=r"(?i)foreign key"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(
            "INSERT INTO areas (code, name, level, parent) VALUES ('1', 'x', 'village', '2')"
        ))


def test_two_machines_may_migrate_at_once(db: Database, database: str) -> None:
    words = [sys.executable, "-c", AT_ONCE, database, KeyRing.generate()]
    machines = [
        subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=Path(migrate.__file__).parents[1],
        )
        for _ in range(2)
    ]
    for machine in machines:
        assert machine.stdout is not None
        assert machine.stdout.readline() == "ready\n"
    for machine in machines:
        assert machine.stdin is not None
        machine.stdin.write("go\n")
        machine.stdin.flush()
    said = [machine.communicate(timeout=90)[1] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], said
    assert revision.is_at_head(db)
    assert tables(db) == {*METADATA.tables, "alembic_version"}


def test_a_step_of_another_version_is_told_apart(db: Database) -> None:
    assert not revision.is_beyond(db)
    migrate.upgrade(db)
    assert not revision.is_beyond(db)
    with db.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    assert revision.is_beyond(db)
    assert not revision.is_at_head(db)


def test_the_newest_step_is_the_one_that_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.HERE))
    assert ScriptDirectory.from_config(config).get_current_head() == revision.HEAD


def test_migrating_waits_longer_than_a_request_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step on a slow disk lasts longer than any writer is waited for."""
    monkeypatch.setattr(session, "BUSY_TIMEOUT_MS", 50)
    file = tmp_path / "x.sqlite3"
    first = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    first.execute("PRAGMA journal_mode = WAL")
    first.execute("BEGIN IMMEDIATE")
    threading.Timer(0.6, lambda: first.execute("COMMIT")).start()
    db = Database(f"sqlite:///{file}", KeyRing.parse(KeyRing.generate()))
    migrate.upgrade(db)
    assert revision.is_at_head(db)
    db.close()
    first.close()
