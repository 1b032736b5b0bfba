"""Reading where something is: from a numbered list, a name, or a sent location.

What narrows a place down stands beside its key: `_township` (its villages are listed),
`_among` (several could be meant), `_wide` (not in the account's own area: the whole county is
listed), `_other` (not in any list: it is written), `_words` (as said), `_at` (as sent).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from bot.answers import Option, find_places, read_option, read_yes_no, squeezed, tidy
from bot.flow import Answers, Read, Scene, Unclear
from bot.messages import Heard
from models.areas import Level, Place
from models.positions import Position
from models.settings import mark

NONE_OF_THESE = "none"
EARTH_KM = 6371.0
# Farther from every village centre than this, a sent location is not in the county.
FAR_KM = 20.0
WORDS_LIMIT = 200
SHOWN = 5

FAR = mark("这个位置好像不在我们县里。请写村名，或者选一个。")
# Said of a place, these tell that somebody lives there.
_HOME = r"(?:住在?|家在|家是|我是|俺是|咱是|我们|俺们|咱们|老家)"
_DENIED = re.compile(r"(?:不是|不在|没在|不住|别)$")


def is_far(at: Position, village: Place | None) -> bool:
    """Whether a position is surely far off its village, as far as its accuracy tells; of a
    village whose centre is not known, whether it lies outside the country."""
    if village is None or village.latitude is None or village.longitude is None:
        return not at.in_china
    return kilometres(*at.wgs, village) - (at.accuracy or 0) / 1000 > FAR_KM


def kilometres(lat: float, lon: float, place: Place) -> float:
    """Great-circle distance (WGS-84) to a place's centre; infinite where it has none."""
    if place.latitude is None or place.longitude is None:
        return float("inf")
    up, across = radians(place.latitude - lat), radians(place.longitude - lon)
    level = cos(radians(lat)) * cos(radians(place.latitude))
    half = sin(up / 2) ** 2 + level * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def county(scene: Scene) -> str:
    """The whole county: a village's account is written to by people from next door too."""
    above = scene.areas.at(scene.area, Level.COUNTY)
    return above.code if above else scene.area


def _listed(key: str, answers: Answers, scene: Scene) -> Sequence[Place]:
    """The places that are numbered now."""
    if answers.get(f"{key}_among"):
        return [p for code in answers[f"{key}_among"] if (p := scene.areas.get(code))]
    if answers.get(f"{key}_township"):
        return scene.areas.children(answers[f"{key}_township"])
    wide = answers.get(f"{key}_wide") or key != "living"
    area = county(scene) if wide else scene.area
    places = scene.areas.within(area, Level.TOWNSHIP)
    if len(places) == 1:
        return scene.areas.children(places[0].code)
    return places or scene.areas.within(area, Level.VILLAGE)


def place_options(key: str, answers: Answers, scene: Scene) -> Sequence[Option]:
    """The townships, or once one is chosen its villages; the last choice is none of these."""
    if answers.get(f"{key}_other"):
        return ()
    full = bool(answers.get(f"{key}_among"))
    places = [
        Option(p.code, scene.areas.name(p.code) if full else p.name)
        for p in _listed(key, answers, scene)
    ]
    return [*places, Option(NONE_OF_THESE, scene.t(mark("都不是")), ("不在这里", "没有我们村"))]


def read_place(key: str, heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    """Sets `key` (a code, or empty where only words are known) or narrows the next list."""
    if heard.position is not None:
        return _nearest(key, heard.position, scene)
    said = tidy(heard.text)
    if not said:
        return Unclear()
    if answers.get(f"{key}_other"):
        return _listed_after_all(key, said, scene) or as_said(key, heard, answers, scene)
    among: list[str] = answers.get(f"{key}_among") or []
    if len(among) == 1 and read_yes_no(said) is not None:
        return _settle(key, among[0], scene) if read_yes_no(said) else _none(key, answers, scene)
    choice = read_option(said, place_options(key, answers, scene))
    if choice == NONE_OF_THESE:
        return _none(key, answers, scene)
    if choice and not _names_a_village(said, choice, scene):
        return _settle(key, choice, scene, heard.text.strip())
    return _named(key, heard.text.strip(), answers, scene)


def _names_a_village(said: str, choice: str, scene: Scene) -> bool:
    """Whether a township that was read is only the beginning of it: 大湾镇桥头村."""
    town = scene.areas.get(choice)
    if town is None or town.level != Level.TOWNSHIP:
        return False
    names = (place.name for code in find_villages(said, scene) if (place := scene.areas.get(code)))
    return any(name in said for name in names)


def as_said(key: str, heard: Heard, answers: Answers, _scene: Scene) -> Read | Unclear:
    """A place that is in no list, in the person's words."""
    said = heard.text.strip()
    if not 2 <= len(said) <= WORDS_LIMIT or not any("一" <= ch <= "鿿" for ch in said):
        return Unclear()
    code = answers.get(f"{key}_township") or ""
    return Read({key: code, f"{key}_other": True, f"{key}_words": said[:WORDS_LIMIT]})


def _listed_after_all(key: str, said: str, scene: Scene) -> Read | None:
    """A village of the county that was called by its name where its list had not been open."""
    found = [code for code in find_villages(said, scene) if _is_called(said, code, scene)]
    if len(found) != 1:
        return None
    return Read({key: found[0], f"{key}_words": said[:WORDS_LIMIT], f"{key}_other": None})


def _none(key: str, answers: Answers, scene: Scene) -> Read:
    """None of these: a guess falls away, a narrow list becomes the county's, then it is written."""
    if answers.get(f"{key}_among"):
        return Read({f"{key}_among": None})
    narrow = key == "living" and scene.area != county(scene)
    if narrow and not answers.get(f"{key}_wide"):
        return Read({f"{key}_wide": True, f"{key}_township": None})
    return Read({f"{key}_other": True})


def _nearest(key: str, at: Position, scene: Scene) -> Read | Unclear:
    villages, wgs = scene.areas.within(county(scene), Level.VILLAGE), at.wgs
    near = min(villages, key=lambda p: kilometres(*wgs, p), default=None)
    if near is None or kilometres(*wgs, near) > FAR_KM:
        return Unclear(FAR)
    return Read({key: near.code} | kept_position(key, at))


def kept_position(key: str, at: Position) -> Answers:
    """A position as an answer keeps it: as it was sent, with its datum and accuracy."""
    sent = {f"{key}_at": [at.latitude, at.longitude], f"{key}_datum": at.datum}
    return sent | ({f"{key}_accuracy": round(at.accuracy)} if at.accuracy is not None else {})


def _settle(key: str, code: str, scene: Scene, said: str = "") -> Read:
    place = scene.areas.get(code)
    if place is not None and place.level == Level.TOWNSHIP and scene.areas.children(code):
        return Read({f"{key}_township": code, f"{key}_among": None})
    words = {f"{key}_words": said[:WORDS_LIMIT]} if any(map(str.isalpha, said)) else {}
    return Read({key: code, f"{key}_among": None} | words)


def _named(key: str, said: str, answers: Answers, scene: Scene) -> Read | Unclear:
    """A place by its name; of several with the same name the townships tell them apart."""
    found = find_villages(said, scene, answers.get(f"{key}_township"))
    if len(found) == 1:
        return Read({key: found[0], f"{key}_words": said[:WORDS_LIMIT], f"{key}_among": None})
    if len(found) > 1:
        return Read({f"{key}_among": found[:SHOWN]})
    town = find_places(said, _names(scene, Level.TOWNSHIP))
    return _settle(key, town[0], scene) if len(town) == 1 else Unclear()


def find_villages(said: str, scene: Scene, township: str | None = None) -> list[str]:
    """The villages named and not denied; those of the township in question come first."""
    names = _names(scene, Level.VILLAGE)
    towns = _names(scene, Level.TOWNSHIP)
    # 松岭乡 in front of a village is the township, and not the village 松岭村.
    bare = re.sub("|".join(map(re.escape, towns.values())) or r"\Z", " ", tidy(said))
    found = [code for code in find_places(bare, names) if not _is_denied(bare, names[code])]
    town = scene.areas.get(township or next(iter(find_places(said, towns)), None))
    return [code for code in found if scene.areas.at(code, Level.TOWNSHIP) == town] or found


def lives_in(said: str, code: str, scene: Scene) -> bool:
    """Whether the text says that somebody lives in this village (俺住大湾), not only names it."""
    place = scene.areas.get(code)
    core = _core(place.name) if place else ""
    if not place or not core:
        return False
    if _is_called(said, code, scene):
        return True
    town = "|".join(map(re.escape, _names(scene, Level.TOWNSHIP).values()))
    return bool(re.search(rf"{_HOME}(?:{town})?{re.escape(core)}", tidy(said)))


def _is_called(said: str, code: str, scene: Scene) -> bool:
    """Whether the text is this place's name, in full or as people say it, and nothing else."""
    place = scene.areas.get(code)
    forms = (place.name, scene.areas.name(code), _core(place.name)) if place else ()
    return squeezed(said) in {squeezed(form) for form in forms}


def _is_denied(said: str, name: str) -> bool:
    before = tidy(said).partition(_core(name))[0]
    return bool(_DENIED.search(before))


def _core(name: str) -> str:
    """大湾 of 大湾村: as people say it."""
    return re.sub(r"(?:社区|村|屯|居委会)$", "", name) if len(name) > 2 else name


def _names(scene: Scene, level: Level) -> dict[str, str]:
    return {p.code: p.name for p in scene.areas.within(county(scene), level)}


def place_name(key: str, answers: Answers, scene: Scene) -> str:
    """How an answered place is read back: its full name, or the words that were said."""
    name = scene.areas.name(answers.get(key))
    words = str(answers.get(f"{key}_words") or "")
    if not name or answers.get(f"{key}_other"):
        return f"{name} {words}".strip()
    return name
