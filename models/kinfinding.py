"""Finding the declared relatives that a case touches, and what has been found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import audit
from models.areas import prefix
from models.cases import Case
from models.context import Context
from models.kinscope import same_household, same_person
from models.kinship import CONFIRMED, POSSIBLE, RELATIONS, Kin, KinMatch, KinVisit
from models.people import Staff
from models.settings import mark
from models.statuses import CLOSED, EventKind, Status
from models.timeline import beside
from models.upsert import insert_or_skip

FOUND = mark("和{who}登记的亲属（{relation}）同名，等人核实。")
FOUND_BY_NUMBER = mark("身份证号对上了：是{who}登记的亲属（{relation}）。")


def look(ctx: Context, session: Session, case: Case) -> None:
    """Keep which declared relatives this case touches; one statement where there are none.

    The same identity number confirms at once, even what was cleared by name. The name alone
    is a possibility, and counts where the one who declared serves this place.
    """
    if Status(case.status) in CLOSED:
        return
    for kin, match, number in _touched(session, case):
        certain = number is not None and kin.id_key == number
        if match is None:
            _keep(ctx, session, case, kin, CONFIRMED if certain else POSSIBLE)
        elif certain and match.certainty != CONFIRMED:
            match.certainty, match.settled_by, match.settled_at = CONFIRMED, None, ctx.now()
            _tell(ctx, session, case, kin, CONFIRMED)


def _touched(
    session: Session, case: Case
) -> Iterator[tuple[Kin, KinMatch | None, bytes | None]]:
    """Relatives of those who serve here now: by number, or by name where no number says no.

    Looked for in the case and in those merged into it; with the number of the one that it is.
    """
    owner, post, one = aliased(Staff), aliased(Staff), aliased(Case)
    serves = or_(post.area == case.county, post.area.startswith(prefix(case.township)))
    cadre_here = and_(Kin.staff_id.is_(None), Kin.area.startswith(prefix(case.township)))
    same_name = and_(Kin.name_key == one.name_key, or_(serves, cadre_here))
    query = (
        select(Kin, KinMatch, one.id_key).select_from(Kin)
        .join(one, same_household(one, case.id))
        .outerjoin(owner, owner.id == Kin.staff_id)
        .outerjoin(post, and_(same_person(owner, post), post.left_at.is_(None)))
        .outerjoin(KinMatch, and_(KinMatch.kin_id == Kin.id, KinMatch.case_id == case.id))
        .where(
            Kin.withdrawn_at.is_(None), or_(Kin.staff_id.is_(None), post.id.is_not(None)),
            or_(same_name, Kin.id_key == one.id_key),
        )
    )
    seen: set[int] = set()
    # The same number before the same name alone.
    rows = sorted(session.execute(query), key=lambda row: row[0].id_key != row[2])
    for kin, match, number in rows:
        differ = None not in (kin.id_key, number) and kin.id_key != number
        if kin.id not in seen and not differ:
            seen.add(kin.id)
            yield kin, match, number


def bring(session: Session, case: Case, into: Case, at: datetime) -> None:
    """What was found in a case counts for the one that it is merged into."""
    for match in of_case(session, case.id):
        values = {
            "case_id": into.id, "kin_id": match.kin_id, "certainty": match.certainty,
            "found_at": at, "settled_by": match.settled_by, "settled_at": match.settled_at,
            "note": match.note,
        }
        insert_or_skip(session, KinMatch, values, ("case_id", "kin_id"))


def give_back(session: Session, case: Case, top: Case, at: datetime) -> None:
    """What was brought goes again; what was settled meanwhile stays known of its own case."""
    own = {match.kin_id: match for match in of_case(session, case.id)}
    for match in of_case(session, top.id):
        if match.found_at != at or match.kin_id not in own:
            continue
        mine = own[match.kin_id]
        mine.certainty, mine.note = match.certainty, match.note
        mine.settled_by, mine.settled_at = match.settled_by, match.settled_at
        session.delete(match)
    session.flush()


def _keep(ctx: Context, session: Session, case: Case, kin: Kin, certainty: str) -> None:
    now = ctx.now()
    values = {
        "case_id": case.id, "kin_id": kin.id, "certainty": certainty, "found_at": now,
        "settled_at": now if certainty == CONFIRMED else None,
    }
    # Two colleagues may open the case at once: one of them finds it.
    if insert_or_skip(session, KinMatch, values, ("case_id", "kin_id")) is not None:
        _tell(ctx, session, case, kin, certainty)


def _tell(ctx: Context, session: Session, case: Case, kin: Kin, certainty: str) -> None:
    """On the timeline, for colleagues alone."""
    t = ctx.speak(ctx.settings.locale)
    step = beside(ctx, case, EventKind.KIN_FOUND)
    words = FOUND_BY_NUMBER if certainty == CONFIRMED else FOUND
    step.internal = t(words, who=kin.whose, relation=t(RELATIONS[kin.relation]))
    session.add(step)
    session.flush()
    audit.record(
        session, step.at, "kin.found", "case", case.id, kin=kin.id, certainty=certainty
    )


def of_case(session: Session, case_id: int) -> Sequence[KinMatch]:
    """What has been found in a case, the first first."""
    query = select(KinMatch).where(KinMatch.case_id == case_id).order_by(KinMatch.id)
    return session.scalars(query).all()


def is_confirmed(session: Session, case_id: int) -> bool:
    """Whether a case is a relative's for certain, so that the county decides it."""
    query = select(KinMatch.id).where(
        KinMatch.case_id == case_id, KinMatch.certainty == CONFIRMED
    )
    return session.scalars(query.limit(1)).first() is not None


def visit_of(session: Session, case_id: int) -> KinVisit | None:
    """The county's last visit, or None."""
    query = select(KinVisit).where(KinVisit.case_id == case_id)
    return session.scalars(query.order_by(KinVisit.id.desc()).limit(1)).one_or_none()
