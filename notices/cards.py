"""Which card an account can send of a group of messages: a template, or a subscription one."""

from __future__ import annotations

from dataclasses import replace

from models.context import Context
from notices.ladder import Chat
from notices.taps import ASKED_FOR


def template_of(ctx: Context, slug: str, group: str) -> str:
    """The id of the account's template for these messages; empty where it has none."""
    account = ctx.settings.account(slug)
    if account is None or not account.may_send_templates:
        return ""
    return account.templates.get(group, "")


def subscription_of(ctx: Context, slug: str, group: str) -> str:
    """The id of the account's subscription template for these messages; empty as above."""
    account = ctx.settings.account(slug)
    if account is None or not account.may_send_subscriptions or group not in ASKED_FOR:
        return ""
    return account.subscriptions.get(group, "")


def fitted(ctx: Context, chat: Chat, group: str) -> Chat:
    """The chat, with what it may be sent of this group of messages."""
    return replace(
        chat, may_template=bool(template_of(ctx, chat.account, group)),
        may_subscribe=subscription_of(ctx, chat.account, group) in chat.grants,
    )
