"""看公示: the lists of one's own village, each as a line and a link."""

from __future__ import annotations

from bot.places import find_places
from bot.saying import join, link, plain
from bot.visit import Visit
from models import noticequeries
from models.areas import Level
from models.settings import mark

MOST_LISTS = 4
ALL, ALL_HERE = mark("打开全部公示"), mark("这个村的全部公示")


def notices(visit: Visit, said: str = "") -> str:
    """What hangs in the village that is named, else in the person's own; else where to look."""
    village = village_of(visit, said)
    if village is None:
        return join(
            visit.t(mark("各村的公示都在这一页，点开选您的村：")),
            link(visit.public_page("/notices/"), visit.t(ALL)),
            visit.t(mark("也可以直接说村名，比如“看大湾村公示”。")),
        )
    name = visit.ctx.directory.areas.name(village)
    here = noticequeries.live_in(visit.session, village)
    # Whose own village it is comes in signed in, and so sees the rows.
    own = village in _own(visit)
    if not here:
        return join(
            visit.t(mark("{place}现在没有公示。全县的在这里："), place=name),
            link(visit.public_page("/notices/"), visit.t(ALL)),
        )
    lines = [visit.t(mark("{place}正在公示 {count} 份："), place=name, count=len(here))]
    for one in here[:MOST_LISTS]:
        address = (
            visit.page(f"/m/notices/{one.notice_id}/{village}") if own
            else visit.public_page(f"/notices/{one.notice_id}?village={village}")
        )
        lines.append(link(address, plain(one.title)))
    if len(here) > MOST_LISTS:
        lines.append(link(visit.public_page(f"/notices/?area={village}"), visit.t(ALL_HERE)))
    phone = visit.ctx.directory.areas.phone(village)
    return join(*lines, visit.t(
        mark("哪一户不对，打开名单点那一户下面的“这一户不对？”，或者打电话：{phone}"), phone=phone
    ))


def _own(visit: Visit) -> frozenset[str]:
    return noticequeries.followed(
        visit.ctx, visit.session, visit.person_id, visit.account.slug
    )


def village_of(visit: Visit, said: str = "") -> str | None:
    """The village that is named, the one that they told of, or their only one."""
    areas = visit.ctx.directory.areas
    names = {place.code: place.name for place in areas.within(
        areas.upward(visit.account.area)[-1].code, Level.VILLAGE
    )} if areas.get(visit.account.area) else {}
    named = find_places(said, names) if said else []
    if len(named) == 1:
        return named[0]
    known = areas.get(visit.state.known.get("living"))
    if known is not None and known.level == Level.VILLAGE:
        return known.code
    own = sorted(_own(visit))
    return own[0] if own else None
