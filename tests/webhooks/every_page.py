"""Every page that somebody can open, as (who, path), in the county of `route_county`.

What stands in `route_table` and answers a GET is here, or in `NO_PAGE` with the reason.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from models import noticedrafts, noticequeries, noticesigning
from models.paths import PATHS
from models.people import WebSession
from models.publishing import State, Version
from tests.webhooks.desk.lists import drafted_list
from tests.webhooks.desk.world import DAWAN_VILLAGE
from tests.webhooks.route_county import OWN, RouteCounty, build
from tests.webhooks.route_table import DESK, NAMED, OTHERS, SAID, Line

VARIABLE = re.compile(r"<(?:int:|path:)?(\w+)>")
# Nothing to look at: data, files, what a script asks for, a way on to somewhere else.
NO_PAGE = {
    "GET /MP_verify_<name>.txt", "GET /desk/sign-in/qr.png", "GET /desk/sign-in/state",
    "GET /healthz", "GET /metrics", "GET /readyz", "GET /static/<path:filename>",
    "GET /wechat/<slug>", "GET /m/sw.js", "GET /m/ask", "GET /m/discover/drafts",
    "GET /m/discover/token", "GET /notices/figures.csv", "GET /notices/figures.json",
    "GET /m/enter", "GET /m/entered", "GET /m/found", "GET /m/notices/<int:number>/<village>",
    "GET /desk/figures/report.xlsx", "GET /desk/papers/<int:attachment_id>",
    "GET /desk/referrals/<int:number>/papers/<int:attachment_id>",
    "GET /desk/concerns/<int:concern_id>/papers/<int:attachment_id>",
    "GET /desk/notices/<int:number>/paper.pdf",
    "GET /desk/notices/<int:number>/certificate.pdf",
}
# Others than the desk's, by who opens them; {names} are of `things`.
ELSEWHERE = {
    "stranger": {
        "GET /": ("/",), "GET /track": ("/track",),
        "GET /concerns/": ("/concerns/",), "GET /concerns/county": ("/concerns/county",),
        "GET /concerns/follow": ("/concerns/follow",),
        "GET /concerns/new/<about>": ("/concerns/new/village", "/concerns/new/township"),
        "GET /concerns/row/<int:number>/<int:line>": ("/concerns/row/{public}/1?b={board}",),
        "GET /desk/sign-in": ("/desk/sign-in",),
        "GET /find-help/": ("/find-help/",),
        "GET /m/link/<token>": ("/m/link/abc", "/m/link/abc?to=browser"),
        "GET /policies/": ("/policies/",),
        "GET /policies/<scheme>": tuple(f"/policies/{scheme}" for scheme in PATHS),
        "GET /notices/": ("/notices/", f"/notices/?area={DAWAN_VILLAGE}"),
        "GET /notices/<int:number>": ("/notices/{public}", "/notices/{public}?b={board}"),
        "GET /notices/<int:number>/v<int:version>": ("/notices/{public}/v1",),
        "GET /notices/figures": ("/notices/figures",),
        "GET /notices/verify": ("/notices/verify", "/notices/verify?h={short}"),
    },
    "resident": {
        "GET /m/": ("/m/",), "GET /m/apply": ("/m/apply", "/m/apply?for=other"),
        "GET /m/cases/<receipt>": ("/m/cases/{helped}", "/m/cases/{registered}"),
        "GET /m/settings": ("/m/settings",), "GET /m/told/<receipt>": ("/m/told/{helped}",),
        "GET /m/told/<receipt>/stop": ("/m/told/{helped}/stop",),
    },
    "assistant": {
        "GET /m/discover": ("/m/discover",), "GET /m/village/": ("/m/village/",),
        "GET /m/village/kept": ("/m/village/kept",),
        "GET /m/village/board/<int:number>": (
            f"/m/village/board/{{public}}?village={DAWAN_VILLAGE}&b={{board}}",
        ),
        "GET /m/village/visits/<receipt>": ("/m/village/visits/{urgent}",),
    },
}
# Of the desk, what `route_table` has in no state in which it is a page.
MORE = {
    "GET /desk/notices/<int:number>/certificate": ("OHC", "/desk/notices/{ended}/certificate"),
}


def path_of(county: RouteCounty, address: str, line: Line) -> str:
    """An address of the desk with what it names filled in."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return SAID.get(name) or county.things[line.names.get(name) or NAMED[name]]

    return VARIABLE.sub(value, address.partition(" ")[2])


def addresses() -> list[str]:
    """Every address that is a page, as `route_table` writes it."""
    return [one for one in (*DESK, *OTHERS) if one.startswith("GET ") and one not in NO_PAGE]


def opened(county: RouteCounty, address: str) -> list[tuple[str, str]]:
    """Who opens it, and at which path: on the desk each role that gets a page of it."""
    if address in DESK:
        line = DESK[address]
        path = path_of(county, address, line)
        found = [(OWN[role], path) for role in line.roles if line.expected(role) == 200]
        roles, more = MORE.get(address, ("", ""))
        return found + [(OWN[role], more.format_map(county.things)) for role in roles]
    return [
        (who, path.format_map(county.things))
        for who, pages in ELSEWHERE.items() for path in pages.get(address, ())
    ]


def with_all(folder: Path, **settings: Any) -> RouteCounty:
    """The county of the routes, with a public list, and an assistant who is signed in."""
    made = build(folder, **settings)
    world, now = made.world, made.ctx.now()
    public, ended = _signed(made, "tekun"), _signed(made, "temporary")
    with made.ctx.db.begin() as db:
        version = db.get_one(Version, public)
        made.things["public"], made.things["short"] = str(version.notice_id), version.short or ""
        over = db.get_one(Version, ended)
        # As one that hangs its days, and has.
        over.notice.kind, over.last_day = "proposed", over.first_day
        noticesigning.end(made.ctx, over, State.ENDED, "")
        made.things["ended"] = str(ended)
    made.things["board"] = noticequeries.board_key(
        made.ctx, int(made.things["public"]), DAWAN_VILLAGE
    )
    token = secrets.token_urlsafe(8)
    with made.ctx.db.begin() as db:
        db.add(WebSession(
            token_key=made.ctx.keys.lookup("session", token), account="yunling", way="link",
            person_id=world.staff["helper"].person_id, created_at=now,
            expires_at=now + timedelta(days=1),
        ))
    browser = world.browser()
    with browser.client.session_transaction() as session:
        session["token"] = token
    browser.get("/m/village/")
    cookie = browser.client.get_cookie(world.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    made.cookies["assistant"] = (cookie.value, browser.token)
    made.keep()
    return made


def _signed(made: RouteCounty, scheme: str) -> int:
    """The number of a version that hangs."""
    number, staff = drafted_list(made.world, scheme), made.world.staff
    with made.ctx.db.begin() as db:
        noticedrafts.ask(made.ctx, db, staff["li"], number, None)
    with made.ctx.db.begin() as db:
        return noticesigning.sign(made.ctx, db, staff["chen"], number).id
