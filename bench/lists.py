"""Public notices: a list beside an empty page, 100,000 rows drafted, search among a million."""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.compare import say
from bench.drive import CONNECTIONS
from bench.place import Place, open_context
from bench.server import running
from models import noticedrafts, noticequeries, noticesigning
from models.context import Context
from models.people import Staff, view_of
from models.policy import StaffView
from models.publishing import Version
from models.rules import Rule
from models.statuses import Role
from notices.drafting import Wanted, drafted, gate
from notices.kinds import Kind
from notices.roster.opening import read_book

VILLAGE, TOWN = "450799101200", "450799101000"
VILLAGES = ("大湾村", "小湾村", "桥头村")
SHOWN, DRAFTED = 200, 100_000
FEW, MANY = 10_000, 1_000_000
SEARCHES = 300
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周", "秀英明华建国芳丽敏静军强磊洋勇艳杰娟涛超"
# One more list as good as the first, with all its rows: what differs is how many there are.
COPY = (
    "INSERT INTO notices (account, area, kind, scheme) "
    "SELECT account, area, kind, scheme FROM notices, generate_series(1, :count) "
    "WHERE id = :notice",
    "INSERT INTO notice_versions (notice_id, number, title, reason, fields, basis, period_basis, "
    "figures, drafted_by, drafted_at, state, over_reason, erased) "
    "SELECT n.id, 1, title, reason, fields, basis, period_basis, figures, drafted_by, drafted_at, "
    "v.state, '', 0 FROM notices n, notice_versions v WHERE v.id = :version AND n.id NOT IN "
    "(SELECT notice_id FROM notice_versions)",
    "INSERT INTO notice_rows (version_id, line, village, shown, salt, leaf, begin) "
    "SELECT v.id, r.line, r.village, r.shown, r.salt, r.leaf, r.begin "
    "FROM notice_versions v, notice_rows r WHERE r.version_id = :version AND v.id NOT IN "
    "(SELECT version_id FROM notice_rows)",
)


def measure(place: Place, *, rounds: int, seconds: float) -> dict[str, Any]:
    """All three, on one PostgreSQL: ratios, seconds and milliseconds."""
    ctx = open_context(place.config)
    try:
        staff = _people(ctx)
        first = _published(ctx, staff, SHOWN)
        page = _page(place, _list_of(ctx, first), rounds, seconds)
        say("drafting …")
        draft = _drafting(ctx, staff)
        found = {"few": _searching(ctx, first, FEW), "many": _searching(ctx, first, MANY)}
    finally:
        ctx.db.close()
    ratio = round(found["many"]["ms"] / found["few"]["ms"], 2)
    return {
        "page": page, "draft": draft, "search": {**found, "many/few": ratio},
        "targets": {
            "a list at least 0.8 of an empty page": page.get("list/empty", 0) >= 0.8,
            "100,000 rows drafted within 10 s": draft["seconds"] <= 10,
            "a million searched at 2 times ten thousand at most": ratio <= 2,
        },
    }


def _people(ctx: Context) -> tuple[StaffView, StaffView]:
    """Who drafts and who signs; and the rule that lets everyone see the people of the lists."""
    with ctx.db.begin() as session:
        made = [
            Staff(
                name=name, name_key=ctx.keys.lookup("name", name), role=role, area=TOWN,
                created_at=ctx.now(),
            )
            for name, role in (("陈甲", Role.OFFICER), ("韦乙", Role.HEAD))
        ]
        session.add_all(made)
        session.add(Rule(
            area=TOWN, key="notices.audience", value='"open"', basis="bench", from_=ctx.today(),
            created_at=ctx.now(),
        ))
        session.flush()
        found = view_of(made[0]), view_of(made[1])
    ctx.directory.forget()
    return found


def _csv(count: int, villages: tuple[str, ...]) -> bytes:
    lines = ["村（社区）,户主姓名,保障人数,保障金额（元/月）,备注"]
    for n in range(count):
        name = FAMILY[n % 10] + GIVEN[n // 10 % 20] + GIVEN[n // 200 % 20]
        lines.append(f"{villages[n % len(villages)]},{name},2,820,新增")
    return "\n".join(lines).encode()


def _draft(ctx: Context, session: Session, staff: StaffView, wanted: Wanted, data: bytes) -> int:
    found = gate(ctx, lambda: read_book(data, "list.csv"), wanted)
    assert found.report.ok, found.report.errors
    said = drafted(ctx, found, ctx.speak(""), "", "")
    return noticedrafts.draft(ctx, session, staff, said).id


def _published(ctx: Context, staff: tuple[StaffView, StaffView], count: int) -> int:
    """A list of one village, as it hangs: its version."""
    data = _csv(count, VILLAGES[:1])
    with ctx.db.begin() as session:
        number = _draft(ctx, session, staff[0], Wanted(Kind.STANDING, VILLAGE, "dibao"), data)
        noticedrafts.ask(ctx, session, staff[0], number)
    with ctx.db.begin() as session:
        noticesigning.sign(ctx, session, staff[1], number)
    return number


def _list_of(ctx: Context, number: int) -> int:
    with ctx.db.read() as session:
        return session.get_one(Version, number).notice_id


def _drafting(ctx: Context, staff: tuple[StaffView, StaffView]) -> dict[str, float]:
    """From the file's bytes to rows that are kept."""
    data = _csv(DRAFTED, VILLAGES)
    started = time.perf_counter()
    with ctx.db.begin() as session:
        _draft(ctx, session, staff[0], Wanted(Kind.STANDING, TOWN, "tekun"), data)
    return {"rows": DRAFTED, "seconds": round(time.perf_counter() - started, 2)}


def _page(place: Place, number: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Requests a second of both, turn by turn, of one server."""
    if shutil.which("wrk") is None:
        say("no wrk: pages are not measured")
        return {}
    paths = {"list": f"/notices/{number}", "empty": "/empty"}
    found: dict[str, list[float]] = {name: [] for name in paths}
    with running("granian-2x8", "yimen_with_an_empty_page", place) as port:
        for turn in range(rounds + 1):
            for name, path in paths.items():
                per_second = _wrk(f"http://127.0.0.1:{port}{path}", seconds)
                if turn:  # the first warms up
                    found[name].append(per_second)
                    say(f"{turn}/{rounds} {name:6} {per_second:7.0f}/s")
    medians = {name: round(statistics.median(runs), 1) for name, runs in found.items()}
    return {**medians, "list/empty": round(medians["list"] / medians["empty"], 2)}


def _wrk(url: str, seconds: float) -> float:
    done = subprocess.run(
        [
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s",
            "-H", "Accept-Encoding: gzip", url,
        ],
        capture_output=True, text=True, check=True,
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    line = next(one for one in done.stdout.splitlines() if one.startswith("Requests/sec"))
    return float(line.split()[-1])


def _searching(ctx: Context, first: int, rows: int) -> dict[str, float]:
    """The median of searches for a family name, each in another of so many lists."""
    with ctx.db.begin() as session:
        there = session.scalar(text("SELECT count(*) FROM notice_versions")) or 0
        values = {
            "count": rows // SHOWN - there, "version": first, "notice": _notice(session, first),
        }
        for statement in COPY:
            session.execute(text(statement), values)
    with ctx.db.begin() as session:
        session.execute(text("ANALYZE"))
        last = session.scalar(text("SELECT max(id) FROM notice_versions")) or 0
    took, hits = [], 0
    for n in range(SEARCHES):
        version = last - (n * 7919) % (rows // SHOWN - 10)
        started = time.perf_counter()
        with ctx.db.read() as session:
            hits += len(noticequeries.search(ctx, session, version, VILLAGE, FAMILY[n % 10]))
        took.append((time.perf_counter() - started) * 1000)
    say(f"search among {rows} rows: {statistics.median(took):.2f} ms, {hits / SEARCHES:.0f} found")
    return {"rows": rows, "ms": round(statistics.median(took), 2)}


def _notice(session: Session, version: int) -> int:
    return session.get_one(Version, version).notice_id

