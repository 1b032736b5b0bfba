"""Everything the sandbox remembers, in memory under one lock.

The lock is never held while the product is being called: a callback may call the platform back.
"""

import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .accounts import SandboxAccount, SandboxPerson

Entry = dict[str, Any]
# What a person does opens a window for customer service messages: how many, for how many seconds.
MESSAGE, MOMENT = "message", "moment"
QUOTAS = {MESSAGE: (5, 48 * 3600.0), MOMENT: (3, 60.0)}
MEDIA_SECONDS = 3 * 86400.0
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"""<a\s[^>]*href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@dataclass
class Window:
    """How many customer service messages may still be sent, and until when."""

    until: float
    left: int


@dataclass
class Person:
    """Somebody with a phone, and all that their phone shows."""

    openid: str
    name: str
    role: str
    area: str
    account: str
    following: bool = True
    followed_at: float = 0.0
    scene: str = ""
    snapshot: bool = False  # web authorisation answers with a made-up identity
    blocks: bool = False  # refuses template messages
    windows: dict[str, Window] = field(default_factory=dict)
    grants: dict[str, int] = field(default_factory=dict)
    refuses: list[str] = field(default_factory=list)  # subscriptions turned off in the settings
    tags: list[int] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)


@dataclass
class TokenLine:
    """One way of fetching access tokens: the current one and those before it."""

    current: str = ""
    until: float = 0.0
    earlier: dict[str, float] = field(default_factory=dict)
    forced: list[float] = field(default_factory=list)


@dataclass
class QrCode:
    """A parametric QR code; `until` is None for a permanent one."""

    ticket: str
    scene: str
    url: str
    until: float | None


@dataclass
class AccountState:
    """What the platform keeps for one official account."""

    menu: list[dict[str, Any]] | None = None
    conditional: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[int, str] = field(default_factory=dict)
    codes: list[QrCode] = field(default_factory=list)
    tokens: dict[str, TokenLine] = field(default_factory=dict)
    clears: list[float] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    drafts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    published: dict[str, dict[str, Any]] = field(default_factory=dict)
    masses: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Media:
    """A picture or recording with a media id."""

    media_id: str
    account: str
    kind: str
    content_type: str
    filename: str
    created: float


@dataclass
class Fault:
    """Something that goes wrong the next `times` times."""

    api: str = ""
    callback: str = ""
    errcode: int | None = None
    status: int | None = None
    delay_ms: int = 0
    times: int = 1


@dataclass
class WebCode:
    """A code from web authorisation, good for one exchange."""

    openid: str
    app_id: str
    scope: str
    until: float
    used: bool = False


class World:
    """People, accounts and records, and the clock that they live by."""

    def __init__(
        self,
        accounts: Sequence[SandboxAccount],
        people: Sequence[SandboxPerson],
        now: Callable[[], datetime],
    ) -> None:
        if not accounts:
            raise ValueError("the sandbox needs at least one account")
        self.lock = threading.RLock()
        self.now = now
        self.accounts = {account.slug: account for account in accounts}
        self.default = accounts[0]
        self.on_change: Callable[[], None] = lambda: None
        self.people: dict[str, Person] = {}
        self.states = {slug: AccountState() for slug in self.accounts}
        self.media: dict[str, Media] = {}
        self.blobs: dict[str, bytes] = {}
        self.calls: deque[Entry] = deque(maxlen=50_000)
        self.deliveries: deque[Entry] = deque(maxlen=20_000)
        self.faults: list[Fault] = []
        self.web_codes: dict[str, WebCode] = {}
        self.web_tokens: dict[str, tuple[str, str, float]] = {}
        self.client_ids: dict[tuple[str, str], tuple[int, float]] = {}
        self.seed = tuple(people)

    def add_seeded(self) -> None:
        """The people who are there from the start, unless a saved state already has them."""
        for who in self.seed:
            if who.account not in self.accounts:
                raise ValueError(f"{who.name} follows an unknown account: {who.account}")
            if who.openid not in self.people:
                person = Person(who.openid, who.name, who.role, who.area, who.account)
                person.followed_at = self.epoch()
                self.people[who.openid] = person

    def epoch(self) -> float:
        """The demo's clock in seconds."""
        return self.now().timestamp()

    def stamp(self) -> str:
        """The demo's clock as ISO 8601 in UTC."""
        return self.now().isoformat(timespec="milliseconds")

    def account_of(self, person: Person) -> SandboxAccount:
        """The account that this person follows or may follow."""
        return self.accounts[person.account]

    def new_person(self, name: str, account: SandboxAccount, role: str, area: str) -> Person:
        """Somebody who has not followed yet."""
        openid = "o" + secrets.token_urlsafe(24)[:27]
        person = Person(openid, name, role, area, account.slug, following=False)
        with self.lock:
            self.people[openid] = person
        self.on_change()
        return person

    def show(self, person: Person, side: str, **entry: Any) -> Entry:
        """Put a bubble on this person's phone: side "phone" is said, "account" is received."""
        with self.lock:
            item = {"seq": len(person.log) + 1, "side": side, "at": self.stamp(), **entry}
            person.log.append(item)
        self.on_change()
        return item

    def receive(self, person: Person, channel: str, item: Entry) -> None:
        """Something from the account reaches the phone."""
        self.show(person, "account", channel=channel, **{"url": None, **item})

    def open_window(self, person: Person, trigger: str) -> None:
        """What the person did entitles the account to some customer service messages."""
        count, seconds = QUOTAS[trigger]
        with self.lock:
            person.windows[trigger] = Window(self.epoch() + seconds, count)

    def take_fault(self, *, api: str = "", callback: bool = False) -> Fault | None:
        """The fault that is due for this call or message, counted down."""
        with self.lock:
            for fault in self.faults:
                if (callback and fault.callback) or (api and fault.api == api):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    def store(self, account: str, kind: str, content_type: str, name: str, data: bytes) -> Media:
        """Keep a file under a new media id."""
        media = Media(secrets.token_urlsafe(48), account, kind, content_type, name, self.epoch())
        with self.lock:
            self.media[media.media_id] = media
            self.blobs[media.media_id] = data
        self.on_change()
        return media

    def live_media(self, media_id: str, account: str) -> Media | None:
        """The file behind a media id, for three days."""
        media = self.media.get(media_id)
        if media is None or media.account != account:
            return None
        return media if self.epoch() - media.created < MEDIA_SECONDS else None


def first_link(text: str) -> str | None:
    """The first web address in a text's links."""
    for match in _LINK.finditer(text):
        target: str = match.group(1) or match.group(2) or ""
        if target.startswith(("http://", "https://", "/")):
            return target
    return None


def plain_text(text: str) -> str:
    """A text without its tags."""
    return _TAG.sub("", text)
