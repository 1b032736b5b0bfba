"""家里有变化, 我有话说: what people who are helped tell, and their word before it is decided."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import freely
from bot.answers import read_command, read_number, read_yes_no, tidy
from bot.messages import Heard, Kind
from bot.saying import choices, join, plain
from bot.state import State
from bot.understand import Intent, understand
from bot.visit import Visit
from models import changes, hearingwork
from models.cases import Case
from models.hearings import Hearing
from models.receipts import read_receipt
from models.settings import mark
from models.talks import Talk
from models.telling import CONSIDERED

WORD = ("我有话说", "我有话要说")
CHANGE = ("家里有变化", "家里情况有变化", "家里情况变了", "情况有变化", "报告家里变化")
# Said right after something was asked, these mean what they say and no answer to it.
ELSEWHERE = frozenset({Intent.TRACK, Intent.HUMAN, Intent.SUPPLEMENT, Intent.NOTICE})
NO_WORDS = mark("我没听清。打字、语音都行，用自己的话说。")
CASES_SHOWN = 5


def await_word(session: Session, person_id: int, receipt: str) -> None:
    """What this person says next may be their word; nothing where they are busy with something."""
    talk = session.scalars(
        select(Talk).where(Talk.person_id == person_id)
        # Who is talking just now has something else in hand, and staff do not wait for it.
        .with_for_update(of=Talk, skip_locked=True)
    ).one_or_none()
    if talk is None:
        return
    state = State.of(deepcopy(talk.state))
    if state.asking is None and state.filling is None:
        state.asking = {"kind": "maybe_word", "receipt": receipt}
        talk.state = state.as_json()


def listen(visit: Visit, heard: Heard) -> str | None:
    """A message that begins so; what follows is told at once. None for anything else."""
    said = heard.text.strip()
    begun = next((word for word in WORD if tidy(said).startswith(word)), None)
    if begun is not None:
        return _word(visit, _rest(said, begun))
    if visit.state.filling is not None:
        return None
    begun = next((word for word in CHANGE if tidy(said).startswith(word)), None)
    return _change(visit, _rest(said, begun)) if begun is not None else None


def _rest(said: str, begun: str) -> str:
    """What stands after the words that it begins with."""
    return said.partition(begun)[2].lstrip("了，。,.:：、 \n")


# --- a word before it is decided


def _word(visit: Visit, rest: str) -> str:
    t, waiting = visit.t, hearingwork.awaited(visit.ctx, visit.session, visit.person_id)
    reading = read_receipt(rest)
    if reading.canonical is not None:
        waiting, rest = [row for row in waiting if row[0].receipt == reading.canonical], ""
    if not waiting:
        return t(
            mark(
                "现在没有等您回话的事。家里有变化，发“家里有变化”；想找人说话，回“人工”。"
            )
        )
    if len(waiting) > 1:
        receipts = [case.receipt for case, _ in waiting[:CASES_SHOWN]]
        visit.state.asking = {"kind": "word", "receipts": receipts, "words": rest}
        return join(t(mark("有 {count} 件事在等您说，先说哪一件？"), count=len(waiting)),
                    choices(receipts))
    case, hearing = waiting[0]
    if rest:
        return _keep_word(visit, case.receipt, rest)
    return _ask_word(visit, case, hearing)


def _ask_word(visit: Visit, case: Case, hearing: Hearing) -> str:
    visit.state.asking = {"kind": "word", "receipt": case.receipt}
    t = visit.t
    return join(
        t(mark("编号 {receipt}：镇上在考虑{considered}，还没有定。"), receipt=case.receipt,
          considered=t(CONSIDERED[hearing.move])),
        t(mark("为什么：{why}"), why=plain(hearing.why or "")),
        t(mark("您怎么看？打字、语音都行，用自己的话说，我原样转给定的人。")),
    )


def word(visit: Visit, heard: Heard) -> str | None:
    """The word itself, or which of several it is about; None where it was a command."""
    asking, said = visit.state.asking, heard.text.strip()
    assert asking is not None
    if "receipts" in asking:
        return _which_word(visit, heard, asking)
    visit.state.asking = None
    if _is_other(said):
        return None
    if not said:
        visit.state.asking = asking
        return visit.t(NO_WORDS)
    return _keep_word(visit, asking["receipt"], said)


def _which_word(visit: Visit, heard: Heard, asking: dict[str, Any]) -> str | None:
    number = read_number(tidy(heard.text), 1, len(asking["receipts"]))
    visit.state.asking = None
    if number is None:
        return None
    receipt, words = asking["receipts"][number - 1], asking["words"]
    if words:
        return _keep_word(visit, receipt, words)
    waiting = hearingwork.awaited(visit.ctx, visit.session, visit.person_id)
    found = next((row for row in waiting if row[0].receipt == receipt), None)
    return _ask_word(visit, *found) if found else None


def _keep_word(visit: Visit, receipt: str, words: str) -> str:
    t = visit.t
    if not hearingwork.say(visit.ctx, visit.session, visit.person_id, receipt, words):
        return t(mark("这件事现在不用您回话了。想找人说话，回“人工”。"))
    return t(
        mark("您的话原样记下了，定之前他们会看。编号 {receipt}。还想说，再发“我有话说”。"),
        receipt=receipt,
    )


def maybe_word(visit: Visit, heard: Heard) -> str | None:
    """Something said after the question was sent: it is asked whether that is the answer.

    Words that were told already are kept even where the person goes on to something else.
    """
    asking, said = visit.state.asking, heard.text.strip()
    assert asking is not None
    told = asking.get("words", "")
    answer = {"1": True, "2": False}.get(tidy(said), read_yes_no(said)) if told else None
    visit.state.asking = None
    if answer is False:
        return freely.free(visit, Heard(Kind.TEXT, told))
    if answer is True:
        return _keep_word(visit, asking["receipt"], told)
    if not said or _is_other(said):
        if told:
            hearingwork.say(visit.ctx, visit.session, visit.person_id, asking["receipt"], told)
        return None
    visit.state.asking = {**asking, "words": f"{told}\n{said}".strip()}
    t = visit.t
    asked = t(mark("这话是回镇上的吗？就是编号 {receipt} 那件事。"), receipt=asking["receipt"])
    return join(asked, choices([t(mark("是，转给他们")), t(mark("不是，说别的事"))]))


def _is_other(said: str) -> bool:
    """A command, a number of a case, or a plain wish: no answer to what was asked."""
    meant = understand(said)
    wish = meant.confident and not meant.tells and meant.intent in ELSEWHERE
    begins = tidy(said).startswith((*WORD, *CHANGE))
    return wish or begins or read_command(said) is not None or bool(read_receipt(said).canonical)


def keep_before_danger(visit: Visit, heard: Heard) -> None:
    """Words that are grave and were an answer: kept as the person's word as well."""
    asking = visit.state.asking
    if asking is not None and asking["kind"] == "word" and "receipt" in asking:
        hearingwork.say(
            visit.ctx, visit.session, visit.person_id, asking["receipt"], heard.text
        )


# --- a change at home


def _change(visit: Visit, rest: str) -> str | None:
    cases = changes.helped_of(visit.session, visit.person_id)[:CASES_SHOWN]
    if not cases:
        return None
    receipts = [case.receipt for case in cases]
    if len(receipts) > 1:
        visit.state.asking = {"kind": "change", "receipts": receipts, "words": rest}
        asked = visit.t(mark("您家有 {count} 项救助，说的是哪一项？"), count=len(receipts))
        return join(asked, choices(receipts))
    return _keep_change(visit, receipts[0], rest) if rest else _ask_change(visit, receipts[0])


def _ask_change(visit: Visit, receipt: str) -> str:
    visit.state.asking = {"kind": "change", "receipt": receipt}
    return visit.t(
        mark("家里有什么变化？多了人、少了人、找到活了、又病了，都可以说，一句话就行。")
    )


def change(visit: Visit, heard: Heard) -> str | None:
    """What changed, or in which of several; None where it was a command."""
    asking, said = visit.state.asking, heard.text.strip()
    assert asking is not None
    visit.state.asking = None
    if "receipts" in asking:
        number = read_number(tidy(said), 1, len(asking["receipts"]))
        if number is None:
            return None
        receipt = asking["receipts"][number - 1]
        words = asking["words"]
        return _keep_change(visit, receipt, words) if words else _ask_change(visit, receipt)
    if _is_other(said):
        return None
    if not said:
        visit.state.asking = asking
        return visit.t(NO_WORDS)
    return _keep_change(visit, asking["receipt"], said)


def _keep_change(visit: Visit, receipt: str, words: str) -> str | None:
    if not changes.tell(visit.ctx, visit.session, visit.person_id, receipt, words):
        return None
    return visit.t(
        mark("记下了，谢谢您说一声。镇上看了会来问问您，您家的救助先照旧。编号 {receipt}。"),
        receipt=receipt,
    )
