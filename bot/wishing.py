"""通知设置: what a person wants to be told and when, by words in chat; the page has the rest.

No word here stops the news of somebody's own matter: that is said with every 退订.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.answers import squeezed
from bot.messages import Heard
from bot.phones import masked_phone
from bot.saying import join, link
from bot.visit import Visit
from models import textable, wishes
from models.quiet import Quiet, read_quiet
from models.settings import Translate, mark

OWN_STAYS = mark("您自己办的事有进展，还会告诉您。")
OFF = mark("好，群发的消息不给您发了。")
OFF_ALREADY = mark("群发的消息本来就没有给您发。")
BACK_WORD = mark("想再收，回“恢复”。")
ON = mark("好，以后有群发的消息，也发给您。")
ON_ALREADY = mark("群发的消息一直给您发着。")
OFF_WORD = mark("不想收了，回“退订”。")
BIG = mark("好，网页换成大字，这里的话也说短些。想换回来，回“小字”。")
SMALL = mark("好，网页的字换回平常大小了。")
BIG_IN_CHAT = mark("聊天里的字，在微信的“设置－通用－字体大小”里调。")
SMS_ON = mark("好，公众号送不到的时候，发短信到 {phone}。不要了，回“关短信”。")
SMS_NO_PHONE = mark("好，短信要发到哪个手机号？点下面填一下：")
SMS_OFF = mark("好，不给您发短信了。")
SMS_NONE = mark("短信这边还没有接通。有消息都在公众号里告诉您。")
NOW = mark("现在是这样：")
GROUP_ON, GROUP_OFF = mark("群发的消息：收"), mark("群发的消息：不收")
QUIET = mark("不打扰的时候：{hours}")
TEXTS_ON, TEXTS_OFF = mark("短信：要"), mark("短信：不要")
CHANGE = mark("点这里改")
NEVER = mark("没有，什么时候都行")
# The hours that the page offers, as most people keep them.
HOURS = {
    "20-8": mark("晚上8点到早上8点"),
    "21-8": mark("晚上9点到早上8点"),
    "22-7": mark("晚上10点到早上7点"),
    "none": NEVER,
}


def hours_words(t: Translate, quiet: Quiet) -> str:
    """Quiet hours in words."""
    if quiet.start == quiet.end:
        return t(NEVER)
    known = HOURS.get(f"{quiet.start}-{quiet.end}")
    return t(known) if known else t(
        mark("{start}点到{end}点"), start=quiet.start, end=quiet.end
    )


def show(visit: Visit) -> str:
    """How it stands, and where it is changed."""
    t, wished = visit.t, wishes.of(visit.session, visit.person_id)
    quiet = wished.quiet or read_quiet(visit.ctx.settings.pushes.quiet) or Quiet(0, 0)
    texts = t(TEXTS_ON if wished.sms else TEXTS_OFF) if _may_text(visit) else ""
    return join(
        t(NOW), t(GROUP_ON if wished.campaigns else GROUP_OFF),
        t(QUIET, hours=hours_words(t, quiet)), texts, _link(visit), t(OWN_STAYS),
    )


def listen(visit: Visit, heard: Heard) -> str | None:
    """A word that changes a wish; None for anything else."""
    begin = WORDS.get(squeezed(heard.text).upper())
    return begin(visit) if begin is not None else None


def _link(visit: Visit) -> str:
    return link(visit.page("/m/settings"), visit.t(CHANGE))


def _may_text(visit: Visit) -> bool:
    return visit.ctx.settings.sms.kind != "none"


def _wish(visit: Visit, **wished: bool) -> bool:
    """Keep it; whether it is new."""
    return bool(wishes.change(visit.ctx, visit.session, visit.person_id, "chat", **wished))


def _off(visit: Visit) -> str:
    t, new = visit.t, _wish(visit, campaigns=False)
    return join(t(OFF if new else OFF_ALREADY), t(OWN_STAYS), t(BACK_WORD))


def _on(visit: Visit) -> str:
    t, new = visit.t, _wish(visit, campaigns=True)
    return join(t(ON if new else ON_ALREADY), t(OFF_WORD))


def _big(visit: Visit) -> str:
    _wish(visit, big_type=True)
    visit.big = True
    return join(visit.t(BIG), visit.t(BIG_IN_CHAT))


def _small(visit: Visit) -> str:
    _wish(visit, big_type=False)
    visit.big = False
    return visit.t(SMALL)


def _texts_on(visit: Visit) -> str:
    if not _may_text(visit):
        return visit.t(SMS_NONE)
    wished = wishes.of(visit.session, visit.person_id)
    phone = wished.phone or textable.case_phone(visit.session, visit.person_id)
    if not phone:
        return join(visit.t(SMS_NO_PHONE), _link(visit))
    _wish(visit, sms=True)
    return visit.t(SMS_ON, phone=masked_phone(phone))


def _texts_off(visit: Visit) -> str:
    _wish(visit, sms=False)
    return visit.t(SMS_OFF)


_SAID: tuple[tuple[Callable[[Visit], str], tuple[str, ...]], ...] = (
    (_off, ("退订", "退订通知", "退订群发", "TD", "T", "取消订阅", "不要群发", "关群发")),
    (_on, ("恢复", "恢复通知", "恢复订阅", "恢复群发", "开群发")),
    (show, ("通知设置", "设置", "通知和大字", "通知", "改设置")),
    (_big, ("大字", "大字版", "要大字", "换大字", "字大一点", "字大点")),
    (_small, ("小字", "不要大字", "关大字")),
    (_texts_on, ("开短信", "要短信", "发短信", "短信通知")),
    (_texts_off, ("关短信", "不要短信", "退订短信", "别发短信")),
)
WORDS = {word: begin for begin, said in _SAID for word in said}
