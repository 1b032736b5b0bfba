"""Articles of new lists: drafted through the platform, published when somebody asks for it.

An account that may not (48001) drafts none. The platform is called outside of transactions; a
call that failed is made again later, a bounded number of times.
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import structlog

from models import articles, noticequeries
from models.areas import covers, prefix
from models.articles import Article, Cover, Stage
from models.context import Context
from models.publishing import KIND_NAMES, State, Version
from models.sealing import grouped
from models.settings import mark
from notices.channel import NO_ANSWER, Outcome, PlatformTrouble
from notices.figurewords import figures_said
from notices.suppressing import figures
from notices.wechat_channel import WeChatPlatform, platform_of

COVER = Path(__file__).with_name("article.png")
# draft/add: a title of 64 characters, a summary of 120.
MOST_TITLE = 64
BATCH, TRIES = 20, 6
LEASE = timedelta(minutes=2)
# Of older lists nobody writes any more: an account that is connected late is not flooded.
LATELY = timedelta(days=3)
AGAIN = timedelta(minutes=5)
LOOK = timedelta(minutes=1)
ON_THE_WAY, DONE = "1", "0"
NO_SUCH_MEDIA = 40007
MOST_URL = 500

TITLE = mark("{place}{kind}")
FIRST = mark("{place}有新的公示：{title}。")
FIGURES = mark("一共{figures}。")
UNTIL = mark("公示到{day}。")
OPEN = mark("点下面的“阅读原文”，看完整的名单。")
OWN = mark("名单给本村的人看：在公众号里发“看公示”，或者扫村公示栏上的二维码。")
WRONG = mark("哪一户不对、有人要钱要好处，点“阅读原文”里的“这一户不对？”，不用留名。")
CALL = mark("也可以打电话：{phone}。")
HASH = mark("校验码：{hash}，和公示栏纸上的一样，就是签过字的那一份。")
REFUSED = mark("微信没有通过这篇文章，请到公众平台看原因。")
GONE = mark("草稿不在草稿箱里了，也许已经有人发了，请到公众平台看看。")
GAVE_UP = mark("试了几次都没有成，请到公众平台看看。")

log = structlog.get_logger(__name__)


def tend(ctx: Context) -> int:
    """One run of the worker: want, draft, publish, ask how far it is; how much was done."""
    _want(ctx)
    with ctx.db.begin() as session:
        numbers = articles.due(ctx, session, BATCH, LEASE)
    for number in numbers:
        _tend_one(ctx, number)
    return len(numbers)


def _want(ctx: Context) -> None:
    if not ctx.settings.notices.articles:
        return
    with ctx.db.begin() as session:
        for version in articles.unwritten(session, ctx.now() - LATELY):
            account = _account(ctx, version.notice.area)
            if account:
                session.add(Article(
                    version_id=version.id, account=account, stage=Stage.WANTED,
                    next_try_at=ctx.now(), created_at=ctx.now(),
                ))


def _account(ctx: Context, area: str) -> str:
    """The nearest account of the place that may draft; a village's own that is not verified may
    not, and the one above it speaks for it. Empty where there is none."""
    near = [one for one in ctx.settings.accounts if one.verified and covers(one.area, area)]
    return max(near, key=lambda one: len(prefix(one.area))).slug if near else ""


def _tend_one(ctx: Context, number: int) -> None:
    with ctx.db.read() as session:
        article = session.get_one(Article, number)
        version = article.version
        if version.state != State.LIVE and article.stage == Stage.WANTED:
            done: dict[str, Any] = {"stage": Stage.FAILED, "reason": articles.OVER}
        else:
            done = {}
            written = write(ctx, version)
        session.expunge_all()
    if not done:
        try:
            done = _call(ctx, article, written)
        except PlatformTrouble as trouble:
            log.info("article_waits", article=number, errcode=trouble.errcode)
            done = _after(ctx, article, trouble)
        except Exception as error:
            log.error("article_failed", article=number, error=type(error).__name__)
            done = _after(ctx, article, PlatformTrouble(Outcome.RETRY, None, NO_ANSWER))
    with ctx.db.begin() as session:
        kept = session.get_one(Article, number, with_for_update=True)
        for name, value in done.items():
            setattr(kept, name, value)


def _call(ctx: Context, article: Article, written: dict[str, str]) -> dict[str, Any]:
    platform, now = platform_of(ctx, article.account), ctx.now()
    if article.stage == Stage.WANTED:
        row = {**written, "thumb_media_id": cover(ctx, platform, article.account)}
        found = platform.post("draft/add", {"articles": [row]})
        return {"stage": Stage.DRAFTED, "media_id": _said(found, "media_id"), "reason": ""}
    if article.stage == Stage.ASKED:
        found = platform.post("freepublish/submit", {"media_id": article.media_id})
        return {
            "stage": Stage.SENT, "publish_id": _said(found, "publish_id"), "tries": 0,
            "next_try_at": now + LOOK,
        }
    found = platform.post("freepublish/get", {"publish_id": article.publish_id})
    status = _said(found, "publish_status")
    if status == ON_THE_WAY:
        return {"next_try_at": now + LOOK}
    if status != DONE:
        return {"stage": Stage.FAILED, "media_id": "", "reason": REFUSED}
    return {"stage": Stage.PUBLISHED, "url": _address(found), "reason": ""}


def _said(answer: dict[str, Any], name: str) -> str:
    if answer.get(name) in (None, ""):
        raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
    return str(answer[name])


def _address(answer: dict[str, Any]) -> str:
    """Where a published article is read; empty where the platform does not say so."""
    detail = answer.get("article_detail")
    items = detail.get("item") if isinstance(detail, dict) else None
    first = items[0] if isinstance(items, list) and items else None
    url = str(first.get("article_url", "")) if isinstance(first, dict) else ""
    return url if len(url) <= MOST_URL and url.startswith("https://") else ""


def cover(ctx: Context, platform: WeChatPlatform, account: str) -> str:
    """The media id of the picture that this account's articles carry."""
    with ctx.db.read() as session:
        kept = session.get(Cover, account)
        if kept is not None:
            return kept.media_id
    media_id = platform.add_picture(COVER.name, COVER.read_bytes())
    with ctx.db.begin() as session:
        session.merge(Cover(account=account, media_id=media_id))
    return media_id


def _after(ctx: Context, article: Article, trouble: PlatformTrouble) -> dict[str, Any]:
    """What a call that did not go through makes of it."""
    tries = article.tries + 1
    if trouble.errcode == NO_SUCH_MEDIA and article.stage == Stage.ASKED:
        return {"stage": Stage.FAILED, "media_id": "", "reason": GONE}
    if trouble.errcode == NO_SUCH_MEDIA and article.stage == Stage.WANTED:
        # Somebody deleted the picture there: the next try brings it again.
        articles.forget_cover(ctx, article.account)
        trouble = PlatformTrouble(Outcome.RETRY, NO_SUCH_MEDIA, trouble.words)
    never = trouble.kind in (Outcome.DROP, Outcome.REFUSED)
    if never or tries >= TRIES:
        return {"stage": Stage.FAILED, "tries": tries, "reason": trouble.words or GAVE_UP}
    later = ctx.now() + AGAIN * 2 ** min(tries - 1, 4)
    return {"tries": tries, "next_try_at": later, "reason": trouble.words}


def write(ctx: Context, version: Version) -> dict[str, str]:
    """The article: what there is, how many, until when, how to look and to object; nobody's name.

    `content` is HTML of plain paragraphs.
    """
    t, areas, notice = ctx.speak(""), ctx.directory.areas, version.notice
    place = areas.name(notice.area)
    title = version.title
    if len(title) > MOST_TITLE:
        title = t(TITLE, place=place, kind=t(KIND_NAMES[notice.kind]))
    said = paragraphs(ctx, version)
    return {
        "title": title, "author": "", "digest": said[0][:120],
        "content": "".join(f"<p>{escape(one)}</p>" for one in said),
        "content_source_url": f"{ctx.settings.public_url.rstrip('/')}/notices/{notice.id}",
    }


def paragraphs(ctx: Context, version: Version) -> list[str]:
    """The article's text, to be shown before it goes anywhere."""
    t, notice = ctx.speak(""), version.notice
    place = ctx.directory.areas.name(notice.area)
    total, _ = figures(version.figures)
    said = [t(FIRST, place=place, title=version.title)]
    if total is not None:
        said.append(t(FIGURES, figures=figures_said(t, total)))
    if version.last_day is not None:
        said.append(t(UNTIL, day=t.day(version.last_day)))
    is_open = noticequeries.audience(ctx, notice.area).is_open
    said += [t(OPEN if is_open else OWN), t(WRONG)]
    phone = ctx.directory.areas.phone(notice.area)
    if phone:
        said.append(t(CALL, phone=phone))
    return [*said, t(HASH, hash=grouped(version.short or ""))]
