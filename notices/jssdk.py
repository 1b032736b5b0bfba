"""A page's signature, by which WeChat's JS-SDK knows that the account itself made it. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# The open tag that asks for subscription messages (订阅通知).
OPEN_TAG = "wx-open-subscribe"


@dataclass(frozen=True)
class Signed:
    """What the page hands to `wx.config`; `timestamp` in seconds, `signature` 40 hex digits."""

    timestamp: int
    nonce: str
    signature: str


def sign_page(ticket: str, nonce: str, timestamp: int, url: str) -> Signed:
    """SHA-1 over ticket, nonce, time and the page's address without its fragment (facts: §3)."""
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    digest = hashlib.sha1(text.encode())  # noqa: S324  # their protocol
    return Signed(timestamp, nonce, digest.hexdigest())
