"""What no file may hold, and how long a file may be."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.tree import ROOT, files, name, tracked

LINES = 300
# One more job in a file than it should have: to be parted, then struck off here.
LONGER: dict[str, int] = {}
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-bench.lock")
# Hosts that give out packages, and the options by which one is named. Escaped, so that this
# file does not hold them.
REGISTRIES = re.compile(
    r"pypi\.(?:org|python\.org)|pythonhosted\.org|(?:registry|www)\.npmjs|registry\.yarnpkg"
    r"|proxy\.golang\.org|sum\.golang\.org|crates\.io|mirrors?\.(?:aliyun|tuna|ustc|huaweicloud"
    r"|cloud\.tencent)|deb\.debian\.org|archive\.ubuntu\.com|conda\.anaconda\.org"
    r"|ghcr\.io|docker\.io|artifac[t]ory|devp[i]|/simpl[e]/?\b"
    r"|(?:extra-)?index-url[= ]+[\"']?http|find-links[= ]+[\"']?http",
    re.IGNORECASE,
)
# Where this machine itself gets packages from, should a file have picked that up.
OWN = tuple(
    host
    for variable in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX",
                     "NPM_CONFIG_REGISTRY", "GOPROXY")
    if (host := urlsplit(os.environ.get(variable, "")).hostname)
)


def test_no_file_holds_a_merge_that_was_left_half_done() -> None:
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    texts = ((file, file.read_text("utf-8", "ignore")) for file in tracked())
    assert [name(file) for file, text in texts if marks.search(text)] == []


def test_no_file_names_a_registry_or_an_index() -> None:
    found = []
    for file in tracked():
        text = file.read_bytes().decode("utf-8", "ignore")
        found += [f"{name(file)}: {match[0]}" for match in REGISTRIES.finditer(text)]
        found += [f"{name(file)}: {host}" for host in OWN if host in text]
    assert found == []


@pytest.mark.parametrize("words", [
    "--index-url" + " https://x", "https://pypi" + ".org", "files.python" + "hosted.org",
    "https://mirror.example/simp" + "le/",
])
def test_the_search_for_registries_finds_them(words: str) -> None:
    assert REGISTRIES.search(words)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", text))
    rows = [row for row in joined.splitlines() if row.strip()]
    assert len(rows) > 20
    pinned = r"[a-z0-9][a-z0-9._-]*(\[[a-z,-]+\])?==\S+( ; .+?)?\s*(--hash=sha256:[0-9a-f]{64}\s*)+"
    assert [row for row in rows if not re.fullmatch(pinned, row)] == []


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=!;~ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_what_is_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "requirements.lock": project["dependencies"] + extras["build"],
        "requirements-test.lock": project["dependencies"] + extras["build"] + extras["test"],
        "requirements-bench.lock": [
            *project["dependencies"], *extras["build"], *extras["test"], *extras["bench"]
        ],
    }
    for lock, requirements in wanted.items():
        locked = set(re.findall(r"(?m)^([a-z0-9._-]+)(?:\[[^]]*\])?==", (ROOT / lock).read_text()))
        assert {_plain(r) for r in requirements} <= locked, lock


def _lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


def test_files_stay_short_enough_to_be_read() -> None:
    long = {
        name(f): _lines(f) for f in files() if "migrations/versions" not in name(f)
        and _lines(f) > LINES
    }
    assert {f: n for f, n in long.items() if n > LONGER.get(f, LINES)} == {}
    assert set(LONGER) <= set(long), "short by now: strike it off"


def test_no_secret_lies_about() -> None:
    kept = [name(f) for f in tracked() if f.suffix in (".key", ".pem", ".sqlite3", ".env", ".db")]
    assert kept == []
