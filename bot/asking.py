"""Saying a draft's question in chat, reading it back, and handing it in."""

from __future__ import annotations

from bot import drafting
from bot.answers import Command, read_command, read_number, read_yes_no, tidy
from bot.choices import Option
from bot.flow import Draft, Step, undo
from bot.messages import Heard, Kind
from bot.visit import Visit
from bot.wording import due_text, phone_text
from models.settings import mark

# Choices stand side by side while they are short, as an old phone shows them.
INLINE = 24
HUMAN_AFTER = 3

KNOWN_ASK = mark("您上次留的是：{name}，{phone}，住{place}。这次还是这样吗？")
HUMAN_OFFER = mark("要是说不清楚也没关系，打 {phone}，镇上的人跟您说；或者回“稍后”，改天再填。")


def question(visit: Visit, lead: str = "") -> str:
    """The open question with its choices, or the read-back when nothing is open."""
    draft = visit.state.draft
    assert draft is not None
    if drafting.offers_known(visit.state):
        return join(lead, _known_question(visit))
    step = drafting.current(draft)
    if step is None:
        return join(lead, read_back(visit))
    return join(lead, step_text(visit, draft, step))


def step_text(visit: Visit, draft: Draft, step: Step) -> str:
    """One step's question, its choices, and for papers where the sensitive ones go."""
    scene = visit.scene
    parts = [step.question(draft.answers, scene)]
    if step.control == "photos":
        link = f'<a href="{visit.page("/m/apply")}">{visit.t(mark("点这里在网页上交"))}</a>'
        parts.append(visit.t(mark("身份证、户口本、银行卡别发在这里，{link}。"), link=link))
        if draft.photos:
            parts.insert(0, visit.t(mark("已经收到 {count} 张。"), count=draft.photos))
    parts.append(choices([o.label for o in step.options(draft.answers, scene)]))
    return "\n".join(part for part in parts if part)


def choices(labels: list[str]) -> str:
    """Numbered choices, in one line where they fit."""
    numbered = [f"{number} {label}" for number, label in enumerate(labels, start=1)]
    sep = "　" if sum(map(len, numbered)) <= INLINE else "\n"
    return sep.join(numbered)


def join(*parts: str) -> str:
    """Lines of one message."""
    return "\n".join(part for part in parts if part)


def _known_question(visit: Visit) -> str:
    known, t = visit.state.known, visit.t
    place = visit.scene.areas.name(known.get("living")) or known.get("living_words", "")
    asked = t(KNOWN_ASK, name=known["name"], phone=known.get("phone", ""), place=place)
    return join(asked, choices([t(mark("还是这样")), t(mark("有变化"))]))


def read_back(visit: Visit) -> str:
    """Everything that was said, a number beside each."""
    draft, t = visit.state.draft, visit.t
    assert draft is not None
    lines = [f"{n} {line}" for n, (_, line) in enumerate(drafting.rows(draft, visit.scene), 1)]
    if draft.photos:
        lines.append(t(mark("照片 {count} 张"), count=draft.photos))
    return join(
        t(mark("我念给您听，有不对的，回那一行的数字就能改：")),
        *lines,
        t(mark("都对，请回“对”，就交给镇上了。")),
    )


def answer(visit: Visit, heard: Heard) -> str:
    """Take what was said as the answer to what is open."""
    state = visit.state
    draft = state.draft
    assert draft is not None
    if drafting.offers_known(state):
        return _known(visit, heard)
    step = drafting.current(draft)
    if step is None:
        return _confirm(visit, heard)
    if not drafting.is_answered_by(step, heard):
        return _unclear(visit, draft, step, "")
    problem = drafting.answer(draft, step, heard, visit.scene)
    if problem is not None:
        return _unclear(visit, draft, step, problem.hint)
    if heard.kind is Kind.VOICE and heard.media_id and step.key == "what":
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
    return question(visit)


def _known(visit: Visit, heard: Heard) -> str:
    options = [Option("same", "", ("还是这样", "没变")), Option("new", "", ("有变化", "变了"))]
    from bot.answers import read_option

    choice = read_option(heard.text, options)
    agreed = read_yes_no(heard.text)
    if choice is None and agreed is None:
        draft = visit.state.draft
        assert draft is not None
        draft.tries += 1
        return question(visit, visit.t(mark("没变化就回“1”，有变化回“2”。")))
    drafting.take_known(visit.state, same=choice == "same" if choice else bool(agreed))
    return question(visit)


def _unclear(visit: Visit, draft: Draft, step: Step, hint: str) -> str:
    """Ask again in other words with an example; the third time a human is offered."""
    t = visit.t
    parts = [t(hint) if hint else t(mark("我没看懂。")), "" if hint else t(step.again)]
    if draft.tries >= HUMAN_AFTER:
        parts.append(t(HUMAN_OFFER, phone=visit.phone))
    labels = [o.label for o in step.options(draft.answers, visit.scene)]
    return join(*parts, choices(labels))


def _confirm(visit: Visit, heard: Heard) -> str:
    draft = visit.state.draft
    assert draft is not None
    rows = drafting.rows(draft, visit.scene)
    said = tidy(heard.text)
    number = read_number(said, 1, len(rows)) if len(said) <= 6 else None
    if number is not None:
        drafting.ask_again(draft, rows[number - 1][0].key)
        return question(visit, visit.t(mark("好，改这一条。")))
    if read_command(said) in (Command.CONFIRM, Command.DONE) or read_yes_no(said):
        return hand_in(visit)
    draft.tries += 1
    if read_yes_no(said) is False:
        return visit.t(mark("哪一行不对？回那一行的数字就能改，比如回“1”。"))
    lead = visit.t(mark("我没看懂。都对就回“对”，要改就回那一行的数字。"))
    if draft.tries >= HUMAN_AFTER:
        lead = join(lead, visit.t(HUMAN_OFFER, phone=visit.phone))
    return join(lead, read_back(visit))


def hand_in(visit: Visit) -> str:
    """Submit, and say what happened, what comes next, by when, and whom to call."""
    case = drafting.hand_in(visit.ctx, visit.session, visit.state, visit.person_id, visit.account)
    t, areas = visit.t, visit.ctx.directory.areas
    assert case.due_on is not None
    return join(
        t(mark("收到了，编号 {receipt}。"), receipt=case.receipt),
        t(
            mark("{place}会给您回话：{due}。想看办到哪一步，随时发“进度”。"),
            place=areas.name(case.township),
            due=due_text(visit.ctx, t, case.due_on),
        ),
        phone_text(t, areas, case.township),
    )


def photo(visit: Visit, heard: Heard) -> str:
    """A photo sent while a draft is open: kept with it, whatever is being asked."""
    draft = visit.state.draft
    assert draft is not None
    drafting.add_photo(
        visit.session, draft.bundle, visit.person_id, visit.account, heard.media_id, visit.now
    )
    draft.photos += 1
    step = drafting.current(draft)
    got = visit.t(mark("照片收到了，这是第 {count} 张。"), count=draft.photos)
    if step is not None and step.control == "photos":
        return join(got, visit.t(mark("还有就接着发，发完回“完成”。")))
    return question(visit, got)


def back(visit: Visit) -> str:
    """Undo one answer; as often as wanted."""
    draft = visit.state.draft
    assert draft is not None
    if undo(draft):
        return question(visit, visit.t(mark("好，回到上一问。")))
    return question(visit, visit.t(mark("这已经是第一问了。")))


def skip(visit: Visit) -> str:
    """Leave a question out where it may be left out."""
    draft = visit.state.draft
    assert draft is not None
    step = drafting.current(draft)
    if step is None:
        return question(visit)
    if drafting.skip(draft, step):
        return question(visit, visit.t(mark("好，这一问先不答。")))
    lead = visit.t(mark("这一问得知道个大概，才能帮您报上去。说多少都行。"))
    return join(lead, step_text(visit, draft, step))
