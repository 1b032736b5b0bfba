"""What staff give with a step: the value, what each move needs of it, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from models.areas import covers
from models.cases import Case
from models.context import Context
from models.departments import chosen
from models.leave import is_away
from models.moves import Move
from models.paces import STABLE
from models.paths import PATHS, path_of
from models.people import Staff
from models.proposals import Proposal
from models.settings import mark

# Words that staff write to a resident: a chat message fits on one screen of an old phone.
WORDS_LIMIT = 500
UNIT_LIMIT = 60
INTERNAL_LIMIT = 1000
FORMS = {"money": mark("发钱"), "goods": mark("发东西"), "service": mark("上门服务")}
# What may be left out when help comes first (民发〔2018〕23号: 核对、评议、公示可以简化).
SKIPPABLE = {
    "survey": mark("入户调查"),
    "verification": mark("经济状况核对"),
    "appraisal": mark("民主评议"),
    "notice": mark("公示"),
}
GROUNDS = {
    "review": mark("行政复议"), "suit": mark("行政诉讼"), "facts": mark("有新情况"),
}

ON_LEAVE = mark("这位请假了，请选另一位经办人。")


class MoveRefused(Exception):
    """A move that cannot be made now; `reason` is a marked sentence, `field` what to mend."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


NEEDS = {
    "unit": mark("请写上哪个单位负责，比如“民政办”。"),
    "officer": mark("请选一位经办人。"),
    "missing": mark("请写上缺什么，一行一样。"),
    "words": mark("请写上给居民的话。"),
    "reason": mark("请写上原因。"),
    "scheme": mark("请选按哪一项办。"),
    "grant": mark("请写上给多少钱，或者给什么。"),
    "skipped": mark("请勾上先放一放、随后要补的几样。"),
    "from_on": mark("请选从哪一天起。"),
    "died_on": mark("请写上去世的日子。"),
    "departments": mark("请选转给哪个部门。"),
    "ground": mark("请选为什么重新查。"),
    "into": mark("请写上并到哪个编号。"),
    "recheck_why": mark("请写上为什么说这家稳定，比如“两位老人，子女都不在了”。"),
}
TOO_LONG = mark("写得太长了，居民的手机上看不全。请缩到500字以内。")
UNIT_TOO_LONG = mark("单位名称太长了，请写简称，60个字以内。")
INTERNAL_TOO_LONG = mark("留给同事的话太长了，请缩到1000字以内。")
NOT_BEFORE_TODAY = mark("这个日子已经过了，请选今天或以后的日子。")
TOO_FAR_AHEAD = mark("这个日子太远了，请选一年以内的日子。")
MOST_AHEAD = timedelta(days=366)
NOT_AFTER_TODAY = mark("这个日子还没到，请再核对一遍。")


@dataclass(frozen=True)
class Grant:
    """What is granted: `amount` is yuan (each month where `monthly`); else what, in `words`."""

    form: str
    amount: Decimal | None = None
    words: str = ""
    monthly: bool = False
    persons: int = 1

    def kept(self) -> dict[str, Any]:
        """As the timeline keeps it."""
        return {**asdict(self), "amount": str(self.amount) if self.amount is not None else None}


def grant_of(kept: dict[str, Any]) -> Grant:
    """The grant that `kept` gave."""
    amount = kept.get("amount")
    return Grant(**{**kept, "amount": Decimal(amount) if amount is not None else None})


@dataclass(frozen=True)
class Step:
    """A move as staff ask for it: `version` is that of the page they looked at."""

    move: str
    version: int
    unit: str = ""
    officer_id: int | None = None
    missing: tuple[str, ...] = ()
    words: str = ""
    reason: str = ""
    internal: str = ""
    scheme: str | None = None
    grant: Grant | None = None
    skipped: tuple[str, ...] = ()
    from_on: date | None = None
    recheck: str = ""
    recheck_why: str = ""
    died_on: date | None = None
    departments: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    ground: str = ""
    into: str = ""


def scheme_of(case: Case, line: Move, step: Step) -> str | None:
    """The scheme that a move goes by: the case's own; one that is named counts only where the
    move asks for it and the case is not accepted under another."""
    if "scheme" in line.needs and case.accepted_on is None:
        return step.scheme or case.scheme
    return case.scheme


def step_of(details: dict[str, Any], asked: Step, today: date) -> Step:
    """A step as it was put forward; who decides may put the words better, nothing else.

    What was to begin on a day that has passed since begins today.
    """
    given: dict[str, Any] = {}
    if details.get("grant"):
        given["grant"] = grant_of(details["grant"])
    if details.get("from_on"):
        given["from_on"] = max(date.fromisoformat(details["from_on"]), today)
    return replace(asked, **given, words=asked.words.strip() or str(details.get("words", "")))


def details_of(
    ctx: Context, session: Session, case: Case, line: Move, step: Step,
    open_: Proposal | None = None,
) -> dict[str, Any]:
    """What the step's sentence is filled with; refuses what the table says is needed."""
    details: dict[str, Any] = {}
    for need in line.needs:
        value = scheme_of(case, line, step) if need == "scheme" else _READ[need](step)
        if not value:
            raise MoveRefused(NEEDS[need], need)
        details[need] = value
    for need in set(line.needs) & {"words", "reason", "missing"}:
        written = details[need] if need == "missing" else (details[need],)
        if max(map(len, written)) > WORDS_LIMIT:
            raise MoveRefused(TOO_LONG, need)
    _check(ctx, session, case, line, step, details)
    if open_ is not None and "grant" not in details and "grant" in open_.details:
        details["grant"] = open_.details["grant"]
    if "{remedies}" in line.told:
        details["remedies"] = asdict(ctx.settings.remedies)
    return details


def _check(
    ctx: Context, session: Session, case: Case, line: Move, step: Step, details: dict[str, Any]
) -> None:
    """What is there but cannot be."""
    if len(details.get("unit", "")) > UNIT_LIMIT:
        raise MoveRefused(UNIT_TOO_LONG, "unit")
    if "officer" in details:
        details["officer"] = _officer(ctx, session, case, line, step)
    if "departments" in details:
        details["departments"] = department_names(session, case, step.departments)
    scheme = details.get("scheme")
    if scheme is not None and not (scheme in PATHS and line.fits(path_of(scheme))):
        raise MoveRefused(NEEDS["scheme"], "scheme")
    if "from_on" in details and step.from_on is not None:
        _begins(step.from_on, ctx.today())
    if "died_on" in details and step.died_on is not None and step.died_on > ctx.today():
        raise MoveRefused(NOT_AFTER_TODAY, "died_on")
    if line.name == "assist":
        details |= {"recheck": step.recheck, "recheck_why": stable_why(step)}
    if set(details.get("skipped", ())) - set(SKIPPABLE):
        raise MoveRefused(NEEDS["skipped"], "skipped")
    if details.get("ground", "facts") not in GROUNDS:
        raise MoveRefused(NEEDS["ground"], "ground")


def _begins(day: date, today: date) -> None:
    """From when help is given: not before today, and within the year."""
    if day < today:
        raise MoveRefused(NOT_BEFORE_TODAY, "from_on")
    if day > today + MOST_AHEAD:
        raise MoveRefused(TOO_FAR_AHEAD, "from_on")


def department_names(
    session: Session, case: Case, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """The names of the departments chosen; refuses one that is not in the county's directory."""
    found = chosen(session, case.county, asked)
    if not found:
        raise MoveRefused(NEEDS["departments"], "departments")
    return tuple(department.name for department in found)


def stable_why(step: Step) -> str:
    """Why a household is looked at less often; refused where nothing is said of it."""
    why = step.recheck_why.strip()
    if step.recheck == STABLE and not why:
        raise MoveRefused(NEEDS["recheck_why"], "recheck_why")
    if len(why) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "recheck_why")
    return why


def _officer(ctx: Context, session: Session, case: Case, line: Move, step: Step) -> str:
    officer = session.get(Staff, step.officer_id)
    able = officer is not None and officer.role in line.roles and not officer.left_at
    if officer is None or not able or not covers(officer.area, case.township):
        raise MoveRefused(NEEDS["officer"], "officer")
    if is_away(officer, ctx.today()):
        raise MoveRefused(ON_LEAVE, "officer")
    return officer.name


def _grant(step: Step) -> dict[str, Any] | None:
    grant = step.grant
    if grant is None or grant.form not in FORMS:
        return None
    if grant.form == "money" and grant.amount is None:
        return None
    if grant.form != "money" and not grant.words.strip():
        return None
    return grant.kept()


_READ: dict[str, Callable[[Step], Any]] = {
    "unit": lambda step: step.unit.strip(),
    "officer": lambda step: step.officer_id,
    "missing": lambda step: tuple(item.strip() for item in step.missing if item.strip()),
    "words": lambda step: step.words.strip(),
    "reason": lambda step: step.reason.strip(),
    "grant": _grant,
    "skipped": lambda step: step.skipped,
    "from_on": lambda step: step.from_on.isoformat() if step.from_on else None,
    "died_on": lambda step: step.died_on.isoformat() if step.died_on else None,
    "departments": lambda step: step.departments,
    "ground": lambda step: step.ground,
    "into": lambda step: step.into.strip(),
}
