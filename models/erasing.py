"""Forgetting what a report says of a household that declined; that there was one stays.

个人信息保护法 art. 47. Left are the case's number, when, from which village, its scheme, its way
and its end, for the counts; the photos' bytes go with the worker's next round.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.alarms import Alarm
from models.arriving import PhotoPiece, SentPhoto
from models.cases import Attachment, Case, CaseEvent
from models.context import Context
from models.errands import Errand
from models.merges import live
from models.onbehalf import is_strangers
from models.proposals import Proposal
from models.referrals import Referral
from models.supplements import SupplementItem
from models.tasks import Task
from models.visits import Visit

# No case's bundle: what carries it belongs to nothing and waits to be deleted.
ERASED = "erased"
# What may stay of a step: where it led and how, never what anyone wrote.
KEPT = frozenset({"receipt", "unit", "officer", "said", "how", "found", "task", "number", "clock",
                  "to", "ask", "move", "due_on"})
# What may stay of a call to the household.
KEPT_FINDINGS = frozenset({"on", "how", "said"})
BATCH = 100


class Store(Protocol):
    """Where bytes lie (models/storage.py)."""

    def delete(self, path: str) -> None: ...


def erase(ctx: Context, session: Session, case: Case) -> None:
    """Take everything that was said of the household out of its case. The case is locked."""
    empty = ctx.keys.lookup("name", ""), ctx.keys.lookup("phone", "")
    case.answers = {"whom": "other"}
    case.name, case.phone, case.name_key, case.phone_key = "", "", *empty
    case.id_number = case.id_key = None
    case.home_area = case.incident_area = None
    for step in session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)):
        step.details = {key: value for key, value in step.details.items() if key in KEPT}
        step.internal = None
    _tasks(session, case)
    _forget_photos(session, [case.bundle])
    _others(session, case.id)
    session.flush()
    # What others reported of the same household goes with it; what it said itself is its own.
    for merge in live(session, case.id):
        beside = session.get_one(Case, merge.case_id)
        if is_strangers(beside):
            erase(ctx, session, beside)


def _tasks(session: Session, case: Case) -> None:
    bundles = []
    for task in session.scalars(select(Task).where(Task.case_id == case.id)):
        task.findings = {k: v for k, v in task.findings.items() if k in KEPT_FINDINGS}
        task.place = None
        bundles.append(task.bundle)
    _forget_photos(session, bundles)


def _forget_photos(session: Session, bundles: list[str]) -> None:
    session.execute(
        update(Attachment).where(Attachment.bundle.in_(bundles))
        .values(bundle=ERASED, state=ERASED, media_id=None, spoken=None, heard=None, item_id=None)
    )
    sent = select(SentPhoto.id).where(SentPhoto.bundle.in_(bundles))
    session.execute(delete(PhotoPiece).where(PhotoPiece.photo_id.in_(sent)))
    session.execute(delete(SentPhoto).where(SentPhoto.bundle.in_(bundles)))


def _others(session: Session, case_id: int) -> None:
    for item in session.scalars(select(SupplementItem).where(SupplementItem.case_id == case_id)):
        item.words, item.reply, item.note = "", None, None
    for errand in session.scalars(select(Errand).where(Errand.case_id == case_id)):
        errand.words, errand.papers = "", []
        errand.said = [{**one, "found": {}, "items": {}} for one in errand.said]
    session.execute(update(Alarm).where(Alarm.case_id == case_id).values(words=None))
    for referral in session.scalars(select(Referral).where(Referral.case_id == case_id)):
        referral.asked, referral.reason, referral.answer, referral.papers = "", None, None, []
    for proposal in session.scalars(select(Proposal).where(Proposal.case_id == case_id)):
        proposal.details = {}
    session.execute(update(Visit).where(Visit.case_id == case_id).values(words=None))


def sweep(ctx: Context, store: Store) -> int:
    """Delete the bytes of what was erased, then its rows; how many."""
    done = 0
    while True:
        with ctx.db.read() as session:
            found = session.execute(
                select(Attachment.id, Attachment.path).where(Attachment.state == ERASED)
                .limit(BATCH)
            ).all()
        for _, path in found:
            if path:
                store.delete(path)
        with ctx.db.begin() as session:
            session.execute(
                delete(Attachment).where(Attachment.id.in_([number for number, _ in found]))
            )
        done += len(found)
        if len(found) < BATCH:
            return done
