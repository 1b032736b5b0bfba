"""Writing pushes into the outbox, in the transaction that causes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from models.pushes import Push, PushState


class Occasion(StrEnum):
    """Why someone is told; the texts are in `notices/occasions.py`."""

    CASE_MOVED = "case_moved"
    PAPER_UNCLEAR = "paper_unclear"
    PAPER_LOST = "paper_lost"
    STAFF_NEW_CASE = "staff_new_case"
    STAFF_SUPPLIED = "staff_supplied"
    STAFF_WITHDRAW_ASKED = "staff_withdraw_asked"
    STAFF_ALARM = "staff_alarm"
    STAFF_DECIDE = "staff_decide"
    STAFF_SENT_BACK = "staff_sent_back"
    STAFF_REFERRAL = "staff_referral"
    STAFF_REFERRALS_BACK = "staff_referrals_back"
    STAFF_REFERRALS_ANSWERED = "staff_referrals_answered"
    STAFF_CLOCK = "staff_clock"
    STAFF_HEARD = "staff_heard"
    STAFF_CHANGE = "staff_change"
    STAFF_RECHECK = "staff_recheck"
    STAFF_SPOT_CHECK = "staff_spot_check"
    STAFF_VISIT = "staff_visit"
    STAFF_DECLINED = "staff_declined"
    STAFF_HARM = "staff_harm"
    STAFF_HARMED = "staff_harmed"
    STAFF_RENEWAL = "staff_renewal"
    HOUSEHOLD_TOLD = "household_told"
    HOUSEHOLD_ERASED = "household_erased"
    STAFF_ERRAND = "staff_errand"
    STAFF_ERRAND_BACK = "staff_errand_back"
    STAFF_ERRAND_CANNOT = "staff_errand_cannot"
    STAFF_ERRAND_UNSEEN = "staff_errand_unseen"
    STAFF_ERRAND_LATE = "staff_errand_late"
    ERRAND = "errand"
    STAFF_CONCERN = "staff_concern"
    CONCERN_WORD = "concern_word"
    NOTICE_NEW = "notice_new"
    CAMPAIGN = "campaign"
    LATE_REPLY = "late_reply"
    SIGNED_IN = "signed_in"


def enqueue(
    session: Session,
    now: datetime,
    expire_days: int,
    occasion: Occasion,
    key: str,
    *,
    person_id: int | None = None,
    township: str | None = None,
    role: str = "",
    account: str = "",
    case_id: int | None = None,
    event_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """One push to a person, or to the desk of a place: all of it, or one `role`.

    `key` makes it unique.
    """
    session.add(
        Push(
            key=key,
            occasion=occasion,
            person_id=person_id,
            township=township,
            role=role,
            account=account,
            case_id=case_id,
            event_id=event_id,
            details=details or {},
            state=PushState.PENDING,
            next_try_at=now,
            created_at=now,
            expires_at=now + timedelta(days=expire_days),
        )
    )
