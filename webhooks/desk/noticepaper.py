"""The sheet for the board, on screen to be printed and as a PDF: the same words on both."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import segno
from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from models import noticequeries
from models.context import Context
from models.publishing import State, Version
from models.sealing import grouped
from models.settings import Translate, mark
from notices.board import Board, Lacking, NoFont, pdf
from webhooks import noticesheets
from webhooks.noticesheets import Line, Sheet

# In yuan, and set to the right.
SUMS = ("amount", "standard", "total", "arrears")
UNSIGNED = mark("还没有签字，不要贴出去")
NUMBER, IN_YUAN = mark("序号"), mark("{label}（元）")
CODE = mark("校验码 {hash}")
TOTAL = mark("一共：{figures}")
CHANGES = mark("和上一版比：{changes}")
CALL = mark(
    "觉得哪一户不对：扫“看现在的名单”的码，点那一户下面的“这一户不对？”，可以不留名。"
    "也可以打电话，有人向您要好处也打："
)
BASIS = mark("依据：{basis}")
FROM = mark("{publisher}发布 · 第 {number} 版")
CHECK = mark("校验码 {hash}，在 {where} 可以核对")
LIVE_CODE, CHECK_CODE = mark("扫一扫，看现在的名单"), mark("扫一扫，核对这张纸")


LACKING = mark("字体里没有这几个字：{characters}。存成 PDF 会印不出来，请用“纸上”那一页直接打印。")
NO_FONT = mark(
    "这台机器上没有印名单的字体，存不成 PDF。请用“纸上”那一页直接打印，再告诉管系统的人。"
)


def why_not(t: Translate, wrong: Lacking | NoFont) -> tuple[str, str, int]:
    """What to say where there is no PDF: the words, no field, and the answer's status."""
    if isinstance(wrong, Lacking):
        return t(LACKING, characters=t(mark("、")).join(wrong.characters)), "", 422
    return t(NO_FONT), "", 503


def board(
    ctx: Context, t: Translate, version: Version, sheet: Sheet, lines: Sequence[Line]
) -> Board:
    """What stands on it. What is not signed says so, and carries no code."""
    signed = version.short is not None and version.state in (State.SIGNED, State.LIVE)
    code = t(CODE, hash=sheet.hash) if signed else ""
    names = [name for name, _ in sheet.columns]
    under = (sheet.place, sheet.kind, noticesheets.scheme(t, version), sheet.period, code)
    return Board(
        title=version.title,
        under=" · ".join(part for part in under if part),
        heads=(t(NUMBER), *(
            t(IN_YUAN, label=label) if name in SUMS else label for name, label in sheet.columns
        )),
        rows=tuple(
            (str(line.number), *(line.values.get(name, "") for name in names)) for line in lines
        ),
        sums=tuple(at for at, name in enumerate(names, 1) if name in SUMS),
        notes=(
            t(TOTAL, figures=sheet.figures),
            *((t(CHANGES, changes=sheet.changes),) if sheet.changes else ()), t(CALL),
        ),
        phones=tuple(" ".join(one) for one in sheet.complain),
        fine=_fine(ctx, t, version, sheet, signed=signed),
        codes=_codes(ctx, t, version, sheet) if signed else (),
        foot=code,
        draft="" if signed else t(UNSIGNED),
    )


def _fine(
    ctx: Context, t: Translate, version: Version, sheet: Sheet, *, signed: bool
) -> tuple[str, ...]:
    basis = "；".join(clause for clause in (version.basis, version.period_basis) if clause)
    where = ctx.settings.public_url.rstrip("/") + url_for("notices.verify")
    return (
        *((t(BASIS, basis=basis),) if basis else ()),
        t(FROM, publisher=sheet.publisher, number=version.number),
        *((t(CHECK, hash=sheet.hash, where=where),) if signed else ()),
    )


def _codes(
    ctx: Context, t: Translate, version: Version, sheet: Sheet
) -> tuple[tuple[str, str], ...]:
    key = noticequeries.board_key(ctx, version.notice_id, sheet.village)
    several = sheet.village if len(version.figures) > 1 else None
    live = _address(
        ctx, url_for("notices.notice", number=version.notice_id), village=several, b=key
    )
    return (_qr(live), t(LIVE_CODE)), check_code(ctx, t, version)


def _address(ctx: Context, path: str, **asked: Any) -> str:
    """A whole address of this service, for a QR."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{ctx.settings.public_url.rstrip('/')}{path}{'?' if query else ''}{query}"


def _qr(content: str) -> Markup:
    """A QR as a picture inside the page."""
    made = segno.make(content, micro=False, error="m")
    return Markup(made.svg_inline(border=2, omitsize=True))  # noqa: S704  # segno's own drawing


def page(
    ctx: Context, t: Translate, version: Version, sheet: Sheet, lines: Sequence[Line]
) -> str:
    """The page that the browser prints."""
    made = board(ctx, t, version, sheet, lines)
    return printed(made, version, url_for(
        "desk.notice_paper", number=version.id, village=sheet.village
    ))


def printed(made: Board, version: Version, file_at: str) -> str:
    """A sheet as a page; `file_at` is the address of the same as a PDF."""
    return render_template(
        "notices/paper.html", board=made, version=version, file_at=file_at, visitor=None
    )


def check_code(ctx: Context, t: Translate, version: Version) -> tuple[str, str]:
    """The QR by which a paper is checked, and what it is for."""
    check = _address(ctx, url_for("notices.verify"), h=grouped(version.short or ""))
    return _qr(check), t(CHECK_CODE)


def file(ctx: Context, made: Board, name: str) -> ResponseReturnValue:
    """The PDF, to be kept and printed elsewhere; raises what `pdf` does."""
    content = io.BytesIO(pdf(made, Path(ctx.settings.paper.font)))
    return send_file(
        content, "application/pdf", as_attachment=True, download_name=f"{name}.pdf", max_age=0
    )
