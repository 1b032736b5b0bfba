"""An assistant's phone for the browser tests of the page that works without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.service import Phone as WeChat
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, appoint, photo
from tests.webhooks.assistant.phone import Make, Phone


@pytest.fixture
def make(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[Make]:
    """Makes a phone, open on the page, its owner an assistant in these villages (大湾村).

    `script` runs in every page before its own.
    """
    made: list[Phone] = []

    def new(
        *villages: str, script: str = "", workers: bool = True, **more: object
    ) -> tuple[Phone, WeChat]:
        who = service.follower("韦秀兰")
        appoint(service, who, *(villages or (DAWAN,)))
        phone = Phone(playwright, service, tmp_path / f"disk{len(made)}", workers, more=more)
        made.append(phone)
        page = phone.open()
        if script:
            phone.context.add_init_script(f"({script})()")
        phone.enter(who)
        assert page is phone.page
        return phone, who

    yield new
    for phone in made:
        phone.kill()


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(photo())
    return file
