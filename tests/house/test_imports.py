"""Imports run one way, and each foreign library is known where the plan says."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, imports, name, parsed, tops

FLOORS = {
    "models": {"models"},
    "bot": {"bot", "models"},
    "notices": {"notices", "models"},
    "webhooks": {"webhooks", "bot", "notices", "models"},
}
# library → the only files (or folders) that may know it
KNOWN_IN = {
    "flask": ("webhooks/",),
    "flask_limiter": ("webhooks/",),
    "flask_wtf": ("webhooks/",),
    "werkzeug": ("webhooks/",),
    "waitress": ("webhooks/",),
    "granian": ("webhooks/processes.py",),
    "wechatpy": ("webhooks/wechat_xml.py", "notices/wechat_channel.py"),
    "apscheduler": ("notices/worker.py",),
    "babel": ("webhooks/i18n.py",),
    "pydantic": ("webhooks/config.py", "webhooks/assistant/written.py"),
    "pydantic_core": ("webhooks/config.py",),
    "alembic": ("models/migrate.py", "models/migrations/"),
    "fsspec": ("models/storage.py", "webhooks/valid.py"),
    "PIL": ("models/pictures.py", "webhooks/sandbox/"),
    "holidays": ("models/workdays.py",),
    "python_calamine": ("notices/roster/opening.py",),
    "xlrd": ("notices/roster/xls.py",),
    "cryptography": ("models/sealed.py", "webhooks/sandbox/"),
}
# Pure: the standard library and one another, nothing else.
PURE = (
    "bot/answers.py", "bot/choices.py", "bot/commands.py", "bot/evidence.py", "bot/grams.py",
    "bot/kinds.py",
    "bot/intents.py", "bot/lexicon.py", "bot/linear.py", "bot/menu.py", "bot/messages.py",
    "bot/names.py", "bot/numerals.py", "bot/phones.py", "bot/places.py",
    "bot/since.py", "bot/text.py", "bot/understand.py", "bot/whom.py", "bot/words.py",
    "models/accounts.py", "models/clockwords.py", "models/days.py", "models/daysoff.py",
    "models/deadlines.py",
    "models/broadcasting.py",
    "models/groups.py", "models/helping.py", "models/idnumbers.py", "models/lengths.py",
    "models/money.py", "models/recordings.py",
    "models/moves.py", "models/navigating.py", "models/numbers.py", "models/paths.py",
    "models/policy.py",
    "models/positions.py", "models/quiet.py", "models/receipts.py", "models/settings.py",
    "models/schemefields.py", "models/schemes.py",
    "models/sms.py", "models/statuses.py",
    "models/noticechanges.py", "models/publicity.py", "models/sealing.py", "models/telling.py",
    "notices/suppressing.py",
    "notices/channel.py", "notices/fields.py", "notices/findings.py",
    "notices/gate.py", "notices/jssdk.py", "notices/kinds.py", "notices/means.py",
    "notices/ladder.py", "notices/leaks.py",
    "notices/masking.py", "notices/pieces.py", "notices/roster/caches.py",
    "notices/roster/formulas.py", "notices/roster/layout.py", "notices/roster/notes.py",
    "notices/roster/properties.py", "notices/roster/sums.py", "notices/roster/table.py",
    "notices/roster/xls_formulas.py", "notices/values.py",
    "webhooks/demo/county.py",
)
# Say "Pure" and compute only, but on areas as values, whose file declares their table too.
NEARLY = {
    "bot/flow.py": {"models.areas"},
    "bot/state.py": {"bot.flow"},
    "models/responsibility.py": {"models.areas"},
}


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_run_one_way(floor: str) -> None:
    house = set(FLOORS)
    for file in files(floor):
        assert tops(file) & house <= FLOORS[floor], name(file)
        assert "tests" not in tops(file), name(file)


@pytest.mark.parametrize("library", KNOWN_IN)
def test_a_library_is_known_in_few_places(library: str) -> None:
    found = [name(file) for file in files() if library in tops(file)]
    assert found, f"nobody uses {library}"
    assert [f for f in found if not f.startswith(KNOWN_IN[library])] == []


@pytest.mark.parametrize("file", [*PURE, *NEARLY])
def test_a_pure_file_imports_the_standard_library_and_pure_files_alone(file: str) -> None:
    pure = {f.removesuffix(".py").replace("/", ".") for f in PURE} | NEARLY.get(file, set())
    for module in imports(ROOT / file):
        top = module.partition(".")[0]
        if top in FLOORS:
            # `from models import receipts` gives models and models.receipts both.
            assert _is_of(module, pure) or module in FLOORS, module
        else:
            assert top in sys.stdlib_module_names, module


def _is_of(module: str, pure: set[str]) -> bool:
    return module in pure or module.rpartition(".")[0] in pure


def test_a_file_that_calls_itself_pure_is_on_the_list() -> None:
    said = {name(f) for f in files() if _says_pure(f)}
    assert said <= {*PURE, *NEARLY}


def _says_pure(file: Path) -> bool:
    words = ast.get_docstring(parsed(file)) or ""
    return "Pure." in words or "Pure:" in words or "Pure;" in words


def test_the_sandbox_knows_nothing_of_the_product() -> None:
    for file in files("webhooks/sandbox"):
        for module in imports(file):
            inside = module == "webhooks.sandbox" or module.startswith("webhooks.sandbox.")
            assert inside or module.partition(".")[0] not in FLOORS, (name(file), module)
            assert module.partition(".")[0] != "wechatpy", name(file)


def test_the_product_does_not_lean_on_the_sandbox() -> None:
    near = ("webhooks/sandbox/", "webhooks/demo/")
    outside = [f for f in files() if not name(f).startswith(near)]
    assert [name(f) for f in outside if any("sandbox" in m for m in imports(f))] == []
