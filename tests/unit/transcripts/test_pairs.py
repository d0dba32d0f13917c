from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.transcripts import are_sides, named_pairs, one_sided, parse, read, speakers_of
from speechqa.transcripts.imported import ImportedTranscript
from tests.unit.transcripts.test_reading_captions_and_timelines import DATA, needs_data


def grid(tiers: dict[str, list[tuple[float, float, str]]], end: float = 60.0) -> ImportedTranscript:
    lines = ["ooTextFile", "TextGrid", 0, end, "<exists>", len(tiers)]
    text = [f'"{line}"' if isinstance(line, str) and line[0] != "<" else str(line) for line in lines]
    for name, turns in tiers.items():
        text += ['"IntervalTier"', f'"{name}"', "0", str(end), str(len(turns))]
        text += [f'{start}\n{stop}\n"{said}"' for start, stop, said in turns]
    return parse("\n".join(text).encode(), "textgrid")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x_doctor.TextGrid", "x_patient.TextGrid"),
        ("call1.agent.TextGrid", "call1.caller.TextGrid"),
        ("c-left.rttm", "c-right.RTTM"),
        ("c_ch0.json", "c_ch1.json"),
        ("שיחה_נציג.json", "שיחה_לקוח.json"),
    ],
)
def test_names_that_differ_in_the_last_part_make_a_pair(one: str, other: str) -> None:
    pairs = named_pairs([f"d/{one}", "d/alone.json", f"d/{other}"])
    assert set(pairs) == {f"d/{one}", f"d/{other}"}
    assert pairs[f"d/{one}"] is pairs[f"d/{other}"]


@pytest.mark.parametrize(
    "names",
    [
        ["call_1.TextGrid", "call_2.TextGrid"],  # numbered calls
        ["take1.TextGrid", "take2.TextGrid"],
        ["x_take1.TextGrid", "x_take2.TextGrid"],
        ["x_2026.json", "x_2027.json"],
        ["x_a.json", "x_b.json", "x_c.json"],  # three is no pair
        ["x_agent.json", "x_customer.vtt"],
        ["a/x_agent.json", "b/x_customer.json"],
        ["agent.json", "customer.json"],  # nothing in common
    ],
)
def test_other_names_make_none(names: list[str]) -> None:
    assert named_pairs(names) == {}


def test_sides_hold_one_speaker_each_on_one_clock_and_take_turns() -> None:
    (pair,) = set(named_pairs(["c_doctor.TextGrid", "c_patient.TextGrid"]).values())
    doctor = grid({"Doctor": [(0.0, 4.0, "hello"), (10.0, 14.0, "well")]})
    patient = grid({"Patient": [(4.5, 9.0, "hi"), (13.5, 20.0, "so")]})
    assert are_sides(pair, [doctor, patient])
    both = grid({"Doctor": [(0.0, 4.0, "hello")], "Patient": [(4.5, 9.0, "hi")]})
    assert not are_sides(pair, [doctor, both])
    longer = grid({"Patient": [(4.5, 9.0, "hi")]}, end=90.0)
    assert not are_sides(pair, [doctor, longer])
    over = grid({"Patient": [(0.5, 4.0, "hi"), (10.5, 13.0, "so")]})
    assert not are_sides(pair, [doctor, over])
    untimed = parse(b'{"turns": [{"speaker": "x", "text": "hi"}]}')
    assert not are_sides(pair, [doctor, untimed])


def test_parties_are_called_by_role_by_their_own_name_or_by_the_files() -> None:
    one, other = grid({"Speaker": [(0.0, 4.0, "hello")]}), grid({"Speaker": [(5.0, 9.0, "hi")]})
    (pair,) = set(named_pairs(["c_doctor.TextGrid", "c_patient.TextGrid"]).values())
    assert speakers_of(pair, [one, other]) == ("doctor", "patient")
    assert speakers_of(pair, [grid({"Dr": [(0.0, 4.0, "hello")]}), other]) == (None, None)
    (roles,) = set(named_pairs(["c.agent.TextGrid", "c.caller.TextGrid"]).values())
    assert speakers_of(roles, [grid({"Dana": [(0.0, 4.0, "hello")]}), other]) == ("agent", None)


def test_a_lone_side_is_known_as_one() -> None:
    assert one_sided(grid({"Doctor": [(0.0, 4.0, "hello")]}))
    assert not one_sided(grid({"Doctor": [(0.0, 4.0, "hello")], "Patient": [(5.0, 9.0, "hi")]}))
    assert not one_sided(parse(b'{"turns": [{"speaker": "agent", "text": "hi"}]}'))
    assert not one_sided(parse(b'{"turns": [{"text": "hi", "start": 0, "end": 1}]}'))


@pytest.mark.data
@needs_data
def test_sides_of_real_consultations_are_told_from_sides_of_others() -> None:
    files = {str(p): read(p) for p in sorted(Path(DATA, "turns", "primock57").glob("*.TextGrid"))}
    pairs = named_pairs(list(files))
    assert len(pairs) == len(files) == 50
    for pair in pairs.values():
        assert are_sides(pair, [files[path] for path in pair.paths])
    (some, *others) = dict.fromkeys(pair.paths for pair in pairs.values())
    (pair,) = set(named_pairs(["x_a.TextGrid", "x_b.TextGrid"]).values())
    assert not any(are_sides(pair, [files[some[0]], files[other[1]]]) for other in others)
