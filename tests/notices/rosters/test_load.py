"""A roster of 100,000 rows: the gate beside python-calamine merely reading it, and its memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.notices.rosters.people import HEADINGS, NAMES, REMARKS, VILLAGES

ROWS = 100_000
ROUNDS = 3
RATIO = 0.3
MEGABYTES = 500

pytestmark = pytest.mark.load

READ = """
import sys, time
from python_calamine import CalamineWorkbook
started = time.process_time()
rows = sum(1 for _ in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
print('{"seconds": %f, "rows": %d}' % (time.process_time() - started, rows))
"""
GATE = """
import json, sys, time
from pathlib import Path
from notices.kinds import Kind, shape
from notices.roster.checking import check
from notices.roster.opening import open_book
from tests.notices.rosters.people import PLACES
started = time.process_time()
report = check(open_book(Path(sys.argv[1])), shape(Kind.STANDING), PLACES)
print(json.dumps({
    "seconds": time.process_time() - started, "rows": report.rows, "ok": report.ok,
    "errors": [f.code for f in report.errors][:5],
    # Of this process alone; ru_maxrss would begin with what its parent had when it was forked.
    "megabytes": int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024,
}))
"""


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("load") / "roster.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("名单")
    sheet.write_string(0, 0, "大湾镇2026年11月农村低保长期公示")
    sheet.write_row(1, 0, HEADINGS)
    draw = random.Random(1)
    for n in range(ROWS):
        sheet.write_row(n + 2, 0, [
            n + 1, draw.choice(VILLAGES), draw.choice(NAMES)[:2] + draw.choice("英明花生玉兰"),
            draw.randint(1, 6), draw.randint(100, 2500), draw.choice(REMARKS),
        ])
    made.close()
    return path


def run(script: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_gate_keeps_pace_with_reading(roster: Path) -> None:
    """Processor time, in turns, so that what else runs on the machine weighs on both."""
    pairs = [(run(READ, roster), run(GATE, roster)) for _ in range(ROUNDS)]
    assert all(gate["ok"] and gate["rows"] == ROWS for _, gate in pairs), pairs[0][1]
    ratios = [read["seconds"] / gate["seconds"] for read, gate in pairs]
    assert max(ratios) >= RATIO, ratios
    assert max(gate["megabytes"] for _, gate in pairs) < MEGABYTES
