"""Who may open what: every route declares its audience, and nothing else lets anyone in.

A browser carries one cookie with a random token; the row it names (`WebSession`) says who
that is, so that ending the row ends the session at once everywhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import assistants, wishes
from models.context import Context
from models.people import Person, WebSession, view_of
from models.policy import StaffView
from models.settings import Translate
from models.statuses import DESK_ROLES, Role
from webhooks import reading
from webhooks.i18n import negotiate

View = TypeVar("View", bound=Callable[..., Any])
SESSION_DAYS = 30
STAFF_SESSION_HOURS = 12
# What /find-help leaves in the browser for the application, sealed (webhooks/public/finding.py).
CARRIED = "found"


class Audience(StrEnum):
    """Who a route is for."""

    PUBLIC = "public"
    RESIDENT = "resident"
    ASSISTANT = "assistant"
    DESK = "desk"
    PLATFORM = "platform"
    OPERATION = "operation"


@dataclass(frozen=True)
class Declared:
    """What a route says of itself."""

    audience: Audience
    roles: frozenset[Role]


@dataclass(frozen=True)
class Visitor:
    """The person behind a request."""

    session_id: int
    person_id: int | None
    account: str
    staff: StaffView | None
    locale: str = ""
    big_type: bool = False


def opened_to(audience: Audience, *roles: Role) -> Callable[[View], View]:
    """Declare a view's audience (and, on the desk, its roles). A route without one is refused."""

    def declare(view: View) -> View:
        view.declared = Declared(audience, frozenset(roles))  # type: ignore[attr-defined]
        return view

    return declare


def declared_by(app: Flask, endpoint: str) -> Declared | None:
    """What the view of this endpoint declares, or None."""
    found: Declared | None = getattr(app.view_functions[endpoint], "declared", None)
    if found is None and endpoint.split(".")[-1] == "static":
        return Declared(Audience.PUBLIC, frozenset())
    return found


def context() -> Context:
    """The service's context, in a request."""
    ctx: Context = current_app.extensions["yimen"]
    return ctx


def visitor() -> Visitor | None:
    """Who this request comes from, or None."""
    found: Visitor | None = g.get("visitor")
    return found


def staff() -> StaffView:
    """The signed-in member of staff; only on routes of the desk."""
    found = visitor()
    assert found is not None
    assert found.staff is not None
    return found.staff


def person_id() -> int:
    """The signed-in person; only on routes of residents."""
    found = visitor()
    assert found is not None
    assert found.person_id is not None
    return found.person_id


def speech() -> Translate:
    """The language of this request: the person's own, else the browser's, else the service's."""
    if "speech" not in g:
        seen = visitor()
        wanted = [tag for tag, _ in request.accept_languages]
        own = (seen.locale if seen else "") or reading.chosen().locale
        g.speech = context().speak(own or negotiate(wanted, context().settings.languages))
    found: Translate = g.speech
    return found


def size() -> str:
    """How large this request's page is: one of `reading.SIZES`. Who is signed in has it as they
    chose it, on a page or in chat; whoever is not, as this browser keeps it."""
    seen, kept = visitor(), reading.chosen().size
    if seen is None or seen.person_id is None:
        return kept
    if not seen.big_type:
        return reading.PLAIN
    return kept if kept == reading.HUGE else reading.BIG


def init_app(app: Flask) -> None:
    """Put the gate before every request."""
    app.before_request(_let_in)


def _let_in() -> ResponseReturnValue | None:
    if request.endpoint is None:
        # Nothing is here; the page that says so still speaks the visitor's language.
        g.visitor = _recognise()
        return None
    declared = declared_by(current_app, request.endpoint)
    if declared is None:
        abort(404)
    if declared.audience in (Audience.PLATFORM, Audience.OPERATION):
        return None
    if request.endpoint.endswith("static"):
        return None
    g.visitor = _recognise()
    if declared.audience is Audience.PUBLIC:
        return None
    if declared.audience is Audience.DESK:
        if g.visitor is None or g.visitor.staff is None or not g.visitor.staff.is_desk:
            return _to_sign_in("desk.sign_in")
        if g.visitor.staff.role not in (declared.roles or DESK_ROLES):
            return _elsewhere(g.visitor.staff)
        return None
    if g.visitor is None or g.visitor.person_id is None:
        return _to_sign_in("resident.enter")
    if declared.audience is Audience.ASSISTANT and not villages():
        abort(404)
    return None


def villages() -> tuple[str, ...]:
    """The villages whose assistant the person is now; asked anew with every request."""
    if "villages" not in g:
        with context().db.read() as db:
            g.villages = tuple(post.area for post in assistants.posts_of(db, person_id()))
    found: tuple[str, ...] = g.villages
    return found


def _elsewhere(staff: StaffView) -> ResponseReturnValue:
    """A room that is not theirs does not exist; only the front door leads a liaison on."""
    if staff.role is Role.DEPARTMENT and request.endpoint == "desk.queue":
        return redirect(url_for("desk.referrals"))
    return abort(404)


def _to_sign_in(endpoint: str) -> ResponseReturnValue:
    # A script that asks for JSON cannot go through WeChat's pages.
    if request.method != "GET" or request.accept_mimetypes.best == "application/json":
        abort(401)
    return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))


def _recognise() -> Visitor | None:
    token = session.get("token")
    if not token:
        return None
    ctx = context()
    with ctx.db.read() as db:
        row = db.execute(
            select(WebSession, Person.locale, Person.big_type)
            .outerjoin(Person, Person.id == WebSession.person_id)
            .where(WebSession.token_key == ctx.keys.lookup("session", token))
        ).one_or_none()
        if row is None:
            return None
        found: WebSession = row[0]
        if found.ended_at is not None or found.expires_at <= ctx.now():
            return None
        member = found.staff
        return Visitor(
            found.id, found.person_id, found.account,
            view_of(member) if member is not None and member.left_at is None else None,
            row[1] or "", bool(row[2]),
        )


def start_session(
    db: Session, *, person_id: int | None, staff_id: int | None, account: str, way: str
) -> None:
    """Let this browser in as someone; whoever it was before is signed out."""
    ctx = context()
    now = ctx.now()
    end_session(db)
    token = secrets.token_urlsafe(32)
    length = timedelta(hours=STAFF_SESSION_HOURS) if staff_id else timedelta(days=SESSION_DAYS)
    db.add(
        WebSession(
            token_key=ctx.keys.lookup("session", token), person_id=person_id, staff_id=staff_id,
            account=account, way=way, created_at=now, expires_at=now + length,
        )
    )
    # What was just answered at /find-help goes along: who comes in has come to report it.
    carried = {key: session[key] for key in (CARRIED,) if key in session}
    if person_id:
        _carry_over(db, person_id)
    session.clear()
    session.update(carried)
    session["token"] = token
    session.permanent = True


def _carry_over(db: Session, person_id: int) -> None:
    """What was chosen before signing in goes along, where the person never chose."""
    kept, person = reading.chosen(), db.get_one(Person, person_id)
    wished: dict[str, Any] = {}
    if kept.size and not person.big_type:
        wished["big_type"] = True
    if kept.locale and not person.locale:
        wished["locale"] = kept.locale
    if wished:
        wishes.change(context(), db, person_id, "page", **wished)


def end_session(db: Session) -> None:
    """Sign this browser out."""
    token = session.pop("token", None)
    if token:
        ctx = context()
        db.execute(
            update(WebSession)
            .where(WebSession.token_key == ctx.keys.lookup("session", token))
            .values(ended_at=ctx.now())
        )


def safe_next(target: str | None, fallback: str) -> str:
    """A path of this site to go on to, never another site's address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc or "\\" in target else target


def listed(app: Flask) -> list[dict[str, Any]]:
    """Every route as `yimen routes --json` prints it."""
    rows = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        declared = declared_by(app, rule.endpoint)
        rows.append(
            {
                "path": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "audience": str(declared.audience) if declared else None,
                "roles": sorted(declared.roles) if declared else [],
            }
        )
    return rows
