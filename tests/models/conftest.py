"""Counties on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.context import Context
from tests.models.clockhouse import House, opened
from tests.models.county import county


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    with opened(database, tmp_path) as made:
        yield made


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def ctx(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """One county on each database for a whole file; every test makes its own cases."""
    folder: Path = tmp_path_factory.mktemp("county")
    url = f"sqlite:///{folder / 'x.sqlite3'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres")()
    made, _ = county(url, folder)
    yield made
    made.db.close()
