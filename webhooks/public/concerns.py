"""/concerns/: objecting to a row of a public list, complaining, and coming back to it.

No page asks who is there, and of whoever gives no name nothing is kept. Number and code stand in
no address, and are shown in the answer to the form alone.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import noticequeries, raising
from models.areas import Level
from models.concerns import (
    COMPLAINTS,
    KIND_NAMES,
    About,
    Kind,
)
from models.context import Context
from models.noticequeries import Head
from models.publishing import Row, Version
from models.raising import NAME_LIMIT, PHONE_LIMIT, Concerned
from models.settings import mark
from models.steps import MoveRefused
from webhooks import access, noticesheets, uploads
from webhooks.access import Audience, opened_to
from webhooks.public import concernpapers, following, notices
from webhooks.public.concernpages import once, page

NO_KIND = mark("请选是哪一种。")
NO_PLACE = mark("请选是哪里的。")
TO_TOWNSHIP, TO_COUNTY = "township", "county"


def init_app(app: Flask, limiter: Limiter) -> None:
    """Mount them; raising is limited in rate, and so is guessing a code."""
    limits = app.extensions["yimen"].settings.limits
    blueprint = Blueprint("concerns", __name__, url_prefix="/concerns", template_folder="templates")
    blueprint.add_url_rule("/", "home", home)
    blueprint.add_url_rule("/county", "county", county)
    blueprint.add_url_rule("/new/<about>", "new", new)
    blueprint.add_url_rule("/row/<int:number>/<int:line>", "row", row)
    blueprint.add_url_rule("/follow", "follow", following.follow)
    slow, guessed = limiter.limit(limits.concern), limiter.limit(limits.track)
    for path, name, view in (
        ("/new/<about>", "raised", slow(raised)),
        ("/row/<int:number>/<int:line>", "objected", slow(objected)),
        ("/follow", "followed", guessed(following.followed)),
        ("/more", "more", guessed(following.more)),
    ):
        blueprint.add_url_rule(path, name, view, methods=["POST"])
    blueprint.after_request(_unlisted)
    app.register_blueprint(blueprint)


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


@opened_to(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """Whose doing it is about: each leads to the office above, or out of the house."""
    return page("home")


@opened_to(Audience.PUBLIC)
def county() -> ResponseReturnValue:
    """What is about the county is not taken in here: who takes it in."""
    return page("county", line=access.context().settings.hotlines.get("discipline"))


@opened_to(Audience.PUBLIC)
def new(about: str) -> ResponseReturnValue:
    """The form of a complaint."""
    return _complaint(_about(about))


def _about(text: str) -> About:
    if text not in tuple(About):
        abort(404)
    return About(text)


def _complaint(about: About, refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, t, form = access.context(), access.speech(), request.form
    return _form(
        "complaint", refused, about=about, places=_places(ctx, about),
        kinds=[(kind, t(KIND_NAMES[kind])) for kind in COMPLAINTS],
        to=form.get("to", TO_TOWNSHIP),
    )


def _form(
    template: str, refused: MoveRefused | None, **more: Any
) -> ResponseReturnValue:
    t, form = access.speech(), request.form
    made = page(
        template, typed=form, once=once(), problem=t(refused.reason) if refused else "",
        field=refused.field if refused else "", limit=raising.WORDS_LIMIT, **more,
    )
    return (made, 422) if refused else made


def _places(ctx: Context, about: About) -> list[tuple[str, str]]:
    areas = ctx.directory.areas
    county = areas.at(ctx.settings.accounts[0].area, Level.COUNTY)
    townships = areas.within(county.code, Level.TOWNSHIP) if county else ()
    if about is About.TOWNSHIP:
        return [(one.code, one.name) for one in townships]
    return [
        (village.code, areas.name(village.code, " "))
        for one in townships for village in areas.within(one.code, Level.VILLAGE)
    ]


@opened_to(Audience.PUBLIC)
@uploads.with_photos
def raised(about: str) -> ResponseReturnValue:
    """A complaint is taken in."""
    whose = _about(about)
    form, ctx = request.form, access.context()
    kind, area = form.get("kind", ""), form.get("area", "")
    if kind not in COMPLAINTS:
        return _complaint(whose, MoveRefused(NO_KIND, "kind"))
    if area not in dict(_places(ctx, whose)):
        return _complaint(whose, MoveRefused(NO_PLACE, "area"))
    said = Concerned(
        kind=Kind(kind), about=whose, area=area, words=form.get("words", ""), once=once(),
        county=form.get("to") == TO_COUNTY, who=_who(),
    )
    return _take(said, lambda refused: _complaint(whose, refused))


def _who() -> dict[str, str]:
    form = request.form
    if form.get("named") != "yes":
        return {}
    limits = {"name": NAME_LIMIT, "phone": PHONE_LIMIT}
    return {key: form.get(key, "").strip()[:most] for key, most in limits.items()}


def _take(said: Concerned, again: Any) -> ResponseReturnValue:
    """Take it in, and show its number and code this once."""
    ctx, t = access.context(), access.speech()
    try:
        papers = concernpapers.stored(ctx, t)
        with uploads.or_forgotten(ctx, papers), ctx.db.begin() as db:
            made = raising.raise_(ctx, db, said, len(papers))
            if not made.again:
                concernpapers.attach(ctx, db, made.concern, papers)
            number, code, due = made.number, made.code, made.concern.due_on
            office = ctx.directory.areas.name(made.concern.office)
    except MoveRefused as refused:
        answer: ResponseReturnValue = again(refused)
        return answer
    if made.again:
        uploads.forget(ctx, papers)
    return page("raised", number=number, code=code, due=due, office=office, named=bool(said.who))


@opened_to(Audience.PUBLIC)
def row(number: int, line: int) -> ResponseReturnValue:
    """The form of an objection: which row it is stands above."""
    ctx = access.context()
    with ctx.db.read() as db:
        return _objection(ctx, db, *_row(ctx, db, number, line))


def _row(ctx: Context, db: Session, number: int, line: int) -> tuple[Head, Row]:
    """A row that this visitor may see as it hangs; every other one is a 404."""
    head = noticequeries.head(db, number)
    if head is None:
        abort(404)
    found = db.scalars(select(Row).where(
        Row.version_id == head.id, Row.line == line, Row.shown.is_not(None)
    )).one_or_none()
    if found is None or not notices.is_visible(ctx, db, head, found.village or head.area):
        abort(404)
    return head, found


def _objection(
    ctx: Context, db: Session, head: Head, found: Row, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    t, version = access.speech(), db.get_one(Version, head.id)
    village = found.village or head.area
    sheet = noticesheets.sheet(ctx, t, version, village)
    office = ctx.directory.areas.at(head.area, Level.COUNTY)
    return _form(
        "objection", refused, version=version, sheet=sheet, village=village,
        one=noticesheets.lines([found], sheet.columns)[0], key=request.values.get("b", "")[:40],
        office=office.name if office else "",
    )


@opened_to(Audience.PUBLIC)
@uploads.with_photos
def objected(number: int, line: int) -> ResponseReturnValue:
    """An objection to one row is taken in."""
    ctx, form = access.context(), request.form
    with ctx.db.read() as db:
        head, found = _row(ctx, db, number, line)
        said = Concerned(
            kind=Kind.ROW, about=About.TOWNSHIP, area=found.village or head.area,
            words=form.get("words", ""), once=once(), version_id=head.id, line=line, who=_who(),
        )

    def again(refused: MoveRefused) -> ResponseReturnValue:
        with ctx.db.read() as db:
            return _objection(ctx, db, *_row(ctx, db, number, line), refused)

    return _take(said, again)
