"""The words of words.toml, read once."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(table: str, key: str) -> tuple[str, ...]:
    """The words of one line of the file."""
    return tuple(_tables()[table][key].split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = files("bot").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
