"""Danger to a life: first the person, then the number to call now, then the report.

The report is handed in at once with what is known, so that the township is told even when
the person writes nothing more; a telephone and a village are asked for after that. For two
days everything that is said with no other question open is added to that report.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from bot import drafting
from bot.answers import read_number, read_phone, tidy
from bot.flow import Answers, Draft
from bot.flows.gleaning import glean
from bot.flows.places import find_villages
from bot.messages import Heard, Kind
from bot.saying import choices, join
from bot.understand import understand
from bot.visit import Visit
from models import alarming, assistants, residentwork, submitting
from models.context import Context
from models.settings import mark

OPEN_FOR = timedelta(days=2)
# Longer than this it tells something, also where it holds a village's name.
PLACE_LENGTH = 20
# What is said around a village's name when only that is meant.
_BESIDE_A_PLACE = re.compile(
    "[，。,.、 ]|说错了|错了|不对|不是|应该|[我他她它]们?|家|就|在|是|住|那边|这边|[了的呢啊哦]"
)

FIRST = {
    "suicide": mark("谢谢您告诉我。您现在是一个人吗？请先打{heart}，有人听您说。"),
    "violence": mark("您先躲到安全的地方，马上打 110。"),
    "child": mark("孩子要紧。现在有危险，马上打 110；受了伤打 120。"),
    "life": mark("人要紧。马上打 120；有别的危险打 110。"),
}
FIRST_OF_OTHERS = {
    "suicide": mark("谢谢您告诉我。先陪着，别让人一个人待着；怎么劝，可以打{heart}问。"),
    "violence": mark("您先别上前，马上打 110。"),
}
NOW = mark("马上有危险打 110 或 120。")
TOLD = mark("镇上的人我已经通知了，编号 {receipt}。")
# Nobody has said yet which township's it is.
TOLD_SOMEBODY = mark("我已经报上去了，编号 {receipt}。说了在哪个村，那边镇上当时就知道。")
TOLD_AGAIN = mark(
    "镇上已经知道了（编号 {receipt}），这句他们也会看到。镇上电话 {phone}，您也可以直接打。"
)
MORE = mark("这句也告诉镇上了，编号 {receipt}。有危险先打 110 或 120。")
HERE = mark("我在。有危险先打 110 或 120。")
ASK_BOTH = mark("您方便留个电话吗？也告诉我在哪个村。")
ASK_PHONE = mark("您方便留个电话吗？没有就回“没有”。")
ASK_PLACE = mark("记下了。在哪个村？写村名就行，也可以点“＋”发位置。")
DONE = mark("记下了，镇上的人会尽快打给您。在这之前有危险，先打 110 或 120。")
DONE_WITHOUT = mark("没关系，镇上的人会去找您。在这之前有危险，先打 110 或 120；镇上电话 {phone}。")


def hotline(ctx: Context, key: str) -> str:
    """A hotline's name and number as configured; empty where a county has set none."""
    line = ctx.settings.hotlines.get(key)
    return f" {line.number} {line.name}" if line else " 110"


def is_open(visit: Visit) -> bool:
    """Whether what is said now belongs to a report of danger that was just made."""
    at = visit.state.sos.get("at")
    return at is not None and visit.now - datetime.fromisoformat(at) < OPEN_FOR


def answer(visit: Visit, heard: Heard, danger: str) -> str:
    """What to do now, and that the township knows."""
    t, state = visit.t, visit.state
    whom = understand(heard.text).whom
    words = (FIRST_OF_OTHERS if whom == "other" else {}).get(danger) or FIRST[danger]
    heart = hotline(visit.ctx, "heart")
    lines = [t(words, heart=heart) if "{" in words else t(words)]
    if danger == "suicide":
        lines.append(t(NOW))
    state.asking = None
    if is_open(visit):
        receipt = state.sos["receipt"]
        residentwork.add_words(visit.ctx, visit.session, visit.person_id, receipt, heard.text)
        alarming.heard(visit.ctx, visit.session, visit.person_id, receipt, danger)
        _take(visit, heard)
        return join(*lines, t(TOLD_AGAIN, receipt=receipt, phone=visit.phone))
    _report(visit, heard, danger, on_behalf=whom == "other")
    told = TOLD if state.sos["known"] else TOLD_SOMEBODY
    return join(*lines, t(told, receipt=state.sos["receipt"]), _ask(visit))


def _report(visit: Visit, heard: Heard, danger: str, *, on_behalf: bool) -> None:
    """Hand in what is known at this moment; what was being filled in goes with it."""
    state = visit.state
    draft = state.draft
    answers = _answers(visit, heard, draft) | {"danger": danger, "urgent": True}
    if on_behalf:
        answers["whom"] = "other"
    case = submitting.submit(
        visit.ctx,
        visit.session,
        submitting.Application(
            account=visit.account.slug,
            person_id=visit.person_id,
            bundle=draft.bundle if draft else token_hex(16),
            name=str(answers.get("name") or ""),
            phone=str(answers.get("phone") or ""),
            urgent=True,
            living=answers.get("living") or None,
            home=answers.get("home") or None,
            incident=answers.get("incident") or None,
            on_behalf=answers.get("whom") == "other",
            scheme="temporary",
            # Someone's life is at stake: told without consent (个人信息保护法 art. 13(4)).
            consent_version="danger",
            answers=answers,
            reporter_id=_reporter(visit, answers),
        ),
    )
    state.drop_draft()
    state.sos = {
        "receipt": case.receipt,
        "at": visit.now.isoformat(),
        "phone": bool(case.phone),
        "place": bool(case.living_area),
        "known": any(answers.get(key) for key in ("living", "home", "incident")),
    }


def _reporter(visit: Visit, answers: Answers) -> int | None:
    """The post of an assistant who tells of others in a village of theirs."""
    if answers.get("whom") != "other" or not answers.get("living"):
        return None
    post = assistants.post_in(visit.session, visit.person_id, str(answers["living"]))
    return post.id if post else None


def _answers(visit: Visit, heard: Heard, draft: Draft | None) -> Answers:
    """The danger first; all that was said before it stays with it, word for word."""
    before = drafting.settled(draft) if draft else {}
    known = {} if before.get("whom") == "other" else visit.state.known
    told = glean(heard.text, {}, visit.scene)
    earlier = [w for w in (before.get("what"), *before.get("more", ())) if w]
    answers = {**known, **before, **told, "what": heard.text}
    named = answers.pop("living_among", ())
    if len(named) == 1:
        answers["living"] = named[0]
    return answers | ({"more": earlier} if earlier else {})


def take_contact(visit: Visit, heard: Heard) -> str | None:
    """A telephone or a place after a report of danger; None where there is neither."""
    found = _take(visit, heard)
    state, t = visit.state, visit.t
    if found is None:
        return None
    if understand(heard.text).tells:
        receipt = state.sos["receipt"]
        residentwork.add_words(visit.ctx, visit.session, visit.person_id, receipt, heard.text)
    if len(found.get("among", ())) > 1:
        state.asking = {"kind": "sos_place", "codes": found["among"]}
        names = [visit.scene.areas.name(code) for code in found["among"]]
        return join(t(mark("叫这个名字的不止一个，是哪一个？")), choices(names))
    return _next(visit)


def which_place(visit: Visit, heard: Heard) -> str | None:
    """Of several villages of one name, the one where the danger is."""
    waiting = visit.state.asking
    assert waiting is not None
    codes = waiting["codes"]
    said = tidy(heard.text)
    number = read_number(said, 1, len(codes)) if len(said) <= 4 else None
    named = [c for c in codes if c in find_villages(said, visit.scene)]
    code = codes[number - 1] if number else named[0] if len(named) == 1 else None
    visit.state.asking = None
    if code is None:
        return None
    _keep(visit, None, code)
    return _next(visit)


def _take(visit: Visit, heard: Heard) -> dict[str, Any] | None:
    """Keep the telephone and the village that the message gives; None where it gives none."""
    state = visit.state
    reading = read_phone(heard.text)
    refused = reading.problem == "none" and not state.sos["phone"] and len(heard.text) <= 12
    codes = _places(visit, heard)
    if reading.number is None and not refused and not codes:
        return None
    if refused:
        state.sos = {**state.sos, "phone": True, "unreachable": True}
    _keep(visit, reading.number, codes[0] if len(codes) == 1 else None)
    return {"among": codes}


def _places(visit: Visit, heard: Heard) -> list[str]:
    if heard.kind is Kind.LOCATION:
        step = drafting.FLOWS["apply"].step("living")
        reading = step.read(heard, {"whom": "self"}, visit.scene)
        code = getattr(reading, "values", {}).get("living")
        return [code] if code else []
    found = find_villages(heard.text, visit.scene)
    if not visit.state.sos["place"] or (found and _is_only_place(heard.text, found, visit)):
        return found
    return []


def _is_only_place(text: str, codes: list[str], visit: Visit) -> bool:
    """Whether a message says where, and nothing else: what was said once is not moved by less."""
    if len(text) > PLACE_LENGTH:
        return False
    left = tidy(text)
    for code in codes:
        for place in visit.scene.areas.upward(code):
            left = left.replace(place.name, "").replace(place.name[:-1], "")
    return not _BESIDE_A_PLACE.sub("", left)


def _keep(visit: Visit, phone: str | None, living: str | None) -> None:
    if not phone and not living:
        return
    state = visit.state
    residentwork.add_contact(
        visit.ctx, visit.session, visit.person_id, state.sos["receipt"], phone=phone, living=living
    )
    state.sos = {
        **state.sos,
        "phone": bool(phone) or state.sos["phone"],
        "place": bool(living) or state.sos["place"],
    }
    if phone:
        state.sos.pop("unreachable", None)


def _ask(visit: Visit) -> str:
    sos, t = visit.state.sos, visit.t
    if not sos["phone"]:
        return t(ASK_PHONE if sos["place"] else ASK_BOTH)
    return "" if sos["place"] else t(ASK_PLACE)


def _next(visit: Visit) -> str:
    """What is still missing is asked; when nothing is, what happens now."""
    sos, t = visit.state.sos, visit.t
    if not sos["phone"]:
        return join(t(mark("记下了。")), t(ASK_PHONE))
    if not sos["place"]:
        return t(ASK_PLACE)
    return t(DONE_WITHOUT, phone=visit.phone) if sos.get("unreachable") else t(DONE)


def more(visit: Visit, heard: Heard) -> str:
    """Whatever else is said in these hours: added to the report, and the person is not left."""
    receipt = visit.state.sos["receipt"]
    if not any(map(str.isalpha, heard.text)):
        return join(visit.t(HERE), _ask(visit))
    residentwork.add_words(visit.ctx, visit.session, visit.person_id, receipt, heard.text)
    return join(visit.t(MORE, receipt=receipt), _ask(visit))
