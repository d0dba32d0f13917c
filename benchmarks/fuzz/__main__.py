"""Coverage-guided fuzzing of every parser of ours (needs the extra `fuzz`: atheris, Linux).

    python -m benchmarks.fuzz                             # a million cases each, one parser after the other
    python -m benchmarks.fuzz --cases 20000 vtt rubric    # some of them, with fewer cases
    python -m benchmarks.fuzz --seconds 60 --keep corpus  # at most a minute each; keeps what reached new code

A parser fails by an error that is not one it documents, by a case of more than 20 seconds, or by more than
500 MB in all, Python and imports with it. Each failing input is written to `--failures`. `edges` are those of
our own code that were reached; what is read in C (JSON, CSV, zip, TOML's own parser) guides nothing.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.fuzz.targets import TARGETS

_CASES = 1_000_000
_MOST_MB = 500
_LONGEST_CASE_S = 20
_LARGEST = 4096
"""Bytes of one case; sizes are for `benchmarks.hostile_sizes`."""


def _number(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def _run(name: str, cases: int, seconds: int, keep: Path | None, failures: Path) -> tuple[str, bool]:
    target = TARGETS[name]
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as made:
        folder, corpus, words = Path(made, "work"), Path(made, "corpus"), Path(made, "words")
        folder.mkdir()
        corpus.mkdir()
        for number, seed in enumerate(target.seeds):
            (corpus / f"seed-{number}").write_bytes(seed)
        escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words)
        words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
        found = keep / name if keep else corpus
        found.mkdir(parents=True, exist_ok=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [
                sys.executable, "-m", "benchmarks.fuzz.worker", name, str(folder),
                str(failures / f"{name}-failure"), str(found), str(corpus),
                f"-runs={cases}", f"-max_total_time={seconds}", f"-max_len={_LARGEST}", f"-dict={words}",
                f"-rss_limit_mb={_MOST_MB}", f"-timeout={_LONGEST_CASE_S}", "-print_final_stats=1", "-seed=1",
                f"-artifact_prefix={failures}/{name}-",
            ],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = done.stderr + done.stdout
    ran = _number(r"number_of_executed_units:\s*(\d+)", said) or _number(r"#(\d+)", said)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak, edges = _number(r"peak_rss_mb:\s*(\d+)", said), _number(r"cov: (\d+)", said)
    how = "FAILED" if done.returncode else "ok"
    line = f"{name:<20} {ran:>9,} {processor:>8.0f} {peak:>7} {edges:>7}  {how}"
    if done.returncode:
        line += "\n" + "\n".join(said.splitlines()[-40:])
    return line, not done.returncode


def main() -> int:
    """Run what is asked for and print a table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("parsers", nargs="*", metavar="PARSER", help=f"of {', '.join(TARGETS)}")
    options.add_argument("--cases", type=int, default=_CASES)
    options.add_argument("--seconds", type=int, default=0, help="at most, for each; 0 for no limit")
    options.add_argument("--keep", type=Path, help="folder for inputs that reached something new")
    options.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    asked = options.parse_args()
    unknown = set(asked.parsers) - set(TARGETS)
    if unknown:
        options.error(f"no such parser: {', '.join(sorted(unknown))}")
    asked.failures.mkdir(parents=True, exist_ok=True)
    print(f"{'parser':<20} {'cases':>9} {'cpu s':>8} {'peak MB':>7} {'edges':>7}", flush=True)
    good = True
    for name in asked.parsers or TARGETS:
        line, passed = _run(name, asked.cases, asked.seconds, asked.keep, asked.failures)
        good &= passed
        print(line, flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
