"""A county with departments and liaisons, on top of the desk's small world."""

from __future__ import annotations

from dataclasses import dataclass, field

from models import departments
from models.cases import Case
from models.departments import Department
from models.people import Person, Staff, view_of
from models.pushes import Push
from models.referrals import Referral, of_case
from models.statuses import Role
from tests.webhooks.desk.world import COUNTY, Browser, World


@dataclass
class Referring:
    """The world with 教育局 and 住房城乡建设局 in it, a liaison each."""

    world: World
    number: dict[str, int] = field(default_factory=dict)

    def accepted(self, **said: object) -> Case:
        """A case that the township has accepted."""
        case = self.world.case(**said)
        self.world.register(case)
        self.world.move(case, "li", "accept", scheme="temporary")
        return self.world.now(case)

    def referred(self, *names: str, papers: tuple[int, ...] = (), **said: object) -> Case:
        """A case that was referred to these departments."""
        case = self.accepted(**said)
        self.refer(case, *names, papers=papers)
        return self.world.now(case)

    def refer(self, case: Case, *names: str, papers: tuple[int, ...] = ()) -> None:
        self.world.move(
            case, "li", "refer", words="孩子下学期学费没着落，请看看能不能减免。",
            departments=tuple(str(self.number[name]) for name in names or ("教育局",)),
            papers=tuple(map(str, papers)),
        )

    def of(self, case: Case) -> list[Referral]:
        with self.world.ctx.db.read() as db:
            return list(of_case(db, case.id))

    def pushes(self, occasion: str) -> list[Push]:
        with self.world.ctx.db.read() as db:
            return list(db.query(Push).filter_by(occasion=occasion).order_by(Push.id))

    def events(self, case: Case) -> list[tuple[str, dict[str, object], str | None]]:
        """What stands on the case's timeline: kind, details, what only staff see."""
        with self.world.ctx.db.read() as db:
            found = db.get(Case, case.id)
            assert found is not None
            return [(event.kind, event.details, event.internal) for event in found.events]

    def do(self, browser: Browser, referral: Referral, what: str, **form: str) -> int:
        """A liaison's button, from a page of this version unless another is given."""
        form.setdefault("version", str(referral.version))
        browser.get("/desk/referrals")
        return browser.post(f"/desk/referrals/{referral.id}/{what}", **form).status_code


def with_departments(world: World) -> Referring:
    """Fill the directory in, and bind a liaison to two of its departments."""
    ctx, made = world.ctx, Referring(world)
    with ctx.db.begin() as db:
        departments.fill_in(ctx, db, COUNTY)
        for short, name, unit in (
            ("jiao", "何老师", "教育局"), ("zhu", "邓工", "住房城乡建设局"),
            ("jiao2", "唐老师", "教育局"),
        ):
            one = db.query(Department).filter_by(area=COUNTY, name=unit).one()
            person = Person(created_at=ctx.now())
            db.add(person)
            db.flush()
            member = Staff(
                name=name, name_key=ctx.keys.lookup("name", name), role=Role.DEPARTMENT,
                area=COUNTY, unit=unit, department_id=one.id, person_id=person.id,
                created_at=ctx.now(),
            )
            db.add(member)
            db.flush()
            world.staff[short] = view_of(member)
            made.number[unit] = one.id
    return made
