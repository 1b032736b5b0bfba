"""What a resident reads of a clause."""

from __future__ import annotations

import pytest

from bot.wording import basis_text
from models.lengths import Deadlines
from webhooks.i18n import speaker


@pytest.mark.parametrize(("clock", "said"), [
    ("decision_tekun", "民发〔2021〕43号：乡镇15个、县里15个工作日"),
    ("decision_temporary", "县里定的时限"),
    ("supplement", "县里定的时限"),
])
def test_a_note_to_the_county_is_not_read_out(clock: str, said: str) -> None:
    t = speaker("zh_Hans_CN", "Asia/Shanghai")("zh_Hans_CN")
    assert basis_text(t, getattr(Deadlines, clock).basis) == said
    assert basis_text(t, "民发〔2021〕57号第十条") == "民发〔2021〕57号第十条"
