"""The demo's departments, their liaisons, and a few cases that were referred to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flows.apply import CONSENT_VERSION
from models import casework, departments, referralwork, submitting
from models.cases import Case
from models.context import Context
from models.departments import Department
from models.people import Identity, Staff, view_of
from models.referrals import of_case
from models.speaking import known_person
from models.statuses import Role
from models.steps import Step
from webhooks.demo import county
from webhooks.demo.clock import FixedClock

EDUCATION, HOUSING, JOBS = "教育局", "住房城乡建设局", "人力资源和社会保障局"


@dataclass(frozen=True)
class Told:
    """One household: what it said, of whom the township asks what, and what came back."""

    name: str
    village: str
    days_ago: int
    what: str
    needs: tuple[str, ...]
    asked: str
    departments: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...] = ()


HOUSEHOLDS = (
    Told(
        "罗玉兰", "450799101202", 23, "两个娃在县里读书，住宿费交不起，房子也漏雨。",
        ("education", "housing"), "两个孩子的住宿费请看能不能减免；房子请去看看是不是危房。",
        (EDUCATION, HOUSING), ((EDUCATION, "take", ""),),
    ),
    Told(
        "蒙长贵", "450799101203", 8, "老屋墙裂了一条大缝，下雨不敢睡。", ("housing",),
        "请派人去看看老屋的墙，能不能列进危房改造。", (HOUSING,),
    ),
    Told(
        "谢彩云", "450799101201", 12, "女儿今年上高中，学费还差一半。", ("education",),
        "请看看孩子能不能办助学金、免学费。", (EDUCATION,),
        ((EDUCATION, "answer", "学校已经给孩子办了免学费，助学金十二月发到卡上，不用再交表。"),),
    ),
    Told(
        "周福来", "450799101200", 6, "厂子关了，四十八岁找不到活，家里等米下锅。", ("living",),
        "请看看有没有公益岗位，或者免费的培训。", (JOBS, EDUCATION),
        ((EDUCATION, "back", "本人不上学，培训归人社局，请转他们。"),),
    ),
)


def seed(ctx: Context, slug: str) -> None:
    """Fill the directory in, bring in the liaisons, and refer a few cases as people would."""
    with ctx.db.begin() as session:
        departments.fill_in(ctx, session, county.COUNTY)
        for member in county.LIAISONS:
            _liaison(ctx, session, slug, member)
    for number, household in enumerate(HOUSEHOLDS):
        _refer(ctx, slug, number, household)


def _liaison(ctx: Context, session: Session, slug: str, member: county.Member) -> None:
    person_id = known_person(ctx, session, slug, member.openid)
    for identity in session.scalars(select(Identity).where(Identity.person_id == person_id)):
        identity.followed = True
    session.add(
        Staff(
            name=member.name, name_key=ctx.keys.lookup("name", member.name), role=member.role,
            area=member.area, unit=member.unit, person_id=person_id, created_at=ctx.now(),
            department_id=_department(session, member.unit).id,
        )
    )


def _department(session: Session, name: str) -> Department:
    query = select(Department).where(Department.area == county.COUNTY, Department.name == name)
    return session.scalars(query).one()


def _refer(ctx: Context, slug: str, number: int, told: Told) -> None:
    local = ctx.now().astimezone(ctx.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    clock = FixedClock(local - timedelta(days=told.days_ago))
    random = Random(number)  # noqa: S311  # the same day gives the same receipts
    then = replace(ctx, clock=clock, random_below=random.randrange)
    with then.db.begin() as session:
        case = _submit(then, session, slug, number, told)
        receipt, township = case.receipt, case.township
        officer = session.scalars(
            select(Staff).where(Staff.area == township, Staff.role == Role.OFFICER)
        ).first()
        assert officer is not None
        asked = tuple(str(_department(session, name).id) for name in told.departments)
        view, unit = view_of(officer), officer.unit
    for step in (
        Step("register", 1, unit=unit, officer_id=view.id),
        Step("refer", 2, words=told.asked, departments=asked),
    ):
        clock.at += timedelta(hours=3)
        with then.db.begin() as session:
            casework.make_move(then, session, view, receipt, step)
    for unit, what, words in told.answers:
        clock.at = min(clock.at + timedelta(days=2), ctx.now())
        with then.db.begin() as session:
            _answer(then, session, receipt, unit, what, words)


def _answer(
    ctx: Context, session: Session, receipt: str, unit: str, what: str, words: str
) -> None:
    case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
    one = next(row for row in of_case(session, case.id) if row.department.name == unit)
    view = view_of(departments.liaisons(session, one.department_id)[0])
    if what == "take":
        referralwork.take(ctx, session, view, one.id, one.version)
    elif what == "back":
        referralwork.hand_back(ctx, session, view, one.id, one.version, words)
    else:
        referralwork.answer(ctx, session, view, one.id, one.version, words)


def _submit(ctx: Context, session: Session, slug: str, number: int, told: Told) -> Case:
    phone = f"1700001{number:04}"
    return submitting.submit(
        ctx, session,
        submitting.Application(
            account=slug, person_id=known_person(ctx, session, slug, f"demo-referred-{number}"),
            bundle=f"{0xEF0000 + number:032x}", name=told.name, phone=phone, urgent=False,
            living=told.village, home=told.village, incident=None, on_behalf=False, scheme=None,
            consent_version=f"{CONSENT_VERSION}:both",
            answers={
                "whom": "self", "what": told.what, "urgent": False, "living": told.village,
                "household": 3, "household_words": "3口人", "care": [],
                "needs": list(told.needs), "name": told.name, "phone": phone, "consent": "both",
            },
        ),
    )
