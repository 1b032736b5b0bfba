"""Looking at a page in a real Chromium: what every page has to be, on a phone and a PC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Playwright

from scripts.find_chromium import find

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE, PC = (390, 844), (1280, 800)
NARROW = (320, 640)
WIDTHS = (1280, 640, 390, 320)
RULES = {"resultTypes": ["violations"]}
# What is tapped and lower than a finger, of those that a selector finds.
SMALL = """selector => [...document.querySelectorAll(selector)]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML.slice(0, 80))"""


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium, headless. Pages ask for Chinese: one that prefers English sees other labels."""
    browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
    yield browser
    browser.close()


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def followed(tapped: Locator) -> None:
    """Tap what leads to another page, and be there: a tap alone may return on the way."""
    with tapped.page.expect_navigation():
        tapped.click()


def unfold(page: Page) -> None:
    """Open everything that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def is_usable(page: Page) -> None:
    """Nothing that a reader of screens trips over, and nothing too wide, as it is."""
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [n["target"] for n in one["nodes"]]) for one in found] == [], page.url
    fits(page)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def looks_well(page: Page, tapped: str) -> None:
    """Usable on a phone and a PC, and at every width high enough for a finger (`tapped`)."""
    unfold(page)
    for size in (PC, PHONE):
        resize(page, size)
        is_usable(page)
    for width in WIDTHS:
        resize(page, (width, 640))
        fits(page)
        assert page.evaluate(SMALL, tapped) == [], page.url
