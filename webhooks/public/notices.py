"""/notices/: what every village can look up, open where the local rule opens it.

Everyone sees that a list exists, its figures, how long it hangs, its hash and whom to tell that
something is wrong. Its rows are for whom the rule `notices.audience` says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from models import noticequeries
from models.areas import Level, Place, covers
from models.context import Context
from models.publishing import State, Version
from models.sealing import grouped, read_short
from models.settings import mark
from notices.suppressing import figures
from webhooks import access, noticesheets
from webhooks.access import Audience, opened_to
from webhooks.public import kept

LONGEST_NAME = 20
NOT_A_HASH = mark("校验码是 10 位，数字和字母 a 到 f，比如 3f2a9-1bc07。请对着纸再看一遍。")
WRITE_A_NAME = mark("请写名字开头的一两个字，照名单上的写法。")


def init_app(app: Flask, limiter: Limiter, csrf: CSRFProtect) -> None:
    """Mount them. Looking for a name changes nothing and carries no token: the page is kept."""
    blueprint = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")
    app.extensions["yimen_pages"] = kept.Pages()
    rate = app.extensions["yimen"].settings.limits.search
    blueprint.add_url_rule("/", "home", home)
    blueprint.add_url_rule("/verify", "verify", limiter.limit(rate)(verify))
    blueprint.add_url_rule("/<int:number>", "notice", notice)
    blueprint.add_url_rule("/<int:number>/v<int:version>", "version", notice)
    looking = csrf.exempt(limiter.limit(rate)(find))
    blueprint.add_url_rule("/<int:number>", "find", looking, methods=["POST"])
    blueprint.after_request(_unlisted)
    app.register_blueprint(blueprint)


def _unlisted(response: Response) -> Response:
    """No search engine keeps a page of people."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@opened_to(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """By place: the county's townships, a township's lists and villages, a village's lists."""
    ctx, t = access.context(), access.speech()
    areas, code = ctx.directory.areas, request.args.get("area", "")
    here = areas.get(code)
    if code and here is None:
        abort(404)
    if here is None or here.level == Level.COUNTY:
        here = areas.at(ctx.settings.accounts[0].area, Level.COUNTY) if here is None else here
    if here is None:
        abort(404)
    with ctx.db.read() as session:
        live = noticequeries.live_in(session, here.code)
        return render_template(
            "notices/home.html", here=here, above=areas.get(here.parent),
            below=_below(ctx, here, live), visitor=None,
            lists=[_listed(ctx, version) for version in live] if here.level != Level.COUNTY else [],
            complain=noticesheets.complain(t, areas, here.code),
        )


def _below(ctx: Context, here: Place, live: Any) -> list[tuple[Place, int]]:
    """The places below, each with how many lists hang there."""
    counts: dict[str, int] = defaultdict(int)
    for place in ctx.directory.areas.children(here.code):
        for version in live:
            own = covers(place.code, version.notice.area)
            counts[place.code] += own or place.code in version.figures
    return [(place, counts[place.code]) for place in ctx.directory.areas.children(here.code)]


def _listed(ctx: Context, version: Version) -> dict[str, Any]:
    t = access.speech()
    total, _ = figures(version.figures)
    return {
        "id": version.notice_id, "title": version.title, "number": version.number,
        "figures": noticesheets.figures_said(t, total),
        "period": noticesheets.period(ctx, t, version),
        "place": ctx.directory.areas.name(version.notice.area),
    }


@opened_to(Audience.PUBLIC)
def notice(number: int, version: int | None = None) -> ResponseReturnValue:
    """A list as it hangs now, or one of its versions."""
    ctx = access.context()
    with ctx.db.read() as session:
        found = _found(session, number, version)
        village = _village(found)
        may = village is not None and _may(ctx, session, found, village)
        return _send(ctx, session, found, village, may=may)


def _found(session: Session, number: int, version: int | None) -> Version:
    found = (
        noticequeries.shown(session, number) if version is None
        else noticequeries.numbered(session, number, version)
    )
    if found is None:
        abort(404)
    return found


def _village(version: Version) -> str | None:
    """Whose rows are asked for; None where a list of several villages lets one choose."""
    there = list(version.figures) or [version.notice.area]
    asked = request.values.get("village", "")
    if asked and asked not in there:
        abort(404)
    return asked or (there[0] if len(there) == 1 else None)


def _may(ctx: Context, session: Session, version: Version, village: str) -> bool:
    seen = access.visitor()
    return version.state == State.LIVE and noticequeries.may_see(
        ctx, session, version, village,
        person_id=seen.person_id if seen else None, account=seen.account if seen else "",
        staff=seen.staff if seen else None, key=request.values.get("b", "")[:40],
    )


def _send(
    ctx: Context, session: Session, version: Version, village: str | None, *, may: bool
) -> Response:
    t, key = access.speech(), request.args.get("b", "")[:40] if may else ""
    sheet = noticesheets.sheet(ctx, t, version, village or version.notice.area)
    big = bool((seen := access.visitor()) and seen.big_type)
    pages: kept.Pages = current_app.extensions["yimen_pages"]
    page = pages.get(
        (version.id, version.later_hash, village, may, key, t.locale, big, ctx.today(),
         sheet.audience, sheet.complain),
        lambda: _page(ctx, session, version, village, may=may, key=key, big=big),
    )
    return kept.send(page, shared=may and sheet.audience.is_open)


def _page(
    ctx: Context, session: Session, version: Version, village: str | None, *, may: bool,
    key: str = "", big: bool = False, **more: Any,
) -> str:
    """The page of one village's rows, or of the choice between villages."""
    t, areas = access.speech(), ctx.directory.areas
    sheet = noticesheets.sheet(ctx, t, version, village or version.notice.area)
    rows = noticequeries.rows(session, version.id, village) if may and "found" not in more else ()
    template = "notices/over.html" if version.state != State.LIVE else "notices/notice.html"
    _, own = figures(version.figures)
    places = [] if village else [
        (code, areas.name(code), noticesheets.figures_said(t, one)) for code, one in own.items()
    ]
    return render_template(
        template, sheet=sheet, version=version, may=may, key=key, places=places,
        # Of whoever looks nothing stands on a page that is kept, but how large they read.
        visitor={"big_type": True} if big else None,
        village=village, several=len(own) > 1, scheme=noticesheets.scheme(t, version),
        lines=noticesheets.lines(rows, sheet.columns),
        others=noticequeries.versions(session, version.notice_id),
        own_page=url_for("notices.notice", number=version.notice_id, village=village), **more,
    )


@opened_to(Audience.PUBLIC)
def find(number: int) -> ResponseReturnValue:
    """Rows of one village by the beginning of the name; a name stands in no address."""
    ctx, t = access.context(), access.speech()
    beginning = request.form.get("q", "").strip()[:LONGEST_NAME]
    with ctx.db.read() as session:
        version = _found(session, number, None)
        village = _village(version)
        if village is None or not _may(ctx, session, version, village):
            abort(404)
        rows = (
            noticequeries.search(ctx, session, version.id, village, beginning) if beginning else []
        )
        sheet = noticesheets.sheet(ctx, t, version, village)
        return _page(
            ctx, session, version, village, may=True, key=request.form.get("b", "")[:40],
            found=noticesheets.lines(rows, sheet.columns), typed=beginning,
            problem="" if beginning else t(WRITE_A_NAME),
        )


@opened_to(Audience.PUBLIC)
def verify() -> ResponseReturnValue:
    """Whether a printed hash is one of ours, of which list and version, and whether it holds."""
    ctx, t = access.context(), access.speech()
    typed = request.args.get("h", "")[:60]
    short = read_short(typed)
    found: list[dict[str, Any]] = []
    if short:
        with ctx.db.read() as session:
            for version in noticequeries.by_short(session, short):
                sheet = noticesheets.sheet(ctx, t, version, version.notice.area)
                found.append({
                    "sheet": sheet, "live": version.state == State.LIVE, "title": version.title,
                    "number": version.number, "list": version.notice_id,
                    "over": t.moment(version.over_at) if version.over_at else "",
                    "reason": version.over_reason,
                })
    problem = t(NOT_A_HASH) if typed and not short else ""
    page = render_template(
        "notices/verify.html", typed=grouped(short) if short else typed, asked=bool(short),
        found=found, problem=problem, visitor=None,
        complain=noticesheets.complain(t, ctx.directory.areas, ctx.settings.accounts[0].area),
    )
    return (page, 400) if problem else page
