"""Keeps the sandbox's state in a small JSON file, so that a restarted demo goes on.

Changes are written by a thread of their own within a fraction of a second, many at once: writing
the whole file at every message would make a busy demo crawl.
"""

import atexit
import dataclasses
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from .state import AccountState, Media, Person, QrCode, TokenLine, Window, World

PAUSE = 0.25


class Storage:
    """Reads the state when made, then writes it after changes."""

    def __init__(self, world: World, data_file: Path) -> None:
        self.world = world
        self.file = data_file
        self.folder = data_file.with_name(data_file.name + ".media")
        self.changed = threading.Event()
        self.writing = threading.Lock()
        self.folder.mkdir(parents=True, exist_ok=True)
        if data_file.exists():
            try:
                self._load(json.loads(data_file.read_text("utf-8")))
            except (ValueError, TypeError, KeyError):
                # Written by another version: put it aside rather than refuse to start.
                world.people.clear()
                data_file.replace(data_file.with_name(data_file.name + ".unreadable"))
        world.on_change = self.changed.set
        threading.Thread(target=self._keep_writing, name="sandbox-storage", daemon=True).start()
        atexit.register(self._flush_if_possible)

    def flush(self) -> None:
        """Write now what has changed."""
        with self.writing:
            if not self.changed.is_set():
                return
            self.changed.clear()
            with self.world.lock:
                text = json.dumps(self._dump(), ensure_ascii=False)
                blobs = dict(self.world.blobs)
            for media_id, data in blobs.items():
                target = self.folder / media_id
                if not target.exists():
                    _write(target, data)
            _write(self.file, text.encode())

    def _keep_writing(self) -> None:
        pause = PAUSE
        while True:
            self.changed.wait()
            time.sleep(pause)
            started = time.monotonic()
            self._flush_if_possible()
            # A state that has grown large is written less often.
            pause = max(PAUSE, 10 * (time.monotonic() - started))

    def _flush_if_possible(self) -> None:
        try:
            self.flush()
        except OSError:
            # A demo whose folder was taken away goes on in memory.
            self.changed.clear()

    def _dump(self) -> dict[str, Any]:
        world = self.world
        return {
            "people": [dataclasses.asdict(person) for person in world.people.values()],
            "states": {slug: dataclasses.asdict(state) for slug, state in world.states.items()},
            "media": [dataclasses.asdict(media) for media in world.media.values()],
        }

    def _load(self, saved: dict[str, Any]) -> None:
        world = self.world
        for row in saved.get("people", []):
            if row["account"] in world.accounts:
                windows = {name: Window(**window) for name, window in row.pop("windows").items()}
                world.people[row["openid"]] = Person(**row, windows=windows)
        for slug, row in saved.get("states", {}).items():
            if slug in world.states:
                world.states[slug] = AccountState(
                    menu=row["menu"],
                    conditional=row["conditional"],
                    tags={int(key): name for key, name in row["tags"].items()},
                    codes=[QrCode(**code) for code in row["codes"]],
                    tokens={name: TokenLine(**line) for name, line in row["tokens"].items()},
                    clears=row["clears"],
                    pictures=row["pictures"], drafts=row["drafts"], published=row["published"],
                    masses=row.get("masses", []),
                )
        for row in saved.get("media", []):
            media = Media(**row)
            path = self.folder / media.media_id
            if path.exists():
                world.media[media.media_id] = media
                world.blobs[media.media_id] = path.read_bytes()


def _write(target: Path, data: bytes) -> None:
    """Atomically: a torn file would lose the demo."""
    draft = target.with_name(target.name + ".new")
    draft.write_bytes(data)
    os.replace(draft, target)
