"""The channel of a service that must not reach real people: it says that it would have sent."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class ConsoleChannel:
    """Logs that a push would go out, never to whom or what."""

    def __init__(self, account: str) -> None:
        self._account = account

    def send_text(self, openid: str, text: str) -> None:  # noqa: ARG002  # the protocol's
        log.info("push_not_sent", account=self._account, way="custom")

    def send_template(
        self, openid: str, template_id: str, fields: Mapping[str, str], url: str,  # noqa: ARG002  # the protocol's
        client_msg_id: str,  # noqa: ARG002  # the protocol's
    ) -> str | None:
        log.info("push_not_sent", account=self._account, way="template")
        return None

    def send_subscription(
        self, openid: str, template_id: str, fields: Mapping[str, str], page: str  # noqa: ARG002  # the protocol's
    ) -> None:
        log.info("push_not_sent", account=self._account, way="subscribe")
