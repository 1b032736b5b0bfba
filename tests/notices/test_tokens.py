"""One token for all: fetched once, in good time, forced only when it must be."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from models import leases
from notices.channel import Outcome, PlatformTrouble
from notices.wechat_channel import platform_of
from tests.notices.house import House

TOKEN = "stable_token"


def test_twenty_cold_threads_in_two_processes_fetch_once(either: House) -> None:
    twin = either.other()
    someone = either.follow()
    either.write(someone)
    either.fault(TOKEN, delay_ms=200)

    def ask(number: int) -> str:
        return platform_of(twin if number % 2 else either.ctx, "qingshui")._tokens.get()

    with ThreadPoolExecutor(20) as pool:
        tokens = set(pool.map(ask, range(20)))
    assert len(tokens) == 1
    assert len(either.calls(TOKEN)) == 1


def test_a_token_is_fetched_anew_five_minutes_early(house: House) -> None:
    tokens = platform_of(house.ctx, "qingshui")._tokens
    first = tokens.get()
    house.clock.move(minutes=114)
    assert tokens.get() == first
    house.clock.move(minutes=2)
    assert tokens.get() != first
    assert len(house.calls(TOKEN)) == 2


def test_another_process_takes_the_stored_one(house: House) -> None:
    first = platform_of(house.ctx, "qingshui")._tokens.get()
    assert platform_of(house.other(), "qingshui")._tokens.get() == first
    assert len(house.calls(TOKEN)) == 1


def test_trouble_keeps_nothing_of_who_met_it(house: House) -> None:
    """A traceback holds every frame of a request, and what stood in them."""

    class Asked:
        pass

    house.fault(TOKEN, errcode=40125)
    tokens = platform_of(house.ctx, "qingshui")._tokens

    def ask() -> weakref.ref[Asked]:
        asked = Asked()
        with pytest.raises(PlatformTrouble):
            tokens.get()
        return weakref.ref(asked)

    first, again = ask(), ask()
    gc.collect()
    assert (first(), again()) == (None, None)
    assert len(house.calls(TOKEN)) == 1, "the second was told what the first had met"


def test_a_context_that_is_done_with_goes(house: House) -> None:
    other = house.other()
    platform_of(other, "qingshui")
    left = weakref.ref(other.directory)
    house.others.remove(other)
    other.db.close()
    del other
    gc.collect()
    assert left() is None


@pytest.mark.parametrize("errcode", [40001, 40014, 42001, 41001])
def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    house: House, errcode: int
) -> None:
    someone = house.follow()
    house.write(someone)
    house.fault("message/custom/send", errcode=errcode)
    platform_of(house.ctx, "qingshui").send_text(someone.openid, "您好")
    assert house.texts(someone) == ["您好"]
    # Asked plainly first; the platform gave the refused one again, so once by force.
    assert len(house.calls(TOKEN)) == 3


def test_a_refused_token_that_somebody_replaced_is_not_fetched_again(house: House) -> None:
    twin = house.other()
    old = platform_of(house.ctx, "qingshui")._tokens.get()
    new = platform_of(twin, "qingshui")._tokens.renew(old)
    before = len(house.calls(TOKEN))
    assert platform_of(house.ctx, "qingshui")._tokens.renew(old) == new
    assert len(house.calls(TOKEN)) == before


def test_a_token_that_is_refused_for_ever_ends(house: House) -> None:
    someone = house.follow()
    house.write(someone)
    house.fault("message/custom/send", errcode=40001, times=1000)
    platform = platform_of(house.ctx, "qingshui")
    for _ in range(5):
        with pytest.raises(PlatformTrouble) as caught:
            platform.send_text(someone.openid, "您好")
        assert caught.value.kind is Outcome.REFRESH_TOKEN
    assert len(house.calls(TOKEN)) <= 4
    assert len(house.calls("message/custom/send")) <= 10


def test_a_wrong_secret_is_told_to_all_who_wait_by_one_call(house: House) -> None:
    house.fault(TOKEN, errcode=40125, delay_ms=100, times=1000)
    platform = platform_of(house.ctx, "qingshui")

    def ask(_number: int) -> Outcome:
        with pytest.raises(PlatformTrouble) as caught:
            platform._tokens.get()
        return caught.value.kind

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {Outcome.STOP_ACCOUNT}
    assert len(house.calls(TOKEN)) == 1


def test_a_fetcher_that_died_holds_the_others_up_for_half_a_minute_only(house: House) -> None:
    with house.ctx.db.begin() as session:
        leases.take(session, "token:qingshui", "dead", house.clock.now(), 30)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(platform_of(house.ctx, "qingshui")._tokens.get)
        house.clock.move(seconds=31)
        assert waiting.result(timeout=10)


def test_the_token_lies_sealed(house: House) -> None:
    token = platform_of(house.ctx, "qingshui")._tokens.get()
    with house.ctx.db.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT token FROM platform_tokens").scalar_one()
    assert token.encode() not in bytes(row)
