"""A local rule is put by one person of the county and signed by another; then it holds.

A running clock keeps the dates that it was given: what is signed is asked by what begins later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.areas import Area, Level, Place
from models.context import Context
from models.countersigning import Countersigned
from models.policy import StaffView
from models.rulechanges import RuleChange
from models.rulekeys import KNOWN, Known, default
from models.rules import LocalRule, Rule, in_force
from models.settings import mark
from models.steps import MoveRefused

BASIS_LIMIT = 200
AHEAD = timedelta(days=3 * 366)
NOT_COUNTY = mark("本地规则由县里来定。")
COUNTY_WIDE = mark("这一条全县一样，请在县里改。")
NEEDS_BASIS = mark("请写上依据哪一条，200个字以内，比如“云溪县社会救助办法第八条”。")
NO_START = mark("请选从哪天起，今天或以后的日子。")
NO_END = mark("最后一天不能早于开始那天。")
NOTHING_OWN = mark("这里没有自己定的，不用停。")
NEEDS_ANOTHER = mark("这一条是您自己提的，要请另一位同事核对签字。")
TOO_LATE = mark("这一条到今天已经过了最后一天，不能签了。请重新提。")

CHANGES = Countersigned(RuleChange, "rule", NOT_COUNTY, NEEDS_ANOTHER)
drop = CHANGES.drop


@dataclass(frozen=True)
class Standing:
    """What holds at a place today. `area` is who set it, None: the configuration's default."""

    value: str
    basis: str
    since: date | None = None
    until: date | None = None
    area: str | None = None


@dataclass(frozen=True)
class Put:
    """A change as it was filled in; an empty `value` gives up the area's own rule."""

    area: str
    key: str
    value: str
    basis: str
    first: date | None
    last: date | None


def places(ctx: Context, staff: StaffView) -> tuple[Place, ...]:
    """Where rules can be looked at: for a county itself and its townships, else one's own."""
    areas = ctx.directory.areas
    here = areas.get(staff.area)
    if here is None:
        return ()
    own = (here,) if here.level == Level.COUNTY else ()
    return (*own, *areas.within(staff.area, Level.TOWNSHIP))


def standing(ctx: Context, place: str, known: Known) -> Standing | None:
    """The rule that holds at a place today; None where a scheme goes by the general one."""
    found = in_force(known.key, place, ctx.today(), ctx.directory.rules, ctx.directory.areas)
    if found is not None:
        return Standing(found.value, found.basis, found.from_, found.until, found.area)
    usual = default(ctx.settings, known)
    return Standing(usual.value, usual.basis) if usual is not None else None


def coming(ctx: Context, place: str, known: Known) -> LocalRule | None:
    """The next one that is signed and whose day has not come."""
    above = {area.code for area in ctx.directory.areas.upward(place)}
    later = [
        rule for rule in ctx.directory.rules
        if rule.key == known.key and rule.area in above and rule.from_ > ctx.today()
        and (rule.until is None or rule.until >= rule.from_)
    ]
    return min(later, key=lambda rule: rule.from_, default=None)


def put(ctx: Context, session: Session, staff: StaffView, said: Put) -> RuleChange:
    """Keep a change for another person to sign; the same put twice is one.

    Raises LookupError for an area or key that is not there, NotAllowed, MoveRefused.
    """
    CHANGES.must_be_county(staff)
    known = KNOWN.get(said.key)
    if known is None or said.area not in {place.code for place in places(ctx, staff)}:
        raise LookupError(said.key)
    basis = said.basis.strip()
    if known.county and said.area != staff.area:
        raise MoveRefused(COUNTY_WIDE)
    if not 0 < len(basis) <= BASIS_LIMIT:
        raise MoveRefused(NEEDS_BASIS, "basis")
    if said.first is None or not ctx.today() <= said.first <= ctx.today() + AHEAD:
        raise MoveRefused(NO_START, "first")
    if said.last is not None and said.last < said.first:
        raise MoveRefused(NO_END, "last")
    session.get(Area, staff.area, with_for_update=True)
    if not said.value and not _own(session, said.area, said.key, said.first):
        raise MoveRefused(NOTHING_OWN)
    wanted = (said.value, basis, said.first, said.last)
    for open_ in session.scalars(select(RuleChange).where(
        RuleChange.state == "open", RuleChange.area == said.area, RuleChange.key == said.key
    )):
        if (open_.value, open_.basis, open_.from_, open_.until) == wanted:
            return open_
        CHANGES.settle(ctx, session, staff, open_, "dropped")
    change = RuleChange(
        area=said.area, key=said.key, value=said.value, basis=basis, from_=said.first,
        until=said.last, state="open", put_by=staff.id, put_at=ctx.now(),
    )
    session.add(change)
    session.flush()
    CHANGES.record(ctx, session, staff, "put", change)
    return change


def _own(session: Session, area: str, key: str, on: date) -> list[Rule]:
    """The area's own rules of a key that hold on a day or later."""
    query = select(Rule).where(
        Rule.area == area, Rule.key == key, or_(Rule.until.is_(None), Rule.until >= on)
    )
    return [rule for rule in session.scalars(query) if rule.until is None or
            rule.until >= rule.from_]


def sign(ctx: Context, session: Session, staff: StaffView, number: int) -> RuleChange:
    """The second person agrees: it holds from its day on, never from a day that has passed.

    Forget the directory after the commit. Raises LookupError, NotAllowed, MoveRefused.
    """
    change = CHANGES.to_sign(session, staff, number)
    change.from_ = max(change.from_, ctx.today())
    if change.until is not None and change.until < change.from_:
        raise MoveRefused(TOO_LATE)
    CHANGES.settle(ctx, session, staff, change, "signed")
    before = change.from_ - timedelta(days=1)
    over = update(Rule).where(Rule.area == change.area, Rule.key == change.key)
    if not change.value:
        later = or_(Rule.until.is_(None), Rule.until > before)
        session.execute(over.where(later).values(until=before))
        return change
    # Of two that begin on one day the one signed last holds.
    session.execute(over.where(Rule.from_ == change.from_).values(until=before))
    session.add(Rule(
        area=change.area, key=change.key, value=change.value, basis=change.basis,
        from_=change.from_, until=change.until, created_at=ctx.now(),
    ))
    return change


def codes(found: Iterable[Place]) -> list[str]:
    """The areas' codes."""
    return [place.code for place in found]
