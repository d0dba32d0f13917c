"""What the trained model reads in turns, for both genders alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from speechqa.core.rubric import Rubric
from speechqa.criteria import annotate, load_rubric, validate_rubric
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.shipped_model import ShippedModel
from speechqa.criteria.turn_features import DIGEST, features
from speechqa.criteria.turn_reader import FILE, ReaderCard, TurnReader, shipped_turn_model
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound
from tests.support.calls_as_text import RUBRIC, SERVICE, transcript

ROOT = Path(__file__).parents[3]
CALL = """
a: good morning harrow bank leanne speaking
c: hi i lost my card on the bus
a: was it the debit one or the credit one
c: the debit one
a: right that card is dead now and a fresh one goes in the post tonight
c: lovely
a: was there owt else today
c: no that's me done
a: ta for ringing us mind how you go
c: ta ra
"""


def called(text: str = CALL, language: str = "en", rubric: Rubric = RUBRIC) -> CallText:
    return CallText(lexicon_of(rubric), transcript(text, language))


def lines(text: str, language: str = "en", rubric: Rubric = RUBRIC) -> tuple[Line, ...]:
    return called(text, language, rubric).lines


def test_every_line_gets_the_marks_of_its_party() -> None:
    found = shipped_turn_model().marks(called())
    assert all(0 <= value <= 1 for marks in found for value in marks.values())
    assert {"clarify", "empathy", "farewell"} <= set(found[0])
    assert {"complaint", "need"} <= set(found[1])
    assert "complaint" not in found[0]
    unknown = shipped_turn_model().marks(called("u: good morning\na: hello there"))
    assert unknown[0] == {}
    assert unknown[1]


def test_what_stands_out_is_marked() -> None:
    found = shipped_turn_model().marks(called())
    assert max(range(len(found)), key=lambda n: found[n].get("else", 0.0)) == 6
    assert max(range(len(found)), key=lambda n: found[n].get("clarify", 0.0)) == 2


def test_what_is_far_away_does_not_change_a_turn() -> None:
    # Only what stands around a turn counts, and where in the call it stands.
    every = shipped_turn_model().marks(called())
    other = shipped_turn_model().marks(called(CALL.replace("ta ra", "that was no help to me at all")))
    assert other[:7] == every[:7]
    assert other[9] != every[9]
    assert shipped_turn_model().marks(called()) == every


def test_the_call_that_was_read_last_is_not_taken_for_another() -> None:
    swapped = CALL.replace("a:", "x:").replace("c:", "a:").replace("x:", "c:")
    fresh = TurnReader(ShippedModel(FILE, ReaderCard, what="model of turn meanings", features=DIGEST))
    first = fresh.marks(called())
    second = fresh.marks(called(swapped))
    assert first[0].keys() != second[0].keys()
    assert fresh.marks(called()) == first


def test_one_long_turn_makes_no_other_long(monkeypatch) -> None:
    given: list[tuple[int, int]] = []
    model = ShippedModel(FILE, ReaderCard, what="model of turn meanings", features=DIGEST)
    reader, run = TurnReader(model), model.run

    def counted(output, rows, shape):
        (row,) = rows.values()
        given.append(row.shape)
        return run(output, rows, shape)

    monkeypatch.setattr(model, "run", counted)
    words = " ".join(f"i will call you back by day {n} and" for n in range(2_000))
    text = "\n".join([*(f"a: and then {n}\nc: okay {n}" for n in range(300)), f"a: {words}"])
    reader.marks(called(text))
    assert sum(rows * width for rows, width in given) < 400_000


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("אתה צריך לבדוק את זה שוב", "את צריכה לבדוק את זה שוב"),
        ("אני מבין אותך לגמרי ואני מטפל בזה", "אני מבינה אותך לגמרי ואני מטפלת בזה"),
        ("תבדוק בבקשה ותחזור אליי", "תבדקי בבקשה ותחזרי אליי"),
    ],
)
def test_a_man_and_a_woman_are_read_alike(man, woman) -> None:
    both = [f"a: שלום\nc: יש לי בעיה\na: {said}\nc: תודה" for said in (man, woman)]
    first, second = (list(features(lines(text, "he"))) for text in both)
    assert first == second


def test_features_are_hashes_each_once() -> None:
    for hashes in features(lines(CALL)):
        assert hashes == sorted(set(hashes))
    assert list(features(lines(CALL))) == list(features(lines(CALL)))


def test_the_copy_in_models_is_the_same_file() -> None:
    for suffix in (".onnx", ".toml"):
        copy = (ROOT / "models" / FILE.name).with_suffix(suffix)
        assert copy.read_bytes() == FILE.with_suffix(suffix).read_bytes()


def test_a_missing_or_changed_model_is_refused(tmp_path) -> None:
    def load(path: Path) -> None:
        ShippedModel(path, ReaderCard, what="model of turn meanings", features=DIGEST)

    with pytest.raises(ModelNotFound, match="turn meanings is missing"):
        load(tmp_path / "turn-meanings.onnx")
    copied = Path(shutil.copy(FILE, tmp_path))
    card = Path(shutil.copy(FILE.with_suffix(".toml"), tmp_path))
    load(copied)
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace(f'features = "{DIGEST}"', 'features = "0-1"'), encoding="utf-8")
    with pytest.raises(ModelError, match="another description of turns"):
        load(copied)
    card.write_text(text, encoding="utf-8")
    copied.write_bytes(copied.read_bytes() + b"\0")
    with pytest.raises(ModelDigestMismatch, match="not the one its card names"):
        load(copied)
    card.write_text("name = 5", encoding="utf-8")
    with pytest.raises(ModelError, match="card that cannot be used"):
        load(copied)


def test_whether_a_rubric_reads_with_it_is_inherited_and_checked(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    head = 'name = "mine"\nversion = 1\nextends = "service"\n'
    path.write_text(head, encoding="utf-8")
    assert load_rubric(path).turn_model
    path.write_text(head + "turn_model = false\n", encoding="utf-8")
    assert not load_rubric(path).turn_model
    path.write_text(head + 'turn_model = "yes"\n', encoding="utf-8")
    (problem,) = [p for p in validate_rubric(path) if p.severity == "error"]
    assert (problem.key, problem.line, problem.found) == ("turn_model", 4, "yes")


def test_acts_that_phrases_miss_are_found_in_a_rubric_that_reads_again() -> None:
    said = transcript(CALL.replace("was there owt else today", "owt more i can sort while you're on"), "en")
    by_rules, both = (
        [{act.act for act in turn.acts} for turn in annotate(said, rubric).turns]
        for rubric in (RUBRIC, SERVICE)
    )
    assert all(first <= second for first, second in zip(by_rules, both, strict=True))
    assert "request_more" in both[6]
