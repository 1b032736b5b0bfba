"""Codes and scans: signing in at the desk, joining two chats, binding staff."""

from __future__ import annotations

import re

from bot.answers import read_yes_no, tidy
from bot.messages import Heard
from bot.visit import Visit
from models import joining, signin
from models.settings import mark
from models.signin import SCENE
from models.statuses import ROLE_NAMES, Role

BIND = re.compile(r"绑定\s*([0-9]{8})")
SIGN_IN = re.compile(r"登[录陆]\s*([0-9]{6})")
DIGITS = re.compile(r"[0-9]{2}")
BIND_SCENE = "bind_"


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
            "办过的事都能看到。15 分钟内有效。"
        ),
        code=code,
    )


def bind(visit: Visit, code: str) -> str:
    """An invitation of staff, or the code from one's own other chat."""
    t = visit.t
    staff = joining.bind_staff(visit.ctx, visit.session, visit.person_id, code)
    if staff is not None:
        return t(
            mark("绑定好了：{name}，{area}{role}。打开工作台：{link}"),
            name=staff.name,
            area=visit.scene.areas.name(staff.area),
            role=t(ROLE_NAMES[Role(staff.role)]),
            link=visit.page("/desk/"),
        )
    kept = joining.join(visit.ctx, visit.session, visit.person_id, code)
    if kept is None:
        return t(mark("这个码不对，或者过时了、用过了。请回到另一个微信里发“绑定”，再要一个新的。"))
    visit.person_id = kept
    return t(mark("好了，两边是一个人了。发“进度”看您办过的事。"))


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
