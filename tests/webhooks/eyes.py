"""A real Chromium looking at a county: what a reader of screens, a finger, big type and a narrow
phone find wrong with a page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.looking import NARROW, PC, PHONE, resize, unfold
from tests.service import Quiet
from tests.webhooks.route_county import RouteCounty

AXE = Axe().axe_script
# What depends on the width or on the size of type; all else is the same on every screen.
LAID_OUT = ["target-size", "scrollable-region-focusable"]
RUN = """async only => {
  const rules = only.length ? { runOnly: { type: "rule", values: only } }
    : { rules: { "target-size": { enabled: true } } };
  const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
  return found.violations.map(one => [one.id, one.nodes.map(node => node.target.join(" "))]);
}"""
# What is passed over when one goes through a page with the tabulator, or out of its turn.
UNREACHED = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary")]
  .filter(one => one.offsetParent && one.type !== "hidden" && one.tabIndex !== 0)
  .map(one => one.outerHTML.slice(0, 90))"""
# A PC's page at twice its size is half as wide.
ZOOMED = (PC[0] // 2, PC[1] // 2)
BIG = "document.documentElement.classList.add('big')"
# What can be hit and is lower than it has to be. A link in the middle of a sentence is let be
# (WCAG 2.5.8, inline), as is what a row around it takes the tap for.
SMALL = """target => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary")]
  .filter(one => {
    if (!one.offsetParent || one.type === "hidden" || one.closest(".skip, .unseen")) return false;
    const shown = one.closest("label") || one;
    const style = getComputedStyle(one);
    const words = [...one.parentElement.childNodes].some(
      near => near.nodeType === 3 && near.textContent.trim().length > 1);
    if (style.display === "inline" && (words || one.closest("p, li, td"))) return false;
    return shown.getBoundingClientRect().height < target - 0.5;
  })
  .map(one => one.outerHTML.slice(0, 90))"""
WIDE = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".scroll, .rooms, .wide")
      && (one.getBoundingClientRect().right > innerWidth + 1
        || one.getBoundingClientRect().left < -1))
    .map(one => one.outerHTML.slice(0, 90)).slice(0, 4) : []"""


@dataclass
class Eyes:
    """A browser at the county, and its windows: one for each person in each language."""

    chromium: Browser
    county: RouteCounty
    address: str
    windows: dict[tuple[str, str], Page] = field(default_factory=dict)

    def look(self, who: str, path: str, language: str = "zh-CN") -> Page:
        """The page, with everything on it that opens opened."""
        page = self.windows.get((who, language))
        if page is None:
            page = self.windows[who, language] = self._window(who, language).new_page()
        page.goto(self.address + path, wait_until="load")
        unfold(page)
        return page

    def _window(self, who: str, language: str) -> BrowserContext:
        window = self.chromium.new_context(
            extra_http_headers={"Accept-Language": language}, bypass_csp=True,
            reduced_motion="reduce", service_workers="block",
        )
        window.add_cookies([{
            "name": self.county.world.app.config["SESSION_COOKIE_NAME"],
            "value": self.county.cookies[who][0], "url": self.address,
        }])
        return window


@contextmanager
def looking(chromium: Browser, county: RouteCounty) -> Iterator[Eyes]:
    """The county served to the browser; its base is closed with it."""
    server = make_server("127.0.0.1", 0, county.world.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    made = Eyes(chromium, county, f"http://127.0.0.1:{server.server_port}")
    with closing(county.ctx.db):
        yield made
        for page in made.windows.values():
            page.context.close()
        server.shutdown()
        thread.join()
        server.server_close()


def violations(page: Page, only: list[str]) -> Any:
    """What axe finds: each rule with where."""
    return page.evaluate(RUN, only)


def wrong_with(page: Page) -> list[Any]:
    """All that is wrong, in both sizes of type, on every width: how it was looked at, and what."""
    page.evaluate(AXE)
    wrong: list[Any] = [("unreached", one) for one in page.evaluate(UNREACHED)]
    for big in (False, True):
        if big:
            page.evaluate(BIG)
        for size in (PC, ZOOMED, PHONE, NARROW):
            resize(page, size)
            found = []
            if size in (PC, PHONE):
                found += violations(page, LAID_OUT if big or size == PC else [])
            found += [("low", one) for one in page.evaluate(SMALL, 60 if big else 44)]
            found += [("wide", one) for one in page.evaluate(WIDE)]
            wrong += [(big, size[0], one) for one in found]
    return wrong


def wrong_mirrored(page: Page) -> list[Any]:
    """What is wrong with a page from right to left, on phones."""
    page.evaluate(AXE)
    wrong = []
    for width in (PHONE, NARROW):
        resize(page, width)
        if width == PHONE:
            wrong += violations(page, [])
        wrong += [(width[0], one) for one in page.evaluate(WIDE)]
    return wrong
