"""A public list that is being drafted in the desk's county."""

from __future__ import annotations

from models.noticedrafts import Drafted, draft
from tests.webhooks.desk.world import DAWAN_VILLAGE, World


def drafted_list(world: World, scheme: str = "dibao") -> int:
    """The number of its first version."""
    said = Drafted(
        area=DAWAN_VILLAGE, kind="standing", scheme=scheme, title="大湾村长期公示",
        fields=("name",), basis="县定", rows=[(DAWAN_VILLAGE, {"name": "韦金凤"})],
        figures={DAWAN_VILLAGE: ["1", "1", "0"]}, reading=None,
    )
    with world.ctx.db.begin() as db:
        return draft(world.ctx, db, world.staff["li"], said).id
