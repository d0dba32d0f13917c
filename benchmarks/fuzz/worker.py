"""One parser under atheris, in a process of its own; what starts it is `benchmarks.fuzz`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

from benchmarks.fuzz.targets import TARGETS


def main() -> None:
    """Run what libFuzzer's options ask for; it ends the process itself."""
    name, folder, failure, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["speechqa"]):
        case = TARGETS[name].make(Path(folder))
        case(b"")  # what is imported at the first call is instrumented too

    def kept(data: bytes) -> None:
        try:
            case(data)
        except BaseException:
            Path(failure).write_bytes(data)
            raise

    atheris.Setup([sys.argv[0], *options], kept)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
