"""What must never be shown, found in any text however it is written. Pure.

Digits are found full-width, spaced, dashed, spoken (一三八…, 幺), with O and l for 0 and 1, and
masked too little. A finding is a code alone: it never holds what was found.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

ID_NUMBER, PHONE, BANK_ACCOUNT, NUMBER = "id_number", "phone", "bank_account", "long_number"
ADDRESS, ILLNESS, INCOME, MINOR = "address", "illness", "income", "minor"
RELATIVE, INFORMANT = "relative", "informant"

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_HAN = re.compile("[\u4e00-\u9fff]+")
_NUMERALS = "〇零○洞一幺二两三四五六七拐八九勾壹贰叁肆伍陆柒捌玖OoQlI|"
_DIGITS = str.maketrans(_NUMERALS, "0000112234567789912345678900011" + "1")
_GAP = r"[\s\-‐-―−_.·・,，、:/\\|()\[\]'\"+]{0,3}"
_RUN = re.compile(rf"(?:[0-9{re.escape(_NUMERALS)}]{_GAP}){{6,}}[0-9{re.escape(_NUMERALS)}]")

_MONTH, _DAY = r"(?:0_1[1-9]|1_1[0-2])", r"(?:0_1[1-9]|[12]_1[0-9]|3_1[01])"


def _gapped(pattern: str) -> str:
    return pattern.replace("_1", _GAP)


_ID18 = re.compile(_gapped(
    rf"[1-9](?:_1[0-9]){{5}}_1(?:1_1[89]|2_10)(?:_1[0-9]){{2}}_1{_MONTH}_1{_DAY}"
    r"(?:_1[0-9]){3}_1[0-9Xx*]"
))
_ID15 = re.compile(_gapped(
    rf"(?<![0-9])[1-9](?:_1[0-9]){{7}}_1{_MONTH}_1{_DAY}(?:_1[0-9]){{3}}(?![0-9])"
))
_ID17 = re.compile(r"(?<![0-9])[1-9][0-9]{16}[Xx](?![0-9A-Za-z])")
_MASK = r"(?:[*×xX#?•●○◆■□◇★☆]|\.{3})"
_MASKED = re.compile(rf"[0-9]{{1,17}}[ -]?{_MASK}(?:[ -]?{_MASK})+[ -]?[0-9Xx]{{0,14}}")
_MASKED_FIRST = re.compile(rf"{_MASK}{{4,}}[0-9]{{3,14}}")
_MOBILE = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?86[\s-]{0,3})?1[\s\-_.·/()]{0,3}[3-9](?:[\s\-_.·/()]{0,3}[0-9]){9}(?![0-9])"
)
_LANDLINE = r"\(?0[1-9][0-9]{1,2}[\s\-—–)]{0,3}[0-9]{3,4}[\s-]?[0-9]{4}(?![0-9])"
_FIXED = re.compile(
    rf"(?<![0-9]){_LANDLINE}|(?<![0-9])[48]00[\s-]?[0-9]{{3}}[\s-]?[0-9]{{4}}(?![0-9])"
)
_CALLED = re.compile(
    r"(?:电话|手机|号码|微信|QQ|tel|联系)[^0-9。;；]{0,8}[0-9](?:[\s-]?[0-9]){5,}", re.IGNORECASE
)
# A person's own; an official account has a name that people read.
_CHAT = re.compile(
    r"(?:微信|QQ|wx|vx)(?!公众|小程序)(?:号码?)?(?:同号)?[:\s是为]{0,3}[A-Za-z0-9][\w-]{4,}",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:监督|举报|投诉|咨询|热线|值班|受理电话|公示电话|反映电话|异议|拨打|民政(?:办|局|所)"
    r"|村委会|居委会|政府|办公室?)"
    rf"[^0-9。；;]{{0,12}}(?:{_LANDLINE}|1[12][0-9]{{3}}(?![0-9]))"
    rf"(?:\s*[、,，;；/或和转]\s*(?:{_LANDLINE}|1[12][0-9]{{3}}(?![0-9])))*"
)
_DATE = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}\s*[-./年]\s*[0-9]{1,2}(?:\s*[-./月]\s*[0-9]{1,2}\s*[日号]?|\s*月)?"
    r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?Z?)?(?![0-9])"
    r"|(?<![0-9])20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?(?![0-9])"
    r"|[0-9]{1,2}月[0-9]{1,2}[日号]"
)
_PAPER = re.compile(
    r"[〔\[(【]\s*[0-9]{4}\s*[〕\])】]\s*第?\s*[0-9]{1,4}\s*号|第\s*[0-9]{1,4}\s*[号期批]"
)
_AMOUNT = re.compile(r"(?<![0-9])[0-9]{1,9}(?:,[0-9]{3})*(?:\.[0-9]{1,4})?\s*(?:万|亿)?[元人户%]")
_LONG = re.compile(r"[0-9](?:[ -]?[0-9]){11,}")
# 4.50799E+17: what a spreadsheet makes of a long number in a CSV.
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]{2,}[eE]\+?(?:0?[7-9]|1[0-9])(?![0-9])")
_SOME = re.compile(r"[0-9]{8,}")
_N = r"[0-9一二三四五六七八九十百]{1,5}"
_HOME = re.compile(
    rf"[路街巷弄道村屯寨庄组队社区苑园里坊](?:第)?\s*{_N}\s*-?\s*{_N}?\s*(?:号|栋|幢|单元|弄|室|村民小组|小组|组|队|社|楼)"
    rf"|{_N}\s*(?:栋|幢|单元|室)(?![内外])"
    rf"|(?:^|[^第]){_N}\s*(?:村民小组|组|队)(?:$|[\s,，0-9一二三四五六七八九十])"
)
_AGE = re.compile(
    r"(?<![0-9满])(?:1[0-7]|[0-9]|十[一二三四五六七]?|[一二三四五六七八九])\s*周?岁(?!以[上下]|\()"
)
_EARNS = re.compile(r"(?:收入|存款|工资|积蓄|退休金|负债|欠债|外债)[^0-9。；;]{0,8}[0-9]")


def plain(text: str) -> str:
    """Half-width, without invisible characters."""
    if _HAN.fullmatch(text):
        return text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def leak(text: str, *, office: bool = False) -> str | None:
    """The code of what must not be shown in this text; None where there is nothing.

    `office`: a title or note, where the office's own landline and dates may stand, and where
    words such as 收入 say a rule unless a number follows.
    """
    if len(text) < 5 and _HAN.fullmatch(text) and text[-1] not in "组队社":
        # Nearly every name is this; 100,000 of them are read in a second.
        return _word(text, office) if _every_word().search(text) else None
    said = plain(text)
    return _number(said, office) or _word(said, office)


def _number(said: str, office: bool) -> str | None:
    if len(said) < 5:
        return None
    if _CHAT.search(said):
        return PHONE
    digits = _RUN.sub(_in_digits, said)
    if not _DIGIT_HINT.search(digits):
        return None
    if _ID18.search(digits) or _ID17.search(digits):
        return ID_NUMBER
    masked = _masked(digits)
    if masked:
        return masked
    rest = _DATE.sub("#", digits)
    if office:
        rest = _OFFICE.sub("#", rest)
    rest = _AMOUNT.sub("#", _PAPER.sub("#", rest))
    if _ID15.search(rest):
        return ID_NUMBER
    if _MOBILE.search(rest) or _FIXED.search(rest) or _CALLED.search(rest):
        return PHONE
    if _LONG.search(rest):
        return BANK_ACCOUNT
    return NUMBER if _SOME.search(rest) or _SCIENTIFIC.search(rest) else None


_DIGIT_HINT = re.compile(r"[0-9*×•●○][\s\-_.·/]{0,3}[0-9*×•●○]")


def _in_digits(run: re.Match[str]) -> str:
    return run[0].translate(_DIGITS)


def _masked(digits: str) -> str | None:
    for found in (*_MASKED.finditer(digits), *_MASKED_FIRST.finditer(digits)):
        length = len(found[0])
        if length >= 8:
            short = length <= 12 and re.match(r"1[3-9]|0[1-9]", found[0])
            return PHONE if short else ID_NUMBER
    return None


def _word(said: str, office: bool) -> str | None:
    text = _words("harmless").sub("#", said) if office else said
    found = _every_word().search(text)
    if found:
        for code in (ILLNESS, MINOR, RELATIVE, INFORMANT):
            if _words(code).search(text):
                return code
        if not office and _words(INCOME).search(text):
            return INCOME
        if _words("account").search(text):
            return BANK_ACCOUNT
        if _words("place").search(text):
            return ADDRESS
        if _EARNS.search(text):
            return INCOME
    if _AGE.search(text):
        return MINOR
    return ADDRESS if is_home(text) else None


def is_home(text: str) -> bool:
    """Whether the text goes further than a village: a group, a street's number, a flat."""
    return bool(_HOME.search(_PAPER.sub("#", _DATE.sub("#", text))))


def of_heading(heading: str) -> str | None:
    """The code of what a column with this (normalised) heading would show."""
    for code, words in _tables()["headers"].items():
        if any(word in heading for word in words.split()):
            return str(code)
    return None


@cache
def _words(code: str) -> re.Pattern[str]:
    tables = _tables()
    words = tables["harmless"]["words"] if code == "harmless" else tables["text"][code]
    return re.compile("|".join(map(re.escape, words.split())))


@cache
def _every_word() -> re.Pattern[str]:
    """All words in one, tried first: nearly every text has none."""
    return re.compile("|".join(
        re.escape(word) for words in _tables()["text"].values() for word in words.split()
    ))


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("notices").joinpath("leaks.toml").read_text(encoding="utf-8"))
