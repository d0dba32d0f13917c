"""Verdicts on the sample calls against what a supervisor would say, from their scripts and as heard.

    python -m benchmarks.verdicts                          # judged on the words of the scripts
    python -m benchmarks.verdicts --documents calls.jsonl  # judged on what an engine heard (audit --json)

The scripts in recordings/scripts carry the expected verdicts; criteria that are debatable in a call, or not
in the rubric, are left out. Prints raw agreement and Cohen's kappa over the verdicts, and each disagreement.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.overlap_labels import kappa
from speechqa.assembly import score_transcripts
from speechqa.config import Settings
from speechqa.core.codec import decode, encode

SCRIPTS = Path(__file__).resolve().parent.parent / "recordings" / "scripts"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--documents", type=Path, help="JSON Lines of audit --json")
    chosen = parser.parse_args()
    scripts = {
        s["id"]: s for s in (tomllib.loads(p.read_text("utf-8")) for p in sorted(SCRIPTS.glob("*.toml")))
    }
    documents = _read(chosen.documents) if chosen.documents else _scored(scripts.values())
    pairs: list[tuple[str, str]] = []
    for document in documents:
        script = scripts.get(document["call_id"])
        if script is None or document["status"] != "done":
            continue
        for finding in document["findings"]:
            wanted = script["expected"].get(finding["criterion"])
            if wanted is None:
                continue
            pairs.append((wanted, finding["verdict"]))
            if wanted != finding["verdict"]:
                print(
                    f"{document['call_id']:<18}{finding['criterion']:<22}expected {wanted:<15}"
                    f"found {finding['verdict']:<15}{finding['reason']}"
                )
    same = sum(a == b for a, b in pairs)
    abstained = sum(b == "not_assessed" for _, b in pairs)
    judged = [(a, b) for a, b in pairs if b != "not_assessed"]
    print(f"verdicts {len(pairs)}, agreed {same} ({100 * same / len(pairs):.1f} %), not assessed {abstained}")
    print(f"kappa {kappa(pairs):.2f}; without those not assessed {kappa(judged):.2f}")


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _scored(scripts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    times = json.loads((SCRIPTS / "times.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for script in scripts:
            spoken = [t for t in times[script["id"]] if t[3] == "speech"]
            turns = [
                {"speaker": turn["speaker"], "text": turn["text"], "start": at[1], "end": at[2]}
                for turn, at in zip((t for t in script["turns"] if t.get("text")), spoken, strict=True)
            ]
            path = Path(folder) / f"{script['id']}.json"
            path.write_text(
                json.dumps({"id": script["id"], "language": script["language"], "turns": turns}), "utf-8"
            )
            paths.append(str(path))
        found = score_transcripts(paths, settings=Settings(engine="none"))
        return [json.loads(encode(decode(encode(document)))) for document in found]


if __name__ == "__main__":
    main()
