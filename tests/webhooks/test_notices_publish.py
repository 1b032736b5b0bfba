"""`yimen notices publish` and `verify`, called as people and scripts call them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.publishing import Version
from tests.notices.lists import DAWAN_VILLAGE, csv_of, published, sign
from tests.processes import write_config
from tests.service import Service, running
from tests.webhooks.test_notices_check import Called
from webhooks import cli
from webhooks.demo import county

OFFICER, FOREIGN = county.STAFF[0].name, county.STAFF[3].name


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, Path]]:
    """The service, and a configuration by which the command line reaches its database."""
    monkeypatch.setattr("webhooks.logs.set_up", str)
    url = f"sqlite:///{tmp_path}/yimen.sqlite3"
    with running(url, tmp_path) as made:
        config = write_config(tmp_path, url)
        (tmp_path / "keys").write_text(made.ctx.settings.keys)
        yield made, config


def call(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Called:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        cli.main(["--config", str(config), "notices", *words])
    said = capsys.readouterr()
    return Called(int(ended.value.code or 0), said.out, said.err)


def spreadsheet(folder: Path, data: bytes | None = None) -> str:
    file = folder / "名单.csv"
    file.write_bytes(data or csv_of([("大湾村", "王秀英", 3, 1230, "新增")] * 1))
    return str(file)


def publish(
    house: tuple[Service, Path], capsys: pytest.CaptureFixture[str], *words: str,
    by: str = OFFICER, title: str = "大湾村长期公示", data: bytes | None = None,
) -> Called:
    config = house[1]
    return call(
        config, capsys, "publish", spreadsheet(config.parent, data), "--kind", "standing",
        "--scheme", "dibao", "--area", DAWAN_VILLAGE, "--title", title, "--by", by, *words,
    )


def test_a_draft_awaits_the_second_person(
    house: tuple[Service, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = publish(house, capsys)
    assert (answer.code, answer.err) == (0, "")
    assert "/desk/notices/1" in answer.out
    with house[0].ctx.db.read() as session:
        made = session.query(Version).one()
        assert (made.state, made.title) == ("draft", "大湾村长期公示")
    sign(house[0].ctx, 1)


def test_what_the_gate_refuses_is_not_drafted(
    house: tuple[Service, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    bad = csv_of([("大湾村", "王秀英", 3, 1230, "患病")])
    assert publish(house, capsys, data=bad).code == 1
    assert publish(house, capsys, by=FOREIGN).code == 1
    assert publish(house, capsys, by="没有这个人").code == 1
    assert publish(house, capsys, title="李小明在外打工").code == 2
    with house[0].ctx.db.read() as session:
        assert session.query(Version).count() == 0


def test_verify_says_that_all_is_as_it_was_signed_or_what_is_not(
    house: tuple[Service, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    made, config = house
    published(made.ctx)
    answer = call(config, capsys, "verify", "--json")
    assert (answer.code, answer.json) == (0, {"ok": True, "versions": 1, "rows": 4, "wrong": []})
    with made.ctx.db.engine.begin() as connection:
        connection.execute(text("UPDATE notice_rows SET line = 9 WHERE line = 4"))
    answer = call(config, capsys, "verify", "--json")
    assert answer.code == 1
    assert answer.json["wrong"] == [{"list": 1, "version": 1, "what": "row", "line": 9}]
    assert "list 1, version 1, row, line 9: does not match" in call(config, capsys, "verify").out
    assert json.dumps(answer.json).isascii()
