"""Lists of what is put forward (拟给予、拟停止), drawn from the cases that wait for one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import listed, noticedrafts
from models.areas import covers
from models.context import Context
from models.listed import Line
from models.policy import StaffView
from models.publishing import Version
from models.settings import mark
from models.steps import MoveRefused
from notices import drawn
from notices.drafting import Wanted, usual_title
from notices.drawn import Drawing, Household
from notices.kinds import Kind

NOBODY = mark("这里没有等着上名单的了。")


def draw(
    ctx: Context, session: Session, staff: StaffView, wanted: Wanted
) -> tuple[Version | None, Drawing, list[int]]:
    """Draft a list of the households that wait for one there; no version where the gate refuses.

    Also the numbers of the cases whose names were read for it.

    Raises LookupError outside the area, MoveRefused where nobody waits.
    """
    found = listed.lines(session, staff, wanted.area, wanted.kind, wanted.scheme)
    if not found:
        raise MoveRefused(NOBODY)
    t = ctx.speak("")
    title = usual_title(ctx.directory.areas, wanted)
    drawing = drawn.draw(ctx, t, wanted, [_household(one, wanted.area) for one in found], title)
    read = [one.case.id for one in found]
    if drawing.said is None:
        return None, drawing, read
    return noticedrafts.draft(ctx, session, staff, drawing.said), drawing, read


def wanted_of(area: str, kind: str, scheme: str) -> Wanted:
    """What is to be drawn; ValueError where there is no such kind."""
    return Wanted(Kind(kind), area, scheme)


def _household(one: Line, area: str) -> Household:
    case = one.case
    # Who lives elsewhere stands on the township's list, without a village.
    village = case.living_area if covers(area, case.living_area or "") else None
    return Household(case.id, case.name, village, one.persons, one.amount)
