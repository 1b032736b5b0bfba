"""Articles of new lists: drafted by the platform's own calls, published when somebody asks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import articles, noticesigning
from models.articles import Article, Cover, Stage
from models.steps import MoveRefused
from notices import articles as writing
from notices.wechat_channel import platform_of
from tests.notices.lists import PEOPLE, published, staff
from tests.service import Service


def kept(service: Service) -> list[Article]:
    with service.ctx.db.read() as session:
        return list(session.scalars(select(Article).order_by(Article.id)))


def again(service: Service) -> Article:
    """One more round, after everything that was put off is due."""
    service.clock.advance(timedelta(hours=2))
    writing.tend(service.ctx)
    return kept(service)[0]


def draft_of(service: Service, article: Article) -> dict[str, Any]:
    platform = platform_of(service.ctx, article.account)
    found: dict[str, Any] = platform.post("draft/get", {"media_id": article.media_id})
    return dict(found["news_item"][0])


def ask(service: Service, version: int, who: int = 0) -> None:
    with service.ctx.db.begin() as session:
        articles.ask(service.ctx, session, staff(service.ctx, who), version)


def test_a_new_list_has_a_draft_that_names_nobody(service: Service) -> None:
    number = published(service.ctx)
    writing.tend(service.ctx)
    (article,) = kept(service)
    assert (article.version_id, article.stage) == (number, Stage.DRAFTED)
    draft = draft_of(service, article)
    assert draft["title"] == "大湾镇大湾村最低生活保障长期公示"
    assert "4 户，10 人，共 4,100 元" in draft["content"]
    assert "看公示" in draft["content"]
    assert draft["content_source_url"].endswith("/notices/1")
    assert not any(person[1] in str(draft) for person in PEOPLE)
    writing.tend(service.ctx)
    assert len(kept(service)) == 1


def test_it_is_published_when_somebody_asks_and_its_address_is_kept(service: Service) -> None:
    number = published(service.ctx)
    with pytest.raises(MoveRefused):
        ask(service, number)
    writing.tend(service.ctx)
    ask(service, number)
    writing.tend(service.ctx)
    assert kept(service)[0].stage == Stage.SENT
    article = again(service)
    assert (article.stage, article.url[:25]) == (Stage.PUBLISHED, "https://mp.weixin.qq.com/")
    with pytest.raises(MoveRefused):
        ask(service, number)


def test_who_is_elsewhere_cannot_and_what_is_down_is_not_published(service: Service) -> None:
    number = published(service.ctx)
    writing.tend(service.ctx)
    with pytest.raises(LookupError):
        ask(service, number, 3)
    with service.ctx.db.begin() as session:
        noticesigning.take_down(service.ctx, session, staff(service.ctx, 2), number, "名单要改")
    with pytest.raises(MoveRefused):
        ask(service, number)


def test_what_fails_for_a_while_is_tried_again_and_then_said(service: Service) -> None:
    published(service.ctx)
    service.fault(api="draft/add", errcode=-1, times=1)
    writing.tend(service.ctx)
    assert (kept(service)[0].stage, kept(service)[0].tries) == (Stage.WANTED, 1)
    assert again(service).stage == Stage.DRAFTED
    number = kept(service)[0].version_id
    ask(service, number)
    service.fault(api="freepublish/submit", errcode=-1, times=20)
    for _ in range(writing.TRIES):
        article = again(service)
    assert (article.stage, bool(article.reason)) == (Stage.FAILED, True)
    # It may be asked for again: the draft is still there.
    ask(service, number)


def test_a_cover_that_was_deleted_over_there_is_brought_again(service: Service) -> None:
    published(service.ctx)
    with service.ctx.db.begin() as session:
        session.add(Cover(account="county", media_id="gone"))
    writing.tend(service.ctx)
    assert kept(service)[0].stage == Stage.WANTED
    assert again(service).stage == Stage.DRAFTED


def test_a_draft_that_is_gone_says_so(service: Service) -> None:
    number = published(service.ctx)
    writing.tend(service.ctx)
    with service.ctx.db.begin() as session:
        session.get_one(Article, kept(service)[0].id).media_id = "somebody-published-it"
    ask(service, number)
    writing.tend(service.ctx)
    assert (kept(service)[0].stage, kept(service)[0].reason) == (Stage.FAILED, writing.GONE)


def test_the_desk_shows_it_and_publishes_it(service: Service) -> None:
    number = published(service.ctx)
    writing.tend(service.ctx)
    desk = service.browser(service.staff())
    at = f"{service.address}/desk/notices/{number}"
    page = desk.get(at).text
    assert "草稿存在公众号的草稿箱里了" in page
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    assert desk.post(f"{at}/article", data={"csrf_token": token}).ok
    writing.tend(service.ctx)
    again(service)
    assert "打开这篇文章" in desk.get(at).text
