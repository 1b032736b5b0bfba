"""Whether WeChat may tell of the next step: asked on a case's page, by WeChat's own tag.

The page only asks; what was said comes by the platform's event (`notices/subscribed.py`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, abort, after_this_request, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import grants
from models.accounts import Account
from models.cases import Case
from models.context import Context
from models.people import Identity
from models.statuses import OPEN
from notices.cards import subscription_of
from notices.jssdk import OPEN_TAG, sign_page
from notices.taps import CASE_PROGRESS
from webhooks.access import Audience, context, opened_to, visitor
from webhooks.platform import PlatformTrouble, page_ticket
from webhooks.policies import with_sdk

log = structlog.get_logger()


@dataclass(frozen=True)
class Ask:
    """What the page needs to ask: the template, whether it lasts, and the SDK's address."""

    template: str
    lasts: bool
    script: str


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/ask", "ask", ask)


def part(ctx: Context, session: Session, case: Case) -> Ask | None:
    """What a case's page asks with, where there will be a next step and asking is polite."""
    account = _account(ctx)
    template = subscription_of(ctx, account.slug, CASE_PROGRESS) if account else ""
    if account is None or not template or case.status not in OPEN or not _in_wechat(ctx):
        return None
    seen = visitor()
    identity_id = session.scalar(
        select(Identity.id).where(
            Identity.person_id == (seen.person_id if seen else None),
            Identity.account == account.slug,
        ).order_by(Identity.id.desc()).limit(1)
    )
    days = ctx.settings.pushes.ask_again_days
    if identity_id is None or not grants.may_ask(
        session, ctx.now(), identity_id, template, days
    ):
        return None
    _let_in(account)
    return Ask(template, account.subscriptions_last, account.js_sdk_url)


def _let_in(account: Account) -> None:
    """Let this answer's page, and no other, load WeChat's script."""

    @after_this_request
    def loosen(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = with_sdk(account.js_sdk_url)
        return response


@opened_to(Audience.RESIDENT)
def ask() -> ResponseReturnValue:
    """What `wx.config` is given on a page of ours, asked for by the page's script.

    So a platform that does not answer holds up no page.
    """
    ctx = context()
    account, url = _account(ctx), request.args.get("url", "")
    ours = f"{ctx.settings.public_url.rstrip('/')}/m/"
    if account is None or not subscription_of(ctx, account.slug, CASE_PROGRESS):
        abort(404)
    if not url.startswith(ours) or "#" in url:
        abort(400)
    try:
        ticket = page_ticket(ctx, account)
    except PlatformTrouble as trouble:
        log.warning("page ticket not given", account=account.slug, errcode=trouble.errcode)
        return jsonify(error="later"), 503
    signed = sign_page(ticket, secrets.token_hex(8), int(ctx.now().timestamp()), url)
    return jsonify(
        appId=account.app_id, timestamp=signed.timestamp, nonceStr=signed.nonce,
        signature=signed.signature, openTagList=[OPEN_TAG],
    )


def _account(ctx: Context) -> Account | None:
    """The account by which this person has come in."""
    seen = visitor()
    return ctx.settings.account(seen.account) if seen else None


def _in_wechat(ctx: Context) -> bool:
    # In a demo any browser is a phone.
    demo = ctx.settings.environment != "production"
    return demo or "MicroMessenger" in request.user_agent.string
