"""The calls that are analysed: the project's own, cut short for recognisers."""

from __future__ import annotations

import csv
import json
import shutil
import wave
from pathlib import Path

import numpy as np

from speechqa.audio.decoder import PyAVDecoder
from speechqa.core.source import CallSource, PartyFile

ROOT = Path(__file__).parents[2]
OWN = ROOT / "recordings"
ENGINES = ("none", "pocketsphinx", "whisper", "faster-whisper")
HEARD = ("en-pizza.wav", "en-library-mono.flac")
"""For recognisers: two channels, and one."""


def calls_for(engine: str, folder: Path, *, seconds: float = 15.0) -> None:
    """Fill an empty folder with what an engine is given.

    Parameters
    ----------
    engine : str
        One of `ENGINES`. For `none`: two channels with words beside them, one channel with words and one
        without, MP3, M4A, FLAC and WAV.
    seconds : float
        How much of each call a recogniser hears.
    """
    if engine == "none":
        for name in ("he-cable.mp3", "he-oven-complaint.m4a"):
            shutil.copy(OWN / name, folder)
            shutil.copy((OWN / name).with_suffix(".json"), folder)
        shutil.copy(OWN / "en-library-mono.flac", folder)
        cut(OWN / "en-library-mono.flac", folder / "one-channel.wav", 30.0)
        words = invented_words(30.0)
        (folder / "one-channel.json").write_text(json.dumps(words), encoding="utf-8")
    else:
        for name in HEARD:
            cut(OWN / name, folder / Path(name).with_suffix(".wav"), seconds)
    describe(folder)


def describe(folder: Path) -> None:
    """Write the manifest's rows of the calls in a folder."""
    with (OWN / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    present = {path.stem: path.name for path in folder.iterdir() if path.suffix != ".json"}
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        out.writeheader()
        for row in rows:
            name = present.get(Path(row["file"]).stem)
            if name is not None:
                out.writerow(row | {"file": name})
            elif row["agent_file"] and (folder / row["agent_file"]).exists():
                out.writerow(row)


def cut(source: Path, target: Path, seconds: float) -> None:
    """Write the beginning of a recording as 16-bit WAV."""
    _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(source)),)))
    try:
        channels = [audio.read(number, 0.0, seconds) for number in range(audio.channels)]
        rate = audio.sample_rate
    finally:
        audio.close()
    samples = np.round(np.clip(np.stack(channels, axis=1), -1, 1) * 32767).astype("<i2")
    with wave.open(str(target), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def invented_words(seconds: float) -> dict[str, object]:
    """A transcript with times for a call of one channel: it is voices that have to be told apart."""
    lines = [
        ("agent", "city library good afternoon how can i help you"),
        ("customer", "hello i have a complaint about a fine"),
        ("agent", "i am sorry about that let me check it for you"),
        ("customer", "thank you"),
        ("agent", "you will get a letter by monday is there anything else"),
    ]
    step = seconds / len(lines)
    turns = [
        {"speaker": who, "text": text, "start": round(i * step, 3), "end": round((i + 0.9) * step, 3)}
        for i, (who, text) in enumerate(lines)
    ]
    return {"id": "one-channel", "language": "en", "turns": turns}


def random_models(folder: Path) -> None:
    """A Whisper checkpoint with random weights and its fast form: the real way of loading and decoding."""
    from speechqa.backends.fast_convert import write_folder
    from tests.support.engines import tiny_checkpoint

    (folder / "random.ct2").mkdir()
    write_folder(tiny_checkpoint(folder / "random.pt"), folder / "random.ct2")
