"""The draft under the pages: the talk's own, locked while a page works on it.

Every form carries the draft's turn. One that was drawn before the draft last changed (in the
chat, in another tab, by a second tap) changes nothing: what was typed is kept, and where the
talk stands now is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from bot import drafting
from bot.flow import Draft, Scene
from bot.state import State
from models.accounts import Account
from models.context import Context
from models.speaking import locked_talk
from webhooks.access import context, person_id, speech, visitor


@dataclass
class Page:
    """A person's talk while a page works on it."""

    ctx: Context
    session: Session
    state: State
    scene: Scene
    account: Account

    @property
    def draft(self) -> Draft:
        assert self.state.draft is not None
        return self.state.draft

    @property
    def turn(self) -> str:
        """Names this state of this draft; a form that carries another one is stale."""
        return turn_of(self.state.draft)

    @property
    def is_stale(self) -> bool:
        """Whether the posted form was drawn before the draft last changed."""
        return request.form.get("turn") != self.turn


def turn_of(draft: Draft | None) -> str:
    return f"{draft.mark}-{draft.photos}" if draft else ""


@contextmanager
def opened() -> Iterator[Page]:
    """Open the person's talk, and keep what was changed."""
    ctx = context()
    seen = visitor()
    assert seen is not None
    account = ctx.settings.account(seen.account) or ctx.settings.accounts[0]
    with ctx.db.begin() as session:
        talk = locked_talk(session, person_id())
        # A copy: changed in place, the row would seem unchanged and not be written.
        state = State.of(deepcopy(talk.state))
        scene = Scene(speech(), ctx.directory.areas, account.area, account.slug, page=True)
        page = Page(ctx, session, state, scene, account)
        before = turn_of(state.draft)
        yield page
        if state.draft is not None and turn_of(state.draft) != before:
            state.paused = False
        talk.state, talk.updated_at = state.as_json(), ctx.now()


def begun(page: Page) -> Draft:
    """The draft, begun where there is none; `for` says for whom."""
    if page.state.draft is None:
        whom = "other" if request.values.get("for") == "other" else "self"
        drafting.new_draft(page.state, whom, page.scene)
    return page.draft
