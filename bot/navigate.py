"""看看有什么帮助 in chat: a few questions, then what is worth asking for and why; no decision."""

from __future__ import annotations

from typing import Any

from bot import opening, policies
from bot.answers import Command, Option, read_command, read_option, tidy
from bot.flow import Draft, Read, give, next_step, undo
from bot.flows.navigate import NAVIGATE, said
from bot.flows.navigate import begin as new_round
from bot.messages import Heard
from bot.saying import choices, join, link
from bot.text import squeezed, without_particles
from bot.understand import understand
from bot.visit import Visit
from bot.words import words
from models import schemework
from models.context import Context
from models.navigating import LEVEL_NAMES, Finding, Said, navigator
from models.paths import PATHS
from models.schemes import catalogue
from models.settings import Translate, mark

INTRO = mark("答几问，我帮您看看能问哪些帮助。不想说的回“跳过”。")
AGAIN = mark("好，接着看。")
KEPT = mark("好，给您留着。想接着看，再发“看看有什么帮助”。")
FOUND = mark("看好了，有 {count} 样可以问。这只是帮您看看，定不定要镇上看过：")
HOW = mark("回“1”我帮您报上去，回别的数字看为什么。没列出来的也能问：{phone}")
BY_NUMBERS = mark("可以选几样，比如回“1 3”。")
# Longer than an answer ever is: something is told, and that is heard as it is.
ANSWER_LENGTH = 16
# What is most needed, as the application asks it, by what was said here.
NEEDS = {"poor": "living", "ill": "medical", "school": "education", "house": "housing"}


def is_asked(text: str) -> bool:
    """Whether the whole message asks for this."""
    return without_particles(squeezed(text)) in words("navigator", "asked")


def listen(visit: Visit, heard: Heard) -> str | None:
    """The words that begin it; None for anything else."""
    return begin(visit) if is_asked(heard.text) else None


def begin(visit: Visit) -> str:
    """Begin, go on where it was left, or show once more what was found."""
    state = visit.state
    if state.seeing is not None and state.seeing.trail:
        return _next(visit, state.seeing, visit.t(AGAIN))
    state.seeing = new_round()
    return _next(visit, state.seeing, visit.t(INTRO))


def _next(visit: Visit, draft: Draft, lead: str = "") -> str:
    step = next_step(NAVIGATE, draft)
    if step is None:
        return _results(visit, draft, lead)
    visit.state.asking = {"kind": "navigate"}
    hint = visit.t(BY_NUMBERS) if step.control == "choices" and not draft.trail else ""
    options = [o.label for o in step.options(draft.answers, visit.scene)]
    return join(lead, step.question(draft.answers, visit.scene), hint, choices(options))


def answer(visit: Visit, heard: Heard) -> str | None:
    """The answer to the open question; None for what is none: it is heard as it is."""
    draft, t = visit.state.seeing, visit.t
    visit.state.asking = None
    step = next_step(NAVIGATE, draft) if draft is not None else None
    if draft is None or step is None:
        return None
    command = read_command(heard.text)
    if command is Command.BACK:
        lead = mark("好，回到上一问。") if undo(draft) else mark("这已经是第一问了。")
        return _next(visit, draft, t(lead))
    if command is Command.LATER:
        return t(KEPT)
    reading = step.read(heard, draft.answers, visit.scene)
    if isinstance(reading, Read):
        give(draft, step.key, reading.values)
        return _next(visit, draft)
    if command is Command.SKIP:
        give(draft, step.key, step.skip(draft.answers) or {})
        return _next(visit, draft)
    if command is not None or _is_other(heard.text):
        return None
    again = step.once_more(draft.answers, visit.scene)
    return _next(visit, draft, join(t(mark("我没看懂。")), again))


def _is_other(text: str) -> bool:
    """Something told or wished for, rather than an answer."""
    meant = understand(text)
    return not tidy(text) or len(tidy(text)) > ANSWER_LENGTH or meant.tells or meant.confident


# --- what was found


def _results(visit: Visit, draft: Draft, lead: str = "") -> str:
    visit.state.asking = {"kind": "navigated"}
    t, found = visit.t, navigator().findings(said(draft.answers))
    named = [t(mark("{scheme}（{level}）"), scheme=name(t, f), level=t(LEVEL_NAMES[f.level]))
             for f in found]
    labels = [t(mark("帮我报到镇上")), *named, t(mark("重新看一遍"))]
    return join(
        lead, t(FOUND, count=len(found)), choices(labels), t(HOW, phone=visit.phone),
    )


def name(t: Translate, finding: Finding) -> str:
    """The scheme's name."""
    return t(PATHS[finding.scheme].name)


def why(t: Translate, finding: Finding) -> str:
    """Why it is worth asking for: in plain words, and the clause that says so."""
    rule = finding.rule
    clause = (
        t(mark("依据：{basis}“{words}”"), basis=rule.basis, words=rule.quote) if rule.quote
        else t(mark("依据：{basis}，大意是：{words}"), basis=rule.basis, words=t(rule.gist))
    )
    return join(t(rule.why), clause)


def needed(ctx: Context, t: Translate, finding: Finding, area: str) -> tuple[str, str]:
    """Which papers and how long, as the catalogue and the county of this area have it."""
    told = schemework.told(ctx, finding.scheme, area)
    return policies.needed(t, told, catalogue().schemes[finding.scheme])


def chosen(visit: Visit, heard: Heard) -> str | None:
    """Begin the application, see why, or look again; None where it was something else."""
    draft, t = visit.state.seeing, visit.t
    visit.state.asking = None
    if draft is None:
        return None
    if read_command(heard.text) is Command.BACK and undo(draft):
        return _next(visit, draft, t(mark("好，回到上一问。")))
    found = navigator().findings(said(draft.answers))
    options = [
        Option("apply", t(mark("帮我报到镇上")), ("报上去", "帮我报", "申请", "我要求助", "报")),
        *(Option(f.scheme, name(t, f)) for f in found),
        Option("again", t(mark("重新看一遍")), ("重新看", "重来")),
    ]
    choice = read_option(heard.text, options) if len(tidy(heard.text)) <= ANSWER_LENGTH else None
    if choice is None:
        return None
    if choice == "apply":
        return start(visit, draft)
    if choice == "again":
        visit.state.seeing = None
        return begin(visit)
    visit.state.asking = {"kind": "navigated"}
    finding = next(f for f in found if f.scheme == choice)
    level = t(LEVEL_NAMES[finding.level])
    head = t(mark("{scheme}：{level}。"), scheme=name(t, finding), level=level)
    area = visit.township or visit.account.area
    page = link(visit.public_page(f"/policies/{choice}"), t(policies.OPEN))
    foot = t(mark("要补什么，镇上会一次告诉您。回“1”我帮您报上去。"))
    # No scheme stands in the first line, which a locked phone shows.
    lead, told = t(policies.LEAD), needed(visit.ctx, t, finding, area)
    return join(lead, head, why(t, finding), *told, page, foot)


def start(visit: Visit, draft: Draft) -> str:
    """Begin the application with what was said here."""
    visit.state.seeing = None
    return opening.apply_with(visit, *carried(visit.t, said(draft.answers)))


def carried(t: Translate, answers: Said) -> tuple[str, dict[str, Any]]:
    """What goes into the application: what happened in words, and its answers to other steps.

    The record of what was answered and shown goes with it, for staff.
    """
    rules = navigator()
    labels = [
        t(choice.label) for key in ("trouble", "other") for choice in rules.question(key).choices
        if choice.key != "none" and choice.key in answers.get(key, ())
    ]
    more: dict[str, Any] = {"navigator": rules.record(answers)}
    if answers.get("urgent"):
        more["urgent"] = answers["urgent"] == ("now",)
    needs = [need for key, need in NEEDS.items() if key in answers.get("trouble", ())]
    if "nobody" in answers.get("support", ()):
        needs.append("care")
    if needs:
        more |= {"needs": needs}
    return t(mark("，")).join(labels), more
