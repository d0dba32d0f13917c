"""How much memory one call takes, by its length: does it grow, and with what?

    python -m benchmarks.memory                                  # 10 minutes, an hour and six hours of WAV
    python -m benchmarks.memory --minutes 10 60 --form ogg --json

Two-channel calls made of the project's own samples (`benchmarks.long_calls`), each analysed in a process of
its own, once without words and once with a transcript whose words have times, as many a minute in each. A
process first analyses a minute, so that models and imports are there; the most memory it held by then, and
after each step, is told in MB (VmHWM of the system). Sound up to 16 MB is held in memory, the audio window;
beyond that it lies in a temporary file. `document` is the size of the call's JSON, which grows with what is
said.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.long_calls import write_call, write_transcript

MB = 2**20


def most_held() -> float:
    """The most this process has held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measured(short: Path, sound: Path, transcript: Path | None = None) -> dict[str, float]:
    """Most memory of analysing a call after a short one, keeping it and making its page, in this process."""
    from speechqa.assembly import analyze
    from speechqa.config import Settings
    from speechqa.core.codec import encode
    from speechqa.reports.language import language
    from speechqa.reports.pages.call import call_html
    from speechqa.reports.view.call import call_page
    from speechqa.store import open_store

    settings = Settings(engine="none", language="en")
    with tempfile.TemporaryDirectory() as name:
        words = short.with_suffix(".json") if transcript else None
        analyze(short, transcript=words, settings=settings)
        found = {"before": most_held()}
        document = analyze(sound, transcript=transcript, settings=settings)
        found["analysed"] = most_held()
        found["document"] = len(encode(document)) / MB
        store = open_store(f"sqlite:///{name}/store.db", create=True)
        store.put("0" * 64, "f", document)
        store.close()
        found["kept"] = most_held()
        call_html(call_page(document, language=language("en")))
        found["page"] = most_held()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=[10.0, 60.0, 360.0])
    parser.add_argument("--form", choices=("wav", "ogg", "mp3"), default="wav")
    parser.add_argument("--words", choices=("none", "imported", "both"), default="both")
    parser.add_argument("--mono", action="store_true", help="both parties on one channel")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(*options.one)))
        return
    if not options.json:
        print(f"{'minutes':>8} {'words':9}" + "".join(f"{what:>10}" for what in _COLUMNS))
    for minutes in options.minutes:
        with tempfile.TemporaryDirectory() as name:
            short = write_call(Path(name) / "short.wav", 60.0, mono=options.mono)
            write_transcript(short.with_suffix(".json"), 60.0, call_id="short")
            sound = write_call(Path(name) / f"call.{options.form}", 60 * minutes, mono=options.mono)
            words = write_transcript(Path(name) / "words.json", 60 * minutes, call_id="call")
            for kind in ("none", "imported"):
                if options.words not in (kind, "both"):
                    continue
                found = _apart([short, sound, *([words] if kind == "imported" else [])])
                if options.json:
                    print(json.dumps({"minutes": minutes, "words": kind, **found}), flush=True)
                else:
                    row = "".join(f"{found[what]:10.1f}" for what in _COLUMNS)
                    print(f"{minutes:8.0f} {kind:9}{row}", flush=True)


_COLUMNS = ("before", "analysed", "kept", "page", "document")


def _apart(files: list[Path]) -> dict[str, float]:
    """The same measured in a process of its own, on one thread."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.memory", "--one", *map(str, files)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
