"""Fills an empty database with the demo county, through the very use cases that people use.

Deterministic: the same day gives the same county, receipts included.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.flows.apply import CONSENT_VERSION
from bot.flows.who import care_in
from models import submitting
from models.areas import Area, Level
from models.context import Context
from models.people import Identity, Staff
from models.pushes import Push
from models.speaking import known_person
from models.statuses import Status
from webhooks.demo import county, histories, kin, lists, referrals
from webhooks.demo.clock import FixedClock

SEED = 20261122
# How many cases end in each status; with those of `referrals.py` sixty and a few.
SHARES = {
    Status.SUBMITTED: 8,
    Status.REGISTERED: 7,
    Status.RETURNED: 5,
    Status.ACCEPTED: 6,
    Status.INVESTIGATING: 5,
    Status.APPRAISING: 1,
    Status.PROPOSED: 4,
    Status.DECIDING: 4,
    Status.GRANTED: 3,
    Status.ASSISTED: 3,
    Status.TAPERING: 1,
    Status.ENDED: 3,
    Status.REFUSED: 1,
    Status.DECLINED: 1,
    Status.ANSWERED: 2,
    Status.MERGED: 1,
    Status.WITHDRAWN: 2,
}
def is_seeded(ctx: Context) -> bool:
    """Whether the county is there already."""
    with ctx.db.read() as session:
        return session.scalar(select(Area.code).limit(1)) is not None


def seed(ctx: Context, slug: str) -> None:
    """Areas, staff with their chats, residents, and sixty cases in every state."""
    random = Random(SEED)  # noqa: S311  # invented people, not secrets
    with ctx.db.begin() as session:
        session.add_all(
            Area(code=c, name=n, level=lv, parent=p, phone=ph, latitude=la, longitude=lo)
            for c, n, lv, p, ph, la, lo in county.AREAS
        )
        session.flush()
        for member in (*county.STAFF, *county.ASSISTANTS):
            _staff(ctx, session, slug, member)
        for openid, _, _ in county.RESIDENTS:
            _follow(session, known_person(ctx, session, slug, openid))
    ctx.directory.forget()
    wanted = [status for status, number in SHARES.items() for _ in range(number)]
    random.shuffle(wanted)
    # There has to be something to merge into.
    wanted.sort(key=lambda status: status is Status.MERGED)
    for number, status in enumerate(wanted):
        _case(ctx, slug, random, number, status)
    referrals.seed(ctx, slug)
    kin.declare(ctx)
    lists.publish(ctx)
    with ctx.db.begin() as session:
        # What was said in the past was said then: nobody's phone rings at the start.
        session.execute(delete(Push))


def _follow(session: Session, person_id: int) -> None:
    for identity in session.scalars(select(Identity).where(Identity.person_id == person_id)):
        identity.followed = True


def _staff(ctx: Context, session: Session, slug: str, member: county.Member) -> None:
    person_id = known_person(ctx, session, slug, member.openid)
    _follow(session, person_id)
    session.add(
        Staff(
            name=member.name, name_key=ctx.keys.lookup("name", member.name), role=member.role,
            area=member.area, unit=member.unit, person_id=person_id, created_at=ctx.now(),
        )
    )


def _when(now: datetime, random: Random, path: histories.Path) -> datetime:
    """When a case began: some of the open ones are due around today, a few are overdue."""
    # From yesterday's noon, so that every hour of a day gives the same county and none of it
    # lies in the future.
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    days = random.randrange(0, 5) + sum(2 + step.after for step in path)
    return noon - timedelta(days=days, hours=random.randrange(1, 10))


def _case(ctx: Context, slug: str, random: Random, number: int, status: Status) -> None:
    path = random.choice(histories.PATHS[status])
    at = _when(ctx.now().astimezone(ctx.zone), random, path)
    clock = FixedClock(at)
    then = replace(ctx, clock=clock, random_below=random.randrange)
    with then.db.begin() as session:
        receipt, township = _submit(
            then, session, slug, random, number, urgent=histories.is_urgent(path)
        )
    for step in path:
        clock.at += timedelta(days=step.after, hours=random.randrange(4, 30))
        clock.at = min(clock.at, ctx.now())
        with then.db.begin() as session:
            histories.take(then, session, random, receipt, township, step)


def _submit(
    ctx: Context, session: Session, slug: str, random: Random, number: int, *, urgent: bool
) -> tuple[str, str]:
    villages = ctx.directory.areas.within(county.COUNTY, Level.VILLAGE)
    village = villages[number % len(villages)]
    troubles = [told for told in county.TROUBLES if told[1] or not urgent]
    what, urgent, needs = troubles[number % len(troubles)]
    openid, name, phone = _person(random, number)
    person_id = known_person(ctx, session, slug, openid)
    count = random.randrange(1, 7)
    case = submitting.submit(
        ctx, session,
        submitting.Application(
            account=slug, person_id=person_id, bundle=f"{number:032x}", name=name, phone=phone,
            urgent=urgent, living=village.code, home=None if urgent else village.code,
            incident=village.code if urgent else None, on_behalf=False,
            scheme="temporary" if urgent else None, consent_version=f"{CONSENT_VERSION}:both",
            answers={
                "whom": "self", "what": what, "urgent": urgent, "living": village.code,
                "household": count, "household_words": f"{count}口人", "care": care_in(what),
                "needs": list(needs), "name": name, "phone": phone, "consent": "both",
            },
        ),
    )
    return case.receipt, case.township


def _person(random: Random, number: int) -> tuple[str, str, str]:
    """The first cases belong to the residents with a phone, the others to people without."""
    if number < len(county.RESIDENTS):
        openid, name, _ = county.RESIDENTS[number]
    else:
        openid = f"demo-person-{number}"
        name = random.choice(county.SURNAMES) + random.choice(county.GIVEN)
    # 170-0000 numbers of a range that no operator gives out.
    return openid, name, f"1700000{random.randrange(10_000):04}"
