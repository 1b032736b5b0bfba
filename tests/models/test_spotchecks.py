"""Spot checks: a share at random that anyone can draw again, and what a visit found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import spotwork
from models.outgoing import Occasion
from models.spotchecks import checks, chosen, fingerprint, least_share, of_case
from models.statuses import EventKind, Role
from tests.models.helped import QINGSHI, Ground, ground
from webhooks.demo.county import COUNTY

RECEIPTS = st.lists(st.integers(0, 10**6).map(str), min_size=1, max_size=60, unique=True)


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


@given(RECEIPTS, st.integers(1, 100), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_whatever_the_order(
    receipts: list[str], share: int, random: object
) -> None:
    mixed = list(receipts)
    random.shuffle(mixed)
    drawn = chosen(receipts, "7", share)
    assert drawn == chosen(mixed, "7", share)
    assert fingerprint(receipts) == fingerprint(mixed)
    assert len(set(drawn)) == len(drawn)
    assert len(drawn) * 100 >= share * len(receipts) > (len(drawn) - 1) * 100


def test_another_seed_draws_others_and_everyone_has_the_same_chance() -> None:
    receipts = [str(number) for number in range(100)]
    assert chosen(receipts, "1", 30) != chosen(receipts, "2", 30)
    times = dict.fromkeys(receipts, 0)
    for seed in range(2000):
        for receipt in chosen(receipts, str(seed), 30):
            times[receipt] += 1
    # 600 expected of each; six standard deviations are about 123.
    assert all(abs(number - 600) < 123 for number in times.values())


def test_tekun_is_drawn_by_its_clause_and_others_by_the_setting(here: Ground) -> None:
    assert least_share(here.ctx, COUNTY, "tekun").percent == 30
    assert least_share(here.ctx, COUNTY, "child").percent == 10
    officer = here.staff(Role.OFFICER)
    refused = here.refused(spotwork.draw, here.county, "tekun", 29)
    assert refused == spotwork.TOO_FEW
    assert here.refused(spotwork.draw, here.county, "tekun", 30) == spotwork.NONE_THERE
    assert here.refused(spotwork.draw, officer, "child", 50) == spotwork.COUNTY_ALONE


def test_what_was_found_is_kept_once_and_told_to_the_township(here: Ground) -> None:
    first, second, far = here.helped(), here.helped(), here.helped(QINGSHI)
    made = here.do(spotwork.draw, here.county, "child", 100)
    assert (made.total, len(made.seed), len(made.register)) == (3, 12, 16)
    assert chosen([first, second, far], made.seed, 100)[0] in (first, second, far)

    def seen(who: object, *, alone: bool) -> set[str]:
        with here.ctx.db.read() as session:
            return {case.receipt for _, case in checks(session, who, made.id, seen_alone=alone)}

    assert seen(here.county, alone=False) == {first, second, far}
    officer = here.staff(Role.OFFICER)
    assert seen(officer, alone=True) == set(), "who will be visited is not told beforehand"
    found = {"finding": "different", "words": "家里只有一口人"}
    assert here.refused(
        spotwork.record, here.county, made.id, first, finding="different", words=""
    ) == spotwork.WHAT_DIFFERS
    here.do(spotwork.record, here.county, made.id, first, **found)
    here.do(spotwork.record, here.county, made.id, far, finding="right", words="")
    assert seen(officer, alone=True) == {first}
    assert here.refused(
        spotwork.record, here.county, made.id, first, finding="right", words=""
    ) == spotwork.RECORDED
    with here.ctx.db.read() as session:
        check, = of_case(session, here.case(first).id)
    assert (check.finding, check.words) == ("different", "家里只有一口人")
    assert here.events(first)[-1].kind == EventKind.SPOT_CHECKED
    assert len(here.pushes(Occasion.STAFF_SPOT_CHECK)) == 2
    with pytest.raises(LookupError):
        here.do(spotwork.record, here.county, made.id + 1, first, **found)
