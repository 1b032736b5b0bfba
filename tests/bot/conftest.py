"""A town without HTTP, for talks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.context import Context
from tests.bot.talks import MORNING, Chat, Clock, town


@pytest.fixture(scope="session")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The demo county's areas and staff; every chat in it is somebody else's."""
    with town(tmp_path_factory.mktemp("talks")) as made:
        yield made


@pytest.fixture
def chat(ctx: Context) -> Chat:
    """A new person's chat with the county's account, on the same morning."""
    assert isinstance(ctx.clock, Clock)
    ctx.clock.at = MORNING
    return Chat(ctx)
