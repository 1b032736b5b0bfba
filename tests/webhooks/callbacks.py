"""The callback alone: messages straight into the WSGI application, of one process or of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from models import migrate
from models.context import Context
from models.people import Identity
from models.sealed import KeyRing
from models.session import Database
from models.talks import Message
from tests.service import COUNTY, Clock, fill, settings_for
from webhooks.app import create_app
from webhooks.i18n import speaker
from webhooks.wechat_xml import sign

CONTENT = re.compile(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", re.DOTALL)
ANSWERS = (
    "我家男人上个月摔断了腿，家里揭不开锅了", "还能撑几天", "大湾村", "在", "4口人，老人有病",
    "1 2", "王秀英 17000005678", "没有", "同意", "对",
)
_numbers = count(1)


@dataclass
class Process:
    """One web process: its own engine, threads and memory."""

    ctx: Context
    app: Flask

    def deliver(self, xml: str) -> str:
        """The text of the reply; empty where there is none."""
        now = str(int(self.ctx.now().timestamp()))
        query = f"timestamp={now}&nonce=n&signature={sign(COUNTY.token, now, 'n')}"
        answer = self.app.test_client().post(f"/wechat/county?{query}", data=xml.encode())
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found = CONTENT.search(answer.get_data(as_text=True))
        return found[1] if found else ""

    def say(self, openid: str, *texts: str) -> str:
        """Write one after the other; the last reply."""
        reply = ""
        for text in texts:
            reply = self.deliver(message(openid, text))
        return reply


def message(openid: str, text: str) -> str:
    """A new text message."""
    more = f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content>"
    return _xml(openid, more, next(_numbers))


def photo(openid: str) -> str:
    """A new photo."""
    number = next(_numbers)
    return _xml(openid, f"<MsgType>image</MsgType><MediaId>media{number}</MediaId>", number)


def following(openid: str) -> str:
    """The event of a new follower."""
    return _xml(openid, "<MsgType>event</MsgType><Event>subscribe</Event><EventKey></EventKey>", 0)


def _xml(openid: str, more: str, number: int) -> str:
    key = f"<MsgId>{7_000_000_000 + number}</MsgId>" if number else ""
    return (
        f"<xml><ToUserName>gh_county</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>1764000000</CreateTime>{more}{key}</xml>"
    )


@contextmanager
def processes(url: str, folder: Path, number: int = 1) -> Iterator[list[Process]]:
    """So many web processes on one database, which is at head and filled."""
    clock = Clock()
    settings = settings_for(
        url, folder, accounts=(replace(COUNTY, mode="plain", api_base_url="http://127.0.0.1:9"),)
    )
    made: list[Process] = []
    for _ in range(number):
        db = Database(url, KeyRing.parse(settings.keys))
        ctx = Context(settings, db, clock, speaker(settings.locale, settings.time_zone))
        if not made:
            migrate.upgrade(db)
            fill(ctx)
        made.append(Process(ctx, create_app(ctx)))
    try:
        yield made
    finally:
        for process in made:
            process.app.extensions["yimen_callback"].pool.shutdown()
            process.ctx.db.close()


def kept(ctx: Context, openid: str) -> list[Message]:
    """The messages of a person, in the order in which they were kept."""
    with ctx.db.read() as session:
        rows = session.scalars(
            select(Message).join(Identity, Identity.id == Message.identity_id)
            .where(Identity.openid_key == ctx.keys.lookup("openid", openid)).order_by(Message.id)
        )
        return list(rows)


def counted(ctx: Context, table: type) -> int:
    """How many rows a table has."""
    with ctx.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
