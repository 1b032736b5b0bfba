"""The home page, and looking up a case by its receipt and the telephone's last four digits."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf import CSRFProtect

from bot.answers import tidy
from bot.wording import next_text, public_status, public_timeline
from models import casequeries
from models.areas import Level
from models.receipts import ReceiptKind, read_receipt
from models.settings import mark
from webhooks.access import Audience, context, opened_to, speech
from webhooks.public import sizes

blueprint = Blueprint("public", __name__, template_folder="templates")
blueprint.add_url_rule("/reading", "read", sizes.read, methods=["POST"])

MISTYPED = mark("这个编号有一位不对，请对着原来的消息再看一遍，比如 2611-483705-72。")
NOT_A_RECEIPT = mark("请填受理编号，12 位数字，比如 2611-483705-72。")
TAIL = mark("请填留过的电话的最后 4 位。")
UNKNOWN = mark("编号和电话对不上。请再看一遍；还不行，打镇上电话问。")


def init_app(app: Flask, limiter: Limiter, csrf: CSRFProtect) -> None:
    """Mount them; guessing receipts is slow."""
    csrf.exempt(sizes.read)
    app.register_blueprint(blueprint)
    rate = app.extensions["yimen"].settings.limits.track
    app.view_functions["public.tracked"] = limiter.limit(rate)(tracked)


@blueprint.get("/")
@opened_to(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """How to ask for help, how to follow it, whom to call."""
    ctx = context()
    account = ctx.settings.accounts[0]
    townships = ctx.directory.areas.within(account.area, Level.TOWNSHIP)
    return render_template("public/home.html", account=account, townships=townships)


@blueprint.get("/track")
@opened_to(Audience.PUBLIC)
def track() -> ResponseReturnValue:
    """The form."""
    receipt = request.args.get("receipt", "")
    return render_template("public/track.html", receipt=receipt, tail="", errors={})


@blueprint.post("/track")
@opened_to(Audience.PUBLIC)
def tracked() -> ResponseReturnValue:
    """What has happened to one case. Names, telephones and what was said are not shown."""
    ctx, t = context(), speech()
    receipt, tail = request.form.get("receipt", ""), tidy(request.form.get("tail", ""))
    reading = read_receipt(receipt)
    errors = {}
    if reading.kind is ReceiptKind.MISTYPED:
        errors["receipt"] = t(MISTYPED)
    elif reading.kind is ReceiptKind.NOT_A_RECEIPT:
        errors["receipt"] = t(NOT_A_RECEIPT)
    if not (tail.isdecimal() and len(tail) == 4):
        errors["tail"] = t(TAIL)
    page = {"receipt": receipt, "tail": tail, "errors": errors}
    if errors or reading.canonical is None:
        return render_template("public/track.html", **page), 400
    with ctx.db.read() as session:
        case = casequeries.by_receipt_and_tail(session, reading.canonical, tail)
        if case is None:
            page["errors"] = {"receipt": t(UNKNOWN)}
            return render_template("public/track.html", **page), 404
        return render_template(
            "public/tracked.html",
            case=case,
            status=public_status(t, case),
            next=next_text(ctx, t, case),
            lines=public_timeline(t, casequeries.timeline(session, case)),
        )
