"""How the desk says what is stored: deadlines, events, and what the applicant said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.flow import Scene, Step, is_open
from bot.flows.apply import APPLY
from bot.flows.discover import DISCOVER
from bot.flows.places import place_name
from models.cases import Case, CaseEvent
from models.clockwords import staff_told
from models.context import Context
from models.deadlines import Nearness, nearness, working_days_left
from models.moves import MOVES
from models.positions import GCJ02, WGS84
from models.proposals import Proposal
from models.settings import Translate, mark
from models.statuses import HELPED, OPEN, STATUS_NAMES, EventKind, Status
from models.telling import granted, told

# The usual way of a case; where it stands is drawn as a line of dots.
WAY = (
    Status.SUBMITTED, Status.REGISTERED, Status.ACCEPTED, Status.INVESTIGATING, Status.DECIDING,
)
# Where on that way the other statuses of an application stand.
STANDS = {
    Status.RETURNED: Status.REGISTERED, Status.APPRAISING: Status.INVESTIGATING,
    Status.PROPOSED: Status.DECIDING, Status.REFERRED: Status.REGISTERED,
}
# Shown on their own, larger or as links; the rest of the flow is read back line by line.
APART = frozenset({"what", "living", "home", "incident", "name", "phone", "papers", "consent"})
VERBATIM = ("household_words", "needs_words", "relation_words")
FIRST_WORDS = 48

PLACES = (
    ("living", mark("现在住在")),
    ("home", mark("户口在")),
    ("incident", mark("出事的地方")),
)
CONSENTS = {
    "both": mark("同意给镇上看，也同意核对家里的收入和财产。"),
    "process": mark("只同意给镇上看，还没有同意核对收入和财产。"),
}
CALLS: dict[str, str] = {
    EventKind.SUPPLIED: mark("材料补来了"),
    EventKind.ALL_SUPPLIED: mark("材料补齐了"),
    EventKind.WITHDRAW_ASKED: mark("本人想撤回"),
    EventKind.REFERRAL_BACK: mark("部门退回来了"),
    EventKind.REFERRAL_ANSWERED: mark("部门回话了"),
    EventKind.CHANGE_TOLD: mark("说家里有变化"),
    EventKind.VISIT_HARDER: mark("协理员说更难了"),
    EventKind.REPORT_JOINED: mark("又有人报了这家"),
    EventKind.HOUSEHOLD_DECLINED: mark("这家说不同意"),
    EventKind.HARM_TAKEN: mark("部门接下了"),
    EventKind.ERRAND_DONE: mark("协理员办好了"),
    EventKind.ERRAND_BACK: mark("协理员不在岗了，退回来了"),
    EventKind.ERRAND_CANNOT: mark("协理员说去不了"),
}

# What is said among staff, whatever the resident reads of it.
INSIDE: dict[str, str] = {
    EventKind.RECHECKED: mark("复核过了。"),
    EventKind.PAPERWORK: mark("急难救助的手续补完了。"),
    EventKind.SPOT_CHECKED: mark("县里抽查过了。"),
    EventKind.VISITED: mark("协理员去看过了。"),
    EventKind.REPORT_JOINED: mark(
        "又报来一件，同村、同名、同电话（或同身份证号），自动并进来了。请看一眼，不是一家就分开。"
    ),
    EventKind.VISIT_HARDER: mark("协理员去看过了，说更难了。"),
    EventKind.HOUSEHOLD_TOLD: mark("告诉过这家人，有人替他们说过。"),
    EventKind.HOUSEHOLD_DECLINED: mark("这家人说不同意，先停着。"),
    EventKind.HOUSEHOLD_CLEARED: mark("看过了，接着办。"),
    EventKind.CONTENT_ERASED: mark("照这家人的意思，写下来的都删了。"),
    EventKind.HARM_TOLD: mark(
        "可能有人受伤害：县里民政、绑了微信的部门联络员，当时就发了通知。没绑的要打电话。"
    ),
    EventKind.HARM_TAKEN: mark("{unit}接到了。"),
    EventKind.ERRAND_DONE: mark("请协理员帮的一样办好了，写在“请协理员帮的”里。"),
    EventKind.ERRAND_BACK: mark("协理员不在岗了，村里没有别的协理员，请他帮的一样退回来了。"),
    EventKind.ERRAND_CANNOT: mark("协理员说去不了，为什么写在“请协理员帮的”里。"),
    EventKind.KNOCKED: mark("通知没送到，协理员上门说过了。"),
    EventKind.TOLD_BY_PHONE: mark("通知没送到，镇上打电话说过了。"),
    EventKind.TOLD_AT_DOOR: mark("通知没送到，镇上上门说过了。"),
}


@dataclass(frozen=True)
class DueWords:
    """A deadline as a sentence, and how near it is (for its sign and colour)."""

    words: str
    near: Nearness


def due_words(ctx: Context, t: Translate, case: Case) -> DueWords:
    """还剩 2 个工作日（11月26日前）; for cases without a clock what is waited for, or nothing."""
    if case.due_on is None:
        waiting = t(mark("等本人补材料，不计时")) if case.status == Status.RETURNED else ""
        return DueWords(waiting, Nearness.NONE)
    return until_words(ctx, t, case.due_on)


def until_words(ctx: Context, t: Translate, on: date | None) -> DueWords:
    """How long it is until a day by which something has to be done; nothing where there is none."""
    if on is None:
        return DueWords("", Nearness.NONE)
    near = nearness(ctx.today(), on, ctx.is_working)
    left = working_days_left(ctx.today(), on, ctx.is_working)
    return DueWords(due_sentence(t, near, left, on), near)


def due_sentence(t: Translate, near: Nearness, left: int, on: date) -> str:
    day = t.day(on)
    if near is Nearness.OVERDUE and left < 0:
        return t(mark("已超期 {days} 个工作日（{day}到期）"), days=-left, day=day)
    if near is Nearness.OVERDUE:
        return t(mark("已超期（{day}到期）"), day=day)
    if left == 0:
        return t(mark("今天到期（{day}）"), day=day)
    if near is Nearness.NEAR:
        return t(mark("快到期，还剩 {days} 个工作日（{day}前）"), days=left, day=day)
    return t(mark("还剩 {days} 个工作日（{day}前）"), days=left, day=day)


@dataclass(frozen=True)
class Told:
    """One step on the timeline: `words` is what the resident reads, the rest is for staff."""

    when: str
    who: str
    words: str
    internal: str
    reason: str
    due: str
    status: str


def story(
    t: Translate, case: Case, events: list[CaseEvent], hidden: frozenset[str]
) -> list[Told]:
    """The timeline for staff, the newest first; `hidden` are the numbers of other cases that are
    kept from them."""
    return [_told(t, case, event, hidden) for event in reversed(events)]


def _who(t: Translate, case: Case, event: CaseEvent) -> str:
    """Who took a step: a member of the staff, the household, or who speaks for it."""
    if event.staff:
        return event.staff.name
    if event.person_id is None or event.person_id != case.person_id or not case.on_behalf:
        return t(mark("本人")) if event.person_id else ""
    return t(mark("协理员") if case.reporter_id is not None else mark("替他说的人"))


def _told(t: Translate, case: Case, event: CaseEvent, hidden: frozenset[str]) -> Told:
    details = event.details
    if details.get("into") in hidden:
        details = {**details, "into": "……"}
    who = _who(t, case, event)
    due = t(mark("要在{day}前办下一步。"), day=t.day(event.due_on)) if event.due_on else ""
    basis = t(mark("依据：{basis}"), basis=event.due_basis) if event.due_basis else ""
    inside = INSIDE.get(event.kind)
    words = t(inside, unit=str(details.get("unit", ""))) if inside else ""
    return Told(
        t.moment(event.at), who,
        staff_told(t, event.kind, details) or words or told(t, event.kind, details),
        event.internal or "",
        str(details.get("reason", "")), f"{due}{basis}",
        t(STATUS_NAMES[Status(event.to_status)]),
    )


def points(t: Translate, case: Case) -> list[tuple[str, str]]:
    """Where the case stands, as a line of dots: (words, done | now | todo)."""
    status = Status(case.status)
    if status not in OPEN:
        return [(t(STATUS_NAMES[WAY[0]]), "done"), (t(STATUS_NAMES[status]), "now")]
    place = WAY.index(STANDS.get(status, status))
    found = []
    for here, step in enumerate(WAY):
        shown = status if here == place else step
        state = "done" if here < place else "now" if here == place else "todo"
        found.append((t(STATUS_NAMES[shown]), state))
    return [*found, (t(mark("给结果")), "todo")]


def name_of(t: Translate, case: Case) -> str:
    """The name; who is reported by a neighbour may have none that is known."""
    return case.name or t(mark("不知道名字"))


def first_words(t: Translate, case: Case) -> str:
    """The first words of what happened, for a row of the queue."""
    said = " ".join(str(case.answers.get("what", "")).split())
    if not said:
        return t(mark("（用语音说的，打开听）")) if case.answers.get("what_voice") else ""
    return said if len(said) <= FIRST_WORDS else f"{said[:FIRST_WORDS]}…"


@dataclass(frozen=True)
class Said:
    """Everything that was said, ready to be shown."""

    what: str
    lines: tuple[str, ...]
    verbatim: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]
    consent: str


def said(ctx: Context, t: Translate, case: Case) -> Said:
    """What the applicant said: their own words, the flow's lines, and the three places apart."""
    scene = Scene(t, ctx.directory.areas, case.township, case.account)
    answers = case.answers
    lines = [
        _line(step, answers, scene)
        for step in (DISCOVER if case.reporter_id else APPLY).steps
        if step.key not in APART and step.when(answers) and not is_open(step, answers)
    ]
    shown = "\n".join(lines)
    words = [str(answers[key]) for key in VERBATIM if answers.get(key)]
    consented = CONSENTS.get(str(answers.get("consent", "")), "")
    return Said(
        str(answers.get("what", "")) or first_words(t, case),
        tuple(line for line in lines if line),
        tuple(dict.fromkeys(w for w in words if w not in shown and not _is_number(w))),
        tuple(_place(t, scene, case, key, label) for key, label in PLACES),
        t(consented) if consented else "",
    )


def _is_number(words: str) -> bool:
    """Whether only the numbers of choices were said; the lines tell what those meant."""
    return not any(ch.isalpha() for ch in words)


def _line(step: Step, answers: dict[str, Any], scene: Scene) -> str:
    try:
        return step.line(answers, scene)
    # An answer of an older flow must not keep the case from being opened.
    except (LookupError, TypeError, ValueError):
        return str(answers[step.key])


def _place(
    t: Translate, scene: Scene, case: Case, key: str, label: str
) -> tuple[str, str, str]:
    """One of the three places: label, its name or words, and the point that was sent."""
    code = getattr(case, f"{key}_area")
    name = place_name(key, {**case.answers, key: code}, scene)
    if not name and case.answers.get(f"{key}_outside"):
        name = t(mark("不在本县"))
    # Else where an assistant stood.
    sent = key if key != "living" or case.answers.get("living_at") else "spot"
    return t(label), name or t(mark("没说")), _point(t, case.answers, sent)


DATUMS = {WGS84: mark("手机定位，WGS-84"), GCJ02: mark("微信位置，GCJ-02")}


def _point(t: Translate, answers: dict[str, Any], key: str) -> str:
    """The point that was sent, in which datum, how exact, and whether it lies far off."""
    at, metres = answers.get(f"{key}_at"), answers.get(f"{key}_accuracy")
    if not at:
        return ""
    about = [t(DATUMS[str(answers[f"{key}_datum"])])] if answers.get(f"{key}_datum") else []
    about += [t(mark("误差约 {metres} 米"), metres=max(1, metres))] if metres is not None else []
    about += [t(mark("离村里很远，请核对"))] if answers.get(f"{key}_far") else []
    point = f"{round(at[0], 6)}, {round(at[1], 6)}"
    if not about:
        return t(mark("发来的位置：{point}"), point=point)
    return t(mark("发来的位置：{point}（{about}）"), point=point, about=t(mark("，")).join(about))


def is_closed(case: Case) -> bool:
    """Whether nothing more is to be done."""
    return Status(case.status) not in OPEN | HELPED


def proposed(t: Translate, open_: Proposal | None) -> dict[str, str] | None:
    """What was put forward, by whom and when, in words; None where nothing waits."""
    if open_ is None:
        return None
    return {
        "who": open_.staff.name, "when": t.moment(open_.at), "title": t(MOVES[open_.move].title),
        "granted": granted(t, open_.details.get("grant")),
        "words": str(open_.details.get("words", "")),
    }
