"""Saying a draft's question in chat and taking the answer to it."""

from __future__ import annotations

from bot import confirming, drafting, keeping
from bot.answers import Option, read_option, read_yes_no, tidy
from bot.flow import Draft, Read, Step, Unclear, give, is_open
from bot.flows.discover import DISCOVER
from bot.messages import Heard, Kind
from bot.phones import masked_phone
from bot.saying import choices, join, link, shortened
from bot.visit import Visit
from models import inquiring
from models.settings import mark

HUMAN_AFTER = 3
BARE_LENGTH = 3

KNOWN_ASK = mark("您上次留的是：{name}，{phone}，住{place}。这次还是这样吗？")
HUMAN_OFFER = mark("说不清楚也没关系，打 {phone}，镇上的人跟您说；或者回“稍后”，改天再填。")
NOTED = mark("好，这句也记下了。")
DANGER = mark("现在有危险，马上打 110；受了伤打 120。我接着问几句，好告诉他们。")


def question(visit: Visit, lead: str = "") -> str:
    """The open question with its choices, or the read-back when nothing is open."""
    draft = visit.state.draft
    assert draft is not None
    # From here on a number answers this question and no older one.
    visit.state.asking, visit.state.asked = None, draft.mark
    if drafting.offers_known(visit.state):
        return join(lead, _known_question(visit))
    lead = join(lead, _reported(visit, draft))
    step = drafting.current(draft)
    if step is None:
        return join(lead, confirming.read_back(visit, draft))
    return join(lead, step_text(visit, draft, step))


def _reported(visit: Visit, draft: Draft) -> str:
    """Once whose and where is said: that the household is reported already, said once."""
    village, name = draft.answers.get("living"), draft.answers.get("name")
    if draft.flow != DISCOVER.name or not (village and name):
        return ""
    if draft.asked_of == f"{village}/{name}":
        return ""
    draft.asked_of = f"{village}/{name}"
    found = inquiring.is_reported(visit.ctx, visit.session, visit.person_id, village, name)
    return visit.t(confirming.BEFORE) if found else ""


def step_text(visit: Visit, draft: Draft, step: Step) -> str:
    """One step's question, its choices, and for papers where the sensitive ones go."""
    scene = visit.scene
    asked = step.question(draft.answers, scene)
    parts = [shortened(asked) if visit.big else asked]
    if step.control == "photos":
        page = link(visit.page("/m/apply"), visit.t(mark("点这里在网页上交")))
        parts.append(visit.t(mark("身份证、户口本、银行卡别发在这里，{link}。"), link=page))
        if draft.photos:
            parts.insert(0, visit.t(mark("已经收到 {count} 张。"), count=draft.photos))
    return join(*parts, _options(visit, draft, step))


def _options(visit: Visit, draft: Draft, step: Step) -> str:
    labels = [o.label for o in step.options(draft.answers, visit.scene)]
    return choices(labels, apart=visit.big)


def _known_question(visit: Visit) -> str:
    known, t = visit.state.known, visit.t
    draft = visit.state.draft
    assert draft is not None
    living = draft.answers.get("living") or known.get("living")
    asked = t(
        KNOWN_ASK,
        name=known["name"],
        phone=masked_phone(known.get("phone", "")) or t(mark("没有电话")),
        place=visit.scene.areas.name(living) or known.get("living_words", ""),
    )
    return join(asked, choices([t(mark("还是这样")), t(mark("有变化"))]))


def answer(visit: Visit, heard: Heard) -> str:
    """Take what was said as the answer to what is open."""
    state = visit.state
    draft = state.draft
    assert draft is not None
    if state.asked != draft.mark and _answers_a_question(heard):
        return question(visit, visit.t(mark("您在网页上往下填了，现在到这里：")))
    if drafting.offers_known(state):
        return _known(visit, draft, heard)
    step = drafting.current(draft)
    if heard.kind is Kind.VOICE and not heard.text and (step is None or step.key != "what"):
        return _unheard(visit, draft, heard)
    if step is None:
        return confirming.confirm(visit, draft, heard, question)
    if not drafting.is_answered_by(step, heard):
        return _beside(visit, draft, step, heard)
    problem = drafting.answer(draft, step, heard, visit.scene)
    if heard.kind is Kind.VOICE and (step.key == "what" or problem is not None):
        keep_recording(visit, draft, heard)
    if problem is not None:
        return _unclear(visit, draft, step, problem)
    harmed = step.key == "what" and draft.answers.get("harm")
    return question(visit, visit.t(DANGER) if harmed else "")


def _answers_a_question(heard: Heard) -> bool:
    """Whether this is nothing without the question before it: a number, a yes, 完成."""
    said = tidy(heard.text)
    if heard.kind is Kind.VOICE and not said:
        # Somebody will listen to it: it may say anything.
        return False
    return len(said) <= BARE_LENGTH or read_yes_no(said) is not None


def _known(visit: Visit, draft: Draft, heard: Heard) -> str:
    options = [
        Option("same", visit.t(mark("还是这样")), ("没变",)),
        Option("new", visit.t(mark("有变化")), ("变了", "不是")),
    ]
    choice = read_option(heard.text, options)
    agreed = read_yes_no(heard.text)
    if choice is None and agreed is None:
        return _told_instead(visit, draft, heard)
    drafting.take_known(visit.state, same=choice == "same" if choice else bool(agreed))
    return question(visit)


def _told_instead(visit: Visit, draft: Draft, heard: Heard) -> str:
    """Trouble is told before it is asked for: it is what happened, and nothing of it is lost."""
    step = drafting.flow_of(draft).step("what")
    telling = is_open(step, draft.answers) and len(tidy(heard.text)) > BARE_LENGTH
    if telling and drafting.answer(draft, step, heard, visit.scene) is None:
        return question(visit, visit.t(NOTED))
    noted = keeping.keep_words(draft, heard.text)
    draft.tries += 1
    return question(visit, visit.t(NOTED if noted else mark("没变化回“1”，有变化回“2”。")))


def _unheard(visit: Visit, draft: Draft, heard: Heard) -> str:
    """A voice without words, where words are needed: kept, and asked for in another way."""
    keep_recording(visit, draft, heard)
    return question(visit, visit.t(mark("这段话没听清，录音收下了。请打字，或者回数字。")))


def _beside(visit: Visit, draft: Draft, step: Step, heard: Heard) -> str:
    """A location at another question, or nothing at all (an empty text)."""
    living = drafting.flow_of(draft).step("living")
    if heard.kind is Kind.LOCATION and is_open(living, draft.answers):
        reading = living.read(heard, draft.answers, visit.scene)
        if isinstance(reading, Read):
            give(draft, step.key, reading.values)
            return question(visit, visit.t(mark("位置收到了。")))
        return _unclear(visit, draft, step, reading)
    if heard.kind is Kind.LOCATION:
        keeping.keep_words(draft, heard.text)
        return question(visit, visit.t(mark("位置收到了。")))
    draft.tries += 1
    return _unclear(visit, draft, step, Unclear())


def _unclear(visit: Visit, draft: Draft, step: Step, problem: Unclear) -> str:
    """Ask again in other words with an example; the third time a human is offered."""
    t = visit.t
    if problem.noted and draft.tries < HUMAN_AFTER:
        return question(visit, t(NOTED))
    again = "" if problem.hint else step.once_more(draft.answers, visit.scene)
    lead = problem.hint or (NOTED if problem.noted else mark("我没看懂。"))
    parts = [t(lead), again]
    if draft.tries >= HUMAN_AFTER:
        parts.append(t(HUMAN_OFFER, phone=visit.phone))
    return join(*parts, _options(visit, draft, step))


def keep_recording(visit: Visit, draft: Draft, heard: Heard) -> None:
    """Keep a voice message with the draft; the worker fetches it."""
    if heard.media_id:
        drafting.add_photo(
            visit.session,
            draft.bundle,
            visit.person_id,
            visit.account,
            heard.media_id,
            visit.now,
            kind="voice",
            spoken=heard.text,
        )


def photo(visit: Visit, heard: Heard) -> str:
    """A photo for the open draft: kept with it, whatever is being asked."""
    draft = visit.state.draft
    assert draft is not None
    drafting.add_photo(
        visit.session, draft.bundle, visit.person_id, visit.account, heard.media_id, visit.now,
        proof=drafting.proof_at(draft),
    )
    draft.photos += 1
    step = drafting.current(draft)
    got = visit.t(mark("照片收到了，这是第 {count} 张。"), count=draft.photos)
    if step is not None and step.control == "photos":
        visit.state.asking = None
        return join(got, visit.t(mark("还有就接着发，发完回“1”。")))
    return question(visit, got)
