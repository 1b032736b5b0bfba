"""A county with any number of cases, written straight into the tables: for speed and for plans.

Twenty townships of ten villages, ten years. Of all cases 4 % are to be done and 5 % are given
help month after month, however many there are; the rest is over. All of it is invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, text

from models import receipts
from models.areas import Area, Level
from models.assistance import Assistance, AssistanceChange
from models.cases import Attachment, Case, CaseEvent
from models.clocks import CaseClock
from models.groups import placed
from models.people import Person
from models.sealed import KeyRing, json_text
from models.session import Database
from models.statuses import Status

COUNTY = "530999000000"
TOWNSHIPS = [f"530999{101 + place}000" for place in range(20)]
VILLAGES = 10
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡", "秀英明华建国芳丽敏静军强磊洋勇艳杰娟涛超"
SCHEMES = ("dibao", "temporary", "tekun", "disability", "elderly", "medical", "child", None)
SHARES = (40, 25, 8, 8, 6, 6, 2, 5)
TO_DO = (
    Status.SUBMITTED, Status.REGISTERED, Status.RETURNED, Status.ACCEPTED, Status.INVESTIGATING,
    Status.PROPOSED, Status.DECIDING, Status.REFERRED, Status.GRANTED,
)
OVER = (Status.ENDED, Status.ENDED, Status.ANSWERED, Status.REFUSED, Status.DECLINED,
        Status.WITHDRAWN)
TABLES: tuple[Any, ...] = (
    Person, Case, CaseEvent, CaseClock, Attachment, Assistance, AssistanceChange
)
BATCH = 20_000
# Every second case has an ID number; this one's is a real one's look, of nobody.
WITH_ID, ID_NUMBER = 4242, "11010519491231002X"
Row = dict[str, Any]


def village(township: str, place: int) -> str:
    return f"{township[:9]}{201 + place}"


def areas() -> list[Area]:
    """The county, before its cases; the higher places first."""
    found = [Area(code=COUNTY, name="云岭县", level=Level.COUNTY, phone="0777-700 0000")]
    found += [
        Area(code=code, name=f"第{n}乡", level=Level.TOWNSHIP, parent=COUNTY)
        for n, code in enumerate(TOWNSHIPS, start=1)
    ]
    return found + [
        Area(code=village(code, n), name=f"第{n + 1}村", level=Level.VILLAGE, parent=code)
        for code in TOWNSHIPS for n in range(VILLAGES)
    ]


def receipt(number: int) -> str:
    """The receipt of the case of this number."""
    return receipts.new_receipt(2020 + number // 1_000_000, 1 + number % 12, number % 1_000_000)


def name_of(number: int) -> str:
    """One of 5,000 names: there are namesakes."""
    n = number % 5000
    return FAMILY[n % 15] + GIVEN[n // 15 % 20] + GIVEN[n // 300 % 20]


def phone_of(number: int) -> str:
    return f"170{number:08d}"


class Crowd:
    """Makes the rows of the case of a number; the same for the same number."""

    def __init__(self, keys: KeyRing, today: date) -> None:
        self.keys, self.today = keys, today
        said = {"what": "上个月摔断了腿，家里揭不开锅了", "household": 3, "consent": "both"}
        self.answers = keys.seal(json_text(said).encode(), "cases.answers")
        self.details = keys.seal(json_text({"receipt": ""}).encode(), "case_events.details")
        self.id_number = keys.seal(ID_NUMBER.encode(), "cases.id_number")
        self.names = [keys.seal(name_of(n).encode(), "cases.name") for n in range(5000)]
        self.chance = random.Random(7)

    def rows(self, number: int) -> Iterator[tuple[Any, Row]]:
        """Every row of one case, by table; the case comes before what belongs to it."""
        chance = self.chance
        percent = chance.random() * 100
        status = (
            chance.choice(TO_DO) if percent < 4
            else chance.choice((Status.ASSISTED, Status.ASSISTED, Status.TAPERING)) if percent < 9
            else chance.choice(OVER)
        )
        age = chance.randrange(40) if percent < 4 else chance.randrange(40, 3650)
        day = self.today - timedelta(days=age)
        came = datetime.combine(day, time(1, chance.randrange(60)), UTC)
        case = self._case(number, status, came)
        if number % 2:
            yield Person, {"id": number, "created_at": came, "locale": "", "big_type": False}
        yield Case, case
        yield from self._steps(number, case, came)
        if status in (Status.ASSISTED, Status.TAPERING, Status.ENDED):
            yield from self._help(number, case, came.date(), status)

    def _case(self, number: int, status: Status, came: datetime) -> Row:
        chance, township = self.chance, self.chance.choice(TOWNSHIPS)
        place, urgent = village(township, chance.randrange(VILLAGES)), chance.random() < 0.05
        due = (
            self.today + timedelta(days=chance.randrange(-6, 20))
            if status in TO_DO and status not in (Status.RETURNED, Status.PROPOSED) else None
        )
        return {
            "id": number, "receipt": receipt(number), "bundle": f"{number:032d}",
            "account": "yunling", "person_id": number | 1 if number % 2 else None,
            "status": status.value, "urgent": urgent,
            "scheme": chance.choices(SCHEMES, SHARES)[0], "county": COUNTY, "township": township,
            "home_area": place, "living_area": place, "incident_area": None,
            "answers": self.answers, "name": self.names[number % 5000],
            "name_key": self.keys.lookup("name", name_of(number)),
            "phone": self.keys.seal(phone_of(number).encode(), "cases.phone"),
            "phone_key": self.keys.lookup("phone", phone_of(number)), **self._id_number(number),
            "on_behalf": False, "consent_version": "2026-11",
            "consented_at": came, "unit": "民政办", "officer_id": None,
            "clock": "acceptance" if due else None, "clock_from": came.date() if due else None,
            "due_on": due, "due_basis": "", "answer_on": due, "answer_basis": "",
            "accepted_on": came.date(), "created_at": came,
            "updated_at": came + timedelta(days=5), "version": 4,
            "call": "supplied" if status in TO_DO and chance.random() < 0.05 else "",
            **placed(status, urgent, due, came + timedelta(days=5)),
        }

    def _id_number(self, number: int) -> Row:
        if number % 2:
            return {"id_number": None, "id_key": None}
        return {
            "id_number": self.id_number,
            "id_key": self.keys.lookup(
                "id_number", ID_NUMBER if number == WITH_ID else f"{number:018d}"
            ),
        }

    def _steps(self, number: int, case: Row, came: datetime) -> Iterator[tuple[Any, Row]]:
        late = self.chance.random() < 0.1
        for place, (kind, day) in enumerate((("submit", 0), ("register", 2), ("accept", 5))):
            yield CaseEvent, {
                "id": number * 3 + place, "case_id": number, "at": came + timedelta(days=day),
                "kind": kind, "from_status": None, "to_status": case["status"], "staff_id": None,
                "person_id": None, "details": self.details, "internal": None, "due_on": None,
                "due_basis": "",
            }
        for place, kind in enumerate(("registration", "acceptance")):
            yield CaseClock, {
                "id": number * 2 + place, "case_id": number, "kind": kind, "state": "over",
                "started_on": came.date(), "due_on": came.date() + timedelta(days=3 + 4 * place),
                "days": 3, "counted": 3, "counted_from": case["created_at"].date(),
                "unit": "working_days", "basis": "", "left": None, "reason": None,
                "extended": 0, "extended_for": None, "stage": 0, "provisional": False,
                "over_at": came + timedelta(days=9 if late else 2 + 3 * place),
            }
        if number % 4 == 0:
            yield Attachment, {
                "id": number, "bundle": case["bundle"], "person_id": 1, "account": "yunling",
                "kind": "image", "media_id": None, "spoken": None, "state": "stored",
                "quality": "clear", "proof": "", "seconds": 0, "content_type": "image/jpeg",
                "size": 1, "sha256": "", "path": "", "tries": 0, "next_try_at": None,
                "created_at": came,
            }

    def _help(
        self, number: int, case: Row, day: date, status: Status
    ) -> Iterator[tuple[Any, Row]]:
        amount, over = Decimal(self.chance.randrange(200, 900)), status is Status.ENDED
        yield Assistance, {
            "id": number, "case_id": number, "county": COUNTY, "township": case["township"],
            "village": case["living_area"], "scheme": case["scheme"] or "temporary",
            "form": "money", "amount": amount, "words": None, "monthly": not over,
            "persons": 1 + number % 4, "urgent": False, "state": "ended" if over else "running",
            "decided_on": day, "from_on": None if over else day, "until_on": day if over else None,
            "recheck_on": None, "recheck_months": 6,
        }
        yield AssistanceChange, {
            "id": number, "assistance_id": number, "kind": "finish" if over else "assist",
            "before": None, "after": amount, "from_on": day, "staff_id": None,
            "at": case["created_at"],
        }


def fill(db: Database, count: int, today: date) -> None:
    """Write so many cases into a migrated database, and let it learn about them."""
    with db.begin() as session:
        for area in areas():
            session.merge(area)
            session.flush()
    tables: list[Table] = [one.__table__ for one in TABLES]
    indexes = [index for table in tables for index in table.indexes]
    with db.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    crowd = Crowd(db.keys, today)
    for first in range(1, count + 1, BATCH):
        kept: dict[Any, list[Row]] = {one: [] for one in TABLES}
        for number in range(first, min(first + BATCH, count + 1)):
            for table, row in crowd.rows(number):
                kept[table].append(row)
        for one, rows in kept.items():
            _write(db, one.__table__, rows)
    with db.engine.begin() as connection:
        for index in indexes:
            index.create(connection)
    _learn(db)


def _write(db: Database, table: Table, rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    raw = db.engine.raw_connection()
    try:
        if db.is_sqlite:
            raw.cursor().execute("PRAGMA foreign_keys = OFF")
            raw.cursor().execute("BEGIN")
            marks = ", ".join("?" * len(names))
            raw.cursor().executemany(
                f"INSERT INTO {table.name} ({columns}) VALUES ({marks})",
                [[_plain(row[name]) for name in names] for row in rows],
            )
            raw.cursor().execute("COMMIT")
            raw.cursor().execute("PRAGMA foreign_keys = ON")
        else:
            cursor = raw.driver_connection.cursor()
            # The rows are right by their making: no trigger needs to look each one up.
            cursor.execute("SET LOCAL session_replication_role = replica")
            with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([row[name] for name in names])
            raw.commit()
    finally:
        raw.close()


def _plain(value: Any) -> Any:
    """A value as SQLAlchemy keeps it in SQLite."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _learn(db: Database) -> None:
    with db.engine.connect() as connection:
        if db.is_sqlite:
            connection.execute(text("ANALYZE"))
            connection.commit()
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM ANALYZE")
            )
