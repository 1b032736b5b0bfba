"""Articles: permanent pictures, the draft box, and publishing what is in it."""

import secrets
from typing import Any

from flask import request

from .acts import image_kind
from .errors import PlatformError
from .platform import Body, Call, PlatformApi, verified

MOST_TITLE, MOST_AUTHOR, MOST_DIGEST, MOST_CONTENT = 64, 16, 120, 20_000
MOST_PICTURE = 10 * 1024 * 1024
ON_THE_WAY, DONE = 1, 0
# How long the platform takes to look an article through.
PUBLISH_SECONDS = 1.0


def add_material(call: Call) -> Body:
    """material/add_material: a picture that stays."""
    if request.args.get("type") not in ("image", "thumb"):
        raise PlatformError(40004)
    sent = request.files.get("media")
    data = sent.read() if sent else b""
    if not data:
        raise PlatformError(41005)
    if len(data) > MOST_PICTURE:
        raise PlatformError(45001)
    if image_kind(data) is None:
        raise PlatformError(40004, "not a picture")
    media_id = secrets.token_urlsafe(32)
    with call.world.lock:
        call.world.states[call.account.slug].pictures.append(media_id)
    call.world.on_change()
    return {"media_id": media_id, "url": f"https://mmbiz.qpic.cn/{media_id}"}


def add_draft(call: Call) -> Body:
    """draft/add: the articles are checked as the platform does, and kept."""
    rows = call.body.get("articles")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise PlatformError(47001, "articles")
    if len(rows) > 8:
        raise PlatformError(45008)
    articles = [_article(call, row) for row in rows]
    media_id = secrets.token_urlsafe(32)
    with call.world.lock:
        call.world.states[call.account.slug].drafts[media_id] = articles
    call.world.on_change()
    return {"media_id": media_id}


def _article(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    def words(name: str) -> str:
        value = row.get(name, "")
        if not isinstance(value, str):
            raise PlatformError(47001, name)
        return value

    title, content = words("title"), words("content")
    if not title or len(title) > MOST_TITLE:
        raise PlatformError(45003)
    if not content:
        raise PlatformError(44004)
    if len(content) >= MOST_CONTENT:
        raise PlatformError(45002)
    if len(words("author")) > MOST_AUTHOR or len(words("digest")) > MOST_DIGEST:
        raise PlatformError(45004)
    if words("thumb_media_id") not in call.world.states[call.account.slug].pictures:
        raise PlatformError(40007)
    return {
        "title": title, "content": content, "author": words("author"), "digest": words("digest"),
        "content_source_url": words("content_source_url"),
    }


def get_draft(call: Call) -> Body:
    """draft/get: what is in the box under this number."""
    found = call.world.states[call.account.slug].drafts.get(str(call.body.get("media_id")))
    if found is None:
        raise PlatformError(40007)
    return {"news_item": found}


def submit(call: Call) -> Body:
    """freepublish/submit: taken in; whether it is published shows later. The draft is gone."""
    state, moment = call.world.states[call.account.slug], call.world.epoch()
    with call.world.lock:
        articles = state.drafts.pop(str(call.body.get("media_id")), None)
        if articles is None:
            raise PlatformError(40007)
        number = str(1_000_000_000 + len(state.published))
        state.published[number] = {"articles": articles, "at": moment + PUBLISH_SECONDS}
    call.world.on_change()
    return {"errcode": 0, "errmsg": "ok", "publish_id": number, "msg_data_id": 2_000_000_000}


def published(call: Call) -> Body:
    """freepublish/get: how far it is."""
    number = str(call.body.get("publish_id"))
    found = call.world.states[call.account.slug].published.get(number)
    if found is None:
        raise PlatformError(40007)
    if call.world.epoch() < found["at"]:
        return {"publish_id": number, "publish_status": ON_THE_WAY}
    item = [
        {"idx": place, "article_url": f"https://mp.weixin.qq.com/s/{number}-{place}"}
        for place, _ in enumerate(found["articles"], start=1)
    ]
    return {
        "publish_id": number, "publish_status": DONE, "article_id": f"A{number}",
        "article_detail": {"count": len(item), "item": item}, "fail_idx": [],
    }


def register(api: PlatformApi) -> None:
    """Put these calls on the API."""
    api.add("cgi-bin/material/add_material", add_material, entitled=verified, reads_json=False)
    api.add("cgi-bin/draft/add", add_draft, entitled=verified)
    api.add("cgi-bin/draft/get", get_draft, entitled=verified)
    api.add("cgi-bin/freepublish/submit", submit, entitled=verified)
    api.add("cgi-bin/freepublish/get", published, entitled=verified)
