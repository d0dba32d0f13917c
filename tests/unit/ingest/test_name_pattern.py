from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.errors import ManifestError
from speechqa.ingest.names import NamePattern


def test_fields_and_tags() -> None:
    said = NamePattern("{agent}_{customer}_{date}T{time}_{line}").match(
        "x/a7_k3_2026-11-20T09-14-30_in.2.wav"
    )
    assert said is not None
    meta = said.metadata
    assert (meta.agent_id, meta.customer_id, meta.started_at) == ("a7", "k3", "2026-11-20T09:14:30")
    assert meta.tags == {"line": "in.2"}


def test_names_with_spaces_hebrew_and_long_separators() -> None:
    said = NamePattern("{agent_name} - {call_id}").match("דנה לוי - c 1.mp3")
    assert said is not None
    assert (said.metadata.agent_name, said.call_id) == ("דנה לוי", "c 1")


def test_date_and_time_without_text_between() -> None:
    said = NamePattern("{date}{time}-{agent}").match("202611200914-a7.wav")
    assert said is not None
    assert said.metadata.started_at == "2026-11-20T09:14:00"


def test_folders_are_part_of_a_pattern_with_slashes() -> None:
    said = NamePattern("{team}/{agent}_{date}").match("/data/north/a7_20261120.wav")
    assert said is not None
    assert said.metadata.team == "north"


@pytest.mark.parametrize(
    "name",
    ["a7.wav", "a7_k3_20261340.wav", "a7__20261120.wav", "a_7_k3_20261120.wav", "a7_k3_20.11.2026.wav"],
)
def test_names_that_do_not_fit_or_fit_in_two_ways(name: str) -> None:
    assert NamePattern("{agent}_{customer}_{date}").match(name) is None


@pytest.mark.parametrize(
    "pattern",
    ["", "plain", "{}", "{agent", "agent}", "{agent}{customer}", "{agent}_{agent}", "{agent}_{agent_id}",
     "{agent!r}", "{agent:>3}", "{0}", "{a b}", "{agent}_{team.x}"],
)  # fmt: skip
def test_patterns_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(ManifestError):
        NamePattern(pattern)


def test_doubled_braces_are_braces() -> None:
    said = NamePattern("{{{agent}}}").match("{a7}.wav")
    assert said is not None
    assert said.metadata.agent_id == "a7"


def test_no_name_hangs_a_pattern() -> None:
    # Fifteen fields over thousands of separators: backtracking would not end.
    pattern = NamePattern("_".join(f"{{f{index}}}" for index in range(15)))
    assert pattern.match("_" * 4_000) is None
    assert pattern.match("a_" * 2_000) is not None


@given(st.binary(max_size=40))
def test_what_a_name_says_can_always_be_written(raw: bytes) -> None:
    said = NamePattern("{agent}-{line}").match(os.fsdecode(raw))
    if said is not None:
        (said.metadata.agent_id or "").encode("utf-8")
