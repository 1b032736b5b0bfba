"""Text messages to telephones: what takes them, and the one door to a county's gateway.

No vendor is built in. What stands behind the address speaks with the county's carrier.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

import requests
import structlog

from models.context import Context
from models.settings import mark
from notices.channel import Outcome, PlatformTrouble
from notices.wire import LOOPBACK, open_session

TOOK = mark("短信平台收下了；手机收没收到，它不说。")
ON_CONSOLE = mark("短信没有接通，没有真的发给人。")
NO_ANSWER = mark("短信平台没有回音，过一会儿会再试。")
WILL_NOT = mark("短信平台不收这一条。")
# What may go better later: too many, too slow.
LATER = (408, 425, 429)

log = structlog.get_logger(__name__)


class Texter(Protocol):
    """A way to telephones. Raises PlatformTrouble where it did not take the text."""

    reaches: bool
    """Whether anybody is reached by it at all."""

    def send(self, to: str, text: str, own_id: str) -> None:
        """Hand over one text; `own_id` is the same each time it is tried."""
        ...


class ConsoleTexter:
    """Logs that a text would go out, never to whom or what."""

    reaches = False

    def send(self, to: str, text: str, own_id: str) -> None:  # noqa: ARG002  # the protocol's
        log.info("push_not_sent", way="sms")


class GatewayTexter:
    """POST of {"id", "to", "text"} to the county's own gateway; any 2xx means that it took it."""

    reaches = True

    def __init__(self, ctx: Context) -> None:
        self._url, self._token = ctx.settings.sms.url, ctx.settings.sms_token
        self._wait = ctx.settings.pushes.connect_timeout, ctx.settings.pushes.read_timeout
        self._proxy = ctx.settings.http_proxy

    def send(self, to: str, text: str, own_id: str) -> None:
        body = {"id": own_id, "to": to, "text": text}
        bearer = {"Authorization": f"Bearer {self._token}"}
        try:
            answer = _wire(self._proxy, self._url).post(
                self._url, json=body, headers=bearer, timeout=self._wait, allow_redirects=False
            )
        except requests.RequestException:
            # Its words would hold the address, and the body of what was sent.
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER) from None
        if answer.ok and not answer.is_redirect:
            return
        if answer.status_code >= 500 or answer.status_code in LATER:
            raise PlatformTrouble(Outcome.RETRY, answer.status_code, NO_ANSWER)
        raise PlatformTrouble(Outcome.DROP, answer.status_code, WILL_NOT)


@lru_cache(maxsize=4)
def _wire(proxy: str, url: str) -> requests.Session:
    return open_session(proxy, url)


def texter_of(ctx: Context) -> Texter:
    """What takes texts here: a demo never writes to real people."""
    url = urlsplit(ctx.settings.sms.url)
    real = ctx.settings.environment == "production" or url.hostname in LOOPBACK
    if ctx.settings.sms.kind == "gateway" and real:
        return GatewayTexter(ctx)
    return ConsoleTexter()
