"""An application becomes a case, with its first clock running and the push to the township."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import alarming, receipts
from models.alarms import harm_in
from models.areas import Level
from models.cases import Case
from models.clockwork import clock_due
from models.context import Context
from models.groups import placed
from models.moves import Clocks
from models.outgoing import Occasion, enqueue
from models.responsibility import responsible_township
from models.statuses import EventKind, Status
from models.timeline import event
from models.upsert import insert_or_skip

SERIALS = 1_000_000
RECEIPT_TRIES = 20


@dataclass(frozen=True)
class Application:
    """What a resident, or someone for them, has said; `answers` keeps it word for word."""

    account: str
    person_id: int
    bundle: str
    name: str
    phone: str
    urgent: bool
    living: str | None
    home: str | None
    incident: str | None
    on_behalf: bool
    scheme: str | None
    consent_version: str
    answers: dict[str, Any] = field(default_factory=dict)
    reporter_id: int | None = None


def submit(ctx: Context, session: Session, application: Application) -> Case:
    """Record an application and start its first clock; three statements.

    A bundle submitted a second time gives the case that it already became.
    """
    now, today = ctx.now(), ctx.today()
    harm = harm_in(application.answers)
    if harm is not None:
        # It cannot wait, whatever was said of the rest.
        application = replace(
            application, urgent=True, scheme=application.scheme or "temporary"
        )
    areas = ctx.directory.areas
    township = responsible_township(
        application.scheme,
        urgent=application.urgent,
        home=application.home,
        living=application.living,
        incident=application.incident,
        areas=areas,
    ) or _any_township(ctx, application.account)
    county = areas.at(township, Level.COUNTY)
    assert county is not None
    clock = Clocks.URGENT_REGISTRATION if application.urgent else Clocks.REGISTRATION
    until = clock_due(ctx, clock, township)
    values: dict[str, Any] = {
        "bundle": application.bundle,
        "account": application.account,
        "person_id": application.person_id,
        "status": Status.SUBMITTED,
        "urgent": application.urgent,
        "scheme": application.scheme,
        "county": county.code,
        "township": township,
        "home_area": application.home,
        "living_area": application.living,
        "incident_area": application.incident,
        "answers": application.answers,
        "name": application.name,
        "name_key": ctx.keys.lookup("name", application.name),
        "phone": application.phone,
        "phone_key": ctx.keys.lookup("phone", application.phone),
        "on_behalf": application.on_behalf,
        "reporter_id": application.reporter_id,
        "consent_version": application.consent_version,
        "consented_at": now,
        "clock": clock,
        "clock_from": today,
        "due_on": until.on,
        "due_basis": until.basis,
        "answer_on": until.on,
        "answer_basis": until.basis,
        "created_at": now,
        "updated_at": now,
        "call": "",
        **placed(Status.SUBMITTED, application.urgent, until.on, now),
    }
    for _ in range(RECEIPT_TRIES):
        receipt = receipts.new_receipt(today.year, today.month, ctx.random_below(SERIALS))
        case_id = insert_or_skip(session, Case, values | {"receipt": receipt}, None)
        if case_id is not None:
            break
        # Either the receipt is taken, or this very bundle is a case already.
        kept = session.scalars(select(Case).where(Case.bundle == application.bundle)).one_or_none()
        if kept is not None:
            return kept
    else:
        raise RuntimeError("no free receipt was found")
    step = event(ctx, case_id, EventKind.SUBMIT, None, Status.SUBMITTED, until.on, until.basis)
    step.person_id, step.details = application.person_id, {"receipt": receipt}
    case = Case(id=case_id, receipt=receipt, **values)
    session.add(step)
    enqueue(
        session, now, ctx.settings.pushes.expire_days, _occasion(application, harmed=bool(harm)),
        f"new:{receipt}", township=township, case_id=case_id,
        details={"receipt": receipt, "urgent": application.urgent},
    )
    session.flush()
    if harm is not None:
        alarming.raise_(ctx, session, case_id, harm[0], recognised=harm[1])
    return case


def _occasion(application: Application, *, harmed: bool) -> Occasion:
    """How the township is told of it."""
    if harmed:
        return Occasion.STAFF_HARMED
    in_danger = bool(application.answers.get("danger"))
    return Occasion.STAFF_ALARM if in_danger else Occasion.STAFF_NEW_CASE


def _any_township(ctx: Context, slug: str) -> str:
    """Where no place was understood: the account's own township, else the county's first.

    Nothing is ever dropped for want of a place; the officer there refers it on.
    """
    account = ctx.settings.account(slug)
    assert account is not None
    townships = ctx.directory.areas.within(account.area, Level.TOWNSHIP)
    own = ctx.directory.areas.at(account.area, Level.TOWNSHIP)
    return (own or townships[0]).code
