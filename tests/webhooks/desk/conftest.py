"""A fresh county for every test, on a real SQLite file."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from models.sealed import KeyRing
from tests.webhooks.desk.world import StandingClock, World, context, settle, staffed
from webhooks.app import create_app


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A migrated database with its areas, to be copied: migrations take a second."""
    folder, keys = tmp_path_factory.mktemp("made"), KeyRing.generate()
    ctx = context(folder, keys, StandingClock())
    settle(ctx)
    ctx.db.close()
    return folder / "desk.sqlite3", keys


@pytest.fixture
def world(made: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    database, keys = made
    shutil.copy(database, tmp_path / "desk.sqlite3")
    clock = StandingClock()
    ctx = context(tmp_path, keys, clock)
    app = create_app(ctx)
    app.testing = True
    found = World(ctx, clock, app)
    staffed(found)
    yield found
    ctx.db.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where a browser finds the desk."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
