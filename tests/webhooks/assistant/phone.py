"""An assistant's phone in a real Chromium: its disk outlives the browser, its network is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect
from sqlalchemy import select

from models.cases import Case
from scripts.find_chromium import find
from tests.looking import FLAGS, PHONE
from tests.service import Phone as WeChat
from tests.service import Service

# WeChat on iOS: a web view that knows no service workers.
NO_WORKER = "delete Navigator.prototype.serviceWorker"
# All that the page is drawn with lies in the worker's store.
KEPT = """async () => {
  const wanted = JSON.parse(document.getElementById("config").textContent).assets.length + 1;
  const kept = async () => (await (await caches.open("yimen-assistant-1")).keys()).length;
  while (await kept() < wanted) await new Promise((done) => setTimeout(done, 50));
}"""
PATIENCE = 15_000


@dataclass
class Phone:
    """One phone. `workers`: whether its browser has service workers."""

    playwright: Playwright
    service: Service
    disk: Path
    workers: bool = True
    size: tuple[int, int] = PHONE
    more: dict[str, Any] = field(default_factory=dict)
    cut: bool = False
    fails: bool = False
    asked: int = 0

    def __post_init__(self) -> None:
        """Cut where the server is: a browser's own switch does not reach its service worker."""
        inner = self.service.app.wsgi_app

        def line(environ: dict[str, Any], start: Any) -> Any:
            if self.cut:
                environ["werkzeug.socket"].shutdown(SHUT_RDWR)
                raise ConnectionResetError
            return inner(environ, start)

        # Flask's own way to put something around an application.
        self.service.app.wsgi_app = line  # type: ignore[method-assign]

    def open(self) -> Page:
        """Start the browser on what is on the disk."""
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self.disk, executable_path=find(), args=FLAGS, locale="zh-CN",
            base_url=self.service.address, reduced_motion="reduce",
            viewport={"width": self.size[0], "height": self.size[1]}, **self.more,
        )
        if not self.workers:
            self.context.add_init_script(NO_WORKER)
        self.context.route("**/discover/**", self._passed)
        self.context.set_offline(self.cut)
        self.page = self.context.pages[0]
        self.page.set_default_timeout(PATIENCE)
        return self.page

    def _passed(self, route: Route) -> None:
        """What the page sends: every second time it fails, and half of those after it arrived."""
        self.asked += 1
        if self.fails and self.asked % 2:
            if self.asked % 4 == 1 and not self.cut:
                route.fetch()
            route.abort()
        else:
            route.continue_()

    def enter(self, who: WeChat) -> None:
        """Come in from the account to the page."""
        self.page.goto(f"/sandbox/people/{who.openid}/login?next=/m/discover")
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("html[data-ready]")).to_have_count(1)

    def kept(self) -> None:
        """Wait until the page itself is on the phone."""
        self.page.evaluate(KEPT)

    def network(self, *, cut: bool) -> None:
        self.cut = cut
        self.context.set_offline(cut)

    def kill(self) -> None:
        """The browser is gone; the disk stays."""
        self.context.close()

    def write(self, name: str, *, urgent: bool = False) -> None:
        """Fill in a household."""
        page = self.page
        page.fill("[name=words-name]", name)
        page.fill("[name=words-spot]", "三组，老粮站后面")
        page.fill("[name=words-what]", f"{name}一个人住，灶台是冷的")
        page.check(f"[name=choice-urgent][value={'now_new' if urgent else 'days_old'}]")
        page.check("[name=choice-aware][value=unaware]")
        page.fill("[name=words-phone]", "没有")
        expect(page.locator("[data-saved]")).to_contain_text("存在这部手机里")

    def take(self, *files: Path) -> None:
        """Choose photos."""
        before = self.page.locator("[data-thumbs] li").count()
        self.page.locator("[data-step=papers] [data-photos][multiple]").set_input_files(files)
        expect(self.page.locator("[data-thumbs] li")).to_have_count(before + len(files))

    def hand_in(self) -> None:
        self.page.get_by_role("button", name="交给镇上").click()
        expect(self.page.locator("[name=words-name]")).to_have_value("")

    def line(self, name: str) -> Any:
        """A report's line in the outbox."""
        return self.page.locator("[data-outbox] li", has_text=name)


Make = Callable[..., tuple[Phone, WeChat]]


def names(service: Service) -> list[str]:
    with service.ctx.db.read() as session:
        return list(session.scalars(select(Case.name).order_by(Case.id)))
