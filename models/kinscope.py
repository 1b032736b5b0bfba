"""Which cases are kept from whom: those of a person's own declared relatives.

Said in SQL, so that a query is scoped without a statement of its own. What is kept from
someone comes from the few rows they declared, along the indexes of the keyed hashes: it costs
the same however many cases the query looks through.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, union, union_all
from sqlalchemy.orm import aliased

from models.cases import Case
from models.kinship import CLEARED, Kin, KinMatch
from models.merges import Merge
from models.people import Staff
from models.policy import StaffView


def not_kept_from(staff: StaffView) -> ColumnElement[bool]:
    """That a case touches nobody whom this very member of staff has declared.

    A declaration follows the person from one post to the next.
    """
    touched = aliased(Case)
    if staff.person_id is None:
        own = Kin.staff_id == staff.id
    else:
        own = Kin.staff_id.in_(select(Staff.id).where(Staff.person_id == staff.person_id))
    links = [link.where(own) for link in _links(touched, touched.id)]
    # What a touched case is merged into is one household with it.
    beside = select(Merge.top_id).where(
        Merge.undone_at.is_(None), Merge.case_id.in_(union_all(*links))
    )
    return Case.id.not_in(union_all(*links, beside))


def kept_out(case_id: int) -> Select[int]:
    """The numbers of the staff from whom this case is kept, in every post that they hold."""
    touched, owner, post = aliased(Case), aliased(Staff), aliased(Staff)
    links = [
        link.join(owner, owner.id == Kin.staff_id).join(post, same_person(owner, post))
        .where(same_household(touched, case_id))
        for link in _links(touched, post.id)
    ]
    return select(union(*links).subquery().c[0])


def same_household(one: Any, case_id: int) -> ColumnElement[bool]:
    """That a case is this one or merged into it."""
    merged = select(Merge.case_id).where(Merge.top_id == case_id, Merge.undone_at.is_(None))
    return or_(one.id == case_id, one.id.in_(merged))


def same_person(owner: Any, post: Any) -> ColumnElement[bool]:
    """That two posts are one person's."""
    return or_(post.id == owner.id, post.person_id == owner.person_id)


def _links(touched: Any, *columns: Any) -> tuple[Select[Any], ...]:
    """Declared relatives joined with the cases that touch them.

    By number; by name alone, unless someone cleared it, or both numbers are known and say
    otherwise; and what was found before, though it was withdrawn or corrected since.
    """
    live = select(*columns).select_from(Kin).where(Kin.withdrawn_at.is_(None))
    cleared = exists().where(
        KinMatch.case_id == touched.id, KinMatch.kin_id == Kin.id, KinMatch.certainty == CLEARED
    )
    unknown = or_(Kin.id_key.is_(None), touched.id_key.is_(None))
    return (
        live.join(touched, touched.id_key == Kin.id_key),
        live.join(touched, touched.name_key == Kin.name_key).where(unknown, ~cleared),
        select(*columns).select_from(Kin).join(KinMatch, KinMatch.kin_id == Kin.id)
        .join(touched, touched.id == KinMatch.case_id).where(KinMatch.certainty != CLEARED),
    )
