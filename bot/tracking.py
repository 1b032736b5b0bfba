"""办到哪了, 撤回: what people ask about cases that they have handed in."""

from __future__ import annotations

from bot.answers import read_number, read_yes_no, tidy
from bot.messages import Heard
from bot.saying import choices, join, link
from bot.visit import Visit
from bot.wording import next_text, phone_text, status_text, timeline
from models import casequeries, residentwork
from models.cases import Case
from models.onbehalf import STANDS, is_strangers
from models.receipts import ReceiptKind, ReceiptReading, read_receipt
from models.settings import mark
from models.statuses import OPEN, STATUS_SAID, Status

# Older steps are on the page; a chat message fits on one screen.
STEPS_SHOWN = 3
CASES_SHOWN = 5


def track(visit: Visit) -> str:
    """The person's own cases: one is shown at once, of several one is chosen."""
    cases = casequeries.of_person(visit.session, visit.person_id)
    if not cases:
        return visit.t(
            mark("您还没有交过事项。家里有难处，发“我要求助”，或者直接说出了什么事。"),
        )
    alive = [case for case in cases if case.status in OPEN]
    if len(cases) == 1 or len(alive) == 1:
        return case_text(visit, alive[0] if alive else cases[0])
    shown = (alive or list(cases))[:CASES_SHOWN]
    visit.state.asking = {"kind": "which", "receipts": [case.receipt for case in shown]}
    t = visit.t
    asked = t(mark("您有 {count} 件事，想看哪一件？回数字："), count=len(shown))
    return join(asked, choices([label(visit, case) for case in shown]))


def label(visit: Visit, case: Case) -> str:
    """A case in a list: its receipt and where it stands."""
    names = STANDS if is_strangers(case) else STATUS_SAID
    status = visit.t(names[Status(case.status)])
    return visit.t(mark("{receipt} {status}"), receipt=case.receipt, status=status)


def which(visit: Visit, heard: Heard) -> str | None:
    """One of several cases is chosen by number; None when it was something else."""
    asking = visit.state.asking
    assert asking is not None
    receipt = numbered(heard, asking["receipts"])
    visit.state.asking = None
    case = casequeries.own(visit.session, visit.person_id, receipt) if receipt else None
    if case is None:
        return None
    return case_text(visit, case)


def numbered(heard: Heard, receipts: list[str]) -> str:
    """The receipt that was chosen by its number; empty for anything else."""
    said = tidy(heard.text)
    number = read_number(said, 1, len(receipts)) if len(said) <= 4 else None
    return receipts[number - 1] if number else ""


def by_receipt(visit: Visit, reading: ReceiptReading) -> str:
    """A receipt number was sent: mistyped, unknown, someone else's, or one's own."""
    t = visit.t
    if reading.kind is ReceiptKind.MISTYPED or reading.canonical is None:
        return t(mark("这个编号有一位不对，请对着原来的消息再看一遍，比如 2611-483705-72。"))
    case = casequeries.own(visit.session, visit.person_id, reading.canonical)
    if case is None:
        return t(
            mark(
                "编号 {receipt} 写得没错，但不是在这个微信上交的。换了微信，发“绑定”；"
                "查别人的，{link}。也可以打 {phone} 问。"
            ),
            receipt=reading.canonical,
            link=link(visit.public_page("/track"), t(mark("点这里查"))),
            phone=visit.phone,
        )
    return case_text(visit, case)


def case_text(visit: Visit, case: Case) -> str:
    """Where it stands, what has happened, what comes next and by when, whom to call."""
    t = visit.t
    events = casequeries.timeline(visit.session, case)
    lines = [f"{line.at} {line.text}" for line in timeline(t, case, events)]
    hidden = len(lines) - STEPS_SHOWN
    if hidden > 0:
        more = t(mark("前面还有 {count} 步，点这里看"), count=hidden)
        lines = [link(visit.page(f"/m/cases/{case.receipt}"), more), *lines[-STEPS_SHOWN:]]
    return join(
        t(mark("编号 {receipt}：{status}"), receipt=case.receipt, status=status_text(t, case)),
        *lines,
        t(mark("下一步：{next}"), next=next_text(visit.ctx, t, case)),
        phone_text(t, visit.scene.areas, case.township),
    )


def ask_withdrawal(visit: Visit) -> str:
    """Wants it back: which one, and is that so."""
    t = visit.t
    cases = casequeries.open_of(visit.session, visit.person_id)[:CASES_SHOWN]
    if not cases:
        return t(mark("您现在没有正在办的事，不用撤回。"))
    if len(cases) == 1:
        return _sure(visit, cases[0].receipt)
    receipts = [case.receipt for case in cases]
    visit.state.asking = {"kind": "withdraw", "receipt": "", "receipts": receipts}
    asked = t(mark("要撤回哪一件？回数字："))
    return join(asked, choices([label(visit, case) for case in cases]))


def _sure(visit: Visit, receipt: str) -> str:
    visit.state.asking = {"kind": "withdraw", "receipt": receipt}
    t = visit.t
    asked = t(mark("要撤回 {receipt} 吗？撤回后镇上就不办了，以后还能再来。"), receipt=receipt)
    return join(asked, choices([t(mark("撤回")), t(mark("不撤"))]))


def withdraw(visit: Visit, heard: Heard) -> str | None:
    """The answer to it; None when it was something else."""
    asking, t = visit.state.asking, visit.t
    assert asking is not None
    receipt = asking["receipt"]
    visit.state.asking = None
    if not receipt:
        chosen = numbered(heard, asking["receipts"]) or read_receipt(heard.text).canonical
        return _sure(visit, chosen) if chosen else None
    said = tidy(heard.text)
    agreed = {"1": True, "2": False, "撤回": True, "不撤": False}.get(said, read_yes_no(said))
    if agreed is None:
        return None
    if not agreed:
        return t(mark("好，不撤，接着办。"))
    if residentwork.ask_withdrawal(visit.ctx, visit.session, visit.person_id, receipt):
        return t(mark("记下了，镇上会撤回 {receipt}，办好告诉您。"), receipt=receipt)
    return t(mark("没有找到您名下这件正在办的事，请再看看编号。"))
