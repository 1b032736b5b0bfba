"""One message's surroundings, handed through the engine: who writes, by which account, and what
they may be told or given. Nothing here is kept: what lasts is in `state`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot.flow import Scene
from bot.state import State
from models.accounts import Account
from models.areas import Level
from models.context import Context
from models.links import make_link
from models.settings import Translate


@dataclass
class Visit:
    """A person at the door. `open_session` gives the transaction of the message.

    `before` are lines that stand above the reply, whatever it becomes. `big`: they asked for 大字:
    what they are sent is shorter.
    """

    ctx: Context
    account: Account
    person_id: int
    state: State
    t: Translate
    open_session: Callable[[], Session]
    before: str = ""
    big: bool = False

    @cached_property
    def session(self) -> Session:
        return self.open_session()

    @cached_property
    def now(self) -> datetime:
        return self.ctx.now()

    @property
    def scene(self) -> Scene:
        return Scene(self.t, self.ctx.directory.areas, self.account.area, self.account.slug)

    @property
    def township(self) -> str | None:
        """The township that this person belongs to, as far as is known."""
        areas = self.ctx.directory.areas
        draft = self.state.draft
        for code in (
            draft.answers.get("living") or draft.answers.get("living_township") if draft else None,
            self.state.known.get("living"),
            self.account.area,
        ):
            place = areas.at(code, Level.TOWNSHIP)
            if place:
                return place.code
        return None

    @property
    def phone(self) -> str:
        """The human's number nearest to the person."""
        return self.ctx.directory.areas.phone(self.township or self.account.area)

    def public_page(self, path: str) -> str:
        """An address that anyone may open."""
        return f"{self.ctx.settings.public_url.rstrip('/')}{path}"

    def page(self, path: str) -> str:
        """An address that leads this person to one of our pages, signed in.

        Web authorisation does it where the account may; else the link itself does, once.
        """
        if self.account.may_authorise_web:
            return f"{self.ctx.settings.public_url.rstrip('/')}{path}?account={self.account.slug}"
        return make_link(self.ctx, self.person_id, self.account.slug, path)
