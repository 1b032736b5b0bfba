"""Setting a message: its lines, and its numbered choices."""

from __future__ import annotations

import re

# Choices stand side by side while they are short, as an old phone shows them.
INLINE = 24
LINE = 16
SHORT_LABEL = 6
# To the end of the last question, in any of the ways that one ends.
QUESTION = re.compile(r".*[？?؟]", re.S)


def shortened(question: str) -> str:
    """A question alone, for who reads large type: without what helps to answer it, which is said
    where the answer was not understood. What asks nothing stays whole."""
    asked = QUESTION.match(question)
    return asked[0] if asked else question


def choices(labels: list[str], *, apart: bool = False) -> str:
    """Numbered choices: in one line where they fit, a few to a line while they are short; `apart`:
    each on a line of its own."""
    numbered = [f"{number} {label}" for number, label in enumerate(labels, start=1)]
    if not apart and sum(map(len, numbered)) <= INLINE:
        return "　".join(numbered)
    if apart or max(map(len, labels), default=0) > SHORT_LABEL:
        return "\n".join(numbered)
    return "\n".join(_packed(numbered))


def _packed(numbered: list[str]) -> list[str]:
    lines: list[str] = []
    for choice in numbered:
        if lines and len(lines[-1]) + 1 + len(choice) <= LINE:
            lines[-1] += f"　{choice}"
        else:
            lines.append(choice)
    return lines


def join(*parts: str) -> str:
    """Lines of one message."""
    return "\n".join(part for part in parts if part)


def link(address: str, words: str) -> str:
    """Words that lead to an address when they are tapped: nobody reads a bare address."""
    return f'<a href="{address}">{words}</a>'


def plain(said: str) -> str:
    """What somebody wrote, said back in chat: WeChat makes a link of nothing in it."""
    return said.replace("<", "＜")
