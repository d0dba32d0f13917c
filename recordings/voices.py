"""Voices of the sample calls: text in, mono speech at 16 kHz out, the same bytes every time."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

SAMPLE_RATE = 16_000

PITCH_HZ = {"flite:kal16": 95.0}
"""Mean pitch of the English voices whose own synthesiser can move it. The others keep theirs: shifted
afterwards, their resonances move too, and a recogniser no longer understands them."""

ACTIVE_DBFS = -24.0
"""Level every turn is brought to before its own gain, so that voices differ in timbre and not in loudness."""

_EDGE = 10 ** (-50 / 20)


def _run(command: list[str], stdin: bytes | None = None) -> bytes:
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise RuntimeError(f"{command[0]} failed ({done.returncode}): {message}")
    return done.stdout


def sox(samples: Samples, effects: list[str], *, rate_in: int = SAMPLE_RATE) -> Samples:
    """Send mono samples through sox effects, without dither, so that the result repeats."""
    raw = ["-t", "raw", "-e", "floating-point", "-b", "32", "-c", "1"]
    command = ["sox", "-D", "-R", *raw, "-r", str(rate_in), "-", *raw, "-", *effects]
    return np.frombuffer(_run(command, samples.astype("<f4").tobytes()), dtype="<f4").copy()


def _flite(name: str, text: str, rate: float, pitch_st: float, out: Path) -> None:
    options = ["--setf", f"duration_stretch={1 / rate:.3f}"]
    if pitch_st:
        options += ["--setf", f"int_f0_target_mean={PITCH_HZ[f'flite:{name}'] * 2 ** (pitch_st / 12):.1f}"]
    _run(["flite", "-voice", name, *options, "-t", text, "-o", str(out)])


def _festival(name: str, text: str, rate: float, out: Path) -> None:
    _run(
        [
            "text2wave",
            "-eval",
            f"(voice_{name})",
            "-eval",
            f"(Parameter.set 'Duration_Stretch {1 / rate:.3f})",
            "-o",
            str(out),
        ],
        text.encode("ascii"),
    )


def _espeak(name: str, text: str, rate: float, pitch_st: float, out: Path) -> None:
    speed, pitch = round(150 * rate), round(50 + 4 * pitch_st)
    _run(["espeak-ng", "-v", name, "-s", str(speed), "-p", str(pitch), "-w", str(out), text])


def _trimmed(samples: Samples) -> Samples:
    """Cut the silence a synthesiser leaves at both ends, so that turn times are those of the speech."""
    loud = np.flatnonzero(np.abs(samples) > _EDGE * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def _levelled(samples: Samples, gain_db: float) -> Samples:
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    active = power[power > power.max() * 1e-3].mean()
    return (samples * (10 ** ((ACTIVE_DBFS + gain_db) / 20) / np.sqrt(active))).astype(np.float32)


def speak(
    voice: str,
    text: str,
    *,
    rate: float = 1.0,
    pitch_st: float = 0.0,
    gain_db: float = 0.0,
    bright_db: float = 0.0,
    tract: float = 1.0,
) -> Samples:
    """Synthesise one turn.

    Parameters
    ----------
    voice : str
        ``engine:name`` with the engine ``flite``, ``festival`` or ``espeak``.
    rate : float
        Speed relative to the voice's own, above 0.
    pitch_st : float
        Semitones above the voice's own mean pitch; 0 for voices whose pitch is fixed.
    gain_db, bright_db : float
        Loudness, and treble above 1.5 kHz, in dB relative to an ordinary turn; a raised voice has both.
    tract : float
        Resonances relative to the voice's own; 1.08 is a shorter vocal tract, so another, smaller person
        (and a pitch higher by the same factor).

    Raises
    ------
    ValueError
        If the engine is unknown, or a voice of fixed pitch is asked for another one.
    RuntimeError
        If a synthesiser fails or is not installed; the message holds its own words.
    """
    engine, _, name = voice.partition(":")
    if pitch_st and engine != "espeak" and voice not in PITCH_HZ:
        raise ValueError(f"voice {voice!r}: its pitch is fixed, found pitch_st = {pitch_st}")
    effects: list[str] = []
    if tract != 1.0:
        rate /= tract
        effects += ["speed", f"{tract:.4f}", "rate", "-h", str(SAMPLE_RATE)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "turn.wav"
        if engine == "flite":
            _flite(name, text, rate, pitch_st, out)
        elif engine == "festival":
            _festival(name, text, rate, out)
        elif engine == "espeak":
            _espeak(name, text, rate, pitch_st, out)
        else:
            raise ValueError(f"voice {voice!r}: engine {engine!r} is none of flite, festival, espeak")
        raw = ["-t", "raw", "-e", "floating-point", "-b", "32", "-c", "1", "-"]
        decoded = _run(["sox", "-D", "-R", "-v", "0.5", str(out), *raw, "rate", "-h", str(SAMPLE_RATE)])
    samples = np.frombuffer(decoded, dtype="<f4").copy()
    if bright_db:
        effects += ["treble", f"{bright_db:+.1f}", "1500"]
    if effects:
        samples = sox(samples, effects)
    return _levelled(_trimmed(samples), gain_db)
