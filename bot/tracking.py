"""办到哪了, 撤回, 补材料: what people ask about cases that they have handed in."""

from __future__ import annotations

from bot import drafting
from bot.answers import Command, read_command, read_number, read_yes_no, tidy
from bot.asking import choices, join
from bot.messages import Heard
from bot.visit import Visit
from bot.wording import next_text, phone_text, status_text, timeline
from models import casequeries, casework
from models.cases import Case
from models.receipts import ReceiptKind, ReceiptReading
from models.settings import mark
from models.statuses import OPEN

# Older steps are on the page; a chat message fits on one screen.
STEPS_SHOWN = 4
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
    lines = [
        t(mark("{receipt} {status}"), receipt=case.receipt, status=status_text(t, case))
        for case in shown
    ]
    return join(
        t(mark("您有 {count} 件事，想看哪一件？回数字："), count=len(shown)), choices(lines)
    )


def which(visit: Visit, heard: Heard) -> str | None:
    """One of several cases is chosen by number; None when it was something else."""
    asking = visit.state.asking
    assert asking is not None
    said = tidy(heard.text)
    number = read_number(said, 1, len(asking["receipts"])) if len(said) <= 4 else None
    visit.state.asking = None
    if number is None:
        return None
    case = casequeries.own(visit.session, visit.person_id, asking["receipts"][number - 1])
    return case_text(visit, case) if case else None


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
                "查别人的，请用网页上的“查进度”。"
            ),
            receipt=reading.canonical,
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
    cases = casequeries.open_of(visit.session, visit.person_id)
    if not cases:
        return t(mark("您现在没有正在办的事，不用撤回。"))
    if len(cases) > 1:
        listed = "\n".join(case.receipt for case in cases[:CASES_SHOWN])
        visit.state.asking = {"kind": "withdraw", "receipt": ""}
        return join(t(mark("您有几件事在办，要撤回哪一件？把编号发给我：")), listed)
    receipt = cases[0].receipt
    visit.state.asking = {"kind": "withdraw", "receipt": receipt}
    return t(
        mark("要撤回 {receipt} 吗？撤回后镇上就不办了，以后还能再来。\n1 撤回　2 不撤"),
        receipt=receipt,
    )


def withdraw(visit: Visit, heard: Heard) -> str | None:
    """The answer to it; None when it was something else."""
    from models.receipts import read_receipt

    asking, t = visit.state.asking, visit.t
    assert asking is not None
    receipt = asking["receipt"]
    if not receipt:
        reading = read_receipt(heard.text)
        if reading.canonical is None:
            visit.state.asking = None
            return None
        visit.state.asking = {"kind": "withdraw", "receipt": reading.canonical}
        return t(
            mark("要撤回 {receipt} 吗？撤回后镇上就不办了，以后还能再来。\n1 撤回　2 不撤"),
            receipt=reading.canonical,
        )
    said = tidy(heard.text)
    agreed = {"1": True, "2": False, "撤回": True, "不撤": False}.get(said, read_yes_no(said))
    visit.state.asking = None
    if agreed is None:
        return None
    if not agreed:
        return t(mark("好，不撤，接着办。"))
    if casework.ask_withdrawal(visit.ctx, visit.session, visit.person_id, receipt):
        return t(mark("记下了，镇上会撤回 {receipt}，办好告诉您。"), receipt=receipt)
    return t(mark("没有找到您名下这件正在办的事，请再看看编号。"))


def supplement(visit: Visit) -> str:
    """补材料: what is missing, and how to send it."""
    t = visit.t
    cases = casequeries.returned_of(visit.session, visit.person_id)
    if not cases:
        return t(
            mark(
                "您现在没有要补的材料。要是镇上的人让您补，照片直接发给我，或者打 {phone} 问一声。"
            ),
            phone=visit.phone,
        )
    visit.state.asking = {"kind": "supply", "receipt": cases[-1].receipt, "count": 0}
    return join(
        missing_text(visit, cases[-1]),
        t(mark("拍清楚直接发给我，发完回“完成”。")),
        t(
            mark("身份证、户口本、银行卡别发在这里，{link}。"),
            link=f'<a href="{visit.page(f"/m/cases/{cases[-1].receipt}")}">'
            f"{t(mark('点这里在网页上交'))}</a>",
        ),
    )


def missing_text(visit: Visit, case: Case) -> str:
    """What the last return listed."""
    returned = [e for e in casequeries.timeline(visit.session, case) if e.kind == "return"]
    missing = returned[-1].details["missing"] if returned else []
    items = "\n".join(f"{number}. {item}" for number, item in enumerate(missing, start=1))
    return join(visit.t(mark("编号 {receipt}，还差："), receipt=case.receipt), items)


def supplied_photo(visit: Visit, heard: Heard) -> str | None:
    """A photo outside any draft goes to the case that waits for papers; None where none does."""
    cases = casequeries.returned_of(visit.session, visit.person_id)
    if not cases:
        return None
    asking = visit.state.asking
    receipt = asking["receipt"] if asking and asking["kind"] == "supply" else cases[-1].receipt
    case = next((c for c in cases if c.receipt == receipt), cases[-1])
    count = (asking["count"] if asking and asking["kind"] == "supply" else 0) + 1
    drafting.add_photo(
        visit.session, case.bundle, visit.person_id, visit.account, heard.media_id, visit.now
    )
    if count == 1:
        casework.note_supplied(visit.ctx, visit.session, case)
    visit.state.asking = {"kind": "supply", "receipt": case.receipt, "count": count}
    return visit.t(
        mark("照片收到了，这是第 {count} 张，放进了 {receipt}。还有就接着发，发完回“完成”。"),
        count=count,
        receipt=case.receipt,
    )


def supplied(visit: Visit, heard: Heard) -> str | None:
    """The end of sending papers; words with them are kept as a step. None for other things."""
    asking, t = visit.state.asking, visit.t
    assert asking is not None
    command = read_command(heard.text)
    if command not in (Command.DONE, Command.CONFIRM):
        visit.state.asking = None if command else visit.state.asking
        return None
    visit.state.asking = None
    if not asking["count"]:
        return t(mark("还没有收到照片。准备好了随时发给我。"))
    return t(
        mark("好，{receipt} 补的 {count} 张都交上去了。镇上看过会告诉您。"),
        receipt=asking["receipt"],
        count=asking["count"],
    )
