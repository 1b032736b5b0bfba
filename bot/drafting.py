"""Filling a draft, the same from chat and page: answer, take back, read back, hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy.orm import Session

from bot import keeping
from bot.answers import read_yes_no, squeezed, tidy
from bot.flow import (
    Answers,
    Draft,
    Flow,
    Read,
    Scene,
    Step,
    Unclear,
    give,
    next_step,
    read_back,
    reopen,
)
from bot.flows import discover
from bot.flows.apply import APPLY, CONSENT_VERSION, begin
from bot.flows.authority import BY_LETTER
from bot.flows.discover import DISCOVER
from bot.flows.gleaning import glean
from bot.flows.who import THANKS
from bot.messages import Heard, Kind
from bot.state import KNOWN, State
from bot.understand import understand
from models import discovering, submitting
from models.accounts import Account
from models.cases import Attachment, Case
from models.context import Context
from models.onbehalf import LETTER

FLOWS: dict[str, Flow] = {APPLY.name: APPLY, DISCOVER.name: DISCOVER}
# Keys that go with an answer and fall away with it when it is asked again.
_COMPANIONS = {
    "what": ("what_picked", "what_voice", "harm"),
    # One line reads both back, so both are asked again.
    "urgent": ("since",),
    "relation": ("relation_words",),
    "household": ("household_words", "care"),
    "needs": ("needs_words",),
    "aware": ("authority", "letter"),
    "authority": ("letter",),
}
_PLACE_KEYS = (
    "_township", "_among", "_wide", "_other", "_words", "_elsewhere", "_outside", "_same", "_at",
    "_datum", "_accuracy", "_far", "_unsaid",
)
# After so many unclear answers the words are taken as they are, where a step allows it.
ENOUGH_TRIES = 2


def new_draft(
    state: State, whom: str, scene: Scene, said: str = "", *, urgent: bool | None = None
) -> Draft:
    """Begin an application; what is known of the person waits to be confirmed.

    Replaces what is there: callers ask first where that holds something (`State.half`).
    """
    state.draft = begin(token_hex(16), whom, said, scene, urgent=urgent)
    state.paused = False
    return state.draft


def new_report(state: State, villages: Sequence[str], scene: Scene, said: str = "") -> Draft:
    """Begin an assistant's report of a household; replaces what is there, as `new_draft` does."""
    state.draft = discover.begin(token_hex(16), villages, said, scene)
    state.paused = False
    return state.draft


def flow_of(draft: Draft) -> Flow:
    """The flow that this draft belongs to."""
    return FLOWS[draft.flow]


def current(draft: Draft) -> Step | None:
    """The open step, or None when all that is left is to read back and hand in."""
    return next_step(flow_of(draft), draft)


def answer(draft: Draft, step: Step, heard: Heard, scene: Scene) -> Unclear | None:
    """Read an answer into the draft; None when it was understood.

    What it tells besides (a telephone, a village, trouble) is taken or kept too.
    """
    reading = step.read(heard, draft.answers, scene)
    if isinstance(reading, Unclear) and step.as_said is not None and _insists(draft, heard):
        reading = step.as_said(heard, draft.answers, scene)
    if isinstance(reading, Unclear):
        return _unclear(draft, step, heard, scene, reading)
    assert isinstance(reading, Read)
    after = {**draft.answers, **{k: v for k, v in reading.values.items() if v is not None}}
    more = {} if heard.kind is Kind.LOCATION else glean(heard.text, after, scene)
    values = {**more, **reading.values}
    give(draft, step.key, values, keeping.telling(step, heard, values, draft.answers, scene))
    return None


def _insists(draft: Draft, heard: Heard) -> bool:
    """Whether asking again did not help, and this is meant as the answer."""
    said = heard.text
    other = squeezed(said) in THANKS or read_yes_no(said) is not None or understand(said).tells
    return draft.tries >= ENOUGH_TRIES and not other


def _unclear(
    draft: Draft, step: Step, heard: Heard, scene: Scene, reading: Unclear
) -> Unclear:
    """Nothing for this question; what is told besides is not lost, and then it is no failure."""
    found = {} if heard.kind is Kind.LOCATION else glean(heard.text, draft.answers, scene)
    kept = keeping.keep_words(draft, heard.text)
    told = kept and keeping.is_telling(heard.text)
    if found:
        give(draft, step.key, found)
        return Unclear(reading.hint, noted=True)
    draft.tries += 1
    return Unclear(reading.hint, noted=told and not reading.hint)


def skip(draft: Draft, step: Step) -> bool:
    """Leave a step out, where it may be left out."""
    values = step.skip(draft.answers)
    if values is None:
        return False
    give(draft, step.key, values)
    return True


def ask_again(draft: Draft, key: str) -> None:
    """Change one answer and keep the rest; what happened is kept even where it is told anew."""
    step = flow_of(draft).step(key)
    told = "" if draft.answers.get("what_picked") else str(draft.answers.get("what", ""))
    companions = _COMPANIONS.get(key) or [key + more for more in _PLACE_KEYS]
    reopen(draft, step, companions)
    if key == "what":
        keeping.keep_words(draft, told)


def offers_known(state: State) -> bool:
    """Whether this draft can begin by confirming what is known of the person."""
    draft = state.draft
    return (
        draft is not None
        and draft.answers.get("whom") != "other"
        and bool(state.known.get("name"))
        and "known" not in draft.answers
        and "name" not in draft.answers
    )


def take_known(state: State, *, same: bool) -> None:
    """The person has said whether what is known still holds."""
    draft = state.draft
    assert draft is not None
    # What this telling says itself is newer than what is known.
    told = {key.partition("_")[0] for key in draft.answers}
    known = {
        key: state.known[key]
        for key in KNOWN
        if key in state.known and key.partition("_")[0] not in told
    }
    give(draft, "known", {"known": same, **(known if same else {})})


def rows(draft: Draft, scene: Scene) -> list[tuple[Step, str]]:
    """What is read back, numbered by its place."""
    return read_back(flow_of(draft), draft.answers, scene)


def is_answered_by(step: Step, heard: Heard) -> bool:
    """Whether a sent location or voice without words can answer this step."""
    if heard.kind is Kind.LOCATION:
        return step.control == "place"
    return bool(tidy(heard.text)) or (heard.kind is Kind.VOICE and step.key == "what")


def proof_at(draft: Draft) -> str:
    """What a photo that is sent at the open question proves."""
    step = current(draft)
    return LETTER if step is not None and step.key == BY_LETTER.key else ""


def add_photo(
    session: Session,
    bundle: str,
    person_id: int,
    account: Account,
    media_id: str,
    now: datetime,
    *,
    kind: str = "image",
    spoken: str = "",
    proof: str = "",
) -> Attachment:
    """A photo or recording that the worker will fetch from the platform."""
    paper = Attachment(
        bundle=bundle,
        person_id=person_id,
        account=account.slug,
        kind=kind,
        proof=proof,
        media_id=media_id,
        spoken=spoken or None,
        state="waiting",
        next_try_at=now,
        created_at=now,
    )
    session.add(paper)
    return paper


def settled(draft: Draft) -> Answers:
    """The answers as they are handed in: nothing left of what was asked on the way."""
    asked = ("_among", "_wide", "villages")
    answers = {k: v for k, v in draft.answers.items() if not k.endswith(asked)}
    for key in ("home", "incident"):
        # The same place as where they live, also where that was corrected afterwards.
        if answers.get(f"{key}_same"):
            answers[key] = answers.get("living", "")
    more = keeping.more_said(draft)
    return answers | ({"more": more} if more else {})


def hand_in(ctx: Context, session: Session, state: State, person_id: int, account: Account) -> Case:
    """Submit a finished draft; the talk keeps what a next one will only confirm.

    Raises NotAllowed where it is a report from a village that is no longer the person's.
    """
    draft = state.draft
    assert draft is not None
    answers = settled(draft)
    if draft.flow == DISCOVER.name:
        case = discovering.report(
            ctx, session, account=account.slug, person_id=person_id, bundle=draft.bundle,
            answers=answers,
        )
    else:
        case = _apply(ctx, session, draft, answers, person_id, account)
    state.remember(answers)
    state.drop_draft()
    return case


def _apply(
    ctx: Context, session: Session, draft: Draft, answers: Answers, person_id: int,
    account: Account,
) -> Case:
    return submitting.submit(
        ctx,
        session,
        submitting.Application(
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


def unanswered(draft: Draft) -> Sequence[Step]:
    """The steps that are still open as things stand, for the page's progress."""
    return [s for s in flow_of(draft).steps if s.key not in draft.answers and s.when(draft.answers)]
