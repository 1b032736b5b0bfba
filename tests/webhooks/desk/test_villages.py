"""What comes from the villages: who reported, how soon it was answered, from where nothing came."""

from __future__ import annotations

from datetime import timedelta

from models import villages
from models.cases import Case
from models.people import Staff
from models.statuses import Role
from models.villages import Village
from tests.webhooks.desk.world import DAWAN_VILLAGE, QIAOTOU, XIAOHE_VILLAGE, World


def post_in(world: World, village: str, name: str = "韦秀兰") -> int:
    with world.ctx.db.begin() as db:
        member = Staff(
            name=name, name_key=b"0" * 16, role=Role.ASSISTANT, area=village,
            created_at=world.ctx.now(),
        )
        db.add(member)
        db.flush()
        return member.id


def reported(world: World, post: int, village: str = DAWAN_VILLAGE) -> Case:
    case = world.case(village=village, on_behalf=True, more={"whom": "other"})
    with world.ctx.db.begin() as db:
        now = db.get(Case, case.id)
        assert now is not None
        now.reporter_id = post
    return case


def lines(world: World, who: str = "li") -> dict[str, Village]:
    with world.ctx.db.read() as db:
        found = villages.of_area(world.ctx, db, world.staff[who])
    return {one.place.code: one for one in found}


def test_reports_by_village_and_assistant(world: World) -> None:
    """Counted by post, the time to the first answer as a median, what was needless apart."""
    first, second = post_in(world, DAWAN_VILLAGE), post_in(world, DAWAN_VILLAGE, "陆永贵")
    quick, slow = reported(world, first), reported(world, first)
    reported(world, second)
    world.clock.at += timedelta(hours=2)
    world.register(quick)
    world.clock.at += timedelta(hours=8)
    world.register(slow)
    world.move(slow, "li", "answer", words="看过了，日子还过得去")
    found = lines(world)[DAWAN_VILLAGE]
    assert (found.total.count, found.total.waiting, found.total.needless) == (3, 1, 1)
    assert [(member.name, one.count, one.waiting) for member, one in found.posts] == [
        ("吴村医", 0, 0), ("韦秀兰", 2, 0), ("陆永贵", 1, 1),
    ]
    assert found.total.hours is not None
    assert 5.9 < found.total.hours < 6.1
    assert not found.silent


def test_a_household_of_which_two_told_counts_once(world: World) -> None:
    """Joined by an officer it is one household: of the village, and of the one who told twice."""
    first, second = post_in(world, DAWAN_VILLAGE), post_in(world, DAWAN_VILLAGE, "陆永贵")
    into = reported(world, first)
    for post in (first, second):
        world.move(reported(world, post), "zhao", "merge", into=into.receipt)
    found = lines(world)[DAWAN_VILLAGE]
    assert found.total.count == 1
    assert [(member.name, one.count) for member, one in found.posts[1:]] == [
        ("韦秀兰", 1), ("陆永贵", 1),
    ]
    asked = world.case(village=DAWAN_VILLAGE)
    world.move(reported(world, second), "zhao", "merge", into=asked.receipt)
    with world.ctx.db.read() as db:
        assert villages.waiting(db, [DAWAN_VILLAGE])[0] == 2, "also beside who asked themselves"


def test_from_where_nothing_came_stands_first(world: World) -> None:
    """A quarter is ninety days; what came before it says nothing of now."""
    reported(world, post_in(world, DAWAN_VILLAGE))
    with world.ctx.db.read() as db:
        found = villages.of_area(world.ctx, db, world.staff["li"])
    assert [(one.place.code, one.silent) for one in found] == [
        (QIAOTOU, True), (DAWAN_VILLAGE, False),
    ]
    world.clock.at += timedelta(days=91)
    assert lines(world)[DAWAN_VILLAGE].silent


def test_a_township_sees_its_own_villages_the_county_all(world: World) -> None:
    post = post_in(world, XIAOHE_VILLAGE, "何小河")
    reported(world, post, XIAOHE_VILLAGE)
    assert XIAOHE_VILLAGE not in lines(world)
    assert "何小河" not in world.browser("li").text("/desk/villages")
    page = world.browser("county").text("/desk/villages")
    for words in ("小河乡小河村", "何小河", "报了 1 户", "1 户还没人接", "还没有协理员"):
        assert words in page, words
    assert "这 90 天没有消息" in page
