"""Every page for everyone who opens it, in a real Chromium: read by a reader of screens, by a
finger, in big type, on a narrow phone, and from right to left (axe there too).

One browser, one service, one county; what changes nothing is not waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from scripts.pseudo import write
from tests.webhooks.every_page import addresses, opened, with_all
from tests.webhooks.eyes import Eyes, looking, wrong_mirrored, wrong_with

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Eyes]:
    folder = tmp_path_factory.mktemp("eyes")
    write(folder / "own")
    with looking(chromium, with_all(folder, languages=str(folder / "own"))) as made:
        yield made


def each(eyes: Eyes, address: str) -> Iterator[tuple[str, str]]:
    """Who opens it, where: once where two see a page of the same build."""
    seen: set[str] = set()
    for who, path in opened(eyes.county, address):
        page = eyes.look(who, path)
        build = page.evaluate(
            "[...document.querySelectorAll('body *')].map(one => one.tagName + one.className)"
            ".join()"
        )
        if build not in seen:
            seen.add(build)
            yield who, path


@pytest.mark.parametrize("address", addresses())
def test_it_is_usable_by_everyone(eyes: Eyes, address: str) -> None:
    wrong: list[Any] = []
    for who, path in each(eyes, address):
        wrong += [(who, path, *one) for one in wrong_with(eyes.windows[who, "zh-CN"])]
    assert wrong == []


@pytest.mark.parametrize("address", addresses())
def test_it_is_usable_from_right_to_left(eyes: Eyes, address: str) -> None:
    wrong: list[Any] = []
    # Of several roles the last sees most.
    for path, who in {path: who for who, path in opened(eyes.county, address)}.items():
        wrong += [(who, path, one) for one in wrong_mirrored(eyes.look(who, path, "ar-XB"))]
    assert wrong == []
