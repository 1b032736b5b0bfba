"""Who spoke for a household, and what such a person may hear of it.

A neighbour or an assistant who reports a household learns that it is looked after, and nothing of
what is given, refused, or why: that is told to the household alone (社会救助法 art. 70;
个人信息保护法 art. 25).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from models.cases import Attachment, Case
from models.settings import mark
from models.statuses import EventKind, Status

# These answer for the household as its own members do.
FAMILY = frozenset({"parent", "child", "kin"})
# What the one who reported did, or what was done with what they sent: told as it is.
THEIR_OWN = frozenset({
    EventKind.SUBMIT, EventKind.SUPPLIED, EventKind.TOLD_MORE, EventKind.PAPER_CLEAR,
    EventKind.PAPER_UNCLEAR, EventKind.WITHDRAW_ASKED,
})
WAITING, AT_WORK = mark("已经报到镇上，等着登记"), mark("镇上在办")
LACKING, OVER = mark("镇上在等这家人的材料"), mark("镇上办过了，结果直接告诉这家人")
STANDS = dict.fromkeys(Status, OVER) | {
    Status.SUBMITTED: WAITING,
    **dict.fromkeys(
        (
            Status.REGISTERED, Status.ACCEPTED, Status.INVESTIGATING, Status.APPRAISING,
            Status.PROPOSED, Status.DECIDING, Status.REFERRED,
        ),
        AT_WORK,
    ),
    Status.RETURNED: LACKING,
    Status.WITHDRAWN: mark("这件收起来了，不办了"),
    Status.MERGED: mark("这家另有一件在办，并到一起了"),
}


# The photo that proves 凭委托书代办: one of its own kind, no other photo stands in for it.
LETTER = "letter"


def lacks_letter(case: Case, papers: Iterable[Attachment]) -> bool:
    """Whether somebody acts by a letter of authority that no photo shows."""
    says = case.answers.get("authority") == LETTER
    return says and not any(paper.proof == LETTER for paper in papers)


def is_strangers(case: Case) -> bool:
    """Whether it was told by someone outside the household's family."""
    return case.on_behalf and case.answers.get("relation") not in FAMILY


def reaches(case: Case) -> bool:
    """Whether what is written to the chat of a case reaches the household itself."""
    return case.person_id is not None and not is_strangers(case)


def may_bring(case: Case) -> bool:
    """Whether whoever opens it there may see what papers are lacking, and bring them."""
    return not is_strangers(case) or case.reporter_id is not None


# A clause with one of these may say who speaks; one with many digits holds somebody's number.
_SPEAKER = re.compile(r"[我俺咱阮侬]|邻居|隔壁|对门|本村|同村|[0-9０-９][0-9０-９ -]{5,}")
_CLAUSE = re.compile(r"[,，。;；!！?？、\n]+")


def unsigned(words: str, names: Collection[str] = ()) -> str:
    """What somebody said, less every clause that could tell who it was; `names` are theirs."""
    clauses = (clause.strip() for clause in _CLAUSE.split(words))
    return "，".join(
        clause for clause in clauses
        if clause and not _SPEAKER.search(clause) and not any(n and n in clause for n in names)
    )
