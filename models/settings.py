"""What can be set, and the protocols that the edges fill. Pure.

`webhooks/config.py` reads TOML and the environment into these; every class refuses unknown keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol

from models.accounts import Account
from models.broadcasting import Campaigns
from models.helping import Errands
from models.lengths import ENACTED, STRICT, Deadlines
from models.publicity import Publicity
from models.sms import Sms

# The language of the source texts: whoever has it reads them as they are.
SOURCE = "zh_Hans_CN"


def mark(message: str) -> str:
    """Mark a Chinese source text for the catalogue; it is translated where it is said."""
    return message


class Clock(Protocol):
    """The time, injected so that tests and the demo can move it. Always aware UTC."""

    def now(self) -> datetime: ...


class Translate(Protocol):
    """Says a marked message in one person's language; `values` fill its `{placeholders}`."""

    locale: str

    def __call__(self, message: str, /, **values: object) -> str: ...

    def day(self, day: date) -> str:
        """A day written out for people: 12月4日."""
        ...

    def moment(self, at: datetime) -> str:
        """A moment in the service's time zone: 11月24日 09:30."""
        ...

    def day_of(self, at: datetime) -> date:
        """The calendar day of a UTC moment in the service's time zone."""
        ...


_QINBEI = (
    "钦北 2019：低保、特困和每户2000元（含）以内的临时救助下放乡镇；"
    "依社会救助法第四十四条待确认"
)


@dataclass(frozen=True)
class Approval:
    """What a township may decide by itself, where the province lets it (社会救助法 art. 44).

    `township` names the schemes; `limits` are yuan a household at one decision, by scheme; a
    scheme without a limit is decided by the township whatever the amount.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    basis: str
    from_: date
    township: tuple[str, ...] = ()
    limits: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Remedies:
    """What someone may do who does not agree, and until when; said with every refusal."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    review_days: int = 60
    review_basis: str = "行政复议法第二十条"
    suit_months: int = 6
    suit_basis: str = "行政诉讼法第四十六条"
    review_at: str = ""


@dataclass(frozen=True)
class Escalation:
    """How many working days after the officer the head is told, and the county; and from when.

    `from_hour` is the hour of the day, where the people are, before which nobody is told.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    head_after: int = 1
    county_after: int = 3
    from_hour: int = 8


@dataclass(frozen=True)
class Waiting:
    """While papers are awaited: how often the person is reminded, and what is said at the end."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    reminders: int = 2
    reason: str = "等了很久，没等到要补的材料。"


@dataclass(frozen=True)
class Rechecks:
    """After how many months help is looked at again; a county sets its own (`recheck`)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    stable_months: int = 12
    other_months: int = 6
    basis: str = "民发〔2021〕57号第三十一条：短期内变化不大的每年一次，其余每半年一次"


@dataclass(frozen=True)
class Paper:
    """Sheets as PDF: the file of the font that is embedded, with the characters of names."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    font: str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


@dataclass(frozen=True)
class Visits:
    """After how many days unseen a frail household rises on the list; how long after help ended."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    after_days: int = 30
    lately_days: int = 180


@dataclass(frozen=True)
class Discovery:
    """Assistants' reports from the field: of how many households one may ask a day whether they
    are reported already, for how many days what is half written is kept, and for how many minutes
    a link into another browser is good. The county's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    asks_per_day: int = 20
    draft_days: int = 14
    link_minutes: int = 10


@dataclass(frozen=True)
class SpotChecks:
    """The least share, in percent, that the county looks into: by scheme, else `share`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    share: int = 10
    shares: dict[str, int] = field(default_factory=lambda: {"tekun": 30})
    basis: str = "民发〔2021〕43号：特困抽查不少于30%；其余县定，待县里确认"


@dataclass(frozen=True)
class Pushes:
    """How pushes are sent. Windows and quotas are the platform's (facts: wechat.md §3).

    Who said no to subscription messages is not asked again for `ask_again_days`. `quiet`: the
    hours in which what can wait does, of who never chose their own.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    tries: int = 6
    lease_seconds: int = 60
    expire_days: int = 7
    quiet: str = "21-8"
    connect_timeout: float = 3.0
    read_timeout: float = 5.0
    ask_again_days: int = 30


@dataclass(frozen=True)
class Hotline:
    """A telephone that people are told to call; listed by `yimen check` until confirmed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    name: str
    number: str
    source: str
    confirmed: bool = False


@dataclass(frozen=True)
class Harm:
    """Who is told at once of one kind of harm: departments of the county's directory by their
    names there (or the end of them), and the clause that names them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    departments: tuple[str, ...]
    basis: str


# Of each kind that a county says nothing of.
HARM = {
    "child": Harm(("公安局", "教育局"), "未成年人保护法第十一条"),
    "adult": Harm(("公安局",), "反家庭暴力法第十四条"),
}


@dataclass(frozen=True)
class Limits:
    """How often pages may be asked, in Flask-Limiter's notation, and how long a list may be."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    track: str = "10 per minute; 60 per hour"
    search: str = "30 per minute; 300 per hour"
    sign_in: str = "20 per minute"
    upload: str = "60 per minute"
    field: str = "900 per minute"
    concern: str = "20 per hour"
    export_rows: int = 5000


@dataclass(frozen=True)
class Settings:
    """The whole configuration, read once at the start and never changed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    environment: Literal["production", "demo"]
    public_url: str
    database_url: str = field(repr=False)
    storage_url: str
    accounts: tuple[Account, ...]
    deadlines: Deadlines
    keys: str = field(repr=False)
    redis_url: str = field(default="", repr=False)
    sms_token: str = field(default="", repr=False)
    locale: str = SOURCE
    languages: str = ""
    time_zone: str = "Asia/Shanghai"
    http_proxy: str = ""
    trusted_proxies: int = 0
    icp: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    pushes: Pushes = field(default_factory=Pushes)
    sms: Sms = field(default_factory=Sms)
    approval: Approval = Approval(
        _QINBEI, ENACTED, ("temporary", "dibao", "tekun"), {"temporary": Decimal("2000.00")}
    )
    remedies: Remedies = field(default_factory=Remedies)
    escalation: Escalation = field(default_factory=Escalation)
    waiting: Waiting = field(default_factory=Waiting)
    rechecks: Rechecks = field(default_factory=Rechecks)
    spot_checks: SpotChecks = field(default_factory=SpotChecks)
    visits: Visits = field(default_factory=Visits)
    errands: Errands = field(default_factory=Errands)
    campaigns: Campaigns = field(default_factory=Campaigns)
    paper: Paper = field(default_factory=Paper)
    discovery: Discovery = field(default_factory=Discovery)
    notices: Publicity = field(default_factory=Publicity)
    limits: Limits = field(default_factory=Limits)
    hotlines: dict[str, Hotline] = field(default_factory=dict)
    harm: dict[str, Harm] = field(default_factory=dict)

    def told_of_harm(self, kind: str) -> Harm:
        """Who is told of a kind of harm: a key of `HARM`. Somebody always is."""
        return self.harm.get(kind) or HARM[kind]

    def account(self, slug: str) -> Account | None:
        """The account of this slug, or None."""
        return next((a for a in self.accounts if a.slug == slug), None)
