"""A browser of the tests: opens pages, and posts their forms with what is hidden in them."""

from __future__ import annotations

import io
import re
from html import unescape
from urllib.parse import urljoin

import requests
from PIL import Image
from sqlalchemy import select

from models import casework, steps
from models.cases import Case
from models.people import Staff, view_of
from tests.service import Phone, Service

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ACTION = re.compile(r'action="([^"]*)"')
TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)


def photo(shade: str = "#885533") -> bytes:
    """A small JPEG."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), shade).save(kept, "JPEG")
    return kept.getvalue()


def moved(service: Service, receipt: str, move: str, **fields: object) -> None:
    """An officer of the case's township makes a move, without the desk's pages."""
    with service.ctx.db.begin() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
        member = session.scalars(select(Staff).where(Staff.area == case.township)).first()
        assert member is not None
        view = view_of(member)
        if move == "register":
            fields = {"unit": "大湾镇民政办", "officer_id": member.id} | fields
        step = steps.Step(move, case.version, **fields)
        casework.make_move(service.ctx, session, view, receipt, step)


class Browser:
    """One browser: the page it shows, and the forms on it."""

    def __init__(self, service: Service, phone: Phone | None = None) -> None:
        self.service = service
        self.http = service.browser(phone)
        self.page = requests.Response()

    def open(self, path: str) -> str:
        """Go to a page; its text."""
        self.page = self.http.get(urljoin(self.service.address, path), timeout=30)
        return self.text

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    @property
    def status(self) -> int:
        return self.page.status_code

    @property
    def title(self) -> str:
        found = TITLE.search(self.text)
        return found[1].strip() if found else ""

    def form(self, action: str) -> dict[str, str]:
        """What is hidden in the form with this action (its address's end); the first of them,
        without those of the type's size and the language, which stand on every page."""
        for attributes, inside in FORM.findall(self.page.text):
            if 'class="reading' in attributes:
                continue
            found = ACTION.search(attributes)
            target = unescape(found[1]) if found else ""
            if target.endswith(action):
                hidden = {name: unescape(value) for name, value in HIDDEN.findall(inside)}
                return {"action": target or self.page.url, **hidden}
        raise AssertionError(f"no form for {action!r} on {self.page.url}")

    def post(
        self, action: str, files: list[tuple[str, bytes]] | None = None,
        form: dict[str, str] | None = None, **fields: str | list[str],
    ) -> str:
        """Send a form of this page (or `form`, taken from it earlier); the page that follows."""
        hidden = dict(form or self.form(action))
        address = urljoin(self.page.url, hidden.pop("action"))
        sent = [("photos", (name, data)) for name, data in files or ()]
        self.page = self.http.post(
            address, data=hidden | fields, files=sent or None, timeout=60
        )
        return self.text

    def answer(self, words: str = "", *choice: str) -> str:
        """Answer the open question."""
        return self.post("/m/apply", words=words, choice=list(choice))
