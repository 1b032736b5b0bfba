"""`yimen understand`, called as scripts call it: a process, no configuration, no database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

YIMEN = str(Path(sys.executable).with_name("yimen"))


def called(folder: Path, *words: str, given: bytes = b"") -> list[dict[str, Any]]:
    done = subprocess.run(
        [YIMEN, "understand", *words], input=given, capture_output=True, cwd=folder, check=True
    )
    assert not done.stderr
    assert list(folder.iterdir()) == []
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_one_message_is_one_object(tmp_path: Path) -> None:
    (made,) = called(tmp_path, "--json", "低保一个月多少钱")
    assert made["text"] == "低保一个月多少钱"
    assert made["intent"] == "policy"
    assert made["schemes"][0] == "dibao"
    assert made["urgent"] is False


def test_every_line_of_stdin_is_one_object_whatever_it_holds(tmp_path: Path) -> None:
    lines = ["我不想活了", "", "“2611-483705-72”办到哪了", "一\u2028二", "😀" * 3, "字" * 20_000]
    given = "\n".join(lines).encode() + b"\n\xff\xfe"
    made = called(tmp_path, given=given)
    assert [one["text"] for one in made[:-1]] == lines
    assert len(made) == len(lines) + 1
    assert made[0]["urgent"] is True
    assert made[0]["danger"] == "suicide"
    assert made[1]["intent"] == "other"
    assert made[2]["receipt"] == "2611-483705-72"


def test_for_people_it_is_a_line_a_thing(tmp_path: Path) -> None:
    done = subprocess.run(
        [YIMEN, "understand", "我家五口人，男人瘫了三年"], capture_output=True, cwd=tmp_path,
        check=True,
    )
    said = done.stdout.decode()
    assert "intent   apply" in said
    assert "count    5" in said
    assert "urgent   False" in said
