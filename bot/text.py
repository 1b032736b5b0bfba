"""Tidying what people type and dictate, before anything reads it."""

import re
import unicodedata
from functools import lru_cache

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_BLANK = re.compile(r"\s+")
_MARKS = re.compile(r"[\s,，。.!！?？~～、;；:：…·'\"“”‘’()（）\[\]【】《》<>*_-]+")
_PARTICLES = re.compile(
    r"(?:[吧啊呀呢哦噢喔嘛啦哈哟呗咯嘞哩诶欸的]|谢谢(?:您|你)?|多谢|麻烦(?:您|你)?)+$"
)

# One message is read by a score of readers, and what a question offers is asked again and again.
_REMEMBERED = 1024


@lru_cache(_REMEMBERED)
def tidy(text: str) -> str:
    """Half-width, one space at most, nothing invisible, nothing at the ends."""
    if text.isascii() and text.isprintable():
        return _BLANK.sub(" ", text).strip()
    plain = _BLANK.sub(" ", unicodedata.normalize("NFKC", _UNSEEN.sub("", text))).strip()
    return unicodedata.normalize("NFKC", plain)


@lru_cache(_REMEMBERED)
def squeezed(text: str) -> str:
    """Tidy, lower case, without blanks and punctuation: for comparing whole messages."""
    return _MARKS.sub("", tidy(text).lower())


def without_particles(text: str) -> str:
    """A squeezed text without the particles and thanks at its end, unless nothing would be left."""
    return text[:-20] + _PARTICLES.sub("", text[-20:]) or text
