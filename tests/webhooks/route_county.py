"""Two counties, and one of everything that an address of the desk can name, in one township.

Built once; after every request that may write it is put back as it was.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import concernwork, hearingwork
from models.accounts import Account
from models.alarms import Alarm
from models.areas import Area, Level
from models.audiences import Audience as To
from models.calendars import CalendarNotice
from models.campaigns import Campaign
from models.cases import Attachment, Case
from models.concerns import About, Kind, Turn
from models.context import Context
from models.errands import Errand
from models.informing import Informing
from models.kinship import Kin, KinMatch
from models.localschemes import LocalScheme
from models.people import Person, Staff, WebSession, view_of
from models.phrases import Phrase
from models.publishing import Renewal
from models.raising import Concerned, raise_
from models.referrals import Referral
from models.rulechanges import RuleChange
from models.sealed import KeyRing
from models.spotchecks import SpotCheck, SpotDraw
from models.statuses import Role
from models.supplements import SupplementItem
from models.tasks import Task
from models.unheard import Unheard
from models.wordings import Wording
from notices.occasions import MOVED
from tests.webhooks.desk.lists import drafted_list
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.test_papers import photo
from tests.webhooks.desk.ways import ACCEPTED, ASSISTED, INVESTIGATING, URGENT, Steps, take
from tests.webhooks.desk.world import (
    COUNTY,
    DAWAN,
    DAWAN_VILLAGE,
    XIAOHE,
    Browser,
    StandingClock,
    World,
    context,
    settle,
    staffed,
)
from webhooks.app import create_app

AWAY, AWAY_TOWN = "530998000000", "530998101000"
# Each role in the area that everything lies in, and the same role elsewhere.
OWN = {"O": "li", "H": "chen", "C": "county", "D": "jiao"}
ELSEWHERE = {"O": "sun", "H": "he", "C": "far", "D": "zhu"}
# Signed in, but to no desk: a resident, staff without a desk, one who has left; and nobody.
WITHOUT = ("resident", "helper", "admin", "gone", "stranger")


@dataclass
class Answer:
    """What came of one request."""

    status: int
    text: str
    to: str
    changed: bool


@dataclass
class RouteCounty:
    """The county, its people's cookies, and the things that addresses name."""

    world: World
    things: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    kept: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    live: sqlite3.Connection = field(init=False)
    state: str = ""
    version: int = 0

    @property
    def ctx(self) -> Context:
        return self.world.ctx

    def ask(self, who: str, method: str, path: str, form: dict[str, str]) -> Answer:
        """One request of a browser that has just signed in; afterwards all is as it was."""
        client = self.world.app.test_client()
        cookie, token = self.cookies[who]
        client.set_cookie(self.world.app.config["SESSION_COOKIE_NAME"], cookie)
        if method == "GET":
            return self._answer(client.get(path), changed=False)
        answer = client.post(path, data={"csrf_token": token, **form})
        return self._answer(answer, changed=self._put_back())

    def _answer(self, answer: TestResponse, *, changed: bool) -> Answer:
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        return Answer(answer.status_code, text, answer.headers.get("Location", ""), changed)

    def _put_back(self) -> bool:
        """Whether anything was written but the log; if so it is put back."""
        seen = self._version()
        if seen == self.version:
            return False
        changed = self._state(self.live) != self.state
        if changed:
            self.kept.backup(self.live)
        self.version = self._version()
        return changed

    def _version(self) -> int:
        """Another number after every commit of another connection."""
        number: int = self.live.execute("PRAGMA data_version").fetchone()[0]
        return number

    def _state(self, base: sqlite3.Connection) -> str:
        """A hash of every table but the log of who looked and tried."""
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        digest = hashlib.sha256()
        for (name,) in names.fetchall():
            if name not in ("audit", "sqlite_sequence"):
                for row in base.execute(f"SELECT * FROM {name}"):  # our own tables
                    digest.update(repr(row).encode())
        return digest.hexdigest()

    def keep(self) -> None:
        """From now on this is what everything is put back to."""
        self.live = sqlite3.connect(self.ctx.settings.database_url.removeprefix("sqlite:///"))
        self.live.backup(self.kept)
        self.state, self.version = self._state(self.live), self._version()


def build(
    folder: Path, things: Callable[[World], dict[str, str]] | None = None, **more: Any
) -> RouteCounty:
    """The whole county with its `things`; `more` are settings of its own. Takes a few seconds."""
    keys, clock = KeyRing.generate(), StandingClock()
    # An account that makes no QR codes: nobody waits for a platform that is not there.
    account = Account(
        "yunling", "云岭民政", COUNTY, "wx0000000000000001", "gh_000000000001", "secret",
        "token123", "a" * 43, api_base_url="http://127.0.0.1:9", kind="subscription",
    )
    ctx = context(folder, keys, clock, accounts=(account,), **more)
    settle(ctx)
    world = World(ctx, clock, create_app(ctx))
    world.app.testing = True
    staffed(world)
    _elsewhere(world)
    made = RouteCounty(world)
    made.things = (things or _things)(world)
    _sign_in(made)
    made.keep()
    return made


def _elsewhere(world: World) -> None:
    """Another county, another head, and people without a desk."""
    people = (
        ("he", "贺兰", Role.HEAD, XIAOHE), ("far", "远山", Role.COUNTY, AWAY),
        ("admin", "管理员", Role.ADMIN, COUNTY), ("gone", "走了的", Role.OFFICER, DAWAN),
    )
    with world.ctx.db.begin() as db:
        db.add(Area(code=AWAY, name="别县", level=Level.COUNTY))
        db.flush()
        db.add(Area(code=AWAY_TOWN, name="别镇", level=Level.TOWNSHIP, parent=AWAY))
        for short, name, role, area in people:
            person = Person(created_at=world.ctx.now())
            db.add(person)
            db.flush()
            member = Staff(
                name=name, name_key=world.ctx.keys.lookup("name", name), role=role, area=area,
                person_id=person.id, created_at=world.ctx.now(),
            )
            db.add(member)
            db.flush()
            world.staff[short] = view_of(member)
    world.ctx.directory.forget()


def _case(world: World, steps: Steps, **said: Any) -> str:
    case = world.case(**said)
    for who, move, given in steps:
        take(world, case, who, move, given)
    return case.receipt


def _ask(world: World, receipt: str) -> None:
    """They are asked for their word before their help is stopped."""
    with world.ctx.db.begin() as db:
        version = db.query(Case.version).filter_by(receipt=receipt).scalar()
        hearingwork.ask(
            world.ctx, db, world.staff["li"], receipt, version, move="stop", why="收入够了"
        )


def _things(world: World) -> dict[str, str]:
    """One of everything, by a short name, and what an address carries of it."""
    place = with_departments(world)
    looked_into, owed = world.case(), {"missing": ("身份证正反面",)}
    for who, move, given in INVESTIGATING[:3]:
        take(world, looked_into, who, move, given)
    asked = place.accepted()
    path = photo(world)[0]
    shared = world.paper(asked, path=path)
    place.refer(asked, "教育局", papers=(shared,))
    found = {
        "submitted": _case(world, ()), "registered": _case(world, ACCEPTED[:1]),
        "helped": _case(world, ASSISTED), "others": _case(world, ASSISTED),
        "urgent": _case(world, URGENT, urgent=True),
        "lacking": _case(world, (*ACCEPTED, ("li", "return", owed))),
        "investigating": looked_into.receipt, "referred": asked.receipt,
        "paper": str(world.paper(looked_into, path=path)), "shared": str(shared),
        "department": str(place.number["教育局"]), "liaison": str(world.staff["jiao2"].id),
        "colleague": str(world.staff["zhao"].id), "assistant": str(world.staff["helper"].id),
    }
    found["list"] = str(drafted_list(world))
    for receipt in (found["helped"], found["others"]):
        _ask(world, receipt)
    with world.ctx.db.begin() as db:
        found["referral"] = str(db.query(Referral.id).filter_by(case_id=asked.id).scalar())
        found["item"] = str(db.query(SupplementItem.id).limit(1).scalar())
        found["task"] = str(
            db.query(Task.id).filter_by(case_id=looked_into.id, state="open").limit(1).scalar()
        )
        for name, row in _rows(world, looked_into.id).items():
            db.add(row)
            db.flush()
            found[name] = str(row.id)
        found["alarm"] = _alarm(world, db, looked_into.id, place.number["教育局"])
        helped = db.query(Case).filter_by(receipt=found["helped"]).one()
        db.add(Informing(
            case_id=helped.id, person_id=helped.person_id, state="pushed", said="", how="",
            began_at=world.ctx.now(),
        ))
        db.add(SpotCheck(draw_id=int(found["draw"]), case_id=looked_into.id, place=1))
        db.add(KinMatch(
            case_id=looked_into.id, kin_id=int(found["cadre_kin"]), certainty="possible",
            found_at=world.ctx.now(),
        ))
        db.flush()
        found["match"] = str(db.query(KinMatch.id).scalar())
    return found | _concern(world, path)


# Of a complaint about the township: nobody there finds any of it.
TOLD = {"words": "他家有两套房，儿子开饭店", "name": "农福来", "phone": "13900001234"}


def _concern(world: World, path: str) -> dict[str, str]:
    """Somebody complains of the township's list, by name and with a photo; the county asked
    them something."""
    said = Concerned(
        kind=Kind.LIST, about=About.TOWNSHIP, area=DAWAN_VILLAGE, words=TOLD["words"],
        once="0" * 32,
        who={"name": TOLD["name"], "phone": TOLD["phone"]},
    )
    with world.ctx.db.begin() as db:
        made = raise_(world.ctx, db, said).concern
        db.add(Attachment(
            bundle=made.bundle, account="", kind="image", state="stored",
            content_type="image/jpeg", path=path, created_at=world.ctx.now(),
        ))
        db.flush()
        paper = db.query(Attachment.id).filter_by(bundle=made.bundle).scalar()
        concernwork.add(
            world.ctx, db, world.staff["county"], made.id, Turn.ASKED, "在哪条街？", "1" * 32
        )
        return {"concern": str(made.id), "told": str(paper), "told_number": made.number}


def _alarm(world: World, db: Session, case_id: int, department: int) -> str:
    """Harm that a department is to be told of."""
    row = Alarm(
        case_id=case_id, department_id=department, name="教育局", kind="child", basis="县定",
        raised_at=world.ctx.now(), how="",
    )
    db.add(row)
    db.flush()
    return str(row.id)


def _rows(world: World, case_id: int) -> dict[str, Any]:
    """What no case brings along."""
    now, li, county = world.ctx.now(), world.staff["li"].id, world.staff["county"].id
    key = world.ctx.keys.lookup("name", "李远方")
    own = {"area": DAWAN, "relation": "parent", "name": "李远方", "name_key": key,
           "declared_by": li, "declared_at": now}
    return {
        "kin": Kin(staff_id=li, **own),
        "cadre_kin": Kin(cadre="刘会计", **own | {"area": DAWAN_VILLAGE}),
        "draw": SpotDraw(
            county=COUNTY, scheme="dibao", share=10, seed="1", register="0" * 16, total=1,
            basis="县定", drawn_at=now, staff_id=county,
        ),
        "change": RuleChange(
            area=DAWAN, key="deadlines.acceptance", value='{"days": 4, "unit": "working_days"}',
            basis="县定", from_=world.ctx.today(), put_by=world.staff["other"].id, put_at=now,
        ),
        "version": Wording(
            area=COUNTY, source=MOVED, words="镇上有新消息", put_by=world.staff["other"].id,
            put_at=now,
        ),
        "local_scheme": LocalScheme(
            area=COUNTY, scheme="dibao", said='{"place": "县政务大厅3号窗口"}',
            put_by=world.staff["other"].id, put_at=now,
        ),
        "unheard": Unheard(
            area=COUNTY, said="这可咋整", said_key=bytes(16), times=1, first_at=now, last_at=now,
        ),
        "phrase": Phrase(
            area=COUNTY, words="咋整", intent="apply", put_by=world.staff["other"].id,
            put_at=now,
        ),
        "errand": Errand(
            key="0" * 32, kind="survey", state="open", case_id=case_id, village=DAWAN_VILLAGE,
            staff_id=li, words="", said=[], papers=[], created_at=now, given_at=now,
        ),
        "campaign": Campaign(
            area=DAWAN, account="yunling", title="镇上有件事告诉您", text="25号开会",
            audience=To(DAWAN).kept(), state="draft", counted=1, made_by=li, made_at=now,
        ),
        "renewal": Renewal(
            account="yunling", area=DAWAN_VILLAGE, scheme="dibao", month=world.ctx.today(),
            due_on=world.ctx.today(), state="wanted", created_at=now,
        ),
        "notice": CalendarNotice(
            year=2027, off="2027-01-01", worked="", basis="国办", words="元旦", state="open",
            put_by=world.staff["other"].id, put_at=now,
        ),
    }


def _sign_in(made: RouteCounty) -> None:
    """A cookie and a form's token for everyone."""
    for who in (*OWN.values(), *ELSEWHERE.values()):
        browser = made.world.browser(who)
        browser.get("/desk/", follow_redirects=True)
        made.cookies[who] = _cookie(browser)
    with made.ctx.db.begin() as db:
        db.get_one(Staff, made.world.staff["gone"].id).left_at = made.ctx.now()
    for who in WITHOUT:
        browser = made.world.browser()
        if who != "stranger":
            with browser.client.session_transaction() as session:
                session["token"] = _session(made, who)
        browser.get("/desk/sign-in")
        made.cookies[who] = _cookie(browser)


def _session(made: RouteCounty, who: str) -> str:
    """A session as the chat's link begins one, of whom `helped` and `registered` are about; of
    staff as well where they are any."""
    world, token, now = made.world, secrets.token_urlsafe(8), made.ctx.now()
    member = world.staff.get(who)
    with world.ctx.db.begin() as db:
        case = db.query(Case).filter_by(receipt=made.things["helped"]).one()
        other = db.query(Case).filter_by(receipt=made.things["registered"]).one()
        other.person_id = case.person_id
        db.add(WebSession(
            token_key=world.ctx.keys.lookup("session", token), person_id=case.person_id,
            staff_id=member.id if member else None, account="yunling", way="link",
            created_at=now, expires_at=now + timedelta(days=1),
        ))
    return token


def _cookie(browser: Browser) -> tuple[str, str]:
    name = browser.client.application.config["SESSION_COOKIE_NAME"]
    found = browser.client.get_cookie(name)
    assert found is not None
    return found.value, browser.token
