"""Filling a draft, the same from chat and page: answer, take back, read back, hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy.orm import Session

from bot.answers import tidy
from bot.flow import Draft, Flow, Read, Scene, Step, Unclear, give, next_step, read_back, reopen
from bot.flows.apply import APPLY, CONSENT_VERSION, begin
from bot.messages import Heard, Kind
from bot.state import KNOWN, State
from models import casework
from models.cases import Attachment, Case
from models.context import Context
from models.settings import Account

FLOWS: dict[str, Flow] = {APPLY.name: APPLY}
# Keys that narrow a place down and fall away with it when it is asked again.
PLACE_KEYS = ("_township", "_among", "_other", "_words", "_elsewhere", "_outside", "_same", "_at")


def new_draft(state: State, whom: str, said: str = "", *, urgent: bool | None = None) -> Draft:
    """Begin an application; what is known of the person waits to be confirmed."""
    state.draft = begin(token_hex(16), whom, said, urgent=urgent)
    state.paused = False
    return state.draft


def flow_of(draft: Draft) -> Flow:
    """The flow that this draft belongs to."""
    return FLOWS[draft.flow]


def current(draft: Draft) -> Step | None:
    """The open step, or None when all that is left is to read back and hand in."""
    return next_step(flow_of(draft), draft)


def answer(draft: Draft, step: Step, heard: Heard, scene: Scene) -> Unclear | None:
    """Read an answer into the draft; None when it was understood."""
    reading = step.read(heard, draft.answers, scene)
    if isinstance(reading, Unclear):
        draft.tries += 1
        return reading
    assert isinstance(reading, Read)
    give(draft, step.key, reading.values)
    return None


def skip(draft: Draft, step: Step) -> bool:
    """Leave a step out, where it may be left out."""
    if step.skip is None:
        return False
    give(draft, step.key, dict(step.skip))
    return True


def ask_again(draft: Draft, key: str) -> None:
    """Change one answer and keep the rest."""
    step = flow_of(draft).step(key)
    reopen(draft, step, [key + more for more in PLACE_KEYS])


def offers_known(state: State) -> bool:
    """Whether this draft can begin by confirming what is known of the person."""
    draft = state.draft
    return (
        draft is not None
        and draft.answers.get("whom") != "other"
        and bool(state.known.get("name"))
        and "known" not in draft.answers
        and not any(key in draft.answers for key in ("name", "living"))
    )


def take_known(state: State, *, same: bool) -> None:
    """The person has said whether what is known still holds."""
    draft = state.draft
    assert draft is not None
    values = {key: state.known[key] for key in KNOWN if key in state.known} if same else {}
    give(draft, "known", {"known": same, **values})


def rows(draft: Draft, scene: Scene) -> list[tuple[Step, str]]:
    """What is read back, numbered by its place."""
    return read_back(flow_of(draft), draft.answers, scene)


def is_answered_by(step: Step, heard: Heard) -> bool:
    """Whether a sent location or voice without words can answer this step."""
    if heard.kind is Kind.LOCATION:
        return step.control == "place"
    return bool(tidy(heard.text)) or (heard.kind is Kind.VOICE and step.key == "what")


def add_photo(
    session: Session,
    draft_bundle: str,
    person_id: int,
    account: Account,
    media_id: str,
    now: datetime,
    *,
    kind: str = "image",
    spoken: str = "",
) -> None:
    """A photo or recording that the worker will fetch from the platform."""
    session.add(
        Attachment(
            bundle=draft_bundle,
            person_id=person_id,
            account=account.slug,
            kind=kind,
            media_id=media_id,
            spoken=spoken or None,
            state="waiting",
            next_try_at=now,
            created_at=now,
        )
    )


def hand_in(ctx: Context, session: Session, state: State, person_id: int, account: Account) -> Case:
    """Submit a finished draft; the talk keeps what a next one will only confirm."""
    draft = state.draft
    assert draft is not None
    answers = draft.answers
    case = casework.submit(
        ctx,
        session,
        casework.Application(
            account=account.slug,
            person_id=person_id,
            bundle=draft.bundle,
            name=str(answers.get("name", "")),
            phone=str(answers.get("phone", "")),
            urgent=bool(answers.get("urgent")),
            living=answers.get("living") or None,
            home=answers.get("home") or None,
            incident=answers.get("incident") or None,
            on_behalf=answers.get("whom") == "other",
            scheme="temporary" if answers.get("urgent") else None,
            consent_version=f"{CONSENT_VERSION}:{answers.get('consent', 'none')}",
            answers=answers,
        ),
    )
    state.remember(answers)
    state.drop_draft()
    return case


def unanswered(draft: Draft) -> Sequence[Step]:
    """The steps that are still open as things stand, for the page's progress."""
    return [s for s in flow_of(draft).steps if s.key not in draft.answers and s.when(draft.answers)]
