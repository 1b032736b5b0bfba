"""/m/apply: the chat's own flow as a page, one question a screen, on the same draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import drafting, keeping
from bot.flow import undo
from models.policy import NotAllowed
from models.settings import mark
from webhooks import forms
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.resident.drafts import Page, begun, opened
from webhooks.resident.peril import cared_for
from webhooks.uploads import attach, chosen_files, forget, store_all, with_photos

NOTHING_CHOSEN = mark("请先选一张照片。")
MOVED_ON = mark("已经往下填了，现在是这一问。")
MOVED_ON_KEPT = mark("已经往下填了，现在是这一问。您刚写的也记下了。")
OTHER_WAITS = mark("您还有一份填了一半，先接着填完；不要了，点最下面的“不填了”。")
NOTED = mark("这句也记下了。还想问您：")


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them; uploads are limited in rate."""
    blueprint.add_url_rule("/apply", "apply", show)
    blueprint.add_url_rule("/apply/photos", "upload", limited(upload), methods=["POST"])
    for rule, view in (
        ("/apply", answer), ("/apply/back", back), ("/apply/fix/<key>", fix),
        ("/apply/hand-in", hand_in), ("/apply/skip", skip), ("/apply/known", known),
        ("/apply/discard", discard),
    ):
        blueprint.add_url_rule(rule, view.__name__, view, methods=["POST"])


def _screen(page: Page, words: str = "", error: str = "") -> str:
    """The open question, or the read-back."""
    draft, scene = page.draft, page.scene
    done, left = len(draft.trail), len(drafting.unanswered(draft))
    common = {
        "draft": draft, "done": done, "left": left, "error": error, "words": words,
        "turn": page.turn,
    }
    if drafting.offers_known(page.state):
        known = page.state.known
        living = scene.areas.name(draft.answers.get("living") or known.get("living"))
        return render_template("resident/known.html", known=known, place=living, **common)
    step = drafting.current(draft)
    if step is None:
        return render_template(
            "resident/readback.html", rows=drafting.rows(draft, scene),
            more=keeping.more_said(draft), **common,
        )
    asked = forms.asked(step, draft, scene)
    return render_template("resident/step.html", asked=asked, **common)


def _again() -> ResponseReturnValue:
    """To where the talk stands now."""
    return redirect(url_for("resident.apply"))


def _stale(page: Page) -> ResponseReturnValue | None:
    """What to answer to a form that no longer fits; None where it does."""
    if page.state.draft is None:
        # Handed in or thrown away meanwhile: a second tap begins nothing new.
        return redirect(url_for("resident.mine"))
    if not page.is_stale:
        return None
    kept = keeping.keep_words(page.draft, request.form.get("words", "").strip())
    flash(speech()(MOVED_ON_KEPT if kept else MOVED_ON))
    return _again()


@opened_to(Audience.RESIDENT)
def show() -> ResponseReturnValue:
    """The open question."""
    with opened() as page:
        half = page.state.half
        if half is not None and request.args.get("for", half.answers["whom"]) != (
            half.answers["whom"]
        ):
            flash(speech()(OTHER_WAITS))
        begun(page)
        return _screen(page)


@opened_to(Audience.RESIDENT)
def answer() -> ResponseReturnValue:
    """Take an answer; one that is not understood keeps what was typed."""
    with opened() as page:
        cared = cared_for(page, request.form.get("words", ""))
        if cared is not None:
            return cared
        stale = _stale(page)
        if stale is not None:
            return stale
        step = drafting.current(page.draft)
        if step is None or drafting.offers_known(page.state):
            return _again()
        said = forms.heard(request.form)
        problem = drafting.answer(page.draft, step, said, page.scene)
        if problem is None:
            return _again()
        t = speech()
        hint = t(problem.hint) if problem.hint else step.once_more(page.draft.answers, page.scene)
        lead = t(NOTED) if problem.noted else ""
        return _screen(page, request.form.get("words", ""), f"{lead}{hint}"), 400


@opened_to(Audience.RESIDENT)
def known() -> ResponseReturnValue:
    """What is known of the person still holds, or not."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        if drafting.offers_known(page.state):
            drafting.take_known(page.state, same=request.form.get("same") == "1")
    return _again()


@opened_to(Audience.RESIDENT)
def back() -> ResponseReturnValue:
    """上一步."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        undo(page.draft)
    return _again()


@opened_to(Audience.RESIDENT)
def skip() -> ResponseReturnValue:
    """先不答."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        step = drafting.current(page.draft)
        if step is not None:
            drafting.skip(page.draft, step)
    return _again()


@opened_to(Audience.RESIDENT)
def fix(key: str) -> ResponseReturnValue:
    """Change one line of the read-back."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        if key in {step.key for step, _ in drafting.rows(page.draft, page.scene)} | {"papers"}:
            drafting.ask_again(page.draft, key)
    return _again()


@opened_to(Audience.RESIDENT)
@with_photos
def upload() -> ResponseReturnValue:
    """Photos of papers; those with ID numbers come this way and not by chat.

    A stale page's photos are taken as well: they are added and replace nothing.
    """
    files = chosen_files()
    photos, problems = store_all(context(), files, speech())
    with opened() as page:
        if page.state.draft is None:
            forget(page.ctx, photos)
            return redirect(url_for("resident.mine"))
        if not files:
            return _screen(page, error=speech()(NOTHING_CHOSEN)), 400
        attach(
            page.ctx, page.session, photos, bundle=page.draft.bundle, person_id=person_id(),
            account=page.account.slug, proof=drafting.proof_at(page.draft),
        )
        page.draft.photos += len(photos)
        if problems:
            return _screen(page, error="\n".join(problems)), 400
    return _again()


@opened_to(Audience.RESIDENT)
def discard() -> ResponseReturnValue:
    """不填了: everything of this draft is thrown away."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        page.state.drop_draft()
    flash(speech()(mark("好，都清掉了。以后有难处，随时来说。")))
    return redirect(url_for("resident.mine"))


@opened_to(Audience.RESIDENT)
def hand_in() -> ResponseReturnValue:
    """交给镇上."""
    with opened() as page:
        stale = _stale(page)
        if stale is not None:
            return stale
        if drafting.offers_known(page.state) or drafting.current(page.draft) is not None:
            return _again()
        try:
            case = drafting.hand_in(page.ctx, page.session, page.state, person_id(), page.account)
        except NotAllowed as refused:
            return _screen(page, error=speech()(refused.reason)), 403
        page.state.asking = None
    flash(speech()(mark("收到了。下面写着什么时候给您回话。")))
    return redirect(url_for("resident.case", receipt=case.receipt))
