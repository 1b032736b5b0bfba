"""One sandbox for each test, unless it makes its own."""

from collections.abc import Iterator

import pytest

from .stage import Stage, staged


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A verified service account in safe mode whose callback says `success`."""
    with staged() as made:
        yield made
