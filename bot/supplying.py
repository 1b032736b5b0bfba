"""补材料: what a case lacks, item by item. What is sent lands on its case and item, and is read
back.

`State.asking` of kind `supply` keeps the case's receipt, how many photos came, the item that the
person chose by its number, the item that the last photo went to, and the photos (`kept`) of which
it was not said yet what they show.
"""

from __future__ import annotations

from typing import Any

from bot import drafting
from bot.answers import Command, read_command, read_number, tidy
from bot.messages import Heard
from bot.saying import choices, join, link, plain
from bot.tracking import CASES_SHOWN, label, numbered
from bot.understand import Intent, understand
from bot.visit import Visit
from models import residentwork, supplementing, supplements
from models.bundles import move_papers
from models.receipts import ReceiptKind
from models.settings import mark
from models.supplements import ITEM_STATES, ItemState, Lacking, SupplementItem

# 补材料 is a wish; what is longer tells of the papers.
WISH_LENGTH = 5
NUMBER_LENGTH = 4
MOST_ITEMS = 99


def supplement(visit: Visit) -> str:
    """补材料: what is missing, and how to send it."""
    t = visit.t
    found = supplements.of_person(visit.session, visit.person_id)
    waiting = [lacking for lacking in found if lacking.waits][:CASES_SHOWN]
    if not waiting:
        return t(
            mark(
                "您现在没有要补的材料。要是镇上的人让您补，照片直接发给我，或者打 {phone} 问一声。"
            ),
            phone=visit.phone,
        )
    if len(waiting) == 1:
        return _ask(visit, waiting[0])
    receipts = [lacking.case.receipt for lacking in waiting]
    visit.state.asking = {"kind": "supply_which", "receipts": receipts}
    labels = [label(visit, lacking.case) for lacking in waiting]
    return join(t(mark("有 {count} 件要补材料，先补哪一件？"), count=len(waiting)), choices(labels))


def which(visit: Visit, heard: Heard) -> str | None:
    """Of several cases one is chosen by number; None when it was something else."""
    waiting = visit.state.asking
    assert waiting is not None
    receipt = numbered(heard, waiting["receipts"])
    visit.state.asking = None
    lacking = of_receipt(visit, receipt) if receipt else None
    return _ask(visit, lacking) if lacking is not None else None


def of_receipt(visit: Visit, receipt: str) -> Lacking | None:
    """One of the person's open cases with its items."""
    found = supplements.of_person(visit.session, visit.person_id)
    return next((lacking for lacking in found if lacking.case.receipt == receipt), None)


def _ask(visit: Visit, lacking: Lacking) -> str:
    """What one case lacks with each item's state, how to send it, and what goes by the page."""
    t = visit.t
    visit.state.asking = {"kind": "supply", "receipt": lacking.case.receipt, "count": 0}
    left = lacking.open
    head = mark("编号 {receipt}，还差 {count} 样：") if left else mark("编号 {receipt}，都收到了：")
    how = ""
    if len(left) > 1:
        how = t(mark("先回数字，再发照片。没有照片的，回了数字打字说。"))
    elif left or not lacking.items:
        how = t(mark("拍清楚直接发给我，发完回“完成”。"))
    return join(
        t(head, receipt=lacking.case.receipt, count=len(left)),
        _list(visit, lacking),
        how,
        _page_line(visit, lacking) if any(item.shows_numbers for item in left) else "",
    )


def _list(visit: Visit, lacking: Lacking) -> str:
    return "\n".join(
        f"{item.number}. {plain(item.words)}（{visit.t(ITEM_STATES[item.state])}）"
        for item in lacking.items
    )


def _page_line(visit: Visit, lacking: Lacking) -> str:
    said = mark("身份证、户口本、银行卡别发在这里，{link}。")
    return visit.t(said, link=_link(visit, lacking))


def _link(visit: Visit, lacking: Lacking) -> str:
    page = visit.page(f"/m/cases/{lacking.case.receipt}")
    return link(page, visit.t(mark("点这里在网页上交")))


def photo(visit: Visit, heard: Heard, lacking: Lacking) -> str:
    """A photo for a case: for the item that was chosen, or the only one that is open."""
    state = _state(visit, lacking)
    paper = drafting.add_photo(
        visit.session, lacking.case.bundle, visit.person_id, visit.account, heard.media_id,
        visit.now,
    )
    state["count"] += 1
    item = _meant(lacking, state)
    if item is not None:
        supplementing.take_photo(visit.ctx, item, paper)
        state["last"] = item.number
        return _read_back(visit, lacking, item, state)
    if not lacking.open:
        return _got(visit, lacking, state)
    visit.session.flush()
    state["kept"] = [*state.get("kept", ()), paper.id]
    return _ask_item(visit, lacking, state)


def bring(visit: Visit, lacking: Lacking, bundle: str, count: int) -> str:
    """Photos that were kept apart until it was said which case they are for."""
    state = _state(visit, lacking)
    state["count"] += count
    item = _meant(lacking, state)
    papers = move_papers(
        visit.session, bundle, lacking.case.bundle, item.id if item is not None else None
    )
    if item is not None:
        supplementing.receive(visit.ctx, item)
        state["last"] = item.number
        return _read_back(visit, lacking, item, state)
    if not lacking.open:
        residentwork.note_supplied(visit.ctx, visit.session, lacking.case)
        return visit.t(
            mark("好，{count} 张放进了 {receipt}。还有就接着发，发完回“完成”。"),
            count=count, receipt=lacking.case.receipt,
        )
    state["kept"] = papers
    return _ask_item(visit, lacking, state)


def _state(visit: Visit, lacking: Lacking) -> dict[str, Any]:
    """What is being asked of this case; begun anew where it was something else."""
    waiting = visit.state.asking or {}
    if waiting.get("kind") != "supply" or waiting["receipt"] != lacking.case.receipt:
        waiting = {"kind": "supply", "receipt": lacking.case.receipt, "count": 0}
    visit.state.asking = waiting
    return waiting


def _meant(lacking: Lacking, state: dict[str, Any]) -> SupplementItem | None:
    """The item that was chosen, else the only open one, else the last one where all are in."""
    chosen = lacking.item(state.get("item"))
    if chosen is not None and chosen.state != ItemState.WAIVED:
        return chosen
    left = lacking.open
    if len(left) == 1:
        return left[0]
    return lacking.item(state.get("last")) if not left else None


def _ask_item(visit: Visit, lacking: Lacking, state: dict[str, Any]) -> str:
    t = visit.t
    asked = t(
        mark("照片收到了（{count} 张），放进了 {receipt}。是哪一样？回数字："),
        count=len(state["kept"]), receipt=lacking.case.receipt,
    )
    return join(asked, _list(visit, lacking))


def _read_back(
    visit: Visit, lacking: Lacking, item: SupplementItem, state: dict[str, Any]
) -> str:
    """Where it went, and what is still missing."""
    t, count, words = visit.t, state["count"], plain(item.words)
    got = mark("收到，算作“{item}”（{receipt}）。")
    if count > 1:
        got = mark("收到第 {count} 张，算作“{item}”（{receipt}）。")
    said = t(got, item=words, receipt=lacking.case.receipt, count=count)
    other = lacking.open and state.get("item") == item.number
    return join(
        said, _rest(visit, lacking), t(mark("再交别的一样，先回它的数字。")) if other else ""
    )


def _rest(visit: Visit, lacking: Lacking) -> str:
    t, left = visit.t, lacking.open
    if not left:
        return t(mark("要补的都收到了，镇上看过会告诉您。"))
    items = t(mark("、")).join(f"{item.number} {plain(item.words)}" for item in left)
    return t(mark("还差 {count} 样：{items}。"), count=len(left), items=items)


def _got(visit: Visit, lacking: Lacking, state: dict[str, Any]) -> str:
    return visit.t(
        mark("照片收到了，这是第 {count} 张，放进了 {receipt}。还有就接着发，发完回“完成”。"),
        count=state["count"], receipt=lacking.case.receipt,
    )


def supplied(visit: Visit, heard: Heard) -> str | None:
    """A number, words, or the end while papers are sent. None for other things."""
    state = visit.state.asking
    assert state is not None
    command = read_command(heard.text)
    if command in (Command.DONE, Command.CONFIRM):
        visit.state.asking = None
        return _all_sent(visit, state)
    said = tidy(heard.text)
    number = read_number(said, 1, MOST_ITEMS) if len(said) <= NUMBER_LENGTH else None
    if number is not None:
        return _chosen(visit, state, number)
    if command is not None or not _belongs(heard.text):
        visit.state.asking = None
        return None
    if state.get("item"):
        return _words(visit, state, heard.text)
    residentwork.add_words(visit.ctx, visit.session, visit.person_id, state["receipt"], heard.text)
    return visit.t(mark("这句也记下了，和照片放在一起。发完回“完成”。"))


def _chosen(visit: Visit, state: dict[str, Any], number: int) -> str | None:
    """The item that is meant: for the photos that wait for it, or for what comes next."""
    t = visit.t
    lacking = of_receipt(visit, state["receipt"])
    if lacking is None or not lacking.items:
        visit.state.asking = None
        return None
    item = lacking.item(number)
    if item is None:
        return join(t(mark("没有第 {number} 样。要补的是："), number=number), _list(visit, lacking))
    if item.state == ItemState.WAIVED:
        return join(t(mark("“{item}”不用交了。"), item=plain(item.words)), _rest(visit, lacking))
    kept = state.pop("kept", None)
    if kept:
        supplementing.take_kept(visit.ctx, visit.session, lacking, item, kept)
        state["last"] = number
        return _read_back(visit, lacking, item, state)
    state["item"] = number
    if item.shows_numbers:
        said = mark("“{item}”上有号码，{link}，别发在这里。没有照片，就在这里打字说。")
        return t(said, item=plain(item.words), link=_link(visit, lacking))
    said = mark("好，现在交“{item}”。拍清楚发给我；没有照片，就打字说。")
    return t(said, item=plain(item.words))


def _words(visit: Visit, state: dict[str, Any], words: str) -> str | None:
    """Words instead of a photo, for the item that was chosen."""
    lacking = of_receipt(visit, state["receipt"])
    item = lacking.item(state["item"]) if lacking is not None else None
    if lacking is None or item is None:
        visit.state.asking = None
        return None
    supplementing.take_words(visit.ctx, item, words)
    said = visit.t(
        mark("收到这句话，算作“{item}”（{receipt}）。"), item=plain(item.words),
        receipt=lacking.case.receipt,
    )
    return join(said, _rest(visit, lacking))


def _belongs(said: str) -> bool:
    """Words that go with papers (这是户口本第一页), not a wish for something else."""
    meant = understand(said)
    if meant.intent is Intent.SUPPLEMENT and len(tidy(said)) > WISH_LENGTH:
        return True
    other = meant.confident and meant.intent is not Intent.OTHER
    number = meant.receipt.kind is not ReceiptKind.NOT_A_RECEIPT
    return any(map(str.isalpha, said)) and not other and not number


def _all_sent(visit: Visit, state: dict[str, Any]) -> str:
    """The end: what was sent, and what is still missing."""
    t = visit.t
    lacking = of_receipt(visit, state["receipt"])
    rest = _rest(visit, lacking) if lacking is not None and lacking.items else ""
    if not state["count"] and lacking is not None and lacking.open:
        return join(t(mark("还没有收到照片。准备好了随时发给我。")), rest)
    sent = t(
        mark("好，{receipt} 补的 {count} 张都交上去了。镇上看过会告诉您。"),
        receipt=state["receipt"], count=state["count"],
    ) if state["count"] else ""
    return join(sent, rest if lacking is not None and (lacking.open or not sent) else "")
