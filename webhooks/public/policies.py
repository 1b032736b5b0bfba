"""/policies/: what help there is, for whom, on what basis, how, how long and with which papers."""

from __future__ import annotations

import segno
from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from markupsafe import Markup

from bot.understand import understand
from models import schemework
from models.context import Context
from models.schemes import GROUPS, catalogue, search
from webhooks import schemesheets
from webhooks.access import Audience, context, opened_to, speech

# More of a question is neither read nor shown.
LONGEST_ASKED = 60


def init_app(app: Flask, limiter: Limiter, csrf: CSRFProtect) -> None:
    """Mount them. What is looked for is told of somebody's life: it stands in no address."""
    blueprint = Blueprint("policies", __name__, url_prefix="/policies", template_folder="templates")
    blueprint.add_url_rule("/", "home", home)
    rate = app.extensions["yimen"].settings.limits.search
    # It changes nothing, and carries no token.
    looking = csrf.exempt(limiter.limit(rate)(look))
    blueprint.add_url_rule("/", "look", looking, methods=["POST"])
    blueprint.add_url_rule("/<scheme>", "scheme", scheme)
    app.register_blueprint(blueprint)


def _area(ctx: Context) -> tuple[str, str | None]:
    """The county that is looked at, the first account's unless another is asked for; and what
    the links of the page carry of it."""
    own = ctx.settings.accounts[0].area
    asked = schemework.county_of(ctx, request.values.get("area", ""))
    return asked or schemework.county_of(ctx, own) or own, asked or None


@opened_to(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """Every scheme by the groups of the law."""
    return _page("")


@opened_to(Audience.PUBLIC)
def look() -> ResponseReturnValue:
    """The same page, with what fits the free words in `q` first."""
    return _page(" ".join(request.form.get("q", "").split())[:LONGEST_ASKED])


def _page(asked: str) -> str:
    t, whole = speech(), catalogue()
    found = search(asked, understand(asked).schemes) if asked else []
    groups = [
        (t(name), schemesheets.listed(t, whole.in_group(group))) for group, name in GROUPS.items()
    ]
    kinds = [
        (t(kind.name), t(kind.text), kind.source, [
            (id, t(whole.schemes[id].name)) for id in kind.schemes
        ])
        for kind in whole.kinds
    ]
    return render_template(
        "policies/home.html", asked=asked, found=schemesheets.listed(t, found), groups=groups,
        kinds=kinds, area=_area(context())[1],
    )


@opened_to(Audience.PUBLIC)
def scheme(scheme: str) -> ResponseReturnValue:
    """One scheme; printed, it is a sheet to hand out, with a QR to this page."""
    ctx, t = context(), speech()
    if scheme not in catalogue().schemes:
        abort(404)
    area, linked = _area(ctx)
    made = schemesheets.sheet(ctx, t, schemework.told(ctx, scheme, area), area)
    path = url_for("policies.scheme", scheme=scheme, area=linked)
    address = f"{ctx.settings.public_url.rstrip('/')}{path}"
    drawn = segno.make(address, micro=False, error="m").svg_inline(border=2, omitsize=True)
    return render_template(
        "policies/scheme.html", sheet=made, area=linked, today=ctx.today().isoformat(),
        code=Markup(drawn),  # noqa: S704  # segno's own drawing
    )
