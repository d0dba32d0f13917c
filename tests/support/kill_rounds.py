"""Rounds of kills: a command is killed at random moments, run to its end, and held to an undisturbed run."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from speechqa.assembly.reporting.folder import MANIFEST, entries_in
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import encode
from speechqa.ingest.identity import file_digest
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from tests.support.killing import Ended, Moment, Nursery, Who

SOUND_S = 6
_VOLATILE = {".db", ".zip", ".jsonl"}
"""Their bytes tell of times; what is in them is compared, and `speechqa verify` looks at every byte."""


def make_calls(folder: Path, count: int) -> Path:
    """Short recordings of noise, each with its transcript beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        dice = random.Random(n)
        with wave.open(str(folder / f"c{n}.wav"), "wb") as file:
            file.setparams((2, 2, 8000, 0, "NONE", ""))
            file.writeframes(dice.randbytes(8000 * 2 * 2 * SOUND_S))
        said = (("agent", "good morning, how may I help"), ("customer", f"my lamp number {n} is broken"),
                ("agent", "I will send a new one, thank you for calling"))  # fmt: skip
        turns = [{"speaker": who, "text": text, "start": 2.0 * k, "end": 2.0 * k + 1.5}
                 for k, (who, text) in enumerate(said)]  # fmt: skip
        call = {"id": f"c{n}", "language": "en", "agent_id": "a1", "turns": turns}
        (folder / f"c{n}.json").write_text(json.dumps(call))
    return folder


@dataclass
class Place:
    """Where rounds run: always the same folder, emptied before each, so that documents have the same paths.

    `fresh` empties the store where `url` names one on a server.
    """

    base: Path
    url: str = ""
    fresh: Callable[[], None] = lambda: None
    run: Path = field(init=False)
    _prepared: Path = field(init=False)

    def __post_init__(self) -> None:
        self.run, self._prepared = self.base / "run", self.base / "prepared.db"
        self.url = self.url or f"sqlite:///{self.run / 'store.db'}"
        for name in ("tmp", "home"):
            (self.run / name).mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """Every folder that a command writes to by itself lies in this place."""
        return {"SPEECHQA_CACHE": str(self.run / "cache"), "TMPDIR": str(self.run / "tmp"),
                "HOME": str(self.run / "home")}  # fmt: skip

    def empty(self, *, stocked: bool) -> None:
        """Begin anew, with nothing or with the store of the sample calls."""
        shutil.rmtree(self.run, ignore_errors=True)
        for name in ("tmp", "home"):
            (self.run / name).mkdir(parents=True)
        self.fresh()
        if stocked:
            shutil.copy(self._prepared, self.run / "store.db")

    def stock(self, nursery: Nursery, calls: Path) -> None:
        """Keep a store with all calls for scenes that begin with one."""
        self.empty(stocked=False)
        ended = nursery.run("score", calls, "--store", self.url)
        assert ended.code == 0, ended.said
        shutil.copy(self.run / "store.db", self._prepared)

    def documents(self) -> dict[str, bytes]:
        """What is kept of each call, without the two fields that tell one run from another."""
        with open_store(self.url, create=False) as store:
            found = [summary.call_id for summary in store.find(CallFilter())]
            assert len(found) == len(set(found)), "a call is there twice"
            assert all(len(store.history(name)) == 1 for name in found), "a call was kept twice"
            return {name: _unstamped(store.get(name)) for name in found}

    def files(self) -> dict[str, str]:
        """Every file by its name, with its digest where two runs give the same bytes."""
        found = {}
        for path in sorted(self.run.rglob("*")):
            if path.is_file():
                name = str(path.relative_to(self.run))
                volatile = path.suffix in _VOLATILE
                if path.name == MANIFEST:
                    _accounted(path.parent)
                found[name] = "" if volatile else hashlib.sha256(path.read_bytes()).hexdigest()
        return found


def _accounted(folder: Path) -> None:
    for entry in entries_in(folder):
        for name, digest in entry.files.items():
            assert file_digest(str(folder / name)) == digest, f"{name} is not what the report's account says"


def _unstamped(document: object) -> bytes:
    assert isinstance(document, CallAnalysis), document
    stamp = msgspec.structs.replace(document.provenance, run_id="", created_at="")
    return encode(msgspec.structs.replace(document, provenance=stamp))


@dataclass(frozen=True)
class Scene:
    """A command to be killed.

    `stocked` says that it begins with a store of all calls; `codes` are what the run after the kills may end
    with; `checks` are further commands that must end well then.
    """

    name: str
    arguments: tuple[object, ...]
    who: tuple[Who, ...] = ("group", "parent")
    stocked: bool = False
    codes: tuple[int, ...] = (0,)
    checks: tuple[tuple[object, ...], ...] = ()


@dataclass
class Told:
    """What an undisturbed run left and took."""

    documents: dict[str, bytes]
    files: dict[str, str]
    steps: int
    seconds: float


def undisturbed(place: Place, nursery: Nursery, scene: Scene) -> Told:
    """A run that nobody disturbs."""
    place.empty(stocked=scene.stocked)
    ended = nursery.run(*scene.arguments)
    assert ended.code == 0, ended.said
    return Told(place.documents(), place.files(), ended.steps, ended.seconds)


def moment(dice: random.Random, scene: Scene, told: Told) -> Moment:
    """A moment of an undisturbed run: two of three are steps, the others fall anywhere."""
    who = dice.choice(scene.who)
    if who == "worker" or dice.random() < 2 / 3:
        return Moment(who, step=dice.randint(1, told.steps))
    return Moment(who, seconds=dice.uniform(0.001, told.seconds))


def killed_and_again(
    place: Place, nursery: Nursery, scene: Scene, told: Told, moments: Sequence[Moment]
) -> Iterator[Ended]:
    """Kill the command at each moment in turn, run it to its end, and compare what is left; each run killed.

    Raises
    ------
    AssertionError
        If anything differs from the undisturbed run, or a process or file is left behind.
    """
    place.empty(stocked=scene.stocked)
    for at in moments:
        ended = nursery.run(*scene.arguments, at=at)
        allowed = {0, *scene.codes} if at.who == "worker" else {0, *scene.codes, -9, -27}
        assert ended.code in allowed, (at, ended)
        assert "Traceback" not in ended.said, (at, ended.said)
        yield ended
    ended = nursery.run(*scene.arguments)
    assert ended.code in scene.codes, (moments, ended)
    assert place.documents() == told.documents, moments
    _same_files(place.files(), told.files, moments)
    for check in (("verify", "--store", place.url), *scene.checks):
        checked = nursery.run(*check)
        assert checked.code == 0, (moments, check, checked.said)


def _same_files(found: dict[str, str], wanted: dict[str, str], moments: Sequence[Moment]) -> None:
    assert sorted(found) == sorted(wanted), (moments, set(found) ^ set(wanted))
    other = [name for name in found if found[name] != wanted[name]]
    assert not other, (moments, other)


def was_killed(ended: Ended, at: Moment) -> bool:
    """Whether the command was killed indeed, and had not ended before; a worker's death is not its own."""
    return ended.code < 0 or (at.who == "worker" and ended.steps >= at.step)
