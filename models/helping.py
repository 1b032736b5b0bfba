"""What is set about the help that a township asks of village assistants. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from models.lengths import STRICT


@dataclass(frozen=True)
class Errands:
    """Asking an assistant for help; all in working days, and the county's own (no clause sets one).

    `due_after`: the day that the desk's form proposes. `unseen_after`: nobody has opened it, who
    asked is told. `head_after`: so long after that the township's head is told.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    due_after: int = 3
    unseen_after: int = 2
    head_after: int = 2
