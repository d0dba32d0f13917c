"""What a profile lets be computed, what it tells the reader, and that no curve of anybody moves a score."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from speechqa.assembly import build_engines, score_transcripts
from speechqa.assembly.rejudging import settings_of
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import decode, encode
from speechqa.core.profiles import EVERY_NOTICE, PROFILES, curves_of, notices_of
from speechqa.core.recording import Recording
from speechqa.core.stress import (
    AbsoluteView,
    StressBaseline,
    StressChange,
    StressCurve,
    StressEpisode,
    StressSummary,
    StressWindow,
)
from speechqa.errors import ConfigurationError
from speechqa.pipeline.judgement import Gathered, RunStamp, judged
from speechqa.pipeline.rejudge import rejudged
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.words import Words, adopt
from speechqa.transcripts.reading import read

pytestmark = pytest.mark.xdist_group("profiles")  # which analyses calls once for all tests

CALLS = sorted((Path(__file__).parents[1] / "criteria" / "calls").glob("??-*.json"))[:12:3]
STAMP = RunStamp(run_id="r", created_at="t")
CHOICES = (
    Settings(engine="none", profile="eu"),
    Settings(engine="none", profile="il"),
    Settings(engine="none", profile="il", agent_stress=True),
)


def test_the_agents_curve_is_refused_where_the_law_forbids_it():
    with pytest.raises(ConfigurationError) as raised:
        Settings(agent_stress=True)
    error = raised.value
    assert error.exit_code == 3
    assert "profile eu" in error.message
    assert "5(1)(f)" in error.message
    assert error.hint
    assert Settings(profile="il", agent_stress=True).agent_stress
    with pytest.raises(ValueError, match="eu, il"):
        Settings(profile="us")  # type: ignore[arg-type]


@pytest.mark.parametrize("requested", [False, True])
@pytest.mark.parametrize("name", sorted(PROFILES))
def test_the_table_is_what_is_computed(name, requested):
    roles = curves_of(name, agent_requested=requested)
    assert roles == ({"customer", "agent"} if name == "il" and requested else {"customer"})
    assert "unknown" not in roles
    told = notices_of(name, agent_requested=requested)
    assert told
    assert set(told) <= EVERY_NOTICE
    assert (len(told) == 2) == ("agent" in roles)


def test_notices_name_the_law():
    (eu,) = notices_of("eu", agent_requested=False)
    for article in ("5(1)(f)", "50(3)", "Annex III", "operator's responsibility"):
        assert article in eu
    il = " ".join(notices_of("il", agent_requested=True))
    for source in ("Protection of Privacy Law", "Amendment 13", "Data Security", "2017", "must be told"):
        assert source in il


@pytest.fixture(scope="module")
def rubric():
    return build_engines(CHOICES[0]).rubric


@pytest.fixture(scope="module")
def heard(rubric) -> list[Gathered]:
    """Calls as they are before they are judged, the turns' own times taken for what was heard."""
    found = []
    for path in CALLS:
        (document,) = score_transcripts([str(path)], settings=CHOICES[0])
        assert isinstance(document, CallAnalysis)
        words = adopt(read(str(path)), None, language=None)
        placed = tuple(
            replace(turn, start=4.0 * index, end=4.0 * index + 3.5, words=(), voiced=True)
            for index, turn in enumerate(words.transcript.turns)
        )
        words = replace(words, transcript=replace(words.transcript, turns=placed), timed_by_sound=True)
        found.append(gathered(words, document))
    assert len(found) > 2
    return found


def gathered(words: Words, document: CallAnalysis) -> Gathered:
    turns = words.transcript.turns
    parties = sorted({turn.party for turn in turns if turn.party})
    speech = tuple(tuple(t.segment for t in turns if t.party == party and t.segment) for party in parties)
    recording = Recording(
        path="x.wav", sha256="0", duration=4.0 * len(turns) + 4, sample_rate=8000, channels=len(parties)
    )
    return Gathered(
        call_id=document.call_id,
        path="x.wav",
        words=words,
        roles=document.roles,
        metadata=document.metadata,
        sound=Sound(recording=recording, speech=speech, faint=speech, separate=True),
    )


level = st.floats(-1e6, 1e6, allow_nan=False)
time = st.floats(0, 1e4)
share = st.floats(0, 1)
windows = st.builds(
    lambda start, length, value, voiced: StressWindow(
        start=start,
        end=start + length,
        value=value,
        confidence="none" if value is None else "ok" if voiced > 4 else "low",
        voiced_seconds=voiced,
    ),
    time, st.floats(0, 60), st.none() | level, st.floats(0, 12),
)  # fmt: skip
changes = st.builds(
    lambda start, low, rise: StressChange(
        kind="rise", at=start, start=start, end=start, from_at=1.0, to_at=2.0,
        from_value=low, to_value=low + rise, uncertainty=1.0
    ),
    time, st.floats(-100, 100), st.floats(1, 100),
)  # fmt: skip
curves = st.builds(
    StressCurve,
    windows=st.lists(windows, max_size=8).map(tuple),
    episodes=st.lists(
        st.builds(
            lambda start, height: StressEpisode(start=start, peak=start, end=start + 1, peak_value=height),
            time, level,
        ), max_size=3,
    ).map(tuple),
    baseline=st.builds(StressBaseline, source=st.sampled_from(("call", "recordings", "none"))),
    reason=st.none() | st.text(max_size=9),
    changes=st.lists(changes, max_size=2).map(tuple),
    summary=st.none()
    | st.builds(
        StressSummary, windows=st.integers(0, 9), peak=level, peak_at=time, mean=level, raised_share=share,
        ended=st.sampled_from(("calmer", "same", "more aroused", None)),
    ),
    absolute=st.none()
    | st.builds(AbsoluteView, flagged=st.booleans(), reason=st.text(max_size=9), confidence=st.just("low")),
)  # fmt: skip
stress = st.dictionaries(st.sampled_from(("customer", "agent", "unknown")), curves, max_size=3)


def without_voice(document: CallAnalysis) -> CallAnalysis:
    """All but the curves themselves and what to listen to, which nothing counts."""
    return replace(document, stress={}, listen_to=())


@pytest.mark.parametrize(
    "chosen", CHOICES, ids=lambda s: f"{s.profile}-{'with' if s.agent_stress else 'no'}-agent"
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_curve_moves_a_finding_or_a_score(heard, rubric, chosen, data):
    call = data.draw(st.sampled_from(heard))
    with_voice = judged(replace(call, stress=data.draw(stress)), rubric=rubric, settings=chosen, stamp=STAMP)
    silent = judged(call, rubric=rubric, settings=chosen, stamp=STAMP)
    assert encode(without_voice(with_voice)) == encode(without_voice(silent))
    assert with_voice.findings == silent.findings
    assert with_voice.scores == silent.scores
    again = rejudged(with_voice, rubric=rubric, settings=chosen, stamp=STAMP)
    assert again.findings == silent.findings
    assert again.scores == silent.scores


@pytest.mark.parametrize(
    "chosen", CHOICES, ids=lambda s: f"{s.profile}-{'with' if s.agent_stress else 'no'}-agent"
)
def test_every_analysed_call_says_what_was_computed_of_voices(heard, rubric, chosen):
    told = notices_of(chosen.profile, agent_requested=chosen.agent_stress)
    for call in heard:
        document = judged(call, rubric=rubric, settings=chosen, stamp=STAMP)
        assert document.notices[-len(told) :] == told
        others = (settings_ for settings_ in CHOICES if settings_ is not chosen)
        for other in others:
            again = rejudged(document, rubric=rubric, settings=other, stamp=STAMP)
            stated = tuple(notice for notice in again.notices if notice in EVERY_NOTICE)
            assert stated == notices_of(other.profile, agent_requested=other.agent_stress)


def test_words_alone_need_no_notice_of_voices(heard, rubric):
    bare = replace(heard[0], sound=None)
    document = judged(bare, rubric=rubric, settings=CHOICES[0], stamp=STAMP)
    assert not set(document.notices) & EVERY_NOTICE


def test_a_document_made_under_looser_rules_is_judged_without_the_agents_curve(heard, rubric):
    raised = StressCurve(
        windows=(StressWindow(start=0, end=12, value=9.0, confidence="ok", voiced_seconds=9),)
    )
    both = replace(heard[0], stress={"agent": raised, "customer": raised})
    document = judged(both, rubric=rubric, settings=CHOICES[2], stamp=STAMP)
    assert set(document.stress) == {"agent", "customer"}
    loose = replace(
        document.provenance, profile="eu", settings={**document.provenance.settings, "profile": "eu"}
    )
    old = decode(encode(replace(document, provenance=loose)))
    assert isinstance(old, CallAnalysis)
    now = settings_of(old)
    assert (now.profile, now.agent_stress) == ("eu", False)
    again = rejudged(old, rubric=rubric, settings=now, stamp=STAMP)
    assert set(again.stress) == {"customer"}


@pytest.mark.parametrize("kind", ["agent", "unknown"])
def test_only_the_customers_curve_says_where_to_listen(heard, rubric, kind):
    loud = StressCurve(episodes=(StressEpisode(start=1, peak=2, end=3, peak_value=9.0),))
    call = replace(heard[0], stress={kind: loud})
    for chosen in CHOICES:
        document = judged(call, rubric=rubric, settings=chosen, stamp=STAMP)
        assert document.listen_to == judged(heard[0], rubric=rubric, settings=chosen, stamp=STAMP).listen_to
