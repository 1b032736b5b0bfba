"""From where someone wants in, as a plain sentence for the chat: address and kind of browser."""

from __future__ import annotations

from models.settings import Translate, mark

# The first that is found counts: phones name the desktop systems that they are made from.
MACHINES = (
    ("iPhone", mark("苹果手机")),
    ("iPad", mark("苹果平板")),
    ("Android", mark("安卓手机")),
    ("HarmonyOS", mark("鸿蒙手机")),
    ("Windows", mark("Windows 电脑")),
    ("Macintosh", mark("苹果电脑")),
    ("Linux", mark("Linux 电脑")),
)
BROWSERS = (
    ("MicroMessenger", mark("微信")),
    ("Edg", "Edge"),
    ("QQBrowser", mark("QQ浏览器")),
    ("Firefox", mark("火狐")),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
PLACE = mark("{address} 的{machine}（{browser}）")


def place(t: Translate, address: str, agent: str) -> str:
    """127.0.0.1 的 Windows 电脑（Chrome）; unknown kinds are said to be unknown."""
    machine = next((words for sign, words in MACHINES if sign in agent), mark("一台设备"))
    browser = next((words for sign, words in BROWSERS if sign in agent), mark("不认识的浏览器"))
    said = t(machine)
    # A space between a digit or letter and Han, as it is printed.
    return t(PLACE, address=address, machine=f" {said}" if said[:1].isascii() else said,
             browser=t(browser))
