"""What people and programs see when something is wrong: one page a kind, in plain words."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from models.policy import NotAllowed
from models.settings import mark

log = structlog.get_logger()

WORDS = {
    400: (mark("这一步没有走成"), mark("页面放得太久了，请退回去刷新一下再试。您填的不会丢。")),
    401: (mark("请重新进来一次"), mark("离开得久了，请从公众号里重新打开，或者重新登录。")),
    403: (mark("这一步您这里办不了"), mark("这一步要由别的同事来办。想问的，打下面的电话。")),
    404: (mark("没有找到这一页"), mark("可能地址少了几个字。请回首页重新进，或者打下面的电话问。")),
    405: (mark("这一步没有走成"), mark("请退回上一页，再点一次那里的按钮。")),
    413: (mark("文件太大了"), mark("一张照片请不要超过10兆。可以用手机重新拍一张再交。")),
    429: (mark("请稍等一分钟"), mark("刚才来的人多，歇一分钟再点就行。您填的不会丢。")),
    500: (
        mark("我们这边出了点毛病"),
        mark("不是您的错，您交过的都在。请过一会儿再试，急事请打电话。"),
    ),
}


PLAIN = (
    '<!doctype html><html lang="zh"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    "<h1>{title}</h1><p>{text}</p>"
)


def init_app(app: Flask) -> None:
    """One handler a kind, the catch-all last."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, words: str = "") -> ResponseReturnValue:
    title, text = WORDS.get(code, WORDS[400] if code < 500 else WORDS[500])
    try:
        page = render_template("failure.html", title=title, text=words or text, code=code)
    except SQLAlchemyError:
        # The page's foot names telephones from the database: when that is down, say it plainly.
        page = PLAIN.format(title=escape(title), text=escape(words or text))
    return page, code


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _page(400)


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    return _page(403, error.reason)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code)


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The exception's text can carry what someone wrote; its kind and place cannot.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    log.error("unexpected", kind=type(error).__name__, place=place, endpoint=request.endpoint)
    return _page(500)
