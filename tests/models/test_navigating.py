"""看看有什么帮助: each rule speaks where its clause fits and is silent where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.navigating import LEVEL_NAMES, MOST_QUESTIONS, Level, Navigator, Rule, navigator, read
from models.paths import PATHS
from models.schemes import catalogue

RULES = navigator()
Said = dict[str, tuple[str, ...]]


def meeting(rule: Rule) -> Said:
    """The least that makes this rule speak."""
    return {q: RULES.chosen(q, sorted(keys)[:1]) for q, keys in rule.when.items()}


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.key)
def test_a_rule_speaks_where_it_fits(rule: Rule) -> None:
    for question, keys in (rule.when or {"": ()}).items():
        for key in keys:
            said = meeting(rule) | {question: (key,)}
            assert rule.speaks(said)
            found = {f.scheme: f for f in RULES.findings(said)}
            assert found[rule.scheme].level >= rule.level
    if not rule.when:
        assert rule.speaks({})


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.key)
def test_and_is_silent_where_it_does_not(rule: Rule) -> None:
    fits = meeting(rule)
    for question in rule.when:
        others = {c.key for c in RULES.question(question).choices} - rule.when[question]
        for said in ({}, {question: ()}, *({question: (key,)} for key in others)):
            without: Said = {q: keys for q, keys in fits.items() if q != question}
            assert not rule.speaks(without | said)
    for question, keys in rule.unless.items():
        for key in keys:
            assert not rule.speaks(fits | {question: (key,)})
    assert rule.when or rule.unless or rule.level is Level.ASK


@pytest.mark.parametrize(("said", "expected"), [
    ({}, {"temporary": "ASK", "dibao": "ASK"}),
    ({"trouble": ("ill",), "status": ("dibao",)}, {"medical": "LIKELY", "temporary": "POSSIBLE"}),
    ({"trouble": ("ill",)}, {"medical": "POSSIBLE"}),
    ({"trouble": ("ill",), "status": ("edge",)}, {"medical": "LIKELY", "dibao": "POSSIBLE"}),
    ({"trouble": ("accident",), "urgent": ("now",)},
     {"temporary": "LIKELY", "emergency_medical": "POSSIBLE", "charity": "POSSIBLE"}),
    ({"people": ("old",), "support": ("nobody",), "income": ("nothing",)},
     {"tekun": "LIKELY", "elderly": "POSSIBLE", "dibao": "POSSIBLE"}),
    ({"people": ("disabled",), "grade": ("mental",), "status": ("edge",)},
     {"dibao": "LIKELY", "disability": "POSSIBLE"}),
    ({"people": ("disabled",), "grade": ("severe",)}, {"disability": "LIKELY", "dibao": "ASK"}),
    ({"people": ("child",), "support": ("nobody",)}, {"child": "LIKELY", "tekun": "POSSIBLE"}),
    ({"trouble": ("disaster",)}, {"disaster": "LIKELY", "housing": "ASK"}),
    ({"other": ("harmed", "adrift")}, {"judicial": "POSSIBLE", "vagrant": "LIKELY"}),
])
def test_households(said: Said, expected: dict[str, str]) -> None:
    found = {f.scheme: f.level.name for f in RULES.findings(said)}
    assert found | expected == found


@pytest.mark.parametrize(("said", "scheme"), [
    ({"status": ("dibao",), "income": ("nothing",)}, "dibao"),
    ({"status": ("tekun",), "people": ("old",), "support": ("nobody",), "income": ("nothing",)},
     "tekun"),
])
def test_what_they_have_is_not_offered_anew(said: Said, scheme: str) -> None:
    found = [f.scheme for f in RULES.findings(said)]
    assert scheme not in found
    assert "temporary" in found


def test_the_likeliest_come_first() -> None:
    said = {"trouble": ("ill", "disaster", "work"), "people": ("old",)}
    levels = [f.level for f in RULES.findings(said)]
    assert levels == sorted(levels, reverse=True)
    assert {*levels} == {*Level}


def test_every_rule_has_its_clause_and_its_scheme() -> None:
    for rule in RULES.rules:
        assert rule.scheme in PATHS
        assert rule.source.startswith(("seeds/", "facts/"))
        assert "第" in rule.basis or "（" in rule.basis
    assert {rule.scheme for rule in RULES.rules} == set(PATHS)


def test_a_condition_of_the_catalogue_is_quoted_as_it_stands_there() -> None:
    rules = {rule.key: rule for rule in RULES.rules}
    single = catalogue().schemes["dibao"].condition("single")
    assert rules["dibao-single"].gist == single.text
    with pytest.raises(LookupError):
        read(QUESTION + RULE.replace('quote = "c"', 'condition = "nothing"'))


def test_nothing_that_is_said_refuses_anyone_or_names_a_sum() -> None:
    texts = [rule.why for rule in RULES.rules] + list(LEVEL_NAMES.values())
    texts += [q.ask + q.again + "".join(c.label for c in q.choices) for q in RULES.questions]
    for text in texts:
        assert not any(word in text for word in ("不符合", "不能办", "不够条件", "不予", "元"))


# --- walking through


def answers_to(key: str, draw: st.DrawFn) -> tuple[str, ...]:
    """One answer, several where that goes, or none."""
    question = RULES.question(key)
    keys = [c.key for c in question.choices]
    picked = draw(st.lists(st.sampled_from(keys), max_size=3 if question.many else 1, unique=True))
    return RULES.chosen(key, picked)


@st.composite
def walks(draw: st.DrawFn) -> list[tuple[str, Said]]:
    """One person's way through: each question that was asked, with what was said before it."""
    said: Said = {}
    asked: list[tuple[str, Said]] = []
    while (question := RULES.next_question(said)) is not None:
        asked.append((question.key, dict(said)))
        said = said | {question.key: answers_to(question.key, draw)}
    asked.append(("", said))
    return asked


def levels(said: Said) -> dict[str, Level]:
    return {f.scheme: f.level for f in RULES.findings(said)}


def completions(key: str) -> Iterator[Said]:
    """What could still be answered besides: for each rule that looks at the question."""
    for rule in RULES.rules:
        if rule.asks(key):
            yield {q: keys for q, keys in meeting(rule).items() if q != key}


def could_change(key: str, said: Said) -> bool:
    """By trying: whether two answers to it lead, with the same rest, to different results."""
    answers: list[tuple[str, ...]] = [(), *((c.key,) for c in RULES.question(key).choices)]
    return any(
        len({str(levels(rest | said | {key: given_})) for given_ in answers}) > 1
        for rest in completions(key)
    )


@settings(max_examples=150, deadline=None)
@given(walks())
def test_every_way_through(walk: list[tuple[str, Said]]) -> None:
    asked, said = walk[:-1], walk[-1][1]
    assert len(asked) <= MOST_QUESTIONS
    assert len({key for key, _ in asked}) == len(asked)
    for key, before in asked:
        assert could_change(key, before), (key, before)
    # Something is always worth a call, whatever was said.
    assert RULES.findings(said)
    # What was not asked would have changed nothing.
    for question in RULES.questions:
        if question.key not in said:
            for choice in question.choices:
                assert levels(said | {question.key: (choice.key,)}) == levels(said)


def test_all_left_out_still_gives_somebody_to_ask() -> None:
    said: Said = {}
    while (question := RULES.next_question(said)) is not None:
        said[question.key] = ()
    assert {f.level for f in RULES.findings(said)} == {Level.ASK}
    # Who says nothing of the household is not asked about its people one by one.
    assert "grade" not in said
    assert "support" not in said


def test_a_question_whose_answer_changes_nothing_is_not_asked() -> None:
    assert not RULES.matters("grade", {"people": ("old",)})
    assert RULES.matters("grade", {"people": ("disabled",)})
    assert not RULES.matters("people", {"people": ("none",)})


def test_none_stands_alone() -> None:
    assert RULES.chosen("people", ["none", "old"]) == ("old",)
    assert RULES.chosen("people", ["none"]) == ("none",)
    with pytest.raises(ValueError, match="no such answer"):
        RULES.chosen("people", ["young"])


def test_the_record_says_what_was_answered_and_shown() -> None:
    said = {"trouble": ("ill",), "urgent": (), "status": ("dibao",)}
    record = RULES.record(said)
    assert record["answers"] == [
        ["家里碰上什么难处了？可以选几样。", ["有人生病"]],
        ["家里现在已经领着哪一样？", ["低保"]],
    ]
    shown = {row["scheme"]: row for row in record["shown"]}
    assert shown["medical"]["level"] == "likely"
    assert shown["medical"]["rule"] == "medical-helped"
    assert shown["medical"]["quote"] in RULES.findings(said)[0].rule.quote


# --- data that does not hold together

QUESTION = """
[[questions]]
key = "q"
ask = "?"
again = "?"
choices = [{ key = "a", label = "A" }]
"""
RULE = """
[[rules]]
key = "r"
scheme = "dibao"
level = "ask"
when = { q = ["a"] }
why = "w"
basis = "b"
quote = "c"
source = "s"
"""


def parts(*wrong: tuple[str, str]) -> Iterable[str]:
    for old, new in wrong:
        yield QUESTION + RULE.replace(old, new)


def test_a_small_one_is_read() -> None:
    assert isinstance(read(QUESTION + RULE), Navigator)


@pytest.mark.parametrize("text", [
    *parts(
        ('["a"]', '["b"]'), ('["a"]', "[]"), ("q = [", "x = ["), ('quote = "c"\n', ""),
        ('quote = "c"', 'quote = "c"\ngist = "d"'), ('basis = "b"', 'basis = ""'),
        ('source = "s"', 'source = ""'), ('why = "w"', 'why = ""'),
    ),
    QUESTION + RULE + RULE,
    QUESTION * 9 + RULE,
])
def test_and_a_wrong_one_is_not(text: str) -> None:
    with pytest.raises(ValueError, match=r"^r: |same key|more than"):
        read(text)
