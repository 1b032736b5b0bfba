"""What the county says of schemes: filled in by one of its people, signed by another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import localschemes, schemework
from models.context import Context
from models.localschemes import LocalScheme
from models.policy import StaffView, is_same_person
from models.schemefields import FIELD_LABELS, FIELDS, FieldRefused, needed
from models.schemes import GROUPS, Scheme, catalogue
from models.settings import Translate, mark
from models.statuses import DESK_ROLES, Role
from models.steps import MoveRefused
from webhooks import access, schemesheets
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

KEPT = mark("记下了，请另一位同事核对、签字。签了字，网页和公众号里才这样写。")
SIGNED = mark("签好了，从现在起网页和公众号里就这样写。")
DROPPED = mark("这一份不用了。")
STATES = {
    "open": mark("等另一位签字"), "signed": mark("签过字"), "dropped": mark("没有用"),
}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/schemes", "schemes", look)
    desk.add_url_rule("/schemes/<scheme>", "scheme", one)
    desk.add_url_rule("/schemes/<scheme>", "scheme_put", put, methods=["POST"])
    at = "/schemes/versions/<int:number>"
    desk.add_url_rule(f"{at}/sign", "scheme_sign", sign, methods=["POST"])
    desk.add_url_rule(f"{at}/drop", "scheme_drop", drop, methods=["POST"])


def _area(ctx: Context, staff: StaffView) -> str:
    """The county whose catalogue is looked at; 404 where there is none."""
    area = schemework.county_of(ctx, staff.area)
    if not area:
        abort(404)
    return area


def _scheme(id: str) -> Scheme:
    found = catalogue().schemes.get(id)
    if found is None:
        abort(404)
    return found


@opened_to(Audience.DESK, *DESK_ROLES)
def look() -> ResponseReturnValue:
    """Every scheme with what is still to be filled in; and what waits for a signature."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    area = _area(ctx, staff)
    with ctx.db.read() as db:
        open_ = [_version(ctx, staff, one) for one in localschemes.waiting(db, area)]
    lacking, waits = schemework.lacking(ctx, area), {one["scheme"] for one in open_}
    groups = [
        (t(name), [
            _row(ctx, t, area, one, lacking.get(one.id, ()), one.id in waits)
            for one in catalogue().in_group(group)
        ])
        for group, name in GROUPS.items()
    ]
    return render_template(
        "desk/schemes.html", groups=groups, waiting=open_, place=ctx.directory.areas.name(area),
        left=sum(len(fields) for fields in lacking.values()),
    )


def _row(
    ctx: Context, t: Translate, area: str, scheme: Scheme, lacking: tuple[str, ...], waits: bool
) -> dict[str, Any]:
    own = schemework.standing(ctx, area, scheme.id)
    return {
        "id": scheme.id, "name": t(scheme.name), "what": t(scheme.what.text), "waits": waits,
        "lacking": t(mark("、")).join(t(FIELD_LABELS[key]) for key in lacking),
        "standard": own.fields.get("standard", "") if own else "",
        "since": own.fields.get("from", "") if own else "",
    }


def _version(ctx: Context, staff: StaffView, one: LocalScheme) -> dict[str, Any]:
    """One version in words: what it says, and beside it what holds now where that differs."""
    t, now = access.speech(), schemework.standing(ctx, one.area, one.scheme)
    held = now.fields if now else {}
    may = staff.role is Role.COUNTY
    known = catalogue().schemes.get(one.scheme)
    return {
        "id": one.id, "scheme": one.scheme, "name": t(known.name) if known else one.scheme,
        "state": t(STATES[one.state]), "signed_so": one.state == "signed",
        "lines": _lines(t, one.fields), "now": _lines(t, _changed(held, one.fields)),
        "put": one.put.name, "put_at": t.moment(one.put_at),
        "signed": one.signed.name if one.signed else "",
        "signed_at": t.moment(one.signed_at) if one.signed_at else "",
        "may_sign": may and not is_same_person(staff, one.put), "may_drop": may,
    }


def _changed(held: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """What holds now and will not any longer."""
    return {key: text for key, text in held.items() if new.get(key) != text}


def _lines(t: Translate, said: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(t(one.label), said[one.key]) for one in FIELDS if one.key in said]


@opened_to(Audience.DESK, *DESK_ROLES)
def one(scheme: str) -> ResponseReturnValue:
    """One scheme: the county's form, the page as everyone sees it, every version."""
    return _page(_scheme(scheme))


def _page(
    scheme: Scheme, typed: Mapping[str, str] | None = None, new: dict[str, str] | None = None,
    problem: str = "", field: str = "", status: int = 200,
) -> ResponseReturnValue:
    """`new`: checked fields that are looked at before they are put."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    area = _area(ctx, staff)
    with ctx.db.read() as db:
        found = [
            (version.state, _version(ctx, staff, version))
            for version in localschemes.versions(db, area, scheme.id)
        ]
    own = schemework.standing(ctx, area, scheme.id)
    held = own.fields if own else {}
    told = schemework.with_words(ctx, scheme, area, held if new is None else new, own)
    return render_template(
        "desk/scheme.html", id=scheme.id, name=t(scheme.name),
        sheet=schemesheets.sheet(ctx, t, told, area), fields=FIELDS, needed=needed(scheme),
        typed=held if typed is None else typed, problem=problem, field=field,
        seen=None if new is None else _kept(new),
        waiting=[version for state, version in found if state == "open"],
        past=[version for state, version in found if state != "open"],
        may=staff.role is Role.COUNTY, place=ctx.directory.areas.name(area),
    ), status


def _kept(said: Mapping[str, str]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


@opened_to(Audience.DESK, Role.COUNTY)
def put(scheme: str) -> ResponseReturnValue:
    """Show the whole page as it will be; and once it was seen so, keep it to be signed."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    known, area = _scheme(scheme), _area(access.context(), access.staff())
    try:
        said = schemework.checked(ctx, area, known, form)
        if not (form.get("put") and form.get("seen") == _kept(said)):
            return _page(known, form, said)
        with ctx.db.begin() as db:
            schemework.put(ctx, db, staff, known, form)
    except FieldRefused as refused:
        words = t(refused.reason, **refused.values)
        return _page(known, form, None, words, refused.field, 422)
    except MoveRefused as refused:
        return _page(known, form, None, t(refused.reason), "all", 422)
    flash(t(KEPT), "done")
    return redirect(url_for("desk.schemes"), 303)


@opened_to(Audience.DESK, Role.COUNTY)
def sign(number: int) -> ResponseReturnValue:
    """The second person agrees."""
    return asides.settle(schemework.sign, number, SIGNED, "desk.schemes")


@opened_to(Audience.DESK, Role.COUNTY)
def drop(number: int) -> ResponseReturnValue:
    """Not right: it is put away."""
    return asides.settle(schemework.drop, number, DROPPED, "desk.schemes")
