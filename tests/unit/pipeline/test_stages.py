"""Stages are computed once, come out as they were, and are found by all that they depend on."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import replace as with_engine

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.acoustics import frames as frames_module
from speechqa.acoustics.frames import VoicedFrames
from speechqa.cache.folder import FolderCache
from speechqa.config import Settings
from speechqa.core.codec import encode
from speechqa.errors import EngineUnavailable, RecordingChanged
from speechqa.ingest.identity import identity
from speechqa.pipeline import analyze
from speechqa.pipeline import stages as stage_module
from speechqa.pipeline.analyze import analyze_call
from speechqa.pipeline.judgement import RunStamp
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.stages import VOICE
from speechqa.protocols import Diarization
from tests.support import arousal_models, embedding_models
from tests.support.stages import CARD, CountingDecoder, MemoryCache, Says, engines_for, short_call, source_of

STAMP = RunStamp(run_id="r", created_at="2026-01-01T00:00:00+00:00")
PLAIN = Settings(engine="none", diarizer="none", agent_channel=0)

STAGES_OF = {
    "engine": {"words"},
    "language": {"words"},
    "rubric": set(),
    "agent_channel": set(),  # but where it says which channel starts later: then the source is another
    "role_floor": set(),
    "profile": set(),  # whose voice is measured, not what is found in it
    "agent_stress": set(),
    "raw_format": {"sound", "words", "voice", "modelled_voice"},
    "raw_channels": set(),  # but of headerless files
    "diarizer": {"sound"},
    "accommodation": set(),
    "arousal": {"modelled_voice"},
    "embeddings": set(),
}
"""The stages that each setting is part of; where it is of none it must change no result of a stage."""


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    return short_call(tmp_path_factory.mktemp("call") / "call.wav")


@pytest.fixture(scope="module")
def mono(tmp_path_factory):
    return short_call(tmp_path_factory.mktemp("call") / "mono.wav", mono=True)


@pytest.fixture
def spoken_of(monkeypatch):
    """The stage of every key that is made."""
    found: dict[str, str] = {}
    digest = stage_module._digest

    def seen(parts):
        key = digest(parts)
        found[key] = parts[0]
        return key

    monkeypatch.setattr(stage_module, "_digest", seen)
    return found


def analysed(path, settings=PLAIN, cache=None, *, says=None, decoder=None, diarizer=None, **more):
    engines = engines_for(settings, decoder or CountingDecoder(), says)
    if diarizer is not None:
        engines = with_engine(engines, diarizer=diarizer)
    source = source_of(path, settings, **more)
    return analyze_call(
        source, identity=identity(source) or "", engines=engines, settings=settings, stamp=STAMP, cache=cache
    )


class Voices:
    """A diarizer that answers as it was told."""

    name = "made-up 1"

    def __init__(self, *, known: bool = True, there: bool = True) -> None:
        self.known_by_name, self.there = known, there
        self.asked = 0

    def diarize(self, audio, channel, speech):
        self.asked += 1
        if not self.there:
            raise EngineUnavailable("the package is not installed")
        half = len(speech) // 2 or 1
        return Diarization(speakers=(speech[:half], speech[half:]), confidence=0.9)


def test_a_document_is_the_same_with_a_cold_a_warm_and_no_cache(call, tmp_path):
    cache, decoder, says = FolderCache(tmp_path, 10**9), CountingDecoder(), Says()
    cold = analysed(call, cache=cache, says=says, decoder=decoder)
    assert (decoder.opened, says.heard) == (1, 1)
    warm = analysed(call, cache=cache, says=says, decoder=decoder)
    assert (decoder.opened, says.heard) == (1, 1)
    off = analysed(call, says=says)
    assert encode(cold) == encode(warm) == encode(off)
    assert cold.stress["customer"].windows or cold.stress["customer"].reason
    assert cold.accommodation is not None
    assert cold.transcript.turns


def test_a_shared_channel_comes_out_the_same(mono, tmp_path):
    cache, decoder, voices = FolderCache(tmp_path, 10**9), CountingDecoder(), Voices()
    cold = analysed(mono, cache=cache, says=Says(), decoder=decoder, diarizer=voices)
    warm = analysed(mono, cache=cache, says=Says(), decoder=decoder, diarizer=voices)
    assert (decoder.opened, voices.asked) == (1, 1)
    assert encode(cold) == encode(warm) == encode(analysed(mono, says=Says(), diarizer=voices))
    assert cold.dialogue.separation == "voice"


def test_results_of_stages_hold_plain_values_alone(call, mono):
    seen = []

    def look(value):
        if isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                look(getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                look(item)
        else:
            seen.append(type(value))

    for path, diarizer in ((call, None), (mono, Voices())):
        cache = MemoryCache()
        analysed(path, cache=cache, says=Says(), diarizer=diarizer)
        kept = list(cache.kept.values())
        sound = next(s for s in map(as_sound, kept) if s is not None)
        assert stage_module.SOUND.unpack(stage_module.SOUND.pack(sound)) == sound
        look(sound)
    assert set(seen) <= {str, int, float, bool, type(None)}


def as_sound(payload):
    try:
        found = stage_module.SOUND.unpack(payload)
    except msgspec.MsgspecError:
        return None
    return found if isinstance(found, Sound) else None


@pytest.mark.parametrize(
    "later",
    [
        {"role_floor": 0.4},
        {"agent_channel": 1},
        {"rubric": "service"},
        {"profile": "il", "agent_stress": True},
        {"accommodation": False},
    ],
)
def test_a_later_stage_set_otherwise_decodes_and_transcribes_nothing(call, later):
    cache, decoder, says = MemoryCache(), CountingDecoder(), Says()
    analysed(call, cache=cache, says=says, decoder=decoder)
    again = analysed(call, replace(PLAIN, **later), cache=cache, says=says, decoder=decoder)
    assert (decoder.opened, says.heard) == (1, 1)
    assert encode(again) == encode(analysed(call, replace(PLAIN, **later), says=says))


def test_what_was_done_before_a_crash_is_not_done_again(call):
    cache, decoder = MemoryCache(), CountingDecoder()

    class Fails(Says):
        def transcribe(self, *args, **more):
            raise RuntimeError("the machine went off")

    with pytest.raises(RuntimeError):
        analysed(call, cache=cache, says=Fails(), decoder=decoder)
    assert len(cache.kept) == 1
    says = Says()
    whole = analysed(call, cache=cache, says=says, decoder=decoder)
    assert (decoder.opened, says.heard) == (2, 1)  # the words need the sound
    assert encode(whole) == encode(analysed(call, says=Says()))


@pytest.fixture(scope="module")
def alternatives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    rubric = folder / "mine.toml"
    rubric.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    (folder / "a").mkdir()
    (folder / "e").mkdir()
    return {
        "engine": {"engine": "pocketsphinx"},
        "language": {"language": "he"},
        "rubric": {"rubric": str(rubric)},
        "agent_channel": {"agent_channel": 1},
        "role_floor": {"role_floor": 0.1},
        "profile": {"profile": "il"},
        "agent_stress": {"profile": "il", "agent_stress": True},
        "raw_format": {"raw_format": "mulaw"},
        "raw_channels": {"raw_channels": 2},
        "diarizer": {"diarizer": "resemblyzer"},
        "accommodation": {"accommodation": False},
        "arousal": {"arousal": f"onnx:{arousal_models.usable(folder / 'a')}"},
        "embeddings": {"embeddings": f"onnx:{embedding_models.usable(folder / 'e')}"},
    }


def test_no_setting_is_forgotten(alternatives):
    assert set(STAGES_OF) == set(alternatives) == set(Settings.__struct_fields__)


@pytest.mark.parametrize("setting", sorted(STAGES_OF))
def test_a_setting_is_in_the_keys_of_the_stages_it_changes(call, alternatives, spoken_of, setting):
    def run(settings):
        cache = MemoryCache()
        # An engine of its own for each that is named, as a real choice gives one.
        info = replace(Says().info, model=settings.engine)
        analysed(call, settings, cache=cache, says=Says(info=info))
        return {key: payload for (_, key), payload in cache.kept.items()}

    before, after = run(PLAIN), run(replace(PLAIN, **alternatives[setting]))
    for key in before.keys() & after.keys():
        assert before[key] == after[key], f"{spoken_of[key]} is another under the same key"
    changed = {spoken_of[key] for key in before.keys() ^ after.keys()}
    fewer = {"voice"} if setting in ("accommodation", "profile", "agent_stress") else set()
    assert changed - fewer <= STAGES_OF[setting]
    assert changed or not STAGES_OF[setting]


@pytest.mark.parametrize(
    "more",
    [
        {"agent_offset_s": 0.25},
        {"channel_offsets_s": {1: 0.5}},
        {"agent_offset_s": 0.0},
    ],
)
def test_how_a_recording_is_read_is_in_every_key(call, more, spoken_of):
    cache = MemoryCache()
    analysed(call, cache=cache, says=Says())
    before = set(cache.kept)
    again = analysed(call, cache=cache, says=Says(), **more)
    assert {spoken_of[key] for _, key in set(cache.kept) - before} >= {"sound", "words"}
    assert encode(again) == encode(analysed(call, says=Says(), **more))


def test_model_and_language_are_in_the_key_of_the_words(call):
    cache = MemoryCache()
    analysed(call, cache=cache, says=Says())
    other = Says(info=replace(Says().info, model_digest="d2"))
    analysed(call, cache=cache, says=other)
    assert other.heard == 1
    hebrew = Says()
    analysed(call, replace(PLAIN, language="he"), cache=cache, says=hebrew)
    assert hebrew.heard == 1


def test_the_key_of_masked_numbers_is_in_the_key_of_the_words(call, monkeypatch):
    cache = MemoryCache()
    plain = analysed(call, cache=cache, says=Says())
    assert not plain.transcript.number_digests
    monkeypatch.setenv("SPEECHQA_NUMBER_KEY", "ab" * 32)
    assert analysed(call, cache=cache, says=Says()).transcript.number_digests


def test_nothing_that_is_masked_is_kept(call, monkeypatch):
    monkeypatch.setenv("SPEECHQA_NUMBER_KEY", "ab" * 32)
    cache = MemoryCache()
    document = analysed(call, cache=cache, says=Says())
    assert "[card]" in " ".join(turn.text for turn in document.transcript.turns)
    kept = b"\n".join(cache.kept.values())
    assert kept.count(b"[card]") >= 2  # what was said, and what was refused
    assert CARD.encode() not in kept
    assert b"1111" not in kept
    assert str(call).encode() not in kept
    assert call.name.encode() not in kept


def test_a_recording_elsewhere_is_named_where_it_now_is(call, tmp_path):
    cache, decoder = MemoryCache(), CountingDecoder()
    analysed(call, cache=cache, says=Says(), decoder=decoder)
    moved = shutil.copy(call, tmp_path / "moved.wav")
    again = analysed(moved, cache=cache, says=Says(), decoder=decoder)
    assert decoder.opened == 1
    assert again.recording.path == again.recording.files[0].path == str(moved)
    assert encode(again) == encode(analysed(moved, says=Says()))


@pytest.mark.parametrize("cached", [True, False])
def test_a_recording_that_changed_since_its_digest_was_taken_is_refused(call, mono, tmp_path, cached):
    path = shutil.copy(call, tmp_path / "call.wav")
    cache = MemoryCache()
    kept = cache if cached else None
    source = source_of(path, PLAIN)
    told = identity(source)
    shutil.copy(mono, path)
    engines = engines_for(PLAIN, CountingDecoder(), Says())
    with pytest.raises(RecordingChanged, match=f"expected {told[:12]}"):
        analyze_call(source, identity=told, engines=engines, settings=PLAIN, stamp=STAMP, cache=kept)
    assert cache.kept == {}


def test_a_diarizer_that_was_missing_is_asked_again(mono):
    cache = MemoryCache()
    without = analysed(mono, cache=cache, diarizer=Voices(there=False))
    assert any("not installed" in notice for notice in without.notices)
    voices = Voices()
    assert analysed(mono, cache=cache, diarizer=voices).dialogue.separation == "voice"
    assert voices.asked == 1


def test_what_a_nameless_model_found_is_not_kept(mono):
    cache, voices = MemoryCache(), Voices(known=False)
    analysed(mono, cache=cache, diarizer=voices)
    analysed(mono, cache=cache, diarizer=voices)
    assert voices.asked == 2


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x80", msgspec.msgpack.encode({"recording": 3})])
def test_an_entry_that_is_none_is_computed_and_replaced(call, damage):
    cache = MemoryCache()
    whole = analysed(call, cache=cache, says=Says())
    kept = dict(cache.kept)
    for key in kept:
        cache.kept[key] = damage
    assert encode(analysed(call, cache=cache, says=Says())) == encode(whole)
    assert cache.kept == kept


def test_frames_with_other_lengths_than_they_say_are_refused():
    frames = {"times": bytes(16), "values": bytes(40), "weights": bytes(16), "level_db": bytes(16)}
    with pytest.raises(ValueError, match="row of features"):
        stage_module.VOICE.unpack(msgspec.msgpack.encode({"pieces": [frames], "hop_s": 0.016}))


def test_voices_are_gone_before_a_call_is_judged(call, monkeypatch):
    voices = []
    of, judged = analyze.voices_of, analyze.judged

    def heard(*given, **more):
        found = of(*given, **more)
        voices.extend(weakref.ref(voice) for voice in found.values())
        return found

    def without(*given, **more):
        assert voices
        assert not [voice for voice in voices if voice() is not None]
        return judged(*given, **more)

    monkeypatch.setattr(analyze, "voices_of", heard)
    monkeypatch.setattr(analyze, "judged", without)
    analysed(call)


def test_a_voice_is_kept_in_pieces_and_comes_back(monkeypatch):
    monkeypatch.setattr(frames_module, "_AT_ONCE", 7)
    rng = np.random.default_rng(0)
    voice = VoicedFrames(
        times=0.016 * np.arange(20),
        values=rng.normal(size=(20, 5)),
        weights=rng.uniform(0.1, 1.0, 20),
        level_db=rng.normal(size=20),
        hop_s=0.016,
    )
    packed = VOICE.pack(voice)
    back = VOICE.unpack(packed).rows(0, 20)
    for name in ("times", "values", "weights", "level_db"):
        assert np.array_equal(getattr(back, name), getattr(voice, name))
    monkeypatch.undo()
    assert len(packed) > len(VOICE.pack(voice))  # one piece has less around it
