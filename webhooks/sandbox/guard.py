"""Who may talk to the sandbox: this machine alone, and pages of its own."""

import ipaddress
from urllib.parse import urlsplit

from flask import Response, jsonify, request

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


def _is_loopback(address: str | None) -> bool:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return found.is_loopback or bool(mapped and mapped.is_loopback)


def _is_own_name(host: str) -> bool:
    # A page elsewhere may point its own name at 127.0.0.1 and so pass for the same origin.
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _refuse(reason: str) -> tuple[Response, int]:
    return jsonify(error=reason), 403


def check_request() -> tuple[Response, int] | None:
    """Before every request."""
    if not _is_loopback(request.remote_addr):
        return _refuse("the sandbox answers this machine alone")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if any(not _is_loopback(part.strip()) for part in forwarded.split(",") if part.strip()):
        return _refuse("the sandbox answers this machine alone")
    if not _is_own_name(request.host):
        return _refuse("the sandbox is called by a loopback address alone")
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith("/platform/"):
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return _refuse("another site may not change anything here")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return _refuse("another site may not change anything here")
    return None


def add_headers(response: Response) -> Response:
    """After every request."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
