"""Photos: judged by content, upright, without metadata, small; and what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models import pictures
from models.pictures import NotAPicture, clean_picture, sniff_audio, thumbnail

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def made(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **how: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def is_red(image: Image.Image, place: tuple[int, int]) -> bool:
    point = image.convert("RGB").getpixel(place)
    assert isinstance(point, tuple)
    return point[0] > point[2]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_a_jpeg(kind: str) -> None:
    picture = clean_picture(made(kind))
    image = opened(picture.data)
    assert (image.format, picture.content_type) == ("JPEG", "image/jpeg")
    assert image.size == (picture.width, picture.height) == (60, 40)
    assert is_red(image, (5, 20))
    assert not is_red(image, (55, 20))


def test_metadata_is_dropped() -> None:
    exif = Image.Exif()
    exif[MAKE] = "SECRETPHONE"
    exif.get_ifd(GPS)[1] = "N"
    data = made(exif=exif, comment=b"SECRETPLACE")
    assert b"SECRETPHONE" in data
    assert b"SECRETPLACE" in data
    clean = clean_picture(data).data
    assert b"SECRET" not in clean
    assert not opened(clean).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture = clean_picture(made(exif=exif))
    assert (picture.width, picture.height) == (40, 60)
    assert is_red(opened(picture.data), (20, 5))


def test_large_ones_are_made_smaller_and_keep_their_shape() -> None:
    picture = clean_picture(made(size=(4800, 1200)))
    assert (picture.width, picture.height) == (2400, 600)


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(clean_picture(out.getvalue()).data).getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is this large, in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", pictures.EMPTY),
        (b"\xff" * (pictures.MAX_BYTES + 1), pictures.TOO_LARGE),
        (b"%PDF-1.7\n", pictures.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", pictures.UNKNOWN),
        (b"\0\0\0\x18ftypheic" + bytes(40), pictures.HEIC),
        (b"\0\0\0\x18ftypmif1" + bytes(40), pictures.HEIC),
        (b"\0\0\0\x18ftypmp42" + bytes(40), pictures.UNKNOWN),
        (made()[:200] + made()[200:][:100], pictures.BROKEN),
        (made("PNG")[:-40], pictures.BROKEN),
        (bomb(7000, 7000), pictures.TOO_MANY_POINTS),
        (bomb(12_000, 12_000), pictures.TOO_MANY_POINTS),
        (bomb(60_000, 60_000), pictures.TOO_MANY_POINTS),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NotAPicture) as refused:
        clean_picture(data)
    assert refused.value.reason == reason


def test_a_progressive_jpeg_has_the_smaller_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_POINTS", 1000)
    assert clean_picture(made()).width == 60
    with pytest.raises(NotAPicture):
        clean_picture(made(progressive=True))


@given(st.binary(max_size=400), st.integers(0, 600))
def test_bytes_that_were_changed_never_do_worse_than_be_refused(noise: bytes, at: int) -> None:
    data = made("PNG") if at % 2 else made()
    broken = data[:at] + noise + data[at + len(noise) :]
    try:
        picture = clean_picture(broken)
    except NotAPicture:
        return
    assert opened(picture.data).format == "JPEG"


def test_a_thumbnail_is_small() -> None:
    small = opened(thumbnail(clean_picture(made(size=(2000, 1000))).data, 100))
    assert small.size == (100, 50)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"#!AMR-WB\n\x3c", "audio/amr"),
        (b"\x02#!SILK_V3", "audio/silk"),
        (b"#!SILK_V3", "audio/silk"),
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xd8\xff\xe0", None),
        (b"\xff\xff\xff\xff", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"", None),
        (b"abc", None),
    ],
)
def test_recordings_are_known_by_their_first_bytes(data: bytes, kind: str | None) -> None:
    assert sniff_audio(data) == kind
