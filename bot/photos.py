"""Photos: each goes to what it belongs to, and where that is not plain it is asked, once."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from bot import asking, drafting, supplying
from bot.answers import read_number, tidy
from bot.messages import Heard
from bot.saying import choices, join
from bot.visit import Visit
from models import supplements
from models.bundles import move_papers
from models.settings import mark
from models.supplements import Lacking

CASES_SHOWN = 3
DRAFT, NEW = "draft", "new"


def heard_photo(visit: Visit, heard: Heard) -> str:
    """A photo: for the papers asked for, for what is being filled in, or for a case."""
    state = visit.state
    waiting = state.asking or {}
    if waiting.get("kind") == "photo_for":
        return _hold(visit, heard, waiting)
    supplies = waiting.get("kind") == "supply"
    if not supplies and state.filling is not None and _asks_photos(visit):
        return asking.photo(visit, heard)
    found = supplements.of_person(visit.session, visit.person_id)
    targets = [waiting["receipt"]] if supplies else _targets(visit, found)
    if len(targets) > 1:
        fresh: dict[str, object] = {
            "kind": "photo_for", "targets": targets, "bundle": token_hex(16), "count": 0,
        }
        return _hold(visit, heard, fresh)
    lacking = next((one for one in found if one.case.receipt == targets[0]), None)
    if lacking is None:
        state.asking = None
        return _for_draft(visit, heard)
    return supplying.photo(visit, heard, lacking)


def _asks_photos(visit: Visit) -> bool:
    draft = visit.state.draft
    step = drafting.current(draft) if draft else None
    return step is not None and step.control == "photos"


def _targets(visit: Visit, found: list[Lacking]) -> list[str]:
    """What the photo could belong to: cases that wait for papers, then the draft, then others."""
    state = visit.state
    waiting = [lacking.case.receipt for lacking in found if lacking.waits][:CASES_SHOWN]
    if state.filling is not None or state.half is not None:
        return [*waiting, DRAFT]
    if waiting:
        return waiting
    return [*(lacking.case.receipt for lacking in found[:CASES_SHOWN]), NEW]


def _hold(visit: Visit, heard: Heard, waiting: dict[str, Any]) -> str:
    """Keep the photo apart until it is said what it is for."""
    bundle, targets = str(waiting["bundle"]), list(waiting["targets"])
    drafting.add_photo(
        visit.session, bundle, visit.person_id, visit.account, heard.media_id, visit.now
    )
    count = int(str(waiting["count"])) + 1
    visit.state.asking = {**waiting, "count": count}
    t = visit.t
    names = {
        DRAFT: t(mark("正在填的这一份")),
        NEW: t(mark("另外一件，还没报过")),
    }
    labels = [names.get(key) or t(mark("编号 {receipt}"), receipt=key) for key in targets]
    return join(t(mark("照片收到了（{count} 张）。是给哪一件的？"), count=count), choices(labels))


def photo_for(visit: Visit, heard: Heard) -> str | None:
    """It is said what the photos are for; otherwise they go to the first, and that is said."""
    waiting = visit.state.asking
    assert waiting is not None
    targets = waiting["targets"]
    said = tidy(heard.text)
    number = read_number(said, 1, len(targets)) if len(said) <= 4 else None
    target = targets[(number or 1) - 1]
    told = _put(visit, waiting, target)
    if number is not None:
        return told
    visit.before = told
    return None


def _put(visit: Visit, waiting: dict[str, object], target: str) -> str:
    """Move the photos that were kept apart to what they belong to."""
    state, t = visit.state, visit.t
    bundle, count = str(waiting["bundle"]), int(str(waiting["count"]))
    state.asking = None
    lacking = supplying.of_receipt(visit, target) if target not in (DRAFT, NEW) else None
    if lacking is not None:
        return supplying.bring(visit, lacking, bundle, count)
    draft = state.draft or drafting.new_draft(state, "self", visit.scene)
    move_papers(visit.session, bundle, draft.bundle)
    draft.photos += count
    state.paused = False
    return asking.question(visit, t(mark("好，{count} 张都放进去了。"), count=count))


def _for_draft(visit: Visit, heard: Heard) -> str:
    state = visit.state
    if state.draft is None:
        drafting.new_draft(state, "self", visit.scene)
    state.paused = False
    return asking.photo(visit, heard)
