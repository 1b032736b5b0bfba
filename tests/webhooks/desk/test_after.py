"""After granting on the desk: hearing, recheck, paperwork, register, spot checks."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import changes, granting, hearings
from models.assistance import Assistance
from models.cases import Attachment, Case
from models.casework import put_forward
from models.spotchecks import SpotCheck
from models.statuses import Status
from models.steps import Grant, Step
from tests.webhooks.desk.world import QIAOTOU, XIAOHE_VILLAGE, World
from tests.webhooks.pages import photo

MONEY = Grant("money", Decimal("300.00"), "", True, 2)


def helped(world: World, **said: Any) -> Case:
    """A child that gets 300 yuan each month."""
    who = "sun" if said.get("village") == XIAOHE_VILLAGE else "li"
    case = world.case(**said)
    world.register(case, who)
    world.move(case, who, "accept", scheme="child")
    world.move(case, who, "investigate")
    world.move(case, who, "forward", grant=MONEY)
    world.move(case, "county", "grant")
    world.move(case, who, "assist", from_on=world.ctx.today())
    return case


def urgent(world: World) -> Case:
    """Someone who was helped at once, and whose paperwork is owed."""
    case = world.case(urgent=True)
    world.register(case)
    world.move(case, "li", "accept", scheme="temporary")
    once = Grant("money", Decimal("800.00"))
    world.move(case, "chen", "grant_urgent", grant=once, skipped=("survey",))
    return case


def given(world: World, case: Case) -> Assistance:
    with world.ctx.db.read() as db:
        found = granting.of_case(db, case.id)
    assert found is not None
    return found


def heard(world: World, case: Case) -> list[hearings.Hearing]:
    with world.ctx.db.read() as db:
        return list(hearings.of_case(db, case.id))


def test_from_the_decision_to_the_first_month_on_the_screen(world: World) -> None:
    case = world.case()
    world.register(case)
    for move, more in (("accept", {"scheme": "child"}), ("investigate", {}),
                       ("forward", {"grant": MONEY})):
        world.move(case, "li", move, **more)
    world.move(case, "county", "grant")
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/assist"
    page = browser.text(path)
    assert "6 个月以后再看" in page
    assert "家里稳定，12 个月以后再看" in page
    form = {"version": world.now(case).version, "from_on": "2026-12-01", "recheck": "stable"}
    answer = browser.post(path, **form)
    assert answer.status_code == 422
    assert "请写上为什么说这家稳定" in answer.text
    assert browser.post(path, **form, recheck_why="父母都不在").status_code == 303
    assert str(given(world, case).recheck_on) == "2027-12-01"


def test_a_word_is_written_down_once_and_stands_on_the_case(world: World) -> None:
    case = helped(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/hearing"
    assert "听本人怎么说" in browser.text(f"/desk/cases/{case.receipt}")
    form = {"version": world.now(case).version, "move": "stop", "how": "phone",
            "words": "我表哥的厂，不是我上班"}
    browser.text(path)
    for wrong, sentence in (({"move": ""}, "请选是为哪件事"), ({"how": ""}, "请选是怎么听到的"),
                            ({"words": " "}, "请把本人的话写下来")):
        answer = browser.post(path, **form | wrong)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert "我表哥的厂" in browser.post(path, **form | {"how": ""}).text, "nothing is lost"
    for _ in range(2):
        assert browser.post(path, **form).status_code == 303
    assert [one.words for one in heard(world, case)] == ["我表哥的厂，不是我上班"]
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "他说：我表哥的厂，不是我上班" in page
    assert "这一步您刚才已经办好了" in page
    assert len(world.audited("case.heard")) == 1


def test_a_stale_page_loses_no_word(world: World) -> None:
    case = helped(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/hearing"
    version = world.now(case).version
    with world.ctx.db.begin() as db:
        changed = db.get(Case, case.id)
        assert changed is not None
        changed.version += 1
    browser.text(path)
    answer = browser.post(path, version=version, move="stop", how="visit", words="还病着")
    assert answer.status_code == 409
    assert "还病着" in answer.text
    assert heard(world, case) == []


def test_asked_in_chat_from_the_desk(world: World) -> None:
    case = helped(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/hearing/ask"
    browser.text(path)
    form = {"version": world.now(case).version, "move": "taper", "why": "儿子上班了", "days": "5"}
    assert browser.post(path, **form | {"why": ""}).status_code == 422
    assert browser.post(path, **form | {"days": "1"}).status_code == 422
    assert browser.post(path, **form).status_code == 303
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "告诉他的：儿子上班了" in page
    assert "11月28日前" in page


def test_a_foreign_officer_and_the_county_cannot(world: World) -> None:
    case = helped(world)
    form = {"version": world.now(case).version, "move": "stop", "how": "visit", "words": "x",
            "found": "same"}
    for who in ("sun", "county"):
        for room in ("hearing", "hearing/ask", "recheck", "paperwork"):
            path = f"/desk/cases/{case.receipt}/{room}"
            browser = world.browser(who)
            assert browser.get(path).status_code == 404, (who, room)
            assert browser.post(path, **form).status_code == 404, (who, room)
    assert heard(world, case) == []


def test_a_recheck_leads_on_to_what_comes_next(world: World) -> None:
    case = helped(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/recheck"
    browser.text(path)

    def post(found: str, words: str = "看过了") -> str:
        answer = browser.post(
            path, version=world.now(case).version, found=found, words=words, recheck="other"
        )
        return str(answer.headers.get("Location", answer.status_code))

    assert post("") == "422"
    assert post("same", " ") == "422"
    assert post("same").endswith(f"/desk/cases/{case.receipt}")
    assert post("more").endswith("/adjust")
    assert post("less").endswith("/hearing?move=adjust")
    assert post("stop").endswith("/hearing?move=stop")
    assert 'value="stop" checked' in browser.text(f"/desk/cases/{case.receipt}/hearing?move=stop")
    assert len(world.audited("case.rechecked")) == 4


def test_paperwork_with_a_photo_ends_what_is_owed(world: World) -> None:
    case = urgent(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}/paperwork"
    assert "补完手续" in browser.text(f"/desk/cases/{case.receipt}")
    page = browser.text(path)
    assert "入户调查" in page
    form = {"version": world.now(case).version}
    first, second = ((io.BytesIO(photo(shade)), "x.jpg") for shade in ("#885533", "#335588"))
    answer = browser.post(path, **form, words="", photos=first)
    assert (answer.status_code, "已经存了 1 张照片" in answer.text) == (422, True)
    bad = (io.BytesIO(b"no picture"), "x.jpg")
    answer = browser.post(path, **form, words="本人签字", photos=bad)
    assert answer.status_code == 422
    assert "本人签字" in answer.text
    assert browser.post(path, **form, words="本人签字", photos=second).status_code == 303
    again = (io.BytesIO(photo("#335588")), "x.jpg")
    answer = browser.post(path, follow=True, **form, words="本人签字", photos=again)
    assert "这一步您刚才已经办好了" in answer.text
    with world.ctx.db.read() as db:
        papers = db.scalars(select(Attachment).where(Attachment.bundle == case.bundle)).all()
    assert [paper.person_id for paper in papers] == [None, None], "taken by staff, each once"
    page = browser.text(f"/desk/cases/{case.receipt}")
    assert "急难救助的手续补完了" in page
    assert "手续要在" not in page


def test_the_register_shows_its_area_with_totals_and_is_audited(world: World) -> None:
    near, far = helped(world, name="张小花"), helped(world, name="韦小兰", village=XIAOHE_VILLAGE)
    helped(world, name="赵小树", village=QIAOTOU)
    page = world.browser("li").text("/desk/register")
    assert "张小花" in page
    assert "韦小兰" not in page
    assert "一共 2 户，4 口人，每月 600 元" in page
    county = world.browser("county")
    assert "一共 3 户，6 口人，每月 900 元" in county.text("/desk/register")
    page = county.text("/desk/register?place=530999102000&scheme=child&state=running")
    assert "韦小兰" in page
    assert "张小花" not in page
    assert str(near.id) in world.audited("register.read")[0].detail
    assert str(far.id) not in world.audited("register.read")[0].detail
    for wrong in ("place=530999102000", "state=x", "scheme=x", "page=0", "place=1"):
        assert world.browser("li").get(f"/desk/register?{wrong}").status_code == 404, wrong


def test_due_rechecks_and_told_changes_stand_out(world: World) -> None:
    case = helped(world, name="张小花")
    browser = world.browser("li")
    assert "张小花" not in browser.text("/desk/register?due=1")
    assert case.person_id is not None
    with world.ctx.db.begin() as db:
        assert changes.tell(world.ctx, db, case.person_id, case.receipt, "找到活了")
    assert "本人说有变化" in browser.text("/desk/register")
    assert "找到活了" in browser.text(f"/desk/cases/{case.receipt}")
    world.clock.at += timedelta(days=200)
    page = world.browser("li").text("/desk/register?due=1")
    assert "张小花" in page
    assert "该复核了" in page


def test_the_county_draws_visits_and_records(world: World) -> None:
    near, far = helped(world), helped(world, name="韦小兰", village=XIAOHE_VILLAGE)
    county = world.browser("county")
    county.text("/desk/spotchecks")
    answer = county.post("/desk/spotchecks", scheme="tekun", share="10")
    assert answer.status_code == 422
    assert "至少要抽够规定的比例" in answer.text
    answer = county.post("/desk/spotchecks", scheme="child", share="100")
    assert answer.status_code == 303
    drawn = answer.headers["Location"]
    assert "韦小兰" in county.text(drawn)
    path = f"{drawn}/{near.receipt}"
    county.text(path)
    assert county.post(path, finding="different", words="").status_code == 422
    form = {"finding": "different", "words": "房子早盖好了"}
    assert county.post(path, **form).status_code == 303
    again = county.post(path, finding="right", words="别的话")
    assert again.status_code == 409
    assert "别的话" in again.text
    assert '<rect class="chart-late"' in county.text(drawn)
    officer = world.browser("li")
    page = officer.text(drawn)
    assert "房子早盖好了" in page
    assert "韦小兰" not in page
    assert "房子早盖好了" in officer.text(f"/desk/cases/{near.receipt}")
    assert "房子早盖好了" not in world.browser("sun").text(drawn)
    assert far.receipt not in world.browser("sun").text(drawn), "not told beforehand"


def test_only_the_county_draws_and_a_try_is_kept(world: World) -> None:
    case = helped(world)
    county = world.browser("county")
    drawn = county.post("/desk/spotchecks", scheme="child", share="100").headers["Location"]
    officer = world.browser("chen")
    for path, form in (
        ("/desk/spotchecks", {"scheme": "child", "share": "100"}),
        (f"{drawn}/{case.receipt}", {"finding": "right"}),
    ):
        assert officer.post(path, **form).status_code == 403
    assert officer.get(f"{drawn}/{case.receipt}").status_code == 403
    assert len(world.audited("spot.refused")) == 3
    with world.ctx.db.read() as db:
        assert [one.finding for one in db.scalars(select(SpotCheck))] == [""]


def test_the_end_of_a_taper_is_shown(world: World) -> None:
    case = helped(world)
    browser, path = world.browser("li"), f"/desk/cases/{case.receipt}"
    browser.post(
        f"{path}/hearing", version=world.now(case).version, move="taper", how="visit", words="好"
    )
    with world.ctx.db.begin() as db:
        step = Step("taper", world.now(case).version, words="儿子上班了")
        put_forward(world.ctx, db, world.staff["li"], case.receipt, step)
    world.move(case, "county", "taper", words="儿子上班了")
    assert "渐退到2027年5月" in browser.text(path)


def test_a_stop_put_forward_after_the_hearing_is_decided_on_the_screen(world: World) -> None:
    case = helped(world)
    browser = world.browser("li")
    assert "停止救助" not in browser.text(f"/desk/cases/{case.receipt}").split("给的救助")[0]
    path = f"/desk/cases/{case.receipt}/hearing"
    browser.post(
        path, version=world.now(case).version, move="stop", how="visit", words="停了怎么活"
    )
    with world.ctx.db.begin() as db:
        put_forward(
            world.ctx, db, world.staff["li"], case.receipt,
            Step("stop", world.now(case).version, words="查到在厂里上班"),
        )
    county = world.browser("county")
    page = county.text(f"/desk/cases/{case.receipt}/stop")
    assert "60日内可以申请行政复议" in page
    answer = county.post(
        f"/desk/cases/{case.receipt}/stop", version=world.now(case).version,
        words="查到在厂里上班",
    )
    assert answer.status_code == 303
    assert world.now(case).status == Status.ENDED
