"""The callback over real HTTP: who is let in, what is understood, and what is never a 5xx."""

from __future__ import annotations

import base64
import json
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from structlog.testing import capture_logs
from wechatpy.crypto import PrpCrypto

from models.accounts import Account
from models.cases import Case
from models.talks import Message
from tests.service import AES_KEY, COUNTY, OLD_AES_KEY, VILLAGE, Service, running
from tests.webhooks.test_main_job import ANSWERS, TOLD
from webhooks.sandbox.crypto import decrypt, signature
from webhooks.sandbox.markup import parse
from webhooks.wechat_xml import Envelope

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "wechat_vectors.json").read_text()
)
PLAIN = Account(
    slug="plain", name="明文", area=COUNTY.area, app_id="wxplain", original_id="gh_plain",
    secret="plain-secret", token="plaintoken", aes_key="", mode="plain",
)
OFFICIAL = replace(
    COUNTY, slug="official", app_id=VECTORS["appid"], original_id="gh_official",
    token=VECTORS["token"], aes_key=VECTORS["encoding_aes_key"], previous_aes_key="",
)
OFFICIAL_PLAIN = replace(OFFICIAL, slug="official-plain", original_id="gh_op", mode="plain")
ids = count(1)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """One service for the whole file, with accounts in every mode; people are new each time."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/x.sqlite3"
        if request.param == "pg":
            url = request.getfixturevalue("postgres")()
        accounts = (COUNTY, VILLAGE, PLAIN, OFFICIAL, OFFICIAL_PLAIN)
        with running(url, Path(folder), accounts=accounts) as made:
            yield made


@contextmanager
def at(service: Service, timestamp: str) -> Iterator[None]:
    """The service's clock stands at the vector's moment."""
    before = service.clock.at
    service.clock.at = datetime.fromtimestamp(int(timestamp), UTC)
    try:
        yield
    finally:
        service.clock.at = before


def seal(xml: str | bytes, key: str, app_id: str) -> str:
    """Encrypted with wechatpy's own hand: bytes as they are, however broken."""
    sealed: bytes = PrpCrypto(base64.b64decode(key + "=")).encrypt(xml, app_id)
    return sealed.decode()


@dataclass
class Platform:
    """WeChat's hand: signs and posts what it is told, well-formed or not."""

    service: Service
    account: Account = COUNTY
    openid: str = field(default_factory=lambda: f"o-hand-{next(ids)}")

    def address(self) -> str:
        return f"{self.service.address}/wechat/{self.account.slug}"

    def query(self, sealed: str | None = None, **changes: str) -> dict[str, str]:
        timestamp = changes.get("timestamp", str(int(self.service.clock.at.timestamp())))
        nonce = changes.get("nonce", "4711")
        made = {
            "timestamp": timestamp, "nonce": nonce, "openid": self.openid,
            "signature": signature(self.account.token, timestamp, nonce),
        }
        if sealed is not None:
            made["encrypt_type"] = "aes"
            made["msg_signature"] = signature(self.account.token, timestamp, nonce, sealed)
        return made | changes

    def send(self, body: str | bytes, query: dict[str, str]) -> requests.Response:
        data = body.encode() if isinstance(body, str) else body
        return self.service.http.post(self.address(), data, params=query, timeout=30)

    def post(self, xml: str | bytes, key: str = AES_KEY) -> requests.Response:
        """In the account's own way: encrypted, or in plain mode as it is."""
        if self.account.mode == "plain":
            return self.send(xml, self.query())
        sealed = seal(xml, key, self.account.app_id)
        return self.send(f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>", self.query(sealed))

    def text(self, content: str, **more: Any) -> str:
        """What is said to this text; empty for `success`."""
        return self.said(self.post(self.message("text", Content=content, **more)))

    def message(self, kind: str, **fields: Any) -> str:
        """A message of the ordinary kind, its texts in CDATA."""
        rows = {
            "ToUserName": self.account.original_id, "FromUserName": self.openid,
            "CreateTime": int(self.service.clock.at.timestamp()), "MsgType": kind,
        }
        rows |= {} if kind == "event" else {"MsgId": 6_000_000_000_000_000_000 + next(ids)}
        return self.xml(rows | fields)

    @staticmethod
    def xml(rows: dict[str, Any]) -> str:
        return "<xml>" + "".join(
            f"<{name}>{value}</{name}>" if isinstance(value, int) or value == ""
            else f"<{name}><![CDATA[{value}]]></{name}>"
            for name, value in rows.items() if value is not None
        ) + "</xml>"

    def opened(self, response: requests.Response, key: str = AES_KEY) -> dict[str, Any]:
        """The reply out of its envelope, its signature checked; empty for `success`."""
        assert response.status_code == 200, response.text
        if response.text == "success":
            return {}
        document = parse(response.content.decode())
        if self.account.mode == "plain":
            return document
        assert document["Nonce"] == "4711"
        assert document["MsgSignature"] == signature(
            self.account.token, document["TimeStamp"], document["Nonce"], document["Encrypt"]
        )
        return parse(decrypt(document["Encrypt"], key, self.account.app_id))

    def said(self, response: requests.Response, key: str = AES_KEY) -> str:
        document = self.opened(response, key)
        if not document:
            return ""
        assert document["ToUserName"] == self.openid
        assert document["FromUserName"] == self.account.original_id
        assert document["MsgType"] == "text"
        text: str = document["Content"]
        return text


@pytest.fixture
def platform(service: Service) -> Platform:
    return Platform(service)


def kept(service: Service) -> int:
    """How many messages the service has taken in."""
    with service.ctx.db.read() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


# The platform's own worked examples


def test_the_official_url_check_is_answered(service: Service) -> None:
    official, vector = Platform(service, OFFICIAL), VECTORS["url_verify"]
    with at(service, vector["timestamp"]):
        answer = service.http.get(official.address(), params=vector, timeout=30)
        assert (answer.status_code, answer.text) == (200, vector["echostr"])
        wrong = vector | {"signature": vector["signature"][::-1]}
        assert service.http.get(official.address(), params=wrong, timeout=30).status_code == 403
    late = service.http.get(official.address(), params=vector, timeout=30)
    assert late.status_code == 403


def test_the_official_plain_message_is_let_in(service: Service) -> None:
    plain, vector = Platform(service, OFFICIAL_PLAIN), VECTORS["plain_post"]
    with at(service, vector["timestamp"]):
        body = plain.message("text", Content="你好")
        query = vector | {"openid": plain.openid}
        assert plain.said(plain.send(body, query))
        query["signature"] = query["signature"][::-1]
        assert plain.send(body, query).status_code == 403


def safe_query(**changes: str) -> dict[str, str]:
    vector = VECTORS["safe_post"]
    names = ("timestamp", "nonce", "openid", "encrypt_type", "signature", "msg_signature")
    return {name: vector[name] for name in names} | changes


def safe_body(sealed: str) -> str:
    return f"<xml><ToUserName>gh_97417a04a28d</ToUserName><Encrypt>{sealed}</Encrypt></xml>"


def test_the_official_safe_message_is_let_in_and_no_changed_one(service: Service) -> None:
    official, vector = Platform(service, OFFICIAL), VECTORS["safe_post"]
    body = safe_body(vector["Encrypt"])
    with at(service, vector["timestamp"]):
        # It carries JSON, which the platform's example shows and never sends: nothing to answer.
        with capture_logs() as logs:
            assert official.send(body, safe_query()).text == "success"
        assert [line["event"] for line in logs] == ["message not readable"]
        changed = body.replace("+qdx1", "+qdx2")
        assert official.send(changed, safe_query()).status_code == 403
        # `signature` alone says nothing of the body.
        other = safe_query(msg_signature=vector["signature"])
        assert official.send(body, other).status_code == 403


def test_the_official_ciphertexts_open(service: Service) -> None:
    envelope = Envelope(OFFICIAL)
    post, reply = VECTORS["safe_post"], VECTORS["safe_reply"]
    moment = datetime.fromtimestamp(int(post["timestamp"]), UTC)
    opened = envelope.open(safe_body(post["Encrypt"]).encode(), safe_query(), moment)
    assert len(opened.xml.encode()) == post["msg_len"]
    assert post["openid"] in opened.xml
    query = {
        "timestamp": reply["TimeStamp"], "nonce": reply["Nonce"], "encrypt_type": "aes",
        "msg_signature": reply["MsgSignature"],
    }
    moment = datetime.fromtimestamp(int(reply["TimeStamp"]), UTC)
    opened = envelope.open(safe_body(reply["Encrypt"]).encode(), query, moment)
    assert opened.xml == reply["plaintext"]


def test_a_message_under_the_official_key_is_answered_under_it(service: Service) -> None:
    official = Platform(service, OFFICIAL)
    key = VECTORS["encoding_aes_key"]
    answer = official.post(official.message("text", Content="你好"), key)
    assert "1 我要求助" in official.said(answer, key)


# Modes and keys


@pytest.mark.parametrize("slug", ["county", "village", "plain"])
def test_the_platform_s_check_of_the_address_passes(service: Service, slug: str) -> None:
    answer = service.http.post(f"{service.control}/verify", json={"account": slug}, timeout=30)
    assert answer.json() == {"ok": True}


@pytest.mark.parametrize("slug", ["county", "village", "plain"])
def test_every_mode_is_understood_and_answered_in_its_own_way(
    service: Service, slug: str
) -> None:
    phone = service.follower("王秀英", account=slug)
    assert "1 我要求助" in phone.welcome
    assert phone.say("1").startswith("出了什么事")


def test_in_compatible_mode_only_the_encrypted_copy_is_believed(service: Service) -> None:
    village = Platform(service, VILLAGE)
    inner = village.message("text", Content="人工")
    outer = village.message("text", Content="进度").removesuffix("</xml>")
    sealed = seal(inner, AES_KEY, VILLAGE.app_id)
    body = f"{outer}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    assert "找人说话" in village.said(village.send(body, village.query(sealed)))


@pytest.mark.parametrize("account", [COUNTY, VILLAGE], ids=["safe", "compatible"])
def test_without_its_encrypted_part_a_message_is_refused(
    service: Service, account: Account
) -> None:
    hand = Platform(service, account)
    body = hand.message("text", Content="我要求助")
    assert hand.send(body, hand.query()).status_code == 400
    assert hand.send(body, hand.query("")).status_code == 400


def test_a_reply_uses_the_key_that_opened_the_message(service: Service) -> None:
    for key, other in ((AES_KEY, OLD_AES_KEY), (OLD_AES_KEY, AES_KEY)):
        hand = Platform(service)
        answer = hand.post(hand.message("text", Content="你好"), key)
        assert "1 我要求助" in hand.said(answer, key)
        with pytest.raises(ValueError, match=r"padding|app id|short|UTF-8"):
            hand.opened(answer, other)


# Refused


def broken(platform: Platform) -> dict[str, tuple[str | bytes, dict[str, str], int]]:
    """What nobody signed, or not now, or not for us: body, query, status."""
    now = int(platform.service.clock.at.timestamp())
    xml = platform.message("text", Content="秘密的话")
    sealed = seal(xml, AES_KEY, COUNTY.app_id)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    query = platform.query
    foreign = seal(xml, AES_KEY, "wxother")
    unknown = seal(xml, "Z" * 42 + "A", COUNTY.app_id)
    cut = base64.b64encode(base64.b64decode(sealed)[:-16]).decode()

    def enveloped(text: str) -> str:
        return f"<xml><Encrypt><![CDATA[{text}]]></Encrypt></xml>"

    return {
        "no query": (body, {}, 403),
        "no signature": (body, query(sealed, msg_signature=""), 403),
        "a wrong signature": (body, query(sealed, msg_signature="0" * 40), 403),
        "a signature of other signs": (body, query(sealed, msg_signature="签名"), 403),
        "another nonce": (body, query(sealed) | {"nonce": "1"}, 403),
        "another time": (body, query(sealed) | {"timestamp": str(now + 1)}, 403),
        "too old": (body, query(sealed, timestamp=str(now - 601)), 403),
        "too new": (body, query(sealed, timestamp=str(now + 601)), 403),
        "no time": (body, query(sealed, timestamp="soon"), 403),
        "no time at all": (body, query(sealed, timestamp=""), 403),
        "for another app id": (enveloped(foreign), query(foreign), 400),
        "under an unknown key": (enveloped(unknown), query(unknown), 400),
        "cut short": (enveloped(cut), query(cut), 400),
        "no base64": (enveloped("秘密的话"), query("秘密的话"), 400),
        "one sign": (enveloped("A"), query("A"), 400),
        "nothing": ("", query(""), 400),
        "no XML": (b"\xff\x00\xfe", query(""), 400),
        "only an envelope": ("<xml></xml>", query(""), 400),
        "too large": (body + " " * 65536, query(sealed), 413),
        "an empty cipher": (enveloped(""), query(""), 400),
    }


NAMES = (
    "no query", "no signature", "a wrong signature", "a signature of other signs",
    "another nonce", "another time", "too old", "too new", "no time", "no time at all",
    "for another app id", "under an unknown key", "cut short", "no base64", "one sign", "nothing",
    "no XML", "only an envelope", "too large", "an empty cipher",
)


@pytest.mark.parametrize("what", NAMES)
def test_what_is_not_the_platform_s_is_refused_with_one_line(
    platform: Platform, what: str
) -> None:
    body, query, status = broken(platform)[what]
    before = kept(platform.service)
    with capture_logs() as logs:
        answer = platform.send(body, query)
    assert answer.status_code == status
    assert answer.text == "refused"
    assert [(line["event"], line["account"]) for line in logs] == [("callback refused", "county")]
    written = json.dumps(logs, ensure_ascii=False, default=str)
    assert "秘密" not in written
    assert platform.openid not in written
    for part in (*query.values(), str(body)[:40]):
        assert len(part) < 6 or part not in written
    assert kept(platform.service) == before


def test_the_list_of_refusals_is_whole(platform: Platform) -> None:
    assert tuple(broken(platform)) == NAMES


@pytest.mark.parametrize("digits", [400, 4400])
def test_an_endless_timestamp_is_refused(platform: Platform, digits: int) -> None:
    body, query, _ = broken(platform)["no time"]
    assert platform.send(body, query | {"timestamp": "9" * digits}).status_code == 403


@pytest.mark.parametrize("seconds", [-599, 599])
def test_clocks_may_differ_by_ten_minutes(platform: Platform, seconds: int) -> None:
    now = int(platform.service.clock.at.timestamp())
    sealed = seal(platform.message("text", Content="你好"), AES_KEY, COUNTY.app_id)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    answer = platform.send(body, platform.query(sealed, timestamp=str(now + seconds)))
    assert platform.said(answer)


def test_a_body_of_just_64_kib_is_read(platform: Platform) -> None:
    sealed = seal(platform.message("text", Content="你好"), AES_KEY, COUNTY.app_id)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    full = body + " " * (64 * 1024 - len(body))
    assert platform.said(platform.send(full, platform.query(sealed)))


def test_an_account_that_is_not_there_is_a_404(service: Service) -> None:
    for slug in ("nobody", "county/", "COUNTY", "a" * 300):
        address = f"{service.address}/wechat/{slug}"
        with capture_logs():
            assert service.http.post(address, b"<xml></xml>", timeout=30).status_code == 404
        assert service.http.get(address, timeout=30).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_change_nothing(platform: Platform, method: str) -> None:
    before = kept(platform.service)
    sealed = seal(platform.message("text", Content="你好"), AES_KEY, COUNTY.app_id)
    answer = platform.service.http.request(
        method, platform.address(), data=f"<xml><Encrypt>{sealed}</Encrypt></xml>",
        params=platform.query(sealed), timeout=30,
    )
    assert answer.status_code in (200, 405)
    assert kept(platform.service) == before


# Understood all the same

HELP = "出了什么事"


@pytest.mark.parametrize("sign", [
    "\x10", "\x1d", "\x0b", "\x00", "\x08", "\x1f", "\ufffe", "\uffff", "\x7f", "\u200b", "\ufeff",
])
def test_control_characters_inside_a_valid_message_are_no_hindrance(
    platform: Platform, sign: str
) -> None:
    assert platform.text(f"{sign}我要{sign}求助{sign}").startswith(HELP)


def test_half_characters_are_no_hindrance(platform: Platform) -> None:
    """CESU-8 and lone surrogates, as broken phones send them."""
    xml = platform.message("text", Content="我要求助@").encode()
    for sign in (b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\xbd", b"\xff", b"\xc3"):
        hand = replace(platform, openid=f"o-hand-{next(ids)}")
        made = xml.replace(b"@", sign).replace(platform.openid.encode(), hand.openid.encode())
        made = re.sub(rb"<MsgId>\d+", b"<MsgId>%d" % next(ids), made)
        assert hand.said(hand.post(made)), sign


def raw(platform: Platform, inner: str) -> str:
    """A message whose fields are written by hand."""
    return (
        f"<xml><ToUserName>gh_county</ToUserName><FromUserName>{platform.openid}</FromUserName>"
        f"<CreateTime>1</CreateTime>{inner}</xml>"
    )


ODD = {
    "type twice": (
        "<MsgType>text</MsgType><MsgType>text</MsgType><Content>我要求助</Content><MsgId>1@</MsgId>"
    ),
    "types that differ": (
        "<MsgType>text</MsgType><MsgType>event</MsgType><Content>我要求助</Content><MsgId>2@</MsgId>"
    ),
    "content twice": (
        "<MsgType>text</MsgType><Content>我要求助</Content><Content>进度</Content><MsgId>3@</MsgId>"
    ),
    "id twice": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>4@</MsgId><MsgId>5@</MsgId>"
    ),
    "sender twice": (
        "<FromUserName>o-other</FromUserName><MsgType>text</MsgType><Content>我要求助</Content>"
        "<MsgId>6@</MsgId>"
    ),
    "no id": "<MsgType>text</MsgType><Content>我要求助</Content>",
    "an id of letters": (
        f"<MsgType>text</MsgType><Content>我要求助</Content><MsgId>{'x' * 500}@</MsgId>"
    ),
    "a closing tag missing": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>7@</MsgId><x>"
    ),
    "text around": "x<MsgType>text</MsgType>y<Content>我要求助</Content>z<MsgId>8@</MsgId>",
    "a bare ampersand": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>9@</MsgId><Title>A & B</Title>"
    ),
    "an unknown entity": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>10@</MsgId><Title>&what;</Title>"
    ),
    "escapes": (
        "<MsgType>text</MsgType><Content>&#25105;&#35201;&#27714;&#21161;</Content>"
        "<MsgId>11@</MsgId>"
    ),
    "fields within fields": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>12@</MsgId>"
        "<Deep><List><Item>1</Item><Item>2</Item></List></Deep>"
    ),
    "a comment": (
        "<!-- x --><MsgType>text</MsgType><Content>我要求助</Content><MsgId>14@</MsgId>"
    ),
    "fields from an article": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>15@</MsgId>"
        "<MsgDataId>1</MsgDataId><Idx>1</Idx>"
    ),
    "a tapped option": (
        "<MsgType>text</MsgType><Content>我要求助</Content><MsgId>16@</MsgId>"
        "<bizmsgmenuid>101</bizmsgmenuid>"
    ),
    "an attribute elsewhere": (
        '<MsgType>text</MsgType><Content>我要求助</Content><MsgId>13@</MsgId><Title a="1">x</Title>'
    ),
    "capitals": "<MsgType>TEXT</MsgType><Content>我要求助</Content><MsgId>17@</MsgId>",
    "spaces": (
        "\r\n\t<MsgType>\n<![CDATA[text]]>\n</MsgType> <Content> <![CDATA[我要求助]]> </Content>"
        "<MsgId> 18@ </MsgId>\r\n"
    ),
    "a split CDATA": (
        "<MsgType>text</MsgType><Content><![CDATA[我要]]><![CDATA[求助]]></Content>"
        "<MsgId>19@</MsgId>"
    ),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_messages_are_understood(platform: Platform, what: str) -> None:
    xml = raw(platform, ODD[what].replace("@", str(next(ids))))
    assert platform.said(platform.post(xml)).startswith(HELP)


def test_what_stands_before_the_message_is_no_hindrance(platform: Platform) -> None:
    for declared in ('<?xml version="1.0" encoding="UTF-8"?>', "\ufeff", "\n\n  "):
        hand = replace(platform, openid=f"o-hand-{next(ids)}")
        xml = declared + hand.message("text", Content="我要求助")
        assert hand.said(hand.post(xml)).startswith(HELP), declared


DECLARED = {
    "external": '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "internal": '<!DOCTYPE xml [<!ENTITY x "我要求助">]>',
    "laughs": "<!DOCTYPE xml [<!ENTITY a '哈哈哈哈哈哈哈哈哈哈'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    ) + "<!ENTITY x '&j;&j;'>]>",
    "parameters": '<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>',
    "a bare one": "<!DOCTYPE xml>",
    "in small letters": '<!doctype xml [<!entity x "y">]>',
}


@pytest.mark.parametrize("what", DECLARED)
def test_declarations_are_never_followed(platform: Platform, what: str) -> None:
    message = raw(
        platform, "<MsgType>text</MsgType><Content>&x;</Content><MsgId>1</MsgId>"
    )
    started = time.monotonic()
    answer = platform.post(DECLARED[what] + message)
    assert time.monotonic() - started < 3
    assert answer.status_code == 200
    assert "root:" not in platform.said(answer)


def test_a_deep_nest_is_survived(platform: Platform) -> None:
    deep = "<a>" * 5_000 + "</a>" * 5_000
    xml = raw(platform, f"<MsgType>text</MsgType><Content>我要求助</Content><MsgId>1</MsgId>{deep}")
    started = time.monotonic()
    assert platform.post(xml).status_code == 200
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("xml", [
    "", " ", "<xml/>", "<xml></xml>", "{}", "null", "我要求助", "<xml><a>", "<xml>&x;</xml>",
    "<html></html>", "<xml><MsgType>text</MsgType><Content>x</Content></xml>",
    "<xml><FromUserName></FromUserName><MsgType>text</MsgType></xml>",
    "<xml><FromUserName><a>x</a></FromUserName><MsgType>text</MsgType></xml>",
])
def test_what_nobody_said_is_let_go(platform: Platform, xml: str) -> None:
    with capture_logs() as logs:
        assert platform.post(xml).text == "success"
    assert [line["event"] for line in logs] == ["message not readable"]


@pytest.mark.parametrize("kind", [
    "video", "shortvideo", "link", "image", "voice", "location", "miniprogrampage", "music", "",
    "text" * 100, "文字",
])
def test_every_kind_of_message_is_survived_bare(platform: Platform, kind: str) -> None:
    """Without any of the fields that the kind should have."""
    platform.said(platform.post(platform.message(kind)))


EVENTS = (
    "subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "view_miniprogram",
    "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select", "MASSSENDJOBFINISH", "TEMPLATESENDJOBFINISH", "kf_create_session",
    "user_get_card", "qualification_verify_success", "annual_renew", "wxa_media_check",
    # Those that wechatpy 1.8.18 does not know:
    "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event",
    "PUBLISHJOBFINISH", "user_info_modified", "user_authorization_revoke",
    "user_authorization_cancellation", "guide_qrcode_scan_event", "giftcard_pay_done",
    "no_such_event", "", "x" * 400,
)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_survived_bare_and_full(platform: Platform, event: str) -> None:
    for fields in (
        {}, {"EventKey": ""}, {"EventKey": "last_trade_no_400001"}, {"EventKey": "x" * 3000},
        {"MsgID": 7, "Status": "failed: system failed"}, {"OpenID": "o-x", "RevokeInfo": 205},
    ):
        platform.said(platform.post(platform.message("event", Event=event, **fields)))
    # Nobody is told nonsense by it: the next thing that they say is understood.
    assert platform.text("我要求助").startswith(HELP)


@pytest.mark.parametrize("items", [1, 2])
def test_subscription_events_with_one_item_or_two(platform: Platform, items: int) -> None:
    status = "<SubscribeStatusString>accept</SubscribeStatusString>"
    row = f"<List><TemplateId>T</TemplateId>{status}</List>"
    for tag in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"):
        body = f"<{tag}>{row * items}</{tag}>"
        event = f"<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>{body}"
        assert platform.post(raw(platform, event)).text == "success"


def test_a_code_scanned_on_following_is_read_and_a_payment_is_not_a_code(
    platform: Platform,
) -> None:
    for key in ("qrscene_", "qrscene_nothing_known", "last_trade_no_4000", ""):
        hand = replace(platform, openid=f"o-hand-{next(ids)}")
        ticket = {"Ticket": "gQH"} if key.startswith("qrscene_") else {}
        answer = hand.post(hand.message("event", Event="subscribe", EventKey=key, **ticket))
        assert "我要求助" in hand.said(answer), key


# What people write, and what is said back


def outcomes(service: Service, openid: str) -> set[str]:
    """How the sandbox, which reads as strictly as the platform, took each answer."""
    rows = service.http.get(f"{service.control}/deliveries", timeout=30).json()
    found = [row for row in rows if row["openid"] == openid]
    assert found
    return {row["outcome"] for row in found}


WRITTEN = (
    "一" * 5000, "😀" * 500, "👨‍👩‍👧‍👦家里没吃的了🙏", "<b>粗</b>", "<a href=\"http://x\">点我</a>",
    "<script>alert(1)</script>", "]]>", "]]><x>", "<![CDATA[", "<![CDATA[x]]>", "&amp;&lt;&#25105;",
    "'; DROP TABLE cases; --", "{}{0}{name}%s%(x)s", "\\n\\x00\\u0000", "\r\n\t \n", "　　　",
    "\u202e倒着写", "<!DOCTYPE x [<!ENTITY y 'z'>]>", "0", "-1", "1e999", "٣", "👍", "\x10\x1d",
    "http://weixin.qq.com/" + "x" * 2000, "\n" * 300, "🇨🇳", "𠮷野家", "a\u0301" * 200,
)


@pytest.mark.parametrize("text", WRITTEN, ids=range(len(WRITTEN)))
def test_whatever_is_written_has_an_answer_and_no_outage(service: Service, text: str) -> None:
    """Outside a flow, at its first question, and at every question after."""
    phone = service.follower()
    phone.say(text)
    phone.say("我要求助")
    phone.say(text)
    for answer in ("取消", "1", TOLD, "还能撑几天"):
        phone.say(answer)
    phone.say(text)
    assert outcomes(service, phone.openid) <= {"reply", "none"}
    assert phone.say("人工")


@pytest.mark.parametrize("mark", ["]]>", "<a href='http://x'>y</a>", "<x/>", "&lt;", "]]", "]"])
def test_what_was_said_is_kept_word_for_word_and_breaks_no_reply(
    service: Service, mark: str
) -> None:
    """Through the whole talk and its read-back, to the case that the officer sees."""
    phone = service.follower()
    told = f"{mark}{TOLD}"
    read_back = phone.talk(told, *ANSWERS)
    # Only what WeChat would take for a link is disarmed, and only where it is said back.
    assert mark.replace("<", "＜") in read_back
    receipt = re.search(r"\d{4}-\d{6}-\d{2}", phone.say("对"))
    assert receipt
    with service.ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.receipt == receipt[0])).one()
        assert case.answers["what"] == told
    assert outcomes(service, phone.openid) == {"reply"}


# Once and only once


def test_a_repeat_that_meets_the_first_gets_the_same_reply(service: Service) -> None:
    phone = service.follower()
    phone.say("我要求助")
    before = kept(service)
    service.fault(callback="repeat")
    answer = phone.act(text=TOLD)
    assert answer["repeats"][0]["outcome"] == "reply"
    # Each is encrypted anew: what it says is the same.
    one, other = (parse(answer["repeats"][0][name])["Content"] for name in ("first", "second"))
    assert one == other
    assert kept(service) == before + 1
    assert "还能撑" in one or "吃" in one


def test_a_dropped_reply_comes_again_and_changes_nothing(service: Service) -> None:
    phone = service.follower()
    question = phone.talk("我要求助", TOLD)
    before = kept(service)
    service.fault(callback="drop_reply")
    assert phone.say("还能撑几天") != question
    assert kept(service) == before + 1
    rows = service.http.get(f"{service.control}/deliveries", timeout=30).json()
    last = [row for row in rows if row["openid"] == phone.openid][-2:]
    assert [row["attempt"] for row in last] == [1, 2]
    assert last[0]["message_id"] == last[1]["message_id"]


def test_three_deliveries_at_once_are_one_message(platform: Platform) -> None:
    platform.text("我要求助")
    before = kept(platform.service)
    sealed = seal(platform.message("text", Content=TOLD), AES_KEY, COUNTY.app_id)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def deliver(_: int) -> str:
        answer = requests.post(
            platform.address(), body, params=platform.query(sealed), timeout=30
        )
        return platform.said(answer)

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(deliver, range(3)))
    assert len(set(said)) == 1
    assert said[0]
    assert kept(platform.service) == before + 1


def test_events_are_told_apart_by_sender_time_event_and_key(platform: Platform) -> None:
    service = platform.service
    before = kept(service)
    click = platform.message("event", Event="CLICK", EventKey="apply")
    other_key = platform.message("event", Event="CLICK", EventKey="track")
    other_event = platform.message("event", Event="SCAN", EventKey="apply")
    someone = replace(platform, openid=f"o-hand-{next(ids)}")
    for _ in range(3):
        first = platform.said(platform.post(click))
        platform.post(other_key)
        platform.post(other_event)
        someone.post(someone.message("event", Event="CLICK", EventKey="apply"))
        assert platform.said(platform.post(click)) == first
    assert kept(service) == before + 4
    later = click.replace("<CreateTime>", "<CreateTime>1")
    platform.post(later)
    assert kept(service) == before + 5


def test_the_same_words_twice_are_two_messages(service: Service) -> None:
    phone = service.follower()
    before = kept(service)
    phone.talk("你好", "你好")
    assert kept(service) == before + 2


# Fuzz

FUZZ = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
PIECES = st.sampled_from([
    b"<xml>", b"</xml>", b"<Content>", b"</Content>", b"<![CDATA[", b"]]>",
    b"<MsgType>text</MsgType>", b"<MsgType>event</MsgType>", b"<Event>CLICK</Event>",
    b"<EventKey>", b"<MsgId>5</MsgId>",
    b"<FromUserName>o-fuzz</FromUserName>", b"<ToUserName>gh_county</ToUserName>", b"&", b"<", b">",
    b"<CreateTime>x</CreateTime>", b"<!DOCTYPE x>", b"<?xml version='1.0'?>", b"\x00", b"\xff",
    "我要求助".encode(), b"<a b='c'/>", b"</FromUserName>", b"<MsgType/>", b"\xed\xa0\xbd",
])


def is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@FUZZ
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=20).map(b"".join)))
def test_no_bytes_inside_the_envelope_break_us(platform: Platform, body: bytes) -> None:
    with capture_logs() as logs:
        answer = platform.post(body)
    assert answer.status_code in ((200,) if is_text(body) else (200, 400))
    assert not [line for line in logs if line["log_level"] == "error"]


@FUZZ
@given(st.integers(0, 2000), st.binary(max_size=4), st.integers(0, 20))
def test_no_damage_to_a_good_message_breaks_us(
    platform: Platform, place: int, new: bytes, gone: int
) -> None:
    good = platform.message("text", Content="我要求助").encode()
    place %= len(good)
    damaged = good[:place] + new + good[place + gone :]
    with capture_logs() as logs:
        answer = platform.post(damaged)
    assert answer.status_code in ((200,) if is_text(damaged) else (200, 400))
    assert not [line for line in logs if line["log_level"] == "error"]


@FUZZ
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_text_in_any_field_breaks_us(
    platform: Platform, kind: str, event: str, text: str
) -> None:
    whole = {"EventKey": text, "Content": text, "MediaId": event, "Label": text, "Status": text}
    made = {name: re.sub(r"[\ud800-\udfff]", "", value) for name, value in whole.items()}
    safe_kind = re.sub(r"[\ud800-\udfff]", "", kind)
    assert platform.post(platform.message(safe_kind, Event=made["MediaId"], **made)).ok
