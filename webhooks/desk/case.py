"""One case: everything said, its papers, what has happened, and the moves offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, casequeries, clockwork, informing, kinfinding, proposals
from models.cases import Attachment, Case, CaseEvent
from models.clocks import CaseClock
from models.context import Context
from models.idnumbers import shown
from models.moves import Move
from models.offers import offered
from models.paperwork import FAULTS
from models.paths import PATHS
from models.policy import StaffView
from models.receipts import read_receipt
from models.statuses import BY_ITSELF, STATUS_NAMES, STATUS_NEXT, EventKind, Role, Status
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import hanging, queue, telling

# The moves that lead on; the first of them that is offered is the primary button.
ONWARD = (
    "register", "accept", "investigate", "propose", "forward", "conclude", "grant", "assist",
    "finish",
)
# What belongs to a case besides what was said: each room adds its part of the page here, as a
# function (ctx, session, staff, file) → (template, its values) or None where it has nothing.
Section = Callable[
    [Context, Session, StaffView, "File"], "tuple[str, dict[str, Any]] | None"
]
SECTIONS: list[Section] = []


@dataclass(frozen=True)
class File:
    """A case with what several parts of its page need, read once: its events, its clocks that are
    not over, the cases merged into it, and the papers of all of these."""

    case: Case
    events: list[CaseEvent]
    clocks: list[CaseClock]
    joined: list[Case]
    papers: list[Attachment]


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>", "case", case)


def open_file(ctx: Context, db: Session, staff: StaffView, receipt: str) -> File:
    """Read a case in the staff's area and record that; raises LookupError.

    The receipt has to be as it is stored: no other spelling is an address.
    """
    found = casequeries.must_find(db, staff, receipt)
    audit.record(db, ctx.now(), "case.read", "case", found.id, staff_id=staff.id)
    kinfinding.look(ctx, db, found)
    joined = list(casequeries.joined(db, staff, found))
    return File(
        found, list(casequeries.timeline(db, found)), clockwork.alive(db, found), joined,
        list(casequeries.papers(db, found, *joined)),
    )


def page(ctx: Context, db: Session, staff: StaffView, file: File, **more: Any) -> str:
    """The case's page, with the queue beside it; `more` goes to the template."""
    t, case = access.speech(), file.case
    status = Status(case.status)
    rows, _ = queue.read_rows(ctx, db, staff, queue.sight_kept(staff))
    moves, open_ = offered(ctx, db, staff, case), proposals.open_proposal(db, case.id)
    sections = [part for section in SECTIONS if (part := section(ctx, db, staff, file))]
    return render_template(
        "desk/case.html", case=case,
        id_shown=shown(case.id_number) if case.id_number else "",
        name=telling.name_of(t, case), papers=file.papers,
        rows=rows, staff=staff, following=_following(rows, case.receipt),
        said=telling.said(ctx, t, case),
        story=telling.story(t, case, file.events, _hidden(db, staff, file.events)),
        points=telling.points(t, case), due=telling.due_words(ctx, t, case),
        status=t(STATUS_NAMES[status]), next_words=t(STATUS_NEXT[status]),
        primary=_primary(moves), offered=_primary_first(moves), sections=sections,
        scheme=t(PATHS[case.scheme].name) if case.scheme in PATHS else "",
        proposal=telling.proposed(t, open_), hangs=hanging.of(ctx, t, db, case, open_),
        closed=telling.is_closed(case),
        asks_withdrawal=_asks_withdrawal(file.events), county=staff.role is Role.COUNTY,
        stopped=informing.is_stopped(db, case), faults=FAULTS,
        may_mark=staff.role in (Role.OFFICER, Role.HEAD), **more,
    )


def _hidden(db: Session, staff: StaffView, events: list[CaseEvent]) -> frozenset[str]:
    """The numbers of cases that this one was merged into and that are kept from the reader."""
    told = {str(event.details["into"]) for event in events if event.details.get("into")}
    return frozenset(
        number for number in told
        if casequeries.find(db, staff, read_receipt(number).canonical or "") is None
    )


def _primary(moves: tuple[Move, ...]) -> str:
    names = [move.name for move in moves]
    return next((name for name in ONWARD if name in names), "")


def _primary_first(moves: tuple[Move, ...]) -> list[Move]:
    return sorted(moves, key=lambda move: move.name != _primary(moves))


def _following(rows: list[queue.Row], receipt: str) -> str:
    """The next case of the queue, so that one can go on without going back."""
    receipts = [row.receipt for row in rows]
    if receipt in receipts:
        receipts = receipts[receipts.index(receipt) + 1 :]
    return next(iter(receipts), "")


def _asks_withdrawal(events: list[CaseEvent]) -> bool:
    kinds = [event.kind for event in events if event.kind not in BY_ITSELF]
    return kinds[-1:] == [EventKind.WITHDRAW_ASKED]


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def case(receipt: str) -> ResponseReturnValue:
    """One case in the staff's area; 404 where it lies outside."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            return page(ctx, db, staff, open_file(ctx, db, staff, receipt))
    except LookupError:
        # Someone searched for it: say that on the queue rather than with an error page.
        if request.args.get("asked"):
            flash(access.speech()(queue.UNKNOWN, receipt=receipt), "urgent")
            return redirect(url_for("desk.queue"), 303)
        abort(404)
