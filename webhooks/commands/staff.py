"""staff invite, staff code."""

from __future__ import annotations

import argparse
import sys

import segno
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doors import BIND_SCENE
from models import signin
from models.context import Context
from models.departments import of_county
from models.people import Staff
from models.statuses import Role
from notices.channel import PlatformTrouble
from notices.wechat_channel import platform_of
from webhooks.commands import Trouble, Verbs, ready_context

QR_SECONDS = 7 * 24 * 3600


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    kinds = verbs.add_parser("staff", help="members of staff").add_subparsers(
        metavar="WHAT", required=True
    )
    invite = kinds.add_parser("invite", help="print a one-time binding code and its QR")
    invite.add_argument("--role", required=True, choices=[str(role) for role in Role])
    invite.add_argument("--area", required=True, metavar="CODE")
    invite.add_argument("--name", required=True)
    invite.add_argument("--unit", default="")
    invite.set_defaults(run=run_invite)
    code = kinds.add_parser("code", help="a one-time sign-in code for when WeChat cannot be used")
    code.add_argument("name")
    code.set_defaults(run=run_code)


def run_invite(args: argparse.Namespace) -> int:
    """Invite someone; they scan the QR, or send the code to the account."""
    ctx = ready_context(args)
    name = args.name.strip()
    if not name:
        raise Trouble("--name: a name is needed", 2)
    if ctx.directory.areas.get(args.area) is None:
        raise Trouble(f"--area: no area has the code {args.area}; see: yimen areas list", 2)
    with ctx.db.begin() as session:
        staff = Staff(
            name=name, name_key=ctx.keys.lookup("name", name), role=args.role, area=args.area,
            unit=args.unit, department_id=_department(session, args), created_at=ctx.now(),
        )
        session.add(staff)
        session.flush()
        code = signin.new_code(ctx, session, "bind", staff_id=staff.id)
    print(f"在公众号里发：绑定 {code}\n七天内有效，只能用一次。")
    _print_qr(ctx, code)
    return 0


def _department(session: Session, args: argparse.Namespace) -> int | None:
    """A liaison's department, by its name in the county's directory."""
    if args.role != Role.DEPARTMENT:
        return None
    for one in of_county(session, args.area):
        if one.name == args.unit:
            return one.id
    print(
        "--unit: the county's directory has no department of this name, so no referral will "
        "reach this liaison; see /desk/departments", file=sys.stderr,
    )
    return None


def _print_qr(ctx: Context, code: str) -> None:
    account = next((a for a in ctx.settings.accounts if a.may_make_qr), None)
    if account is None:
        return
    try:
        content = platform_of(ctx, account.slug).scene_qr(f"{BIND_SCENE}{code}", QR_SECONDS)
    except PlatformTrouble as trouble:
        print(f"(no QR: {trouble})", file=sys.stderr)
        return
    segno.make(content).terminal(compact=True)


def run_code(args: argparse.Namespace) -> int:
    """A code for the sign-in page."""
    ctx = ready_context(args)
    with ctx.db.begin() as session:
        found = session.scalars(
            select(Staff).where(
                Staff.name_key == ctx.keys.lookup("name", args.name.strip()),
                Staff.left_at.is_(None),
            )
        ).all()
        if len(found) != 1:
            raise Trouble("no such member of staff" if not found else "several have this name")
        code = signin.new_code(ctx, session, "sign_in", staff_id=found[0].id)
    print(f"{code}\n在登录页的“一次性登录码”里填，15 分钟内有效，只能用一次。")
    return 0
