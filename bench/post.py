"""The platform's part: messages signed and encrypted beforehand, each one different."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.place import AES_KEY, APP_ID, ORIGINAL_ID, PEOPLE, TALK, TOKEN, openid
from webhooks.sandbox.crypto import decrypt, encrypt, signature

XML = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{sender}]]>"
    "</FromUserName><CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId></xml>"
)
BODY = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
)
HEAD = (
    "POST {path}?signature={plain}&timestamp={at}&nonce={nonce}&openid={sender}"
    "&encrypt_type=aes&msg_signature={signed} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "User-Agent: Mozilla/4.0\r\nAccept: */*\r\nPragma: no-cache\r\n"
    "Content-Type: text/xml\r\nContent-Length: {length}\r\n\r\n"
)
FIRST_ID = 23_000_000_000_000_000


class Sender:
    """Writes requests; every person goes on in the talk where the last request left them."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._sent = 0

    def write(self, file: Path, count: int) -> None:
        """So many requests, one after the other, each behind its length in eight digits."""
        with file.open("wb") as out:
            for request in self._requests(count):
                out.write(b"%08d" % len(request) + request)

    def _requests(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            turn, person = divmod(self._sent, PEOPLE)
            yield request(self._path, person, TALK[turn % len(TALK)], FIRST_ID + self._sent)
            self._sent += 1


def request(path: str, person: int, text: str, number: int) -> bytes:
    """One signed and encrypted message as it comes over the wire."""
    at, nonce, sender = int(time.time()), str(number % 1_000_000_007), openid(person)
    plain = XML.format(to=ORIGINAL_ID, sender=sender, at=at, text=text, number=number)
    sealed = encrypt(plain, AES_KEY, APP_ID)
    body = BODY.format(to=ORIGINAL_ID, sealed=sealed).encode()
    head = HEAD.format(
        path=path, plain=signature(TOKEN, str(at), nonce), at=at, nonce=nonce, sender=sender,
        signed=signature(TOKEN, str(at), nonce, sealed), length=len(body),
    )
    return head.encode() + body


def reply_text(body: str) -> str:
    """What an encrypted reply says; raises where it is none."""
    sealed = body.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    said = decrypt(sealed, AES_KEY, APP_ID)
    return said.split("<Content><![CDATA[")[1].split("]]></Content>")[0]
