"""To which telephone a person's text messages go: only of who said that they want them.

Telephones were given so that the township can call (`bot/flows/who.py`), not for messages of a
machine: so without a yes nothing is sent (个人信息保护法 art. 6, 14), whether they follow or not.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.among import among
from models.cases import Case
from models.wishes import Wishes

MOBILE = re.compile(r"1[3-9][0-9]{9}")


def case_phone(session: Session, person_id: int) -> str:
    """The mobile of their newest matter of their own that has one; empty where there is none."""
    return _case_phones(session, (person_id,)).get(person_id, "")


def phones(session: Session, people: Collection[int]) -> dict[int, str]:
    """For each of these people who wants text messages: the telephone that they go to."""
    rows = session.execute(
        select(Wishes.person_id, Wishes.phone).where(
            among(Wishes.person_id, people), Wishes.sms.is_(True)
        )
    ).all()
    own = {row.person_id: row.phone for row in rows}
    theirs = _case_phones(session, [person for person, phone in own.items() if not phone])
    return {person: phone for person in own if (phone := own[person] or theirs.get(person, ""))}


def _case_phones(session: Session, people: Collection[int]) -> dict[int, str]:
    if not people:
        return {}
    # What was told for others carries whichever number the township asks at.
    rows = session.execute(
        select(Case.person_id, Case.phone)
        .where(among(Case.person_id, people), Case.on_behalf.is_(False)).order_by(Case.id)
    )
    return {
        row.person_id: row.phone for row in rows
        if row.person_id is not None and MOBILE.fullmatch(row.phone)
    }
