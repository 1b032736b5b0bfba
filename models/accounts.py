"""An official account as it is configured. Pure: standard library alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from models.lengths import STRICT


@dataclass(frozen=True)
class Account:
    """One official account. What it may do follows from `kind` and `verified` alone."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    slug: str
    name: str
    area: str
    app_id: str
    original_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    previous_aes_key: str = field(default="", repr=False)
    mode: Literal["safe", "compatible", "plain"] = "safe"
    kind: Literal["service", "subscription"] = "service"
    verified: bool = True
    api_base_url: str = "https://api.weixin.qq.com"
    domain_files: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    # Subscription messages (订阅通知) by what they tell of, and whether they are long-term ones.
    subscriptions: dict[str, str] = field(default_factory=dict)
    subscriptions_last: bool = False
    js_sdk_url: str = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"

    @property
    def may_authorise_web(self) -> bool:
        """Web authorisation (snsapi_base): verified service accounts only."""
        return self.verified and self.kind == "service"

    @property
    def may_send_templates(self) -> bool:
        """Template messages: verified service accounts only."""
        return self.verified and self.kind == "service"

    @property
    def may_send_subscriptions(self) -> bool:
        """Subscription messages: verified service accounts only."""
        return self.verified and self.kind == "service"

    @property
    def may_send_custom(self) -> bool:
        """Customer-service messages: verified accounts only."""
        return self.verified

    @property
    def may_set_menu(self) -> bool:
        """A menu through the API: verified accounts only; others set theirs by hand."""
        return self.verified

    @property
    def may_make_qr(self) -> bool:
        """QR codes with a scene: verified service accounts only."""
        return self.verified and self.kind == "service"
