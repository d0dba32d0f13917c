"""Every parser of ours on what it was not made for: cases cut and glued from the fuzzer's own beginnings.

`make fuzz` looks for such cases by what code they reach; here a few of each are tried wherever tests run.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.targets import TARGETS

TRIES = int(os.environ.get("SPEECHQA_TRIES", "12"))
"""Cases a parser; tried with 2,000."""
LONG_ENOUGH = 4096
PLAIN = settings(max_examples=TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
_ANYWHERE = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r\n",
    b"NaN",
    b"-1",
    b"1e999",
    b"9" * 4400,
)


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_raises_its_own_errors_alone(name, tmp_path):
    target = TARGETS[name]
    case = target.make(tmp_path)
    for seed in (b"", *target.seeds):
        case(seed)
    words = (*(word.encode() for word in target.words), *_ANYWHERE)
    pieces = st.sampled_from(target.seeds).flatmap(
        lambda seed: st.tuples(st.just(seed), st.integers(0, len(seed)), st.integers(0, len(seed)))
    )
    joints = st.sampled_from(words) | st.binary(max_size=6)

    @given(st.lists(st.tuples(pieces, joints), min_size=1, max_size=3))
    @PLAIN
    def tried(parts):
        case(
            b"".join(seed[:first] + joint + seed[last:] for (seed, first, last), joint in parts)[:LONG_ENOUGH]
        )

    tried()
