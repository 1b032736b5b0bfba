"""/notices/: what every village can look up, open where the local rule opens it.

Everyone sees that a list exists, its figures, how long it hangs, its hash and whom to tell that
something is wrong. Its rows are for whom the rule `notices.audience` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from models import noticequeries
from models.areas import Level, Place, covers
from models.context import Context
from models.noticequeries import Head
from models.publishing import State, Version
from models.sealing import grouped, read_short
from models.settings import mark
from notices.figurewords import figures_said
from notices.suppressing import figures
from webhooks import access, noticesheets, reading
from webhooks.access import Audience, opened_to
from webhooks.public import figures as figures_pages
from webhooks.public import kept

LONGEST_NAME = 20
LONGEST_ASKED = 200
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
    figures_pages.add_routes(blueprint)
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
        # A county has too many to list: they are counted.
        live = noticequeries.live_in(session, here.code) if here.level != Level.COUNTY else ()
        return render_template(
            "notices/home.html", here=here, above=areas.get(here.parent),
            below=_below(ctx, here, noticequeries.counts(session, here.code), live),
            visitor=None, lists=[_listed(ctx, version, here.code) for version in live],
            complain=noticesheets.complain(t, areas, here.code),
        )


def _below(
    ctx: Context, here: Place, counts: Mapping[str, int], live: Sequence[Version]
) -> list[tuple[Place, int]]:
    """The places below, each with how many lists hang there: its own, and those of the township
    that have rows of it."""
    found = []
    for place in ctx.directory.areas.children(here.code):
        own = sum(count for code, count in counts.items() if covers(place.code, code))
        shared = sum(
            place.code in one.figures and one.notice.area == here.code for one in live
        )
        found.append((place, own + shared))
    return found


def _listed(ctx: Context, version: Version, here: str) -> dict[str, Any]:
    """A list in a line; of a township's, a village is told its own figures."""
    t = access.speech()
    total, own = figures(version.figures)
    return {
        "id": version.notice_id, "title": version.title, "number": version.number,
        "figures": figures_said(t, own.get(here, total)),
        "period": noticesheets.period(ctx, t, version),
        "place": ctx.directory.areas.name(version.notice.area),
    }


@opened_to(Audience.PUBLIC)
def notice(number: int, version: int | None = None) -> ResponseReturnValue:
    """A list as it hangs now, or one of its versions."""
    ctx, pages = access.context(), _pages()
    changes, asked = ctx.directory.changes, _asked()
    found = pages.recent(asked, changes) if asked else None
    if found is not None:
        return kept.send(found.page, shared=found.shared)
    with ctx.db.read() as session:
        head = _head(session, number, version)
        village = _village(session, head)
        may = village is not None and is_visible(ctx, session, head, village)
        page, shared = _kept(ctx, session, head, village, may=may)
    if asked:
        pages.again(asked, page, changes, shared=shared)
    return kept.send(page, shared=shared)


def _asked() -> tuple[str, ...] | None:
    """All that an answer to a stranger depends on, besides what is published; None for others."""
    if access.visitor() is not None:
        return None
    said, read = request.environ, reading.chosen()
    asked = request.path, said.get("QUERY_STRING", ""), said.get("HTTP_ACCEPT_LANGUAGE", ""), \
        read.size, read.locale
    return asked if max(map(len, asked)) <= LONGEST_ASKED else None


def _head(session: Session, number: int, version: int | None = None) -> Head:
    found = noticequeries.head(session, number, version)
    if found is None:
        abort(404)
    return found


def _pages() -> kept.Pages:
    pages: kept.Pages = current_app.extensions["yimen_pages"]
    return pages


def _village(session: Session, head: Head) -> str | None:
    """Whose rows are asked for; None where a list of several villages lets one choose."""
    there = _pages().places(
        head.id, lambda: tuple(session.get_one(Version, head.id).figures) or (head.area,)
    )
    asked = request.values.get("village", "")
    if asked and asked not in there:
        abort(404)
    return asked or (there[0] if len(there) == 1 else None)


def is_visible(ctx: Context, session: Session, head: Head, village: str) -> bool:
    """Whether this visitor may see one village's rows of a list, now."""
    seen = access.visitor()
    return head.state == State.LIVE and noticequeries.may_see(
        ctx, session, head.list, village,
        person_id=seen.person_id if seen else None, account=seen.account if seen else "",
        staff=seen.staff if seen else None, key=request.values.get("b", "")[:40],
    )


def _kept(
    ctx: Context, session: Session, head: Head, village: str | None, *, may: bool
) -> tuple[kept.Page, bool]:
    """The page, and whether it is the same for everyone."""
    t, key = access.speech(), request.args.get("b", "")[:40] if may else ""
    rule = noticequeries.audience(ctx, village or head.area)
    complain = noticesheets.complain(t, ctx.directory.areas, head.area)
    size = access.size()
    page = _pages().get(
        (head.id, head.later_hash, village, may, key, t.locale, size, ctx.today(), rule, complain),
        lambda: _page(
            ctx, session, session.get_one(Version, head.id), village, may=may, key=key, size=size
        ),
    )
    # Shared by who asked for nothing of their own.
    return page, may and rule.is_open and reading.chosen() == reading.Reading()


def _page(
    ctx: Context, session: Session, version: Version, village: str | None, *, may: bool,
    key: str = "", size: str = "", **more: Any,
) -> str:
    """The page of one village's rows, or of the choice between villages."""
    t, areas = access.speech(), ctx.directory.areas
    sheet = noticesheets.sheet(ctx, t, version, village or version.notice.area)
    rows = noticequeries.rows(session, version.id, village) if may and "found" not in more else ()
    template = "notices/over.html" if version.state != State.LIVE else "notices/notice.html"
    _, own = figures(version.figures)
    places = [] if village else [
        (code, areas.name(code), figures_said(t, one)) for code, one in own.items()
    ]
    return render_template(
        template, sheet=sheet, version=version, may=may, key=key, places=places,
        # Of whoever looks nothing stands on a page that is kept, but how large they read.
        visitor=None, size=size,
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
        head = _head(session, number)
        village = _village(session, head)
        if village is None or not is_visible(ctx, session, head, village):
            abort(404)
        version = session.get_one(Version, head.id)
        rows = (
            noticequeries.search(ctx, session, version.id, village, beginning) if beginning else []
        )
        sheet = noticesheets.sheet(ctx, t, version, village)
        return _page(
            ctx, session, version, village, may=True, key=request.form.get("b", "")[:40],
            size=access.size(),
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
