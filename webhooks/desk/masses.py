"""Sending a list's article to followers, at the desk: how many that is, signed, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import articles, massing
from models.articles import Article
from models.context import Context
from models.masses import FEWEST, MOVING, STATE_NAMES, Mass, MassPart, Stage, State
from models.policy import NotAllowed, StaffView, is_same_person
from models.publishing import State as Hanging
from models.publishing import Version
from models.settings import Translate, mark
from models.statuses import DECIDERS, DESK_ROLES
from models.steps import MoveRefused
from notices.articles import paragraphs, write
from notices.quiet import rests_now
from webhooks import access
from webhooks.access import Audience, opened_to

ASKED = mark("超过 {count} 人，要请另一位负责人签字，签了才发。")
GOES = mark("好，这就发。晚上不发，等到早上。")
SIGNED = mark("签好了，这就发。晚上不发，等到早上。")
STOPPED = mark("不发了。微信已经收下的收不回来。")
NIGHT = mark("现在是晚上，不打扰大家，早上再发。")
LATEST = 20
Act = Callable[[Context, Session, StaffView, int], Any]


def add_routes(desk: Blueprint, at: str) -> None:
    for name, path, view in (
        ("ask", "", ask), ("sign", "/sign", sign), ("stop", "/stop", stop),
    ):
        desk.add_url_rule(
            f"{at}/mass{path}", f"notice_mass_{name}", view, methods=["POST"]
        )


def shown(
    ctx: Context, t: Translate, db: Session, staff: StaffView, version: Version
) -> dict[str, Any] | None:
    """How far the sending is, or to whom it could go; None where there is no article to send."""
    article = articles.of_version(db, version.id)
    if article is None:
        return None
    mass = massing.of_article(db, article.id)
    if mass is not None:
        return _standing(ctx, t, db, staff, mass)
    if version.state != Hanging.LIVE or article.stage == articles.Stage.WANTED:
        return None
    return _offered(ctx, db, article)


def _offered(ctx: Context, db: Session, article: Article) -> dict[str, Any]:
    campaigns, found = ctx.settings.campaigns, massing.offer(ctx, db, article)
    return {
        "offer": found, "enough": found.people >= FEWEST, "limit": campaigns.monthly_articles,
        "sign_above": campaigns.sign_above, "must_sign": found.people > campaigns.sign_above,
        "title": write(ctx, article.version)["title"],
        "paragraphs": paragraphs(ctx, article.version),
    }


def _standing(
    ctx: Context, t: Translate, db: Session, staff: StaffView, mass: Mass
) -> dict[str, Any]:
    state, parts = State(mass.state), massing.parts(db, mass.id)
    said = [one.reason for one in parts if one.reason][-1:]
    if not said and state is State.RUNNING and rests_now(ctx):
        said = [NIGHT]
    own = is_same_person(staff, mass.asker)
    return {
        "mass": mass, "state": t(STATE_NAMES[state]), "asked": t.moment(mass.asked_at),
        "signed": t.moment(mass.signed_at) if mass.signed_at else "",
        "reason": t(said[0]) if said else "",
        "report": report(parts),
        "signing": state is State.SIGNING, "own": own,
        "may_sign": state is State.SIGNING and staff.role in DECIDERS and not own,
        "may_stop": state in (State.SIGNING, State.RUNNING),
    }


def rows(t: Translate, db: Session, staff: StaffView) -> list[dict[str, Any]]:
    """The latest of the area in a line each, for the page of what goes to many."""
    return [
        {
            "number": one.article.version_id, "title": one.article.version.title,
            "state": t(STATE_NAMES[State(one.state)]), "count": one.counted,
            "asked": t.moment(one.asked_at), "by": one.asker.name,
            "signing": one.state == State.SIGNING,
        }
        for one in massing.lately(db, staff, LATEST)
    ]


def report(parts: Sequence[MassPart]) -> dict[str, int]:
    """People by what became of them, as far as the platform tells.

    `taken`: handed to it; of these `reached`, `missed` (it left them out or could not), and
    `unsaid`, of whom it has not told yet. `failed`: not handed over. `waits`: not yet.
    """
    taken = [one for one in parts if one.stage in (Stage.SENT, Stage.COUNTED)]
    told = [one for one in taken if one.stage == Stage.COUNTED]
    reached = sum(min(one.reached or 0, one.people) for one in told)
    return {
        "taken": sum(one.people for one in taken), "reached": reached,
        "missed": sum(one.people for one in told) - reached,
        "unsaid": sum(one.people for one in taken if one.stage == Stage.SENT),
        "failed": sum(one.people for one in parts if one.stage == Stage.FAILED),
        "waits": sum(
            one.people for one in parts if one.stage in MOVING
        ),
    }


def _do(number: int, act: Act, said: Callable[[Any], str]) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            came_to = act(ctx, db, staff, number)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(said(came_to), count=ctx.settings.campaigns.sign_above), "done")
    return redirect(url_for("desk.notice", number=number), 303)


@opened_to(Audience.DESK, *DESK_ROLES)
def ask(number: int) -> ResponseReturnValue:
    """Send it, or ask for the second signature."""
    return _do(number, massing.ask, lambda state: ASKED if state is State.SIGNING else GOES)


@opened_to(Audience.DESK, *DECIDERS)
def sign(number: int) -> ResponseReturnValue:
    """The second person lets it go."""
    return _do(number, massing.sign, lambda _: SIGNED)


@opened_to(Audience.DESK, *DESK_ROLES)
def stop(number: int) -> ResponseReturnValue:
    """For good."""
    return _do(number, massing.stop, lambda _: STOPPED)
