"""How fast each stage of one call is, in times real time, on one core; transcription is left out.

    python -m benchmarks.stages                        # ten minutes of two channels, joined from own samples
    python -m benchmarks.stages --minutes 60 --json

A call with an imported transcript, its words with times, goes the whole way: found, told from those done,
decoded, heard, judged, put into a store, and its page made. One thread, on one core, by processor time. What
a process needs once (imports, models, rubrics) is told apart, as is the share of orchestration: all that is
neither an engine nor a measure (finding calls, digests, fingerprints, the store).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "SPEECHQA_CACHE": "off"}
_STAGES = {
    "decode": ["speechqa.audio.decoder:PyAVDecoder.open"],
    "voice activity": ["speechqa.backends.silero:SileroVad.listen"],
    "music and tones": ["speechqa.pipeline.sound:find_not_speech"],
    "cross-talk, faults": ["speechqa.pipeline.sound:_who_speaks"],
    "transcript": ["speechqa.pipeline.analyze:read", "speechqa.pipeline.analyze:adopt"],
    "roles": ["speechqa.pipeline.analyze:_roles"],
    "pitch, spectrum": ["speechqa.pipeline.analyze:voices_of"],
    "arousal": ["speechqa.pipeline.analyze:arousal"],
    "accommodation": ["speechqa.pipeline.analyze:compared"],
    "dialogue": ["speechqa.pipeline.judgement:measure"],
    "criteria": [
        f"speechqa.pipeline.judgement:{name}"
        for name in ("annotate", "with_causes", "judge", "find_signals", "score", "what_to_listen_to")
    ],
}
"""What is an engine or a measure, none inside another."""
_STORE = "speechqa.store.sql:SqlStore.put"


class Clock:
    """Seconds of processor time spent in functions, by the name of their stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def watch(self, stage: str, place: str) -> None:
        """Count the time of a function, named as ``module:name`` or ``module:class.name``."""
        import importlib

        module, name = place.split(":")
        owner: Any = importlib.import_module(module)
        *within, name = name.split(".")
        for part in within:
            owner = getattr(owner, part)
        setattr(owner, name, self._timed(stage, getattr(owner, name)))

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*given, **named)
            finally:
                self.seconds[stage] += time.process_time() - begin

        return timed


def audited(folder: Path, store: str, clock: Clock) -> dict[str, float]:
    """Audit a folder, make the pages of its calls, and tell the processor time of each stage, in seconds."""
    from speechqa.assembly import open_batch
    from speechqa.config import Settings
    from speechqa.core.analysis import CallAnalysis
    from speechqa.reports.language import language
    from speechqa.reports.pages.call import call_html
    from speechqa.reports.view.call import call_page

    settings = Settings(engine="none", language="en")
    clock.seconds.clear()
    begin = time.process_time()
    with open_batch([str(folder)], settings=settings, store_url=store, workers=1) as batch:
        documents = [outcome.document for outcome in batch.outcomes()]
    whole = time.process_time() - begin
    found = {stage: clock.seconds[stage] for stage in _STAGES}
    found["store"] = clock.seconds["store"]
    found["other orchestration"] = whole - sum(found.values())
    begin = time.process_time()
    calls = [document for document in documents if isinstance(document, CallAnalysis)]
    for call in calls:
        call_html(call_page(call, language=language("en")))
    found["report page"] = time.process_time() - begin
    found["call seconds"] = sum(call.duration or 0.0 for call in calls)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--form", choices=("wav", "ogg", "mp3"), default="wav")
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=2, help="the best counts: other programs only ever add")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in _ONE.items()):
        # Thread pools are made when numpy is imported, which has not happened yet.
        os.execve(
            sys.executable, [sys.executable, "-m", "benchmarks.stages", *sys.argv[1:]], os.environ | _ONE
        )
    os.sched_setaffinity(0, {options.core})
    from benchmarks.long_calls import write_call, write_transcript

    clock = Clock()
    for stage, places in {**_STAGES, "store": [_STORE]}.items():
        for place in places:
            clock.watch(stage, place)
    with tempfile.TemporaryDirectory() as name:
        short, folder = Path(name) / "short", Path(name) / "calls"
        short.mkdir()
        folder.mkdir()
        write_call(short / "short.wav", 60.0)
        write_transcript(short / "short.json", 60.0, call_id="short")
        write_call(folder / f"call.{options.form}", 60 * options.minutes)
        write_transcript(folder / "call.json", 60 * options.minutes, call_id="call")
        first = audited(short, f"sqlite:///{name}/first.db", clock)
        again = audited(short, f"sqlite:///{name}/again.db", clock)
        once = _seconds(first) - _seconds(again)
        rounds = [audited(folder, f"sqlite:///{name}/{i}.db", clock) for i in range(options.rounds)]
    best = min(rounds, key=_seconds)
    length, seconds = best.pop("call seconds"), _seconds(best)
    orchestration = (best["store"] + best["other orchestration"]) / seconds
    if options.json:
        print(
            json.dumps(
                {"call_seconds": length, "once": once, "orchestration": orchestration, "seconds": best}
            )
        )
        return
    print(f"{length / 60:.1f} minutes of calls, two channels, one core")
    for stage, took in best.items():
        speed = f"{length / took:12,.0f} x" if took > 0.005 else f"{'-':>14}"
        print(f"{stage:22}{took:9.2f} s{speed}{100 * took / seconds:8.1f} %")
    print(f"{'all':22}{seconds:9.2f} s{length / seconds:12,.0f} x")
    print(f"orchestration: {100 * orchestration:.1f} %; once a process: {once:.1f} s")


def _seconds(found: dict[str, float]) -> float:
    return sum(took for stage, took in found.items() if stage != "call seconds")


if __name__ == "__main__":
    main()
