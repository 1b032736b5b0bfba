"""The account's menu, and what each of its keys means. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from models.settings import Translate, mark


class Key(StrEnum):
    """Keys of the menu's buttons: the platform sends them back as they are."""

    APPLY = "APPLY"
    OTHERS = "OTHERS"
    URGENT = "URGENT"
    SUPPLEMENT = "SUPPLEMENT"
    HUMAN = "HUMAN"
    TRACK = "TRACK"
    CHATS = "CHATS"
    VILLAGE = "VILLAGE"
    NOTICES = "NOTICES"
    COMPLAIN = "COMPLAIN"
    NAVIGATE = "NAVIGATE"
    POLICY = "POLICY"
    SETTINGS = "SETTINGS"


def menu(t: Translate, public_url: str, slug: str, *, pages: bool) -> dict[str, Any]:
    """The menu as the platform takes it: 3 × 5 buttons, names of at most 16 and 60 bytes.

    `pages` says whether the account's pages can know who opens them (web authorisation).
    """

    def click(name: str, key: Key) -> dict[str, Any]:
        return {"type": "click", "name": t(name), "key": str(key)}

    open_ = [
        click(mark("村里公示"), Key.NOTICES), click(mark("有哪些帮助"), Key.POLICY),
        click(mark("看看有什么帮助"), Key.NAVIGATE), click(mark("监督举报"), Key.COMPLAIN),
    ]
    mine = [
        click(mark("办到哪了"), Key.TRACK), click(mark("通知和大字"), Key.SETTINGS),
        click(mark("换号绑定"), Key.CHATS), click(mark("村里的事"), Key.VILLAGE),
    ]
    if pages:
        url = f"{public_url.rstrip('/')}/m/?account={slug}"
        mine.insert(1, {"type": "view", "name": t(mark("我的事项")), "url": url})
    return {
        "button": [
            {
                "name": t(mark("我要求助")),
                "sub_button": [
                    click(mark("我要求助"), Key.APPLY),
                    click(mark("替别人说"), Key.OTHERS),
                    click(mark("急难求助"), Key.URGENT),
                    click(mark("补材料"), Key.SUPPLEMENT),
                    click(mark("找人工"), Key.HUMAN),
                ],
            },
            {"name": t(mark("看公开")), "sub_button": open_},
            {"name": t(mark("我的")), "sub_button": mine},
        ]
    }
