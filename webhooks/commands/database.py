"""migrate, check, menu, outbox report, audit verify."""

from __future__ import annotations

import argparse

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.menu import menu
from models import audit, migrate, revision
from models.accounts import Account
from models.context import Context
from models.pushes import Push
from notices.channel import PlatformTrouble
from notices.wechat_channel import platform_of
from webhooks import checks
from webhooks.commands import Trouble, Verbs, open_context, ready_context, show


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    verbs.add_parser("migrate", help="bring the database to head").set_defaults(run=run_migrate)
    check = verbs.add_parser("check", help="go-live check, a line each with what to do")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)
    menus = verbs.add_parser("menu", help="the account's menu").add_subparsers(
        metavar="WHAT", required=True
    )
    for name, run in (("push", run_menu_push), ("show", run_menu_show)):
        verb = menus.add_parser(name)
        verb.add_argument("--account", help="slug; else the first")
        verb.set_defaults(run=run)
    outbox = verbs.add_parser("outbox", help="pushes").add_subparsers(metavar="WHAT", required=True)
    report = outbox.add_parser("report", help="pushes by outcome, with reasons")
    report.add_argument("--json", action="store_true")
    report.set_defaults(run=run_report)
    log = verbs.add_parser("audit", help="the audit log").add_subparsers(
        metavar="WHAT", required=True
    )
    log.add_parser("verify", help="recompute the chain").set_defaults(run=run_verify)


def run_migrate(args: argparse.Namespace) -> int:
    """Bring the database to head."""
    ctx = open_context(args)
    if revision.is_beyond(ctx.db):
        raise Trouble("the database was migrated by a newer yimen; install that one")
    try:
        migrate.upgrade(ctx.db)
    except SQLAlchemyError as error:
        raise Trouble(f"the database could not be migrated ({type(error).__name__})") from None
    print(f"Database at head ({revision.HEAD}).")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """What stands between this configuration and going live."""
    rows = checks.run(open_context(args))
    lines = [f"{'ok ' if r['ok'] else '!! '} {r['what']}: {r['words']}" for r in rows]
    show(rows, as_json=args.json, lines=lines)
    return 0 if all(row["ok"] for row in rows) else 1


def _account(ctx: Context, slug: str | None) -> Account:
    """The account that was named, else the first; raises Trouble where it has no API for menus."""
    account = ctx.settings.account(slug) if slug else ctx.settings.accounts[0]
    if account is None:
        known = ", ".join(a.slug for a in ctx.settings.accounts)
        raise Trouble(f"no account has the slug {slug}; there are {known}", 2)
    if not account.may_set_menu:
        raise Trouble(
            f"{account.slug} is not verified: its menu is made by hand on mp.weixin.qq.com", 2
        )
    return account


def run_menu_push(args: argparse.Namespace) -> int:
    """Give the account its menu."""
    ctx = ready_context(args)
    account = _account(ctx, args.account)
    wanted = menu(
        ctx.speak(""), ctx.settings.public_url, account.slug, pages=account.may_authorise_web
    )
    try:
        platform_of(ctx, account.slug).push_menu(wanted)
    except PlatformTrouble as trouble:
        raise Trouble(f"the platform refused the menu: {trouble}") from None
    print("Menu pushed; phones show it within five minutes.")
    return 0


def run_menu_show(args: argparse.Namespace) -> int:
    """The menu that the platform has."""
    ctx = ready_context(args)
    try:
        found = platform_of(ctx, _account(ctx, args.account).slug).show_menu()
    except PlatformTrouble as trouble:
        raise Trouble(f"the platform did not show the menu: {trouble}") from None
    show(found, as_json=True, lines=[])
    return 0


def run_report(args: argparse.Namespace) -> int:
    """Pushes by outcome."""
    with ready_context(args).db.read() as session:
        rows = [
            {"state": state, "channel": channel, "reason": reason, "count": count}
            for state, channel, reason, count in session.execute(
                select(Push.state, Push.channel, Push.reason, func.count())
                .group_by(Push.state, Push.channel, Push.reason)
                .order_by(Push.state, Push.channel, Push.reason)
            )
        ]
    lines = [f"{r['count']:8} {r['state']:12} {r['channel']:10} {r['reason']}" for r in rows]
    show(rows, as_json=args.json, lines=lines)
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Recompute the audit chain."""
    with ready_context(args).db.read() as session:
        broken = audit.verify(session)
        waiting = audit.unchained(session)
    if broken is not None:
        raise Trouble(f"the audit chain is broken at place {broken}")
    print(f"The audit chain holds; {waiting} rows wait for their place.")
    return 0
