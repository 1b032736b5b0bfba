"""The demo county in this process, and a real Chromium."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.looking import PHONE
from tests.processes import free_port
from webhooks.demo.running import Demo


@dataclass
class House:
    """The running demo and its browser."""

    demo: Demo
    browser: Browser
    shots: Path

    def page(self, size: tuple[int, int] = PHONE) -> Page:
        """A new browser window that knows nobody; a script that fails fails the test."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
            base_url=self.demo.address, reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def shot(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Leave a screenshot."""
        page.screenshot(path=self.shots / f"{name}.png", full_page=whole)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[House]:
    """Screenshots go to build/screenshots, or where YIMEN_SCREENSHOTS says."""
    shots = Path(os.environ.get("YIMEN_SCREENSHOTS", "build/screenshots"))
    shots.mkdir(parents=True, exist_ok=True)
    demo = Demo(free_port(), tmp_path_factory.mktemp("demo"))
    ready = threading.Event()
    serving = threading.Thread(target=demo.serve, args=(lambda _: ready.set(),), daemon=True)
    serving.start()
    assert ready.wait(30)
    yield House(demo, chromium, shots)
    demo.stop()
    serving.join(10)
    assert not serving.is_alive(), "it would go on with files that are others' by then"
