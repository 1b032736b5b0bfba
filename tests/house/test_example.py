"""The shipped example: it can be used as it is, and holds every key and none else."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import MISSING, Field
from pathlib import Path
from typing import Any

import pytest

from models import accounts, lengths, publicity, settings
from models.sealed import KeyRing
from webhooks import config
from webhooks.config import ACCOUNT_SECRETS, TOP_SECRETS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
SECTIONS = {
    "": settings.Settings,
    "accounts": accounts.Account,
    "deadlines": lengths.Deadlines,
    "deadlines.*": lengths.Length,
    "approval": settings.Approval,
    "remedies": settings.Remedies,
    "escalation": settings.Escalation,
    "waiting": settings.Waiting,
    "pushes": settings.Pushes,
    "sms": settings.Sms,
    "limits": settings.Limits,
    "hotlines.*": settings.Hotline,
    "rechecks": settings.Rechecks,
    "spot_checks": settings.SpotChecks,
    "visits": settings.Visits,
    "errands": settings.Errands,
    "campaigns": settings.Campaigns,
    "paper": settings.Paper,
    "discovery": settings.Discovery,
    "harm.*": settings.Harm,
    "notices": publicity.Publicity,
}
# Shown with something better to look at than the default.
SHOWN = {
    ("accounts", "domain_files"), ("accounts", "templates"), ("accounts", "subscriptions"),
    ("", "hotlines"),
    ("approval", "township"), ("approval", "limits"), ("notices", "renew_schemes"),
}
# The village's account differs from the defaults: that is what it shows.
VILLAGE = {("accounts", '"subscription"'), ("accounts", "false")}
SECRETS = {"": TOP_SECRETS, "accounts": ACCOUNT_SECRETS}
HEAD = re.compile(r"\[+([a-z_.]+)\]+$")
KEY = re.compile(r"(# )?([a-z_]+) = (.+)$")


def environment() -> dict[str, str]:
    """The secrets that the example leaves to the environment."""
    found = {"YIMEN_KEYS": KeyRing.generate()}
    for slug in ("COUNTY", "DAWAN"):
        found |= {
            f"YIMEN_ACCOUNT_{slug}_SECRET": "0123456789abcdef" * 2,
            f"YIMEN_ACCOUNT_{slug}_TOKEN": "countytoken",
            f"YIMEN_ACCOUNT_{slug}_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA",
        }
    return found


def section(head: str) -> str:
    """[deadlines.registration] and its like under one name."""
    return re.sub(r"^(deadlines|hotlines|harm)\..+", r"\1.*", head)


def shown() -> list[tuple[str, str, str, bool, str]]:
    """(section, key, value, is a comment, the line before) for every key of the example."""
    rows, head, before = [], "", ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if found := HEAD.fullmatch(line):
            head = section(found[1])
        elif found := KEY.fullmatch(line):
            rows.append((head, found[2], found[3], bool(found[1]), before))
        before = line
    return rows


def fields(kind: Any) -> dict[str, Field[Any]]:
    return {field.name.rstrip("_"): field for field in dataclasses.fields(kind)}


def without_file(head: str, key: str) -> str:
    plain = key.removesuffix("_file")
    return plain if plain in SECRETS.get(head, ()) else key


def test_it_can_be_used_as_shipped() -> None:
    made = config.load(EXAMPLE, environment())
    assert made.environment == "production"
    county, village = made.accounts
    assert county.may_authorise_web
    assert county.may_send_templates
    may = ("may_authorise_web", "may_send_custom", "may_send_templates", "may_make_qr")
    assert [name for name in may if getattr(village, name)] == []
    assert all(length.basis for length in vars(made.deadlines).values())


@pytest.mark.parametrize("head", SECTIONS)
def test_every_key_occurs_and_none_else(head: str) -> None:
    found = {without_file(row[0], row[1]) for row in shown() if row[0] == head}
    wanted = set(fields(SECTIONS[head]))
    if head == "":
        wanted -= {
            "accounts", "deadlines", "approval", "remedies", "pushes", "limits", "hotlines",
            "escalation", "waiting", "rechecks", "spot_checks", "visits", "errands", "campaigns",
            "paper",
            "discovery", "harm", "notices", "sms",
        }
    if head == "deadlines":
        found = set(tomllib.loads(EXAMPLE.read_text("utf-8"))["deadlines"])
    assert found == wanted


def test_the_list_of_sections_is_whole() -> None:
    known = (*vars(settings).values(), *vars(lengths).values())
    classes = {c for c in known if hasattr(c, "__pydantic_config__")}
    assert classes == set(SECTIONS.values())


def test_each_key_is_explained_where_it_first_stands() -> None:
    seen: set[tuple[str, str]] = set()
    for head, key, _, _, before in shown():
        place = (head, without_file(head, key))
        if place not in seen and head != "pushes":
            assert before.startswith("#"), place
        seen.add(place)


def test_what_is_shown_as_the_default_is_the_default() -> None:
    for head, key, value, is_comment, _ in shown():
        field = fields(SECTIONS[head]).get(key)
        if field is None or is_comment or (head, key) in SHOWN:
            continue
        if field.default is MISSING or (head, value) in VILLAGE or head == "deadlines.*":
            continue
        assert tomllib.loads(f"x = {value}")["x"] == field.default, (head, key)


def test_each_default_is_said_in_words() -> None:
    text = EXAMPLE.read_text("utf-8")
    for head, kind in SECTIONS.items():
        for key, field in fields(kind).items():
            if field.default in (MISSING, "") or head == "":
                continue
            said = text.split(f"\n{key} = ")[0].rsplit("\n\n", 1)[-1]
            assert "Default" in said, (head, key)


def test_the_commented_lines_are_valid_too() -> None:
    for _, key, value, is_comment, _ in shown():
        if is_comment:
            assert tomllib.loads(f"{key} = {value}")


def test_every_secret_s_variable_is_named() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert all(f"YIMEN_{name.upper()}" in text for name in TOP_SECRETS)
    assert all(f"YIMEN_ACCOUNT_<SLUG>_{name.upper()}" in text for name in ACCOUNT_SECRETS)
