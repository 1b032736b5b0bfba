"""Words that steer a talk: 上一步, 稍后, 继续, 取消, 跳过, 人工, 菜单."""

from __future__ import annotations

from bot import drafting
from bot.answers import Command, read_yes_no, tidy
from bot.asking import question, step_text
from bot.flow import undo
from bot.messages import Heard
from bot.opening import resume, welcome
from bot.saying import choices, join
from bot.visit import Visit
from models.settings import mark

KEPT = mark("好，给您留着。什么时候想接着填，回“继续”或“1”。")
NOTHING_OPEN = mark("现在没有在填的。家里有难处，直接说给我听；想看能办什么，回“菜单”。")
ASIDE = mark("（您填的还留着，回“继续”接着填。）")


def command(visit: Visit, meant: Command) -> str | None:
    """A command that means something here; None lets the message be read as an answer."""
    state = visit.state
    if meant is Command.HUMAN:
        return human(visit)
    if meant is Command.HELP and state.filling is None:
        return welcome(visit)
    if state.draft is None:
        return _without_draft(visit, meant)
    if meant is Command.RESUME:
        return resume(visit)
    if meant is Command.CANCEL:
        return _ask_discard(visit)
    if meant is Command.LATER:
        return _later(visit)
    if meant is Command.BACK:
        return _back(visit)
    if state.filling is None:
        return None
    if meant is Command.SKIP:
        return _skip(visit)
    return question(visit, visit.t(mark("我在。"))) if meant is Command.HELP else None


def _without_draft(visit: Visit, meant: Command) -> str | None:
    if meant is Command.CANCEL:
        return visit.t(mark("现在没有在填的。交上去的不想办了，回“撤回”。"))
    if meant in (Command.RESUME, Command.BACK, Command.LATER, Command.SKIP):
        return visit.t(NOTHING_OPEN)
    return None


def human(visit: Visit) -> str:
    """The township's number; what was being filled in is kept."""
    t, areas = visit.t, visit.scene.areas
    place = areas.name(visit.township) or areas.name(visit.account.area)
    said = t(mark("找人说话，打{place}：{phone}，工作日有人接。"), place=place, phone=visit.phone)
    if visit.state.half is None:
        return said
    visit.state.paused = True
    visit.state.asking = {"kind": "paused"}
    return join(said, t(mark("您填的给您留着，回“1”接着填。")))


def _later(visit: Visit) -> str:
    visit.state.paused = True
    visit.state.asking = {"kind": "paused"}
    return visit.t(KEPT)


def paused(visit: Visit, heard: Heard) -> str | None:
    """1 goes on with what was put aside; anything else is heard as it is."""
    visit.state.asking = None
    if tidy(heard.text) in ("1", "一") and visit.state.draft is not None:
        return resume(visit)
    return None


def _back(visit: Visit) -> str:
    """Undo one answer; as often as wanted."""
    draft = visit.state.draft
    assert draft is not None
    visit.state.paused = False
    if undo(draft):
        return question(visit, visit.t(mark("好，回到上一问。")))
    return question(visit, visit.t(mark("这已经是第一问了。")))


def _skip(visit: Visit) -> str:
    """Leave a question out where it may be left out."""
    draft, t = visit.state.draft, visit.t
    assert draft is not None
    step = None if drafting.offers_known(visit.state) else drafting.current(draft)
    if step is None:
        return question(visit)
    if drafting.skip(draft, step):
        return question(visit, t(mark("好，这一问先不答。")))
    lead = t(mark("这一问得知道个大概，才好报上去。想当面说，回“人工”。"))
    return join(lead, step_text(visit, draft, step))


def _ask_discard(visit: Visit) -> str:
    visit.state.asking = {"kind": "discard"}
    t = visit.t
    labels = [t(mark("不要了")), t(mark("留着"))]
    return join(t(mark("这次填的都不要了吗？清掉就找不回来了。")), choices(labels))


def discard(visit: Visit, heard: Heard) -> str | None:
    """The answer to it; anything that is neither yes nor no keeps the draft and is heard."""
    state = visit.state
    said = tidy(heard.text)
    meant = {"1": True, "2": False, "不要了": True, "留着": False, "别留": True, "清掉": True}
    agreed = meant.get(said, read_yes_no(said))
    state.asking = None
    if state.draft is None or agreed is None:
        return None
    if agreed:
        state.drop_draft()
        return visit.t(mark("好，都清掉了。以后有难处，随时来说。"))
    return resume(visit, mark("好，留着，接着填。"))
