"""The payment roster of a month (发放名册), drawn from the register of help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import exporting
from models.context import Context
from models.exporting import ExportRefused
from models.figures import earlier
from models.paths import path_of
from models.register import Entry
from models.settings import Translate, mark
from models.statuses import Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk.sheets import Cell, download, sheet

HEADS = (
    mark("编号"), mark("姓名"), mark("乡镇"), mark("村（居）"), mark("项目"), mark("几口人"),
    mark("每月多少元"), mark("从哪天起"),
)


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/register/payments", "payments", payments, methods=["POST"])


def months(ctx: Context) -> tuple[date, ...]:
    """The months whose roster can be taken: the next, this, and the two before."""
    this = ctx.today().replace(day=1)
    return tuple(earlier(this, back) for back in (-1, 0, 1, 2))


def choices(ctx: Context, t: Translate) -> list[tuple[str, str]]:
    """The same for a form."""
    words = mark("{year}年{month}月")
    return [
        (f"{day:%Y-%m}", t(words, year=day.year, month=day.month)) for day in months(ctx)
    ]


@opened_to(Audience.DESK, Role.COUNTY)
def payments() -> ResponseReturnValue:
    """The roster of a month as XLSX; without a reason the form once more."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    wanted = request.form.get("month") or f"{ctx.today():%Y-%m}"
    reason = request.form.get("reason", "")
    month = next((day for day in months(ctx) if f"{day:%Y-%m}" == wanted), None)
    if month is None:
        abort(404)
    try:
        with ctx.db.begin() as db:
            found = exporting.take_payments(ctx, db, staff, month, reason)
    except ExportRefused as refused:
        words = t(str(refused), limit=ctx.settings.limits.export_rows)
        return render_template(
            "desk/paying.html", months=choices(ctx, t), month=wanted, refused=words,
            reason=reason,
        ), 422
    name = t(mark("发放名册 {month}"), month=wanted)
    rows = [*(_row(ctx, t, one) for one in found), _sum(t, found)]
    return download(name, sheet(name, [t(head) for head in HEADS], rows))


def _row(ctx: Context, t: Translate, one: Entry) -> Sequence[Cell]:
    areas = ctx.directory.areas
    township, village = areas.get(one.township), areas.get(one.village)
    return (
        one.receipt, one.name, township.name if township else "", village.name if village else "",
        t(path_of(one.scheme).name), one.persons, one.amount, one.from_on,
    )


def _sum(t: Translate, found: Sequence[Entry]) -> Sequence[Cell]:
    """How many households and persons, and how much in all."""
    houses = t(mark("{count} 户"), count=len(found))
    total = sum((one.amount or 0 for one in found), Decimal("0.00"))
    return (
        t(mark("合计")), houses, "", "", "", sum(one.persons for one in found), total, None,
    )
