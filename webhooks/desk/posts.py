"""Which villages an assistant looks after, and what that was before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import postwork
from models.context import Context
from models.people import Staff
from models.policy import StaffView
from models.postwork import Change
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to

KEPT = mark("改好了。新的村马上能办；不管了的村，没办完的交给村里别的协理员，没有别人的退回镇上。")
ADDED, ENDED = mark("加上{places}"), mark("不再管{places}")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule(
        "/staff/<int:number>/villages", "staff_villages", change, methods=["POST"]
    )


def part(
    ctx: Context, db: Session, t: Translate, staff: StaffView, member: Staff
) -> dict[str, Any] | None:
    """The part of an assistant's page; None for anyone else."""
    if member.role != Role.ASSISTANT:
        return None
    areas = ctx.directory.areas
    return {
        "all": [(one.code, areas.name(one.code)) for one in postwork.villages(ctx, staff)],
        "held": [post.area for post in postwork.posts_beside(db, staff, member)],
        "history": [_told(ctx, t, one) for one in postwork.history(db, staff, member)],
    }


def _told(ctx: Context, t: Translate, one: Change) -> dict[str, str]:
    said = [
        t(words, places=t(mark("、")).join(ctx.directory.areas.name(code) for code in codes))
        for words, codes in ((ADDED, one.added), (ENDED, one.ended)) if codes
    ]
    return {"when": t.moment(one.at), "who": one.by, "words": t(mark("，")).join(said)}


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def change(number: int) -> ResponseReturnValue:
    """These villages from now on."""
    ctx, t = access.context(), access.speech()
    try:
        with ctx.db.begin() as db:
            stays = postwork.set_villages(
                ctx, db, access.staff(), number, set(request.form.getlist("village"))
            ).id
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
        return redirect(url_for("desk.staff_member", number=number), 303)
    flash(t(KEPT), "done")
    return redirect(url_for("desk.staff_member", number=stays), 303)
