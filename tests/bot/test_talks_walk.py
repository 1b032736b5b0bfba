"""Random walks: whatever is sent in whatever order, nothing raises and nothing is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import keeping
from bot.flow import Draft
from bot.messages import Heard, Kind
from models.context import Context
from tests.bot.talks import STEPS, TOLD, Chat

TEXTS = st.one_of(
    st.sampled_from([
        *(answer for _, answer in STEPS), TOLD, "1", "2", "3", "4", "5", "0", "９", "三", "都不是",
        "新和村", "大湾镇桥头村", "跳过", "不知道", "没有", "对", "不对", "同意", "不同意", "好的",
        "上一步", "稍后", "继续", "取消", "留着", "不要了", "人工", "菜单", "进度", "补材料",
        "撤回", "我要求助", "替别人说", "隔壁老李家断粮了", "我不想活了", "我住小湾村，一家五口",
        "17000005678", "1700000567", "2611-483705-72", "2611-483705-73", "绑定", "绑定 12345678",
        "电话不对", "第3行不对", "7 叫王桂英", "谢谢", "😀", "", "   ", "]]>", "{t}", "a" * 300,
    ]),
    st.text(max_size=30),
)
HEARD = st.one_of(
    TEXTS.map(lambda text: Heard(Kind.TEXT, text)),
    TEXTS.map(lambda text: Heard(Kind.TEXT, text)),
    st.sampled_from([
        Heard(Kind.IMAGE, media_id="m"), Heard(Kind.VOICE, "", media_id="m"),
        Heard(Kind.VOICE, "四口人", media_id="m"), Heard(Kind.VIDEO, media_id="m"),
        Heard(Kind.LOCATION, "", latitude=22.3412, longitude=108.4526),
        Heard(Kind.LOCATION, "", latitude=39.9, longitude=116.4), Heard(Kind.LOCATION, "某地"),
        Heard(Kind.CLICK, scene="APPLY"), Heard(Kind.CLICK, scene="OTHERS"),
        Heard(Kind.CLICK, scene="URGENT"), Heard(Kind.CLICK, scene="SUPPLEMENT"),
        Heard(Kind.CLICK, scene="TRACK"), Heard(Kind.CLICK, scene="HUMAN"),
        Heard(Kind.CLICK, scene="nothing"), Heard(Kind.SCAN, scene="signin_x"),
        Heard(Kind.SUBSCRIBE, scene="bind_00000000"), Heard(Kind.UNKNOWN),
    ]),
)
WALK = settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def kept(draft: Draft) -> set[str]:
    """Every word that the draft holds of what was told."""
    strings = [v for v in draft.answers.values() if isinstance(v, str)]
    return {*strings, *keeping.more_said(draft)}


@WALK
@given(walk=st.lists(HEARD, max_size=25))
def test_a_random_walk_never_raises_and_keeps_what_was_told(
    ctx: Context, walk: list[Heard]
) -> None:
    chat = Chat(ctx)
    chat.say(TOLD)
    given_up = False
    for heard in walk:
        before = chat.state
        reply = chat.hear(heard)
        silent = heard.kind is Kind.UNKNOWN
        assert bool(reply) is not silent
        assert len(reply.encode()) <= 4000
        after = chat.state.draft
        told = any(TOLD in str(v) for case in chat.cases() for v in _words(case.answers))
        asked = (before.asking or {}).get("kind")
        # A draft goes away by being handed in, or by a plain word to a plain question.
        if before.half is not None and (
            after is None or after.bundle != before.half.bundle
        ):
            assert given_up or told or asked in ("discard", "half"), (asked, heard)
            given_up = given_up or not told
        if not given_up and not told:
            assert after is not None
            assert any(TOLD in words for words in kept(after))


def _words(answers: dict[str, Any]) -> list[str]:
    return [str(answers.get("what", "")), *map(str, answers.get("more") or ())]


@WALK
@given(walk=st.lists(HEARD, max_size=25))
def test_undo_returns_to_exactly_the_earlier_answers(ctx: Context, walk: list[Heard]) -> None:
    chat = Chat(ctx)
    history: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for heard in (Heard(Kind.TEXT, "我要求助"), *walk):
        chat.hear(heard)
        draft = chat.state.draft
        if draft is None:
            continue
        seen = history.setdefault(draft.bundle, [])
        while seen and seen[-1][0] >= len(draft.trail):
            seen.pop()
        seen.append((len(draft.trail), dict(draft.answers)))
    draft = chat.state.draft
    if draft is None:
        return
    known = dict(history[draft.bundle])
    while draft.trail:
        chat.say("上一步")
        found = chat.state.draft
        assert found is not None
        draft = found
        if len(draft.trail) in known:
            assert draft.answers == known[len(draft.trail)]
