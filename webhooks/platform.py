"""What the web side asks of the platform itself."""

from __future__ import annotations

from models.accounts import Account
from models.context import Context
from notices.channel import PlatformTrouble
from notices.wechat_channel import platform_of

__all__ = ["PlatformTrouble", "page_ticket", "scene_qr"]


def scene_qr(ctx: Context, account: Account, scene: str, seconds: int) -> str:
    """The address that a QR with this scene holds; it lives so many seconds.

    Raises PlatformTrouble.
    """
    return platform_of(ctx, account.slug).scene_qr(scene, seconds)


def page_ticket(ctx: Context, account: Account) -> str:
    """The ticket that a page's use of the JS-SDK is signed with. Raises PlatformTrouble."""
    return platform_of(ctx, account.slug).page_ticket()
