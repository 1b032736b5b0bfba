"""What a push is put into words with: the language, the place, its details, whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.areas import Gazetteer
from models.deadlines import WorkingDay, working_days_left
from models.settings import Translate, mark

Details = Mapping[str, Any]

DUE = mark("{day}前给您回话（还剩 {left} 个工作日）。")
DUE_GIVEN = mark("{day}前发给您（还剩 {left} 个工作日）。")
DUE_TODAY = mark("今天给您回话。")
DUE_PAST = mark("说好{day}给您回话，我们晚了，对不住。")
CALL = mark("编号 {receipt}。有事打{office}电话 {phone}。")
CALL_ONLY = mark("有事打{office}电话 {phone}。")
NO_PHONE = mark("编号 {receipt}。想找人说话，回“人工”。")
NO_PHONE_ONLY = mark("想找人说话，回“人工”。")


@dataclass(frozen=True)
class Teller:
    """What the texts are made with."""

    say: Translate
    areas: Gazetteer
    today: date
    is_working: WorkingDay
    details: Details
    township: str

    def get(self, name: str) -> str:
        """A detail as text; empty where it is not there."""
        value = self.details.get(name)
        return "" if value is None else str(value)

    def office(self) -> str:
        place = self.areas.get(self.township)
        return place.name if place else ""

    def phone(self) -> str:
        return self.areas.phone(self.township)

    def call(self) -> str:
        """The receipt, and the human's number."""
        receipt, phone = self.get("receipt"), self.phone()
        if phone:
            line = CALL if receipt else CALL_ONLY
            return self.say(line, receipt=receipt, office=self.office(), phone=phone)
        return self.say(NO_PHONE if receipt else NO_PHONE_ONLY, receipt=receipt)

    def due(self, line: str = DUE) -> str:
        """The deadline as a date and as working days left."""
        text = self.get("due_on")
        if not text:
            return ""
        day = date.fromisoformat(text)
        if day == self.today:
            return self.say(DUE_TODAY)
        line = line if day > self.today else DUE_PAST
        left = working_days_left(self.today, day, self.is_working)
        return self.say(line, day=self.say.day(day), left=left)


def lines(*said: str) -> str:
    """Those that say something, one below the other."""
    return "\n".join(line for line in said if line)
