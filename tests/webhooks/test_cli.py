"""Every verb of `yimen`, called as people and scripts call it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from models import audit, revision, schemework
from models.accounts import Account
from models.areas import Area
from models.audit import AuditEntry
from models.context import SystemClock
from models.departments import Department, fill_in
from models.localschemes import LocalScheme
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.sealed import KeyRing
from models.session import Database
from models.speaking import known_person
from models.statuses import Role
from tests.processes import command
from tests.service import COUNTY, MORNING, VILLAGE, Service
from webhooks import cli
from webhooks.access import Audience

CONFIG = """\
environment = "demo"
public_url = "{public_url}"
database_url = "{database_url}"
storage_url = "{storage_url}"
keys_file = "keys"

{accounts}
[deadlines]
registration = {{ days = 3, basis = "test", from = 2026-07-01 }}
urgent_registration = {{ days = 1, basis = "test", from = 2026-07-01 }}
acceptance = {{ days = 5, basis = "test", from = 2026-07-01 }}
decision = {{ days = 20, basis = "test", from = 2026-07-01 }}
"""
NAMES = (
    "slug", "name", "area", "app_id", "original_id", "secret", "token", "aes_key", "mode", "kind",
    "api_base_url",
)
AREAS = """\
code,name,level,parent,phone
450799000000,云溪县,county,,0777-000 0000
450799101000,大湾镇,township,450799000000,
450799101200,大湾村,village,450799101000,
"""


def table(account: Account) -> str:
    lines = [f'{name} = "{getattr(account, name)}"' for name in NAMES]
    lines.append(f"verified = {str(account.verified).lower()}")
    templates = ", ".join(f'{key} = "{value}"' for key, value in account.templates.items())
    lines.append(f"templates = {{ {templates} }}")
    asked = ", ".join(f'{key} = "{value}"' for key, value in account.subscriptions.items())
    lines.append(f"subscriptions = {{ {asked} }}")
    return "[[accounts]]\n" + "\n".join(lines) + "\n"


def write_config(folder: Path, keys: str, *accounts: Account, **values: str) -> Path:
    (folder / "keys").write_text(keys)
    path = folder / "config.toml"
    path.write_text(CONFIG.format(accounts="".join(map(table, accounts)), **values))
    return path


@dataclass
class Called:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


Yimen = Callable[..., Called]


@pytest.fixture
def yimen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Yimen:
    """Calls a verb in this process, its logs left as the tests have them."""
    monkeypatch.setattr("webhooks.logs.set_up", str)

    def call(*words: str) -> Called:
        capsys.readouterr()
        # The logs of this process go elsewhere: stdout is the verb's alone.
        with capture_logs(), pytest.raises(SystemExit) as done:
            cli.main(words)
        said = capsys.readouterr()
        return Called(int(done.value.code or 0), said.out, said.err)

    return call


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A configuration with an empty database and no platform."""
    return write_config(
        tmp_path, KeyRing.generate(), COUNTY, VILLAGE, public_url="http://127.0.0.1:9",
        database_url=f"sqlite:///{tmp_path}/alone.sqlite3",
        storage_url=f"file://{tmp_path}/alone",
    )


@pytest.fixture
def head(alone: Path, yimen: Yimen) -> Path:
    """The same, its database at head."""
    assert yimen("--config", str(alone), "migrate").code == 0
    return alone


def config_of(service: Service, folder: Path) -> Path:
    """The running service's own configuration, for verbs beside it."""
    settings = service.ctx.settings
    return write_config(
        folder, settings.keys, *settings.accounts, public_url=settings.public_url,
        database_url=settings.database_url, storage_url=settings.storage_url,
    )


def open_db(config: Path) -> Database:
    found = re.search(r'database_url = "(.+)"', config.read_text())
    assert found
    return Database(found[1], KeyRing.parse((config.parent / "keys").read_text()))


VERBS = {
    "demo", "serve", "web", "worker", "routes", "migrate", "check", "menu", "outbox", "audit",
    "areas", "staff", "notices", "keys", "understand",
}


def test_help_lists_the_verbs_that_have_work_behind_them(yimen: Yimen) -> None:
    called = yimen("--help")
    assert called.code == 0
    assert set(re.findall(r"(?m)^    ([a-z]+) ", called.out)) == VERBS


@pytest.mark.parametrize("words", [
    (), ("nothing",), ("menu",), ("keys", "old"), ("web", "--port", "99999"),
    ("web", "--port", "x"), ("web", "--processes", "0"), ("web", "--threads", "x"),
    ("staff", "invite"),
    ("staff", "invite", "--role", "king", "--area", "1", "--name", "x"),
    ("areas", "import"), ("demo", "--port", "0"),
])
def test_a_wrong_call_exits_with_2(words: tuple[str, ...], yimen: Yimen) -> None:
    called = yimen(*words)
    assert (called.code, called.out) == (2, "")
    assert called.err


@pytest.mark.parametrize("words", [
    ("serve",), ("web",), ("worker",), ("areas", "list"), ("areas", "list", "--json"),
    ("staff", "code", "x"), ("outbox", "report", "--json"), ("audit", "verify"), ("menu", "show"),
    ("staff", "invite", "--role", "head", "--area", "450799101000", "--name", "x"),
])
def test_a_database_not_at_head_is_refused(
    words: tuple[str, ...], alone: Path, yimen: Yimen
) -> None:
    called = yimen("--config", str(alone), *words)
    assert (called.code, called.out) == (2, "")
    command = f"run: yimen --config {alone} migrate\n"
    assert called.err == f"yimen: the database is not at head; {command}"


def test_a_database_of_a_newer_yimen_is_left_alone(head: Path, yimen: Yimen) -> None:
    db = open_db(head)
    with db.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.close()
    for verb, code in (("web", 2), ("migrate", 1)):
        called = yimen("--config", str(head), verb)
        assert (called.code, called.out) == (code, "")
        assert called.err == "yimen: the database was migrated by a newer yimen; install that one\n"


def test_a_database_that_does_not_answer_is_one_line(alone: Path, yimen: Yimen) -> None:
    alone.write_text(alone.read_text().replace("alone.sqlite3", "no/such/folder.sqlite3"))
    for words in (("migrate",), ("areas", "list"), ("web",)):
        called = yimen("--config", str(alone), *words)
        assert (called.code, called.out) == (1, "")
        assert re.fullmatch(r"yimen: the database .*\(OperationalError\)\n", called.err)


def test_new_keys_make_a_ring(yimen: Yimen) -> None:
    first, second = yimen("keys", "new"), yimen("keys", "new")
    assert first.code == 0
    assert first.out != second.out
    assert KeyRing.parse(first.out).open(KeyRing.parse(first.out).seal(b"x", "c"), "c") == b"x"


def test_migrate_may_be_run_twice(alone: Path, yimen: Yimen) -> None:
    for _ in range(2):
        called = yimen("--config", str(alone), "migrate")
        assert (called.code, called.out) == (0, f"Database at head ({revision.HEAD}).\n")


# areas


def import_areas(config: Path, yimen: Yimen, csv: str | bytes) -> Called:
    path = config.parent / "areas.csv"
    path.write_bytes(csv.encode() if isinstance(csv, str) else csv)
    called = yimen("--config", str(config), "areas", "import", str(path))
    called.err = called.err.replace(f"{path}: ", "")
    return called


def test_areas_come_in_once_and_are_listed(head: Path, yimen: Yimen) -> None:
    assert import_areas(head, yimen, AREAS).out == "3 new, 0 changed, 0 the same.\n"
    assert import_areas(head, yimen, AREAS).out == "0 new, 0 changed, 3 the same.\n"
    listed = yimen("--config", str(head), "areas", "list", "--json").json
    assert listed == [
        {"code": "450799000000", "name": "云溪县", "level": "county", "parent": None},
        {
            "code": "450799101000", "name": "大湾镇", "level": "township",
            "parent": "450799000000",
        },
        {"code": "450799101200", "name": "大湾村", "level": "village", "parent": "450799101000"},
    ]
    assert "450799101200 village  大湾村" in yimen("--config", str(head), "areas", "list").out


def test_no_areas_are_an_empty_list(head: Path, yimen: Yimen) -> None:
    assert yimen("--config", str(head), "areas", "list", "--json").json == []
    assert yimen("--config", str(head), "areas", "list").out == ""


def test_areas_in_any_order_with_points_as_excel_writes_them(head: Path, yimen: Yimen) -> None:
    csv = (
        "level,code,parent,name,latitude,longitude,remark\r\n"
        "village,450799101200,450799101000,大湾村,22.3412,108.4526,x\r\n"
        "\r\n"
        "township,450799101000,450799000000,大湾镇,,,\r\n"
        'county,450799000000,,"云溪县",,,\r\n'
    )
    assert import_areas(head, yimen, b"\xef\xbb\xbf" + csv.encode()).out.startswith("3 new")
    db = open_db(head)
    with db.read() as session:
        village = session.get(Area, "450799101200")
        assert village is not None
        assert (village.latitude, village.longitude) == (22.3412, 108.4526)
    db.close()


def test_what_a_later_file_leaves_empty_stays(head: Path, yimen: Yimen) -> None:
    import_areas(head, yimen, AREAS)
    more = "code,name,level,parent\n450799101201,小湾村,village,450799101000\n"
    assert import_areas(head, yimen, more).out == "1 new, 0 changed, 0 the same.\n"
    renamed = AREAS.replace("云溪县", "云溪区").replace("0777-000 0000", "")
    assert import_areas(head, yimen, renamed).out == "0 new, 1 changed, 2 the same.\n"
    db = open_db(head)
    with db.read() as session:
        county = session.get(Area, "450799000000")
        assert county is not None
        assert (county.name, county.phone) == ("云溪区", "0777-000 0000")
    db.close()


BAD_AREAS = {
    "4507991012,小小村,village,450799101000,": "record 5, code: must be 12 digits",
    "４５０７９９１０１２０９,小小村,village,450799101000,": "record 5, code: must be 12 digits",
    "450799101209,,village,450799101000,": "record 5, name: must be 1 to 60 characters",
    f"450799101209,{'村' * 61},village,450799101000,": "record 5, name: must be 1 to 60 characters",
    "450799101209,小小村,hamlet,450799101000,": "record 5, level: must be county, township,",
    "450799101000,小小村,village,450799101000,": "record 5, code: is not that of a village",
    "450799101209,小小镇,township,450799000000,": "record 5, code: is not that of a township",
    "450799000000,小小镇,township,450799000000,": "record 5, code: is not that of a township",
    "450799103000,小小县,county,,": "record 5, code: is not that of a county",
    "450798000000,小小县,county,450799000000,": "record 5, parent: must be empty for a county",
    "450799101209,小小村,village,,": "record 5, parent: must be the code of a township",
    "450799101209,小小村,village,450799000000,": "record 5, parent: must be the code of a township",
    "450799109209,小小村,village,450799109000,": "record 5, parent: must be the code of a township",
    "450799102209,小小村,village,450799101000,": "record 5, parent: the code does not begin with",
    f"450799101209,小小村,village,450799101000,{'1' * 31}": "record 5, phone: must be at most 30",
}


@pytest.mark.parametrize("row", BAD_AREAS)
def test_a_bad_row_is_named_and_nothing_comes_in(row: str, head: Path, yimen: Yimen) -> None:
    called = import_areas(head, yimen, f"{AREAS}{row}\n")
    assert (called.code, called.out) == (2, "")
    assert BAD_AREAS[row] in called.err
    assert yimen("--config", str(head), "areas", "list", "--json").json == []


def test_every_bad_row_is_named_at_once(head: Path, yimen: Yimen) -> None:
    rows = "1,x,village,2,\n450799101200,大湾村,village,450799101000,\n"
    called = import_areas(head, yimen, AREAS + rows)
    assert called.err.splitlines() == [
        "yimen: record 5, code: must be 12 digits",
        "record 4, code: stands more than once",
        "record 6, code: stands more than once",
    ]
    many = import_areas(head, yimen, AREAS + "1,x,village,2,\n" * 80)
    assert len(many.err.splitlines()) == 51
    assert many.err.splitlines()[-1] == "and 110 more"


@pytest.mark.parametrize(("csv", "words"), [
    (b"", "no column code, name, level, parent"),
    (b"code,name\n", "no column level, parent"),
    (AREAS.encode("gb18030"), "is not UTF-8"),
    (b"code,name,level,parent\n" + b"x" * 200_000 + b",x,county,\n", "cannot be read"),
])
def test_a_file_that_is_no_list_of_areas(
    csv: bytes, words: str, head: Path, yimen: Yimen
) -> None:
    called = import_areas(head, yimen, csv)
    assert (called.code, called.out) == (2, "")
    assert words in called.err
    assert called.err.count("\n") == 1


def test_a_file_that_is_not_there(head: Path, yimen: Yimen) -> None:
    called = yimen("--config", str(head), "areas", "import", "/no/such.csv")
    assert called.code == 2
    assert "/no/such.csv: cannot be read" in called.err


# staff


def invite(config: Path, yimen: Yimen, role: str = "officer", **more: str) -> Called:
    words = {"area": "450799101000", "name": "何小燕", "unit": "大湾镇民政办"} | more
    options = [part for key, value in words.items() for part in (f"--{key}", value)]
    return yimen("--config", str(config), "staff", "invite", "--role", role, *options)


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_staff_are_invited_with_a_code_and_a_qr(
    role: str, service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    called = invite(config_of(service, tmp_path), yimen, role)
    assert called.code == 0, called.err
    code = re.search(r"绑定 (\d{8})", called.out)
    assert code
    assert "█" in called.out
    # The code works in the chat, once.
    phone = service.follower("何小燕")
    assert "何小燕" in phone.say(f"绑定 {code[1]}") or role not in ("officer", "head", "county")
    with service.ctx.db.read() as session:
        key = service.ctx.keys.lookup("name", "何小燕")
        staff = session.scalars(select(Staff).where(Staff.name_key == key)).one()
        assert (staff.name, staff.role, staff.unit) == ("何小燕", role, "大湾镇民政办")
        bound = staff.person_id
    assert bound is not None
    service.follower("李小明").say(f"绑定 {code[1]}")
    with service.ctx.db.read() as session:
        again = session.get(Staff, staff.id)
        assert again is not None
        assert again.person_id == bound


def test_an_invitation_needs_a_name_and_a_known_area(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    config = config_of(service, tmp_path)
    assert "see: yimen areas list" in invite(config, yimen, area="450799999000").err
    called = invite(config, yimen, name="  ")
    assert (called.code, called.out) == (2, "")


def test_without_the_platform_there_is_a_code_but_no_qr(head: Path, yimen: Yimen) -> None:
    import_areas(head, yimen, AREAS)
    called = invite(head, yimen)
    assert called.code == 0
    assert "绑定 " in called.out
    assert "no QR" in called.err


def test_a_sign_in_code_opens_the_desk_once(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    service.clock.at = SystemClock().now()
    called = yimen("--config", str(config_of(service, tmp_path)), "staff", "code", "陈志强")
    assert called.code == 0
    code = re.match(r"\d{8}", called.out)
    assert code
    for expected in (True, False):
        browser = service.browser()
        page = browser.get(f"{service.address}/desk/sign-in", timeout=30).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        browser.post(
            f"{service.address}/desk/sign-in/code", timeout=30,
            data={"csrf_token": token[1], "code": code[0]},
        )
        desk = browser.get(f"{service.address}/desk/", timeout=30, allow_redirects=False)
        assert (desk.status_code == 200) is expected


def test_a_code_for_nobody_is_refused(service: Service, tmp_path: Path, yimen: Yimen) -> None:
    called = yimen("--config", str(config_of(service, tmp_path)), "staff", "code", "无此人")
    assert (called.code, called.out) == (1, "")
    assert called.err == "yimen: no such member of staff\n"


# routes


def test_every_route_declares_its_audience_and_the_desk_its_roles(
    alone: Path, yimen: Yimen
) -> None:
    rows = yimen("--config", str(alone), "routes", "--json").json
    assert all(set(row) == {"path", "methods", "audience", "roles"} for row in rows)
    assert all(row["audience"] in set(Audience) for row in rows)
    assert all(set(row["methods"]) <= {"GET", "POST", "PUT", "DELETE"} for row in rows)
    desk = [row for row in rows if row["audience"] == "desk"]
    assert desk
    assert all(set(row["roles"]) <= set(Role) and row["roles"] for row in desk)
    assert all(not row["roles"] for row in rows if row["audience"] != "desk")
    # Below /desk/ and /m/ only the way in is open to everyone.
    inside = [row for row in rows if row["path"].startswith(("/desk", "/m/"))]
    known = ("desk", "resident", "assistant")
    opened = {row["path"] for row in inside if row["audience"] not in known}
    assert all(
        path.startswith(("/desk/sign-", "/m/enter", "/m/link/", "/m/sw.js")) for path in opened
    ), opened
    changes = [r for r in rows if r["methods"] != ["GET"] and r["audience"] == "public"]
    # What is looked for by POST stands in no address; anyone may complain.
    assert all(
        r["path"].startswith((
            "/desk/sign-", "/m/link/", "/track", "/notices/<int", "/concerns", "/find-help",
            "/reading", "/policies",
        ))
        for r in changes
    ), changes


def test_the_routes_are_the_addresses_of_the_contract(alone: Path, yimen: Yimen) -> None:
    rows = yimen("--config", str(alone), "routes", "--json").json
    assert {
        "/", "/wechat/<slug>", "/m/apply", "/desk/", "/healthz", "/readyz", "/metrics",
    } <= {row["path"] for row in rows}
    lines = yimen("--config", str(alone), "routes").out.splitlines()
    assert len(lines) == len(rows)


# outbox, audit


def test_the_outbox_is_reported_by_outcome(head: Path, yimen: Yimen) -> None:
    assert yimen("--config", str(head), "outbox", "report", "--json").json == []
    db = open_db(head)
    with db.begin() as session:
        for number in range(3):
            enqueue(session, MORNING, 7, Occasion.CASE_MOVED, f"test:{number}")
    db.close()
    rows = yimen("--config", str(head), "outbox", "report", "--json").json
    assert rows == [{"state": "pending", "channel": "", "reason": "", "count": 3}]
    assert "3 pending" in yimen("--config", str(head), "outbox", "report").out


def test_the_audit_chain_is_verified_and_a_changed_byte_found(head: Path, yimen: Yimen) -> None:
    db = open_db(head)
    with db.begin() as session:
        for number in range(5):
            audit.record(session, MORNING, "test", "case", number)
    with db.begin() as session:
        assert audit.chain(session) == 5
        audit.record(session, MORNING, "test", "case", 9)
    called = yimen("--config", str(head), "audit", "verify")
    assert (called.code, called.out) == (0, "The audit chain holds; 1 rows wait for their place.\n")
    with db.begin() as session:
        third = session.scalars(select(AuditEntry).where(AuditEntry.place == 3)).one()
        third.action = "tesu"
    db.close()
    called = yimen("--config", str(head), "audit", "verify")
    assert (called.code, called.out) == (1, "")
    assert called.err == "yimen: the audit chain is broken at place 3\n"


# the platform


def test_the_menu_is_pushed_and_shown(service: Service, tmp_path: Path, yimen: Yimen) -> None:
    config = str(config_of(service, tmp_path))
    assert yimen("--config", config, "menu", "show").json is None
    pushed = yimen("--config", config, "menu", "push")
    assert (pushed.code, pushed.err) == (0, "")
    shown = yimen("--config", config, "menu", "show", "--account", "county").json
    names = [button["name"] for button in shown["menu"]["button"]]
    assert len(names) == 3


def test_a_menu_of_an_unverified_account_is_made_by_hand(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    config = str(config_of(service, tmp_path))
    for words in (("push", "--account", "village"), ("show", "--account", "village")):
        called = yimen("--config", config, "menu", *words)
        assert (called.code, called.out) == (2, "")
        assert "village is not verified: its menu is made by hand" in called.err
    called = yimen("--config", config, "menu", "push", "--account", "nobody")
    assert called.err == "yimen: no account has the slug nobody; there are county, village\n"


def test_a_menu_that_the_platform_refuses(service: Service, tmp_path: Path, yimen: Yimen) -> None:
    service.fault(api="menu/create", errcode=48001)
    called = yimen("--config", str(config_of(service, tmp_path)), "menu", "push")
    assert (called.code, called.out) == (1, "")
    assert "48001" in called.err


def rows_of(called: Called) -> dict[str, tuple[bool, str]]:
    rows = called.json
    assert all(set(row) == {"what", "ok", "words"} for row in rows)
    return {row["what"]: (row["ok"], row["words"]) for row in rows}


def bound(service: Service, *names: str) -> None:
    """Departments of the county with a liaison each."""
    ctx = service.ctx
    with ctx.db.begin() as session:
        fill_in(ctx, session, COUNTY.area)
        for name in names:
            one = session.scalars(select(Department).where(Department.name == name)).one()
            person = known_person(ctx, session, "county", f"o-{name}")
            session.add(Staff(
                name="邓工", name_key=b"0" * 16, role=Role.DEPARTMENT, area=COUNTY.area, unit=name,
                department_id=one.id, person_id=person, created_at=ctx.now(),
            ))


POLICIES = "policies: 云溪县"


def filled_in(service: Service) -> None:
    """The county has said what only it can say of schemes, and two signed it."""
    ctx = service.ctx
    with ctx.db.begin() as session:
        member = session.scalars(select(Staff)).first()
        assert member is not None
        for scheme, fields in schemework.lacking(ctx, COUNTY.area).items():
            said = dict.fromkeys(fields, "见县里的办法") | {"from": "2026-07-01"}
            session.add(LocalScheme(
                area=COUNTY.area, scheme=scheme, said=json.dumps(said), state="signed",
                put_by=member.id, put_at=ctx.now(), signed_by=member.id, signed_at=ctx.now(),
            ))


def test_the_check_says_of_each_thing_what_to_do(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    service.clock.at = SystemClock().now()
    config = str(config_of(service, tmp_path))
    called = yimen("--config", config, "check", "--json")
    rows = rows_of(called)
    assert called.code == 1
    silent = {"harm.child", "harm.adult"}
    assert {what for what, (ok, _) in rows.items() if not ok} == {"county: menu", POLICIES} | silent
    assert "公安局, 教育局: invite one at /desk/departments" in rows["harm.child"][1]
    assert "/desk/schemes" in rows[POLICIES][1]
    assert "dibao: standard, conditions" in rows[POLICIES][1]
    bound(service, "公安局", "教育局")
    filled_in(service)
    assert rows["county: menu"][1] == "none; run: yimen menu push --account county"
    assert set(rows) == {
        "config", "keys", "database", "storage", "areas", POLICIES, *silent, "county: clock",
        "county: callback address", "county: token", "county: menu", "county: templates",
        "county: subscriptions", "village: clock", "village: callback address",
    }
    assert yimen("--config", config, "menu", "push").code == 0
    called = yimen("--config", config, "check")
    assert called.code == 0, called.out
    assert len(called.out.splitlines()) == len(rows)


def test_the_check_says_that_pages_cannot_ask(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    service.fault(api="ticket/getticket", errcode=48001)
    rows = rows_of(yimen("--config", str(config_of(service, tmp_path)), "check", "--json"))
    ok, said = rows["county: subscriptions"]
    assert not ok
    assert "pages cannot ask" in said


@pytest.mark.parametrize(("errcode", "words"), [
    (40164, "IP whitelist"), (40125, "AppSecret"), (-1, "did not answer"),
])
def test_the_check_says_why_no_token_is_given(
    errcode: int, words: str, service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    service.fault(api="stable_token", errcode=errcode, times=10)
    rows = rows_of(yimen("--config", str(config_of(service, tmp_path)), "check", "--json"))
    ok, said = rows["county: token"]
    assert not ok
    assert words in said


def test_the_check_finds_what_is_wrong_around(alone: Path, yimen: Yimen, tmp_path: Path) -> None:
    changed = alone.read_text().replace(f"file://{tmp_path}", "file:///proc/no").replace(
        'case_progress = "TPL_CASE", ', ""
    ) + '[hotlines.heart]\nname = "x"\nnumber = "12356"\nsource = "x"\n'
    alone.write_text(changed)
    rows = rows_of(yimen("--config", str(alone), "check", "--json"))
    assert rows["database"] == (False, "run: yimen migrate")
    assert rows["storage"][0] is False
    assert rows["county: templates"] == (False, "set templates.case_progress")
    assert rows["hotlines.heart"] == (False, "call 12356, then set confirmed = true")
    assert "is not reached" in rows["county: callback address"][1]
    assert "is not reached" in rows["county: clock"][1]
    assert "areas" not in rows


def test_the_check_knows_another_s_callback(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    config = config_of(service, tmp_path)
    config.write_text(config.read_text().replace('token = "countytoken"', 'token = "othertoken"'))
    ok, words = rows_of(yimen("--config", str(config), "check", "--json"))[
        "county: callback address"
    ]
    assert not ok
    assert "answers 403: is it this service, with this token?" in words


def test_the_check_measures_the_clock(
    service: Service, tmp_path: Path, yimen: Yimen, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=300)

    monkeypatch.setattr("webhooks.checks.datetime", Late)
    rows = rows_of(yimen("--config", str(config_of(service, tmp_path)), "check", "--json"))
    ok, words = rows["county: clock"]
    assert not ok
    assert 295 <= int(words.split()[0]) <= 305


# Nothing but the document


def test_a_log_line_never_lands_in_the_document(
    service: Service, tmp_path: Path, yimen: Yimen
) -> None:
    """The trouble below is logged; stdout has the JSON and nothing else all the same."""
    service.fault(api="stable_token", errcode=40164, times=10)
    done = subprocess.run(
        command(config_of(service, tmp_path), "check", "--json"),
        capture_output=True, text=True, timeout=60,
    )
    assert done.returncode == 1
    assert any(not row["ok"] for row in json.loads(done.stdout))
    assert "platform_stop" in done.stderr
    assert all(json.loads(line)["level"] for line in done.stderr.splitlines())
