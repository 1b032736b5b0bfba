"""What a page may load and run (Content-Security-Policy)."""

from __future__ import annotations

from urllib.parse import urlsplit

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'{scripts}; "
    "{frames}form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
POLICY = _POLICY.format(scripts="", frames="")


def with_sdk(script: str) -> str:
    """The policy of a page that asks by WeChat's own tag; `script` is the SDK's address.

    Basis: developers.weixin.qq.com on open tags (frames), and its forum (eval); see
    docs/decisions/0013-grants.md.
    """
    parts = urlsplit(script)
    return _POLICY.format(
        scripts=f" 'unsafe-eval' {parts.scheme}://{parts.netloc}",
        frames="frame-src https://*.qq.com webcompt:; ",
    )
