"""Reading where something is: from a numbered list, a name, or a sent location."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from bot.answers import Option, find_places, read_option, tidy
from bot.flow import Answers, Read, Scene, Unclear
from bot.messages import Heard, Kind
from models.areas import Level, Place
from models.settings import mark

NONE_OF_THESE = "none"
EARTH_KM = 6371.0
# Farther from every village centre than this, a sent location is not in the county. Village
# centres and the platform's shifted coordinates (GCJ-02) are a few hundred metres apart.
FAR_KM = 20.0
WORDS_LIMIT = 200

FAR = mark("这个位置好像不在我们县里。")
SAME_NAME = mark("叫这个名字的不止一个，请再选一下。")


def kilometres(lat: float, lon: float, place: Place) -> float:
    """Great-circle distance to a place's centre; infinite where it has none."""
    if place.latitude is None or place.longitude is None:
        return float("inf")
    up, across = radians(place.latitude - lat), radians(place.longitude - lon)
    level = cos(radians(lat)) * cos(radians(place.latitude))
    half = sin(up / 2) ** 2 + level * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def place_options(key: str, answers: Answers, scene: Scene) -> Sequence[Option]:
    """The townships, or once one is chosen its villages; the last choice is none of these."""
    chosen = answers.get(f"{key}_township")
    candidates = answers.get(f"{key}_among")
    if answers.get(f"{key}_other"):
        return ()
    places: Sequence[Place]
    if candidates:
        places = [p for code in candidates if (p := scene.areas.get(code))]
        labels = {p.code: scene.areas.name(p.code) for p in places}
    elif chosen:
        places = scene.areas.children(chosen)
        labels = {p.code: p.name for p in places}
    else:
        places = scene.areas.within(scene.area, Level.TOWNSHIP)
        if len(places) == 1:
            places = scene.areas.children(places[0].code)
        labels = {p.code: p.name for p in places}
    none = Option(NONE_OF_THESE, scene.t(mark("都不是")), ("都不是", "不在这里"))
    return [*(Option(p.code, labels[p.code]) for p in places), none]


def read_place(key: str, heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    """Sets `key` (a code, or empty where only words are known) or narrows the next list."""
    if heard.kind is Kind.LOCATION and heard.latitude is not None and heard.longitude is not None:
        return _nearest(key, heard.latitude, heard.longitude, scene)
    said = tidy(heard.text)
    if not said:
        return Unclear()
    if answers.get(f"{key}_other"):
        if len(said) < 2 or said.isdigit():
            return Unclear()
        return Read({key: answers.get(f"{key}_township") or "", f"{key}_words": said[:WORDS_LIMIT]})
    choice = read_option(said, place_options(key, answers, scene))
    if choice == NONE_OF_THESE:
        return Read({f"{key}_other": True, f"{key}_among": None})
    if choice:
        return _settle(key, choice, scene)
    return _named(key, said, answers, scene)


def _nearest(key: str, lat: float, lon: float, scene: Scene) -> Read | Unclear:
    villages = scene.areas.within(scene.area, Level.VILLAGE)
    near = min(villages, key=lambda p: kilometres(lat, lon, p), default=None)
    if near is None or kilometres(lat, lon, near) > FAR_KM:
        return Unclear(FAR)
    return Read({key: near.code, f"{key}_at": [lat, lon]})


def _settle(key: str, code: str, scene: Scene) -> Read:
    place = scene.areas.get(code)
    if place is not None and place.level == Level.TOWNSHIP and scene.areas.children(code):
        return Read({f"{key}_township": code})
    return Read({key: code, f"{key}_among": None})


def _named(key: str, said: str, answers: Answers, scene: Scene) -> Read | Unclear:
    """A place by its name; of several with the same name the townships tell them apart."""
    under = answers.get(f"{key}_township") or scene.area
    villages = {p.code: p.name for p in scene.areas.within(under, Level.VILLAGE)}
    found = find_places(said, villages)
    townships = {p.code: p.name for p in scene.areas.within(scene.area, Level.TOWNSHIP)}
    town = find_places(said, townships)
    if len(found) > 1 and town:
        found = [c for c in found if scene.areas.at(c, Level.TOWNSHIP) == scene.areas.get(town[0])]
    if len(found) == 1:
        return Read({key: found[0], f"{key}_words": said[:WORDS_LIMIT]})
    if len(found) > 1:
        return Read({f"{key}_among": found[:5]})
    if len(town) == 1:
        return _settle(key, town[0], scene)
    return Unclear()


def place_name(key: str, answers: Answers, scene: Scene) -> str:
    """How an answered place is read back: its full name, or the words that were said."""
    name = scene.areas.name(answers.get(key))
    words = str(answers.get(f"{key}_words") or "")
    if not name or answers.get(f"{key}_other"):
        return f"{name} {words}".strip()
    return name
