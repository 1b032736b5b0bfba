"""What people can want, and the dangers that somebody must answer at once."""

from enum import StrEnum
from typing import Literal

Danger = Literal["suicide", "violence", "child", "life"]
"""Somebody must answer at once, with whom to call."""


class Intent(StrEnum):
    APPLY = "apply"
    REPORT_OTHER = "report_other"
    TRACK = "track"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    NOTICE = "notice"
    COMPLAIN = "complain"
    POLICY = "policy"
    PAYMENT = "payment"
    HUMAN = "human"
    SETTINGS = "settings"
    HELP = "help"
    OTHER = "other"
