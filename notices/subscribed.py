"""Subscription messages (订阅通知): what the platform's events and answers say of them.

Sending answers with no id (facts: the platform's own forum, twice since 2021), so the event that
tells whether one arrived is matched by chat: it is about the oldest that still waits for its event.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models import grants
from models.context import Context
from notices.channel import Delivery, Outcome, Way
from notices.outbox import job_finished

# The events, as `Heard.detail` names them, and what they say.
POPUP, CHANGE, SENT = "popup", "change", "sent"
ACCEPT = "accept"
# One event's items: template id, what is said of it, and the platform's id of the message.
Told = Iterable[tuple[str, str, str]]
# An event that comes before its push is written down comes within moments.
EARLY_SECONDS = 60.0


def hear(
    ctx: Context, session: Session, slug: str, identity_id: int, event: str, told: Told
) -> None:
    """Write an event down: what they allow, what they refuse, or whether a message arrived."""
    account = ctx.settings.account(slug)
    known = set(account.subscriptions.values()) if account is not None else set[str]()
    now = ctx.now()
    for template, said, _ in told:
        if event == SENT:
            job_finished(session, ctx, waiting_id(identity_id), said, EARLY_SECONDS)
        elif template not in known:
            continue
        elif event == CHANGE:
            # Only refusals are told: who allows it again is asked again.
            grants.revoke(session, now, identity_id, template)
        elif said == ACCEPT:
            lasting = account is not None and account.subscriptions_last
            grants.accept(session, now, identity_id, template, lasting=lasting)
        else:
            grants.decline(session, now, identity_id, template)


def note_try(
    ctx: Context, session: Session, identity_id: int, template: str, delivery: Delivery
) -> None:
    """What a try at sending one says of the grant that it went by."""
    if delivery.way is not Way.SUBSCRIBE:
        return
    if delivery.outcome is Outcome.DONE:
        grants.use(session, ctx.now(), identity_id, template)
    elif delivery.outcome is Outcome.NO_GRANT:
        grants.run_out(session, ctx.now(), identity_id, template)


def waiting_id(identity_id: int) -> str:
    """What a push that waits for this chat's event carries in the place of a message's id."""
    return f"subscribe:{identity_id}"
