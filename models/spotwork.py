"""What the county does with spot checks: draw, and record what a visit found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, register
from models.cases import Case
from models.casework import locked_case
from models.context import Context
from models.outgoing import Occasion
from models.paths import PATHS
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.spotchecks import FINDINGS, SpotCheck, SpotDraw, chosen, fingerprint, least_share
from models.statuses import EventKind, Role
from models.steps import INTERNAL_LIMIT, INTERNAL_TOO_LONG, MoveRefused
from models.timeline import beside, tell_staff

SEEDS = 10**12

COUNTY_ALONE = mark("抽查由县里来抽、来记。")
WHICH_SCHEME = mark("请选抽哪一项。")
TOO_FEW = mark("这一项至少要抽够规定的比例，请看下面的依据。")
NOT_A_SHARE = mark("请写 1 到 100 的数。")
NONE_THERE = mark("这一项现在没有正在救助的，抽不出来。")
WHAT_FOUND = mark("请选看到的怎么样。")
WHAT_DIFFERS = mark("请写几句哪里不一样、怎么找的。")
RECORDED = mark("这一户刚才有人记过了。下面是记下的结果。")


def draw(ctx: Context, session: Session, staff: StaffView, scheme: str, share: int) -> SpotDraw:
    """Draw a share of what the register gives now; the seed is new each time, and kept."""
    _county_alone(staff)
    if scheme not in PATHS or not PATHS[scheme].here:
        raise MoveRefused(WHICH_SCHEME, "scheme")
    if not 1 <= share <= 100:
        raise MoveRefused(NOT_A_SHARE, "share")
    least = least_share(ctx, staff.area, scheme)
    if share < least.percent:
        raise MoveRefused(TOO_FEW, "share")
    rows = register.entries(session, staff.area, register.Look(scheme=scheme), ctx.today())
    if not rows:
        raise MoveRefused(NONE_THERE, "scheme")
    seed = f"{ctx.random_below(SEEDS):012d}"
    receipts = {row.receipt: row.case_id for row in rows}
    made = SpotDraw(
        county=staff.area, scheme=scheme, share=share, seed=seed, total=len(rows),
        register=fingerprint(list(receipts)), basis=least.basis, drawn_at=ctx.now(),
        staff_id=staff.id,
    )
    session.add(made)
    session.flush()
    session.add_all(
        SpotCheck(draw_id=made.id, case_id=receipts[receipt], place=place, finding="")
        for place, receipt in enumerate(chosen(list(receipts), seed, share), start=1)
    )
    audit.record(
        session, ctx.now(), "spot.drawn", "spot_draw", made.id, staff_id=staff.id,
        scheme=scheme, share=share, seed=seed,
    )
    return made


def record(
    ctx: Context, session: Session, staff: StaffView, draw_id: int, receipt: str,
    *, finding: str, words: str,
) -> Case:
    """What was found at one household: on its timeline among staff, and told to the township."""
    _county_alone(staff)
    case = locked_case(session, staff, receipt)
    check = session.scalars(
        select(SpotCheck).where(SpotCheck.draw_id == draw_id, SpotCheck.case_id == case.id)
        .with_for_update(of=SpotCheck)
    ).one_or_none()
    if check is None:
        raise LookupError(receipt)
    if check.finding:
        raise MoveRefused(RECORDED)
    if finding not in FINDINGS:
        raise MoveRefused(WHAT_FOUND, "finding")
    if finding != "right" and not words.strip():
        raise MoveRefused(WHAT_DIFFERS, "words")
    if len(words) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "words")
    check.finding, check.words = finding, words.strip() or None
    check.staff_id, check.found_at = staff.id, ctx.now()
    step = beside(ctx, case, EventKind.SPOT_CHECKED)
    step.staff_id, step.details, step.internal = staff.id, {"finding": finding}, check.words
    session.add(step)
    session.flush()
    tell_staff(ctx, session, case, step, Occasion.STAFF_SPOT_CHECK)
    audit.record(
        session, step.at, "spot.found", "case", case.id, staff_id=staff.id, finding=finding
    )
    return case


def _county_alone(staff: StaffView) -> None:
    if staff.role is not Role.COUNTY:
        raise NotAllowed(COUNTY_ALONE)
