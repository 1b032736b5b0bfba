"""A person's talk and identities, for pages: the same rows that the callback's short way uses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.context import Context
from models.people import Identity, Person
from models.talks import Talk
from models.upsert import insert_or_skip


def locked_talk(session: Session, person_id: int) -> Talk:
    """The person's talk, locked, so that chat and page never write over each other."""
    return session.scalars(
        select(Talk).where(Talk.person_id == person_id).with_for_update(of=Talk)
    ).one()


def known_person(ctx: Context, session: Session, account: str, openid: str) -> int:
    """The person behind an openid; created where the page comes before any message."""
    key = ctx.keys.lookup("openid", openid)
    found = session.scalar(
        select(Identity.person_id).where(Identity.account == account, Identity.openid_key == key)
    )
    if found is not None:
        return found
    now = ctx.now()
    person = Person(created_at=now, locale="", big_type=False)
    session.add(person)
    session.flush()
    row = {
        "account": account, "openid": openid, "openid_key": key, "person_id": person.id,
        "followed": False, "created_at": now,
    }
    if insert_or_skip(session, Identity, row, ("account", "openid_key")) is None:
        # Another page, or the first message, was quicker: the person is that one.
        session.delete(person)
        session.flush()
        return known_person(ctx, session, account, openid)
    session.add(Talk(person_id=person.id, state={}, held=False, updated_at=now))
    session.flush()
    return person.id
