"""Make a store as the code at hand does: two sample calls, a broken file, and what people did about them.

    PYTHONPATH=CHECKOUT python tests/golden/make.py STORE_URL    # in an empty folder

CHECKOUT is the speechqa whose store is wanted, it may be an older one: what its commands do not know yet is
left out. Only its own code runs, so that the store is a true one of that version.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

RECORDINGS = Path(__file__).parents[2] / "recordings"
ABOUT = ("--by", "Dana", "--reason", "check")
OVEN, LIBRARY = "he-oven-complaint", "en-library-mono"
WORDS = "good afternoon i need help with a fine please"
DONE = (
    ("audit", "calls", "--engine", "none", "--workers", "1"),
    ("show", OVEN),
    ("roles", LIBRARY, "--swap", *ABOUT),
    (
        "review",
        "record",
        OVEN,
        "--criterion",
        "thanks",
        "--verdict",
        "pass",
        "--comment",
        "heard",
        "--by",
        "Dana",
    ),
    (
        "dispute",
        "open",
        OVEN,
        "--criterion",
        "farewell",
        "--reason",
        "words_wrong",
        "--comment",
        "no",
        "--by",
        "a202",
    ),
    ("transcript", LIBRARY, "--correct", "2", "--text", WORDS, *ABOUT),
    ("hold", OVEN, *ABOUT),
    ("period", "close", "2026-02", *ABOUT),
    ("calls", "--phrase", "fine", "--save", "fines"),
)
ENVIRONMENT = {
    "SPEECHQA_CACHE": "off",
    "SPEECHQA_NUMBER_KEY": "00112233445566778899aabbccddeeff" * 2,
    "TZ": "UTC",
    "LOGNAME": "supervisor",
    "USER": "supervisor",
}


def main() -> None:
    import speechqa.cli.app as commands

    os.environ.update(ENVIRONMENT)
    folder = Path("calls")
    folder.mkdir()
    for name in (f"{OVEN}.m4a", f"{OVEN}.json", f"{LIBRARY}.flac"):
        shutil.copy(RECORDINGS / name, folder)
    shutil.copy(Path(__file__).with_name(f"{LIBRARY}.json"), folder)
    (folder / "broken.wav").write_bytes(b"this is no sound" * 250)
    rows = (RECORDINGS / "manifest.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.startswith(("file,", OVEN, LIBRARY))]
    (folder / "manifest.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for arguments in DONE:
        sys.argv = ["speechqa", *arguments, "--store", sys.argv[-1]]
        try:
            commands.main()
            code: object = 0
        except SystemExit as ended:
            code = ended.code
        sys.stdout.write(f"ended with {code}: {' '.join(arguments)}\n")


if __name__ == "__main__":
    main()
