"""The model of speech acts: what it finds, and what happens where it is not the one it should be."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from speechqa.core.transcript import ActName
from speechqa.criteria import annotate, shipped_act_model
from speechqa.criteria.act_features import SIZE, features
from speechqa.criteria.act_model import FILE, OnnxActModel
from speechqa.criteria.act_reading import read
from speechqa.criteria.calltext import CallText
from speechqa.criteria.lexicon import lexicon_of
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound
from tests.support.calls_as_text import RUBRIC, transcript

SHOWN = Path(__file__).parents[3] / "models"


def acts(text: str, language: str = "en") -> set[str]:
    return {act.act for act in annotate(transcript(text, language), RUBRIC).turns[-1].acts}


@pytest.mark.parametrize(
    "call",
    [
        "a: and the card number\nc: four nine two nine\na: four nine two nine",
        "a: where to\nc: from preston to wigan please\na: preston to wigan okay and which day do you want",
        "a: what time\nc: nine fifteen\na: okay that's nine fifteen from platform two",
        "a: and your policy number\nc: k l seven\na: right so that's k l seven",
        "a: when was that\nc: the end of march\na: sorry could you say that again",
        "a: how many nights\nc: two from friday\na: two nights from friday is that right\nc: yes",
    ],
)
def test_details_given_back_and_asked_for_again_are_clarifying(call: str) -> None:
    lines = call.splitlines()
    turns = annotate(transcript(call), RUBRIC).turns
    last = max(index for index, line in enumerate(lines) if line.startswith("a:"))
    assert "clarify" in {act.act for act in turns[last].acts}


@pytest.mark.parametrize(
    "call",
    [
        "c: what's the fare to leeds\na: it's forty pounds fifty for a return",
        "c: can you tell me the times\na: there's one at nine fifteen and one at ten oh two",
        "a: hello how can i help\nc: my boiler broke down\na: i'm sorry about that i'll book somebody",
        "c: thanks very much\na: you're welcome bye now",
    ],
)
def test_what_is_new_is_not_clarifying(call: str) -> None:
    assert "clarify" not in acts(call)


MAN = """a: שלום מדבר דני איך אפשר לעזור
c: אני צריך תור ליום רביעי בבוקר
a: ליום רביעי בבוקר אתה אומר
c: כן אם אתה יכול
a: אתה יודע את המספר שלך
c: שלוש אחת שבע
a: שלוש אחת שבע נכון אתה מחכה רגע אני בודק
c: אני מחכה
a: אני אשלח לך הודעה תבדוק בבקשה ותגיד לי"""
WOMAN = """a: שלום מדברת דני איך אפשר לעזור
c: אני צריכה תור ליום רביעי בבוקר
a: ליום רביעי בבוקר את אומרת
c: כן אם את יכולה
a: את יודעת את המספר שלך
c: שלוש אחת שבע
a: שלוש אחת שבע נכון את מחכה רגע אני בודקת
c: אני מחכה
a: אני אשלח לך הודעה תבדקי בבקשה ותגידי לי"""


def test_hebrew_is_told_alike_for_men_and_women() -> None:
    man, woman = (annotate(transcript(call, "he"), RUBRIC).turns for call in (MAN, WOMAN))
    assert [turn.acts for turn in man] == [turn.acts for turn in woman]
    assert "clarify" in {act.act for act in man[2].acts}
    assert "clarify" in {act.act for act in man[6].acts}


def test_an_answer_of_yes_is_more_than_a_listeners_token() -> None:
    assert "backchannel" not in acts("a: do you have a railcard\nc: yes")
    assert "backchannel" in acts("a: it leaves at nine\nc: yes")


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("a: dunmore motors", {"identify"}, set()),
        ("a: hello how can i help", {"greet", "offer"}, {"identify"}),
        ("a: yes", set(), {"identify"}),
        ("c: bye\na: thanks for calling acme bye now", {"thank", "goodbye"}, {"greet"}),
        ("c: it is broken\na: i'm sorry we have none left", {"apologise"}, set()),
        ("c: it is broken\na: i'm sorry what was the name", {"clarify"}, {"apologise"}),
        ("c: nine please\na: sorry to keep you waiting", {"apologise"}, set()),
        ("c: that is all\na: anything else i can help you with", {"request_more"}, {"offer"}),
    ],
)
def test_where_a_phrase_stands_says_what_it_means(text: str, present: set[str], absent: set[str]) -> None:
    # Lines between keep what is asked from being the opening.
    call = text if "\n" not in text else "a: hello\nc: hello\na: yes\nc: well\n" + text
    found = acts(call)
    assert present <= found
    assert not absent & found


@pytest.mark.parametrize("said", ["שלום", "ערב טוב"])
def test_what_greets_and_takes_leave_greets_at_the_beginning(said: str) -> None:
    call = f"a: מוקד הגליל {said}\nc: שלום\na: איך אפשר לעזור\nc: כלום\na: להתראות"
    first = {act.act for act in annotate(transcript(call, "he"), RUBRIC).turns[0].acts}
    assert "greet" in first
    assert "goodbye" not in first


def test_one_time_said_in_two_ways_is_one() -> None:
    call = transcript("c: half past five\na: seventeen thirty\nc: five forty five\na: quarter to six")
    times = [read(line).times for line in CallText(lexicon_of(RUBRIC), call).lines]
    assert times[0] & times[1]
    assert times[2] & times[3]
    assert not times[0] & times[2]


def test_the_same_text_gives_the_same_acts_and_neighbouring_calls_change_nothing() -> None:
    call = transcript("a: where to\nc: to wigan\na: wigan and which day")
    other = transcript("a: hello\nc: hello\na: four nine two nine")
    first = annotate(call, RUBRIC)
    annotate(other, RUBRIC)
    assert annotate(call, RUBRIC) == first


def test_another_model_can_be_given() -> None:
    class Never:
        name = "never"

        @property
        def thresholds(self) -> Mapping[ActName, float]:
            return {"clarify": 0.5}

        def scores(self, turns: NDArray[np.float32]) -> NDArray[np.float64]:
            assert turns.shape[1] == SIZE
            return np.zeros((len(turns), 1))

    call = transcript("a: and the number\nc: four nine\na: four nine")
    assert "clarify" in {act.act for act in annotate(call, RUBRIC).turns[-1].acts}
    assert "clarify" not in {act.act for act in annotate(call, RUBRIC, Never()).turns[-1].acts}


def test_a_call_without_words_needs_no_scores() -> None:
    empty = CallText(lexicon_of(RUBRIC), transcript(""))
    model = shipped_act_model()
    rows, _ = features(empty)
    assert model.scores(rows).shape == (0, len(model.thresholds))
    assert annotate(transcript(""), RUBRIC).turns == ()


def test_the_model_that_is_shown_is_the_one_that_is_packaged() -> None:
    for name in (FILE.name, FILE.with_suffix(".toml").name):
        assert (SHOWN / name).read_bytes() == (FILE.parent / name).read_bytes()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in (FILE.name, FILE.with_suffix(".toml").name):
        shutil.copyfile(FILE.parent / name, tmp_path / name)
    return tmp_path / FILE.name


def test_the_name_holds_the_digest(copied: Path) -> None:
    assert OnnxActModel(copied).name == shipped_act_model().name
    assert "sha256:" in shipped_act_model().name


@pytest.mark.parametrize("name", [FILE.name, FILE.with_suffix(".toml").name])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied.parent / name).unlink()
    with pytest.raises(ModelNotFound, match=name.replace(".", r"\.")):
        OnnxActModel(copied)


def test_a_damaged_model_is_refused(copied: Path) -> None:
    whole = copied.read_bytes()
    copied.write_bytes(whole[:-9] + bytes(9))
    with pytest.raises(ModelDigestMismatch, match="not the one its card names"):
        OnnxActModel(copied)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('features = "', 'features = "0', "another description of turns"),
        ("[thresholds]", "[thresholds", "card that cannot be used"),
        ("clarify =", "mutter =", "card that cannot be used"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(copied: Path, old: str, new: str, told: str) -> None:
    card = copied.with_suffix(".toml")
    card.write_text(card.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError, match=told):
        OnnxActModel(copied)


def test_a_card_with_fewer_acts_than_the_model_gives_is_refused(copied: Path) -> None:
    card = copied.with_suffix(".toml")
    lines = card.read_text(encoding="utf-8").splitlines()
    card.write_text("\n".join(line for line in lines if not line.startswith("question")), encoding="utf-8")
    with pytest.raises(ModelError, match="gives other than it should"):
        OnnxActModel(copied).scores(np.zeros((2, SIZE), np.float32))
