"""A person's name in an answer."""

import re

from bot.text import tidy, without_particles
from bot.words import words

_HAN = "一-鿿㐀-䶿〇\U00020000-\U0002ebe0"
_WHO = "(?:我|俺|咱|她|他|户主|老人|孩子|本人|妈|娘|爸|爹|男人|老公|老婆|老伴|儿子|女儿|丈夫|媳妇)"
_CALLED = re.compile(
    r"^.{0,8}?(?:我的名字[是叫]?|名字[是叫:]?|姓名是?|大名|本名"
    rf"|{_WHO}(?:家的)?(?:就?叫做?|名叫|是叫)"
    r"|^叫做?|申请人是?|户主是?|本人是?|我是|俺是)\s*[:,]?\s*"
)
_SURNAMES = frozenset("".join(words("names", "surnames")))
_SOUNDS = frozenset("".join(words("names", "sounds")))
_NEVER = re.compile(f"[{''.join(words('names', 'never'))}]")
_NEVER_WORDS = re.compile("|".join((*words("names", "never_words"), "[男女组乡县]$")))
_APPELLATION = re.compile(r"[老小大][一-鿿]|[一-鿿](?:[大二三四五六]?[爷叔婶姨伯嫂娃]|大[妈爷娘])")
_PARTS = re.compile(r"[,，;；:：、。|/0-9()+*]+")
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan"
    r"|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|a|o|e|i|u|v))+"
)


def read_name(text: str) -> str | None:
    """A name, Han (with · where it has one) or Latin; what stands after it is dropped.

    A bare message of two to four Han characters is taken for a name unless its words say
    otherwise; where more is said, it must be named (我叫…) or begin with a surname.
    """
    said = tidy(text).strip("。.!,、; ")
    if not said or len(said) > 60:
        return None
    rest, named = _CALLED.subn("", said, count=1)
    first = next((part.strip(" -_'\"“”") for part in _PARTS.split(rest) if part.strip()), "")
    if re.fullmatch(r"[A-Za-z][A-Za-z .'\-]{1,39}", first):
        return _latin(first)
    first = re.sub(r"\s*[·•・‧∙⋅]\s*|(?<=[一-鿿])\.(?=[一-鿿])", "·", first)
    first = (first.split() or [""])[0]
    first = without_particles(first) if len(first) > 2 else first
    alone = len(said) == len(first)
    return first if _is_han_name(first, bool(named), alone) else None


def _latin(words: str) -> str | None:
    """Two words and more, or one in pinyin or with a capital: not asdf, not a slip of the hand."""
    words = words.strip(" .-'")
    if " " in words:
        return words if re.search(r"[A-Za-z]{2}", words) else None
    if len(words) < 2 or re.search(r"(?i)[^aeiouy]{4}|[^aeiouy]{3}$|^[^aeiouy]+$", words):
        return None
    return words if words[0].isupper() or _PINYIN.fullmatch(words) else None


def _is_han_name(name: str, named: bool, alone: bool) -> bool:
    if not re.fullmatch(rf"[{_HAN}]+(?:·[{_HAN}]+)*", name) or not 2 <= len(name) <= 20:
        return False
    if _NEVER_WORDS.search(name) or _APPELLATION.fullmatch(name):
        return False
    if "·" in name:
        return not re.search("[我你您的了吗呢吧没]", name)
    if _NEVER.search(name) and not (named and name[0] in _SURNAMES and len(name) <= 3):
        return False
    if len(name) <= 4:
        return named or alone or name[0] in _SURNAMES
    return sum(c in _SOUNDS for c in name) >= 0.8 * len(name)
