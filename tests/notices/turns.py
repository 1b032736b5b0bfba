"""Turns that several tests take: people in talk, a drained outbox, a fall at a given moment."""

from __future__ import annotations

import time

from models.context import Context
from notices.draining import drain
from tests.notices.house import House, Someone


def wait_for(what: object, seconds: float = 5.0) -> None:
    """Until the callable is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def drained(ctx: Context) -> int:
    done = 0
    while now := drain(ctx):
        done += now
    return done


def in_talk(house: House, number: int = 1) -> list[Someone]:
    people = [house.follow(f"居民{n}") for n in range(number)]
    for someone in people:
        house.write(someone)
    return people


def at_each_attempt(act: object):
    def listen(_conn, statement, *_rest):
        if "INSERT INTO push_attempts" in str(statement):
            act()

    return listen
