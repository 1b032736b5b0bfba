"""What a resident reads of a clause."""

from __future__ import annotations

import pytest

from bot.wording import basis_text
from models.settings import TO_CONFIRM, Deadlines
from webhooks.i18n import speaker


@pytest.mark.parametrize("clock", ["decision", "decision_temporary", "supplement"])
def test_a_note_to_the_county_is_not_read_out(clock: str) -> None:
    basis = getattr(Deadlines(), clock).basis
    said = basis_text(speaker("zh_Hans_CN", "Asia/Shanghai")("zh_Hans_CN"), basis)
    assert TO_CONFIRM not in said
    assert said == (basis if TO_CONFIRM not in basis else "县里定的时限")
