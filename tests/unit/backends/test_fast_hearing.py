"""The fast engine's encoder in bfloat16, batches that do not matter, and the choice of a manner."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from speechqa.backends import fast_loading, faster_whisper
from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_encoder import HalfEncoder, read_encoder
from speechqa.backends.fast_file import listing, weights
from speechqa.backends.fast_loading import Manner, load_folder, manner, one_core, usual_batch
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.faster_whisper import FasterWhisperSettings, FasterWhisperTranscriber, _placed
from speechqa.backends.whisper import load_checkpoint
from speechqa.core.segment import Segment
from speechqa.errors import ModelError
from speechqa.protocols import Recognition, Spoken
from tests.support.engines import MemoryAudio, noise, tiny_checkpoint

ctranslate2 = pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")

SPEECH = [tuple(Segment(at, at + 4.0) for at in range(1, 70, 6)), (Segment(3.0, 9.0), Segment(40.0, 55.0))]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("fast") / "toy.pt")


@pytest.fixture(scope="module")
def folder(checkpoint: Path) -> Path:
    target = checkpoint.with_suffix(".ct2")
    target.mkdir()
    write_folder(checkpoint, target)
    return target


@pytest.fixture(scope="module")
def audio() -> MemoryAudio:
    return MemoryAudio([noise(75.0, 8000, seed=1), noise(75.0, 8000, seed=2)], 8000)


def heard(folder: Path, audio: MemoryAudio, language: str | None = "en", **changes: Any) -> Recognition:
    told = {"sample_len": 9, "beams": (1, 2), "no_speech_threshold": None, "logprob_threshold": 10.0}
    options = {key: changes.pop(key) for key in ("threads",) if key in changes}
    engine = FasterWhisperTranscriber(
        folder,
        name="toy",
        sha256=folder_digest(folder),
        settings=FasterWhisperSettings(**{**told, **changes}),
        **options,
    )
    return engine.transcribe(audio, SPEECH, language=language)


@pytest.mark.parametrize("half", [True, False])
def test_words_do_not_depend_on_batches_or_cores(
    folder: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch, *, half: bool
) -> None:
    """To the last bit: windows of both parties are decoded together by as many cores as there are.

    On both kinds of processors: those that multiply bfloat16, and others.
    """
    monkeypatch.setattr(faster_whisper, "suits", lambda: half)
    expected = heard(folder, audio, batch=1, threads=1)
    assert all(expected.channels)
    for batch, threads in ((8, 1), (3, 2), (None, 3)):
        assert heard(folder, audio, batch=batch, threads=threads) == expected
    told = heard(folder, audio, None, batch=1, threads=1)
    assert heard(folder, audio, None, threads=2) == told


@pytest.mark.parametrize("beam", [1, 3])
def test_figures_of_a_window_do_not_depend_on_its_batch(folder: Path, beam: int) -> None:
    model = load_folder(folder, manner("int8", 1))
    drawn = np.random.default_rng(0).standard_normal((5, 1500, 32)).astype(np.float32)

    def generated(which: list[int]) -> list[Any]:
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(drawn[which]))
        options: dict[str, Any] = {"beam_size": beam, "max_length": 60}
        options |= {"return_scores": True, "return_no_speech_prob": True}
        results = model.generate(view, [[50258, 50259, 50359]] * len(which), **options)
        aligned = model.align(view, [50258, 50259, 50359], [[1, 2, 3]] * len(which), 3000)
        return [
            (one.sequences_ids, one.scores, one.no_speech_prob, path.alignments, path.text_token_probs)
            for one, path in zip(results, aligned, strict=True)
        ]

    alone = [generated([at])[0] for at in range(5)]
    for which in ([0, 1], [4, 3, 2, 1, 0], [2] * 7 + [3]):
        assert generated(which) == [alone[at] for at in which]


def test_the_encoder_in_half_hears_what_openais_hears(checkpoint: Path, folder: Path, tmp_path: Path) -> None:
    import torch

    one_core()
    mel = np.random.default_rng(0).standard_normal((80, 3000)).astype(np.float32)
    with torch.no_grad():
        expected = load_checkpoint(checkpoint).cpu().encoder(torch.from_numpy(mel)[None])[0].numpy()
    small = tmp_path / "small"
    small.mkdir()
    write_folder(checkpoint, small, precision="int8")
    for path, most in ((folder, 0.02), (small, 0.05)):
        encoder = read_encoder(path)
        assert encoder is not None
        found = encoder(mel)
        assert found.shape == (1500, 32)
        assert np.linalg.norm(found - expected) / np.linalg.norm(expected) < most
        np.testing.assert_array_equal(encoder(mel), found)


def test_what_is_stored_is_let_go_as_it_is_taken(folder: Path) -> None:
    stored = weights(folder / "model.bin", "encoder/")
    HalfEncoder(stored)
    assert not [name for name in stored if stored[name].ndim > 1]


def test_files_of_other_kinds_leave_encoding_to_the_engine(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "model.bin").read_bytes()
    assert {one.name for one in listing(folder / "model.bin")} >= {"decoder/embeddings/weight"}
    assert weights(folder / "model.bin", "encoder/")["num_heads"] == 2
    for broken in (b"x", whole[:200], struct.pack("<I", 99) + whole[4:], whole[: len(whole) // 3]):
        (tmp_path / "model.bin").write_bytes(broken)
        assert read_encoder(tmp_path) is None
        assert usual_batch(tmp_path, manner("int8", 1)) == 2


def test_a_gpu_is_used_where_there_is_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 1)
    monkeypatch.setattr(ctranslate2.models, "Whisper", lambda path, **options: asked.update(options))
    how = manner(None, 8)
    assert how == Manner(device="cuda", compute="float16", hands=1, exact=False)
    load_folder(folder, how)
    assert (asked["device"], asked["compute_type"], asked["inter_threads"]) == ("cuda", "float16", 1)
    assert usual_batch(folder, how) > usual_batch(
        folder, Manner(device="cpu", compute="int8", hands=2, exact=True)
    )


def test_on_a_processor_each_core_has_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    assert manner(None, 3) == Manner(device="cpu", compute="int8", hands=3, exact=True)
    assert not manner("float32", 1).exact
    assert manner().hands == fast_loading.cores()


def test_windows_are_encoded_by_whoever_is_free(
    folder: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, all of a turn before it is decoded; of its batches what takes longest comes first."""
    from speechqa.backends.fast_windows import Listener

    engine = FasterWhisperTranscriber(folder, name="toy", sha256=folder_digest(folder), threads=2)
    engine._loaded()
    counts = []
    for batch in (8, 1):
        engine._batch = batch
        sources = [_placed(0, channel, audio, timeline) for channel, timeline in enumerate(SPEECH)]
        turns = list(engine._turns(sources))
        places = [place for turn in turns for its in turn for place, _ in its]
        assert len(places) == len(set(places))
        assert {channel for _, channel, _ in places} == {0, 1}
        counts.append((len(places), [len(its) for turn in turns for its in turn]))
        assert all(len(turn) <= 2 for turn in turns)
        for turn in turns:
            lasting = [its[0][1].duration * (len(its) + 1) for its in turn]
            assert lasting == sorted(lasting, reverse=True)
    (count, together), (again, alone) = counts
    assert again == count > 2
    assert sorted(together) == [count // 2, count - count // 2]
    assert alone == [1] * count
    encoded: list[int] = []
    hear = Listener.hear

    def told(self: Listener, tokenizer: Any, pieces: list[Any]) -> Any:
        encoded.extend(piece.place for piece in pieces if piece.encoded is not None)
        return hear(self, tokenizer, pieces)

    monkeypatch.setattr(Listener, "hear", told)
    heard(folder, audio, threads=2, beams=(1,), logprob_threshold=None)
    assert len(encoded) == len(set(encoded)) > 1


def several(folder: Path, compute: str | None = None) -> FasterWhisperTranscriber:
    told = FasterWhisperSettings(
        sample_len=9, beams=(1, 2), no_speech_threshold=None, logprob_threshold=10.0, compute=compute
    )
    return FasterWhisperTranscriber(
        folder, name="toy", sha256=folder_digest(folder), settings=told, threads=1
    )


def short_calls() -> list[Spoken]:
    """Two channels, one, none that speaks, and languages: one told, one told otherwise, one not told."""
    two, one = (MemoryAudio([noise(9.0, 8000, seed=seed)] * 2, 8000) for seed in (4, 5))
    said = (Segment(0.5, 3.0), Segment(4.0, 7.5))
    return [
        Spoken(two, [said, said[1:]], "en"),
        Spoken(one, [said[:1]], "en"),
        Spoken(one, [(), ()], None),
        Spoken(two, [said[:1]], "he"),
        Spoken(one, [said[1:], said], None),
    ]


def test_calls_heard_together_have_the_words_they_have_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from speechqa.backends.fast_windows import Listener

    batches: list[set[int]] = []
    hear = Listener.hear

    def told(self: Listener, tokenizer: Any, pieces: list[Any]) -> Any:
        batches.append({piece.place[0] for piece in pieces})
        return hear(self, tokenizer, pieces)

    monkeypatch.setattr(Listener, "hear", told)
    calls, engine = short_calls(), several(folder)
    expected = [engine.transcribe(call.audio, call.speech, language=call.language) for call in calls]
    assert all(any(found.channels) for at, found in enumerate(expected) if at != 2)
    assert set(map(frozenset, batches)) == {frozenset({0})}
    batches.clear()
    assert engine.transcribe_several(calls) == expected
    assert any(len(batch) > 1 for batch in batches)
    assert engine.transcribe_several(calls[::-1]) == expected[::-1]
    batches.clear()
    assert len(several(folder, "float32").transcribe_several(calls[:2])) == 2
    assert set(map(frozenset, batches)) == {frozenset({0})}, "last digits would depend on the other call"


class Unread(MemoryAudio):
    """Sound that cannot be read."""

    def read(self, channel: int, start: float, end: float) -> Any:
        raise OSError("no such sector")


def test_what_is_wrong_with_one_call_harms_none_that_is_heard_with_it(folder: Path) -> None:
    calls, engine = short_calls(), several(folder)
    expected = engine.transcribe_several(calls)
    bad = Spoken(Unread([noise(9.0, 8000)], 8000), [(Segment(0.5, 3.0),)], "en")
    strange = calls[0]._replace(language="fr")
    found = engine.transcribe_several([calls[0], bad, calls[1], strange, *calls[2:]])
    assert isinstance(found[1], OSError)
    assert isinstance(found[3], ModelError)
    assert [one for at, one in enumerate(found) if at not in (1, 3)] == expected
