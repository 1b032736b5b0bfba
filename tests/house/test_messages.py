"""Every message of the catalogue is translated and used, and fills the same placeholders."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts.messages import LOCALES, collected, placeholders_differ
from webhooks.i18n import SOURCE, shipped, speaker

CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return {str(message.id) for message in collected() if message.id}


def test_there_is_a_source_and_english() -> None:
    assert shipped()[:2] == (SOURCE, "en")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_message_is_translated_and_used(path: Path, texts: set[str]) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    said = {str(m.id): str(m.string) for m in catalogue if m.id}
    assert {text for text in texts if not said.get(text)} == set(), "run: make messages"
    assert set(said) - texts == set(), "run: make messages"
    assert not any(m.fuzzy for m in catalogue if m.id)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_translations_fill_the_same_placeholders(path: Path) -> None:
    assert placeholders_differ(path) == []


def test_an_unknown_language_falls_back_to_the_source() -> None:
    speak = speaker(SOURCE, "Asia/Shanghai")
    assert speak("xx").locale == SOURCE
    assert speak("en")("完成") != ""
