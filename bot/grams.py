"""A message as the small pieces that the linear model weighs: one to three characters in a row.

Numbers are one sign whatever they say, and who of the family it is about is said a second time by
kind, so that what was learned of 我妈 holds for 俺娘. Long messages are read at both ends.
"""

import re

HEAD, TAIL = 300, 100
"""Characters of a long message that are read, from its beginning and from its end."""
LONGEST = 3

_NUMBER = re.compile(r"[0-9零〇二两三四五六七八九十百千万几]+")
_LATIN = re.compile(r"[a-z]{3,}")
_MARK = re.compile(r"[\s,，。.、;；:：~～…·'\"“”‘’()（）\[\]【】《》<>*_/!！-]+")
_KINDS = (
    (
        "Ｐ",
        "爸爸|妈妈|老爸|老妈|老爹|老娘|老汉|父亲|母亲|父母|爸妈|爹娘|爹妈|阿爸|阿妈|爸|妈|爹|娘",
    ),
    (
        "Ｇ",
        "爷爷|奶奶|外公|外婆|姥姥|姥爷|阿公|阿婆|老人家|老人|老头子|老头|老太太|老太|大爷|大娘",
    ),
    ("Ｓ", "老公|丈夫|男人|老婆|媳妇|妻子|爱人|老伴|婆娘|堂客|当家的|屋里人"),
    ("Ｃ", "小孩子|小孩|孩子|儿子|女儿|闺女|娃子|娃|崽|孙子|孙女|孙儿|小朋友|幺儿|妹仔|细仔"),
)
_KIND_OF = {word: kind for kind, words in _KINDS for word in words.split("|")}
_KIN = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))


def grams(folded: str) -> set[str]:
    """The pieces of a folded text, each once; `^` and `$` are its beginning and end."""
    if len(folded) > HEAD + TAIL:
        folded = f"{folded[:HEAD]} {folded[-TAIL:]}"
    text = _MARK.sub("", _LATIN.sub("a", _NUMBER.sub("0", folded)))
    if not text:
        return set()
    by_kind = _KIN.sub(lambda word: _KIND_OF[word[0]], text)
    return _cut(f"^{text}$") | _cut(f"^{by_kind}$")


def _cut(text: str) -> set[str]:
    return {
        text[at : at + length]
        for length in range(1, LONGEST + 1)
        for at in range(len(text) - length + 1)
    } - {"^", "$"}
