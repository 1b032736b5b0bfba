"""Words that steer a talk."""

import pytest

from bot import answers
from bot.answers import Command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("上一步", Command.BACK),
        ("返回", Command.BACK),
        ("退回", Command.BACK),
        ("回上一步", Command.BACK),
        ("回去一步", Command.BACK),
        ("稍后", Command.LATER),
        ("稍后再填", Command.LATER),
        ("等会再说", Command.LATER),
        ("先不填了", Command.LATER),
        ("晚点", Command.LATER),
        ("继续", Command.RESUME),
        ("接着填吧", Command.RESUME),
        ("取消", Command.CANCEL),
        ("不填了", Command.CANCEL),
        ("不报了", Command.CANCEL),
        ("算了", Command.CANCEL),
        ("算了吧", Command.CANCEL),
        ("人工", Command.HUMAN),
        ("我要找人工", Command.HUMAN),
        ("打电话给我", Command.HUMAN),
        ("转人工！", Command.HUMAN),
        ("跳过", Command.SKIP),
        ("不知道", Command.SKIP),
        ("不知道呢", Command.SKIP),
        ("好了", Command.DONE),
        ("没有了", Command.DONE),
        ("没了。", Command.DONE),
        ("就这些", Command.DONE),
        ("对", Command.CONFIRM),
        ("都对", Command.CONFIRM),
        ("对的", Command.CONFIRM),
        ("没错", Command.CONFIRM),
        ("菜单", Command.HELP),
        ("您好", Command.HELP),
        ("你好啊~", Command.HELP),
        ("我家继续没有饭吃", None),
        ("", None),
        ("上 一 步", Command.BACK),
        ("我不知道怎么办", None),
        ("取消低保", None),
    ],
)
def test_read_command(text: str, command: Command | None) -> None:
    assert answers.read_command(text) is command
