"""Declaring one's relatives (近亲属备案), and for heads and the county those of village cadres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import kindeclaring, kinqueries
from models.cases import Case
from models.context import Context
from models.idnumbers import shown
from models.kindeclaring import Said
from models.kinship import RELATIONS, Kin
from models.settings import Translate, mark
from models.statuses import DECIDERS, Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import readings, telling

DECLARED = mark("登记好了，存的是加密的。有他家的事，您这里不会出现，由别的同事来办。")
DECLARED_CADRE = mark("登记好了，存的是加密的。有他家的事会标出来，由县里上门看。")
WITHDRAWN = mark("撤下来了。以前对上的事情，还照原来的办。")
NO_NUMBER = mark("没有登记身份证号")
FIELDS = ("name", "relation", "id_number", "cadre", "village")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/kin", "kin", kin)
    desk.add_url_rule("/kin/new", "kin_new", ask)
    desk.add_url_rule("/kin/new", "kin_declare", keep, methods=["POST"])
    desk.add_url_rule("/kin/cadre", "kin_cadre", ask_cadre)
    desk.add_url_rule("/kin/cadre", "kin_declare_cadre", keep_cadre, methods=["POST"])
    desk.add_url_rule("/kin/<int:kin_id>/withdraw", "kin_withdraw", withdraw, methods=["POST"])
    desk.add_url_rule("/kin/of/<int:member_id>", "kin_of", read_of)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def kin() -> ResponseReturnValue:
    """One's own declarations, and what waits; for the county who has declared, without names."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.begin() as db:
        own = kindeclaring.own(db, staff)
        cadres = kindeclaring.of_cadres(db, staff)
        members = kindeclaring.by_member(db, staff)
        settling = kinqueries.to_settle(db, staff)
        visiting = kinqueries.to_visit(db, staff) if staff.role is Role.COUNTY else ()
        readings.keep(
            ctx, db, staff, "kin.listed", "kin", kin=[one.id for one in (*own, *cadres)],
            cases=[case.id for case in (*settling, *visiting)],
        )
    return render_template(
        "desk/kin.html", own=[_told(ctx, t, one) for one in own],
        cadres=[_told(ctx, t, one) for one in cadres], members=members,
        settling=_rows(t, settling), visiting=_rows(t, visiting),
        for_cadres=staff.role in DECIDERS,
    )


def _rows(t: Translate, cases: Sequence[Case]) -> list[tuple[str, str]]:
    return [(case.receipt, telling.name_of(t, case)) for case in cases]


def _told(ctx: Context, t: Translate, kin: Kin) -> dict[str, Any]:
    """A declared relative in words."""
    return {
        "id": kin.id, "name": kin.name, "relation": t(RELATIONS[kin.relation]),
        "number": shown(kin.id_number) if kin.id_number else t(NO_NUMBER),
        "cadre": kin.cadre or "", "place": ctx.directory.areas.name(kin.area),
        "at": kin.declared_at,
    }


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask() -> ResponseReturnValue:
    """The form for one's own relative."""
    return _form(for_cadre=False)


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def ask_cadre() -> ResponseReturnValue:
    """The form for a village cadre's relative."""
    return _form(for_cadre=True)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def keep() -> ResponseReturnValue:
    """Keep one's own relative."""
    return _keep(for_cadre=False)


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def keep_cadre() -> ResponseReturnValue:
    """Keep a village cadre's relative."""
    return _keep(for_cadre=True)


def _form(*, for_cadre: bool, refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, t = access.context(), access.speech()
    places = kindeclaring.villages(ctx, access.staff()) if for_cadre else ()
    page = render_template(
        "desk/kin_new.html", for_cadre=for_cadre, typed=request.form,
        relations=[(key, t(words)) for key, words in RELATIONS.items()],
        villages=[(place.code, ctx.directory.areas.name(place.code)) for place in places],
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
    )
    return (page, 422) if refused else page


def _keep(*, for_cadre: bool) -> ResponseReturnValue:
    ctx, staff = access.context(), access.staff()
    said = Said(**{name: request.form.get(name, "") for name in FIELDS})
    try:
        with ctx.db.begin() as db:
            kindeclaring.declare(ctx, db, staff, said, for_cadre=for_cadre)
    except MoveRefused as refused:
        return _form(for_cadre=for_cadre, refused=refused)
    return _back(DECLARED_CADRE if for_cadre else DECLARED)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def withdraw(kin_id: int) -> ResponseReturnValue:
    """End a declaration of one's own, or of a cadre of the area."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            kindeclaring.withdraw(ctx, db, staff, kin_id)
    except LookupError:
        abort(404)
    return _back(WITHDRAWN)


def _back(words: str) -> ResponseReturnValue:
    flash(access.speech()(words), "done")
    return redirect(url_for("desk.kin"), 303)


@opened_to(Audience.DESK, Role.COUNTY)
def read_of(member_id: int) -> ResponseReturnValue:
    """Whom a member of staff has declared; that it was read is recorded."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            member, found = kindeclaring.read_of(ctx, db, staff, member_id)
    except LookupError:
        abort(404)
    return render_template(
        "desk/kin_of.html", member=member, found=[_told(ctx, t, one) for one in found]
    )
