"""/m/settings: what they want to be told, when and in which language; large type; texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.flows.who import PHONE_HINTS
from bot.phones import masked_phone, read_phone
from bot.wishing import HOURS, hours_words
from models import textable, wishes
from models.people import Person
from models.quiet import Quiet, read_quiet
from models.settings import mark
from webhooks import access, reading
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.i18n import names

KEPT = mark("记下了。您自己办的事有进展，还会告诉您。")
SIZES = {"no": reading.PLAIN, "yes": reading.BIG, "huge": reading.HUGE}
MOBILE_WANTED = mark("请写收短信的手机号，11 位数字，比如 13800005678。")


@dataclass(frozen=True)
class Form:
    """What stands on the page; `said` are the values that are chosen."""

    said: dict[str, str]
    hours: list[tuple[str, str]]
    texts: list[tuple[str, str]]
    errors: dict[str, str] = field(default_factory=dict)


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/settings", "wishes", show)
    blueprint.add_url_rule("/settings", "wish", keep, methods=["POST"])


@opened_to(Audience.RESIDENT)
def show() -> ResponseReturnValue:
    """How it stands now."""
    return _page(_stored())


@opened_to(Audience.RESIDENT)
def keep() -> ResponseReturnValue:
    """Keep what is chosen, all of it at once or none."""
    before = _stored()
    chosen, errors = _read(request.form, before)
    if errors:
        said = before.said | {key: value for key, value in request.form.items() if key != "phone"}
        return _page(Form(said, before.hours, before.texts, errors)), 400
    ctx = context()
    with ctx.db.begin() as session:
        wishes.change(ctx, session, person_id(), "page", **chosen)
        locale = session.get_one(Person, person_id()).locale
    # Said in the language that was just chosen.
    flash((ctx.speak(locale) if locale else speech())(KEPT))
    return reading.keep(
        make_response(redirect(url_for("resident.wishes"))), size=SIZES[request.form["big"]]
    )


def _languages() -> tuple[tuple[str, str], ...]:
    return names(context().settings.languages)


def _page(form: Form) -> str:
    return render_template(
        "resident/wishes.html", form=form, languages=_languages()
    )


def _stored() -> Form:
    ctx, t = context(), speech()
    with ctx.db.read() as session:
        person = session.get_one(Person, person_id())
        wished = wishes.of(session, person_id())
        phone = textable.case_phone(session, person_id())
    habit = read_quiet(ctx.settings.pushes.quiet) or Quiet(0, 0)
    hours = [("", t(mark("照县里的：{hours}"), hours=hours_words(t, habit)))]
    kept = "" if wished.quiet is None else _key(wished.quiet)
    hours += [(key, t(words)) for key, words in HOURS.items()]
    if kept not in dict(hours) and wished.quiet is not None:
        hours.append((kept, hours_words(t, wished.quiet)))
    said = {
        "campaigns": "yes" if wished.campaigns else "no", "quiet": kept,
        "locale": person.locale or t.locale,
        "big": next(key for key, size in SIZES.items() if size == access.size()),
        "sms": _sms_key(wished),
        "own": masked_phone(wished.phone),
    }
    return Form(said, hours, _texts(phone) if ctx.settings.sms.kind != "none" else [])


def _key(quiet: Quiet) -> str:
    return "none" if quiet.start == quiet.end else f"{quiet.start}-{quiet.end}"


def _sms_key(wished: wishes.Wished) -> str:
    if not wished.sms:
        return "no"
    return "own" if wished.phone else "case"


def _texts(phone: str) -> list[tuple[str, str]]:
    t = speech()
    to_case = t(mark("要，发到办事时留的 {phone}"), phone=masked_phone(phone))
    return [
        ("no", t(mark("不要"))), *([("case", to_case)] if phone else []),
        ("own", t(mark("要，发到下面这个手机"))),
    ]


def _read(form: MultiDict[str, str], before: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """What is wished, and what has to be said again beside it."""
    chosen: dict[str, Any] = {
        "campaigns": _one_of(form, "campaigns", ("yes", "no")) == "yes",
        "big_type": _one_of(form, "big", tuple(SIZES)) != "no",
        "locale": _one_of(form, "locale", tuple(dict(_languages()))),
    }
    quiet = _one_of(form, "quiet", tuple(dict(before.hours)))
    chosen["quiet"] = read_quiet(quiet)
    if not before.texts:
        return chosen, {}
    texts = _one_of(form, "sms", tuple(dict(before.texts)))
    chosen["sms"] = texts != "no"
    if texts == "case":
        chosen["phone"] = ""
    written = form.get("phone", "").strip()
    if texts != "own" or (not written and before.said["own"]):
        return chosen, {}
    reading = read_phone(written)
    if reading.number is None or not textable.MOBILE.fullmatch(reading.number):
        words = PHONE_HINTS.get(reading.problem or "", MOBILE_WANTED)
        return {}, {"phone": speech()(words)}
    chosen["phone"] = reading.number
    return chosen, {}


def _one_of(form: MultiDict[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = form.get(name, "")
    return value if value in allowed else abort(400)
