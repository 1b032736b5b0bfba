"""An assistant's phone, without a browser."""

from __future__ import annotations

import pytest

from tests.service import Service
from tests.webhooks.assistant.field import Field


@pytest.fixture
def field(service: Service) -> Field:
    return Field(service)
