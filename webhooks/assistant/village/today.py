"""今天的事 on /m/village: each thing that is asked of the assistant, done on one screen.

The list with its screens is one piece of HTML: the page has it, and its script keeps it sealed on
the phone for when there is no network (`static/assistant/village.js`). Without scripts each
screen is a form that is posted here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import today as said
from bot.flow import Scene
from models import assistants, errands, errandwork, posted, supplements
from models.context import Context
from models.errandasks import ASKS, CANNOT, PHOTOS, WITH_PHOTO
from models.errands import ERRAND_NAMES, Errand, ErrandKind
from models.errandwork import Handed
from models.findings import Ask
from models.people import Staff
from models.settings import Translate, mark
from models.steps import MoveRefused
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant import page
from webhooks.assistant.errands import keep, own
from webhooks.uploads import Photo, or_forgotten, store_all, with_photos

DONE = mark("记下了，辛苦了。镇上看得到。")
CANNOT_TOLD = mark("记下了，镇上会另外安排。")
GLANCE = mark("今天的事 {count} 件")


@dataclass(frozen=True)
class Box:
    """A place for photos; `item` is the missing paper that they are of."""

    label: str
    item: int | None = None
    needed: bool = False

    @property
    def name(self) -> str:
        return f"photos-{self.item}" if self.item else "photos"


@dataclass(frozen=True)
class Line:
    """One thing to see to, in words, with what its screen asks for."""

    key: str
    title: str
    name: str
    place: str
    what: str
    due: str
    late: bool
    asks: tuple[Ask, ...]
    boxes: tuple[Box, ...]
    cannot: Ask | None


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them; uploads are limited in rate."""
    blueprint.add_url_rule("/kept", "kept", kept)
    blueprint.add_url_rule("/board/<int:number>", "board", board)
    blueprint.add_url_rule("/errands/<key>", "hand_in", limited(hand_in), methods=["POST"])


def part(
    ctx: Context, db: Session, t: Translate, posts: Sequence[Staff]
) -> tuple[str, dict[str, Any]]:
    """The part of the page; that names are shown is recorded, one by one."""
    found = errands.open_for(db, posts)
    errands.seen(ctx, db, found)
    return "village/today.html", {
        "lines": [_line(ctx, db, t, one) for one in found], "anchor": "today", "kept": True,
        "glance": t(GLANCE, count=len(found)) if found else "",
    }


def _line(ctx: Context, db: Session, t: Translate, one: Errand) -> Line:
    kind, case = ErrandKind(one.kind), one.case
    scene = Scene(t, ctx.directory.areas, one.village, case.account)
    return Line(
        one.key, t(ERRAND_NAMES[kind]), said.name_of(t, one), said.place_of(one, scene),
        said.what_of(t, one, scene), said.due_of(t, one, ctx.today()),
        one.due_on is not None and one.due_on < ctx.today(), ASKS[kind],
        tuple(_boxes(db, t, kind, one)), None if kind is ErrandKind.APPRAISAL else CANNOT,
    )


def _boxes(db: Session, t: Translate, kind: ErrandKind, one: Errand) -> list[Box]:
    if kind is ErrandKind.PAPERS:
        return [Box(item.words, item.id) for item in supplements.of_case(db, one.case).open]
    return [Box(t(PHOTOS[kind]), None, kind in WITH_PHOTO)] if kind in PHOTOS else []


@opened_to(Audience.ASSISTANT)
def board(number: int) -> ResponseReturnValue:
    """The QR of a paper on the board, opened by an assistant: the postings that they were asked for
    in this village, with the number of the paper filled in by it."""
    ctx, t = context(), speech()
    village, key = request.args.get("village", ""), request.args.get("b", "")[:40]
    with ctx.db.begin() as db:
        listed = posted.on_board(ctx, db, number, village, key) or abort(404)
        found = [
            one for one in errands.open_for(db, assistants.posts_of(db, person_id()))
            if one.kind == ErrandKind.POSTING and one.village == village
        ]
        errands.seen(ctx, db, found)
        return render_template(
            "village/board.html", title=listed.title, board=f"{number}:{key}",
            lines=[_line(ctx, db, t, one) for one in found],
        )


@opened_to(Audience.ASSISTANT)
def kept() -> ResponseReturnValue:
    """The page as it lies on the phone: with nobody on it. Its script puts in what it has kept."""
    config = page.config() | {"kept": True}
    return render_template("village/kept.html", config=config)


@opened_to(Audience.ASSISTANT)
@with_photos
def hand_in(key: str) -> ResponseReturnValue:
    """Done, from a browser without scripts."""
    ctx, t = context(), speech()
    photos, problems = _photos(ctx, t)
    everything = [photo for photo, _, _ in photos]
    try:
        with or_forgotten(ctx, everything), ctx.db.begin() as db:
            handed = Handed(_given(), {sha: item for _, sha, item in photos})
            found = errandwork.hand_in(ctx, db, person_id(), key, handed)
            for photo, sha, _ in photos:
                keep(db, found.id, [photo], sha)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        problems = [t(refused.reason)]
        return _again(key, problems)
    for problem in problems:
        flash(problem)
    words = CANNOT_TOLD if "cannot" in _given() else DONE
    flash(t(words))
    return redirect(url_for("village.glance"), 303)


def _given() -> dict[str, str]:
    """The fields by their names, as the phone's script names them too."""
    return {
        name.partition("-")[2]: value for name, value in request.form.items()
        # 去不了 has nothing else on its form: left empty it is still what was meant.
        if name.startswith(("words-", "choice-")) and (value or name == "words-cannot")
    }


def _photos(
    ctx: Context, t: Translate
) -> tuple[list[tuple[Photo, str, int | None]], list[str]]:
    """Every photo that was chosen, stored, with the name of its bytes and its item."""
    stored, problems = [], []
    for field in request.files:
        number = field.partition("-")[2]
        item = int(number) if number.isdecimal() and len(number) < 10 else None
        for file in request.files.getlist(field):
            if not file.filename:
                continue
            name = hashlib.sha256(file.stream.read()).hexdigest()
            file.stream.seek(0)
            kept_photos, wrong = store_all(ctx, [file], t)
            stored += [(photo, name, item) for photo in kept_photos]
            problems += wrong
    return stored, problems


def _again(key: str, problems: list[str]) -> ResponseReturnValue:
    """The one screen again, with what was typed and what to mend."""
    ctx, t = context(), speech()
    with ctx.db.begin() as db:
        try:
            found = own(db, key)
        except LookupError:
            abort(404)
        errands.seen(ctx, db, [found])
        line = _line(ctx, db, t, found)
        return render_template(
            "village/again.html", line=line, typed=_given(), problems=problems
        ), 422
