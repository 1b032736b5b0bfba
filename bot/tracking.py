"""办到哪了, 撤回, 补材料: what people ask about cases that they have handed in."""

from __future__ import annotations

from typing import Any

from bot.answers import Command, read_command, read_number, read_yes_no, tidy
from bot.messages import Heard
from bot.saying import choices, join
from bot.understand import Intent, understand
from bot.visit import Visit
from bot.wording import next_text, phone_text, status_text, timeline
from models import casequeries, residentwork
from models.cases import Case
from models.receipts import ReceiptKind, ReceiptReading, read_receipt
from models.settings import mark
from models.statuses import OPEN, STATUS_NAMES, Status

# Older steps are on the page; a chat message fits on one screen.
STEPS_SHOWN = 3
CASES_SHOWN = 5
# 补材料 is a wish; what is longer tells of the papers.
WISH_LENGTH = 5


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
    return join(asked, choices([_label(visit, case) for case in shown]))


def _label(visit: Visit, case: Case) -> str:
    """A case in a list: its receipt and where it stands."""
    status = visit.t(STATUS_NAMES[Status(case.status)])
    return visit.t(mark("{receipt} {status}"), receipt=case.receipt, status=status)


def which(visit: Visit, heard: Heard) -> str | None:
    """One of several cases is chosen by number; None when it was something else."""
    asking = visit.state.asking
    assert asking is not None
    receipt = _numbered(heard, asking["receipts"])
    visit.state.asking = None
    case = casequeries.own(visit.session, visit.person_id, receipt) if receipt else None
    if case is None:
        return None
    return supply_text(visit, case) if asking.get("then") == "supply" else case_text(visit, case)


def _numbered(heard: Heard, receipts: list[str]) -> str:
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
            link=f'<a href="{visit.public_page("/track")}">{t(mark("点这里查"))}</a>',
            phone=visit.phone,
        )
    return case_text(visit, case)


def case_text(visit: Visit, case: Case) -> str:
    """Where it stands, what has happened, what comes next and by when, whom to call."""
    t = visit.t
    events = casequeries.timeline(visit.session, case)
    lines = [f"{line.at} {line.text}" for line in timeline(t, events)]
    hidden = len(lines) - STEPS_SHOWN
    if hidden > 0:
        link = visit.page(f"/m/cases/{case.receipt}")
        more = t(mark("前面还有 {count} 步，点这里看"), count=hidden)
        lines = [f'<a href="{link}">{more}</a>', *lines[-STEPS_SHOWN:]]
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
    return join(asked, choices([_label(visit, case) for case in cases]))


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
        chosen = _numbered(heard, asking["receipts"]) or read_receipt(heard.text).canonical
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


def supplement(visit: Visit) -> str:
    """补材料: what is missing, and how to send it."""
    t = visit.t
    cases = casequeries.returned_of(visit.session, visit.person_id)[::-1][:CASES_SHOWN]
    if not cases:
        return t(
            mark(
                "您现在没有要补的材料。要是镇上的人让您补，照片直接发给我，或者打 {phone} 问一声。"
            ),
            phone=visit.phone,
        )
    if len(cases) == 1:
        return supply_text(visit, cases[0])
    receipts = [case.receipt for case in cases]
    visit.state.asking = {"kind": "which", "receipts": receipts, "then": "supply"}
    labels = [_label(visit, case) for case in cases]
    return join(t(mark("有 {count} 件要补材料，先补哪一件？"), count=len(cases)), choices(labels))


def supply_text(visit: Visit, case: Case) -> str:
    """What one case lacks, where to send it, and where the sensitive papers go."""
    visit.state.asking = {"kind": "supply", "receipt": case.receipt, "count": 0}
    t = visit.t
    link = f'<a href="{visit.page(f"/m/cases/{case.receipt}")}">{t(mark("点这里在网页上交"))}</a>'
    return join(
        missing_text(visit, case),
        t(mark("拍清楚直接发给我，发完回“完成”。")),
        t(mark("身份证、户口本、银行卡别发在这里，{link}。"), link=link),
    )


def missing_text(visit: Visit, case: Case) -> str:
    """What the last return listed."""
    returned = [e for e in casequeries.timeline(visit.session, case) if e.kind == "return"]
    missing = returned[-1].details["missing"] if returned else []
    items = "\n".join(f"{number}. {item}" for number, item in enumerate(missing, start=1))
    return join(visit.t(mark("编号 {receipt}，还差："), receipt=case.receipt), items)


def supplied(visit: Visit, heard: Heard) -> str | None:
    """The end of sending papers; words with them go to the case. None for other things."""
    asking, t = visit.state.asking, visit.t
    assert asking is not None
    command = read_command(heard.text)
    if command in (Command.DONE, Command.CONFIRM):
        visit.state.asking = None
        return _all_sent(visit, asking)
    if command is not None or not _belongs(heard.text):
        visit.state.asking = None
        return None
    residentwork.add_words(visit.ctx, visit.session, visit.person_id, asking["receipt"], heard.text)
    return t(mark("这句也记下了，和照片放在一起。发完回“完成”。"))


def _belongs(said: str) -> bool:
    """Words that go with papers (这是户口本第一页), not a wish for something else."""
    meant = understand(said)
    if meant.intent is Intent.SUPPLEMENT and len(tidy(said)) > WISH_LENGTH:
        return True
    other = meant.confident and meant.intent is not Intent.OTHER
    number = meant.receipt.kind is not ReceiptKind.NOT_A_RECEIPT
    return any(map(str.isalpha, said)) and not other and not number


def _all_sent(visit: Visit, asking: dict[str, Any]) -> str:
    t = visit.t
    if not asking["count"]:
        return t(mark("还没有收到照片。准备好了随时发给我。"))
    return t(
        mark("好，{receipt} 补的 {count} 张都交上去了。镇上看过会告诉您。"),
        receipt=asking["receipt"],
        count=asking["count"],
    )
