"""Relatives on the desk: declared, kept from one person on every page, settled, visited."""

from __future__ import annotations

import itertools
import json
import re

from models.cases import Case
from models.kinship import Kin
from tests.webhooks.desk.referral_world import with_departments
from tests.webhooks.desk.ways import ASSISTED, INVESTIGATING, take
from tests.webhooks.desk.world import DAWAN_VILLAGE, XIAOHE_VILLAGE, Browser, World
from webhooks import access

NUMBER = "11010519491231002X"


def declare(world: World, who: str = "li", **form: str) -> int:
    browser = world.browser(who)
    browser.get("/desk/kin/new")
    said = {"name": "王秀英", "relation": "parent", "id_number": ""} | form
    return browser.post("/desk/kin/new", **said).status_code


def settle(world: World, case: Case, who: str, related: str, note: str = "看过户口本") -> int:
    browser = world.browser(who)
    page = browser.get(f"/desk/cases/{case.receipt}").text
    found = re.search(r'/kin/(\d+)"', page)
    number = found[1] if found else "1"
    form = {"related": related, f"note-{number}": note, "version": world.now(case).version}
    return browser.post(f"/desk/cases/{case.receipt}/kin/{number}", **form).status_code


def test_no_address_of_the_desk_shows_the_case_to_who_declared(world: World) -> None:
    other = world.case(name="李大勇")
    case = world.case()
    world.register(case, "zhao")
    paper = world.paper(case)
    assert declare(world) == 303
    li, zhao = world.browser("li"), world.browser("zhao")
    walked = 0
    for route in access.listed(world.app):
        if route["audience"] != "desk" or "GET" not in route["methods"]:
            continue
        # A drawing of spot checks is the county's; its own tests know the numbers.
        if "<int:draw_id>" in route["path"]:
            continue
        if "<receipt>" in route["path"] and ",".join(route["roles"]) != "county":
            path = route["path"].replace("<receipt>", case.receipt)
            path = path.replace("<move>", "accept").replace("<int:attachment_id>", str(paper))
            path = path.replace("<other>", other.receipt).replace("<kind>", "recheck")
            assert "<" not in path, path
            assert li.get(path).status_code == 404, path
            assert zhao.get(path).status_code != 404, path
            walked += 1
    assert walked >= 3
    assert li.get(f"/desk/papers/{paper}").status_code == 404
    for path in ("/desk/", "/desk/?at=accept", "/desk/?only=mine", "/desk/kin"):
        assert case.receipt not in li.text(path), path
    assert case.receipt in zhao.text("/desk/kin")
    assert "王秀英" not in li.post("/desk/find", follow=True, q=case.phone).text
    assert "没有找到编号" in li.post("/desk/find", follow=True, q=case.receipt).text
    # Nor can it be moved, and the try tells no more than a receipt that never was.
    version = world.now(case).version
    for path in ("accept", "id-number", "kin/1", "kin/officer", "proposal/back"):
        answer = li.post(f"/desk/cases/{case.receipt}/{path}", version=version, related="no")
        assert answer.status_code == 404, path


def test_a_relatives_case_stays_away_when_it_is_merged(world: World) -> None:
    case, other = world.case(what="腿摔断了"), world.case(name="李大勇", what="没有米了")
    paper = world.paper(case)
    declare(world)
    world.move(case, "zhao", "merge", into=other.receipt)
    li, zhao = world.browser("li"), world.browser("zhao")
    at = f"/desk/cases/{other.receipt}"
    for words in (case.receipt, "王秀英", "腿摔断了", f"/desk/papers/{paper}"):
        assert words in zhao.text(at), words
    # One household now: the whole of it is somebody else's to handle.
    assert li.get(at).status_code == 404
    # Nor the other way: what a stranger's case was merged into.
    mine, third = world.case(what="屋顶塌了"), world.case(name="吴小兰")
    world.move(third, "zhao", "merge", into=mine.receipt)
    at = f"/desk/cases/{third.receipt}"
    assert mine.receipt in zhao.text(at)
    assert mine.receipt not in li.text(at)


# What of a kept case could be seen, and what stands for the parts of an address.
WORDS = "屋顶被风掀了"
NUMBERS = ("1", "2", "3", "4")


def kept_everywhere(world: World) -> tuple[Case, Case]:
    """A relative's matters on every list and beside a stranger's: the first, and the stranger's."""
    helped = world.case(what=WORDS)
    for who, move, given in ASSISTED:
        take(world, helped, who, move, given)
    county = world.browser("other")
    drawn = county.post("/desk/spotchecks", scheme="dibao", share="100").headers["Location"]
    assert county.post(f"{drawn}/{helped.receipt}", finding="right", words="").status_code == 303
    with_departments(world).referred("教育局", what=WORDS)
    looked_into = world.case(what=WORDS)
    for who, move, given in INVESTIGATING[:-1]:
        take(world, looked_into, who, move, given)
    stranger, joined = world.case(name="李大勇", phone="13900000001"), world.case(what=WORDS)
    world.paper(joined)
    world.move(joined, "zhao", "merge", into=stranger.receipt)
    return helped, stranger


def walked(
    world: World, browser: Browser, role: str, receipts: tuple[str, str], looked_for: list[str]
) -> tuple[str, set[str]]:
    """Everything that the desk says to this browser, and where it says what is looked for."""
    said, at = [], set()
    for route in access.listed(world.app):
        if route["audience"] != "desk" or "GET" not in route["methods"]:
            continue
        if role not in route["roles"]:
            continue
        parts = re.findall(r"<[^>]+>", route["path"])
        given = [NUMBERS if ":" in part else ("accept",) if part == "<move>" else receipts
                 for part in parts]
        for values in itertools.product(*given):
            path = route["path"]
            for part, value in zip(parts, values, strict=True):
                path = path.replace(part, value, 1)
            answer = browser.get(f"{path}?all=1&scheme=dibao")
            assert answer.status_code in (200, 303, 403, 404, 422), path
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            said.append(text)
            at |= {route["path"]} if any(one in text for one in looked_for) else set()
    return "".join(said), at


def test_no_page_says_anything_of_a_relatives_matters(world: World) -> None:
    helped, stranger = kept_everywhere(world)
    with world.ctx.db.read() as db:
        kept = [case.receipt for case in db.query(Case) if case.id != stranger.id]
    looked_for = [*kept, WORDS, "13800005678"]
    # Each list and each room has them, for a colleague; so that their absence says something.
    rooms = {
        "/desk/", "/desk/cases/<receipt>", "/desk/register", "/desk/referrals", "/desk/tasks",
        "/desk/spotchecks/<int:draw_id>", "/desk/search",
    }
    for one, colleague, role in (("li", "zhao", "officer"), ("county", "other", "county")):
        where = (role, (helped.receipt, stranger.receipt), looked_for)
        everything, at = walked(world, world.browser(colleague), *where)
        assert [words for words in looked_for if words not in everything] == []
        assert rooms - at == set()
        assert declare(world, one) == 303
        everything, at = walked(world, world.browser(one), *where)
        assert at == set()


def test_names_beside_a_case_are_recorded_as_read(world: World) -> None:
    case, like, joined = world.case(), world.case(), world.case(name="李大勇")
    world.move(joined, "zhao", "merge", into=case.receipt)
    world.browser("zhao").text(f"/desk/cases/{case.receipt}")
    entry, = world.audited("alike.read")
    assert json.loads(entry.detail)["cases"] == [joined.id, like.id]


def test_a_match_by_name_is_settled_by_a_colleague_with_a_reason(world: World) -> None:
    case = world.case()
    declare(world)
    page = world.browser("zhao").text(f"/desk/cases/{case.receipt}")
    assert "可能是李明的亲属（父亲或母亲），只是同名，请核实。" in page
    assert settle(world, case, "zhao", "no", "") == 422
    assert settle(world, case, "li", "no") == 404
    assert settle(world, case, "sun", "no") == 404
    assert settle(world, case, "zhao", "maybe") == 400
    assert settle(world, case, "zhao", "no") == 303
    page = world.browser("chen").text(f"/desk/cases/{case.receipt}")
    assert "只是同名，不是李明的亲属，赵敏" in page
    assert "看过户口本" in page
    assert case.receipt in world.browser("li").text("/desk/")
    assert len(world.audited("kin.settled")) == 1


def test_the_second_of_two_who_settle_sees_how_it_stands(world: World) -> None:
    case = world.case()
    declare(world)
    version = world.now(case).version
    assert settle(world, case, "zhao", "yes") == 303
    chen = world.browser("chen")
    answer = chen.post(
        f"/desk/cases/{case.receipt}/kin/1", related="no", version=version, **{"note-1": "不是"}
    )
    assert answer.status_code == 409
    assert "不是" in answer.text


def test_the_resident_hears_who_takes_over_and_not_why(world: World) -> None:
    case = world.case()
    world.register(case)
    declare(world)
    settle(world, case, "zhao", "yes")
    zhao = world.browser("zhao")
    page = zhao.text(f"/desk/cases/{case.receipt}")
    assert "看不到这件事的人：李明" in page
    at = f"/desk/cases/{case.receipt}/kin/officer"
    screen = zhao.text(at)
    assert "赵敏" in screen
    assert ">李明<" not in screen
    version = world.now(case).version
    wrong = zhao.post(at, version=version, officer=str(world.staff["li"].id))
    assert wrong.status_code == 422
    officer = str(world.staff["zhao"].id)
    assert zhao.post(at, version=version, officer=officer).status_code == 303
    assert "这件事换成便民服务中心的赵敏接着办。" in zhao.text(f"/desk/cases/{case.receipt}")
    assert zhao.post(at, version=version + 1, officer=officer).status_code == 404


def test_the_county_records_its_visit(world: World) -> None:
    case = world.case()
    declare(world)
    settle(world, case, "zhao", "yes")
    at = f"/desk/cases/{case.receipt}/kin/visit"
    assert world.browser("zhao").get(at).status_code == 404
    county = world.browser("county")
    assert case.receipt in county.text("/desk/kin")
    county.text(at)
    form = {"on": "2026-11-23", "visitors": "周华、马丽", "findings": "情况属实"}
    version = world.now(case).version
    for field, value in (("on", "2026-11-24"), ("on", "昨天"), ("visitors", ""), ("findings", "")):
        answer = county.post(at, version=version, **form | {field: value})
        assert answer.status_code == 422, field
        assert "周华、马丽" in answer.text or field == "visitors"
    assert county.post(at, version=version, **form).status_code == 303
    assert "县里上门看过：11月23日" in world.browser("chen").text(f"/desk/cases/{case.receipt}")
    assert county.post(at, version=version, **form).status_code == 409


def test_what_is_declared_is_checked_sealed_and_ones_own(world: World) -> None:
    for wrong in ({"name": " "}, {"relation": "cousin"}, {"id_number": "110105194912310021"}):
        assert declare(world, **wrong) == 422
    assert declare(world, id_number=NUMBER) == 303
    assert declare(world, id_number=NUMBER) == 422
    own = world.browser("li").text("/desk/kin")
    assert "王秀英" in own
    assert "1101**********002X" in own
    assert NUMBER not in own
    for other in ("zhao", "chen", "county"):
        assert "王秀英" not in world.browser(other).text("/desk/kin")
    with world.ctx.db.read() as db:
        kin = db.query(Kin).one()
    assert world.browser("zhao").post(f"/desk/kin/{kin.id}/withdraw").status_code == 404
    li = world.browser("li")
    assert li.post(f"/desk/kin/{kin.id}/withdraw").status_code == 303
    assert "王秀英" not in li.text("/desk/kin")
    assert li.post(f"/desk/kin/{kin.id}/withdraw").status_code == 404
    assert not any("王秀英" in entry.detail for entry in world.audited("kin.declared"))


def test_the_county_reads_names_only_on_the_record(world: World) -> None:
    declare(world)
    county = world.browser("county")
    at = f"/desk/kin/of/{world.staff['li'].id}"
    page = county.text("/desk/kin")
    assert at in page
    assert "登记了 1 位" in page
    assert world.audited("kin.read") == []
    assert "王秀英" in county.text(at)
    assert len(world.audited("kin.read")) == 1
    assert world.browser("chen").get(at).status_code == 404


def test_the_head_declares_for_the_cadres_of_the_townships_villages(world: World) -> None:
    chen, path = world.browser("chen"), "/desk/kin/cadre"
    chen.text(path)
    form = {"cadre": "马支书", "village": DAWAN_VILLAGE, "name": "王秀英", "relation": "spouse"}
    assert chen.post(path, **form | {"village": XIAOHE_VILLAGE}).status_code == 422
    assert chen.post(path, **form | {"cadre": ""}).status_code == 422
    assert chen.post(path, **form).status_code == 303
    assert "大湾镇大湾村干部马支书的丈夫或妻子" in chen.text("/desk/kin")
    case = world.case()
    page = world.browser("li").text(f"/desk/cases/{case.receipt}")
    assert "可能是马支书的亲属（丈夫或妻子）" in page
    assert world.browser("li").get(path).status_code == 404
