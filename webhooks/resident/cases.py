"""/m/: one's own cases, each with its timeline, its papers and a way to send more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.state import State
from bot.wording import next_text, status_text, timeline
from models import casequeries, informing, residentwork, supplementing, supplements
from models.cases import Attachment, Case
from models.numbers import read_number
from models.onbehalf import is_strangers, may_bring
from models.settings import mark
from models.speaking import locked_talk
from models.statuses import OPEN
from models.supplements import ITEM_STATES, Lacking, SupplementItem
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.resident import afterwards, asking
from webhooks.uploads import attach, chosen_files, or_forgotten, store_all, with_photos

NOTHING_CHOSEN = mark("请先选一张照片。")
GOT = mark("收到 {count} 张，镇上看过会告诉您。")
GOT_FOR = mark("收到 {count} 张，算作“{item}”。镇上看过会告诉您。")


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them; uploads are limited in rate."""
    blueprint.add_url_rule("/", "mine", mine)
    blueprint.add_url_rule("/cases/<receipt>", "case", case)
    blueprint.add_url_rule("/cases/<receipt>/photos", "supply", limited(supply), methods=["POST"])
    blueprint.add_url_rule("/cases/<receipt>/withdraw", "withdraw", withdraw, methods=["POST"])


@opened_to(Audience.RESIDENT)
def mine() -> ResponseReturnValue:
    """Everything that this person handed in, what is half filled in, and what others said."""
    ctx, t = context(), speech()
    with ctx.db.begin() as session:
        half = State.of(locked_talk(session, person_id()).state).half is not None
        cases = [
            (found, status_text(t, found)) for found in casequeries.of_person(session, person_id())
        ]
        told = [found.receipt for found, _ in informing.waiting(session, person_id())]
    return render_template("resident/mine.html", cases=cases, half=half, told=told)


@opened_to(Audience.RESIDENT)
def case(receipt: str) -> ResponseReturnValue:
    """What has happened, who has it, what comes next and by when."""
    return _case(receipt, {}), 200


def _case(receipt: str, errors: dict[str, str]) -> str:
    ctx, t = context(), speech()
    with ctx.db.read() as session:
        found = casequeries.own(session, person_id(), receipt)
        if found is None:
            abort(404)
        lacking = supplements.of_case(session, found)
        return render_template(
            "resident/case.html",
            case=found,
            status=status_text(t, found),
            next=next_text(ctx, t, found),
            lines=timeline(t, found, casequeries.timeline(session, found)),
            items=lacking.items if may_bring(found) else [],
            states=ITEM_STATES,
            papers=_papers(session, found),
            asked=found.status in OPEN and lacking.waits,
            strangers=is_strangers(found),
            alive=found.status in OPEN,
            errors=errors,
            after=afterwards.part(ctx, session, found),
            ask=asking.part(ctx, session, found),
        )


def _papers(session: Session, case: Case) -> list[Attachment]:
    """What was sent with it; who reported others sees only what they sent themselves."""
    papers = casequeries.papers(session, case)
    if not is_strangers(case):
        return list(papers)
    return [paper for paper in papers if paper.person_id == case.person_id]


@opened_to(Audience.RESIDENT)
@with_photos
def supply(receipt: str) -> ResponseReturnValue:
    """Papers for a case of one's own that is still open."""
    ctx, t = context(), speech()
    files = chosen_files()
    if not files:
        return _case(receipt, {_field_asked(): t(NOTHING_CHOSEN)}), 400
    with ctx.db.read() as session:
        _item(supplements.of_case(session, _open_case(session, receipt)))
    photos, problems = store_all(ctx, files, t)
    with or_forgotten(ctx, photos), ctx.db.begin() as session:
        found = _open_case(session, receipt)
        # Of two pages that send the last two items, one sees that all are there.
        session.refresh(found, with_for_update={"of": Case})
        lacking = supplements.of_case(session, found)
        item = _item(lacking)
        attach(
            ctx, session, photos, bundle=found.bundle, person_id=person_id(),
            account=found.account, item_id=item.id if item else None,
        )
        if photos and item is not None:
            supplementing.receive(ctx, item)
            supplementing.tell_news(ctx, session, lacking)
        elif photos:
            residentwork.note_supplied(ctx, session, found)
    if kept := len(photos):
        flash(t(GOT_FOR, count=kept, item=item.words) if item else t(GOT, count=kept))
    if problems:
        return _case(receipt, {_field(item): "\n".join(problems)}), 400
    return redirect(url_for("resident.case", receipt=receipt))


def _open_case(session: Session, receipt: str) -> Case:
    found = casequeries.own(session, person_id(), receipt)
    if found is None or found.status not in OPEN:
        abort(404)
    return found


def _item(lacking: Lacking) -> SupplementItem | None:
    """The item that the form is for; None where it is for the case as a whole."""
    wanted = request.form.get("item", type=read_number)
    if wanted is None:
        return None
    return next((item for item in lacking.items if item.id == wanted), None) or abort(404)


def _field(item: SupplementItem | None) -> str:
    """The name of the upload that an item's errors stand beside."""
    return f"photos-{item.id}" if item else "photos"


def _field_asked() -> str:
    wanted = request.form.get("item", type=read_number)
    return "photos" if wanted is None else f"photos-{wanted}"


@opened_to(Audience.RESIDENT)
def withdraw(receipt: str) -> ResponseReturnValue:
    """Ask for it back."""
    ctx, t = context(), speech()
    with ctx.db.begin() as session:
        if not residentwork.ask_withdrawal(ctx, session, person_id(), receipt):
            abort(404)
    flash(t(mark("记下了，镇上会撤回，办好告诉您。")))
    return redirect(url_for("resident.case", receipt=receipt))
