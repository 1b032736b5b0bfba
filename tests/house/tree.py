"""The files of the product, and what each of them imports."""

from __future__ import annotations

import ast
import subprocess
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "models", "notices", "webhooks")


def files(*packages: str) -> list[Path]:
    """Every Python file of these packages (all four when none is named)."""
    found = [f for p in packages or PACKAGES for f in sorted((ROOT / p).rglob("*.py"))]
    assert found
    return found


def name(file: Path) -> str:
    """The file as it is written in messages: models/areas.py."""
    return file.relative_to(ROOT).as_posix()


@cache
def parsed(file: Path) -> ast.Module:
    """Its syntax tree."""
    return ast.parse(file.read_text("utf-8"), str(file))


@cache
def imports(file: Path) -> frozenset[str]:
    """Every module that a file imports, also inside functions, by its full name."""
    found: set[str] = set()
    package = list(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found.add(module)
            # `from bot import menu` imports a module as well.
            found |= {f"{module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and _calls_import(node):
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{name(file)}: imports by a computed name"
            found.add(str(first.value))
    return frozenset(found)


def _calls_import(node: ast.Call) -> bool:
    called = node.func
    named = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return named in ("__import__", "import_module") and bool(node.args)


def tops(file: Path) -> set[str]:
    """The outermost packages that a file imports."""
    return {module.partition(".")[0] for module in imports(file)}


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )
    found = (ROOT / line for line in listed.stdout.split("\0") if line)
    return tuple(file for file in found if file.is_file())
