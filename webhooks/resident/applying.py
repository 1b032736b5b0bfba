"""/m/apply: the chat's own flow as a page, one question a screen, on the same draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from bot import drafting
from bot.flow import Draft, Scene, undo
from bot.state import State
from models.context import Context
from models.pictures import NotAPicture
from models.settings import Account, mark
from models.speaking import locked_talk
from webhooks import forms
from webhooks.access import Audience, context, opened_to, person_id, speech, visitor
from webhooks.uploads import keep_photo

NOT_UNDERSTOOD = mark("请再写一下。")
NOTHING_CHOSEN = mark("请先选一张照片。")


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them; uploads are limited in rate."""
    blueprint.add_url_rule("/apply", "apply", show)
    blueprint.add_url_rule("/apply/photos", "upload", limited(upload), methods=["POST"])
    for rule, view in (
        ("/apply", answer), ("/apply/back", back), ("/apply/fix/<key>", fix),
        ("/apply/hand-in", hand_in), ("/apply/skip", skip), ("/apply/known", known),
    ):
        blueprint.add_url_rule(rule, view.__name__, view, methods=["POST"])


@dataclass
class Page:
    """The draft under the page, with its talk locked while it is worked on."""

    ctx: Context
    session: Session
    state: State
    draft: Draft
    scene: Scene
    account: Account


@contextmanager
def _draft() -> Iterator[Page]:
    """Open the person's draft, begin one where there is none, and keep what was changed."""
    ctx = context()
    seen = visitor()
    assert seen is not None
    account = ctx.settings.account(seen.account) or ctx.settings.accounts[0]
    with ctx.db.begin() as session:
        talk = locked_talk(session, person_id())
        state = State.of(talk.state)
        scene = Scene(speech(), ctx.directory.areas, account.area, account.slug)
        if state.draft is None:
            whom = "other" if request.values.get("for") == "other" else "self"
            drafting.new_draft(state, whom, scene)
        assert state.draft is not None
        state.paused = False
        yield Page(ctx, session, state, state.draft, scene, account)
        talk.state, talk.updated_at = state.as_json(), ctx.now()


def _screen(page: Page, words: str = "", error: str = "") -> str:
    """The open question, or the read-back."""
    draft, scene = page.draft, page.scene
    done, left = len(draft.trail), len(drafting.unanswered(draft))
    common = {"draft": draft, "done": done, "total": done + left, "error": error, "words": words}
    if drafting.offers_known(page.state):
        place = scene.areas.name(page.state.known.get("living"))
        return render_template("resident/known.html", known=page.state.known, place=place, **common)
    step = drafting.current(draft)
    if step is None:
        return render_template("resident/readback.html", rows=drafting.rows(draft, scene), **common)
    return render_template(
        "resident/step.html", asked=forms.asked(step, draft, scene), **common
    )


@opened_to(Audience.RESIDENT)
def show() -> ResponseReturnValue:
    """The open question."""
    with _draft() as page:
        return _screen(page)


@opened_to(Audience.RESIDENT)
def answer() -> ResponseReturnValue:
    """Take an answer; one that is not understood keeps what was typed."""
    with _draft() as page:
        step = drafting.current(page.draft)
        # A page left open while the chat went on: show where the talk stands now.
        if step is None or step.key != request.form.get("step"):
            return redirect(url_for("resident.apply"))
        said = forms.heard(request.form)
        problem = drafting.answer(page.draft, step, said, page.scene)
        if problem is None:
            return redirect(url_for("resident.apply"))
        hint = (problem.hint and speech()(problem.hint)) or step.once_more(page.draft.answers, page.scene)
        return _screen(page, request.form.get("words", ""), hint), 400


@opened_to(Audience.RESIDENT)
def known() -> ResponseReturnValue:
    """What is known of the person still holds, or not."""
    with _draft() as page:
        if drafting.offers_known(page.state):
            drafting.take_known(page.state, same=request.form.get("same") == "1")
    return redirect(url_for("resident.apply"))


@opened_to(Audience.RESIDENT)
def back() -> ResponseReturnValue:
    """上一步."""
    with _draft() as page:
        undo(page.draft)
    return redirect(url_for("resident.apply"))


@opened_to(Audience.RESIDENT)
def skip() -> ResponseReturnValue:
    """先不答."""
    with _draft() as page:
        step = drafting.current(page.draft)
        if step is not None:
            drafting.skip(page.draft, step)
    return redirect(url_for("resident.apply"))


@opened_to(Audience.RESIDENT)
def fix(key: str) -> ResponseReturnValue:
    """Change one line of the read-back."""
    with _draft() as page:
        if key in {step.key for step, _ in drafting.rows(page.draft, page.scene)}:
            drafting.ask_again(page.draft, key)
    return redirect(url_for("resident.apply"))


@opened_to(Audience.RESIDENT)
def upload() -> ResponseReturnValue:
    """Photos of papers; those with ID numbers come this way and not by chat."""
    files = [f for f in request.files.getlist("photos") if f.filename]
    with _draft() as page:
        if not files:
            return _screen(page, error=speech()(NOTHING_CHOSEN)), 400
        problem = keep_all(page.ctx, page.session, files, page.draft.bundle, page.account)
        page.draft.photos += len(files) - len(problem)
        if problem:
            return _screen(page, error=" ".join(problem)), 400
    return redirect(url_for("resident.apply"))


def keep_all(
    ctx: Context, session: Session, files: list[FileStorage], bundle: str, account: Account
) -> list[str]:
    """Keep every photo that is one; a sentence for each that is not."""
    problems = []
    for file in files:
        try:
            keep_photo(
                ctx, session, file, bundle=bundle, person_id=person_id(), account=account.slug
            )
        except NotAPicture as error:
            problems.append(speech()(error.reason))
    return problems


@opened_to(Audience.RESIDENT)
def hand_in() -> ResponseReturnValue:
    """交给镇上."""
    with _draft() as page:
        if drafting.current(page.draft) is not None:
            return redirect(url_for("resident.apply"))
        case = drafting.hand_in(
            page.ctx, page.session, page.state, person_id(), page.account
        )
    flash(speech()(mark("收到了。下面写着什么时候给您回话。")))
    return redirect(url_for("resident.case", receipt=case.receipt))
