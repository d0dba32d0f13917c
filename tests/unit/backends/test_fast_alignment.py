"""Times of words by the decoder in bfloat16: those of CTranslate2, whatever else is aligned."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from speechqa.backends import fast_alignment, faster_whisper
from speechqa.backends.fast_alignment import Aligned, HalfAligner, path, read_aligner
from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_loading import load_folder, manner, one_core
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.faster_whisper import FasterWhisperTranscriber
from speechqa.core.segment import Segment
from tests.support.engines import MemoryAudio, noise, tiny_checkpoint

ctranslate2 = pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")

START, ENDS, STEP, WIDTH = [50258, 50259, 50359], (50363, 50257), 25, 32
TEXT = np.random.default_rng(5).integers(0, 50_000, 40).tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decoder that looks where a token stands: the next token half a second later."""
    import torch

    checkpoint = tiny_checkpoint(tmp_path_factory.mktemp("fast") / "toy.pt")
    stored = torch.load(checkpoint, weights_only=True)
    state = stored["model_state_dict"]
    at = torch.arange(448) * STEP
    state["decoder.positional_embedding"] = 3 * torch.from_numpy(places(1500))[at.clamp(max=1499)]
    for layer in range(2):
        looks = 3 * torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(layer)) / WIDTH**0.5
        for part in ("query", "key"):
            state[f"decoder.blocks.{layer}.cross_attn.{part}.weight"] = looks
    torch.save(stored, checkpoint)
    target = checkpoint.with_suffix(".ct2")
    target.mkdir()
    write_folder(checkpoint, target)
    return target


def places(count: int) -> np.ndarray:
    """Waves of 16 lengths over frames, as Whisper tells places by."""
    waves = np.arange(count)[:, np.newaxis] / np.geomspace(4, 600, WIDTH // 2)
    return np.concatenate([np.sin(waves), np.cos(waves)], axis=1).astype(np.float32)


def window(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((1500, WIDTH)).astype(np.float32)
    return places(1500) + 0.1 * drawn


def aligner(folder: Path) -> HalfAligner:
    found = read_aligner(folder)
    assert found is not None
    return found


def first_frames(aligned: Aligned) -> np.ndarray:
    found: dict[int, int] = {}
    for token, frame in aligned.alignments:
        found.setdefault(token, frame)
    return np.array([found[token] for token in sorted(found)])


def test_times_and_probabilities_are_those_of_the_engine(folder: Path) -> None:
    """Against CTranslate2 in float32: within a frame of 0.02 s, for sounds of any length."""
    one_core()
    model, mine = load_folder(folder, manner("float32", 1)), aligner(folder)
    for seed, frames in ((0, 3000), (1, 2200), (2, 1201)):
        encoded = window(seed)
        view = ctranslate2.StorageView.from_array(encoded[np.newaxis])
        (expected,) = model.align(view, START, [TEXT], frames)
        found = mine(encoded, START, TEXT, ENDS, frames)
        apart = np.abs(first_frames(found) - first_frames(expected))
        assert apart.shape == (41,)
        assert np.mean(apart <= 1) > 0.95
        assert np.ptp(first_frames(found)) > frames // 4
        assert found.text_token_probs == pytest.approx(expected.text_token_probs, rel=0.2, abs=1e-6)


def test_a_window_is_aligned_the_same_whatever_is_aligned_beside_it(folder: Path) -> None:
    mine = aligner(folder)
    texts = [TEXT[: 5 + 3 * at] for at in range(6)]

    def aligned(at: int) -> Aligned:
        return mine(window(at), START, texts[at], ENDS, 2900)

    with ThreadPoolExecutor(1, initializer=one_core) as alone:
        expected = list(alone.map(aligned, range(6)))
    with ThreadPoolExecutor(3, initializer=one_core) as several:
        assert list(several.map(aligned, [3, 5, 0, 1, 4, 2])) == [expected[at] for at in (3, 5, 0, 1, 4, 2)]


def test_words_have_these_times_where_the_processor_suits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the model's own elsewhere: which it is shows in which of the two was asked."""
    asked: list[int] = []
    call = HalfAligner.__call__
    monkeypatch.setattr(HalfAligner, "__call__", lambda *given: (asked.append(given[-1]), call(*given))[1])
    audio = MemoryAudio([noise(4.0, 8000)], 8000)
    for suits in (True, False):
        monkeypatch.setattr(faster_whisper, "suits", lambda told=suits: told)
        asked.clear()
        off = {"logprob_threshold": None, "no_speech_threshold": None, "compression_ratio_threshold": None}
        engine = FasterWhisperTranscriber(
            folder,
            name="toy",
            sha256=folder_digest(folder),
            settings=faster_whisper.FasterWhisperSettings(beams=(1,), sample_len=9, **off),
        )
        heard = engine.transcribe(audio, [(Segment(0.5, 3.0),)], language="en")
        assert heard.channels[0]
        assert bool(asked) is suits


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (7, 30), (30, 7)])
def test_the_path_is_the_cheapest(shape: tuple[int, int]) -> None:
    for seed in range(5):
        costs = np.random.default_rng(seed).standard_normal(shape)
        best = np.full(shape, np.inf)
        for at in np.ndindex(shape):
            before = [(at[0] - 1, at[1]), (at[0], at[1] - 1), (at[0] - 1, at[1] - 1)]
            best[at] = costs[at] + min((best[one] for one in before if min(one) >= 0), default=0.0)
        found = path(costs)
        assert found[0] == (0, 0)
        assert found[-1] == (shape[0] - 1, shape[1] - 1)
        steps = set(map(tuple, np.diff(found, axis=0).tolist()))
        assert steps <= {(0, 1), (1, 0), (1, 1)}
        assert sum(costs[at] for at in found) == pytest.approx(best[-1, -1])
    assert path(np.zeros((3, 0))) == []


def test_the_median_is_that_of_seven_neighbours() -> None:
    import torch

    wide = np.random.default_rng(0).integers(0, 9, (4, 50)).astype(np.float32)
    expected = np.median(np.lib.stride_tricks.sliding_window_view(wide, 7, axis=1), axis=-1)
    np.testing.assert_array_equal(fast_alignment._median(torch.from_numpy(wide)).numpy(), expected)


def test_what_holds_no_sound_or_stands_still_is_no_error(folder: Path) -> None:
    mine = aligner(folder)
    assert mine(window(0), START, TEXT, ENDS, 1).alignments == ()
    for frames in (2, 6, 8):
        still = mine(np.zeros((1500, WIDTH), dtype=np.float32), START, TEXT[:2], ENDS, frames)
        assert still.alignments[-1] == (2, frames // 2 - 1)


def test_other_files_leave_it_to_the_engine(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_aligner(tmp_path) is None
    told = (folder / "config.json").read_text(encoding="utf-8")
    (tmp_path / "model.bin").write_bytes((folder / "model.bin").read_bytes())
    for config in ("{", "{}", '{"alignment_heads": []}', '{"alignment_heads": [[9, 0]]}'):
        (tmp_path / "config.json").write_text(config, encoding="utf-8")
        assert read_aligner(tmp_path) is None
    (tmp_path / "config.json").write_text(told, encoding="utf-8")
    assert read_aligner(tmp_path) is not None
    monkeypatch.setattr(fast_alignment, "_MOST_BYTES", 1 << 20)
    assert read_aligner(tmp_path) is None
