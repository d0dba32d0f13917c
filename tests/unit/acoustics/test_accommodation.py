"""Two voices compared: what was planted is found, what was not is hardly ever, and too little is nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from speechqa.acoustics.accommodation import MIN_EXCHANGES, MIN_FALLS, accommodation
from speechqa.acoustics.exchanges import MAX_GAP_S
from speechqa.acoustics.frames import FEATURES, VoicedFrames
from speechqa.acoustics.nuclei import count_nuclei
from speechqa.acoustics.voiced_turns import VoicedTurn, voiced_turns
from speechqa.core.accommodation import Accommodation, AccommodationFigure, mirrored
from speechqa.core.segment import Segment

SEEDS = range(120)


def course(count: int, rng: np.random.Generator, alike: float = 0.0) -> np.ndarray:
    """Values of unit spread whose neighbours correlate by `alike`."""
    values = rng.standard_normal(count)
    for k in range(1, count):
        values[k] = alike * values[k - 1] + np.sqrt(1 - alike**2) * values[k]
    return values


def turns_of(agent, customer, *, f0=2.0, level=3.0, rate=0.7) -> list[VoicedTurn]:
    """A call in which both take turns, agent first; columns are the three features."""
    found, time = [], 0.0
    for k in range(len(agent) + len(customer)):
        party, row = ("A", agent[k // 2]) if k % 2 == 0 else ("B", customer[k // 2])
        length = 1.0 + k % 3
        found.append(
            VoicedTurn(
                party=party,
                start=round(time, 3),
                end=round(time + length, 3),
                voiced_s=1.5,
                f0_st=(85.0 if party == "A" else 95.0) + f0 * row[0],
                level_db=level * row[1],
                rate=4.5 + rate * row[2],
            )
        )
        time += length + 0.4
    return found


def unrelated(count: int, seed: int, alike: float = 0.0) -> list[VoicedTurn]:
    rng = np.random.default_rng(seed)
    agent, customer = (np.column_stack([course(count, rng, alike) for _ in range(3)]) for _ in range(2))
    return turns_of(agent, customer)


def led(count: int, seed: int, share: float) -> list[VoicedTurn]:
    """A customer who answers each turn of the agent with so much of its value."""
    rng = np.random.default_rng(seed)
    agent = rng.standard_normal((count, 3))
    customer = share * agent + np.sqrt(1 - share**2) * rng.standard_normal((count, 3))
    return turns_of(agent, customer)


def compared(turns) -> Accommodation:
    return accommodation(turns, agent="A", customer="B")


def figures(found: Accommodation) -> dict[str, AccommodationFigure]:
    named = {}
    for name, feature in found.features.items():
        named |= {
            f"{name}.proximity": feature.proximity,
            f"{name}.convergence": feature.convergence,
            f"{name}.synchrony": feature.synchrony,
            **{f"{name}.follows.{who}": figure for who, figure in feature.follows.items()},
            **{f"{name}.falls.{who}": falls.difference for who, falls in feature.after_falls.items()},
        }
    return named


@pytest.mark.parametrize(("count", "alike"), [(12, 0.0), (25, 0.0), (25, 0.5)])
def test_unrelated_voices_are_clear_in_one_call_in_twenty_at_most(count, alike):
    calls = [figures(compared(unrelated(count, seed, alike))) for seed in SEEDS]
    clear = sum(any(figure.clear for figure in call.values()) for call in calls)
    # 5 % of 120 is 6; more than 12 would come by chance once in a hundred times at a true 5 %.
    assert clear <= 12
    chances = [figure.p for call in calls for figure in call.values() if figure.p is not None]
    assert len(chances) > 1000
    assert np.mean(np.array(chances) < 0.05) <= 0.06


def test_a_common_course_over_the_call_is_no_synchrony():
    clear = Counter()
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        down = np.linspace(2, -2, 25)[:, None]
        both = [down + rng.standard_normal((25, 3)) for _ in range(2)]
        for name, figure in figures(compared(turns_of(*both))).items():
            clear[name.split(".")[1]] += figure.clear
    assert clear["synchrony"] <= 12
    assert clear["proximity"] <= 12


def test_a_customer_who_goes_along_is_found_and_so_is_who_leads():
    followers = Counter()
    for seed in range(30):
        found = figures(compared(led(25, seed, 0.9)))
        followers["customer"] += found["f0.follows.customer"].clear
        followers["agent"] += found["f0.follows.agent"].clear
        followers["falls"] += (found["level.falls.agent"].high or 0) < 0
        followers["synchrony"] += found["rate.synchrony"].value > 0
        followers["proximity"] += found["f0.proximity"].value > 0.5
    assert followers["customer"] >= 28
    assert followers["falls"] >= 20
    assert followers["agent"] <= 2
    assert followers["synchrony"] == followers["proximity"] == 30


def test_an_agent_who_follows_is_not_taken_for_the_leader():
    rng = np.random.default_rng(3)
    customer = rng.standard_normal((25, 3))
    agent = np.vstack([rng.standard_normal((1, 3)), 0.9 * customer[:-1] + 0.4 * rng.standard_normal((24, 3))])
    found = figures(compared(turns_of(agent, customer)))
    assert found["f0.follows.agent"].clear
    assert found["f0.follows.agent"].value > 0.5
    assert not found["f0.follows.customer"].clear


def test_voices_that_come_closer_converge_and_reversed_part():
    # Values bound to one common course that both near from opposite sides.
    rng = np.random.default_rng(0)
    gap = np.linspace(2.5, 0.1, 30)[:, None]
    common = rng.standard_normal((30, 3)) * 0.2
    agent, customer = common + gap, common - gap + 0.1 * rng.standard_normal((30, 3))
    rate = compared(turns_of(agent, customer)).features["rate"]
    assert rate.convergence.clear
    assert rate.convergence.value > 0.8
    assert rate.distance_first_half > rate.distance_second_half
    back = compared(turns_of(agent[::-1], customer[::-1])).features["rate"]
    assert back.convergence.clear
    assert back.convergence.value < -0.8


def test_shuffled_turns_lose_what_was_planted():
    clear = 0
    for seed in range(60):
        turns = led(25, seed, 0.9)
        rng = np.random.default_rng(seed)
        order = iter(rng.permutation([k for k, turn in enumerate(turns) if turn.party == "B"]))
        mixed = [
            replace(turn, **{name: getattr(turns[next_one], name) for name in ("f0_st", "level_db", "rate")})
            if turn.party == "B" and (next_one := next(order)) is not None
            else turn
            for turn in turns
        ]
        clear += any(figure.clear for figure in figures(compared(mixed)).values())
    assert clear <= 8


@settings(max_examples=40, deadline=None)
@given(count=st.integers(2, 30), seed=st.integers(0, 10_000), share=st.sampled_from([0.0, 0.6]))
def test_swapping_the_parties_mirrors_every_figure(count, seed, share):
    turns = led(count, seed, share)
    there, back = compared(turns), accommodation(turns, agent="B", customer="A")
    assert mirrored(there) == back
    assert mirrored(mirrored(there)) == there
    assert list(mirrored(there).parties) == list(back.parties)


@settings(max_examples=40, deadline=None)
@given(count=st.integers(6, 25), seed=st.integers(0, 10_000))
def test_every_figure_lies_in_its_interval_and_range(count, seed):
    for name, figure in figures(compared(unrelated(count, seed))).items():
        if figure.value is None:
            assert figure.reason
            assert figure.low is figure.high is figure.p is None
            continue
        assert figure.low <= figure.value <= figure.high, name
        assert 0 <= figure.p <= 1
        if "falls" not in name:
            assert -1 <= figure.low <= figure.high <= 1


def test_a_clear_figure_leaves_no_accommodation_outside_its_interval():
    seen = 0
    for seed in range(30):
        for name, figure in figures(compared(led(25, seed, 0.7))).items():
            if figure.clear:
                seen += 1
                none = 0.5 if "proximity" in name else 0.0
                assert not figure.low <= none <= figure.high
    assert seen > 20


def test_too_few_exchanges_give_no_figure_and_say_so():
    few = compared(unrelated(MIN_EXCHANGES // 2, 0))
    for figure in figures(few).values():
        assert figure.value is None
        assert "9 exchanges, needs 10" in figure.reason
    # Ten in all are five and four of each direction.
    some = compared(unrelated(6, 0)).features["f0"]
    assert some.synchrony.value is not None
    assert some.follows["customer"].value is None
    assert some.after_falls["agent"].difference.value is None
    assert f"needs {MIN_FALLS}" in some.after_falls["agent"].difference.reason
    nothing = accommodation([], agent="A", customer="B")
    assert nothing.features["f0"].reason == "0 exchanges, needs 10"


def test_turns_too_short_for_a_rate_leave_the_rest():
    turns = [replace(turn, rate=None) for turn in unrelated(15, 1)]
    found = compared(turns)
    assert "no turn is long enough" in found.features["rate"].reason
    assert found.features["f0"].proximity.value is not None


@pytest.mark.parametrize("left", [0.0, 0.05])
def test_a_voice_that_hardly_changes_has_no_figures(left):
    turns = unrelated(15, 1)
    flat = [replace(turn, level_db=left * turn.level_db) if turn.party == "A" else turn for turn in turns]
    found = compared(flat)
    assert found.features["level"].reason == "a party's turns hardly differ"
    assert found.features["level"].synchrony.value is None
    assert found.features["f0"].reason is None


def test_a_long_wait_is_no_exchange():
    turns = unrelated(10, 2)
    late = [
        replace(turn, start=turn.start + MAX_GAP_S * (k >= 10), end=turn.end + MAX_GAP_S * (k >= 10))
        for k, turn in enumerate(turns)
    ]
    assert compared(turns).features["f0"].exchanges == 19
    assert compared(late).features["f0"].exchanges == 18


def test_falls_are_counted_as_heard():
    # The agent falls by 3 dB in every other turn, the customer by 1 dB after it.
    agent = np.array([[k % 2, -(k % 2), 0] for k in range(14)], float)
    agent += np.random.default_rng(0).standard_normal(agent.shape) * 1e-3
    customer = agent / 3
    falls = compared(turns_of(agent, customer)).features["level"].after_falls["agent"]
    assert (falls.falls, falls.fell_too, falls.others, falls.fell_otherwise) == (7, 7, 6, 0)
    assert falls.mean_change == pytest.approx(-1, abs=0.01)
    assert falls.mean_change_otherwise == pytest.approx(1, abs=0.01)


# --- turns of voices ---


def frames(times, f0, level) -> VoicedFrames:
    values = np.zeros((len(times), len(FEATURES)))
    values[:, 0] = f0
    return VoicedFrames(
        times=np.asarray(times, float),
        values=values,
        weights=np.ones(len(times)),
        level_db=np.broadcast_to(level, len(times)).astype(float),
        hop_s=0.016,
    )


def voice(*stretches: tuple[float, float, float, float]) -> VoicedFrames:
    """Voiced throughout stretches of start, end, semitones and dB."""
    parts = [(np.arange(start, end, 0.016), f0, level) for start, end, f0, level in stretches]
    times = np.concatenate([part[0] for part in parts])
    f0 = np.concatenate([np.full(len(part[0]), part[1]) for part in parts])
    level = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    return frames(times, f0, level)


def test_turns_follow_the_floor_and_level_is_the_partys_own():
    speech = {
        "A": (Segment(0, 2), Segment(2.2, 4), Segment(8, 10)),
        "B": (Segment(4.5, 7),),
    }
    voices = {"A": voice((0, 4, 90, -20), (8, 10, 92, -26)), "B": voice((4.5, 7, 80, -40))}
    found = voiced_turns(voices, speech)
    assert [(turn.party, turn.start, turn.end) for turn in found] == [
        ("A", 0, 4),
        ("B", 4.5, 7),
        ("A", 8, 10),
    ]
    assert [turn.f0_st for turn in found] == [90, 80, 92]
    assert [turn.level_db for turn in found] == [0, 0, -6]


def test_talk_over_the_other_is_left_out_and_a_token_takes_no_turn():
    speech = {"A": (Segment(0, 6),), "B": (Segment(2, 2.2), Segment(5, 9))}
    voices = {"A": voice((0, 5, 90, -20), (5, 6, 99, -10)), "B": voice((2, 2.2, 80, -40), (5, 9, 85, -40))}
    first, second = voiced_turns(voices, speech)
    assert (first.party, second.party) == ("A", "B")
    assert first.f0_st == 90
    assert first.voiced_s == pytest.approx(4.8, abs=0.05)
    assert second.voiced_s == pytest.approx(3.0, abs=0.05)


def random_voices(seed: int) -> tuple[dict[str, VoicedFrames], dict[str, tuple[Segment, ...]]]:
    rng = np.random.default_rng(seed)
    speech: dict[str, list[Segment]] = {"A": [], "B": []}
    parts: dict[str, list[tuple[float, float, float, float]]] = {"A": [], "B": []}
    time = 0.0
    for k in range(40):
        party, length = "AB"[k % 2], 0.6 + rng.exponential(1.5)
        parts[party].append((time, time + length, 85 + rng.normal(0, 2), -30 + rng.normal(0, 3)))
        speech[party].append(Segment(time, time + length))
        time += length + 0.4
    return {party: voice(*found) for party, found in parts.items()}, {p: tuple(s) for p, s in speech.items()}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("a", "b"), [(12.0, 0.0), (0.0, -12.0), (7.3, -3.1)])
def test_gain_of_either_channel_changes_nothing(seed, a, b):
    voices, speech = random_voices(seed)
    gained = {
        party: replace(found, level_db=found.level_db + {"A": a, "B": b}[party])
        for party, found in voices.items()
    }
    assert compared(voiced_turns(gained, speech)) == compared(voiced_turns(voices, speech))


def test_nuclei_are_peaks_of_level_with_a_dip_between_them():
    times = np.arange(200) * 0.016
    swing = 5 * np.sin(2 * np.pi * 4 * times)  # four a second over 3.2 s
    assert count_nuclei(times, swing, 0.016) == 13
    assert count_nuclei(times, swing - 40, 0.016) == 13
    assert count_nuclei(times, 0.1 * swing, 0.016) == 1
    # A pause in the voice parts syllables of one level; a single frame is none.
    apart = np.where(times > 1.6, times + 0.2, times)
    assert count_nuclei(apart, np.zeros(200), 0.016) == 2
    assert count_nuclei(times[:1], np.zeros(1), 0.016) == count_nuclei(times[:0], np.zeros(0), 0.016) == 0


def test_the_rate_of_a_turn_is_nuclei_in_a_second_of_its_speech():
    times = np.arange(0, 4, 0.016)
    found = frames(times, 90.0, 0.0)
    found = replace(found, level_db=5 * np.sin(2 * np.pi * 3 * times))
    (turn,) = voiced_turns({"A": found}, {"A": (Segment(0, 4),)})
    assert turn.rate == pytest.approx(3.0, abs=0.3)
    (short,) = voiced_turns({"A": found}, {"A": (Segment(0, 1),)})
    assert short.rate is None


def test_no_voice_no_turns():
    none = frames(np.zeros(0), 0.0, 0.0)
    assert voiced_turns({"A": none, "B": none}, {"A": (), "B": (Segment(0, 1),)}) == ()
