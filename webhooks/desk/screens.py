"""The screen of one move: what it asks for, and the very message that the resident will get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from models import approval, casequeries, granting, proposals
from models.cases import Case
from models.clockwork import clock_due
from models.context import Context
from models.moves import NOT_OURS, Move
from models.offers import to_decide
from models.onbehalf import reaches
from models.outgoing import Occasion
from models.paths import PATHS, path_of
from models.people import Staff
from models.policy import StaffView
from models.proposals import Proposal
from models.settings import Translate, mark
from models.steps import (
    FORMS,
    GROUNDS,
    SKIPPABLE,
    WORDS_LIMIT,
    Grant,
    MoveRefused,
    Step,
    grant_of,
    scheme_of,
)
from notices.occasions import spoken
from webhooks import access
from webhooks.desk import case as room
from webhooks.desk import hanging, picks, rechecks, telling

# Buttons that say what they do; moves without one of their own say the move's title.
BUTTONS = {
    "register": mark("登记，交给他办"),
    "return": mark("请本人补这些"),
    "accept": mark("受理，开始办"),
    "answer": mark("发给本人，办结"),
    "withdraw": mark("撤回这件事"),
    "propose": mark("公示出去"),
    "forward": mark("报上去"),
    "propose_refusal": mark("报上去"),
    "grant": mark("同意，定下来"),
    "refuse": mark("不予确认，告诉本人"),
    "grant_urgent": mark("先救助"),
    "finish": mark("发了，办结"),
    "refer": mark("转过去"),
}
PUT_FORWARD = mark("提上去，请另一位定")
AGREE = mark("同意，就这样办")
BLANK = "……"
UNITS = (mark("民政办"), mark("社会事务办"), mark("便民服务中心"), mark("残联"), mark("乡村振兴办"))
# What is missing most often; one tap each. Sent in the language that residents are written in.
PAPERS = (
    mark("身份证正反面"),
    mark("户口本首页和每个人那一页"),
    mark("医院的诊断书或出院小结"),
    mark("看病的发票或结算单"),
    mark("家里人的收入情况"),
    mark("残疾人证"),
    mark("在校证明"),
    mark("收钱用的银行卡或存折"),
    mark("替人办事的委托书"),
)


def screen(
    ctx: Context, db: Session, staff: StaffView, line: Move, file: room.File, step: Step,
    refused: MoveRefused | None = None,
) -> str:
    """The page of this move for this case; `refused` says what to mend."""
    t, case = access.speech(), file.case
    open_ = proposals.open_proposal(db, case.id)
    officers = (
        casequeries.officers(db, case.township, case.id, ctx.today())
        if "officer" in line.needs else []
    )
    return render_template(
        "desk/move.html", case=case, name=telling.name_of(t, case), line=line, step=step,
        title=t(line.title), button=t(_button(staff, line, open_)),
        decides=to_decide(staff, line, open_), proposal=telling.proposed(t, open_),
        hangs=hanging.of(ctx, t, db, case, open_).words or hanging.before(t, case, line.name),
        what=telling.first_words(t, case), due=telling.due_words(ctx, t, case),
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
        preview=_preview(ctx, case, line, picks.named(db, case, step), officers, open_),
        limit=WORDS_LIMIT, **_offers(ctx, t, db, case, line, step, officers),
    )


def _button(staff: StaffView, line: Move, open_: Proposal | None) -> str:
    if line.second:
        return AGREE if to_decide(staff, line, open_) else PUT_FORWARD
    return BUTTONS.get(line.name, line.title)


def _offers(
    ctx: Context, t: Translate, db: Session, case: Case, line: Move, step: Step,
    officers: Sequence[Staff],
) -> dict[str, Any]:
    """What can be picked from, by the fields that the move needs."""
    needs = set(line.needs)
    found: dict[str, Any] = {"typed": request.form}
    if "officer" in needs:
        found["officers"] = [(str(officer.id), officer.name) for officer in officers]
        # As they are: what is picked is kept, and read by residents in Chinese.
        found["units"] = list(UNITS)
    if "missing" in needs:
        found["papers"] = [(paper, t(paper)) for paper in PAPERS]
        found["own_lines"] = "\n".join(item for item in step.missing if item not in PAPERS)
    if "scheme" in needs:
        found["schemes"] = [
            (path.scheme, t(path.name)) for path in PATHS.values() if line.fits(path)
        ]
    if "grant" in needs:
        given = granting.of_case(db, case.id)
        found["forms"] = [(form, t(words)) for form, words in FORMS.items()]
        found["grant"] = step.grant or _given(given, case)
        found["verdict"] = approval.may_decide(
            ctx, case.township, scheme_of(case, line, step), None
        )
    if "skipped" in needs:
        found["skippable"] = [(key, t(words)) for key, words in SKIPPABLE.items()]
    if "departments" in needs:
        found |= picks.offers(db, case)
    if line.name == "assist":
        found["paces"] = rechecks.paces(case)
        found["recheck_basis"] = ctx.settings.rechecks.basis
    if "ground" in needs:
        found["grounds"] = [(key, t(words)) for key, words in GROUNDS.items()]
    found["today"] = ctx.today()
    return found


def _given(given: Any, case: Case) -> Grant:
    """What a grant's fields begin with: what is given now, or what the scheme usually gives."""
    if given is not None:
        return Grant(given.form, given.amount, given.words or "", given.monthly, given.persons)
    household = case.answers.get("household")
    persons = household if isinstance(household, int) and 1 <= household <= 30 else 1
    return Grant("money", None, "", path_of(case.scheme).regular, persons)


def _preview(
    ctx: Context, case: Case, line: Move, step: Step, officers: Sequence[Staff],
    open_: Proposal | None,
) -> dict[str, Any]:
    """The very message that the resident will get, with …… for what is still to be filled in.

    `template` has placeholders there instead, for the script that fills them while one types.
    """
    names = {officer.id: officer.name for officer in officers}
    put = open_.details if open_ is not None else {}
    filled = {
        "unit": step.unit or BLANK,
        "officer": names.get(step.officer_id or 0, BLANK),
        "missing": step.missing or (BLANK,),
        "words": step.words or str(put.get("words") or BLANK),
        "into": step.into or BLANK,
        "departments": step.departments or (BLANK,),
    }
    open_fields = {name: f"{{{name}}}" for name in filled} | {
        "missing": ("{missing}",), "departments": ("{departments}",),
    }
    fixed = _fixed(ctx, line, step, put)
    return {
        "words": _message(ctx, case, line, filled | fixed),
        "template": _message(ctx, case, line, open_fields | fixed),
        "reaches": reaches(case),
    }


def _fixed(ctx: Context, line: Move, step: Step, put: dict[str, Any]) -> dict[str, Any]:
    """What the script need not fill: the grant, days, and what refusals say of remedies."""
    grant = step.grant.kept() if step.grant and step.grant.form else put.get("grant")
    if line.told.find("{granted}") >= 0 and not (grant and (grant["amount"] or grant["words"])):
        grant = Grant("goods", words=BLANK).kept()
    found: dict[str, Any] = {"grant": grant}
    if "{remedies}" in line.told:
        found["remedies"] = vars(ctx.settings.remedies)
    if "{from_on}" in line.told:
        found["from_on"] = (step.from_on or ctx.today()).isoformat()
    return found


def _message(ctx: Context, case: Case, line: Move, given: dict[str, Any]) -> str:
    ours = [clock for clock in line.starts if clock not in NOT_OURS]
    until = clock_due(ctx, ours[0], case.township, case.scheme) if ours else None
    details = {
        "receipt": case.receipt, "township": case.township, "kind": line.name,
        "due_on": until.on.isoformat() if until else "", **given,
    }
    said = spoken(ctx, Occasion.CASE_MOVED, details, case.township, access.speech().locale)
    return f"{said.title}\n{said.body}"


def prefilled(
    line: Move, version: int, staff: StaffView, open_: Proposal | None, into: str = ""
) -> Step:
    """The step that a screen begins with."""
    put = open_.details if open_ is not None else {}
    return Step(
        line.name, version, unit=staff.unit, officer_id=staff.id,
        words=str(put.get("words", "")) if "words" in line.needs else "",
        grant=grant_of(put["grant"]) if line.second and put.get("grant") else None,
        into=into if "into" in line.needs else "",
        # What cannot wait and has no scheme yet is temporary help, most likely.
        scheme="temporary" if line.name == "grant_urgent" else None,
    )
