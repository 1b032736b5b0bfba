"""Houses on SQLite and on the real PostgreSQL of tests/conftest.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.notices.house import House, built


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On SQLite."""
    with built(f"sqlite:///{tmp_path / 'yimen.db'}") as made:
        yield made


@pytest.fixture
def either(database: str) -> Iterator[House]:
    """On both, where locks and leases matter."""
    with built(database) as made:
        yield made


@pytest.fixture
def on_postgres(postgres: Callable[[], str]) -> Iterator[House]:
    """On PostgreSQL alone."""
    with built(postgres()) as made:
        yield made
