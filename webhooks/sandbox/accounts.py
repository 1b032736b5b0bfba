"""What the sandbox is told when it is made: accounts, their first followers, and places."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SandboxAccount:
    """One official account, as its settings on the platform would read."""

    slug: str
    name: str
    app_id: str
    original_id: str
    secret: str
    token: str
    aes_key: str
    mode: str  # "safe", "compatible" or "plain"
    kind: str  # "service" or "subscription"
    verified: bool
    callback_url: str
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subscriptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lasting: tuple[str, ...] = ()  # which of the subscriptions are long-term ones

    @property
    def verified_service(self) -> bool:
        """Only verified service accounts have web authorisation and template messages."""
        return self.verified and self.kind == "service"


@dataclass(frozen=True)
class SandboxPerson:
    """A follower who is there from the start."""

    openid: str
    name: str
    role: str
    area: str
    account: str


@dataclass(frozen=True)
class SandboxPlace:
    """A point that the phone offers under 位置."""

    label: str
    latitude: float
    longitude: float


# Made-up villages near the middle of nowhere in particular.
DEFAULT_PLACES = (
    SandboxPlace("大湾村村委会", 22.3412, 108.4526),
    SandboxPlace("小湾村老榕树下", 22.3568, 108.4711),
    SandboxPlace("桥头村卫生室", 22.3290, 108.4397),
    SandboxPlace("镇政府便民服务中心", 22.3455, 108.4602),
)
