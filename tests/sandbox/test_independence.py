"""The sandbox knows nothing of the product, and another client library understands it."""

import ast
import io
import sys
from pathlib import Path

import pytest
from wechatpy import WeChatClient, WeChatClientException
from wechatpy.session.memorystorage import MemoryStorage

import webhooks.sandbox

from .stage import ACCOUNT, WANG, Stage

ALLOWED = {"flask", "requests", "cryptography", "segno", "PIL", "werkzeug", "markupsafe"}


def test_nothing_of_the_product_or_of_wechatpy_is_imported() -> None:
    folder = Path(webhooks.sandbox.__file__).parent
    outside = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                outside |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level < 2, file
                if node.level == 0:
                    outside.add(str(node.module).partition(".")[0])
    assert not outside & {"bot", "models", "notices", "webhooks", "wechatpy"}

    assert outside - ALLOWED <= sys.stdlib_module_names


@pytest.fixture
def client(stage: Stage) -> WeChatClient:
    """wechatpy, pointed at the sandbox."""
    base = f"{stage.root}/platform/cgi-bin/"
    maker = type("Client", (WeChatClient,), {"API_BASE_URL": base})
    found = maker(
        ACCOUNT.app_id, ACCOUNT.secret, stage.token(), session=MemoryStorage(), auto_retry=False
    )
    found.session.set(found.access_token_key, stage.token())
    return found


def test_wechatpy_s_client_is_understood(stage: Stage, client: WeChatClient) -> None:
    stage.send(text="在吗")
    client.message.send_text(WANG.openid, "您好，收到了")
    picture = io.BytesIO(b"\xff\xd8\xff picture")
    picture.name = "a.jpg"
    media_id = client.media.upload("image", picture)["media_id"]
    client.message.send_image(WANG.openid, media_id)
    options = [{"id": "1", "content": "好"}]
    menu = {"head_content": "好吗", "list": options, "tail_content": "谢谢"}
    client.message.send_msg_menu(WANG.openid, menu)
    values = {name: {"value": "一"} for name in ACCOUNT.templates["TPL1"]}
    client.message.send_template(WANG.openid, "TPL1", values, url="http://127.0.0.1/")
    assert [item["type"] for item in stage.inbox()] == ["text", "image", "msgmenu", "template"]
    client.menu.create({"button": [{"type": "click", "name": "帮助", "key": "HELP"}]})
    assert client.menu.get()["menu"]["button"][0]["name"] == "帮助"
    scene = {"scene": {"scene_str": "x"}}
    made = client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    assert made["ticket"]
    assert client.user.get(WANG.openid)["subscribe"] == 1
    assert client.media.download(media_id).content == b"\xff\xd8\xff picture"
    assert client.jsapi.get_ticket()["ticket"]
    with pytest.raises(WeChatClientException) as caught:
        client.message.send_text("o_nobody", "您好")
    assert caught.value.errcode == 40003
