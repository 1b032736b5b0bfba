"""Finding the declared relatives that a case touches, and what has been found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import audit
from models.areas import prefix
from models.cases import Case
from models.context import Context
from models.kinscope import same_person
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
    for kin, match in _touched(session, case):
        certain = case.id_key is not None and kin.id_key == case.id_key
        if match is None:
            _keep(ctx, session, case, kin, CONFIRMED if certain else POSSIBLE)
        elif certain and match.certainty != CONFIRMED:
            match.certainty, match.settled_by, match.settled_at = CONFIRMED, None, ctx.now()
            _tell(ctx, session, case, kin, CONFIRMED)


def _touched(session: Session, case: Case) -> Iterator[tuple[Kin, KinMatch | None]]:
    """Relatives of those who serve here now: by number, or by name where no number says no."""
    owner, post = aliased(Staff), aliased(Staff)
    serves = or_(post.area == case.county, post.area.startswith(prefix(case.township)))
    cadre_here = and_(Kin.staff_id.is_(None), Kin.area.startswith(prefix(case.township)))
    same_name = and_(Kin.name_key == case.name_key, or_(serves, cadre_here))
    same_number = Kin.id_key == case.id_key
    query = (
        select(Kin, KinMatch)
        .outerjoin(owner, owner.id == Kin.staff_id)
        .outerjoin(post, and_(same_person(owner, post), post.left_at.is_(None)))
        .outerjoin(KinMatch, and_(KinMatch.kin_id == Kin.id, KinMatch.case_id == case.id))
        .where(
            Kin.withdrawn_at.is_(None), or_(Kin.staff_id.is_(None), post.id.is_not(None)),
            or_(same_name, same_number) if case.id_key is not None else same_name,
        )
    )
    seen: set[int] = set()
    for kin, match in session.execute(query):
        differ = None not in (kin.id_key, case.id_key) and kin.id_key != case.id_key
        if kin.id not in seen and not differ:
            seen.add(kin.id)
            yield kin, match


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
