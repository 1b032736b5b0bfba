"""What the web side asks of the platform itself."""

from __future__ import annotations

from models.context import Context
from models.settings import Account


class PlatformTrouble(Exception):
    """The platform could not be asked, or refused."""


def scene_qr(ctx: Context, account: Account, scene: str, seconds: int) -> str:  # noqa: ARG001
    """The address that a QR with this scene holds; it lives so many seconds.

    Raises PlatformTrouble.
    """
    raise PlatformTrouble("not wired")
