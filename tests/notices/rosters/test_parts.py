"""What is hidden in the parts of a file, and what cannot be looked into."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from notices.kinds import Kind, shape
from notices.roster import formulas
from notices.roster.book import Unreadable
from notices.roster.checking import Report, check
from notices.roster.opening import open_book
from notices.roster.properties import property_texts
from tests.notices.rosters.people import PLACES, plain
from tests.notices.rosters.sheets import book, write

PHONE = "17000005678"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def gated(path: Path) -> Report:
    return check(open_book(path), shape(Kind.PROPOSED), PLACES, "大湾镇")


def changed(
    folder: Path, ending: str, part: str, change: Callable[[str], str] | str
) -> Path:
    """The plain list with one part changed, or with one more."""
    source = write(book(plain()), folder / f"plain{ending}")
    made = folder / f"changed{ending}"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part and callable(change):
                after = change(text.decode())
                assert after != text.decode(), "nothing was changed"
                text = after.encode()
            new.writestr(name, text)
        if not callable(change):
            new.writestr(part, change)
    return made


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


BLOCKED = {
    ("xl/media/image1.png", "picture"), ("xl/vbaProject.bin", "macro"),
    ("xl/externalLinks/externalLink1.xml", "external_link"),
    ("xl/connections.xml", "external_link"),
    ("xl/pivotCache/pivotCacheRecords1.xml", "pivot"), ("xl/embeddings/oleObject1.bin", "embedded"),
    ("xl/activeX/activeX1.xml", "embedded"), ("xl/revisions/revisionLog1.xml", "tracked_changes"),
    ("docProps/thumbnail.wmf", "picture"), ("anything.bin", "embedded"),
}


@pytest.mark.parametrize(("part", "code"), sorted(BLOCKED))
def test_what_cannot_be_looked_into_is_refused(part: str, code: str, tmp_path: Path) -> None:
    report = gated(changed(tmp_path, ".xlsx", part, "x"))
    assert [f.code for f in report.errors] == [code]


ROW = f'<row r="20"><c r="A20" t="str"><v>{PHONE}</v></c></row>'
HIDING: dict[str, tuple[str, Callable[[str], str] | str]] = {
    "a comment of the XML": (SHEET, swap("<sheetData>", f"<!--{PHONE}--><sheetData>")),
    "a row in a comment": (SHEET, swap("</sheetData>", f"<!--{ROW}--></sheetData>")),
    "a row in CDATA": (SHEET, swap("</sheetData>", f"<![CDATA[{ROW}]]></sheetData>")),
    "a comment in a cell": (SHEET, swap("<v>1</v>", f"<v>1<!--{PHONE}--></v>")),
    "a comment among the texts": (STRINGS, swap("<si>", f"<!--<si><t>{PHONE}</t></si>--><si>")),
    "CDATA among the texts": (STRINGS, swap("<t>新增</t>", f"<t><![CDATA[{PHONE}]]></t>")),
    "a comment in the styles": ("xl/styles.xml", swap("<fonts", f"<!--{PHONE}--><fonts")),
    "a comment of the types": (
        "[Content_Types].xml", swap("<Default", f"<!--{PHONE}--><Default"),
    ),
    "a comment of the links": (
        "_rels/.rels", swap("<Relationship ", f"<!--{PHONE}--><Relationship "),
    ),
    "an instruction": (SHEET, swap("<sheetData>", f"<?x {PHONE}?><sheetData>")),
    "a string that no cell shows": (STRINGS, swap("</sst>", f"<si><t>{PHONE}</t></si></sst>")),
    "a reading": (
        STRINGS, swap("<t>新增</t>", f'<t>新增</t><rPh sb="0" eb="1"><t>{PHONE}</t></rPh>'),
    ),
    "two runs": (STRINGS, swap("<t>新增</t>", "<r><t>1700000</t></r><r><t>5678</t></r>")),
    "a number format": ("xl/styles.xml", swap(
        "<fonts", f'<numFmts count="1"><numFmt numFmtId="164" formatCode="&quot;{PHONE}&quot;0"/>'
        "</numFmts><fonts",
    )),
    "a link": (RELS, f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{LINKS}/'
               f'hyperlink" Target="tel:{PHONE}" TargetMode="External"/></Relationships>'),
    "a formula of two texts": (SHEET, swap(
        '<c r="F3" t="s">', '<c r="F3" t="s"><f>"17000"&amp;"005678"</f>',
    )),
    "a later Excel's choices": (SHEET, swap(
        "</worksheet>", "<extLst><ext><x:dataValidation xmlns:x='u' xmlns:y='v'><x:formula1><y:f>"
        f'"{PHONE}"</y:f></x:formula1></x:dataValidation></ext></extLst></worksheet>',
    )),
    "custom XML": ("customXml/item1.xml", f"<a>{PHONE}</a>"),
    "a sheet that the book does not list": (
        "xl/worksheets/sheet9.xml", f'<worksheet><c t="str"><v>{PHONE}</v></c></worksheet>',
    ),
    "a printer's settings": ("xl/printerSettings/printerSettings1.bin", f"x{PHONE}"),
    "a newer comment": (
        "xl/threadedComments/threadedComment1.xml",
        f'<a><threadedComment ref="C4"><text>{PHONE}</text></threadedComment></a>',
    ),
}


@pytest.mark.parametrize("place", HIDING)
def test_a_number_is_found_in(place: str, tmp_path: Path) -> None:
    report = gated(changed(tmp_path, ".xlsx", *HIDING[place]))
    assert {f.code for f in report.errors} == {
        "embedded" if place.startswith("a printer") else "phone"
    }


def test_what_stands_beside_the_parts_is_looked_at(tmp_path: Path) -> None:
    for hide in (
        lambda made: setattr(made, "comment", PHONE.encode()),
        lambda made: setattr(made.infolist()[0], "comment", PHONE.encode()),
        lambda made: setattr(made, "comment", "王秀英患尿毒症".encode()),
        lambda made: setattr(made, "comment", "王秀英患尿毒症".encode("gb18030")),
    ):
        path = write(book(plain()), tmp_path / "plain.xlsx")
        with zipfile.ZipFile(path, "a") as made:
            hide(made)
            made.writestr("xl/worksheets/_rels/sheet1.xml.rels", "<a/>")
        assert {f.code for f in gated(path).errors} <= {"phone", "illness"}
        assert not gated(path).ok


def test_a_part_that_was_deleted_is_refused(tmp_path: Path) -> None:
    """It is still there, packed, though the directory does not name it."""
    path = write(book(plain()), tmp_path / "plain.xlsx")
    raw = path.read_bytes()
    at, last = raw.find(b"PK\x01\x02"), raw.rfind(b"PK\x05\x06")
    length = 46 + struct.unpack_from("<H", raw, at + 28)[0]
    count = struct.unpack_from("<H", raw, last + 10)[0]
    end = bytearray(raw[last:])
    struct.pack_into("<HHI", end, 8, count - 1, count - 1, len(raw) - at - 22 - length)
    path.write_bytes(raw[:at] + raw[at + length : -22] + end)
    assert [f.code for f in gated(path).errors] == ["embedded"]


HARMLESS: dict[str, tuple[str, Callable[[str], str] | str]] = {
    "WPS's own part": ("customXml/item1.xml", '<woProps><a sheetStid="1" onOff="0"/></woProps>'),
    "a printer": ("xl/printerSettings/printerSettings1.bin", "HP LaserJet 1020"),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_office_programs_add_is_let_through(what: str, tmp_path: Path) -> None:
    assert gated(changed(tmp_path, ".xlsx", *HARMLESS[what])).ok


def test_a_row_hidden_by_a_spelled_out_attribute_is_seen(tmp_path: Path) -> None:
    path = changed(tmp_path, ".xlsx", SHEET, swap('<row r="5"', '<row hidden="&#49;" r="5"'))
    assert [(f.code, f.row) for f in gated(path).warnings] == [("hidden_row", 5)]
    path = changed(tmp_path, ".xlsx", SHEET, swap('<row r="6"', '<row ht="0" r="6"'))
    assert [(f.code, f.row) for f in gated(path).warnings] == [("hidden_row", 6)]


UNREADABLE: dict[str, tuple[str, Callable[[str], str] | str]] = {
    "entities": (SHEET, swap("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>')),
    "a cell at the far corner": (SHEET, swap(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )),
    "a bomb": ("xl/worksheets/sheet9.xml", " " * 60_000_000),
    "a twin": ("XL/WORKBOOK.XML", "x"),
    "half a part": ("xl/workbook.xml", swap("</workbook>", "")),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_dangerous_file_is_not_read(what: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        gated(changed(tmp_path, ".xlsx", *UNREADABLE[what]))


def test_an_encrypted_part_is_not_read(tmp_path: Path) -> None:
    path = write(book(plain()), tmp_path / "plain.xlsx")
    raw = bytearray(path.read_bytes())
    directory = raw.rfind(b"PK\x01\x02")
    raw[directory + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match="encrypted"):
        open_book(path)


ODS = {
    "a picture": ("Pictures/1.png", "x", "picture"),
    "changes": ("content.xml", swap(
        "<office:spreadsheet>", "<office:spreadsheet><table:tracked-changes/>"
    ), "tracked_changes"),
    "a number shown as another": ("content.xml", swap(
        'office:value="445"><text:p>445', f'office:value="445"><text:p>{PHONE}'
    ), "phone"),
    "spans": ("styles.xml", swap(
        "<style:header><text:p>", "<style:header><text:p>1700<text:span>0005678</text:span>"
    ), "phone"),
    "a row in a comment": ("content.xml", swap(
        "</table:table>", f"<!--<table:table-row><table:table-cell office:value-type='string'>"
        f"<text:p>{PHONE}</text:p></table:table-cell></table:table-row>--></table:table>"
    ), "phone"),
    "the manifest": ("META-INF/manifest.xml", swap(
        "<manifest:file", f"<!--{PHONE}--><manifest:file"
    ), "phone"),
    "settings": ("settings.xml", f"<a><b name='x'>{PHONE}</b></a>", "phone"),
}


@pytest.mark.parametrize("what", ODS)
def test_what_an_ods_hides(what: str, tmp_path: Path) -> None:
    part, change, code = ODS[what]
    report = gated(changed(tmp_path, ".ods", part, change))
    assert [f.code for f in report.errors] == [code]


@pytest.mark.parametrize("many", [
    '<table:table-row table:number-rows-repeated="900000">',
    '<table:table-row><table:table-cell table:number-columns-repeated="16000" '
    'office:value-type="string"><text:p>x</text:p></table:table-cell>',
])
def test_a_repeated_cell_does_not_fill_the_memory(many: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="large"):
        gated(changed(tmp_path, ".ods", "content.xml", swap("<table:table-row>", many)))


@pytest.mark.parametrize(("formula", "code"), [
    ('=IF(1=1,"新增","患尿毒症")', "illness"), ('="17000"&"005678"', "phone"),
    ("=IF(1=1,1,17000005678)", "phone"),
])
def test_what_the_formulas_of_an_old_workbook_say(
    formula: str, code: str, tmp_path: Path
) -> None:
    path = write(book(plain(), formulas={(20, 9): (formula, 0)}), tmp_path / "plain.xls")
    found = [(f.code, f.sheet, f.row, f.column) for f in gated(path).errors]
    assert found == [(code, "名单", 20, 9)]


def properties(*values: tuple[int, str, str], page: int = 936) -> bytes:
    """A property stream ([MS-OLEPS]): (number, encoding, text)."""
    section, pairs = b"", [(1, struct.pack("<IHH", 2, page, 0))]
    for number, encoding, text in values:
        wide = encoding == "utf-16-le"
        raw = (text + "\0").encode(encoding)
        length = len(raw) // 2 if wide else len(raw)
        pairs.append((number, struct.pack("<II", 0x1F if wide else 0x1E, length) + raw))
    head = 8 + 8 * len(pairs)
    index = b""
    for number, raw in pairs:
        index += struct.pack("<II", number, head + len(section))
        section += raw + b"\0" * (-len(raw) % 4)
    body = struct.pack("<II", head + len(section), len(pairs)) + index + section
    return struct.pack("<HHI16xI16sI", 0xFFFE, 0, 0, 1, b"\0" * 16, 48) + body


def test_the_properties_of_an_xls_are_read() -> None:
    stream = properties((2, "gb18030", "大湾镇名单"), (4, "utf-16-le", f"电话{PHONE}"))
    assert property_texts(stream) == ["大湾镇名单", f"电话{PHONE}"]
    # Where the stream is broken, its bytes are searched.
    assert any(PHONE in text for text in property_texts(stream[:20] + PHONE.encode()))


@pytest.mark.parametrize(("formula", "out"), [
    ("SUM(D3:D14)", False), ('IF(A3="","",ROW()-2)', False), ("VLOOKUP(C3,名单!A:F,4,0)", False),
    ("[1]Sheet1!A1", True), ("'file:///C:/x.xls'#$a.A1", True), ('WEBSERVICE("http://x")', True),
    ("cmd|'/c calc'!A1", True),
])
def test_a_formula_that_fetches_from_elsewhere(formula: str, out: bool) -> None:
    assert formulas.reaches_out(formula) is out


def test_what_a_formula_says_itself() -> None:
    assert formulas.literals('"17000"&"005678"&A1') == ["17000", "005678", PHONE]
    assert formulas.literals(f"{PHONE}+1") == [PHONE]
    assert formulas.literals("SUM(D3:D100000)") == []
