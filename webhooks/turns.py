"""One person's messages, handled one after the other in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class Turn:
    """A place in one person's line. `leave` must be called, once, whatever happens."""

    _turns: Turns
    _person: str
    _called: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> bool:
        """Until it is this message's turn; False where that took too long."""
        return self._called.is_set() or self._called.wait(max(seconds, 0))

    def leave(self) -> None:
        """This message is done: the next one's turn."""
        self._turns.leave(self._person, self)


class Turns:
    """The lines of this process. Between processes the row lock of the talk decides."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, deque[Turn]] = {}

    def join(self, person: str) -> Turn:
        """A place at the end of the person's line."""
        turn = Turn(self, person)
        with self._lock:
            line = self._lines.setdefault(person, deque())
            line.append(turn)
            if line[0] is turn:
                turn._called.set()
        return turn

    def leave(self, person: str, turn: Turn) -> None:
        """Give the place up; who is first now is called."""
        with self._lock:
            line = self._lines[person]
            line.remove(turn)
            if line:
                line[0]._called.set()
            else:
                del self._lines[person]
