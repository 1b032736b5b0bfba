"""Reads the answer to a callback as strictly as the platform does."""

from dataclasses import dataclass, field
from typing import Any

from .accounts import SandboxAccount
from .crypto import CryptoError, decrypt, same, signature
from .markup import XmlError, parse
from .state import Entry, World, first_link, plain_text

MAX_TEXT = 2048
OUTAGE = "该公众号暂时无法提供服务，请稍后再试"


class InvalidReply(ValueError):
    """An answer at which the platform shows its outage notice; the message says why."""


@dataclass(frozen=True)
class Answer:
    """The answer's plain XML (empty for `success`) and what of it reaches the phone."""

    plain: str = ""
    items: list[Entry] = field(default_factory=list)


def _open_envelope(account: SandboxAccount, document: dict[str, Any]) -> str:
    fields = [document.get(name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")]
    if not all(isinstance(value, str) and value for value in fields):
        raise InvalidReply("the envelope needs Encrypt, MsgSignature, TimeStamp and Nonce")
    encrypted, signed, timestamp, nonce = (str(value) for value in fields)
    if not timestamp.isdigit():
        raise InvalidReply("TimeStamp is no number")
    if not same(signature(account.token, timestamp, nonce, encrypted), signed):
        raise InvalidReply("MsgSignature is wrong")
    try:
        return decrypt(encrypted, account.aes_key, account.app_id)
    except CryptoError as error:
        raise InvalidReply(str(error)) from error


def read_answer(
    world: World, account: SandboxAccount, openid: str, status: int, body: bytes, *, event: bool
) -> Answer:
    """The answer to one delivery, or InvalidReply."""
    if status != 200:
        raise InvalidReply(f"HTTP {status}")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise InvalidReply("the answer is not UTF-8") from error
    if text.strip() in ("", "success"):
        return Answer()
    try:
        document = parse(text)
        if "Encrypt" in document:
            if account.mode == "plain":
                raise InvalidReply("an encrypted answer in plain mode")
            text = _open_envelope(account, document)
            document = parse(text)
        elif account.mode == "safe":
            raise InvalidReply("an answer in plain text in safe mode")
    except XmlError as error:
        raise InvalidReply(str(error)) from error
    return Answer(text, _read_items(world, account, openid, document, event=event))


def _read_items(
    world: World, account: SandboxAccount, openid: str, document: dict[str, Any], *, event: bool
) -> list[Entry]:
    if document.get("ToUserName") != openid:
        raise InvalidReply("ToUserName is not the person who wrote")
    if document.get("FromUserName") != account.original_id:
        raise InvalidReply("FromUserName is not the account's original id")
    if not str(document.get("CreateTime", "")).strip().isdigit():
        raise InvalidReply("CreateTime is no number")
    kind = document.get("MsgType")
    if kind == "text":
        return [_text(document)]
    if kind in ("image", "voice", "video"):
        return [_media(world, account, kind, document)]
    if kind == "news":
        return [_news(document, most=8 if event else 1)]
    if kind == "music":
        music = _part(document, "Music")
        return [{"type": "music", "text": _string(music, "Title"), "url": music.get("MusicUrl")}]
    if kind == "transfer_customer_service":
        return []
    raise InvalidReply(f"unknown MsgType {kind!r}")


def _part(document: dict[str, Any], name: str) -> dict[str, Any]:
    part = document.get(name)
    if not isinstance(part, dict):
        raise InvalidReply(f"{name} is missing")
    return part


def _string(document: dict[str, Any], name: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise InvalidReply(f"{name} is not a text")
    return value


def _text(document: dict[str, Any]) -> Entry:
    content = _string(document, "Content")
    if not content:
        raise InvalidReply("Content is empty")
    if len(content.encode()) > MAX_TEXT:
        raise InvalidReply(f"Content is longer than {MAX_TEXT} bytes")
    return {"type": "text", "text": content, "url": first_link(content)}


def _media(world: World, account: SandboxAccount, kind: str, document: dict[str, Any]) -> Entry:
    media_id = _string(_part(document, kind.capitalize()), "MediaId")
    media = world.live_media(media_id, account.slug)
    if media is None or media.kind != kind:
        raise InvalidReply(f"MediaId is no live {kind}")
    return {"type": kind, "text": "", "media_id": media_id}


def _news(document: dict[str, Any], most: int) -> Entry:
    found = _part(document, "Articles").get("item")
    candidates: list[Any] = found if isinstance(found, list) else [found]
    rows = [row for row in candidates if isinstance(row, dict)]
    if not rows or len(rows) != len(candidates):
        raise InvalidReply("Articles has no item")
    if str(document.get("ArticleCount", "")).strip() != str(len(rows)):
        raise InvalidReply("ArticleCount is not the number of articles")
    # The platform drops what is beyond the limit without a word.
    return news_item(
        [
            {
                "title": _string(row, "Title"),
                "description": _string(row, "Description"),
                "picture": _string(row, "PicUrl"),
                "url": _string(row, "Url"),
            }
            for row in rows[:most]
        ]
    )


def news_item(articles: list[dict[str, str]]) -> Entry:
    """A card with a title, a line and a picture, as it reaches the phone."""
    first = articles[0]
    lines = [line for line in (first["title"], first["description"]) if line]
    text = plain_text("\n".join(lines))
    return {"type": "news", "text": text, "url": first["url"] or None, "articles": articles}
