"""A campaign on its way into the outbox, and its words.

Written in batches along the people's numbers, each one short transaction that keeps how far it
has come: a worker that dies goes on there, and nobody is written to twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from models.audiences import Audience, query
from models.bulk import add_rows
from models.campaigning import details, next_month
from models.campaigns import Campaign, CampaignRun, State
from models.campaignwords import OFFICE, PHONE, filled
from models.context import Context
from models.outgoing import Occasion
from models.people import Person
from models.pushes import CAMPAIGN_RANK, Push, PushState
from models.rows import changed
from models.settings import mark
from models.upsert import insert_or_skip
from notices.teller import Teller, lines

BATCH = 1000
ENDED = mark("这次群发停了，没有送。")
# The campaign's state → the states that its waiting pushes leave, and the one that they go to.
FOLLOW: dict[State, tuple[tuple[PushState, ...], PushState]] = {
    State.PAUSED: ((PushState.PENDING, PushState.HELD), PushState.PAUSED),
    State.RUNNING: ((PushState.PAUSED,), PushState.PENDING),
    State.STOPPED: ((PushState.PENDING, PushState.HELD, PushState.PAUSED), PushState.STOPPED),
}


def words(teller: Teller) -> tuple[str, str]:
    """What staff wrote, and then who to call: always."""
    values = {OFFICE: teller.office(), PHONE: teller.phone()}
    title, text = (filled(teller.get(name), values) for name in ("title", "text"))
    return title, lines(text, teller.call())


def advance(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """One run of the worker: begin what is due, write what is begun, follow what was held up."""
    with ctx.db.begin() as session:
        _begin_due(session, ctx)
    done = 0
    with ctx.db.read() as session:
        runs = session.scalars(
            select(CampaignRun.id).join(Campaign, Campaign.id == CampaignRun.campaign_id)
            .where(CampaignRun.open, Campaign.state == State.RUNNING).order_by(CampaignRun.id)
        ).all()
    for number in runs:
        while not is_over():
            with ctx.db.begin() as session:
                count = _some(ctx, session, number)
            done += count
            if count < BATCH:
                break
    return done + _follow(ctx, is_over)


def _begin_due(session: Session, ctx: Context) -> None:
    """A run for each moment that has come; whatever was missed meanwhile is one run, not many."""
    now = ctx.now()
    due = session.scalars(
        select(Campaign).where(Campaign.state == State.RUNNING, Campaign.next_at <= now)
        .with_for_update(of=Campaign)
    ).all()
    for one in due:
        assert one.next_at is not None
        row = {"campaign_id": one.id, "due_at": one.next_at, "last_person": 0, "written": 0,
               "open": True}
        insert_or_skip(session, CampaignRun, row, ("campaign_id", "due_at"))
        one.next_at = next_month(ctx, one, now) if one.month_day is not None else None


def _some(ctx: Context, session: Session, number: int) -> int:
    """Write to the next of a run's people; how many."""
    run = session.get_one(CampaignRun, number, with_for_update=True)
    campaign = session.get_one(Campaign, run.campaign_id)
    if campaign.state != State.RUNNING or not run.open:
        return 0
    people = list(session.scalars(
        query(Audience.of(campaign.audience)).where(Person.id > run.last_person)
        .order_by(Person.id).limit(BATCH)
    ))
    if people:
        add_rows(session, Push, [_row(ctx, campaign, run, person) for person in people])
        run.last_person = people[-1]
        run.written += len(people)
    run.open = len(people) == BATCH
    return len(people)


def _row(ctx: Context, campaign: Campaign, run: CampaignRun, person: int) -> dict[str, object]:
    now: datetime = ctx.now()
    return {
        "key": f"campaign:{run.id}:{person}", "occasion": Occasion.CAMPAIGN,
        "person_id": person, "township": campaign.area, "role": "",
        "campaign_id": campaign.id, "rank": CAMPAIGN_RANK, "account": campaign.account,
        "details": details(campaign), "state": PushState.PENDING, "channel": "", "reason": "",
        "tries": 0, "next_try_at": now, "created_at": now,
        "expires_at": now + timedelta(days=ctx.settings.campaigns.keep_days),
    }


def _follow(ctx: Context, is_over: Callable[[], bool]) -> int:
    """Move the waiting pushes of what was held up, resumed or ended; and see what is done."""
    done = 0
    for state, (leave, to) in FOLLOW.items():
        with ctx.db.read() as session:
            mine = exists().where(Push.campaign_id == Campaign.id, Push.state.in_(leave))
            numbers = session.scalars(
                select(Campaign.id).where(Campaign.state == state, mine)
            ).all()
        for number in numbers:
            while not is_over():
                with ctx.db.begin() as session:
                    count = _move(ctx, session, number, leave, to)
                done += count
                if count < BATCH:
                    break
    with ctx.db.begin() as session:
        _finish(session)
    return done


def _move(
    ctx: Context, session: Session, number: int, leave: tuple[PushState, ...], to: PushState
) -> int:
    batch = (
        select(Push.id).where(Push.campaign_id == number, Push.state.in_(leave))
        .order_by(Push.id).limit(BATCH).with_for_update(skip_locked=True)
    )
    values: dict[str, object] = {"state": to}
    if to is PushState.PENDING:
        values["next_try_at"] = ctx.now()
    if to is PushState.STOPPED:
        values |= {"ended_at": ctx.now(), "reason": ENDED}
    statement = update(Push).where(Push.id.in_(batch)).values(**values)
    return changed(session, statement.execution_options(synchronize_session=False))


def _finish(session: Session) -> None:
    """Done is what has no run to come and nothing that still moves."""
    moving = exists().where(
        Push.campaign_id == Campaign.id,
        Push.state.in_((PushState.PENDING, PushState.SENDING, PushState.HELD, PushState.PAUSED)),
    )
    writing = exists().where(CampaignRun.campaign_id == Campaign.id, CampaignRun.open)
    session.execute(
        update(Campaign).where(
            Campaign.state == State.RUNNING, Campaign.next_at.is_(None), ~moving, ~writing
        ).values(state=State.DONE).execution_options(synchronize_session=False)
    )
