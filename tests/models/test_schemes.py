"""The policy catalogue: whole, every fact with its source, and found by the words of people."""

from __future__ import annotations

from dataclasses import fields

import pytest

from models.lengths import Deadlines
from models.paths import PATHS
from models.schemes import GROUPS, LIMIT, STANDARD, Material, catalogue, search

WHOLE = catalogue()
SCHEMES = list(WHOLE.schemes.values())


def test_every_scheme_of_the_paths_is_there() -> None:
    assert set(WHOLE.schemes) == set(PATHS)


def test_grouped_as_article_15_groups() -> None:
    groups = {group: {one.id for one in WHOLE.in_group(group)} for group in GROUPS}
    assert groups["basic"] == {"tekun", "dibao"}
    assert groups["special"] == {"medical", "education", "housing", "employment", "disaster"}
    assert groups["urgent"] == {"temporary", "emergency_medical", "vagrant"}
    assert groups["other"] == {"child", "disability", "elderly", "judicial", "charity"}


def test_the_kinds_of_article_13() -> None:
    assert [kind.name for kind in WHOLE.kinds] == [
        "特困人员", "低保家庭", "低保边缘家庭", "刚性支出困难家庭", "受灾人员",
        "基本生活暂时严重困难的人员", "需要疾病应急救助的人员", "生活无着的流散人员",
    ]
    for kind in WHOLE.kinds:
        assert WHOLE.cited(kind.source)
        assert set(kind.schemes) <= set(WHOLE.schemes)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda one: one.id)
def test_every_fact_has_a_source_or_is_the_countys(scheme) -> None:
    for fact in scheme.facts:
        said = fact.name if isinstance(fact, Material) else fact.text
        assert said
        # Either of the two, never both: what has no clause waits for the county.
        assert bool(fact.source) != fact.county, said
        assert fact.county or WHOLE.cited(fact.source), said


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda one: one.id)
def test_complete_or_marked(scheme) -> None:
    for part in ("whom", "conditions", "gets", "steps", "limits", "materials", "apply", "fills"):
        assert getattr(scheme, part), part
    assert {one.name for one in fields(Deadlines)} >= set(scheme.limits)
    assert set(scheme.fills) <= {STANDARD, LIMIT}
    # No standard is in the facts: every county says its own.
    assert STANDARD in scheme.fills
    # A department's length has no rule of ours.
    assert (LIMIT in scheme.fills) == ("decision" not in scheme.limits)
    ids = [one.id for one in scheme.conditions]
    assert len(ids) == len(set(ids))
    assert all(ids)


def test_the_law_stands_above_older_measures() -> None:
    assert WHOLE.to_confirm("民发〔2021〕57号第十九条")
    assert not WHOLE.to_confirm("社会救助法第四十条；民发〔2021〕57号第九条")
    assert not WHOLE.to_confirm("")
    with pytest.raises(LookupError):
        WHOLE.cited("听人说的")


def test_a_condition_by_its_id() -> None:
    assert WHOLE.schemes["tekun"].condition("supporter").source.startswith("民发〔2021〕43号")
    with pytest.raises(LookupError):
        WHOLE.schemes["tekun"].condition("rich")


@pytest.mark.parametrize(
    ("said", "first"),
    [("低保一个月多少钱", "dibao"), ("五保户", "tekun"), ("危房", "housing"),
     ("助学金", "education"), ("救助站在哪", "vagrant"),
     ("两项补贴", "disability"), ("不公示", "child")],
)
def test_found_by_the_words_of_people(said, first) -> None:
    assert search(said)[0].id == first


def test_what_was_understood_goes_first_and_nothing_is_nothing() -> None:
    assert search("孩子他爸没了", ("child", "no such"))[0].id == "child"
    assert search("") == search("zzzz") == []
