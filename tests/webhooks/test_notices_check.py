"""`yimen notices check`, called as people and scripts call it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import migrate
from models.areas import Area
from models.context import SystemClock
from models.rules import Rule
from models.sealed import KeyRing
from models.session import Database
from tests.notices.rosters.people import TOWNSHIP, plain
from tests.notices.rosters.sheets import book, write
from tests.processes import write_config
from webhooks import cli
from webhooks.demo import county


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose database has the demo county's areas."""
    monkeypatch.setattr("webhooks.logs.set_up", str)
    made = write_config(tmp_path, f"sqlite:///{tmp_path}/yimen.sqlite3")
    db = open_db(made)
    migrate.upgrade(db)
    with db.begin() as session:
        session.add_all(
            Area(code=c, name=n, level=lv, parent=p, phone=ph, latitude=la, longitude=lo)
            for c, n, lv, p, ph, la, lo in county.AREAS
        )
    db.close()
    return made


def open_db(config: Path) -> Database:
    keys = KeyRing.parse((config.parent / "keys").read_text())
    return Database(f"sqlite:///{config.parent}/yimen.sqlite3", keys)


class Called:
    """How the verb ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.out.count("\n") == 1
        return json.loads(self.out)


def check(
    config: Path, capsys: pytest.CaptureFixture[str], file: Path, *words: str,
    kind: str = "proposed", area: str = TOWNSHIP,
) -> Called:
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        cli.main([
            "--config", str(config), "notices", "check", str(file), "--kind", kind, "--area", area,
            *words,
        ])
    said = capsys.readouterr()
    return Called(int(done.value.code or 0), said.out, said.err)


def test_a_good_roster_may_be_published(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(book(plain()), tmp_path / "good.xlsx")
    called = check(config, capsys, file, "--json")
    assert (called.code, called.err) == (0, "")
    assert called.json == {"ok": True, "rows": 12, "errors": [], "warnings": []}
    said = check(config, capsys, file).out
    assert "B=村（社区）" in said
    assert "C3 王秀英" in said
    assert said.splitlines()[-1].startswith("可以公示：12 条")


def test_a_bad_one_is_refused_with_its_cell_and_nothing_is_repeated(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = plain()
    rows[4][5] = "电话17000005678"
    called = check(config, capsys, write(book(rows), tmp_path / "bad.csv"), "--json")
    assert called.code == 1
    assert called.json["ok"] is False
    assert called.json["rows"] == 12
    (error,) = called.json["errors"]
    message = error.pop("message")
    assert error == {"sheet": None, "row": 5, "column": "F", "code": "phone"}
    assert message.startswith("这一格里有电话号码")
    called = check(config, capsys, tmp_path / "bad.csv")
    assert called.code == 1
    assert "[phone] F5" in called.out
    assert "17000005678" not in called.out


def test_villages_outside_the_area_are_errors(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(book(plain()), tmp_path / "list.xlsx")
    assert check(config, capsys, file, area=county.COUNTY).code == 0
    found = check(config, capsys, file, "--json", area="450799101200").json
    assert {(e["code"], e["column"]) for e in found["errors"]} == {("outside_area", "B")}
    assert [e["row"] for e in found["errors"]] == list(range(6, 15))
    assert "大湾镇大湾村" in found["errors"][0]["message"]


def test_the_county_s_own_rules_hold(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = plain()
    rows[2][5] = "易地搬迁"
    file = write(book(rows), tmp_path / "list.xlsx")
    assert check(config, capsys, file).code == 1
    db = open_db(config)
    with db.begin() as session:
        for key, value in (("remarks", ["易地搬迁"]), ("names", "masked")):
            session.add(Rule(
                area=county.COUNTY, key=f"notices.{key}", value=json.dumps(value), basis="县规定",
                from_=date(2026, 7, 1), created_at=SystemClock().now(),
            ))
    db.close()
    called = check(config, capsys, file)
    assert called.code == 0
    assert "C3 王*英" in called.out
    assert "王秀英" not in called.out


@pytest.mark.parametrize(("name", "content"), [
    ("no.xlsx", None), ("empty.csv", b""), ("broken.xlsx", b"PK\x03\x04 not a zip"),
    ("binary.csv", bytes(range(256))), ("page.xls", b"<html><table></table>"),
    ("note.pdf", b"%PDF-1.7"), ("page.csv", b"<table><tr><td>1</td></tr></table>"),
    ("quote.csv", '序号,姓名\n1,"王秀英\n'.encode()), ("long.csv", b"a," + b"x" * 200_000),
    ("ole.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
])
def test_what_cannot_be_read_is_one_error(
    name: str, content: bytes | None, config: Path, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    called = check(config, capsys, file, "--json")
    assert called.code == 1
    assert (called.json["ok"], called.json["rows"], called.json["warnings"]) == (False, 0, [])
    (error,) = called.json["errors"]
    assert (error["code"], error["sheet"], error["row"], error["column"]) == (
        "unreadable", None, None, None
    )


def test_a_wrong_call(config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = write(book(plain()), tmp_path / "list.xlsx")
    for words in ({"area": "450799999000"}, {"kind": "rumour"}):
        called = check(config, capsys, file, "--json", **words)
        assert (called.code, called.out) == (2, "")
    assert check(config, capsys, file, "--scheme", "unknown").code == 2
    found = check(config, capsys, file, "--json", "--sheet", "没有").json
    assert [e["code"] for e in found["errors"]] == ["no_sheet"]
