"""Danger to a life: first the person, then the number to call now, then the report.

The report is handed in at once with what is known, so that the township is told even when
the person writes nothing more; a telephone is asked for after that.
"""

from __future__ import annotations

from secrets import token_hex

from bot import drafting
from bot.answers import read_phone
from bot.asking import join
from bot.messages import Heard
from bot.visit import Visit
from models import casework
from models.context import Context
from models.settings import mark

FIRST = {
    "suicide": mark("谢谢您告诉我。您现在是一个人吗？请先打{heart}，有人听您说。"),
    "violence": mark("您先躲到安全的地方，马上打 110。"),
    "child": mark("孩子要紧。现在有危险，马上打 110；受了伤打 120。"),
    "life": mark("人要紧。马上打 120；有别的危险打 110。"),
}
NOW = mark("马上有危险打 110 或 120。")
TOLD = mark("镇上的人我已经通知了，编号 {receipt}。您方便留个电话吗？也告诉我您在哪个村。")
TOLD_AGAIN = mark("我又告诉了镇上一次，编号 {receipt}。镇上电话 {phone}，您也可以直接打。")


def hotline(ctx: Context, key: str) -> str:
    """A hotline's name and number as configured; empty where a county has set none."""
    line = ctx.settings.hotlines.get(key)
    return f" {line.number} {line.name}" if line else " 110"


def answer(visit: Visit, heard: Heard, danger: str) -> str:
    """What to do now, and that the township knows."""
    t = visit.t
    first = t(FIRST.get(danger, FIRST["life"]), heart=hotline(visit.ctx, "heart"))
    second = t(NOW) if danger == "suicide" else ""
    state = visit.state
    if state.sos:
        casework.add_words(visit.ctx, visit.session, visit.person_id, state.sos, heard.text)
        again = t(TOLD_AGAIN, receipt=state.sos, phone=visit.phone)
        return join(first, second, again)
    known = state.known
    draft = state.draft
    answers = dict(draft.answers) if draft else {}
    case = casework.submit(
        visit.ctx,
        visit.session,
        casework.Application(
            account=visit.account.slug,
            person_id=visit.person_id,
            bundle=draft.bundle if draft else token_hex(16),
            name=str(answers.get("name") or known.get("name") or ""),
            phone=str(answers.get("phone") or known.get("phone") or ""),
            urgent=True,
            living=answers.get("living") or known.get("living") or None,
            home=None,
            incident=None,
            on_behalf=False,
            scheme="temporary",
            # Someone's life is at stake: told without consent (个人信息保护法 art. 13(4)).
            consent_version="danger",
            answers={**answers, "what": heard.text, "danger": danger, "urgent": True},
        ),
    )
    state.drop_draft()
    state.sos = case.receipt
    return join(first, second, t(TOLD, receipt=case.receipt))


def take_contact(visit: Visit, heard: Heard) -> str | None:
    """A telephone or a place after a report of danger; None where there is neither."""
    number = read_phone(heard.text).number
    scene = visit.scene
    step = drafting.FLOWS["apply"].step("living")
    reading = step.read(heard, {"whom": "self"}, scene)
    living = getattr(reading, "values", {}).get("living") or None
    if number is None and living is None:
        return None
    receipt = visit.state.sos
    casework.add_contact(
        visit.ctx, visit.session, visit.person_id, receipt, phone=number, living=living
    )
    if number:
        visit.state.sos = ""
        return visit.t(mark("记下了，镇上的人会尽快打给您。在这之前有危险，先打 110 或 120。"))
    return visit.t(mark("记下了。您方便留个电话吗？"))
