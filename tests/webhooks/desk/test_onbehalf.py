"""Who spoke for a household hears that it is looked after, and nothing of what it gets or why."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.wording import next_text, public_status, status_text, timeline
from models import casequeries, changes, hearingwork, supplements
from models.cases import Case
from models.policy import StaffView
from models.pushes import Push
from models.statuses import Role, Status
from models.steps import MoveRefused
from notices.occasions import spoken
from tests.webhooks.desk.world import DAWAN_VILLAGE, World

SECRET = "您家老人的病按大病救助办，先去民政办领表"


def reported(world: World, relation: str = "neighbour", **more: object) -> Case:
    return world.case(on_behalf=True, more={"whom": "other", "relation": relation, **more})


def read(world: World, case: Case) -> str:
    """All that its person can read of it: the page, the chat and the pushes."""
    ctx, t = world.ctx, world.ctx.speak("")
    with ctx.db.read() as db:
        now = db.get(Case, case.id)
        assert now is not None
        lines = [line.text for line in timeline(t, now, casequeries.timeline(db, now))]
        pushes = db.scalars(select(Push).where(Push.person_id == case.person_id)).all()
        told = [
            spoken(ctx, push.occasion, push.details, now.township, "").texts for push in pushes
        ]
        stands = [status_text(t, now), public_status(t, now), next_text(ctx, t, now)]
        return "\n".join([*stands, *lines, *(" ".join(one) for one in told)])


def answered(world: World, case: Case) -> str:
    world.register(case)
    world.move(case, "li", "answer", words=SECRET)
    return read(world, case)


def test_a_neighbour_reads_where_it_stands_and_no_more(world: World) -> None:
    """Neither the answer nor who has it; that it is done, and that the household was told."""
    case = reported(world)
    found = answered(world, case)
    assert SECRET not in found
    assert "民政办" not in found
    # Nor by the page that asks for number and telephone alone.
    assert "已答复" not in found
    assert "结果直接告诉这家人" in found
    assert "谢谢您替他们说" in found


@pytest.mark.parametrize("relation", ["parent", "child", "kin"])
def test_family_reads_what_the_household_would(world: World, relation: str) -> None:
    """A son who asks for his mother is her ear."""
    assert SECRET in answered(world, reported(world, relation))


def test_of_steps_among_the_township_a_neighbour_hears_nothing(world: World) -> None:
    """Registered, accepted, investigated: it is being worked at, said once."""
    case = reported(world)
    world.register(case)
    world.move(case, "li", "accept", scheme="dibao")
    found = read(world, case)
    assert found.count("谢谢您替他们说") == 1
    assert "最低生活保障" not in found
    assert "低保" not in found


def test_what_is_lacking_is_no_neighbours_business_but_an_assistants_work(world: World) -> None:
    """The household is called; who reports by duty may bring the papers."""
    case = reported(world)
    world.register(case)
    world.move(case, "li", "return", missing=("透析的病历",))
    assert case.person_id is not None
    with world.ctx.db.begin() as db:
        assert not [item for one in supplements.of_person(db, case.person_id) for item in one.items]
        assert "透析" not in read(world, case)
    world.by_assistant(case, case.person_id)
    with world.ctx.db.read() as db:
        [item] = [item for one in supplements.of_person(db, case.person_id) for item in one.items]
        assert item.words == "透析的病历"


def test_nobody_else_is_heard_in_the_households_place(world: World) -> None:
    """Before help is reduced the household is heard, not the neighbour's chat."""
    case = reported(world)
    with world.ctx.db.begin() as db:
        now = db.get(Case, case.id)
        assert now is not None
        assert now.person_id is not None
        now.status = Status.ASSISTED
        db.flush()
        with pytest.raises(MoveRefused, match="不在这个微信上"):
            hearingwork.ask(
                world.ctx, db, world.staff["li"], case.receipt, now.version, move="stop",
                why="收入高了",
            )
        assert hearingwork.awaited(world.ctx, db, now.person_id) == []
        assert list(changes.helped_of(db, now.person_id)) == []
        assert not changes.tell(world.ctx, db, now.person_id, case.receipt, "他家买车了")


def test_no_desk_is_an_assistants(world: World) -> None:
    """The queries of the desk give them nothing, whatever page might ask."""
    case = reported(world)
    view = StaffView(9, "韦秀兰", Role.ASSISTANT, DAWAN_VILLAGE, "", case.person_id)
    with world.ctx.db.read() as db:
        assert casequeries.find(db, view, case.receipt) is None


def test_the_desk_says_which_assistant_reported(world: World) -> None:
    """And whether the household knows of it."""
    case = reported(world, "", aware="unaware", spot="三组，老粮站后面", spot_at=[22.35, 108.46])
    world.by_assistant(case)
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    seen = ("大湾村协理员韦秀兰报的", "还没跟本人说", "三组，老粮站后面", "22.35, 108.46")
    for words in seen:
        assert words in page
    # The report is a step of the assistant's, not of the household's.
    who = re.findall(r'class="story-when">[^<]* · ([^<]*)<', page)
    assert who == ["协理员"]
