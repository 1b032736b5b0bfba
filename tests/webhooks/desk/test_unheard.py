"""What was not understood: kept sealed, looked through by the county, taught, taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from bot.taught import understand_in
from bot.understand import Intent, understand
from models import unheard
from models.audit import AuditEntry
from models.context import Context
from models.unheard import KEPT, Unheard
from notices import forgetting
from tests.webhooks.desk.world import COUNTY, DAWAN, Browser, World

ROOM = "/desk/unheard"
SAID = "那张皮皮儿"
LIKE = "皮皮儿呢"


def kept(ctx: Context, *said: str) -> list[int]:
    with ctx.db.begin() as db:
        for one in said:
            unheard.keep(ctx, db, COUNTY, one, "track,policy")
        return list(db.scalars(select(Unheard.id).order_by(Unheard.id)))


def teach(browser: Browser, number: int, words: str = "皮皮儿", intent: str = "track") -> str:
    """As the page does: look first, then teach what was looked at."""
    page = browser.post(f"{ROOM}/{number}", words=words, intent=intent)
    assert page.status_code == 200, page.text
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen
    done = browser.post(f"{ROOM}/{number}", words=words, intent=intent, seen=seen[1], follow=True)
    assert "从现在起" in done.text
    return page.text


def test_the_sentences_used_here_are_not_understood() -> None:
    assert not understand(SAID).confident
    assert not understand(LIKE).confident


def test_words_are_taught_after_what_they_change_was_seen(world: World) -> None:
    number, _ = kept(world.ctx, SAID, LIKE)
    county = world.browser("county")
    listed = county.text(ROOM)
    assert SAID in listed
    assert "说过 1 回" in listed
    preview = teach(county, number)
    assert preview.count("以后：看办到哪一步了") == 2, "both sentences that hold the words"
    assert "没有教过" not in county.text(ROOM)
    assert SAID not in county.text(ROOM), "it has been looked at"
    meant = understand_in(world.ctx, DAWAN, "那皮皮兒")
    assert (meant.intent, meant.confident) == (Intent.TRACK, True), "in traditional characters too"
    assert "皮皮儿" in meant.reasons


def test_what_was_taught_is_one_countys_and_can_be_taken_back(world: World) -> None:
    (number,) = kept(world.ctx, SAID)
    county = world.browser("county")
    teach(county, number)
    assert not understand_in(world.ctx, "110101000000", SAID).confident
    found = re.search(r"/desk/phrases/(\d+)/gone", county.text(ROOM))
    assert found
    county.post(found[0])
    assert not understand_in(world.ctx, DAWAN, SAID).confident


def test_danger_is_never_taught_away(world: World) -> None:
    cry = "皮皮儿不要了我不想活了"
    (number,) = kept(world.ctx, cry)
    teach(world.browser("county"), number)
    meant = understand_in(world.ctx, DAWAN, cry)
    assert meant.danger == "suicide"
    assert meant.intent is not Intent.TRACK


@pytest.mark.parametrize(
    ("words", "intent", "told"),
    [
        ("皮", "track", "至少写两个字"), ("皮皮儿皮皮儿皮皮儿皮皮儿皮皮", "track", "写短一点"),
        ("那个本", "track", "要在那句话里"), ("皮皮儿", "", "选一样"),
        ("皮皮儿", "no such", "选一样"), ("", "track", "至少写两个字"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_loses_nothing(
    world: World, words: str, intent: str, told: str
) -> None:
    (number,) = kept(world.ctx, SAID)
    answer = world.browser("county").post(f"{ROOM}/{number}", words=words, intent=intent)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{words}"' in answer.text or not words
    assert not world.ctx.directory.phrases


def test_what_was_not_seen_is_shown_first(world: World) -> None:
    (number,) = kept(world.ctx, SAID)
    county = world.browser("county")
    answer = county.post(f"{ROOM}/{number}", words="皮皮儿", intent="track", seen="policy:皮皮")
    assert answer.status_code == 200
    assert "会变成这样" in answer.text
    world.ctx.directory.forget()
    assert not world.ctx.directory.phrases


def test_the_same_forty_times_is_one_and_is_sealed(world: World) -> None:
    kept(world.ctx, *[SAID] * 40)
    with world.ctx.db.read() as db:
        assert db.scalars(select(Unheard.times)).all() == [40]
        raw = db.execute(text("SELECT said FROM unheard")).scalar_one()
    assert SAID.encode() not in bytes(raw)


def test_it_is_read_on_record_put_away_and_forgotten(world: World) -> None:
    (number,) = kept(world.ctx, SAID)
    county = world.browser("county")
    county.text(ROOM)
    assert county.post(f"{ROOM}/{number}/away", follow=True).text.count(SAID) == 0
    with world.ctx.db.read() as db:
        actions = db.scalars(select(AuditEntry.action)).all()
        assert "unheard.read" in actions
    with world.ctx.db.begin() as db:
        db.get_one(Unheard, number).last_at -= KEPT
    forgetting.purge(world.ctx)
    with world.ctx.db.read() as db:
        assert db.scalars(select(Unheard.id)).all() == []
