"""What a way to a person can do, and what the platform's answers mean.

The platform answers HTTP 200 to nearly everything; the truth is its `errcode`. What each code
asks of us stands in one table here, so that no caller ever compares a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models.settings import mark


class Outcome(StrEnum):
    """What one call came to, and so what is to be done."""

    DONE = "done"
    RETRY = "retry"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  # the name of an outcome
    STOP_ACCOUNT = "stop_account"
    DAY_OVER = "day_over"
    TOO_FAST = "too_fast"
    DROP = "drop"
    REFUSED = "refused"
    UNFOLLOWED = "unfollowed"
    WINDOW_CLOSED = "window_closed"
    OVER_QUOTA = "over_quota"
    NO_GRANT = "no_grant"
    BAD_CODE = "bad_code"
    NOBODY = "nobody"


class Scope(StrEnum):
    """What rests while an outcome holds: the account, one of its channels, or one push."""

    ACCOUNT = "account"
    CHANNEL = "channel"
    PUSH = "push"


class Way(StrEnum):
    """The channels, as they stand in `Push.channel` and `PushAttempt.channel`."""

    CUSTOM = "custom"
    SUBSCRIBE = "subscribe"
    TEMPLATE = "template"
    PASSIVE = "passive"
    CONSOLE = "console"
    SMS = "sms"


@dataclass(frozen=True)
class Meaning:
    """One line of the table: the outcome, the words for staff (marked), and what rests."""

    outcome: Outcome
    words: str
    scope: Scope = Scope.PUSH


@dataclass(frozen=True)
class Delivery:
    """How one try ended."""

    way: Way
    outcome: Outcome
    words: str = ""
    errcode: int | None = None
    msg_id: str | None = None
    scope: Scope = Scope.PUSH


class PlatformTrouble(Exception):
    """The platform did not do what was asked. Carries no address and no token, ever."""

    def __init__(
        self, kind: Outcome, errcode: int | None, words: str, scope: Scope = Scope.PUSH
    ) -> None:
        super().__init__(f"{kind} ({errcode})")
        self.kind = kind
        self.errcode = errcode
        self.words = words
        self.scope = scope
        self.msg_id = ""

    @classmethod
    def of(cls, errcode: int) -> PlatformTrouble:
        """The trouble that this code stands for."""
        meaning = meaning_of(errcode)
        return cls(meaning.outcome, errcode, meaning.words, meaning.scope)

    def anew(self) -> PlatformTrouble:
        """The same trouble without where it was met."""
        return PlatformTrouble(self.kind, self.errcode, self.words, self.scope)


class Channel(Protocol):
    """A way to people of one account. Raises PlatformTrouble where it did not go through."""

    def send_text(self, openid: str, text: str) -> None:
        """A customer-service message."""
        ...

    def send_template(
        self, openid: str, template_id: str, fields: Mapping[str, str], url: str,
        client_msg_id: str,
    ) -> str | None:
        """A template message; the platform's id of it."""
        ...

    def send_subscription(
        self, openid: str, template_id: str, fields: Mapping[str, str], page: str
    ) -> None:
        """A subscription message, by a grant of the person's."""
        ...


NO_ANSWER = mark("微信那边没有回音，过一会儿会再试。")
UNKNOWN = mark("微信回了一个没见过的错误码，过一会儿会再试。")

_BUSY = Meaning(Outcome.RETRY, mark("微信系统忙，过一会儿会再试。"))
_TOKEN = Meaning(Outcome.REFRESH_TOKEN, mark("微信的通行凭证失效了，正在换新的。"))
_SECRET = Meaning(
    Outcome.STOP_ACCOUNT, mark("AppID 或 AppSecret 不对，请到公众平台核对后改配置。"), Scope.ACCOUNT
)
_ADDRESS = Meaning(
    Outcome.STOP_ACCOUNT,
    mark("这台服务器的地址不在公众平台的 IP 白名单里，请到公众平台加上。"),
    Scope.ACCOUNT,
)
_NOT_ALLOWED = Meaning(
    Outcome.STOP_ACCOUNT,
    mark("公众号没有这项权限，或者被平台限制了，请到公众平台查看。"),
    Scope.CHANNEL,
)
_GONE = Meaning(Outcome.UNFOLLOWED, mark("本人没有关注公众号，或者已经取消关注。"))
_REFUSES = Meaning(Outcome.REFUSED, mark("本人不接收公众号的消息。"))
_FORM = Meaning(Outcome.DROP, mark("消息的格式微信不认，请告诉维护人员。"))
_TEMPLATE = Meaning(Outcome.DROP, mark("模板编号或模板字段不对，请核对配置里的 templates。"))
_TOO_LONG = Meaning(Outcome.DROP, mark("消息太长，微信不收。"))
_MEDIA = Meaning(Outcome.DROP, mark("文件在微信那边已经没有了。"))
_CODE = Meaning(Outcome.BAD_CODE, mark("网页登录的凭证用过了或者过期了，请重新进一次。"))

# facts/wechat.md §3. 41001 (we sent no token) and 42003 (an old code) stand beside their kin.
CODES: Mapping[int, Meaning] = {
    -1: _BUSY,
    0: Meaning(Outcome.DONE, ""),
    40001: _TOKEN,
    40003: _GONE,
    40007: _MEDIA,
    40013: _SECRET,
    40014: _TOKEN,
    40029: _CODE,
    40036: _TEMPLATE,
    40037: _TEMPLATE,
    40125: _SECRET,
    40163: _CODE,
    40164: _ADDRESS,
    40243: Meaning(
        Outcome.STOP_ACCOUNT, mark("AppSecret 被冻结了，请到公众平台解冻。"), Scope.ACCOUNT
    ),
    41001: _TOKEN,
    42001: _TOKEN,
    42003: _CODE,
    43004: _GONE,
    43019: _REFUSES,
    43101: Meaning(
        Outcome.NO_GRANT, mark("本人没有同意收订阅通知，或者同意的次数用完了。")
    ),
    44002: _FORM,
    44004: _FORM,
    45002: _TOO_LONG,
    45003: _TOO_LONG,
    45009: Meaning(
        Outcome.DAY_OVER, mark("今天的发送次数用完了，明天接着发。"), Scope.CHANNEL
    ),
    45011: Meaning(Outcome.TOO_FAST, mark("发得太快，等一分钟再发。"), Scope.CHANNEL),
    45015: Meaning(Outcome.WINDOW_CLOSED, mark("本人超过48小时没有来过消息。")),
    45047: Meaning(Outcome.OVER_QUOTA, mark("本人上次来消息以后，能发的条数用完了。")),
    45065: Meaning(Outcome.DONE, mark("这条之前已经发出去了。")),
    45066: Meaning(Outcome.TOO_FAST, mark("同一条重发得太快，等一分钟再发。")),
    45109: Meaning(Outcome.DROP, mark("微信已经停用了这个接口，请告诉维护人员。")),
    46004: _GONE,
    47001: _FORM,
    47003: _TEMPLATE,
    48001: _NOT_ALLOWED,
    48002: _REFUSES,
    48004: _NOT_ALLOWED,
    50001: _NOT_ALLOWED,
    50002: _NOT_ALLOWED,
    61004: _ADDRESS,
    89503: Meaning(
        Outcome.STOP_ACCOUNT,
        mark("公众平台管理员还没有确认这台服务器的地址，请管理员在微信上点确认。"),
        Scope.ACCOUNT,
    ),
}


def meaning_of(errcode: int) -> Meaning:
    """What this code asks of us; an unknown one is tried again, a bounded number of times."""
    return CODES.get(errcode, Meaning(Outcome.RETRY, UNKNOWN))
