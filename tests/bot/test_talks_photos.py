"""Photos and recordings: each goes to what it belongs to."""

from __future__ import annotations

from tests.bot.talks import STEPS, Chat


def test_a_photo_first_begins_a_talk_and_stays_with_it(chat: Chat) -> None:
    assert "出了什么事" in chat.photo()
    chat.say("我家男人上个月摔断了腿，家里揭不开锅了", *(answer for _, answer in STEPS), "对")
    [case] = chat.cases()
    assert [paper.kind for paper in chat.papers(case.bundle)] == ["image"]


def test_any_number_of_photos_at_their_question(chat: Chat) -> None:
    chat.at("papers")
    for number in range(1, 13):
        assert f"第 {number} 张" in chat.photo()
    assert "也同意吗" in chat.say("完成")


def test_sensitive_papers_are_asked_for_on_the_page(chat: Chat) -> None:
    asked = chat.at("phone").say("17000005678")
    assert "身份证、户口本、银行卡别发在这里" in asked
    assert '/m/apply?account=county">' in asked


def test_a_photo_for_the_one_case_that_waits(chat: Chat) -> None:
    receipt = chat.apply()
    chat.returned(receipt)
    assert receipt in chat.photo()
    assert "这句也记下了" in chat.say("这是户口本第一页，其他的找不到了")
    assert "第 2 张" in chat.photo()
    assert "补的 2 张" in chat.say("完成")
    [case] = chat.cases()
    assert len(chat.papers(case.bundle)) == 2
    assert case.answers["more"] == ["这是户口本第一页，其他的找不到了"]


def two_returned(chat: Chat) -> tuple[str, str]:
    """Two cases that wait for papers: the older and the newer."""
    older = chat.apply()
    chat.say("我要求助", "1", "房子漏雨了", "2", "4", "没有", "1", "0")
    newer = chat.cases()[0].receipt
    chat.returned(older)
    chat.returned(newer, "房子照片", "户口本")
    return older, newer


def test_of_several_cases_that_wait_it_is_asked_once(chat: Chat) -> None:
    older, newer = two_returned(chat)
    assert "是给哪一件的" in chat.photo()
    assert "2 张" in chat.photo()
    assert older in chat.say("2")
    assert "第 3 张" in chat.photo()
    by_receipt = {case.receipt: case for case in chat.cases()}
    assert len(chat.papers(by_receipt[older].bundle)) == 3
    assert chat.papers(by_receipt[newer].bundle) == []


def test_a_photo_is_not_lost_where_something_else_is_said_then(chat: Chat) -> None:
    _, newer = two_returned(chat)
    chat.photo()
    reply = chat.say("人工")
    assert newer in reply
    assert "0777-000" in reply
    by_receipt = {case.receipt: case for case in chat.cases()}
    assert len(chat.papers(by_receipt[newer].bundle)) == 1


def test_a_photo_is_not_lost_where_the_menu_is_tapped_then(chat: Chat) -> None:
    _, newer = two_returned(chat)
    chat.photo()
    chat.tap("TRACK")
    by_receipt = {case.receipt: case for case in chat.cases()}
    assert len(chat.papers(by_receipt[newer].bundle)) == 1


def test_which_case_lacks_what_is_said_before_it_is_sent(chat: Chat) -> None:
    older, _ = two_returned(chat)
    assert "先补哪一件" in chat.say("补材料")
    reply = chat.say("2")
    assert "1. 户口本照片" in reply
    assert f"/m/cases/{older}" in reply
    assert older in chat.photo()


def test_a_photo_while_a_form_is_open_and_a_case_waits_is_asked_about(chat: Chat) -> None:
    receipt = chat.apply()
    chat.returned(receipt)
    chat.say("我要求助", "1", "房子漏雨了")
    reply = chat.photo()
    assert receipt in reply
    assert "正在填的这一份" in reply
    assert "都放进去了" in chat.say("2")
    assert chat.state.draft is not None
    assert chat.state.draft.photos == 1
    assert len(chat.papers(chat.state.draft.bundle)) == 1


def test_a_photo_after_handing_in_can_go_to_that_case(chat: Chat) -> None:
    receipt = chat.apply()
    assert "另外一件" in chat.photo()
    assert receipt in chat.say("1")
    [case] = chat.cases()
    assert len(chat.papers(case.bundle)) == 1


def test_a_recording_without_words_is_what_happened(chat: Chat) -> None:
    chat.say("我要求助")
    assert "什么时候的事" in chat.voice()
    read_back = chat.say("2", *(answer for _, answer in STEPS[1:]))
    assert "您用语音说的" in read_back
    chat.say("对")
    [case] = chat.cases()
    assert [paper.kind for paper in chat.papers(case.bundle)] == ["voice"]


def test_a_recognised_voice_is_understood_and_kept(chat: Chat) -> None:
    chat.voice("我家男人上个月摔断了腿，家里揭不开锅了")
    assert "户口也在大湾镇大湾村" in chat.hear_all("还能撑几天", "大湾村")
    chat.say(*(answer for _, answer in STEPS[2:]), "对")
    [case] = chat.cases()
    [paper] = chat.papers(case.bundle)
    assert (paper.kind, paper.spoken) == ("voice", "我家男人上个月摔断了腿，家里揭不开锅了")


def test_a_voice_without_words_does_not_replace_a_draft(chat: Chat) -> None:
    chat.at("living")
    before = chat.answers
    chat.say("人工")
    assert "录音收下了" in chat.voice()
    assert chat.answers == before
