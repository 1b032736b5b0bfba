"""/m/told/…: what others said for one's household, and one tap that stops it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import informed
from bot.flow import Scene
from models import informwork
from models.informing import Stand
from models.settings import mark
from models.statuses import OPEN
from webhooks.access import Audience, context, opened_to, person_id, speech

DONE = {
    "agrees": informed.AGREED, "thinks": informed.THINKS, "declines": informed.STOPPED,
}
TITLES = {
    Stand.DECLINED: mark("您说了不同意，镇上先停着"),
    Stand.ERASED: mark("照您的意思不办了，写下来的都删了"),
}
NO_MORE = mark("这件事镇上已经办过了。有话说，打下面的电话。")


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/told/<receipt>", "told", told)
    blueprint.add_url_rule("/told/<receipt>", "tell_back", tell_back, methods=["POST"])
    blueprint.add_url_rule("/told/<receipt>/stop", "stop", stop)


@opened_to(Audience.RESIDENT)
def told(receipt: str) -> ResponseReturnValue:
    """How it is with them, as it was written down; never who said it."""
    return _page("resident/told.html", receipt)


@opened_to(Audience.RESIDENT)
def stop(receipt: str) -> ResponseReturnValue:
    """Once more, before it stops."""
    return _page("resident/stop.html", receipt)


def _page(template: str, receipt: str) -> str:
    ctx, t = context(), speech()
    with ctx.db.read() as session:
        try:
            case, row = informwork.shown_to(session, person_id(), receipt)
        except LookupError:
            abort(404)
        scene = Scene(t, ctx.directory.areas, case.township, case.account, page=True)
        state = Stand(row.state)
        over = state in TITLES
        return render_template(
            template, case=case, lines=[] if over else informed.lines(case, scene), over=over,
            title=t(TITLES[state]) if over else "", may_stop=case.status in OPEN and not over,
        )


@opened_to(Audience.RESIDENT)
def tell_back(receipt: str) -> ResponseReturnValue:
    """What they say to it; said twice it is said once."""
    ctx, said = context(), request.form.get("said", "")
    if said not in DONE:
        abort(400)
    with ctx.db.begin() as session:
        try:
            informwork.shown_to(session, person_id(), receipt)
        except LookupError:
            abort(404)
        done = informwork.answer(ctx, session, person_id(), receipt, said, "page")
    flash(speech()(DONE[said] if done else NO_MORE))
    return redirect(url_for("resident.told", receipt=receipt))
