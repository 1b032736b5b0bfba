"""问政策: what a scheme is, for whom, how much, with which papers and how long; else the list."""

from __future__ import annotations

from bot.answers import Option, read_option, tidy
from bot.messages import Heard
from bot.saying import choices, join, link
from bot.understand import Understanding
from bot.visit import Visit
from models import schemework
from models.schemes import Scheme, catalogue, search
from models.schemework import Told
from models.settings import Translate, mark

# A number of the list or a scheme's name is short; more is heard as it is.
ANSWER_LENGTH = 12
LEAD = mark("您问的，大概是这样：")
WHICH = mark("您想问哪一样？回数字：")
OPEN = mark("打开条件、办法、到哪里办、电话")
ALL = mark("打开全部政策")
HOW = mark(
    "想申请，回“我要求助”；不知道能办哪样，回“看看有什么帮助”。说不清的，打{place}：{phone}"
)
UNSAID = mark("由县里定，请打电话问")
WORKING_DAYS, DAYS = mark("{count} 个工作日"), mark("{count} 天")
# The clock that answers 多久: to the result where it is decided here, else to the first word.
ANSWERED = {
    "decision": mark("从受理到给结果最多 {length}"),
    "referral": mark("转给管这事的部门，{length}给回音"),
    "urgent_registration": mark("{length}内有人接手"),
    "registration": mark("{length}内有人接手"),
}


def policy(visit: Visit, meant: Understanding) -> str:
    """The scheme that is asked about; of none, all of them by number."""
    # 政策 alone stands in some sentence or other, and asks for none.
    found = search(meant.text, meant.schemes, sentences=False)
    return _one(visit, found[0]) if found else listed(visit)


def listed(visit: Visit) -> str:
    """All of them by number, and the page."""
    t = visit.t
    visit.state.asking = {"kind": "policy"}
    return join(
        t(WHICH), choices([t(one.name) for one in catalogue().schemes.values()]),
        link(_page(visit), t(ALL)), _how(visit),
    )


def chosen(visit: Visit, heard: Heard) -> str | None:
    """A scheme of the list by number or name; None when it was something else."""
    visit.state.asking = None
    schemes = catalogue().schemes
    options = [Option(one.id, visit.t(one.name), one.also) for one in schemes.values()]
    said = tidy(heard.text)
    choice = read_option(said, options) if len(said) <= ANSWER_LENGTH else None
    return _one(visit, schemes[choice]) if choice else None


def _one(visit: Visit, scheme: Scheme) -> str:
    """One message; no scheme stands in its first line, which a locked phone shows."""
    t, ctx = visit.t, visit.ctx
    told = schemework.told(ctx, scheme.id, visit.township or visit.account.area)
    own = told.own
    standard = t(UNSAID)
    if own.get("standard"):
        standard = t(mark("{standard}（从 {day} 起）"), standard=own["standard"], day=own["from"])
    page = _page(visit, scheme.id)
    return join(
        t(LEAD),
        t(mark("{name}：{what}"), name=t(scheme.name), what=t(scheme.what.text)),
        t(mark("给谁：{whom}"), whom="".join(t(one.text) for one in scheme.whom)),
        t(mark("给多少：{standard}"), standard=standard),
        *needed(t, told, scheme),
        link(page, t(OPEN)),
        _how(visit),
    )


def needed(t: Translate, told: Told, scheme: Scheme) -> tuple[str, str]:
    """带什么 and 多久, a line each."""
    papers = told.own.get("papers") or t(mark("、")).join(
        t(one.name) for one in scheme.materials if not one.county
    )
    return (
        t(mark("带什么：{papers}"), papers=papers or t(UNSAID)),
        t(mark("多久：{length}"), length=_length(t, told)),
    )


def _page(visit: Visit, scheme: str = "") -> str:
    """The address of a scheme, or of all, as their own county has it."""
    ctx = visit.ctx
    own = schemework.county_of(ctx, visit.township or visit.account.area)
    first = schemework.county_of(ctx, ctx.settings.accounts[0].area)
    return visit.public_page(f"/policies/{scheme}" + (f"?area={own}" if own != first else ""))


def _length(t: Translate, told: Told) -> str:
    limits = dict(told.limits)
    for clock, words in ANSWERED.items():
        if clock in limits:
            unit = WORKING_DAYS if limits[clock].unit == "working_days" else DAYS
            return t(words, length=t(unit, count=limits[clock].days))
    return t(UNSAID)


def _how(visit: Visit) -> str:
    areas = visit.scene.areas
    place = areas.name(visit.township) or areas.name(visit.account.area)
    return visit.t(HOW, place=place, phone=visit.phone)
