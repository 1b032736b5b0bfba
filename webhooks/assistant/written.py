"""What a phone sends of one household, checked in its form; what it means is read elsewhere."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from flask import abort, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from models.arriving import MOST_PHOTOS
from models.numbers import LARGEST
from webhooks.forms import LONGEST

# Several answers as long as one may be, in UTF-8, and what stands around them.
MOST_BYTES = 256 * 1024
KEY = re.compile(r"[0-9a-f]{32}")
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, StringConstraints(max_length=40)]
# A phone that was off the net for longer than this is not asked about its clock.
LONGEST_OFF = timedelta(days=60)
Form = TypeVar("Form", bound=BaseModel)
STRICT = ConfigDict(extra="forbid", frozen=True)


class Said(BaseModel):
    """An answer: words, or the keys of the options that were tapped, or both."""

    model_config = STRICT
    words: Annotated[str, StringConstraints(max_length=LONGEST)] = ""
    choice: tuple[Short, ...] = Field(default=(), max_length=20)


class At(BaseModel):
    """Where the phone says that it was, in degrees of WGS 84; `accuracy` in metres."""

    model_config = STRICT
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    accuracy: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Photo(BaseModel):
    """A photo that will come, known by the SHA-256 of its bytes on the phone; `proof`: what it
    proves (`models/onbehalf.py`)."""

    model_config = STRICT
    sha256: Sha256
    size: int = Field(ge=1, le=LARGEST)
    proof: Literal["", "letter"] = ""


class Written(BaseModel):
    """A report. `noted_at` is what the phone's clock said: kept, and nothing computed from it."""

    model_config = STRICT
    said: dict[Short, Said] = Field(max_length=40)
    at: At | None = None
    photos: tuple[Photo, ...] = Field(default=(), max_length=MOST_PHOTOS)
    noted_at: Short = ""

    def noted(self) -> dict[str, Any]:
        """What is kept of the writing itself, beside the answers."""
        return {"noted": {"at": self.noted_at}}


class OfItem(Photo):
    """A photo that will come, and the missing paper that it shows, where it shows one."""

    item: int | None = Field(default=None, ge=1, le=LARGEST)


class Done(Written):
    """What was done for something asked of them; `said` by the fields of `models/errandasks.py`."""

    photos: tuple[OfItem, ...] = Field(default=(), max_length=MOST_PHOTOS)

    def given(self) -> dict[str, str]:
        """The fields as text; a choice counts as its key."""
        return {name: one.words or "".join(one.choice) for name, one in self.said.items()}


def written() -> Written:
    """The request's report; 400 where it is none."""
    return _read(Written)


def done() -> Done:
    """The request's errand; 400 where it is none."""
    return _read(Done)


def _read(form: type[Form]) -> Form:
    try:
        return form.model_validate_json(request.get_data())
    except ValidationError:
        # What it says would repeat what someone wrote.
        abort(400)


def is_odd(noted_at: str, now: datetime) -> bool:
    """Whether the phone's clock cannot be right: in the future, or long ago (1970)."""
    try:
        noted = datetime.fromisoformat(noted_at)
    except ValueError:
        return False
    if noted.tzinfo is None:
        noted = noted.replace(tzinfo=now.tzinfo)
    return not now - LONGEST_OFF <= noted <= now + timedelta(days=1)


class Household(BaseModel):
    """Whose household, and in which village."""

    model_config = STRICT
    living: Short
    name: Short


def asked() -> Household:
    """The household that the request asks about; 400 where it names none."""
    try:
        return Household.model_validate_json(request.get_data())
    except ValidationError:
        abort(400)


def checked_key(key: str) -> str:
    """The key that a phone made for a report; what is none is no address."""
    return key if KEY.fullmatch(key) else abort(404)
