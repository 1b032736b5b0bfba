"""For every move of the table: how a case comes to where it is offered, who makes it, and with
what form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import hearingwork
from models.cases import Case
from models.casework import put_forward
from models.departments import Department, fill_in
from models.moves import MOVES
from models.steps import Grant, Step
from tests.models.visits import visit_for
from tests.webhooks.desk.world import COUNTY, World

FOUND = {
    "at": "10:00", "place": "大湾村家里", "others": "吴小兰", "lives": "他和老母亲",
    "opinion": "房子漏，要帮", "signed": "双方签了",
}
EACH_MONTH = Grant("money", Decimal("500.00"), "", True, 2)
ONCE = Grant("money", Decimal("800.00"), "", False, 2)
FROM = "2027-01-10"

Steps = tuple[tuple[str, str, dict[str, Any]], ...]
REGISTERED: Steps = (("li", "register", {}),)
ACCEPTED: Steps = (*REGISTERED, ("li", "accept", {"scheme": "dibao"}))
INVESTIGATING: Steps = (*ACCEPTED, ("li", "investigate", {}), ("li", "visit", {}))
PROPOSED: Steps = (*INVESTIGATING, ("li", "propose", {"grant": EACH_MONTH}))
DECIDING: Steps = (*PROPOSED, ("", "wait", {"days": 10}), ("li", "conclude", {}))
GRANTED: Steps = (*DECIDING, ("chen", "grant", {}))
ASSISTED: Steps = (*GRANTED, ("li", "assist", {"from_on": "tomorrow"}), ("li", "hear", {}))
CHILD: Steps = (
    *REGISTERED, ("li", "accept", {"scheme": "child"}), ("li", "investigate", {}),
    ("li", "visit", {}),
)
TO_REFUSE: Steps = (*INVESTIGATING, ("li", "propose_refusal", {"words": "收入高过标准"}))
ONE_OFF: Steps = (
    *REGISTERED, ("li", "accept", {"scheme": "temporary"}), ("li", "investigate", {}),
    ("li", "visit", {}), ("li", "propose", {"grant": ONCE}), ("", "wait", {"days": 10}),
    ("li", "conclude", {}), ("chen", "grant", {}),
)
URGENT: Steps = (
    *REGISTERED, ("li", "accept", {"scheme": "temporary"}),
    ("chen", "grant_urgent", {"grant": ONCE, "skipped": ("survey", "notice")}),
)


@dataclass(frozen=True)
class Way:
    """`before` leads to the case, `who` makes the move with `form`; a move that needs a second
    person was put forward with `put`."""

    before: Steps
    form: dict[str, Any] = field(default_factory=dict)
    who: str = "li"
    put: dict[str, Any] | None = None
    urgent: bool = False


MONEY = {"form": "money", "amount": "500", "monthly": "1", "persons": "2"}
WAYS = {
    "register": Way((), {"unit": "民政办", "officer": "zhao"}),
    "accept": Way(REGISTERED, {"scheme": "dibao"}),
    "investigate": Way(ACCEPTED),
    "return": Way(
        REGISTERED, {"paper": ["身份证正反面"], "missing": "九月工资条\n\n 十月工资条 "}
    ),
    "appraise": Way(INVESTIGATING, {"reason": "邻居说法不一样"}),
    "propose": Way(INVESTIGATING, MONEY),
    "forward": Way(CHILD, MONEY),
    "propose_refusal": Way(INVESTIGATING, {"words": "家里收入高过今年的标准。"}),
    "conclude": Way((*PROPOSED, ("li", "post", {}), ("", "wait", {"days": 10}))),
    "uphold": Way(PROPOSED, {"reason": "有人说他家有新车"}),
    "send_back": Way(DECIDING, {"reason": "请再看看房子"}, "chen"),
    "grant": Way(DECIDING, {}, "chen"),
    "refuse": Way(TO_REFUSE, {"words": "家里收入高过今年的标准。"}, "chen"),
    "grant_urgent": Way(
        (*REGISTERED, ("li", "accept", {"scheme": "temporary"})),
        {"form": "money", "amount": "800", "monthly": "0", "persons": "2",
         "skipped": ["survey", "notice"]},
        "chen", urgent=True,
    ),
    "explain": Way(URGENT, urgent=True),
    "assist": Way(GRANTED, {"from_on": FROM}),
    "finish": Way(ONE_OFF),
    "adjust": Way(
        ASSISTED, {"words": "家里多了一份工资。"}, "chen",
        put={"grant": Grant("money", Decimal("300.00"), "", True, 2), "words": "多了工资",
             "from_on": "tomorrow"},
    ),
    "taper": Way(ASSISTED, {"words": "儿子找到工作了。"}, "chen", put={"words": "儿子有工作了"}),
    "stop": Way(ASSISTED, {"words": "家里收入够了。"}, "chen", put={"words": "收入够了"}),
    "settle_death": Way(ASSISTED, {"died_on": "2026-11-20"}),
    "refer": Way(REGISTERED, {"departments": "first", "words": "请帮孩子办助学金。"}),
    "answer": Way(REGISTERED, {"words": "请带户口本到二楼。"}),
    "decline": Way((), {"words": "这件事归法院管。"}, "chen", put={"words": "归法院管"}),
    "reopen": Way(
        (*TO_REFUSE, ("chen", "refuse", {"words": "收入高过标准"})),
        {"ground": "facts", "reason": "又住院了"}, "chen",
    ),
    "withdraw": Way(ACCEPTED, {"reason": "本人说借到钱了"}),
    "merge": Way(REGISTERED, {"into": "another"}),
}
# What time alone does (`lapse`) has no screen.
assert set(WAYS) == {move.name for move in MOVES.values() if move.roles}


def take(world: World, case: Case, who: str, move: str, given: dict[str, Any]) -> None:
    """One step towards where a move is offered."""
    if move == "wait":
        world.clock.at += timedelta(**given)
        return
    if move == "post":
        with world.ctx.db.begin() as db:
            visit_for(world.ctx, db, case.receipt, "conclude")
        return
    if move == "hear":
        hear(world, case, who)
        return
    if move == "visit":
        visit(world, case)
        return
    if move == "register":
        world.register(case, who)
        return
    world.move(case, who, move, **dated(world, given))


def hear(world: World, case: Case, who: str) -> None:
    """The person was heard about every move that needs it."""
    for move in hearingwork.ABOUT:
        with world.ctx.db.begin() as db:
            version = db.scalars(select(Case.version).where(Case.id == case.id)).one()
            hearingwork.record(
                world.ctx, db, world.staff[who], case.receipt, version, move=move, how="visit",
                words="我还没好利索",
            )


def visit(world: World, case: Case) -> None:
    """The household survey and the check of means are done."""
    with world.ctx.db.begin() as db:
        visit_for(world.ctx, db, case.receipt, "propose")


def dated(world: World, given: dict[str, Any]) -> dict[str, Any]:
    tomorrow = world.ctx.today() + timedelta(days=1)
    return {key: tomorrow if value == "tomorrow" else value for key, value in given.items()}


def ready(world: World, move: str) -> tuple[Case, dict[str, Any]]:
    """A case from which the move can be made, and the form that makes it."""
    way = WAYS[move]
    case = world.case(urgent=way.urgent)
    for who, name, given in way.before:
        take(world, case, who, name, given)
    if way.put is not None:
        now = world.now(case)
        step = Step(move, now.version, **dated(world, way.put))
        with world.ctx.db.begin() as db:
            put_forward(world.ctx, db, world.staff["li"], case.receipt, step)
    form = filled(world, way.form)
    if form.get("into") == "another":
        form["into"] = world.case(name="李大勇").receipt
    if form.get("departments") == "first":
        with world.ctx.db.begin() as db:
            fill_in(world.ctx, db, COUNTY)
            form["departments"] = str(db.query(Department).order_by(Department.id).first().id)
    return world.now(case), form


def filled(world: World, form: dict[str, Any]) -> dict[str, Any]:
    """The form with numbers of staff in place of their short names."""
    officer = form.get("officer")
    if officer in world.staff:
        return form | {"officer": str(world.staff[officer].id)}
    return dict(form)
