"""The platform's envelope: signatures, AES, XML in and out. One of two files that know wechatpy.

Whatever the platform lets through is survived: raw control characters inside valid messages,
duplicated tags, unknown types. What nobody signed is refused before anything is parsed.

Nearly every message is a flat list of fields; such a one is read by a regular expression in a
tenth of the time. wechatpy reads the others, and what it cannot read is searched for its fields.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from wechatpy import parse_message
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import to_binary

from bot.messages import Heard
from models.accounts import Account
from webhooks.wechat_heard import event, field, message

MAX_BODY = 64 * 1024
# The platform signs at sending and gives up within half a minute; clocks may differ by some.
WINDOW_SECONDS = 600
# Everything that XML 1.0 forbids; the platform forwards it raw inside <Content>. Surrogates
# cannot be encoded at all.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIELD = re.compile(
    r"<([A-Za-z_]+)>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*?))\s*</\1>", re.DOTALL
)
# A field of the ordinary kind: one CDATA section or plain characters, no entity, nothing inside.
PLAIN_FIELD = re.compile(
    r"\s*<([A-Za-z_]+)>(?:<!\[CDATA\[([^\]\r]*(?:\](?!\]>)[^\]\r]*)*)\]\]>|([^<&\r\]]*))</\1>"
)
SEALED = re.compile(rb"<Encrypt>\s*<!\[CDATA\[([A-Za-z0-9+/=\s]+)\]\]>\s*</Encrypt>")
DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SUCCESS = "success"
REPLY = (
    "<xml><ToUserName><![CDATA[{target}]]></ToUserName>"
    "<FromUserName><![CDATA[{source}]]></FromUserName><CreateTime>{time}</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
)


class Refused(Exception):
    """The request does not come from the platform, or not now; `reason` goes to the log."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True)
class Opened:
    """A request that the platform signed: its XML, and the key that the reply must use."""

    xml: str
    cipher: PrpCrypto | None


@dataclass(frozen=True)
class Incoming:
    """A message out of its envelope. `key` tells repeats from new messages."""

    sender: str
    receiver: str
    key: str
    is_event: bool
    heard: Heard


class Cipher(PrpCrypto):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's AES, with the first sixteen letters from the system's own randomness."""

    def get_random_string(self) -> str:
        return token_hex(8)

    def decrypt(self, text: str, app_id: str) -> str:
        """The message inside; ValueError where it is for another app id or makes no sense."""
        plain = self.cipher.decrypt(base64.b64decode(text))
        body = plain[16 : -plain[-1]]
        end = 4 + int.from_bytes(body[:4], "big")
        if body[end:] != app_id.encode():
            raise ValueError("for another app id")
        return bytes(body[4:end]).decode("utf-8", "replace")


class Envelope:
    """One account's keys and mode."""

    def __init__(self, account: Account) -> None:
        self.account = account
        keys = [key for key in (account.aes_key, account.previous_aes_key) if key]
        self._ciphers = [Cipher(_key_bytes(key)) for key in keys]

    def verify(self, args: Mapping[str, str], now: datetime) -> str:
        """The echo of a URL verification; raises Refused."""
        self._check(args, now, "signature", [])
        return args.get("echostr", "")

    def open(self, body: bytes, args: Mapping[str, str], now: datetime) -> Opened:
        """Check who sent a body and decrypt it; raises Refused."""
        if len(body) > MAX_BODY:
            raise Refused("body too large", 413)
        encrypted = args.get("encrypt_type", "raw") not in ("raw", "")
        if self.account.mode != "plain" or encrypted:
            return self._decrypt(body, args, now)
        self._check(args, now, "signature", [])
        return Opened(clean(body.decode("utf-8", "replace")), None)

    def _decrypt(self, body: bytes, args: Mapping[str, str], now: datetime) -> Opened:
        found = SEALED.search(body)
        sealed = (
            found[1].decode() if found
            else _fields(clean(body.decode("utf-8", "replace"))).get("Encrypt", "")
        )
        if not sealed:
            raise Refused("no encrypted part", 400)
        # In compatible mode too only the decrypted copy is trusted.
        self._check(args, now, "msg_signature", [sealed])
        for cipher in self._ciphers:
            try:
                return Opened(clean(cipher.decrypt(sealed, self.account.app_id)), cipher)
            except Exception:  # noqa: S112  # wechatpy raises a dozen kinds here
                continue
        raise Refused("not decrypted by any key, or for another app id", 400)

    def _check(
        self, args: Mapping[str, str], now: datetime, name: str, more: list[str]
    ) -> None:
        timestamp, nonce = args.get("timestamp", ""), args.get("nonce", "")
        # Ten digits are enough until the year 2286; a longer number is nobody's clock.
        told = int(timestamp) if timestamp.isdecimal() and len(timestamp) <= 10 else 0
        if abs(told - now.timestamp()) > WINDOW_SECONDS:
            raise Refused("timestamp outside the window")
        expected = sign(self.account.token, timestamp, nonce, *more)
        if not hmac.compare_digest(expected.encode(), args.get(name, "").encode()):
            raise Refused("bad signature")

    def reply(
        self, text: str, incoming: Incoming, opened: Opened, nonce: str, now: datetime
    ) -> str:
        """The body that answers with this text, encrypted with the key that opened the request."""
        timestamp = str(int(now.timestamp()))
        said = REPLY.format(
            target=_quoted(incoming.sender), source=_quoted(incoming.receiver), time=timestamp,
            text=_quoted(clean(text)),
        )
        if opened.cipher is None:
            return said
        sealed = opened.cipher.encrypt(said, self.account.app_id).decode()
        signature = sign(self.account.token, timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )


def _key_bytes(encoded: str) -> bytes:
    return base64.b64decode(to_binary(encoded + "="))


def sign(*parts: str) -> str:
    """The platform's signature: SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # their protocol


def _quoted(text: str) -> str:
    """Inside CDATA: what would end the section is said in two."""
    return text.replace("]]>", "]]]]><![CDATA[>")


def clean(text: str) -> str:
    """Without the characters that XML 1.0 forbids."""
    return ILLEGAL.sub("", text)


def _fields(xml: str) -> dict[str, str]:
    """The plain fields of a message, the first of each name; for XML that no parser takes."""
    found: dict[str, str] = {}
    for name, quoted, bare in FIELD.findall(xml):
        found.setdefault(name, quoted or bare)
    return found


def read(xml: str) -> Incoming | None:
    """A message as a value; None where not even its sender can be told."""
    data: Mapping[str, Any] | None = _flat(xml)
    if data is None:
        if DECLARATION.search(_CDATA.sub("", xml)):
            return None
        data = _parsed(xml) or _fields(xml)
    sender = field(data, "FromUserName")
    if not sender:
        return None
    kind = field(data, "MsgType").lower()
    name = field(data, "Event").lower() if kind == "event" else ""
    heard = event(name, data) if kind == "event" else message(kind, data)
    message_id = field(data, "MsgId")
    if message_id and kind != "event":
        key = message_id[:30]
    else:
        key = "|".join((sender, field(data, "CreateTime"), name or kind, field(data, "EventKey"),
                        field(data, "MsgID"), field(data, "Content"),
                        *(part for item in heard.told for part in item)))
    return Incoming(sender, field(data, "ToUserName"), key, not (message_id and kind != "event"),
                    heard)


_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)


def _flat(xml: str) -> dict[str, str] | None:
    """The fields of a flat message as every parser reads them; None for any other."""
    text = xml.strip()
    if not (text.startswith("<xml>") and text.endswith("</xml>")):
        return None
    found: dict[str, str] = {}
    at, end = len("<xml>"), len(text) - len("</xml>")
    while field := PLAIN_FIELD.match(text, at, end):
        name, quoted, bare = field.groups()
        if name in found:
            return None
        found[name] = (bare if quoted is None else quoted).strip()
        at = field.end()
    return None if text[at:end].strip() else found


def _parsed(xml: str) -> dict[str, Any] | None:
    """The fields as wechatpy reads them; None where it cannot."""
    try:
        parsed = parse_message(xml)
    except Exception:  # KeyError, AttributeError, TypeError, ExpatError, ValueError …
        return None
    if parsed is None or not isinstance(parsed._data, Mapping):
        return None
    data = dict(parsed._data)
    # wechatpy gives following by a QR code a name of its own, and takes the key's beginning off.
    if data.get("Event") == "subscribe_scan":
        data |= {"Event": "subscribe", "EventKey": f"qrscene_{data['EventKey']}"}
    return data
