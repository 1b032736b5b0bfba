"""Photos as they come from phones: judged by content, turned upright, stripped, made smaller.

What a photo carries besides its picture (place, time, phone, thumbnails) is dropped by drawing
it anew.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from models.settings import mark

MAX_BYTES = 10 * 1024 * 1024
# Decoding asks 3 bytes a point, but a plain JPEG can be decoded at a fraction of its size.
# Both lie below the 89 million at which Pillow itself begins to warn.
MAX_POINTS = 40_000_000
MAX_POINTS_SCALED = 80_000_000
LONGEST_SIDE = 2400
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/jpeg"

EMPTY = mark("这张照片是空的，没有传上来。请再发一次。")
TOO_LARGE = mark("这张照片太大了。一张请不要超过10兆，可以用手机重新拍一张再发。")
TOO_MANY_POINTS = mark("这张照片的尺寸太大，这里打不开。请用手机重新拍一张再发。")
HEIC = mark("这是苹果手机的 HEIC 照片，这里打不开。请把照片截个图再发，或者在微信里直接拍。")
UNKNOWN = mark("这不是照片，这里打不开。请用手机拍一张再发。")
BROKEN = mark("这张照片没有传完整。请再发一次。")

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


class NotAPicture(ValueError):
    """These bytes cannot be kept as a photo; `reason` is a marked sentence for the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A JPEG without metadata; `width` and `height` in points."""

    data: bytes
    content_type: str
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Draw the photo anew as a JPEG of at most 2400 points a side. Raises NotAPicture."""
    if not data:
        raise NotAPicture(EMPTY)
    if len(data) > MAX_BYTES:
        raise NotAPicture(TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise NotAPicture(HEIC)
    try:
        return _drawn(data)
    except UnidentifiedImageError as error:
        raise NotAPicture(UNKNOWN) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(TOO_MANY_POINTS) from error
    # Pillow's decoders raise nearly anything on bytes that were cut or made up.
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError) as error:
        if isinstance(error, NotAPicture):
            raise
        raise NotAPicture(BROKEN) from error


def _drawn(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as found:
        # A progressive JPEG is held whole, whatever size is asked for.
        scales = found.format == "JPEG" and not found.info.get("progressive")
        if found.width * found.height > (MAX_POINTS_SCALED if scales else MAX_POINTS):
            raise NotAPicture(TOO_MANY_POINTS)
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        flat = _on_white(upright)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), CONTENT_TYPE, flat.width, flat.height)


def thumbnail(data: bytes, side: int = 480) -> bytes:
    """A small JPEG of a cleaned picture, at most `side` points a side."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as found:
        found.draft("RGB", (side, side))
        found.thumbnail((side, side))
        out = io.BytesIO()
        found.save(out, "JPEG", quality=70)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency: a screenshot with none of its own ground stays readable."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    plain = image.convert("RGB")
    # What a decoder keeps here (EXIF, comments, colour profile) would be written out again.
    plain.info = {}
    return plain


def sniff_audio(data: bytes) -> str | None:
    """What a recording is by its first bytes: AMR, MP3 or SILK (all that WeChat sends); or None."""
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    if data.startswith((b"#!SILK_V3", b"\x02#!SILK_V3")):
        return "audio/silk"
    if data.startswith(b"ID3") or _is_mpeg_frame(data):
        return "audio/mpeg"
    return None


def _is_mpeg_frame(data: bytes) -> bool:
    """Whether it begins with the header of an MPEG layer III frame (ISO 11172-3, 2.4.1.3)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return False
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    bitrate, rate = data[2] >> 4, data[2] >> 2 & 3
    return version != 1 and layer == 1 and bitrate not in (0, 15) and rate != 3
