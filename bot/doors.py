"""Codes and scans: signing in at the desk, joining two chats, binding staff."""

from __future__ import annotations

import re
from copy import deepcopy

from bot import keeping
from bot.answers import read_yes_no, tidy
from bot.messages import Heard
from bot.saying import choices, link
from bot.saying import join as join_lines
from bot.state import State
from bot.visit import Visit
from models import casequeries, joining, signin
from models.bundles import move_papers
from models.settings import mark
from models.signin import SCENE
from models.speaking import locked_talk
from models.statuses import ROLE_NAMES, Role

BIND = re.compile(r"绑定\s*([0-9]{8})")
SIGN_IN = re.compile(r"登[录陆]\s*([0-9]{6})")
DIGITS = re.compile(r"[0-9]{2}")
BIND_SCENE = "bind_"
NO_CODE = mark("这个码不对，或者过时了、用过了。请回到另一个微信里发“绑定”，再要一个新的。")


def scanned(visit: Visit, scene: str) -> str | None:
    """A QR of ours was scanned; None where the scene is not ours."""
    if scene.startswith(SCENE):
        return _sign_in(visit, token=scene.removeprefix(SCENE))
    if scene.startswith(BIND_SCENE):
        return bind(visit, scene.removeprefix(BIND_SCENE))
    return None


def coded(visit: Visit, text: str) -> str | None:
    """A message that is a code: 绑定 12345678, 登录 123456, or plain 绑定."""
    said = tidy(text)
    found = BIND.fullmatch(said)
    if found:
        return bind(visit, found[1])
    found = SIGN_IN.fullmatch(said)
    if found:
        return _sign_in(visit, code=found[1])
    if said in ("绑定", "换号", "换号绑定"):
        return offer_join(visit)
    return None


def offer_join(visit: Visit) -> str:
    """A code by which the person's other chat becomes this one."""
    code = signin.new_code(visit.ctx, visit.session, "join", person_id=visit.person_id)
    return visit.t(
        mark(
            "换了微信，或者关注了两个公众号？在另一个里发“绑定 {code}”，两边就是一个人了，"
            "办过的事都能看到。15 分钟内有效，别给别人。"
        ),
        code=code,
    )


def bind(visit: Visit, code: str) -> str:
    """An invitation of staff, or the code from one's own other chat."""
    t = visit.t
    staff = joining.bind_staff(visit.ctx, visit.session, visit.person_id, code)
    if staff is not None and staff.role == Role.ASSISTANT:
        return t(
            mark(
                "绑定好了：{name}，{area}协理员。看到哪家有难处，发“报一户”，两分钟就好。"
                "村里的事都在这里：{link}"
            ),
            name=staff.name,
            area=visit.scene.areas.name(staff.area),
            link=link(visit.page("/m/village"), t(mark("打开村里的事"))),
        )
    if staff is not None:
        return t(
            mark("绑定好了：{name}，{area}{role}。{link}"),
            name=staff.name,
            area=visit.scene.areas.name(staff.area),
            role=t(ROLE_NAMES[Role(staff.role)]),
            link=link(visit.page("/desk/"), t(mark("打开工作台"))),
        )
    # A code that is not for this chat (one's own, sent to the wrong window) is not used up.
    if not joining.may_join(visit.ctx, visit.session, visit.person_id, code):
        return t(NO_CODE)
    if _has_something(visit):
        # Whoever gave the code will see all of it: that is asked first, for people are tricked.
        visit.state.asking = {"kind": "join", "code": code}
        asked = t(mark("给您这个码的微信，会看到您在这里办过的事。那也是您自己的微信吗？"))
        return join_lines(asked, choices([t(mark("是我自己的")), t(mark("不是，不绑"))]))
    return _join(visit, code)


def _has_something(visit: Visit) -> bool:
    cases = casequeries.of_person(visit.session, visit.person_id)
    return bool(cases) or visit.state.half is not None


def joined(visit: Visit, heard: Heard) -> str | None:
    """Whether the other chat is one's own; None when it was something else."""
    waiting, t = visit.state.asking, visit.t
    assert waiting is not None
    said = tidy(heard.text)
    agreed = {"1": True, "2": False, "是我自己的": True}.get(said, read_yes_no(said))
    visit.state.asking = None
    if agreed is None:
        return None
    if not agreed:
        return t(mark("好，没有绑。要是有人骗您发这个码，别理他，可以打 110。"))
    return _join(visit, waiting["code"])


def _join(visit: Visit, code: str) -> str:
    t = visit.t
    kept = joining.join(visit.ctx, visit.session, visit.person_id, code)
    if kept is None:
        return t(NO_CODE)
    _carry_over(visit, kept)
    visit.person_id = kept
    return t(mark("好了，两边是一个人了。发“进度”看您办过的事。"))


def _carry_over(visit: Visit, kept: int) -> None:
    """What was begun in this chat goes on in the one talk that both chats have now."""
    talk = locked_talk(visit.session, kept)
    # A copy: changed in place, the row would seem unchanged and not be written.
    state, own = State.of(deepcopy(talk.state)), visit.state
    half = own.half
    if half is not None and state.half is None:
        state.draft, state.paused = half, True
    elif half is not None and state.draft is not None:
        for words in (str(half.answers.get("what", "")), *half.said):
            keeping.keep_words(state.draft, words)
        move_papers(visit.session, half.bundle, state.draft.bundle)
        state.draft.photos += half.photos
    state.known = own.known | state.known
    state.sos = state.sos or own.sos
    talk.state = state.as_json()
    own.draft, own.asking, own.known, own.sos = None, None, {}, {}


def _sign_in(visit: Visit, *, token: str = "", code: str = "") -> str:
    t = visit.t
    found = signin.scanned(visit.ctx, visit.session, visit.person_id, token=token, code=code)
    if found is None:
        return t(
            mark("这个登录码用不了：可能过时了，或者这个微信没有绑定工作人员。请刷新电脑页面再扫。")
        )
    sign_in, staff = found
    visit.state.asking = {"kind": "sign_in", "id": sign_in.id}
    return t(
        mark(
            "有人要登录{area}的工作台，从{place}。是您本人，请回电脑上显示的两位数字；不是您，回“不是”。"
        ),
        area=visit.scene.areas.name(staff.area),
        place=sign_in.place,
    )


def matched(visit: Visit, heard: Heard) -> str | None:
    """The two digits, or a no; None when it was something else."""
    asking, t = visit.state.asking, visit.t
    assert asking is not None
    said = tidy(heard.text)
    if read_yes_no(said) is False:
        visit.state.asking = None
        signin.refuse(visit.session, asking["id"])
        return t(mark("好，没让进。要是有人骗您扫码，请告诉负责人。"))
    if not DIGITS.fullmatch(said):
        visit.state.asking = None
        return None
    result = signin.answer(visit.ctx, visit.session, asking["id"], visit.person_id, said)
    if result is signin.Answer.WRONG:
        return t(mark("数字对不上，请看着电脑再回一次。"))
    visit.state.asking = None
    if result is signin.Answer.RIGHT:
        return t(mark("好，电脑上已经进去了。"))
    if result is signin.Answer.REFUSED:
        return t(mark("数字又没对上，这次登录关掉了。请刷新电脑页面重新扫。"))
    return t(mark("这个登录码过时了，请刷新电脑页面再扫。"))
