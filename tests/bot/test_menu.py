"""The account's menu: what the platform takes of it, and that every button leads somewhere."""

from __future__ import annotations

from typing import Any

import pytest

from bot.menu import Key, menu
from tests.bot.talks import Chat
from webhooks.i18n import speaker


def buttons(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for column in made["button"] for one in column["sub_button"]]


@pytest.mark.parametrize("pages", [True, False])
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_platform_takes_it(locale: str, pages: bool) -> None:
    made = menu(speaker(locale, "Asia/Shanghai")(""), "https://x.cn/", "county", pages=pages)
    assert [len(column["sub_button"]) for column in made["button"]] == [5, 4, 4 + pages]
    assert all(len(column["name"].encode()) <= 16 for column in made["button"])
    assert all(len(one["name"].encode()) <= 60 for one in buttons(made))
    keys = {one["key"] for one in buttons(made) if one["type"] == "click"}
    assert keys == set(Key)


@pytest.mark.parametrize("key", list(Key))
def test_every_button_is_answered_with_its_own(chat: Chat, key: str) -> None:
    first = chat.tap(key)
    assert first
    assert key == Key.APPLY or "直接说给我听" not in first


def test_policies_and_settings_are_a_tap_away(chat: Chat) -> None:
    assert "您想问哪一样" in chat.tap("POLICY")
    assert chat.tap("SETTINGS") == chat.say("通知设置")
