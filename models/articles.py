"""An article in the official account for each public list: its draft, and what became of it.

It says that the list is there and where to look, never who stands on it: what an account has once
published is copied and kept, and a list comes down within seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import audit
from models.base import Base, Key
from models.context import Context
from models.noticedrafts import find
from models.policy import StaffView
from models.publishing import State, Version
from models.settings import mark
from models.steps import MoveRefused

NOT_READY = mark("这篇文章的草稿还没有存好，过一会儿再看。")
OVER = mark("这一版已经不挂了，文章不再发。")


class Stage(StrEnum):
    """`wanted`: to be drafted; `asked`: to be published; `sent`: the platform looks it over."""

    WANTED = "wanted"
    DRAFTED = "drafted"
    ASKED = "asked"
    SENT = "sent"
    PUBLISHED = "published"
    FAILED = "failed"


STAGE_NAMES = {
    Stage.WANTED: mark("正在起草"),
    Stage.DRAFTED: mark("草稿存在公众号的草稿箱里了"),
    Stage.ASKED: mark("正在交给微信"),
    Stage.SENT: mark("微信正在看这篇文章"),
    Stage.PUBLISHED: mark("发布了"),
    Stage.FAILED: mark("没有成"),
}


class Article(Base):
    """`media_id` is the draft's number on the platform, `publish_id` that of its publishing;
    `reason` (marked) says why it failed or waits."""

    __tablename__ = "articles"
    __table_args__ = (Index(None, "stage", "next_try_at"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("notice_versions.id"), unique=True)
    account: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(10))
    media_id: Mapped[str] = mapped_column(String(128), default="")
    publish_id: Mapped[str] = mapped_column(String(40), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]

    version: Mapped[Version] = relationship(lazy="joined", innerjoin=True)


class Cover(Base):
    """The picture that an account's articles carry, as the platform keeps it."""

    __tablename__ = "article_covers"

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    media_id: Mapped[str] = mapped_column(String(128))


def forget_cover(ctx: Context, account: str) -> None:
    """The platform no longer knows the picture: the next article brings it again."""
    with ctx.db.begin() as session:
        session.execute(delete(Cover).where(Cover.account == account))


def of_version(session: Session, version_id: int) -> Article | None:
    """The article of a version, where there is one."""
    return session.scalars(
        select(Article).where(Article.version_id == version_id)
    ).one_or_none()


def unwritten(session: Session, since: datetime) -> Sequence[Version]:
    """Live versions without an article, published since then."""
    query = (
        select(Version).outerjoin(Article, Article.version_id == Version.id)
        .where(
            Version.state == State.LIVE, Version.published_at >= since, Article.id.is_(None),
        )
        .order_by(Version.id)
    )
    return session.scalars(query).all()


def ask(ctx: Context, session: Session, staff: StaffView, version_id: int) -> Article:
    """Somebody read the draft and wants it published. Raises LookupError, MoveRefused."""
    version = find(session, staff, version_id)
    found = session.scalars(
        select(Article).where(Article.version_id == version.id).with_for_update(of=Article)
    ).one_or_none()
    if version.state != State.LIVE:
        raise MoveRefused(OVER)
    if found is None or found.stage not in (Stage.DRAFTED, Stage.FAILED) or not found.media_id:
        raise MoveRefused(NOT_READY)
    found.stage, found.asked_by, found.reason, found.tries = Stage.ASKED, staff.id, "", 0
    found.next_try_at = ctx.now()
    audit.record(
        session, ctx.now(), "article.ask", "article", found.id, staff_id=staff.id,
        version=version.id,
    )
    return found


def due(ctx: Context, session: Session, limit: int, lease: timedelta) -> list[int]:
    """Articles with something to do now, kept from others for so long."""
    rows = session.scalars(
        select(Article)
        .where(
            Article.stage.in_((Stage.WANTED, Stage.ASKED, Stage.SENT)),
            Article.next_try_at <= ctx.now(),
        )
        .order_by(Article.next_try_at).limit(limit).with_for_update(skip_locked=True, of=Article)
    ).all()
    for row in rows:
        row.next_try_at = ctx.now() + lease
    return [row.id for row in rows]
