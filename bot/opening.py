"""The door: who this is, beginning an application, and going on with one that is half done.

A draft that holds something is never replaced without asking.
"""

from __future__ import annotations

from typing import Any

from bot import drafting, keeping, today
from bot.answers import Option, read_option, read_yes_no, tidy
from bot.asking import question
from bot.flow import Answers, Draft, give
from bot.flows.discover import DISCOVER
from bot.messages import Heard
from bot.saying import choices, join, link, plain
from bot.visit import Visit
from models import assistants
from models.settings import mark

WELCOME = mark("您好，这里是{name}。家里有难处，直接说给我听，我帮您报到镇上。")
MENU = (
    ("apply", mark("我要求助")),
    ("report_other", mark("替别人说")),
    ("track", mark("办到哪了")),
    ("human", mark("找人工")),
    ("navigate", mark("看看有什么帮助")),
)
RESUMED = mark("好，接着上次的。")
ASKED_TO_RESUME = mark("您上次填了一半，我给您留着呢。回“继续”接着填。")
FIRST_WORDS = 24


def welcome(visit: Visit) -> str:
    """Who this is and what it does, with numbers to press."""
    t = visit.t
    return join(
        t(WELCOME, name=visit.account.name),
        t(ASKED_TO_RESUME) if visit.state.half else "",
        menu_lines(visit),
    )


def menu_lines(visit: Visit, said: str = "") -> str:
    """What can be done, numbered; `said` was not understood and goes with the choice."""
    visit.state.asking = {"kind": "menu"} | ({"said": said} if said else {})
    return choices([visit.t(label) for _, label in MENU])


def menu_choice(visit: Visit, heard: Heard) -> str:
    """The menu's entry that is meant; empty for anything longer or other."""
    options = [Option(key, visit.t(label)) for key, label in MENU]
    said = tidy(heard.text)
    return (read_option(said, options) or "") if len(said) <= 8 else ""


def apply(visit: Visit, whom: str = "self", said: str = "", *, urgent: bool | None = None) -> str:
    """Begin an application, or go on with the one that is half done."""
    return _begin(visit, {"whom": whom, "said": said, "urgent": urgent})


def apply_with(visit: Visit, said: str, more: Answers) -> str:
    """Begin an application with `more` answered already, beside what was `said`."""
    wanted = {"whom": "self", "said": said, "urgent": more.get("urgent"), "more": more}
    return _begin(visit, wanted)


def report_other(visit: Visit, said: str = "") -> str:
    """Speak for someone else: an assistant reports a household of their villages, by their post."""
    posts = assistants.posts_of(visit.session, visit.person_id)
    if not posts:
        return apply(visit, "other", said)
    villages = list(dict.fromkeys(post.area for post in posts))
    return _begin(visit, {"whom": "other", "said": said, "urgent": None, "villages": villages})


def village(visit: Visit) -> str:
    """村里的事: an assistant's way to their villages; anyone else is told whose it is."""
    t, areas = visit.t, visit.scene.areas
    posts = assistants.posts_of(visit.session, visit.person_id)
    if not posts:
        said = t(mark("这里是村里协理员用的。看到别人家有难处，您也可以说一声："))
        return join(said, menu_lines(visit))
    who = t(
        mark(
            "您是{places}的协理员。看到哪家有难处，发“报一户”。该去看看的、报过的，都在这里：{link}"
        ),
        places=t(mark("、")).join(areas.name(post.area) for post in posts),
        link=link(visit.page("/m/village"), t(mark("打开村里的事"))),
    )
    return join(today.lines(visit, posts), who)


def _begin(visit: Visit, wanted: dict[str, Any]) -> str:
    half, said, urgent = visit.state.half, wanted["said"], wanted["urgent"]
    if half is not None:
        if said or wanted.get("more") or _is_another(half, wanted):
            return _ask_half(visit, wanted)
        if urgent and not half.answers.get("urgent"):
            give(half, "urgent", {"urgent": True})
        return resume(visit)
    return _new(visit, wanted)


def _is_another(half: Draft, wanted: dict[str, Any]) -> bool:
    reports = half.flow == DISCOVER.name
    return half.answers.get("whom") != wanted["whom"] or reports != bool(wanted.get("villages"))


def _new(visit: Visit, wanted: dict[str, Any]) -> str:
    whom, said, urgent = wanted["whom"], wanted["said"], wanted["urgent"]
    villages = wanted.get("villages")
    if not villages:
        draft = drafting.new_draft(visit.state, whom, visit.scene, said, urgent=urgent)
        draft.answers |= wanted.get("more") or {}
        return question(visit, visit.t(_lead(whom, said, urgent)))
    drafting.new_report(visit.state, villages, visit.scene, said)
    # One person may be a resident too: it is always said as whom they speak.
    names = visit.t(mark("、")).join(visit.scene.areas.name(code) for code in villages)
    lead = mark("您以{place}协理员的身份报一户。自己家有难处，回“我要求助”。")
    return question(visit, visit.t(lead, place=names))


def _lead(whom: str, said: str, urgent: bool | None) -> str:
    if said and whom == "other":
        return mark("谢谢您替他们说。我先报上去，镇上的人会看到。")
    if said:
        return mark("您别急，我先帮您报上去，镇上的人会看到。")
    if urgent:
        return mark("马上有危险先打 110 或 120。急事我帮您先报。")
    return ""


def resume(visit: Visit, lead: str = RESUMED) -> str:
    """Go on with the draft at its open question."""
    visit.state.paused = False
    return question(visit, visit.t(lead))


def _ask_half(visit: Visit, wanted: dict[str, Any]) -> str:
    """There is a half-done draft: is this the same trouble, or another?"""
    half, said = visit.state.half, wanted["said"]
    assert half is not None
    visit.state.asking = {"kind": "half", **wanted}
    t = visit.t
    what = str(half.answers.get("what", "")).replace("\n", " ")
    shown = what if len(what) <= FIRST_WORDS else f"{what[:FIRST_WORDS]}……"
    asked = mark("您上次填了一半：{what}。") if what else mark("您上次填了一半，还留着。")
    labels = [t(mark("接着填那一份")), t(mark("那份不要了，重新说"))]
    if said:
        labels = [t(mark("是同一件，加进去接着填")), t(mark("不是，那份不要了，说这件"))]
    return join(t(asked, what=plain(shown)), t(SAME) if said else "", choices(labels))


SAME = mark("这回说的是同一件事吗？")


def choose(heard: Heard, options: list[Option]) -> str | None:
    """One of two that were offered, by number, in words, or by yes (the first) and no."""
    said = tidy(heard.text)
    agreed = read_yes_no(said)
    if agreed is not None:
        return options[0 if agreed else 1].key
    return read_option(said, options) if len(said) <= 12 else None


def half(visit: Visit, heard: Heard) -> str | None:
    """Going on with the draft or beginning anew; None when it was something else."""
    asking, state = visit.state.asking, visit.state
    assert asking is not None
    state.asking = None
    if state.draft is None:
        return None
    same = ("继续", "是同一件", "接着填", "同一件")
    new = ("不要了", "重新说", "另一件")
    options = [
        Option("same", visit.t(mark("接着填那一份")), same),
        Option("new", visit.t(mark("那份不要了，重新说")), new),
    ]
    choice = choose(heard, options)
    if choice == "new":
        return _new(visit, asking)
    # Whatever else is said: the words of before stay with the draft that there is.
    keeping.keep_words(state.draft, asking["said"])
    if choice == "same":
        if asking.get("more"):
            state.draft.answers.setdefault("navigator", asking["more"]["navigator"])
        return resume(visit, mark("好，加进去了，接着填。") if asking["said"] else RESUMED)
    return None
