"""举报、提意见 in chat: whose doing it is about, what kind, and their own words, voice and photos.

What is told here is told by name: the chat knows who writes. Who wants to stay unknown is led to
the page before a word is said, since the platform and we both keep what is written in a chat.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from bot import drafting, noticing
from bot.answers import Option, read_option, tidy
from bot.commands import Command, read_command
from bot.messages import Heard, Kind
from bot.places import find_places
from bot.saying import choices, join, link, plain
from bot.visit import Visit
from models import concerns, raising
from models.areas import Level
from models.concerns import STAND_NAMES, About, Stand, Turn
from models.raising import Concerned
from models.settings import mark
from models.steps import MoveRefused

# Longer than this, what was said first is the complaint itself, and is kept.
TELLS = 8
ABOUT = (
    ("row", mark("公示上有一户不对")), (About.VILLAGE, mark("村里的人或事")),
    (About.TOWNSHIP, mark("乡镇的人或事")), ("county", mark("县里的人或事")),
)
KINDS = (
    (concerns.Kind.MONEY, mark("要钱、要好处、扣钱")), (concerns.Kind.CONDUCT, mark("办事不公道")),
    (concerns.Kind.FRAUD, mark("弄虚作假、冒领")), (concerns.Kind.OTHER, mark("别的")),
)
HERE = mark("点这里打开")
UNNAMED = mark("不想留名，别在这里写，在这一页写：{link}")
ASK_ABOUT = mark("您想说哪一件？回数字：")
ASK_WHERE = {
    About.VILLAGE: mark("说的是哪个村（社区）？写村名就行，比如大湾村。"),
    About.TOWNSHIP: mark("说的是哪个乡镇？写名字就行，比如大湾镇。"),
}
ASK_KIND = mark("是哪一种？回数字：")
TELL = mark(
    "您说。文字、语音、照片都行，说完回“完成”，不说了回“不说了”。只有{office}办这件事的人看得到。"
)
KEPT = mark("您刚才的话我先记着了。")
WORDS_NOTED = mark("记着了。还有就接着说，说完回“完成”。")
PHOTO_NOTED = mark("照片收到了。还有就接着发，说完回“完成”。")
VOICE_NOTED = mark("录音收到了。还有就接着说，说完回“完成”。")
DROPPED = mark("好，不说了，刚才的没有交上去。")
RAISED = mark(
    "收到了，号码 {number}。{office}会核实，{day}前答复。有回话会告诉您，发“看回话”就能看。"
)
NONE = mark("这个微信没有提过异议、举报。不留名提的，用号码和口令在这一页看：{link}")
UNFINISHED = mark("上次要举报的没有说完，没有交上去。要接着说，请再发“举报”。")
STALE = timedelta(hours=2)
STOPPING = frozenset({Command.CANCEL, Command.BACK, Command.LATER})
STOPS = frozenset({"不说了", "算了", "不举报了"})
QUESTIONS = frozenset(
    {"concern", "concern_where", "concern_kind", "concern_tell", "concern_more"}
)
ASKS_FOR_WORD = frozenset({"看回话", "我的举报", "我的投诉", "我的异议"})


def begin(visit: Visit, said: str = "") -> str:
    """Whose doing it is about; and first of all where one says it without a name."""
    t = visit.t
    words = [said.strip()] if len(tidy(said)) > TELLS else []
    visit.state.asking = {"kind": "concern", "said": words}
    return join(
        t(KEPT) if words else "", t(ASK_ABOUT), choices([t(words) for _, words in ABOUT]),
        t(UNNAMED, link=_page(visit, "/concerns/")),
    )


def about(visit: Visit, heard: Heard) -> str | None:
    """A row, the village, the township, or the county, which takes in nothing of itself."""
    asking = _asking(visit)
    chosen = _chosen(visit, heard, ABOUT)
    if not chosen:
        return _leave(visit, heard)
    visit.state.asking = None
    if chosen == "row":
        lead = visit.t(mark("打开名单，点那一户下面的“这一户不对？”，可以不留名。"))
        return join(lead, noticing.notices(visit))
    if chosen == "county":
        page = _page(visit, "/concerns/county")
        return visit.t(mark("县里的事这里不收，该找谁都在这一页：{link}"), link=page)
    area = _area(visit, About(chosen))
    visit.state.asking = asking | {"kind": "concern_where", "about": chosen}
    if area is None:
        return visit.t(ASK_WHERE[About(chosen)])
    return _at(visit, area)


def where(visit: Visit, heard: Heard) -> str | None:
    """The name of the village or township that they mean."""
    asking, areas = _asking(visit), visit.scene.areas
    level = Level(str(asking["about"]))
    county = areas.at(visit.account.area, Level.COUNTY)
    there = areas.within(county.code, level) if county else ()
    found = find_places(heard.text, {place.code: place.name for place in there})
    if len(found) == 1:
        return _at(visit, found[0])
    visit.state.asking = None
    if tidy(heard.text) in STOPS:
        return visit.t(DROPPED)
    page = _page(visit, f"/concerns/new/{asking['about']}")
    return visit.t(mark("我没听懂是哪里。请在这一页选，接着写：{link}"), link=page)


def _page(visit: Visit, path: str) -> str:
    """The way to a page that anyone may open."""
    return link(visit.public_page(path), visit.t(HERE))


def _at(visit: Visit, area: str) -> str:
    asking = _asking(visit)
    visit.state.asking = asking | {"kind": "concern_kind", "area": area}
    name = visit.scene.areas.name(area)
    lead = visit.t(mark("说的是{place}。不是这里，请在这一页写：{link}"), place=name,
                   link=_page(visit, f"/concerns/new/{asking['about']}"))
    return join(lead, visit.t(ASK_KIND), choices([visit.t(words) for _, words in KINDS]))


def _area(visit: Visit, whose: About) -> str | None:
    if whose is About.VILLAGE:
        return noticing.village_of(visit)
    place = visit.scene.areas.at(noticing.village_of(visit) or visit.township, Level.TOWNSHIP)
    return place.code if place else None


def kind(visit: Visit, heard: Heard) -> str | None:
    """What kind it is; then they tell."""
    asking = _asking(visit)
    chosen = _chosen(visit, heard, KINDS)
    if not chosen:
        return _leave(visit, heard)
    visit.state.asking = asking | {
        "kind": "concern_tell", "what": chosen, "once": raising.new_once(), "papers": 0,
        "bundle": secrets.token_hex(16), "at": visit.now.isoformat(),
    }
    office = raising.office_of(visit.ctx, visit.session, _concerned(visit))
    return visit.t(TELL, office=visit.scene.areas.name(office))


def tell(visit: Visit, heard: Heard) -> str | None:
    """Their words, a recording, or the end of it."""
    asking, said = _asking(visit), tidy(heard.text)
    if _is_stale(visit):
        return _leave(visit, heard)
    command = read_command(heard.text)
    if command in (Command.DONE, Command.CONFIRM):
        return _hand_in(visit)
    if said in STOPS or command in STOPPING:
        visit.state.asking = None
        return visit.t(DROPPED)
    if command is not None:
        return _leave(visit, heard)
    if said == "不留名":
        visit.state.asking = None
        page = _page(visit, f"/concerns/new/{asking['about']}")
        return join(visit.t(DROPPED), visit.t(UNNAMED, link=page))
    if heard.text.strip():
        asking["said"].append(heard.text.strip())
    if heard.kind is Kind.VOICE and heard.media_id:
        _keep(visit, heard, "voice")
        return visit.t(VOICE_NOTED)
    return visit.t(WORDS_NOTED)


def photo(visit: Visit, heard: Heard) -> str | None:
    """A photo of what is told, never of anything else that they have open; None elsewhere."""
    asking = visit.state.asking
    if asking is None or asking["kind"] not in QUESTIONS:
        return None
    if asking["kind"] == "concern_tell":
        _keep(visit, heard, "image")
        return visit.t(PHOTO_NOTED)
    return visit.t(mark("照片等一下再发。请先回上一句，不说了回“不说了”。"))


def _keep(visit: Visit, heard: Heard, what: str) -> None:
    """The worker fetches it. It is nobody's: who told stands sealed, apart, and nowhere else."""
    asking = _asking(visit)
    paper = drafting.add_photo(
        visit.session, asking["bundle"], visit.person_id, visit.account, heard.media_id,
        visit.now, kind=what, spoken=heard.text,
    )
    paper.person_id = None
    asking["papers"] += 1


def _concerned(visit: Visit) -> Concerned:
    asking, known = _asking(visit), visit.state.known
    return Concerned(
        kind=concerns.Kind(asking["what"]), about=About(asking["about"]), area=asking["area"],
        words="\n".join(asking["said"]), once=asking["once"], bundle=asking["bundle"],
        who={name: str(known.get(name) or "") for name in ("name", "phone")},
        person_id=visit.person_id,
    )


def _hand_in(visit: Visit) -> str:
    t, asking = visit.t, _asking(visit)
    try:
        made = raising.raise_(visit.ctx, visit.session, _concerned(visit), asking["papers"])
    except MoveRefused as refused:
        return t(refused.reason)
    visit.state.asking = None
    return t(
        RAISED, number=made.number, day=t.day(made.concern.due_on),
        office=visit.scene.areas.name(made.concern.office),
    )


def listen(visit: Visit, heard: Heard) -> str | None:
    """看回话: what has become of the one raised last; what is said next answers a question."""
    if tidy(heard.text) not in ASKS_FOR_WORD:
        return None
    t = visit.t
    found = raising.last_of(visit.ctx, visit.session, visit.person_id)
    if found is None:
        return t(NONE, link=_page(visit, "/concerns/follow"))
    entries = raising.told(visit.session, found)
    from_office = [one for one in entries if one.turn in (Turn.ASKED, Turn.ANSWER)]
    said = plain(from_office[-1].words) if from_office else ""
    if found.state != Stand.OVER:
        visit.state.asking = {
            "kind": "concern_more", "once": raising.new_once(), "at": visit.now.isoformat(),
        }
    asked = mark("直接回在这里，或者补充情况，就会交过去；不说了回“不说了”。")
    return join(
        t(mark("{number}：{state}"), number=found.number, state=t(STAND_NAMES[Stand(found.state)])),
        said, "" if found.state == Stand.OVER else t(asked),
    )


def more(visit: Visit, heard: Heard) -> str | None:
    """An answer to the office's question, or more of it."""
    asking, said = _asking(visit), tidy(heard.text)
    stale = _is_stale(visit)
    visit.state.asking = None
    if stale:
        return None
    command = read_command(heard.text)
    if said in STOPS or command in STOPPING:
        return visit.t(mark("好。想看了再发“看回话”。"))
    found = raising.last_of(visit.ctx, visit.session, visit.person_id, lock=True)
    if command is not None or found is None or not said:
        return None
    try:
        raising.write_on(visit.ctx, visit.session, found, heard.text, asking["once"])
    except MoveRefused as refused:
        return visit.t(refused.reason)
    return visit.t(mark("交过去了，办的人会看到。"))


def _leave(visit: Visit, heard: Heard) -> str | None:
    """They speak of something else: that is heard, and what they had told is said to be nowhere."""
    told = bool(_asking(visit)["said"] or _asking(visit).get("papers"))
    visit.state.asking = None
    if tidy(heard.text) in STOPS:
        return visit.t(DROPPED)
    if told:
        visit.before = visit.t(UNFINISHED)
    return None


def _is_stale(visit: Visit) -> bool:
    """Hours later, what somebody says is about something else."""
    return visit.now - datetime.fromisoformat(_asking(visit)["at"]) > STALE


def _asking(visit: Visit) -> dict[str, Any]:
    asking = visit.state.asking
    assert asking is not None
    return asking


def _chosen(visit: Visit, heard: Heard, offered: tuple[tuple[str, str], ...]) -> str:
    options = [Option(key, visit.t(words)) for key, words in offered]
    said = tidy(heard.text)
    return (read_option(said, options) or "") if len(said) <= 12 else ""
