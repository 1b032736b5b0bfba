"""The periodic jobs: one table. What runs them is `notices/worker.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from models import (
    announcing,
    audit,
    clockwork,
    concernclock,
    erasing,
    errandwatch,
    escalation,
    informwork,
    knocking,
    noticesigning,
    passing,
    recalendar,
    rechecks,
    supplementing,
)
from models.context import Context
from models.settings import mark
from notices import (
    articles,
    campaign,
    claims,
    forgetting,
    massing,
    media,
    metrics,
    renewing,
    texting,
)
from notices.draining import drain_on

# A run that is still going when its next one is due, again and again, is not started twice.
ROUNDS = 1000
# A job is late when its last run lies further back than two of its turns and this.
GRACE = timedelta(minutes=3)


class Shift(Protocol):
    """What a job gets of the worker that runs it."""

    ctx: Context
    storage: media.Store
    stopping: bool


@dataclass(frozen=True)
class Job:
    """One line of the table; `title` is what the desk calls it.

    `alone`: one runner at a time over all workers and hosts.
    """

    name: str
    seconds: float
    run: Callable[[Shift], int]
    alone: bool = False
    title: str = ""

    @property
    def late_after(self) -> timedelta:
        """How long after its last run it is late."""
        return timedelta(seconds=2 * self.seconds) + GRACE


def _drain(shift: Shift) -> int:
    """Until nothing is due."""
    rounds = iter(range(ROUNDS))
    return drain_on(shift.ctx, lambda: not shift.stopping and next(rounds, None) is not None)


def _media(shift: Shift) -> int:
    done = 0
    for _ in range(ROUNDS):
        now = media.fetch_waiting(shift.ctx, shift.storage)
        done += now
        if not now or shift.stopping:
            break
    return done


def _supplies(shift: Shift) -> int:
    return supplementing.tell_waiting(shift.ctx)


def _wake(shift: Shift) -> int:
    return texting.wake(shift.ctx)


def _expire(shift: Shift) -> int:
    with shift.ctx.db.begin() as session:
        return claims.expire(shift.ctx, session)


def _chain(shift: Shift) -> int:
    done = 0
    while True:
        with shift.ctx.db.begin() as session:
            now = audit.chain(session)
        done += now
        if now < audit.BATCH:
            return done


def _calendar(shift: Shift) -> int:
    clockwork.catch_up(shift.ctx)
    return recalendar.sweep(shift.ctx, lambda: shift.stopping)


def _clocks(shift: Shift) -> int:
    """What time alone does first, so that nobody is told of what has just gone on."""
    clockwork.catch_up(shift.ctx)
    passed = passing.pass_time(shift.ctx, lambda: shift.stopping)
    passed += concernclock.remind(shift.ctx)
    passed += informwork.sweep(shift.ctx, lambda: shift.stopping)
    passed += errandwatch.watch(shift.ctx, lambda: shift.stopping)
    return passed + escalation.escalate(shift.ctx, lambda: shift.stopping)


def _rechecks(shift: Shift) -> int:
    with shift.ctx.db.begin() as session:
        return rechecks.tell_due(shift.ctx, session)


def _erase(shift: Shift) -> int:
    return erasing.sweep(shift.ctx, shift.storage)


def _knocks(shift: Shift) -> int:
    return knocking.knock(shift.ctx)


def _notices(shift: Shift) -> int:
    return noticesigning.turn(shift.ctx)


def _renewals(shift: Shift) -> int:
    return renewing.renew(shift.ctx, lambda: shift.stopping)


def _articles(shift: Shift) -> int:
    return articles.tend(shift.ctx)


def _masses(shift: Shift) -> int:
    return massing.tend(shift.ctx, lambda: shift.stopping)


def _campaigns(shift: Shift) -> int:
    return campaign.advance(shift.ctx, lambda: shift.stopping)


def _announce(shift: Shift) -> int:
    return announcing.announce(shift.ctx, lambda: shift.stopping)


def _measure(shift: Shift) -> int:
    metrics.measure(shift.ctx)
    return 0


def _purge(shift: Shift) -> int:
    return forgetting.purge(shift.ctx)


JOBS = (
    Job("media", 2, _media, title=mark("收大家发来的照片和录音")),
    # Before the outbox, so that what they tell goes out in the same turn.
    Job("calendar", 30, _calendar, alone=True, title=mark("放假安排变了，重算日子")),
    Job("clocks", 60, _clocks, alone=True, title=mark("看时限：到期的提醒、升级")),
    Job("supplies", 3, _supplies, alone=True, title=mark("补来的材料，告诉经办人")),
    Job("erase", 30, _erase, alone=True, title=mark("撤回了同意的，删掉他的资料")),
    Job("campaigns", 3, _campaigns, alone=True, title=mark("群发：到时间的写出来")),
    Job("drain", 1, _drain, title=mark("发通知")),
    Job("expire", 60, _expire, title=mark("过了时候的通知，不再发")),
    Job("wake", 60, _wake, alone=True, title=mark("等了很久的，改发短信")),
    Job("measure", 15, _measure, title=mark("数一数还有多少通知没发")),
    # After what has just ended for good; what it tells goes out at the next turn.
    Job("knocks", 300, _knocks, alone=True, title=mark("没通知到的，请协理员上门")),
    Job("notices", 5, _notices, alone=True, title=mark("公示到日子的挂出、撤下")),
    Job("articles", 15, _articles, alone=True, title=mark("公众号里的文章")),
    Job("masses", 15, _masses, alone=True, title=mark("文章群发给关注的人")),
    Job("announce", 30, _announce, alone=True, title=mark("有新公示，告诉村里的人")),
    Job("renewals", 300, _renewals, alone=True, title=mark("每月的长期公示")),
    Job("rechecks", 3600, _rechecks, alone=True, title=mark("该复核的，告诉经办人")),
    Job("audit_chain", 30, _chain, alone=True, title=mark("操作记录连成一串，防改动")),
    Job("purge", 3600, _purge, alone=True, title=mark("清掉用完的记录")),
)
