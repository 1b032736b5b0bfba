"""The corpus is sound, what is measured was never learned, what was reached holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.intents import Intent
from bot.lexicon import default_lexicon
from bot.linear import URGENCIES, default_model, read_model, write_model
from scripts.corpus import FOLDER, HELD, Labelled, folded, learning, read
from scripts.evaluate import Share, main, report, score
from scripts.train import COLUMNS, example, model_of, trained

LEARNED = learning()
MEASURED = [sentence for file in sorted(FOLDER.glob(HELD)) for sentence in read(file)]
# What was reached on the sentences held out (docs/decisions/0016-understanding.md); one may not
# quietly undo it. The goals themselves stand in scripts/evaluate.py.
REACHED = {
    "held": {"intent": 0.93, "scheme": 0.95, "urgent": 0.97},
    "held2": {"intent": 0.88, "scheme": 0.90, "urgent": 0.93},
    "held3": {"intent": 0.95, "scheme": 0.93, "urgent": 0.97},
}
FALSE_AT_MOST = 0.10


def test_the_corpus_is_as_large_as_was_asked() -> None:
    everything = [*LEARNED, *MEASURED]
    assert len(everything) >= 1500
    assert sum(s.urgent != "-" for s in everything) >= 300
    intents = Counter(s.intent for s in everything)
    assert min(intents[intent] for intent in Intent) >= 50
    schemes = Counter(scheme for s in everything for scheme in s.schemes)
    assert min(schemes[scheme] for scheme in default_lexicon().scheme_names) >= 10
    dangers = Counter(danger for s in everything for danger in s.dangers)
    assert min(dangers[danger] for danger in URGENCIES[2:]) >= 20


def test_nothing_that_is_measured_was_learned() -> None:
    learned = {folded(sentence.text) for sentence in LEARNED}
    # Said by their number, so that a failure does not print what nobody may read.
    shared = [at for at, sentence in enumerate(MEASURED) if folded(sentence.text) in learned]
    assert not shared, shared


def test_no_sentence_is_learned_twice() -> None:
    count = Counter(folded(s.text) for s in LEARNED if not s.group.startswith("seen"))
    assert [text for text, n in count.items() if n > 1] == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob(HELD)), ids=lambda file: file.stem)
def test_what_was_reached_holds_on_sentences_held_out(file: Path) -> None:
    shares = score(read(file)).shares
    reached = REACHED[file.stem].items()
    assert {n: shares[n].value for n, least in reached if shares[n].value < least} == {}
    assert shares["false urgent"].value <= FALSE_AT_MOST


def test_the_weights_that_ship_are_of_this_lexicon_and_these_columns() -> None:
    model = default_model()
    assert model.columns == COLUMNS
    assert {scheme.removeprefix("scheme:") for scheme in COLUMNS if scheme.startswith("scheme:")} \
        == set(default_lexicon().scheme_names)
    assert model.rows.known(["低保"])


def test_training_gives_the_same_every_time_and_the_file_keeps_it() -> None:
    some = [example(sentence) for sentence in LEARNED[:120]]
    first, again = trained(some), trained(some)
    assert write_model(COLUMNS, *first, 0.04) == write_model(COLUMNS, *again, 0.04)
    kept = read_model(write_model(COLUMNS, *first, 0.0).splitlines())
    assert kept.columns == COLUMNS
    for piece, row in first[1].items():
        found = kept.rows.total(kept.rows.known([piece]).values())
        assert found == pytest.approx(row, abs=0.006)
    assert kept.rows.known(["没有这"]) == {}


def test_a_model_says_what_it_has_no_room_for() -> None:
    head = ["intent:help", "0:1"]
    rows = read_model([*head, "一0\t0:1", "丁1\t0:2047"]).rows
    assert rows.total(rows.known(["一0", "丁1", "没有"]).values()) == [20.48]
    with pytest.raises(ValueError, match="room"):
        read_model([*head, "一\t0:2048"])
    for wrong in (["丁1\t0:1", "一0\t0:1"], ["一0\t0:1", "一0\t0:1"]):
        with pytest.raises(ValueError, match="order"):
            read_model(head + wrong)


def test_as_many_rows_as_a_message_can_have_add_up() -> None:
    pieces = [chr(0x4E00 + n) for n in range(2500)]
    lines = ["intent:help intent:other", "", *(f"{one}\t0:2047 1:-2047" for one in pieces)]
    rows = read_model(lines).rows
    all_of_them = rows.known(pieces)
    assert rows.total(all_of_them.values()) == pytest.approx([51175.0, -51175.0])
    assert rows.weight(all_of_them["一"], 1) == -20.47


def test_a_piece_of_rare_characters_has_its_own_row() -> None:
    rows = read_model(["intent:help", "0:0", "𠮷𠮷𠮷\t0:7", "@whom:self\t0:9"]).rows
    assert rows.total(rows.known(["𠮷𠮷𠮷", "𠮷𠮷"]).values()) == [0.07]
    assert rows.total(rows.known(["@whom:self"]).values()) == [0.09]


def test_a_model_learns_what_it_is_told() -> None:
    told = [
        Labelled(Intent.TRACK, "-", frozenset(), f"{word}查进度{word}", "a") for word in "甲乙丙丁"
    ] + [
        Labelled(Intent.NOTICE, "!", frozenset(), f"{word}看公示{word}", "a") for word in "甲乙丙丁"
    ]
    model = model_of([example(sentence) for sentence in told])
    weighed = model.weigh(["公示", "看公"], [])
    assert max(weighed.intents, key=lambda name: weighed.intents[name]) == "notice"
    assert weighed.urgencies["urgent"] > weighed.urgencies["calm"]
    assert set(weighed.spoke) == {"公示", "看公"}


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 0, 0, 1), (10, 10, 0.722, 1.0), (0, 10, 0, 0.278), (50, 100, 0.404, 0.596)],
)
def test_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    assert Share(hits, of).interval == pytest.approx((low, high), abs=0.001)


def test_the_command_fails_under_what_is_asked_and_shows_no_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("# remark\n\ntrack | - | - | 查进度\napply | ! suicide | - | 我不想活了\n")
    bad.write_text("track | ! | - | 查进度\n")
    assert main([str(good)]) == 0
    assert main([str(bad)]) == 1
    said = capsys.readouterr().out
    assert "bad.txt: urgent" in said
    assert "查进度" not in said
    assert main([str(bad), "--misses"]) == 1
    assert "查进度" in capsys.readouterr().out
    assert "urgent" in report("x", score(read(good)))


@pytest.mark.parametrize("line", [
    "track | - | 查进度", "king | - | - | 查进度", "track | ? | - | 查进度",
    "track | ! fire | - | 查", "track | - | gold | 查进度",
])
def test_a_line_that_is_none_is_named_and_not_repeated(line: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.txt"
    file.write_text(f"track | - | - | 到哪了\n{line}\n")
    with pytest.raises(ValueError, match=r"wrong\.txt, line 2") as wrong:
        read(file)
    assert "查" not in str(wrong.value)
