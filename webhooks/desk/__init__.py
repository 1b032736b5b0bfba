"""The desk: pages of township and county staff. One file a room."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_limiter import Limiter

from models.context import Context
from webhooks.desk import (
    aftercare,
    alarms,
    calendar,
    campaigns,
    case,
    clocks,
    concerns,
    departments,
    doors,
    errands,
    explaining,
    exports,
    figures,
    hearings,
    household,
    identity,
    items,
    jobs,
    kin,
    kinpages,
    liaison,
    means,
    merging,
    moves,
    navigated,
    noticepages,
    notices,
    papers,
    payments,
    posts,
    proposing,
    pushes,
    queue,
    rechecks,
    referring,
    register,
    renewing,
    rooms,
    rules,
    schemes,
    search,
    sign_in,
    spotchecks,
    staff,
    tasks,
    taskviews,
    unheard,
    villages,
    wordings,
)


def init_app(app: Flask, limiter: Limiter) -> None:
    """Register every room of the desk."""
    ctx: Context = app.extensions["yimen"]
    desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
    sign_in.add_routes(desk, limiter.limit(ctx.settings.limits.sign_in))
    queue.add_routes(desk)
    search.add_routes(desk)
    exports.add_routes(desk)
    payments.add_routes(desk)
    figures.add_routes(desk)
    case.add_routes(desk)
    merging.add_routes(desk)
    moves.add_routes(desk)
    papers.add_routes(desk)
    identity.add_routes(desk)
    for after in (hearings, rechecks, explaining, register, spotchecks):
        after.add_routes(desk)
    clocks.add_routes(desk)
    calendar.add_routes(desk)
    referring.add_routes(desk)
    liaison.add_routes(desk)
    departments.add_routes(desk)
    staff.add_routes(desk)
    posts.add_routes(desk)
    villages.add_routes(desk)
    rules.add_routes(desk)
    wordings.add_routes(desk)
    schemes.add_routes(desk)
    unheard.add_routes(desk)
    notices.add_routes(desk)
    campaigns.add_routes(desk)
    renewing.add_routes(desk)
    proposing.add_routes(desk)
    noticepages.add_routes(desk)
    concerns.add_routes(desk)
    tasks.add_routes(desk)
    items.add_routes(desk)
    alarms.add_routes(desk)
    household.add_routes(desk)
    errands.add_routes(desk)
    kin.add_routes(desk)
    kinpages.add_routes(desk)
    jobs.add_routes(desk)
    pushes.add_routes(desk)
    doors.add_routes(desk)
    desk.context_processor(rooms.open_rooms)
    # In this order on a case's page.
    case.SECTIONS[:] = [
        alarms.section, household.section, kin.section, merging.section, taskviews.section,
        items.section, errands.section, aftercare.section, clocks.section, referring.section,
        means.section, navigated.section,
    ]
    app.register_blueprint(desk)
