"""Raising an objection or a complaint, coming back to it, and writing on.

It goes to an office that is not the one it is about: what is about a list, a row of one, or help
that was got by deceit goes to the county, since the township made the list; what is about a
village goes to its township, unless they ask for the county; what is about a township goes to the
county. Nothing about the county is taken in.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import audit, rules
from models.areas import Level
from models.cases import Attachment
from models.concerns import INSIDE, About, Concern, Entry, Kind, Raiser, Stand, Turn
from models.context import Context
from models.deadlines import due
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused

WORDS_LIMIT, NAME_LIMIT, PHONE_LIMIT = 2000, 30, 20
# How many photos and recordings one concern may bring along.
MOST_PAPERS = 9
NO_WORDS = mark("请写上哪里不对、您是怎么知道的。不会写，可以录一段话，或者拍张照片。")
TOO_LONG = mark("写得太长了，请分几次说，一次2000字以内。")
TOO_MANY = mark("照片和录音一次最多 9 个，请少选几个。")
OVER = mark("这件事已经答复了。还有别的要说，请另外提一件。")
NUMBER = re.compile(r"JD-\d{4}-\d{4}")
SHORTEST_ONCE = 16
TRIES = 5
TO_COUNTY = frozenset({Kind.ROW, Kind.LIST, Kind.FRAUD})


@dataclass(frozen=True)
class Concerned:
    """What is raised: `area` is the village or township that it is about.

    `once` is the form's own random token: the same form sent twice is one concern, and shows the
    same number and code again. `who` is empty for who gives no name; `person_id` only of who is
    named, and known by chat.
    """

    kind: Kind
    about: About
    area: str
    words: str
    once: str
    version_id: int | None = None
    line: int | None = None
    county: bool = False
    # Of photos that came before it: else it gets one of its own.
    bundle: str = ""
    who: dict[str, str] = field(default_factory=dict, repr=False)
    person_id: int | None = None


@dataclass(frozen=True)
class Raised:
    """What whoever raised it is shown once."""

    concern: Concern
    number: str
    code: str = field(repr=False)
    # The same form was sent before.
    again: bool = False


def new_once() -> str:
    """A form's token."""
    return secrets.token_urlsafe(24)


def office_of(ctx: Context, session: Session, said: Concerned) -> str:
    """Who handles it. A township without a head has nobody to: its county does."""
    areas = ctx.directory.areas
    county, township = (areas.at(said.area, level) for level in (Level.COUNTY, Level.TOWNSHIP))
    if county is None or township is None:
        raise LookupError(said.area)
    if said.county or said.kind in TO_COUNTY or said.about is About.TOWNSHIP:
        return county.code
    head = select(Staff.id).where(
        Staff.area == township.code, Staff.role == Role.HEAD, Staff.left_at.is_(None)
    )
    return township.code if session.scalar(head.limit(1)) else county.code


def checked(words: str, papers: int) -> str:
    """The words, tidied; raises MoveRefused where nothing is said or too much."""
    words = words.strip()
    if not words and not papers:
        raise MoveRefused(NO_WORDS, "words")
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    if papers > MOST_PAPERS:
        raise MoveRefused(TOO_MANY, "photos")
    return words


def raise_(ctx: Context, session: Session, said: Concerned, papers: int = 0) -> Raised:
    """Take it in: its clock runs and the office is told. Raises MoveRefused, LookupError."""
    words = checked(said.words, papers)
    for attempt in range(TRIES):
        number, code = _minted(ctx, said.once, attempt)
        key = _code_key(ctx, number, code)
        try:
            with session.begin_nested():
                made = _made(ctx, session, said, number, key)
        except IntegrityError:
            # The same form, sent twice even at once; or a number that another one has.
            there = session.scalars(select(Concern).where(Concern.number == number)).one()
            if hmac.compare_digest(there.code_key, key):
                return Raised(there, number, code, again=True)
            continue
        _keep_raiser(ctx, session, made, said)
        _append(ctx, session, made, Turn.RAISED, words, said.once)
        audit.record(session, ctx.now(), "concern.raised", "concern", made.id)
        return Raised(made, number, code)
    raise RuntimeError("no free number was found")


def _made(
    ctx: Context, session: Session, said: Concerned, number: str, code_key: bytes
) -> Concern:
    office = office_of(ctx, session, said)
    until = due(ctx.today(), rules.length(
        "concern", office, ctx.today(), ctx.directory.rules, ctx.directory.areas,
        ctx.settings.deadlines,
    ), ctx.is_working)
    made = Concern(
        number=number, code_key=code_key, bundle=said.bundle or secrets.token_hex(16),
        kind=said.kind, about=said.about, area=said.area, office=office, version_id=said.version_id,
        line=said.line, state=Stand.OPEN, raised_at=ctx.now(), due_on=until.on,
        due_basis=until.basis, outcome="",
    )
    session.add(made)
    session.flush()
    return made


def _minted(ctx: Context, once: str, attempt: int) -> tuple[str, str]:
    """Number and code that this form's token stands for: nobody can reckon them without our key."""
    key = ctx.keys.derive("concern")
    made = hmac.digest(key, f"{attempt}\0{once}".encode(), "sha256")
    number = int.from_bytes(made[:8], "big") % 10**8
    code = int.from_bytes(made[8:24], "big") % 10**12
    eight, twelve = f"{number:08d}", f"{code:012d}"
    return f"JD-{eight[:4]}-{eight[4:]}", f"{twelve[:4]} {twelve[4:8]} {twelve[8:]}"


def _code_key(ctx: Context, number: str, code: str) -> bytes:
    digits = "".join(filter(str.isdigit, code))
    return ctx.keys.lookup("concern", f"{number}\0{digits}")


def _keep_raiser(ctx: Context, session: Session, concern: Concern, said: Concerned) -> None:
    who = {name: value for name, value in said.who.items() if value}
    if said.person_id is not None:
        who["person"] = str(said.person_id)
    if who:
        session.add(Raiser(
            concern_id=concern.id, who=who,
            person_key=person_key(ctx, said.person_id) if said.person_id is not None else None,
        ))


def person_key(ctx: Context, person_id: int) -> bytes:
    """By which a person finds their own concerns again."""
    return ctx.keys.lookup("concern_person", str(person_id))


def _append(
    ctx: Context, session: Session, concern: Concern, turn: Turn, words: str, once: str
) -> None:
    session.add(Entry(
        concern_id=concern.id, key=ctx.keys.lookup("concern_entry", f"{turn}\0{once}"),
        at=ctx.now(), turn=turn, words=words,
    ))
    count = session.scalar(select(func.count()).where(Entry.concern_id == concern.id)) or 0
    tell_office(ctx, session, concern, str(count))


def tell_office(ctx: Context, session: Session, concern: Concern, occasion: str) -> None:
    """To those alone who may open it, its number and nothing else; `occasion` parts the pushes."""
    role = Role.COUNTY if concern.office.endswith("000000") else Role.HEAD
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.STAFF_CONCERN,
        f"concern:{concern.id}:{occasion}", township=concern.office, role=role,
        details={"receipt": concern.number},
    )


def read_number(text: str) -> str:
    """JD-4837-0526, however it was typed; empty for anything else."""
    digits = "".join(one for one in text if one.isdecimal() and one.isascii())
    return f"JD-{digits[:4]}-{digits[4:]}" if len(digits) == 8 else ""


def find(ctx: Context, session: Session, number: str, code: str, *, lock: bool = False) -> Concern:
    """The concern of this number and code; raises LookupError, the same for either being wrong."""
    query = select(Concern).where(Concern.number == number)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    key = _code_key(ctx, number, code)
    if not hmac.compare_digest(found.code_key if found else bytes(16), key) or found is None:
        raise LookupError(number)
    return found


def write_on(
    ctx: Context, session: Session, concern: Concern, words: str, once: str, papers: int = 0
) -> bool:
    """Say more, or answer the office's question. `concern` is locked. False for a form sent twice.

    Raises MoveRefused.
    """
    words = checked(words, papers)
    key = ctx.keys.lookup("concern_entry", f"{Turn.MORE}\0{once}")
    if session.scalar(select(Entry.id).where(Entry.key == key)):
        return False
    if concern.state == Stand.OVER:
        raise MoveRefused(OVER)
    concern.state = Stand.OPEN
    _append(ctx, session, concern, Turn.MORE, words, once)
    return True


def last_of(
    ctx: Context, session: Session, person_id: int, *, lock: bool = False
) -> Concern | None:
    """What this person raised last by name, in chat."""
    query = (
        select(Concern).join(Raiser, Raiser.concern_id == Concern.id)
        .where(Raiser.person_key == person_key(ctx, person_id))
        .order_by(Concern.id.desc()).limit(1)
    )
    return session.scalars(query.with_for_update(of=Concern) if lock else query).first()


def joined(ctx: Context, session: Session, person_id: int, kept: int) -> None:
    """Two chats turned out to be one person's: what the one raised is the other's."""
    rows = session.scalars(
        select(Raiser).where(Raiser.person_key == person_key(ctx, person_id)).with_for_update()
    )
    for row in rows:
        row.who, row.person_key = row.who | {"person": str(kept)}, person_key(ctx, kept)


def told(session: Session, concern: Concern) -> Sequence[Entry]:
    """What whoever raised it may read: their own words, questions and the answer."""
    query = select(Entry).where(Entry.concern_id == concern.id, Entry.turn.not_in(INSIDE))
    return session.scalars(query.order_by(Entry.id)).all()


def papers_of(session: Session, concern: Concern) -> Sequence[Attachment]:
    """Its photos and recordings, in their order."""
    query = select(Attachment).where(Attachment.bundle == concern.bundle)
    return session.scalars(query.order_by(Attachment.id)).all()
