"""A small county to try the desk in: places, staff, cases, and a browser that keeps its cookie."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import clockwork, migrate, signin
from models.accounts import Account
from models.areas import Area, Level
from models.audit import AuditEntry
from models.cases import Attachment, Case
from models.casework import make_move
from models.context import Context
from models.lengths import Deadlines, Length
from models.people import Identity, Person, Staff, view_of
from models.policy import StaffView
from models.sealed import KeyRing
from models.session import Database
from models.settings import Settings
from models.statuses import Role
from models.steps import Step
from models.submitting import Application, submit
from models.talks import Talk
from tests.models.visits import visit_for
from webhooks.i18n import speaker_of

COUNTY, DAWAN, XIAOHE = "530999000000", "530999101000", "530999102000"
DAWAN_VILLAGE, QIAOTOU, XIAOHE_VILLAGE = "530999101201", "530999101202", "530999102201"
AREAS = (
    Area(code=COUNTY, name="云岭县", level=Level.COUNTY, parent=None, phone="0777-700 0000"),
    Area(code=DAWAN, name="大湾镇", level=Level.TOWNSHIP, parent=COUNTY, phone="0777-700 0001"),
    Area(code=XIAOHE, name="小河乡", level=Level.TOWNSHIP, parent=COUNTY, phone="0777-700 0002"),
    Area(code=DAWAN_VILLAGE, name="大湾村", level=Level.VILLAGE, parent=DAWAN),
    Area(code=QIAOTOU, name="桥头村", level=Level.VILLAGE, parent=DAWAN),
    Area(code=XIAOHE_VILLAGE, name="小河村", level=Level.VILLAGE, parent=XIAOHE),
)
# A Monday morning; 3 working days on is Thursday.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PASSWORDLESS = re.compile(r'name="csrf_token" value="([^"]+)"')


class StandingClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


def length(days: int) -> Length:
    return Length(days, "云岭县社会救助办理规程 第八条", date(2026, 7, 1))


def settings(folder: Path, keys: str, **more: Any) -> Settings:
    account = Account(
        "yunling", "云岭民政", COUNTY, "wx0000000000000001", "gh_000000000001",
        "secret", "token123", "a" * 43, api_base_url="http://127.0.0.1:9",
    )
    values: dict[str, Any] = {
        "environment": "demo",
        "public_url": "http://localhost",
        "database_url": f"sqlite:///{folder}/desk.sqlite3",
        "storage_url": f"file://{folder}/papers",
        "accounts": (account,),
        "deadlines": Deadlines(length(3), length(1), length(5), length(20)),
        "keys": keys,
    }
    return Settings(**values | more)


@dataclass
class World:
    """The context, and the people of the county by a short name."""

    ctx: Context
    clock: StandingClock
    app: Flask
    staff: dict[str, StaffView] = field(default_factory=dict)

    def case(self, **said: Any) -> Case:
        """Someone asks for help; keyword arguments replace what they say."""
        ctx = self.ctx
        village = said.pop("village", DAWAN_VILLAGE)
        values: dict[str, Any] = {
            "name": "王秀英", "phone": "13800005678", "urgent": False, "on_behalf": False,
            "what": "我家男人上个月摔断了腿，家里揭不开锅了", "more": {}, "person": True,
        } | said
        with ctx.db.begin() as db:
            person = Person(created_at=ctx.now())
            db.add(person)
            db.flush()
            number = f"{person.id}"
            db.add(Talk(person_id=person.id, state={}, held=False, updated_at=ctx.now()))
            db.add(
                Identity(
                    account="yunling", openid=f"o{number}", person_id=person.id,
                    openid_key=ctx.keys.lookup("openid", f"o{number}"), created_at=ctx.now(),
                )
            )
            made = submit(
                ctx, db,
                Application(
                    "yunling", person.id, f"b{number:0>31}", values["name"], values["phone"],
                    values["urgent"], village, village, None, values["on_behalf"], None, "2026-11",
                    {
                        "what": values["what"], "urgent": values["urgent"], "since": "上个月",
                        "living": village, "home": village, "home_same": True,
                        "household": 4, "care": ["old"], "household_words": "4口人，老人有病",
                        "needs": ["living", "medical"], "needs_words": "1 2", "consent": "both",
                        **values["more"],
                    },
                ),
            )
        # As the worker does within the minute.
        clockwork.catch_up(ctx)
        return made

    def by_assistant(self, case: Case, person_id: int | None = None) -> Case:
        """The case is 韦秀兰's report, the assistant's of its village."""
        with self.ctx.db.begin() as db:
            post = Staff(
                name="韦秀兰", name_key=self.ctx.keys.lookup("name", "韦秀兰"),
                role=Role.ASSISTANT, area=DAWAN_VILLAGE, person_id=person_id,
                created_at=self.ctx.now(),
            )
            db.add(post)
            db.flush()
            db.get_one(Case, case.id).reporter_id = post.id
        return case

    def move(self, case: Case, who: str, move: str, **more: Any) -> None:
        """A move made behind the pages; the household was visited where that is needed."""
        with self.ctx.db.begin() as db:
            visit_for(self.ctx, db, case.receipt, move)
        with self.ctx.db.begin() as db:
            now = db.get(Case, case.id)
            assert now is not None
            make_move(self.ctx, db, self.staff[who], case.receipt, Step(move, now.version, **more))

    def register(self, case: Case, who: str = "li") -> None:
        self.move(case, who, "register", unit="民政办", officer_id=self.staff[who].id)

    def paper(self, case: Case, **values: Any) -> int:
        """A paper of the case; returns its number."""
        with self.ctx.db.begin() as db:
            paper = Attachment(
                **{
                    "bundle": case.bundle, "person_id": case.person_id, "account": "yunling",
                    "kind": "image", "state": "stored", "content_type": "image/jpeg",
                    "created_at": self.ctx.now(),
                }
                | values
            )
            db.add(paper)
            db.flush()
            return paper.id

    def now(self, case: Case) -> Case:
        """The case as it stands."""
        with self.ctx.db.read() as db:
            found = db.get(Case, case.id)
            assert found is not None
            return found

    def audited(self, action: str) -> list[AuditEntry]:
        with self.ctx.db.read() as db:
            return list(db.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.id))

    def browser(self, who: str | None = None) -> Browser:
        """A browser; signed in by a one-time code where `who` is given."""
        browser = Browser(self.app.test_client())
        if who is not None:
            with self.ctx.db.begin() as db:
                code = signin.new_code(self.ctx, db, "sign_in", staff_id=self.staff[who].id)
            browser.get("/desk/sign-in")
            answer = browser.post("/desk/sign-in/code", code=code)
            assert answer.status_code == 303, answer.status_code
            browser.get("/desk/")
        return browser


class Browser:
    """A client that sends the form's token along, as a page's form does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html":
            found = PASSWORDLESS.search(answer.get_data(as_text=True))
            self.token = found[1] if found else self.token
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._seen(self.client.get(path, **more))

    def text(self, path: str) -> str:
        """The page's text; fails where it is not there."""
        answer = self.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, follow: bool = False, **form: Any) -> TestResponse:
        data = {"csrf_token": self.token, **form}
        return self._seen(self.client.post(path, data=data, follow_redirects=follow))


def staffed(world: World) -> None:
    """The people at the desks."""
    people = (
        ("li", "李明", Role.OFFICER, DAWAN, "民政办"),
        ("zhao", "赵敏", Role.OFFICER, DAWAN, "便民服务中心"),
        ("chen", "陈建国", Role.HEAD, DAWAN, "镇政府"),
        ("sun", "孙丽", Role.OFFICER, XIAOHE, "民政办"),
        ("county", "周华", Role.COUNTY, COUNTY, "县民政局"),
        ("other", "田秀兰", Role.COUNTY, COUNTY, "县民政局"),
        ("helper", "吴村医", Role.ASSISTANT, DAWAN_VILLAGE, ""),
    )
    ctx = world.ctx
    with ctx.db.begin() as db:
        for short, name, role, area, unit in people:
            person = Person(created_at=ctx.now())
            db.add(person)
            db.flush()
            db.add(Talk(person_id=person.id, state={}, held=False, updated_at=ctx.now()))
            member = Staff(
                name=name, name_key=ctx.keys.lookup("name", name), role=role, area=area,
                unit=unit, person_id=person.id, created_at=ctx.now(),
            )
            db.add(member)
            db.flush()
            world.staff[short] = view_of(member)


def context(folder: Path, keys: str, clock: StandingClock, **more: Any) -> Context:
    """A context on SQLite in this folder; the database is at head already, or made so."""
    found = settings(folder, keys, **more)
    db = Database(found.database_url, KeyRing.parse(keys), pool_size=8)
    migrate.upgrade(db)
    return Context(found, db, clock, speaker_of(found))


def settle(ctx: Context) -> None:
    """Put the areas into the database."""
    with ctx.db.begin() as db:
        for area in AREAS:
            db.merge(area)
            db.flush()
