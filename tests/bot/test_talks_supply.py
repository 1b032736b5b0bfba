"""补材料 in chat: every photo and word lands on its item, and is read back."""

from __future__ import annotations

from sqlalchemy import select

from models import supplements
from models.cases import Case
from models.supplements import ItemState, SupplementItem
from tests.bot.talks import Chat


def lacking(chat: Chat) -> list[SupplementItem]:
    """The items of the person's newest case."""
    with chat.ctx.db.read() as session:
        case = session.scalars(
            select(Case).where(Case.person_id == chat.person_id).order_by(Case.id.desc())
        ).first()
        assert case is not None
        return supplements.of_case(session, case).items


def states(chat: Chat) -> list[str]:
    return [item.state for item in lacking(chat)]


def waiting(chat: Chat, *missing: str) -> str:
    receipt = chat.apply()
    chat.returned(receipt, *(missing or ("户口本照片", "医院收费单", "九月工资条")))
    return receipt


def photos(chat: Chat, number: int) -> int:
    """How many photos an item has."""
    [case] = chat.cases()
    item = lacking(chat)[number - 1]
    return sum(paper.item_id == item.id for paper in chat.papers(case.bundle))


def test_the_list_has_every_item_with_its_state(chat: Chat) -> None:
    receipt = waiting(chat)
    reply = chat.say("补材料")
    assert f"编号 {receipt}，还差 3 样" in reply
    assert "1. 户口本照片（待交）" in reply
    assert "先回数字" in reply
    assert "身份证、户口本、银行卡别发在这里" in reply


def test_what_shows_no_number_is_not_sent_to_the_page(chat: Chat) -> None:
    waiting(chat, "医院收费单")
    assert "/m/cases" not in chat.say("补材料")


def test_a_number_then_photos(chat: Chat) -> None:
    receipt = waiting(chat)
    chat.say("补材料")
    assert "现在交“医院收费单”" in chat.say("2")
    reply = chat.photo()
    assert f"收到，算作“医院收费单”（{receipt}）" in reply
    assert "还差 2 样：1 户口本照片、3 九月工资条" in reply
    assert "第 2 张，算作“医院收费单”" in chat.photo()
    assert photos(chat, 2) == 2
    assert states(chat) == ["waiting", "received", "waiting"]
    assert "2. 医院收费单（已收到）" in chat.say("完成", "补材料")


def test_what_shows_numbers_goes_by_the_page_and_is_not_lost_in_chat(chat: Chat) -> None:
    receipt = waiting(chat)
    chat.say("补材料")
    reply = chat.say("1")
    assert "别发在这里" in reply
    assert f"/m/cases/{receipt}" in reply
    # Whoever sends it all the same is not sent away.
    assert "算作“户口本照片”" in chat.photo()


def test_of_several_items_it_is_asked_which_the_photo_is(chat: Chat) -> None:
    waiting(chat)
    assert "是哪一样" in chat.photo()
    assert "（2 张）" in chat.photo()
    assert "算作“九月工资条”" in chat.say("3")
    assert photos(chat, 3) == 2
    # It was those photos alone: the next is asked about again.
    assert "是哪一样" in chat.photo()
    assert "没有第 9 样" in chat.say("9")
    assert "算作“户口本照片”" in chat.say("一")


def test_the_last_open_item_needs_no_number(chat: Chat) -> None:
    waiting(chat, "户口本照片", "医院收费单")
    chat.photo()
    chat.say("1")
    reply = chat.photo()
    assert "算作“医院收费单”" in reply
    assert "要补的都收到了" in reply
    # One more of the same.
    assert "算作“医院收费单”" in chat.photo()
    assert photos(chat, 2) == 2
    assert "补的 3 张都交上去了" in chat.say("完成")


def test_words_instead_of_a_photo(chat: Chat) -> None:
    waiting(chat)
    chat.say("补材料", "3")
    reply = chat.say("九月没有上班，老板没给工资条")
    assert "收到这句话，算作“九月工资条”" in reply
    item = lacking(chat)[2]
    assert (item.state, item.reply) == (ItemState.RECEIVED, "九月没有上班，老板没给工资条")


def test_a_photo_that_nobody_names_stays_with_the_case(chat: Chat) -> None:
    waiting(chat)
    chat.photo()
    assert "0777-000" in chat.say("人工")
    [case] = chat.cases()
    assert len(chat.papers(case.bundle)) == 1
    assert states(chat) == ["waiting"] * 3


def test_an_item_that_is_waived_is_not_asked_for(chat: Chat) -> None:
    waiting(chat, "户口本照片", "医院收费单")
    number = lacking(chat)[0].id
    with chat.ctx.db.begin() as session:
        item = session.get(SupplementItem, number)
        assert item is not None
        item.state = ItemState.WAIVED
    assert "1. 户口本照片（免交）" in chat.say("补材料")
    assert "不用交了" in chat.say("1")
    assert "算作“医院收费单”" in chat.photo()


def test_an_unclear_item_is_asked_for_again_after_the_case_went_on(chat: Chat) -> None:
    receipt = waiting(chat, "医院收费单")
    chat.photo()
    with chat.ctx.db.begin() as session:
        item = session.get(SupplementItem, lacking(chat)[0].id)
        assert item is not None
        item.state = ItemState.UNCLEAR
        session.scalars(select(Case).where(Case.receipt == receipt)).one().status = "registered"
    assert "1. 医院收费单（不清晰，需重拍）" in chat.say("补材料")
    assert "要补的都收到了" in chat.photo()


def test_between_other_things_the_number_is_a_choice_no_longer(chat: Chat) -> None:
    waiting(chat)
    chat.say("补材料")
    chat.say("进度")
    assert "现在交" not in chat.say("2")
