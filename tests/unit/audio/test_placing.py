from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.audio.elementary import ByteClock, adts_frame_bytes, mpeg_frame_bytes
from speechqa.audio.timeline import Placer
from speechqa.core.segment import Segment

RATE = 8_000
FRAME = 160


def placed(times: list[float | None], **options: float) -> Placer:
    placer = Placer(RATE, **options)  # type: ignore[arg-type]
    for time in times:
        placer.place(time, FRAME)
    return placer


def test_frames_in_a_row_leave_no_gap() -> None:
    placer = placed([index * 0.02 for index in range(50)])
    assert (placer.position, placer.lost) == (50 * FRAME, ())


@given(st.lists(st.floats(-0.015, 0.015), min_size=2, max_size=60))
def test_jitter_is_no_loss(jitters: list[float]) -> None:
    placer = placed([0.0, *(index * 0.02 + jitter for index, jitter in enumerate(jitters, 1))])
    assert placer.lost == ()
    assert placer.position == (len(jitters) + 1) * FRAME


@given(st.sets(st.integers(1, 200), min_size=1))
def test_a_frame_is_never_more_than_the_jitter_from_its_time(missing: set[int]) -> None:
    placer = Placer(RATE)
    for index in range(201):
        if index not in missing:
            silence, dropped = placer.place(index * 0.02, FRAME)
            start = (placer.position - FRAME + dropped) / RATE
            assert abs(start - index * 0.02) <= 0.041
            assert silence >= 0


def test_a_gap_becomes_silence_and_is_lost() -> None:
    placer = placed([0.0, 0.02, 1.5], declared_s=10.0)
    assert placer.lost == (Segment(0.04, 1.5),)
    assert placer.position == round(1.52 * RATE)


def test_priming_before_time_zero_is_dropped() -> None:
    placer = Placer(RATE)
    assert placer.place(-0.01, FRAME) == (0, 80)
    assert placer.place(0.01, FRAME) == (0, 0)


def test_a_late_start_within_priming_is_no_loss_and_a_later_one_is() -> None:
    assert placed([0.06]).lost == ()
    assert placed([0.5]).lost == (Segment(0.0, 0.5),)
    assert placed([0.5], starts_at_s=0.5).lost == ()


def test_one_stray_timestamp_changes_nothing() -> None:
    for stray in (500.0, -3.0):
        placer = placed([0.0, 0.02, stray, 0.06, 0.08], declared_s=1.0)
        assert (placer.lost, placer.position, placer.rewinds) == ((), 5 * FRAME, 0)


def test_a_clock_set_back_joins_the_parts() -> None:
    placer = placed([5.0 + index * 0.02 for index in range(10)] + [index * 0.02 for index in range(10)])
    assert placer.rewinds == 1
    assert placer.position == round(5.0 * RATE) + 20 * FRAME


def test_an_overlap_is_dropped() -> None:
    placer = Placer(RATE)
    placer.place(0.0, 1_600)
    assert placer.place(0.1, 1_600) == (0, 800)


def test_broken_timestamps_cannot_fill_a_disk() -> None:
    placer = placed([0.0, 1e6, 1e6 + 0.02, 1e6 + 0.04])
    assert placer.position == 4 * FRAME


@given(st.binary(max_size=16))
def test_frame_lengths_of_any_bytes(data: bytes) -> None:
    for read in (mpeg_frame_bytes, adts_frame_bytes):
        length = read(data)
        assert length is None or 0 <= length < 10_000


def test_damaged_bytes_are_turned_into_time() -> None:
    clock = ByteClock("mp3")
    frame = bytes.fromhex("fff368c4").ljust(216, b"\0")
    assert mpeg_frame_bytes(frame) == 216
    for _ in range(10):
        assert clock.damage(frame, 0.036) == 0.0
    assert clock.damage(b"\x12" * 2_160, 0.036) == pytest.approx(9 * 0.036)
