"""A talk without HTTP: the engine on a small SQLite, its state kept as text between messages.

Every message is a new Visit on a state read back from JSON, as after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import hear
from bot.messages import Heard, Kind
from bot.state import State
from bot.visit import Visit
from models import casework, steps
from models.areas import Area
from models.base import Base
from models.cases import Attachment, Case
from models.context import Context
from models.people import Person, Staff, view_of
from models.sealed import KeyRing
from models.session import Database
from models.speaking import known_person
from models.statuses import Role
from tests.service import settings_for
from webhooks.demo import county
from webhooks.i18n import speaker

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TOLD = "我家男人上个月摔断了腿，家里揭不开锅了"
# After TOLD: each step's key with an answer to it, up to the read-back.
STEPS = (
    ("urgent", "还能撑几天"),
    ("living", "大湾村"),
    ("home", "在"),
    ("household", "4口人，老人有病"),
    ("needs", "1 2"),
    ("name", "王秀英"),
    ("phone", "17000005678"),
    ("papers", "没有"),
    ("consent", "同意"),
)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at


@dataclass
class Chat:
    """One person's chat with an account."""

    ctx: Context
    account: str = "county"
    openid: str = field(default_factory=lambda: uuid4().hex)
    kept: str = "{}"
    person_id: int = 0

    def __post_init__(self) -> None:
        with self.ctx.db.begin() as session:
            self.person_id = known_person(self.ctx, session, self.account, self.openid)

    def hear(self, heard: Heard) -> str:
        """One message; the reply."""
        account = self.ctx.settings.account(self.account)
        assert account is not None
        opened: list[Session] = []

        def open_session() -> Session:
            opened.append(Session(self.ctx.db.engine, expire_on_commit=False))
            return opened[-1]

        with self.ctx.db.read() as session:
            big = session.get_one(Person, self.person_id).big_type
        visit = Visit(
            self.ctx, account, self.person_id, self.state, self.ctx.speak(""), open_session,
            big=big,
        )
        try:
            reply = hear(visit, heard)
            for session in opened:
                session.commit()
        finally:
            for session in opened:
                session.close()
        self.kept = json.dumps(visit.state.as_json())
        self.person_id = visit.person_id
        return reply

    def say(self, *texts: str) -> str:
        """Write one after the other; the last reply."""
        reply = ""
        for text in texts:
            reply = self.hear(Heard(Kind.TEXT, text))
        return reply

    def tap(self, key: str) -> str:
        return self.hear(Heard(Kind.CLICK, scene=key))

    def photo(self) -> str:
        return self.hear(Heard(Kind.IMAGE, media_id=uuid4().hex))

    def voice(self, text: str = "") -> str:
        return self.hear(Heard(Kind.VOICE, text, media_id=uuid4().hex))

    def hear_all(self, *spoken: str) -> str:
        """Say one after the other, each as a recognised voice; the last reply."""
        return [self.voice(text) for text in spoken][-1]

    def locate(self, latitude: float, longitude: float) -> str:
        return self.hear(Heard(Kind.LOCATION, "", latitude=latitude, longitude=longitude))

    @property
    def state(self) -> State:
        return State.of(json.loads(self.kept))

    @property
    def answers(self) -> dict[str, Any]:
        """What the draft holds; empty where there is none."""
        draft = self.state.draft
        return draft.answers if draft else {}

    def at(self, step: str) -> Chat:
        """Bring the talk to this step (or `readback`) by TOLD and the answers before it."""
        self.say(TOLD)
        for key, answer in STEPS:
            if key == step:
                return self
            self.say(answer)
        assert step == "readback"
        return self

    def appoint(self, *villages: str) -> list[int]:
        """Make the person an assistant in these villages; the posts' ids."""
        with self.ctx.db.begin() as session:
            posts = [
                Staff(
                    name="韦秀兰", name_key=self.ctx.keys.lookup("name", "韦秀兰"),
                    role=Role.ASSISTANT, area=village, person_id=self.person_id,
                    created_at=self.ctx.now(),
                )
                for village in villages
            ]
            session.add_all(posts)
            session.flush()
            return [post.id for post in posts]

    def apply(self) -> str:
        """Hand in a whole application; its receipt."""
        self.at("readback").say("对")
        return self.cases()[0].receipt

    def cases(self) -> list[Case]:
        """The person's cases, the newest first."""
        with self.ctx.db.read() as session:
            query = select(Case).where(Case.person_id == self.person_id).order_by(Case.id.desc())
            return list(session.scalars(query))

    def papers(self, bundle: str) -> list[Attachment]:
        with self.ctx.db.read() as session:
            return list(session.scalars(select(Attachment).where(Attachment.bundle == bundle)))

    def returned(self, receipt: str, *missing: str) -> None:
        """An officer registers the case and gives it back for these papers."""
        with self.ctx.db.begin() as session:
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            member = session.scalars(select(Staff).where(Staff.area == case.township)).first()
            assert member is not None
            view = view_of(member)
            register = steps.Step(
                "register", case.version, unit="民政办", officer_id=member.id
            )
            case = casework.make_move(self.ctx, session, view, receipt, register)
            back = steps.Step("return", case.version, missing=missing or ("户口本照片",))
            casework.make_move(self.ctx, session, view, receipt, back)

    def wait(self, **by: int) -> None:
        clock = self.ctx.clock
        assert isinstance(clock, Clock)
        clock.at += timedelta(**by)


@contextmanager
def town(folder: Path) -> Iterator[Context]:
    """The demo county's areas and staff on an empty SQLite."""
    url = f"sqlite:///{folder / 'talks.sqlite3'}"
    settings = settings_for(url, folder)
    db = Database(url, KeyRing.parse(settings.keys))
    Base.metadata.create_all(db.engine)
    ctx = Context(settings, db, Clock(), speaker(settings.locale, settings.time_zone))
    with db.begin() as session:
        session.add_all(
            Area(code=c, name=n, level=lv, parent=p, phone=ph, latitude=la, longitude=lo)
            for c, n, lv, p, ph, la, lo in county.AREAS
        )
        session.flush()
        session.add_all(
            Staff(
                name=m.name, name_key=ctx.keys.lookup("name", m.name), role=m.role, area=m.area,
                unit=m.unit, person_id=None, created_at=ctx.now(),
            )
            for m in county.STAFF
        )
    try:
        yield ctx
    finally:
        db.close()
