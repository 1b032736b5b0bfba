"""/notices/ over HTTP: who sees what, the board's QR, the check of a printed hash, the cache."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import requests

from models import noticequeries, noticesigning
from models.context import Context
from models.rules import Rule
from models.sealed import KeyRing
from models.session import Database
from models.settings import Limits
from tests.notices.lists import (
    DAWAN,
    DAWAN_VILLAGE,
    QIAOTOU,
    XIAOWAN,
    csv_of,
    draft,
    published,
    sign,
    staff,
    version,
)
from tests.notices.turns import wait_for
from tests.service import HEAD, OFFICER, Phone, Service, running
from tests.webhooks.test_main_job import ANSWERS, TOLD

SOMEONE = "覃月娥"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("notices")
    limits = Limits(search="9 per minute")
    with running(f"sqlite:///{folder / 'x.sqlite3'}", folder, limits=limits) as made:
        yield made


def get(
    house: Service, path: str, http: requests.Session | None = None, **headers: str
) -> requests.Response:
    return (http or requests.Session()).get(house.address + path, headers=headers, timeout=30)


def text(house: Service, path: str, http: requests.Session | None = None) -> str:
    answer = get(house, path, http)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def opened(house: Service, area: str = DAWAN) -> None:
    """The county's rule: in this township anyone may see."""
    with house.ctx.db.begin() as session:
        session.add(Rule(
            area=area, key="notices.audience", value='"open"', basis="云溪县公开办法第三条",
            from_=house.ctx.today(), created_at=house.ctx.now(),
        ))
    house.ctx.directory.forget()


def listed(house: Service, number: int) -> int:
    return version(house.ctx, number).notice_id


def villager(house: Service) -> Phone:
    """Someone who has told that they live in 大湾村."""
    phone = house.follower("覃小满")
    phone.talk(TOLD, *ANSWERS, "对")
    return phone


def test_a_stranger_sees_that_it_exists_and_its_figures_but_no_people(house: Service) -> None:
    page = text(house, f"/notices/{listed(house, published(house.ctx))}")
    for said in ("大湾镇大湾村", "4 户，10 人，共 4,100 元", "12345", "校验码"):
        assert said in page
    assert SOMEONE not in page
    assert "只给大湾镇大湾村的人看" in page


def test_who_lives_there_sees_the_rows_and_who_lives_elsewhere_does_not(house: Service) -> None:
    number = listed(house, published(house.ctx))
    elsewhere = csv_of([("小湾村", "黄志明", 2, 820, "")] * 3)
    other = listed(house, published(house.ctx, elsewhere, XIAOWAN))
    browser = house.browser(villager(house))
    assert SOMEONE in text(house, f"/notices/{number}", browser)
    assert "黄志明" not in text(house, f"/notices/{other}", browser)


def test_the_boards_qr_opens_this_list_and_no_other(house: Service) -> None:
    first = listed(house, published(house.ctx))
    other = listed(house, published(house.ctx, kind="decision"))
    key = noticequeries.board_key(house.ctx, first, DAWAN_VILLAGE)
    assert SOMEONE in text(house, f"/notices/{first}?b={key}")
    assert SOMEONE not in text(house, f"/notices/{other}?b={key}")
    for wrong in (key[:-1], key + "x", "王秀英"):
        assert SOMEONE not in text(house, f"/notices/{first}?b={wrong}")


def test_where_the_rule_opens_it_anyone_sees_it_with_its_clause(house: Service) -> None:
    number = listed(house, published(house.ctx))
    opened(house)
    page = text(house, f"/notices/{number}")
    assert SOMEONE in page
    assert "云溪县公开办法第三条" in page


def test_a_townships_list_is_read_village_by_village_and_small_figures_are_not_said(
    house: Service,
) -> None:
    number = listed(house, published(house.ctx, csv_of(), DAWAN))
    opened(house)
    page = text(house, f"/notices/{number}")
    assert "8 户，19 人，共 7,790 元" in page
    assert SOMEONE not in page
    # 桥头村 has one household; with the next smallest it cannot be reckoned from the total.
    assert page.count("户数太少") == 2
    assert "4 户，10 人" in page
    own = text(house, f"/notices/{number}?village={QIAOTOU}")
    assert "农福来" in own
    assert SOMEONE not in own
    assert get(house, f"/notices/{number}?village=450799102200").status_code == 404


def test_by_place_one_comes_from_the_county_to_the_list(house: Service) -> None:
    published(house.ctx, csv_of(), DAWAN)
    assert "1 份公示" in text(house, "/notices/")
    assert "大湾镇最低生活保障长期公示" in text(house, f"/notices/?area={DAWAN}")
    page = text(house, f"/notices/?area={XIAOWAN}")
    assert f"village={XIAOWAN}" in page
    assert "3 户，8 人" not in text(house, f"/notices/?area={QIAOTOU}")
    assert "户数太少" in text(house, f"/notices/?area={QIAOTOU}")
    assert "现在没有公示" in text(house, "/notices/?area=450799101203")
    assert get(house, "/notices/?area=999999999999").status_code == 404


def find(house: Service, number: int, beginning: str, **more: str) -> requests.Response:
    return requests.post(
        f"{house.address}/notices/{number}", data={"q": beginning, **more}, timeout=30
    )


def test_a_name_is_found_by_its_beginning_where_the_rows_are_open(house: Service) -> None:
    number = listed(house, published(house.ctx))
    assert find(house, number, "覃").status_code == 404
    opened(house)
    found = find(house, number, "王").text
    assert "王秀英" in found
    assert "王建国" in found
    assert SOMEONE not in found
    assert "没有名字以“赵”开头的" in find(house, number, "赵").text


def test_looking_for_names_is_limited_in_rate(house: Service) -> None:
    number = listed(house, published(house.ctx))
    opened(house)
    answers = [find(house, number, "王").status_code for _ in range(10)]
    assert answers == [200] * 9 + [429]


def test_no_search_engine_keeps_a_page_of_people(house: Service) -> None:
    number = listed(house, published(house.ctx))
    for path in ("/notices/", f"/notices/{number}", "/notices/verify"):
        answer = get(house, path)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in answer.text
        # Without any it is whole; this one reads it aloud.
        assert re.findall(r'<script[^>]*src="([^"]+)"', answer.text) == ["/static/aloud.js"]
        assert answer.text.count("<script") == 1


def test_a_page_is_sent_compressed_and_once(house: Service) -> None:
    number = listed(house, published(house.ctx))
    opened(house)
    first = get(house, f"/notices/{number}")
    assert first.headers["Content-Encoding"] == "gzip"
    assert "s-maxage=5" in first.headers["Cache-Control"]
    again = get(house, f"/notices/{number}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    plain = get(house, f"/notices/{number}", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert SOMEONE in plain.text


def test_a_villages_own_page_is_kept_by_nobody_between(house: Service) -> None:
    number = listed(house, published(house.ctx))
    key = noticequeries.board_key(house.ctx, number, DAWAN_VILLAGE)
    for path in (f"/notices/{number}", f"/notices/{number}?b={key}"):
        assert get(house, path).headers["Cache-Control"] == "private, no-cache"


def test_a_takedown_is_seen_at_once_and_says_why(house: Service) -> None:
    number = published(house.ctx)
    listed_ = listed(house, number)
    opened(house)
    tag = get(house, f"/notices/{listed_}").headers["ETag"]
    with house.ctx.db.begin() as session:
        who = staff(house.ctx, OFFICER)
        noticesigning.take_down(house.ctx, session, who, number, "有一户写错了")
    for path in (f"/notices/{listed_}", f"/notices/{listed_}/v1"):
        answer = get(house, path, **{"If-None-Match": tag})
        assert answer.status_code == 200
        assert "有一户写错了" in answer.text
        assert SOMEONE not in answer.text
    assert find(house, listed_, "覃").status_code == 404
    assert "撤下了" in text(house, f"/notices/verify?h={version(house.ctx, number).short}")


def test_a_takedown_by_another_process_is_seen_within_five_seconds(house: Service) -> None:
    number = published(house.ctx)
    path = f"/notices/{listed(house, number)}"
    opened(house)
    assert SOMEONE in text(house, path)
    ctx = house.ctx
    twin = Context(
        ctx.settings, Database(ctx.settings.database_url, KeyRing.parse(ctx.settings.keys)),
        ctx.clock, ctx.speak,
    )
    with twin.db.begin() as session:
        noticesigning.take_down(twin, session, staff(twin, OFFICER), number, "有一户写错了")
    twin.db.close()
    wait_for(lambda: SOMEONE not in text(house, path))


def test_an_erased_row_is_gone_from_the_page_at_once(house: Service) -> None:
    number = published(house.ctx)
    opened(house)
    assert SOMEONE in text(house, f"/notices/{listed(house, number)}")
    with house.ctx.db.begin() as session:
        noticesigning.erase(house.ctx, session, staff(house.ctx, OFFICER), number, 4)
    assert SOMEONE not in text(house, f"/notices/{listed(house, number)}")


def test_every_version_is_there_and_the_old_one_shows_nobody(house: Service) -> None:
    first = published(house.ctx)
    number = listed(house, first)
    next_ = csv_of([("大湾村", "李桂花", 1, 410, "")] * 3)
    published(house.ctx, next_, notice_id=number, reason="按月更新")
    opened(house)
    assert "按月更新" in text(house, f"/notices/{number}")
    old = text(house, f"/notices/{number}/v1")
    assert "换成新的一版了" in old
    assert SOMEONE not in old
    assert get(house, f"/notices/{number}/v3").status_code == 404


def test_what_is_not_signed_is_not_there(house: Service) -> None:
    number = draft(house.ctx)
    assert get(house, f"/notices/{listed(house, number)}").status_code == 404
    sign(house.ctx, number, at=house.ctx.now() + timedelta(days=1))
    assert get(house, f"/notices/{listed(house, number)}").status_code == 404
    assert "不是。没有一份" in text(house, f"/notices/verify?h={version(house.ctx, number).short}")


def test_the_printed_hash_is_answered_yes_or_no(house: Service) -> None:
    made = version(house.ctx, published(house.ctx))
    page = text(house, f"/notices/verify?h={made.short}")
    assert "是。这是签过字的那一份" in page
    assert "大湾镇大湾村最低生活保障长期公示" in page
    assert SOMEONE not in page
    assert made.short is not None
    wrong = made.short[:-1] + ("0" if made.short[-1] != "0" else "1")
    assert "不是。没有一份" in text(house, f"/notices/verify?h={wrong}")
    answer = get(house, "/notices/verify?h=abc")
    assert answer.status_code == 400
    assert "校验码是 10 位" in answer.text


def test_in_chat_ones_own_village_is_answered_with_a_way_in(house: Service) -> None:
    number = listed(house, published(house.ctx))
    phone = villager(house)
    reply = phone.say("看公示")
    assert "大湾镇大湾村最低生活保障长期公示" in reply
    # The township's telephone, not the county's.
    assert "0777-000 0101" in reply
    link = re.search(r"http\S+", reply)
    assert link
    assert f"/m/notices/{number}/{DAWAN_VILLAGE}" in link[0]
    browser = house.browser(phone)
    assert SOMEONE in unescape(browser.get(link[0], timeout=30).text)


def test_in_chat_a_stranger_is_led_to_the_page_or_the_village_that_they_name(
    house: Service,
) -> None:
    number = listed(house, published(house.ctx))
    phone = house.follower()
    assert f"{house.address}/notices/" in phone.say("看公示")
    reply = phone.say("看大湾村公示")
    assert f"/notices/{number}?village={DAWAN_VILLAGE}" in reply
    assert "现在没有公示" in phone.say("看桥头村公示")
    assert said_by_menu(phone) == phone.say("看公示")


def said_by_menu(phone: Phone) -> str:
    return "\n".join(reply["text"] for reply in phone.act(click="NOTICES")["replies"])


def test_staff_of_the_place_see_it_and_of_another_do_not(house: Service) -> None:
    number = listed(house, published(house.ctx))
    assert SOMEONE in text(house, f"/notices/{number}", house.browser(house.staff(HEAD)))
    assert SOMEONE not in text(house, f"/notices/{number}", house.browser(house.staff(5)))
