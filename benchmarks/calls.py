"""Real two-channel calls with human text: parties, roles, speech, false interruptions, the late leg.

    SPEECHQA_DATA=../shared/data python -m benchmarks.calls

Reads `calls/harpervalley` and `calls/harpervalley-legs` of the measuring data. Frame error is counted every
10 ms without collar against the reference's turn times, whose pauses it counts as speech, and once more with
pauses up to 1 s bridged on both sides.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from pathlib import Path

import numpy as np

from speechqa.assembly import analyze, open_batch
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis
from speechqa.core.segment import Segment, Timeline, union

STEP_S = 0.01


def main() -> None:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    folder = data / "calls" / "harpervalley"
    if not folder.is_dir():
        print(f"{folder} is absent: set SPEECHQA_DATA to the measuring data")
        return
    calls = sorted(folder.glob("*.flac"))
    print("with the human text as sidecar")
    right = words = roles = 0
    for path in calls:
        reference = json.loads(path.with_suffix(".json").read_text())
        anonymous = _without_speakers(reference)
        analysis = _with_transcript(path, anonymous)
        call_right, call_words = _words_right(reference, analysis)
        role_ok = _roles_right(reference, analysis)
        right, words, roles = right + call_right, words + call_words, roles + role_ok
        print(
            f"  {path.stem}: {call_right} of {call_words} words with the right party, roles right: {role_ok}"
        )
    print(f"  total: {100 * right / words:.2f} % of words, roles right on {roles} of {len(calls)}")
    print("audio alone")
    raw = bridged = reference_s = 0.0
    for path in calls:
        analysis = analyze(path, settings=Settings(engine="none"))
        error, fair, length = _frame_error(path, analysis)
        raw, bridged, reference_s = raw + error, bridged + fair, reference_s + length
        overlaps = analysis.dialogue.overlaps if analysis.dialogue else ()
        kinds = [o.kind for o in overlaps]
        print(
            f"  {path.stem}: frame error {error / length:.3f}, bridged {fair / length:.3f}; "
            f"interruptions {sum('interruption' in k for k in kinds)}, overlaps {kinds}"
        )
    print(f"  total: frame error {raw / reference_s:.3f}, bridged {bridged / reference_s:.3f}")
    print("the late leg, two files through a manifest, against the aligned file")
    _legs(data)


def _without_speakers(reference: dict[str, object]) -> dict[str, object]:
    """The same text with neutral party names, so that parties and roles must be found."""
    names = {"agent": "speaker 1", "customer": "speaker 2"}
    turns = [{**turn, "speaker": names[turn["speaker"]]} for turn in reference["turns"]]  # type: ignore[attr-defined]
    return {**reference, "turns": turns}


def _with_transcript(path: Path, transcript: dict[str, object]) -> CallAnalysis:
    with tempfile.TemporaryDirectory() as folder:
        sidecar = Path(folder) / f"{path.stem}.json"
        sidecar.write_text(json.dumps(transcript), encoding="utf-8")
        return analyze(path, transcript=sidecar, settings=Settings(engine="none"))


def _words_right(reference: dict[str, object], analysis: CallAnalysis) -> tuple[int, int]:
    """Words whose turn lies on the channel of who said it: left agent, right caller."""
    assert analysis.transcript is not None
    channel = {"agent": 0, "customer": 1}
    right = total = 0
    for said, found in zip(reference["turns"], analysis.transcript.turns, strict=True):  # type: ignore[call-overload]
        count = len(said["text"].split())
        total += count
        right += count * (found.channel == channel[said["speaker"]])
    return right, total


def _roles_right(reference: dict[str, object], analysis: CallAnalysis) -> bool:
    assert analysis.transcript is not None
    pairs = zip(reference["turns"], analysis.transcript.turns, strict=True)  # type: ignore[call-overload]
    return all(said["speaker"] == found.speaker for said, found in pairs)


def _frame_error(path: Path, analysis: CallAnalysis) -> tuple[float, float, float]:
    assert analysis.dialogue is not None
    assert analysis.recording is not None
    frames = round(analysis.recording.duration / STEP_S)
    error = fair = length = 0.0
    for party, name in (("A", "agent"), ("B", "caller")):
        reference = union(_rttm(path.with_suffix(".rttm"), name))
        found = analysis.dialogue.speech[party]
        error += _differ(reference, found, frames)
        fair += _differ(union(reference, bridge_s=1.0), union(found, bridge_s=1.0), frames)
        length += sum(s.duration for s in reference)
    return error, fair, length


def _rttm(path: Path, name: str) -> list[Segment]:
    rows = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    return [Segment(float(r[3]), float(r[3]) + float(r[4])) for r in rows if r[7] == name]


def _differ(left: Timeline, right: Timeline, frames: int) -> float:
    return float(np.sum(_mask(left, frames) != _mask(right, frames)) * STEP_S)


def _mask(timeline: Timeline, frames: int) -> np.ndarray:
    mask = np.zeros(frames, dtype=bool)
    for segment in timeline:
        mask[round(segment.start / STEP_S) : round(segment.end / STEP_S)] = True
    return mask


def _legs(data: Path) -> None:
    folder = data / "calls" / "harpervalley-legs"
    agent = next(folder.glob("*.agent.wav"))
    call = agent.name.split(".")[0]
    with tempfile.TemporaryDirectory() as work:
        manifest = Path(work) / "manifest.csv"
        with manifest.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["call_id", "agent_file", "customer_file", "agent_offset_s"])
            writer.writerow([call, agent.resolve(), (folder / f"{call}.caller.wav").resolve(), "2.08"])
        settings = Settings(engine="none")
        store = f"sqlite:///{work}/store.db"
        with open_batch(
            [str(folder)], settings=settings, store_url=store, manifest=str(manifest), cached=False
        ) as batch:
            documents = [outcome.document for outcome in batch.outcomes()]
    joined = documents[0]
    assert isinstance(joined, CallAnalysis), joined
    aligned = analyze(data / "calls" / "harpervalley" / f"{call}.flac", settings=Settings(engine="none"))
    assert joined.dialogue is not None
    assert aligned.dialogue is not None
    print(f"  calls {len(documents)}, speech equal: {joined.dialogue.speech == aligned.dialogue.speech}")
    print(f"  roles {[(p, r.role, r.source) for p, r in joined.roles.items()]}")


if __name__ == "__main__":
    main()
