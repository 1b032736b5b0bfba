"""能怎么告诉他: on a case's page, by which ways its person can be told something right now."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models import textable
from models.context import Context
from models.policy import StaffView
from models.settings import Translate, mark
from notices.cards import fitted
from notices.ladder import LEFT, NOBODY, WAITS
from notices.means import Means, means_of
from notices.reach import chats_of
from notices.taps import CASE_PROGRESS
from webhooks import access
from webhooks.desk.case import File

CUSTOM = mark("微信里还能直接发 {count} 条（到{moment}）")
LASTING = mark("他同意了订阅通知，每一步都能发")
GRANTS = mark("他同意了订阅通知，还能发 {count} 条")
TEMPLATE = mark("模板消息能发")
TEXT = mark("他要了短信，微信送不到就发短信")
DOOR = mark("微信发不到的，会留到他来消息时说；急的请打电话，或者请协理员上门。")


def section(
    ctx: Context, db: Session, _staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page."""
    person = file.case.person_id
    chats = chats_of(ctx, db, [person])[person] if person is not None else []
    found = means_of([fitted(ctx, chat, CASE_PROGRESS) for chat in chats], ctx.now())
    return "desk/means_part.html", {
        "ways": _said(access.speech(), found, texts=_gets_texts(ctx, db, person)), "door": DOOR,
    }


def _gets_texts(ctx: Context, db: Session, person: int | None) -> bool:
    if person is None or ctx.settings.sms.kind == "none":
        return False
    return bool(textable.phones(db, (person,)))


def _said(t: Translate, found: Means, *, texts: bool) -> list[str]:
    """Each way in words, the best first; where there is none, why."""
    ways = []
    if found.custom and found.until:
        ways.append(t(CUSTOM, count=found.custom, moment=t.moment(found.until)))
    if found.lasting:
        ways.append(t(LASTING))
    elif found.grants:
        ways.append(t(GRANTS, count=found.grants))
    if found.template:
        ways.append(t(TEMPLATE))
    if texts:
        ways.append(t(TEXT))
    return ways or [t(WAITS if found.follows else LEFT if found.known else NOBODY)]
