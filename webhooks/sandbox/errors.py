"""The platform's error codes with the words it uses."""

import secrets
from typing import Any

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40032: "invalid openid list size",
    40035: "invalid parameter",
    40036: "invalid template_id size",
    40037: "invalid template_id",
    40053: "invalid action info",
    40065: "invalid menuid",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    40243: "AppSecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    41009: "missing openid",
    42001: "access_token expired",
    42003: "code expired",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "require remove blacklist",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45109: "this interface has been offline",
    45157: "invalid tag name",
    45159: "invalid tag id",
    46003: "menu no exist",
    46004: "user no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user block receive message",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    50001: "user unauthorized",
    50002: "user limited",
    61004: "access clientip is not registered",
    89503: "this ip need admin confirm",
}


class PlatformError(Exception):
    """An answer with an errcode."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode, detail)
        self.errcode = errcode
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """As the platform says it, with the request id that it asks for in support threads."""
        return error_body(self.errcode, self.detail)


def error_body(errcode: int, detail: str = "") -> dict[str, Any]:
    """errcode and errmsg; errcode 0 has no request id."""
    if errcode == 0:
        return {"errcode": 0, "errmsg": "ok"}
    words = " ".join(filter(None, (MESSAGES.get(errcode, "system error"), detail)))
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return {"errcode": errcode, "errmsg": f"{words} rid: {rid}"}
