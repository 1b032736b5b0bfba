"""Numbers as people say them: 四, 十二, 两千五, 廿三, 一家五口, 老两口, 爷仨."""

import re

from bot.text import squeezed, tidy

_DIGITS = {c: n for n, cs in enumerate(
    ("零〇○洞", "一壹幺", "二贰两俩", "三叁仨", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖")
) for c in cs}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000}
_TWENTIES = {"廿": "二十", "卅": "三十"}
_CHARS = "零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万廿卅"
_NUMERAL = rf"(?:[0-9]+(?:,[0-9]{{3}})*(?:[十百千万][0-9{_CHARS}]*)?|[{_CHARS}]+)"
_TOKEN = re.compile(r"[0-9]+|.")
_MAX_LENGTH = 12
"""A longer run of digits is no count, and is not worth turning into a number."""

# Numerals inside these count nothing.
_IDIOMS = re.compile(
    r"一家(?![0-9一二两三四五六七八九十]?口)|一(?:共|起|直|样|下|般|些|点|定|会|边|旦|切|向|早"
    r"|辈子)"
    r"|万一|统一|唯一|第一时间|五保|三轮|(?:大|[二三四五六])(?:叔|伯|婶|姨|姑|舅|爷|哥|姐|嫂|弟|妹)"
    r"|老[大二三四五六七八九]|七[上嘴]八[下舌]|乱七八糟|三天两头|低保一"
)
_PAIR = r"(?:[老小]?两口子?|[一-鿿]{0,3}俩)"
_TRIO = r"(?:[一-鿿]{0,3}仨)"
_KIN = (
    r"(?:大人|小孩子?|小娃娃?|娃娃?儿?|孩子|细伢子|伢子|崽崽?|老人家?|男的|女的|儿子|女儿|闺女"
    r"|姑娘|孙子|孙女"
    r"|老伴儿?|老婆|媳妇儿?|老公|男人|丈夫|妻子|爱人|屋里的|爸妈|父母|爸爸?|妈妈?|爹|娘|父亲"
    r"|母亲|爷爷|奶奶"
    r"|公公|婆婆|岳父|岳母|哥哥?|弟弟?|姐姐?|妹妹?|学生)"
)
_COUPLES = ("爸妈", "父母")
_ITEM = re.compile(
    rf"(?P<pair>{_PAIR})|(?P<trio>{_TRIO})"
    rf"|(?:就|只有|只剩)?(?:我|俺)?(?P<n>{_NUMERAL})?(?:个|位|名)?(?P<kin>{_KIN})"
    rf"|(?P<me>(?:就|只有|只剩)?(?:我|俺|本人)(?:自己)?(?:一个人)?)"
)
_JOINT = re.compile(
    r"(?:[,，、。.;；+\s]|和|跟|与|加上?|带着?|还有|以及|有|领着?|家里|我家|我们家|俺家)+"
)
_TOTAL = re.compile(
    rf"(?:总共|一共|共有?|合计|统共|拢共|加起来|全家)[^0-9{_CHARS}]{{0,4}}({_NUMERAL})"
)
_MOUTHS = re.compile(rf"({_NUMERAL})(?=口|个人|人)")
_RANGE = re.compile(r"([0-9]+)\s*(?:-|~|—|–|到|至|或者?)\s*([0-9]+)")
_ANY = re.compile(_NUMERAL)
_ALONE = re.compile(
    r"就我自己|就我$|只有我$|只剩我$|我自己|独自|孤身|孤寡|光棍|单身|我一个|没(?:有)?别人"
    r"|就(?:一|1)个"
)
_BROKEN = re.compile(rf"[0-9]\s*[./][0-9]|(?<![0-9一-鿿])-[0-9]|[0-9{_CHARS}][个口]半")
"""3.5, 1/2, -3, 两个半: no count."""
_NOBODY = {"没有", "没", "无", "零", "一个都没有", "一个也没有", "没有人", "冇"}


def chinese_number(numeral: str) -> int | None:
    """The value of one numeral, Arabic, Chinese or mixed (2千5); None when it is none.

    Two neighbours said together (四五个, 十二三个) give the larger.
    """
    text = numeral.replace(",", "")
    for short, long in _TWENTIES.items():
        text = text.replace(short, long)
    if not text or len(text) > _MAX_LENGTH:
        return None
    values: list[tuple[int, bool]] = []  # (value, is a unit)
    for token in _TOKEN.findall(text):
        if token in _UNITS:
            values.append((_UNITS[token], True))
        elif token in _DIGITS:
            values.append((_DIGITS[token], False))
        elif token.isascii() and token.isdigit():
            values.append((int(token), False))
        else:
            return None
    values = _without_approximation(values)
    if not any(unit for _, unit in values):
        return int("".join(str(value) for value, _ in values))
    return _with_units(values)


def read_number(text: str, low: int, high: int) -> int | None:
    """The count in an answer, from `low` to `high`; several that do not add up are not understood.

    An approximate one (四五个, 4到5个) gives the larger: it is read back before it is used.
    """
    number = _count(tidy(text))
    return number if number is not None and low <= number <= high else None


def _count(text: str) -> int | None:
    if len(text) > 200:
        return None
    if squeezed(text) in _NOBODY:
        return 0
    if _BROKEN.search(text):
        return None
    text = _RANGE.sub(lambda r: max(r[1], r[2], key=lambda n: (len(n), n)), text)
    text = re.sub(r"(?:我|俺)?[和跟]?[^,，和跟]{0,4}俩", "俩", text)
    plain = _IDIOMS.sub("#", _TOTAL.sub(r"=\1口", text))
    summed = _people(plain)
    if summed is not None:
        return summed
    for pattern in (_MOUTHS, _ANY):
        found = {chinese_number(n.strip()) for n in pattern.findall(_without_couples(plain))}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    if re.search(_TRIO, plain):
        return 3
    if re.search(_PAIR, plain):
        return 2
    return 1 if _ALONE.search(text) else None


def _people(text: str) -> int | None:
    """The sum, where the whole text lists people: 我和两个娃, 老两口带一个孙子."""
    total = 0
    for part in filter(None, _JOINT.split(text.strip("。.!！ "))):
        at = 0
        while at < len(part):
            item = _ITEM.match(part, at)
            if item is None or item.end() == at:
                return None
            at = item.end()
            if item["pair"] or item["trio"]:
                total += 2 if item["pair"] else 3
            elif item["me"]:
                total += 1
            else:
                number = chinese_number(item["n"]) if item["n"] else None
                total += number or (2 if item["kin"] in _COUPLES else 1)
    return total or None


def _without_couples(text: str) -> str:
    return re.sub(r"[老小]?两口子|[老小]两口", "#", text)


def _without_approximation(values: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
    """四五 → 五, 十二三 → 十三, 两三千 → 三千: only where exactly two neighbours stand alone."""
    kept: list[tuple[int, bool]] = []
    for place, (value, unit) in enumerate(values):
        following = values[place + 1] if place + 1 < len(values) else None
        alone = (place == 0 or values[place - 1][1]) and (
            place + 2 >= len(values) or values[place + 2][1]
        )
        if (
            not unit and following is not None and not following[1]
            and alone and 0 < value < 10 and following[0] == value + 1
        ):  # fmt: skip
            continue
        kept.append((value, unit))
    return kept


def _with_units(values: list[tuple[int, bool]]) -> int | None:
    total = section = 0
    digit: int | None = None
    last_unit = 1
    for value, unit in values:
        if not unit:
            if digit is not None and digit != 0:
                return None
            digit = value
            last_unit = 10 if value == 0 else last_unit
            continue
        if value == 10_000:
            total = (total + section + (digit or 0)) * value
            section = 0
        else:
            section += (1 if digit is None or digit == 0 else digit) * value
        digit, last_unit = None, value
    if digit:
        # 两千五 is 2500, but 两千零五 and 二十五 are as they read.
        digit *= last_unit // 10 if last_unit >= 100 else 1
    return total + section + (digit or 0)
