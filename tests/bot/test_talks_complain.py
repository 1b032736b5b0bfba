"""举报 in chat: by name, in their own words, with photos; the answer comes back to the chat. And
the way to say it without a name, before a word is said."""

from __future__ import annotations

import json

from sqlalchemy import select

from bot.messages import Heard, Kind
from models import concernwork, raising
from models.concerns import Concern, Raiser, Stand, Turn
from models.people import Staff, view_of
from models.policy import StaffView
from models.pushes import Push
from models.statuses import Role
from tests.bot.talks import Chat

DAWAN, COUNTY = "450799101000", "450799000000"
WORDS = "村主任要我交两百块钱才肯签字"


def raised(chat: Chat) -> Concern | None:
    """What this person raised last."""
    with chat.ctx.db.read() as session:
        return raising.last_of(chat.ctx, session, chat.person_id)


def only(chat: Chat) -> Concern:
    found = raised(chat)
    assert found is not None
    return found


def words_of(chat: Chat) -> list[tuple[str, str]]:
    with chat.ctx.db.read() as session:
        return [(one.turn, one.words) for one in raising.told(session, only(chat))]


def of(chat: Chat, role: Role, area: str) -> StaffView:
    with chat.ctx.db.read() as session:
        query = select(Staff).where(Staff.role == role, Staff.area == area)
        return view_of(session.scalars(query).one())


def begun(chat: Chat, about: str = "2") -> str:
    """Up to their own words; where they live is known from what they told before."""
    with_living(chat)
    chat.say("我要举报")
    return chat.say(about, "1")


def with_living(chat: Chat) -> None:
    state = chat.state
    state.known["living"] = "450799101200"
    chat.kept = json.dumps(state.as_json())


def test_first_of_all_they_read_how_to_stay_unknown(chat: Chat) -> None:
    said = chat.say("我要举报")
    assert "不想留名，别在这里写" in said
    assert "/concerns/" in said
    assert "1 公示上有一户不对" in said


def test_about_the_village_it_goes_to_the_head_with_words_and_photo(chat: Chat) -> None:
    assert "只有大湾镇办这件事的人看得到" in begun(chat)
    assert "记着了" in chat.say(WORDS)
    assert "照片收到了" in chat.photo()
    said = chat.say("完成")
    concern = only(chat)
    assert concern.number in said
    assert (concern.office, concern.kind, concern.about) == (DAWAN, "money", "village")
    with chat.ctx.db.read() as session:
        assert session.get_one(Raiser, concern.id).who["person"] == str(chat.person_id)
    paper, = chat.papers(concern.bundle)
    assert paper.person_id is None
    assert words_of(chat) == [(Turn.RAISED, WORDS)]
    assert chat.cases() == []


def test_a_question_comes_to_the_chat_and_its_answer_goes_back(chat: Chat) -> None:
    begun(chat)
    chat.say(WORDS, "完成")
    head = of(chat, Role.HEAD, DAWAN)
    with chat.ctx.db.begin() as session:
        concernwork.add(
            chat.ctx, session, head, only(chat).id, Turn.ASKED, "是哪一天的事？", "a" * 20
        )
    with chat.ctx.db.read() as session:
        push, = session.scalars(select(Push).where(
            Push.occasion == "concern_word", Push.person_id == chat.person_id
        ))
        assert (push.person_id, push.details, push.township) == (chat.person_id, {}, None)
        assert str(only(chat).number) not in push.key
    assert "是哪一天的事？" in chat.say("看回话")
    assert "交过去了" in chat.say("上个月五号，在村委会")
    assert only(chat).state == Stand.OPEN
    assert words_of(chat)[-1] == (Turn.MORE, "上个月五号，在村委会")


def test_a_photo_in_the_middle_of_it_lands_nowhere_else(chat: Chat) -> None:
    with_living(chat)
    chat.say("我要举报")
    assert "等一下再发" in chat.photo()
    chat.say("2", "1", WORDS, "完成", "看回话")
    assert "等一下再发" in chat.photo()
    assert chat.papers(only(chat).bundle) == []
    assert chat.state.asking is not None


def test_about_the_county_nothing_is_taken_in(chat: Chat) -> None:
    chat.say("我要举报")
    assert "/concerns/county" in chat.say("4")
    assert raised(chat) is None


def test_whoever_changes_their_mind_leaves_nothing(chat: Chat) -> None:
    begun(chat)
    chat.say(WORDS)
    assert "没有交上去" in chat.say("不留名")
    begun(chat)
    assert "没有交上去" in chat.say("不说了")
    assert raised(chat) is None


def test_what_was_said_first_is_not_asked_again(chat: Chat) -> None:
    with_living(chat)
    assert "先记着" in chat.say("我要举报村主任，他要我交两百块钱才肯签字")
    chat.say("2", "1", "完成")
    assert "两百块" in words_of(chat)[0][1]


def test_about_the_township_it_goes_to_the_county(chat: Chat) -> None:
    assert "云溪县" in begun(chat, "3")
    chat.hear(Heard(Kind.VOICE, text=WORDS, media_id="m1"))
    chat.say("完成")
    assert only(chat).office == COUNTY


def test_two_chats_of_one_person_find_the_same(chat: Chat) -> None:
    begun(chat)
    chat.say(WORDS, "完成")
    number, other = only(chat).number, Chat(chat.ctx)
    with chat.ctx.db.begin() as session:
        raising.joined(chat.ctx, session, chat.person_id, other.person_id)
    assert number in other.say("看回话")
    assert number not in chat.say("看回话")


def test_hours_later_what_is_said_is_no_part_of_it(chat: Chat) -> None:
    begun(chat)
    chat.say(WORDS)
    chat.wait(hours=3)
    said = chat.say("我家男人上个月摔断了腿，家里揭不开锅了")
    assert "没有说完" in said
    assert "您别急" in said
    assert raised(chat) is None


def test_where_nothing_is_known_of_them_the_place_is_asked_and_no_word_lost(chat: Chat) -> None:
    assert "先记着" in chat.say("我要举报村主任，他要我交两百块钱才肯签字")
    assert "哪个村" in chat.say("2")
    assert "大湾镇小湾村" in chat.say("小湾村的")
    chat.say("1", "完成")
    assert only(chat).area == "450799101201"
    assert "两百块" in words_of(chat)[0][1]


def test_a_place_that_is_not_understood_leads_to_the_page(chat: Chat) -> None:
    chat.say("我要举报", "3")
    assert "/concerns/new/township" in chat.say("那边那个")
    assert chat.state.asking is None
    chat.say("我要举报", "3")
    assert "青石镇" in chat.say("青石镇")


def test_words_that_were_noted_are_not_lost_without_a_word(chat: Chat) -> None:
    """Told at once, then something that is no answer: it is said that nothing was handed in."""
    with_living(chat)
    assert "先记着了" in chat.say(f"{WORDS}，我要举报")
    said = chat.say("今天天气不错，地里的活都干完了，就是想说说话")
    assert "没有交上去" in said
    assert raised(chat) is None
    begun(chat)
    chat.say(WORDS)
    assert "没有交上去" in chat.say("人工")
