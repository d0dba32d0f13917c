"""What the trained model reads in turns: where no phrase is found, marked, for both genders alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from speechqa.core.rubric import Rubric
from speechqa.criteria import CallView, judge, load_rubric, validate_rubric
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.shipped_model import ShippedModel
from speechqa.criteria.turn_features import DIGEST, features
from speechqa.criteria.turn_reader import FILE, ReaderCard, TurnReader, reader_of, shipped_turn_model
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound
from tests.support.calls_as_text import RUBRIC, transcript

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


def lines(text: str = CALL, language: str = "en", rubric: Rubric = RUBRIC) -> tuple[Line, ...]:
    return CallText(lexicon_of(rubric), transcript(text, language)).lines


def reader(rubric: Rubric = RUBRIC) -> TurnReader:
    found = reader_of(rubric)
    assert found is not None
    return found


def test_the_built_in_rubric_reads_with_it_and_another_may_leave_it() -> None:
    assert RUBRIC.turn_model
    assert reader_of(replace(RUBRIC, turn_model=False)) is None


def test_a_turns_scores_do_not_depend_on_what_else_is_scored() -> None:
    every = lines()
    whole = reader().scores(every)
    padded = "\n".join([CALL.strip(), "a: " + "and so on and so forth " * 40])
    # Only what stands around a turn counts, not how long others are.
    assert reader().scores(lines(padded))[0] == whole[0]
    assert all(0 <= score <= 1 for row in whole.values() for _, score in row)
    assert reader().scores(every) == whole


def test_each_party_has_meanings_of_its_own() -> None:
    every = lines()
    found = reader().scores(every)
    assert {tag.list for tag, _ in found[0]} >= {"outcome", "request_more"}
    assert "no_more" in {tag.list for tag, _ in found[1]}
    unknown = "u: good morning\na: hello there"
    assert set(reader().scores(lines(unknown))) == {1}


def test_one_long_turn_makes_no_other_long(monkeypatch) -> None:
    given: list[tuple[int, int]] = []
    model = shipped_turn_model()
    run = model.run

    def counted(output, rows, shape):
        (row,) = rows.values()
        given.append(row.shape)
        return run(output, rows, shape)

    monkeypatch.setattr(model, "run", counted)
    words = " ".join(f"word{n}" for n in range(9_000))
    text = "\n".join([*(f"a: and then {n}\nc: okay {n}" for n in range(300)), f"a: {words}"])
    TurnReader(model, frozenset({"outcome"})).meant(lines(text))
    assert max(rows for rows, width in given if width > 5_000) == 1
    assert sum(rows * width for rows, width in given) < 200_000


def test_only_lists_of_the_rubric_are_found() -> None:
    few = TurnReader(shipped_turn_model(), frozenset({"goodbye"}))
    assert {name for meant in few.meant(lines()) for name in meant} <= {"goodbye"}


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
    first, second = (features(lines(text, "he")) for text in both)
    assert first == second


def test_features_are_places_of_the_model_each_once() -> None:
    for places in features(lines()):
        assert places == sorted(set(places))
        assert places[0] > 0
    assert features(lines()) == features(lines())


def test_evidence_that_it_found_is_marked_and_weighs_less() -> None:
    unmarked, marked = [], []
    for text in (CALL, CALL.replace("was there owt else today", "anything else i can help you with")):
        for finding in judge(RUBRIC, CallView(transcript=transcript(text), language="en")):
            by_model = any(TurnReader.mark in evidence.note for evidence in finding.evidence)
            (marked if by_model else unmarked).append(finding)
    assert unmarked
    assert all(finding.confidence is None or finding.confidence <= 0.8 for finding in marked)


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
