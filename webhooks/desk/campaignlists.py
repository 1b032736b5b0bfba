"""A list of receipts or telephones that staff put up: each row is somebody, or is said."""

from __future__ import annotations

from models.receipts import read_receipt
from models.settings import mark
from models.steps import MoveRefused

MOST_ROWS = 2000
SOME_MISSED = mark("下面这些行找不到人。改好了再放一次；或者勾上“找不到的不发，别的照发”。")
TOO_MANY = mark("名单最多 2000 行，请分成几份。")
EMPTY = mark("表里没有编号，也没有电话。每行写一个就行。")


def read(data: bytes, name: str) -> list[tuple[int, str]]:
    """The rows that carry a receipt or a telephone: (row as the spreadsheet shows it, value).

    Raises Unreadable, MoveRefused. A heading has neither and is passed over.
    """
    # What opens spreadsheets is four megabytes that most processes never need.
    from notices.roster.opening import read_book

    found = []
    for sheet in read_book(data, name).sheets:
        for number, row in enumerate(sheet.rows(), start=1):
            said = next((one for cell in row if (one := _value(cell))), "")
            if said:
                found.append((number, said))
            if len(found) > MOST_ROWS:
                raise MoveRefused(TOO_MANY, "file")
    if not found:
        raise MoveRefused(EMPTY, "file")
    return found


def _value(cell: object) -> str:
    """A receipt as it is stored, or the eleven digits of a telephone; else empty."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "")
    receipt = read_receipt(text).canonical
    if receipt:
        return receipt
    digits = "".join(one for one in text if one.isdigit())
    return digits if len(digits) == 11 and digits.startswith("1") else ""
