"""`yimen web` as real processes on a configuration file, and the platform's requests to them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import xmltodict
from wechatpy.crypto import WeChatCrypto

from models.sealed import KeyRing
from tests.service import AES_KEY
from webhooks.wechat_xml import sign

APP_ID, TOKEN = "wxcounty", "countytoken"
CONFIG = f"""\
environment = "demo"
public_url = "http://127.0.0.1:9"
database_url = "{{url}}"
storage_url = "file://{{folder}}/papers"
keys_file = "keys"
log_level = "error"

[[accounts]]
slug = "county"
name = "云溪一门"
area = "450799000000"
app_id = "{APP_ID}"
original_id = "gh_county"
secret = "county-secret"
token = "{TOKEN}"
aes_key = "{AES_KEY}"
api_base_url = "http://127.0.0.1:9"

[deadlines]
registration = {{{{ days = 3, basis = "test", from = 2026-07-01 }}}}
urgent_registration = {{{{ days = 1, basis = "test", from = 2026-07-01 }}}}
acceptance = {{{{ days = 5, basis = "test", from = 2026-07-01 }}}}
decision = {{{{ days = 20, basis = "test", from = 2026-07-01 }}}}
"""


def write_config(folder: Path, url: str) -> Path:
    """A configuration file with keys of its own beside it."""
    (folder / "keys").write_text(KeyRing.generate())
    path = folder / "config.toml"
    path.write_text(CONFIG.format(url=url, folder=folder))
    return path


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(config: Path, *words: str) -> list[str]:
    """A call of `yimen` with this configuration."""
    return [str(Path(sys.executable).with_name("yimen")), "--config", str(config), *words]


def as_installed() -> dict[str, str]:
    """The environment of a service as it is installed: its compiled modules are kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def web(config: Path, *words: str) -> Iterator[int]:
    """A running `yimen web`; gives its port when it answers, ends it after."""
    port = free_port()
    process = subprocess.Popen(
        command(config, "web", "--port", str(port), *words), env=as_installed()
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, seconds: float = 20.0) -> None:
    """Until something answers there."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


@dataclass
class Envelope:
    """One message, signed and encrypted as the platform does it."""

    path: str
    body: bytes


_ids = count(1)
_crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def envelope(openid: str, text: str) -> Envelope:
    """A text message of this person, new by its id."""
    now = str(int(time.time()))
    number = next(_ids)
    xml = (
        f"<xml><ToUserName><![CDATA[gh_county]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{7_000_000_000_000_000_000 + number}</MsgId></xml>"
    )
    nonce = str(number)
    sealed = _crypto.encrypt_message(xml, nonce, now)
    encrypted = xmltodict.parse(sealed)["xml"]["Encrypt"]
    path = (
        f"/wechat/county?timestamp={now}&nonce={nonce}&openid={openid}&encrypt_type=aes"
        f"&signature={sign(TOKEN, now, nonce)}"
        f"&msg_signature={sign(TOKEN, now, nonce, encrypted)}"
    )
    return Envelope(path, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode())


def deliver(connection: http.client.HTTPConnection, sent: Envelope) -> str:
    """Deliver it; the text of the reply, empty for `success`."""
    connection.request("POST", sent.path, sent.body, {"Content-Type": "text/xml"})
    answer = connection.getresponse()
    body = answer.read().decode()
    assert answer.status == 200, body
    if body == "success":
        return ""
    outer = xmltodict.parse(body)["xml"]
    inner = _crypto.decrypt_message(
        body, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
    )
    text: str = xmltodict.parse(inner)["xml"]["Content"]
    return text
