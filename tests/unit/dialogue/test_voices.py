"""Two voices out of made-up embeddings: found, timed, and doubted where there is reason to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.segment import Segment, Timeline, difference, intersection, seconds, union
from speechqa.dialogue.voices import clusters as voice_clusters
from speechqa.dialogue.voices import finding as voices
from speechqa.dialogue.voices.clusters import VoiceSettings
from speechqa.dialogue.voices.finding import tell_apart, windows

DIMENSIONS = 24


def embedded(
    spans, owner: tuple[Timeline, Timeline], *, apart: float = 1.0, spread: float = 0.25, seed: int = 0
):
    """Unit vectors of windows: each a mix of two voices by how much of it is whose, and noise."""
    rng = np.random.default_rng(seed)
    centre = rng.standard_normal(DIMENSIONS)
    centre /= np.linalg.norm(centre)
    away = rng.standard_normal(DIMENSIONS)
    away -= (away @ centre) * centre
    away /= np.linalg.norm(away)
    rows = []
    for span in spans:
        parts = [seconds(intersection(line, (span,))) for line in owner]
        lean = (parts[1] - parts[0]) / max(sum(parts), 1e-9)
        noise = rng.standard_normal(DIMENSIONS) * spread / np.sqrt(DIMENSIONS)
        rows.append(centre + 0.5 * apart * lean * away + noise)
    vectors = np.array(rows)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def conversation(*, turns: int = 8, length: float = 3.0, pause: float = 0.5, seed: int = 1):
    rng = np.random.default_rng(seed)
    lines: tuple[list[Segment], list[Segment]] = ([], [])
    position = 0.5
    for index in range(turns):
        end = position + length * rng.uniform(0.6, 1.4)
        lines[index % 2].append(Segment(round(position, 2), round(end, 2)))
        position = end + pause
    return tuple(lines[0]), tuple(lines[1])


def told(owner, **kwargs):
    speech = union((*owner[0], *owner[1]))
    spans = windows(speech)
    return tell_apart(spans, embedded(spans, owner, **kwargs), speech)


def wrong(owner, found) -> float:
    total = sum(seconds(line) for line in owner)
    right = max(
        sum(seconds(intersection(a, b)) for a, b in zip(owner, order, strict=True))
        for order in (found.speakers, found.speakers[::-1])
    )
    return 1.0 - right / total


def test_two_voices_are_found_and_named_in_order_of_speaking():
    owner = conversation()
    found = told(owner)
    assert len(found.speakers) == 2
    assert wrong(owner, found) < 0.02
    assert found.speakers[0][0].start == owner[0][0].start
    assert found.confidence > 0.9
    assert not found.finds_overlap
    assert found.overlapped == ()


def test_a_change_without_a_pause_is_found_near_its_place():
    owner = (Segment(0.0, 6.0), Segment(12.0, 18.0)), (Segment(6.0, 12.0), Segment(18.0, 24.0))
    found = told(owner)
    borders = sorted(segment.end for line in found.speakers for segment in line)[:-1]
    assert borders == pytest.approx([6.0, 12.0, 18.0], abs=0.25)


def test_a_party_who_only_says_yes_is_a_voice_of_its_own():
    long = tuple(Segment(6.0 * i, 6.0 * i + 5.0) for i in range(6))
    short = tuple(Segment(6.0 * i + 5.3, 6.0 * i + 5.8) for i in range(6))
    found = told((long, short))
    assert wrong((long, short), found) < 0.02
    assert min(seconds(line) for line in found.speakers) == pytest.approx(3.0, abs=0.3)


def test_voices_that_sound_more_alike_are_less_sure():
    owner = conversation()
    sure = [told(owner, apart=apart).confidence for apart in (1.2, 0.8, 0.5)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > sure[2] + 0.02


def test_one_voice_split_in_two_is_not_believed():
    owner = conversation(turns=10)
    assert told(owner, apart=0.0, spread=0.6).confidence < 0.5


def test_a_third_voice_is_said_and_lowers_the_confidence():
    owner = conversation(turns=12)
    third = tuple(Segment(60.0 + 4 * i, 63.0 + 4 * i) for i in range(4))
    speech = union((*owner[0], *owner[1], *third))
    spans = windows(speech)
    vectors = embedded(spans, owner)
    stranger = np.random.default_rng(9).standard_normal(DIMENSIONS)
    stranger /= np.linalg.norm(stranger)
    late = np.array([span.start >= 60.0 for span in spans])
    vectors[late] = 0.6 * vectors[late] + stranger
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = tell_apart(spans, vectors, speech)
    assert len(found.speakers) == 2
    assert any("third voice" in note for note in found.notes)
    assert found.confidence < 0.5
    assert told(owner).notes == ()


def test_less_of_a_second_voice_is_less_sure():
    owner = conversation()
    little = owner[0], (Segment(owner[1][0].start, owner[1][0].start + 1.2),)
    assert told(little).confidence < told(owner).confidence


def test_too_little_for_two_is_one_voice():
    speech = (Segment(1.0, 1.4),)
    assert tell_apart(windows(speech), np.eye(1, DIMENSIONS), speech).speakers == (speech,)
    assert tell_apart((), np.zeros((0, DIMENSIONS)), ()).speakers == ()
    owner = (Segment(0.0, 9.0),), (Segment(9.5, 9.9),)
    assert len(told(owner).speakers) == 1, "under a second of another voice is none"


def test_identical_embeddings_are_one_voice():
    speech = (Segment(0.0, 5.0), Segment(6.0, 9.0))
    spans = windows(speech)
    found = tell_apart(spans, np.tile(np.eye(1, DIMENSIONS), (len(spans), 1)), speech)
    assert found.speakers == (speech,)


def test_a_window_without_its_embedding_is_refused():
    speech = (Segment(0.0, 5.0),)
    with pytest.raises(ValueError, match="one embedding a window"):
        tell_apart(windows(speech), np.eye(2, DIMENSIONS), speech)


def test_pauses_are_closed_but_never_over_the_other_voice():
    left = Segment(0.0, 1.0), Segment(1.2, 2.0), Segment(2.25, 3.0)
    right = (Segment(1.05, 1.15),)
    assert voices._bridged(left, right) == (Segment(0.0, 1.05), Segment(1.15, 3.0))


def test_the_work_of_clustering_does_not_grow_with_the_call(monkeypatch):
    tried = []
    real = voice_clusters._two_means
    monkeypatch.setattr(
        voice_clusters, "_two_means", lambda means, *rest: tried.append(len(means)) or real(means, *rest)
    )
    bounds = VoiceSettings(seeds=10, pieces=50)
    for turns in (100, 400):
        tried.clear()
        owner = conversation(turns=turns, length=2.0)
        speech = union((*owner[0], *owner[1]))
        spans = windows(speech)
        found = tell_apart(spans, embedded(spans, owner), speech, bounds)
        assert wrong(owner, found) < 0.02, "those not clustered go to the nearer voice"
        assert len(tried) == 3 * 45, "once for the call and once within each voice"
        assert max(tried) <= 50


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 500.0))
def test_voices_cover_the_speech_once_and_follow_the_clock(seed, later):
    owner = conversation(seed=seed, turns=6, pause=0.4)
    speech = union((*owner[0], *owner[1]))
    spans = windows(speech)
    vectors = embedded(spans, owner, seed=seed)
    found = tell_apart(spans, vectors, speech)
    again = tell_apart(spans, vectors, speech)
    assert found == again
    assert 0.0 <= found.confidence <= 1.0
    if len(found.speakers) == 2:
        assert intersection(*found.speakers) == ()
        both = union((*found.speakers[0], *found.speakers[1]))
        assert seconds(difference(speech, both)) < 1e-6
    late = round(later, 2)
    moved = tuple(Segment(round(s.start + late, 3), round(s.end + late, 3)) for s in speech)
    shifted = tell_apart(windows(moved), vectors, moved)
    assert len(shifted.speakers) == len(found.speakers)
    for a, b in zip(found.speakers, shifted.speakers, strict=True):
        assert seconds(a) == pytest.approx(seconds(b), abs=0.11)


def test_windows_lie_inside_the_speech_and_reach_both_ends():
    speech = (Segment(0.0, 0.15), Segment(2.0, 3.7), Segment(5.0, 9.0))
    found = windows(speech)
    assert [w for w in found if w.start < 1.0] == [Segment(0.0, 0.2)]
    long = [w for w in found if w.start >= 5.0]
    assert long[0].start == 5.0
    assert long[-1].end == 9.0
    assert all(w.duration == pytest.approx(1.6, abs=2e-3) for w in long)
