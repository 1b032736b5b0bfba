"""A language comes by its catalogue alone, whatever Babel knows of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from models.settings import SOURCE
from webhooks import i18n
from webhooks.i18n import OWN_NAME, direction, names, negotiate, shipped, speaker

HERE = "Asia/Shanghai"
DAY, AT = date(2026, 11, 3), datetime(2026, 11, 3, 1, 5, tzinfo=UTC)
# Uyghur, Tibetan, Yi, Zhuang, Mongolian in both scripts, Kazakh in Arabic script; and Dai and
# Lisu, of which Babel has nothing.
DAYS = {
    "ug": "3-نويابىر", "bo": "ཟླ་༡༡ཚེས་3", "ii": "ꊯꊪꆪ 3ꑍ", "za": "ndwencib’it 3",
    "mn": "11-р сарын 3", "mn_Mong_CN": "11-3", "kk_Arab_CN": "3-قاراشا", "tdd": "11-3",
    "lis": "11-3", "ug_CN": "3-نويابىر",
}


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A folder with one sentence in each."""
    for locale in DAYS:
        catalogue = Catalog(fuzzy=False)
        catalogue.add("完成", f"{locale}!")
        if locale == "lis":
            catalogue.add(OWN_NAME, "ꓡꓲ-ꓢꓴ")
        path = tmp_path / locale / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, catalogue)
    i18n._catalogue.cache_clear()
    return str(tmp_path)


@pytest.mark.parametrize("locale", DAYS)
def test_it_is_spoken_with_days_that_can_be_read(own: str, locale: str) -> None:
    t = speaker(SOURCE, HERE, own)(locale)
    assert (t.locale, t("完成"), t("不在这份目录里")) == (locale, f"{locale}!", "不在这份目录里")
    assert t.day(DAY) == DAYS[locale]
    assert t.moment(AT) == f"{DAYS[locale]} 09:05"


def test_days_are_the_same_whoever_is_asked_first() -> None:
    """Babel's own months of one language must not become another's."""
    code = "import sys; from datetime import date; from webhooks.i18n import Speech; " \
        "print([Speech(one, 'UTC').day(date(2026, 11, 3)) for one in sys.argv[1:]])"
    for order in (list(DAYS), list(DAYS)[::-1], sorted(DAYS)):
        said = subprocess.run(
            [sys.executable, "-c", code, *order], capture_output=True, text=True, check=True
        ).stdout
        assert said.strip() == str([DAYS[one] for one in order])


def test_without_its_catalogue_it_is_not_there() -> None:
    assert speaker(SOURCE, HERE)("ug").locale == SOURCE
    assert "ug" not in shipped()


def test_it_is_offered_by_its_own_name(own: str) -> None:
    offered = dict(names(own))
    assert set(offered) == {SOURCE, "en", *DAYS}
    assert offered["ug"] == "ئۇيغۇرچە"
    assert offered["za"] == "Vahcuengh"
    assert (offered["lis"], offered["tdd"], offered["en"]) == ("ꓡꓲ-ꓢꓴ", "tdd", "English")


def test_each_is_written_its_own_way() -> None:
    rtl = {one for one in DAYS if direction(one) == "rtl"}
    assert rtl == {"ug", "ug_CN", "kk_Arab_CN"}
    # Traditional Mongolian runs downwards; a page knows two ways alone.
    assert direction("mn_Mong_CN") == "ltr"


@pytest.mark.parametrize(("accepted", "spoken"), [
    (["ug-CN", "zh-CN"], "ug_CN"), (["bo-CN"], "bo"), (["kk-Arab-CN"], "kk_Arab_CN"),
    (["mn-Cyrl"], "mn"), (["fr-FR", "en-GB"], "en"), (["zh-TW", "en"], SOURCE),
    (["zh-Hant-HK"], SOURCE), (["fr"], ""), ([], ""), (["*"], ""),
])
def test_a_browser_gets_the_nearest_that_there_is(
    own: str, accepted: list[str], spoken: str
) -> None:
    assert negotiate(accepted, own) == spoken


def test_a_translation_that_fills_what_there_is_not_is_left_out(tmp_path: Path) -> None:
    catalogue = Catalog(fuzzy=False)
    for message, said in (("一共 {count} 户", "{cuont}"), ("{count} 人", "{"), ("好", "{count}")):
        catalogue.add(message, said)
    path = tmp_path / "ii" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    t = speaker(SOURCE, HERE, str(tmp_path))("ii")
    assert t("一共 {count} 户", count=3) == "一共 3 户"
    assert (t("{count} 人", count=3), t("好")) == ("3 人", "{count}")


def test_what_is_filled_in_keeps_its_own_direction(tmp_path: Path) -> None:
    for locale in ("ug", "bo"):
        catalogue = Catalog(fuzzy=False)
        catalogue.add("编号 {receipt}", "{receipt} !")
        path = tmp_path / locale / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, catalogue)
    speak = speaker(SOURCE, HERE, str(tmp_path))
    said = "2611-483705-72"
    assert speak("ug")("编号 {receipt}", receipt=said) == f"\u2068{said}\u2069 !"
    assert speak("bo")("编号 {receipt}", receipt=said) == f"{said} !"


def test_a_countys_own_words_come_before_those_that_are_shipped(tmp_path: Path) -> None:
    catalogue = Catalog(fuzzy=False)
    catalogue.add("完成", "Finished at last")
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    t = speaker(SOURCE, HERE, str(tmp_path))("en")
    assert t("完成") == "Finished at last"
    assert t("我的事项") == speaker(SOURCE, HERE)("en")("我的事项") != "我的事项"
