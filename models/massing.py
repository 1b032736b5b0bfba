"""Sending an article to followers: counted before, asked for, signed, ended, and counted after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from models import articles, audit, leases
from models.areas import prefix
from models.articles import Article
from models.audiences import Audience, meant
from models.context import Context
from models.leases import Lease
from models.masses import FEWEST, MOVING, Mass, MassPart, MassPerson, Stage, State
from models.noticedrafts import find
from models.people import Identity, Person
from models.policy import NotAllowed, StaffView, is_same_person
from models.publishing import State as Hanging
from models.settings import mark
from models.statuses import DECIDERS
from models.steps import MoveRefused
from models.wishes import refuses_campaigns

NOT_THERE = mark("这一条刚才有人动过了。下面是最新的情况。")
NO_ARTICLE = mark("文章还没有起草好，过一会儿再看。")
TOO_FEW = mark("能收的不到两个人，微信不给群发。他们发“看公示”就能看到。")
NEEDS_ANOTHER = mark("这是您请人签的，要另一位负责人签字。")
STOPPED = mark("停了，没有发。")
NOT_DECIDER = mark("发给这么多人，要请负责人签字。")
# An event may come before we have written down which part it is about.
EARLY = "early:mass:"
EARLY_SECONDS = 3600.0


@dataclass(frozen=True)
class Offer:
    """To how many it can go, and who is left out, each counted once and in this order.

    `calls` is how often the account has already sent to its followers this month.
    """

    people: int
    refused: int
    away: int
    full: int
    calls: int


def month_began(ctx: Context) -> datetime:
    """The first moment of this month where the people are."""
    here = ctx.now().astimezone(ctx.zone)
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def open_to(ctx: Context, account: str, area: str) -> Select[int, int]:
    """(person, their chat with this account) of all to whom an article of this place can go."""
    chat = func.min(Identity.id)
    return (
        select(Identity.person_id, chat)
        .where(
            Identity.person_id.in_(meant(Audience(area))), ~refuses_campaigns(Identity.person_id),
            _follows(account), Identity.person_id.not_in(_full(ctx, account)),
        )
        .group_by(Identity.person_id).order_by(Identity.person_id)
    )


def _follows(account: str) -> ColumnElement[bool]:
    return (Identity.account == account) & Identity.followed.is_(True)


def _full(ctx: Context, account: str) -> Select[int]:
    """Who has had from this account what the platform gives one person in a month."""
    return (
        select(MassPerson.person_id)
        .join(MassPart, MassPart.id == MassPerson.part_id)
        .join(Mass, Mass.id == MassPerson.mass_id)
        .where(Mass.account == account, MassPart.sent_at >= month_began(ctx))
        .group_by(MassPerson.person_id)
        .having(func.count() >= ctx.settings.campaigns.monthly_articles)
    )


def offer(ctx: Context, session: Session, article: Article) -> Offer:
    """Count before anything is asked for; a few statements, whatever the size."""
    area, account = article.version.notice.area, article.account

    def number(*which: ColumnElement[bool]) -> int:
        asked = select(func.count()).select_from(Person)
        return session.scalar(asked.where(Person.id.in_(meant(Audience(area))), *which)) or 0

    follows = Person.id.in_(select(Identity.person_id).where(_follows(account)))
    willing = ~refuses_campaigns(Person.id)
    calls = select(func.count()).select_from(MassPart).join(Mass, Mass.id == MassPart.mass_id)
    return Offer(
        people=number(willing, follows, Person.id.not_in(_full(ctx, account))),
        refused=number(refuses_campaigns(Person.id)), away=number(willing, ~follows),
        full=number(willing, follows, Person.id.in_(_full(ctx, account))),
        calls=session.scalar(calls.where(
            Mass.account == account, MassPart.sent_at >= month_began(ctx)
        )) or 0,
    )


def of_article(session: Session, article_id: int) -> Mass | None:
    """The sending of this article, where there is one."""
    return session.scalars(select(Mass).where(Mass.article_id == article_id)).one_or_none()


def ask(ctx: Context, session: Session, staff: StaffView, version_id: int) -> State:
    """Send the article to the place's followers, or above the size ask another person to sign.

    Which of them it came to. Raises LookupError, MoveRefused.
    """
    version = find(session, staff, version_id)
    if version.state != Hanging.LIVE:
        raise MoveRefused(articles.OVER)
    article = session.scalars(
        select(Article).where(Article.version_id == version.id).with_for_update(of=Article)
    ).one_or_none()
    if article is None or article.stage == articles.Stage.WANTED:
        raise MoveRefused(NO_ARTICLE)
    if of_article(session, article.id) is not None:
        raise MoveRefused(NOT_THERE)
    found = offer(ctx, session, article)
    if found.people < FEWEST:
        raise MoveRefused(TOO_FEW)
    state = State.SIGNING if found.people > ctx.settings.campaigns.sign_above else State.RUNNING
    mass = Mass(
        article_id=article.id, account=article.account, area=version.notice.area, state=state,
        counted=found.people, refused=found.refused, away=found.away, full=found.full,
        asked_by=staff.id, asked_at=ctx.now(),
        begun_at=ctx.now() if state is State.RUNNING else None,
    )
    session.add(mass)
    session.flush()
    _record(ctx, session, staff, "ask", mass)
    return state


def sign(ctx: Context, session: Session, staff: StaffView, version_id: int) -> None:
    """The second person, a head or the county, lets it go out. Raises NotAllowed too."""
    mass = _in_state(session, staff, version_id, State.SIGNING)
    if staff.role not in DECIDERS:
        raise NotAllowed(NOT_DECIDER)
    if is_same_person(staff, mass.asker):
        raise NotAllowed(NEEDS_ANOTHER)
    if mass.article.version.state != Hanging.LIVE:
        raise MoveRefused(articles.OVER)
    mass.state, mass.signed_by = State.RUNNING, staff.id
    mass.signed_at = mass.begun_at = ctx.now()
    _record(ctx, session, staff, "sign", mass)


def stop(ctx: Context, session: Session, staff: StaffView, version_id: int) -> None:
    """For good. What the platform has taken goes out all the same."""
    mass = _in_state(session, staff, version_id, State.SIGNING, State.RUNNING)
    mass.state = State.STOPPED
    for part in parts(session, mass.id):
        if part.stage in MOVING:
            part.stage, part.reason = Stage.FAILED, STOPPED
    _record(ctx, session, staff, "stop", mass)


def _in_state(session: Session, staff: StaffView, version_id: int, *states: State) -> Mass:
    version = find(session, staff, version_id)
    mass = session.scalars(
        select(Mass).join(Article, Article.id == Mass.article_id)
        .where(Article.version_id == version.id).with_for_update(of=Mass)
    ).one_or_none()
    if mass is None or mass.state not in states:
        raise MoveRefused(NOT_THERE)
    return mass


def _record(ctx: Context, session: Session, staff: StaffView, what: str, mass: Mass) -> None:
    audit.record(
        session, ctx.now(), f"mass.{what}", "mass", mass.id, staff_id=staff.id, area=mass.area,
        people=mass.counted,
    )


def finished(
    ctx: Context, session: Session, account: str, msg_id: str, status: str, counts: tuple[int, ...],
    keep: float = EARLY_SECONDS,
) -> bool:
    """What the platform's event says of a part: how many it was for, was left, reached, failed.

    Moves forward only. False where no part waits for it; an event that came before its part was
    written down is kept for `keep` seconds.
    """
    part = session.scalars(
        select(MassPart).join(Mass, Mass.id == MassPart.mass_id)
        .where(MassPart.msg_id == msg_id, Mass.account == account, MassPart.stage == Stage.SENT)
        .with_for_update(of=MassPart)
    ).first() if msg_id else None
    if part is None:
        said = ",".join(map(str, counts)) + f"|{status}"
        leases.take(session, _early(account, msg_id), said[:40], ctx.now(), keep)
        return False
    _count(part, status, counts)
    return True


def taken(ctx: Context, session: Session, part: MassPart, msg_id: str) -> None:
    """The platform has taken a part; its event may have come first."""
    part.stage, part.msg_id, part.reason, part.sent_at = Stage.SENT, msg_id, "", ctx.now()
    event = session.get(Lease, _early(part.mass.account, msg_id)) if msg_id else None
    if event is not None and event.until >= ctx.now():
        counts, _, status = event.holder.partition("|")
        _count(part, status, tuple(int(one) for one in counts.split(",")))
        session.delete(event)


def _early(account: str, msg_id: str) -> str:
    return f"{EARLY}{account}:{msg_id}"[:60]


def _count(part: MassPart, status: str, counts: tuple[int, ...]) -> None:
    part.stage, part.status = Stage.COUNTED, status[:40]
    part.total, part.left, part.reached, part.errors = counts


def lately(session: Session, staff: StaffView, size: int) -> list[Mass]:
    """The latest of the staff's area, the newest first."""
    mine = Mass.area.startswith(prefix(staff.area), autoescape=True)
    return list(session.scalars(select(Mass).where(mine).order_by(Mass.id.desc()).limit(size)))


def joined(session: Session, person_id: int, kept: int) -> None:
    """Two chats are one person: what one has had of a sending, the other need not have too."""
    had = select(MassPerson.mass_id).where(MassPerson.person_id == kept)
    session.execute(
        update(MassPerson).where(MassPerson.person_id == person_id, MassPerson.mass_id.not_in(had))
        .values(person_id=kept).execution_options(synchronize_session=False)
    )


def parts(session: Session, mass_id: int) -> list[MassPart]:
    """Its parts, in the order in which they were made."""
    return list(session.scalars(
        select(MassPart).where(MassPart.mass_id == mass_id).order_by(MassPart.id)
    ))
