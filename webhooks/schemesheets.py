"""A scheme as pages, paper and the desk's preview show it: every part said, with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.areas import Level
from models.context import Context
from models.lengths import Length
from models.schemes import GROUPS, Fact, Material, Scheme, catalogue
from models.schemework import Told
from models.settings import Translate, mark

WORKING_DAYS, DAYS = mark("{count} 个工作日"), mark("{count} 天")
# What each clock is, for whoever waits.
LIMITS = {
    "registration": mark("收到以后，多久有人接手、给您回话"),
    "urgent_registration": mark("急的，多久有人接手、给您回话"),
    "acceptance": mark("接手以后，多久告诉您受不受理"),
    "survey": mark("受理以后，多久开始上门看"),
    "notice": mark("在村里公示多久"),
    "decision": mark("从受理到给结果，最多多久"),
    "decision_extended": mark("有人不同意、人户分离等情况，最多延长到"),
    "referral": mark("转给别的部门，多久给回音"),
    "paperwork": mark("急的先给，多久补齐手续"),
}


@dataclass(frozen=True)
class Line:
    """One sentence with its clause. `confirm`: an older measure's; `county`: still to be filled
    in; `own`: the county's words."""

    text: str
    source: str = ""
    confirm: bool = False
    county: bool = False
    own: bool = False
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A scheme, said. `standard` is empty where the county has not given it; `since` says from
    which day it holds, `signed` when the county signed its own words."""

    id: str
    name: str
    group: str
    what: Line
    standard: str
    since: str
    standard_basis: str
    parts: tuple[tuple[str, str, tuple[Line, ...]], ...]
    refused: tuple[Line, ...]
    place: str
    phones: tuple[tuple[str, str], ...]
    signed: str
    documents: tuple[str, ...]


def sheet(ctx: Context, t: Translate, told: Told, area: str) -> Sheet:
    """All of a scheme at a place, in the page's order."""
    scheme, own, whole = told.scheme, told.own, catalogue()
    parts = (
        ("whom", t(mark("给谁")), _facts(t, scheme.whom)),
        ("conditions", t(mark("什么条件")), _with(t, scheme.conditions, own, "conditions")),
        ("gets", t(mark("能得到什么")), _with(t, scheme.gets, own, "gets")),
        ("steps", t(mark("怎么办")), _with(t, scheme.steps, own, "steps")),
        ("limits", t(mark("要等多久")), _limits(t, told)),
        ("materials", t(mark("要带什么")), _with(t, scheme.materials, own, "papers")),
        ("apply", t(mark("谁可以申请")), _with(t, scheme.apply, own, "who")),
        ("place", t(mark("到哪里办")), _with(t, (scheme.place,), own, "place")),
        ("more", t(mark("县里另外的规定")), _own(own, "more")),
    )
    sources = ";".join(
        fact.source for fact in (*scheme.facts, *whole.refused) if fact.source
    ).replace(";", "；")
    return Sheet(
        id=scheme.id, name=t(scheme.name), group=t(GROUPS[scheme.group]),
        what=_facts(t, (scheme.what,))[0], standard=own.get("standard", ""),
        since=_day(own), standard_basis=own.get("basis", ""),
        parts=tuple(part for part in parts if part[2]),
        refused=_facts(t, whole.refused), place=ctx.directory.areas.name(area),
        phones=_phones(ctx, area, own),
        signed=t.moment(told.signed.signed_at) if told.signed else "",
        documents=tuple(dict.fromkeys(one.full for one in whole.cited(sources))),
    )


def _day(own: Mapping[str, str]) -> str:
    """A day with its year, as it was written."""
    return own.get("from", "")


def _facts(t: Translate, facts: Iterable[Fact | Material]) -> tuple[Line, ...]:
    whole, found = catalogue(), []
    for fact in facts:
        text, note = fact.name if isinstance(fact, Material) else fact.text, ""
        if isinstance(fact, Material) and fact.why:
            note = t(mark("{why}。到哪里拿：{where}。"), why=t(fact.why), where=t(fact.where))
        found.append(Line(
            t(text), fact.source, whole.to_confirm(fact.source), fact.county, note=note,
        ))
    return tuple(found)


def _with(
    t: Translate, facts: Iterable[Fact | Material], own: Mapping[str, str], field: str
) -> tuple[Line, ...]:
    """Facts, and what the county says beside them: then none of them waits for it any longer."""
    lines = _facts(t, facts)
    if not own.get(field):
        return lines
    kept = (Line(one.text, one.source, one.confirm, note=one.note) for one in lines)
    return (*kept, *_own(own, field))


def _own(own: Mapping[str, str], field: str) -> tuple[Line, ...]:
    return tuple(Line(text, own=True) for text in own.get(field, "").splitlines())


def length_said(t: Translate, length: Length) -> str:
    """So many days, of their kind."""
    words = WORKING_DAYS if length.unit == "working_days" else DAYS
    return t(words, count=length.days)


def _limits(t: Translate, told: Told) -> tuple[Line, ...]:
    lines = tuple(
        Line(
            t(mark("{what}：{length}"), what=t(LIMITS[clock]), length=length_said(t, length)),
            length.basis,
        )
        for clock, length in told.limits
    )
    own = _own(told.own, "limit")
    if own or "limit" not in told.lacking:
        return (*lines, *own)
    return (*lines, Line(t(mark("那个部门自己要办多久")), county=True))


def _phones(
    ctx: Context, area: str, own: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Whom to call: what the county gives for this scheme, then its townships' offices."""
    areas = ctx.directory.areas
    county = areas.at(area, Level.COUNTY)
    found = [(county.name, own["phone"])] if county and own.get("phone") else []
    places = areas.within(county.code, Level.TOWNSHIP) if county else ()
    found += [(place.name, place.phone) for place in places if place.phone]
    if county and county.phone and not own.get("phone"):
        found.append((county.name, county.phone))
    return tuple(found)


def listed(t: Translate, schemes: Iterable[Scheme]) -> list[tuple[str, str, str]]:
    """Schemes in a line each: id, name, what it is."""
    return [(one.id, t(one.name), t(one.what.text)) for one in schemes]
