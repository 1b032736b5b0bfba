"""Telephone numbers as people write and say them: 138 0000 5678, 幺三八…, 0777-1234567."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.text import squeezed, tidy

PhoneProblem = Literal["short", "long", "prefix", "none"]


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """The number, or what is wrong with it: digits missing, too many, no such beginning,
    or "none": the person says that they have no telephone."""

    number: str | None = None
    problem: PhoneProblem | None = None


_SPOKEN = "零〇○洞幺一二两三四五六七拐八九勾"
_TABLE = str.maketrans(_SPOKEN, "00001122345677899")
_GAP = r"[\s\-‐‑‒–—―−_.,，、·()/杠]{0,3}"
_SPOKEN_RUN = re.compile(rf"(?:[0-9{_SPOKEN}]{_GAP}){{6,}}[0-9{_SPOKEN}]")
_RUN = re.compile(rf"\+?[0-9](?:{_GAP}[0-9])*")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})")
_IDENTITY = re.compile(r"[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3,4}")
_MASKED = re.compile(r"1[3-9][0-9]{0,2}[*xX×]{2,}[0-9]")
_NONE = re.compile(
    r"(?:没|没有|无|冇|莫得|没得|木有)(?:电话|手机|号码|座机|联系方式|联系电话)"
    r"|(?:电话|手机|号码)(?:也|都|我)?(?:没有|没得|莫得|冇|没$|无$)|不用(?:电话|手机)"
)
_NONE_WHOLE = {"没有", "没", "无", "冇", "没得", "莫得", "没有的"}


def read_phone(text: str) -> PhoneReading:
    """The first telephone number in the text, mobile or landline with its area code."""
    plain = _SPOKEN_RUN.sub(lambda run: run[0].translate(_TABLE), tidy(text[:2000]))
    runs = [run[0] for run in _RUN.finditer(plain)]
    for run in runs:
        number = _number_in(run)
        if number is not None:
            return PhoneReading(number)
    bare = squeezed(text)
    if bare in _NONE_WHOLE or _NONE.search(bare):
        return PhoneReading(problem="none")
    if _MASKED.search(plain):
        return PhoneReading(problem="short")
    digits = max((re.sub("[^0-9]", "", run) for run in runs), key=len, default="")
    digits = re.sub(r"^(?:00)?86(?=1)", "", digits) if len(digits) > 11 else digits
    if len(digits) < 3 or (len(digits) < 5 and len(digits) != len(bare)):
        return PhoneReading()
    if len(digits) < 11:
        return PhoneReading(problem="short")
    return PhoneReading(problem="long" if len(digits) > 11 else "prefix")


def _number_in(run: str) -> str | None:
    """The number that this run of digits and gaps is, or that some groups in a row of it make."""
    groups = re.findall(r"[0-9]+", run)
    whole = "".join(groups)
    if _IDENTITY.fullmatch(whole):
        return None
    number = _normal(whole)
    if number is not None or len(groups) == 1:
        return number
    for start in range(len(groups)):
        joined = ""
        for group in groups[start : start + 15]:
            joined += group
            if len(joined) > 15:
                break
            number = _normal(joined)
            if number is not None:
                return number
    return None


def _normal(digits: str) -> str | None:
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    landline = _LANDLINE.fullmatch(digits)
    return f"{landline[1]}-{landline[2]}" if landline else None


def masked_phone(number: str) -> str:
    """A mobile with its middle hidden, as it is shown back: 138****5678."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else number
