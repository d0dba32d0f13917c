"""Signal tones of telephones: ringing, busy, dialled digits, beeps, fax."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.core.segment import Segment
from speechqa.core.value import Value, require
from speechqa.protocols import CallAudio

Floats = NDArray[np.float64]
_Read = tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]

HOP_S = 0.032
WINDOW_S = 2 * HOP_S
SAME_PITCH = 0.04
_BLOCK_S = 16.384
_BAND_HZ = (250.0, 3700.0)
_LOBE = 2  # bins to either side of a peak that a Hann window spreads it over
_DIGIT_LOW_HZ = (697.0, 770.0, 852.0, 941.0)
_DIGIT_HIGH_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
_DIGIT_WITHIN = 0.018
_DIGIT_TWIST = 0.03
_DIGIT_FRAMES = 2
_BROKEN_S = 0.1
_TINY = 1e-12


class ToneSettings(Value, frozen=True, kw_only=True):
    """What is a signal tone.

    Attributes
    ----------
    pure : float
        Share of the energy that the two strongest partials must hold, in (0, 1).
    within : float
        How far the frequency may wander inside a tone, as a share of it.
    lowest_hz : float
        Voices hold single partials below this.
    quietest_db : float
        Level re full scale below which nothing is looked for.
    shortest_s, shortest_alone_s : float
        Shortest tone, and shortest one with no other of its frequency near; dialled digits may be shorter.
    near_s : float
        How near that is.
    """

    pure: float = 0.93
    within: float = 0.02
    lowest_hz: float = 330.0
    quietest_db: float = -60.0
    shortest_s: float = 0.2
    shortest_alone_s: float = 0.28
    near_s: float = 6.5

    def __post_init__(self) -> None:
        for name in ("pure", "within"):
            require(0.0 < getattr(self, name) < 1.0, f"{name} must lie in (0, 1)")
        require(self.lowest_hz >= 0.0, "lowest_hz must not be negative")
        for name in ("shortest_s", "shortest_alone_s", "near_s"):
            require(getattr(self, name) > 0.0, f"{name} must be positive")


class Tone(Value, frozen=True, kw_only=True):
    """One sounding of a tone; `hertz` is its strongest partial, `digit` whether it is a dialled digit."""

    segment: Segment
    hertz: float
    digit: bool = False


def find_tones(audio: CallAudio, channel: int, settings: ToneSettings | None = None) -> tuple[Tone, ...]:
    """Every sounding of a signal tone on a channel, in order of time.

    Notes
    -----
    A window of 64 ms holds a tone when its two strongest partials carry nearly all energy, as no voiced
    speech in the telephone band does for long: in 26 min of real calls nothing over 330 Hz stayed so for
    0.2 s. Dialled digits (ITU-T Q.23) may be shorter, since their two frequencies give them away.
    """
    settings = settings or ToneSettings()
    read = [_read(block, settings) for block in _frames(audio, channel, settings)]
    nothing: _Read = (np.zeros(0), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    centre, clear, digit = (np.concatenate(parts) for parts in zip(nothing, *read, strict=True))
    found: list[Tone] = []
    for begin, end in _steady_runs(centre, clear, settings.within):
        dialled = end - begin >= _DIGIT_FRAMES and bool(digit[begin:end].mean() > 0.8)
        segment = Segment(round((begin + 0.5) * HOP_S, 3), round((end + 0.5) * HOP_S, 3))
        hertz = round(float(np.median(centre[begin:end])), 1)
        tone = Tone(segment=segment, hertz=hertz, digit=dialled)
        if found and _goes_on(found[-1], tone):
            found[-1] = replace(found[-1], segment=Segment(found[-1].segment.start, segment.end))
        else:
            found.append(tone)
    long = [tone for tone in found if tone.digit or tone.segment.duration >= settings.shortest_s]
    return tuple(tone for tone in long if _credible(tone, long, settings))


def _read(block: Floats, settings: ToneSettings) -> _Read:
    """Centre of a block's frames in Hz, and which of them hold a clear tone, and which a dialled digit."""
    level, pure, first_hz, second_hz, second = block
    clear = (pure >= settings.pure) & (level > settings.quietest_db) & (first_hz >= settings.lowest_hz)
    digit = clear & (second >= _DIGIT_TWIST) & _is_digit(first_hz, second_hz)
    # Of two partials of one strength now this is the stronger, now that; their centre stays.
    return (first_hz + second * second_hz) / (1.0 + second), clear, digit


def _goes_on(before: Tone, tone: Tone) -> bool:
    """Whether a codec broke one tone into two."""
    near = tone.segment.start - before.segment.end <= _BROKEN_S
    return near and not (before.digit or tone.digit) and same_pitch(before, tone)


def _credible(tone: Tone, tones: list[Tone], settings: ToneSettings) -> bool:
    return (
        tone.digit
        or tone.segment.duration >= settings.shortest_alone_s
        or any(
            other is not tone
            and not other.digit
            and tone.segment.gap(other.segment) <= settings.near_s
            and same_pitch(tone, other)
            for other in tones
        )
    )


def same_pitch(one: Tone, other: Tone) -> bool:
    """Whether two tones have one frequency, as far as codecs keep it."""
    return abs(one.hertz - other.hertz) <= SAME_PITCH * one.hertz


def _is_digit(first_hz: Floats, second_hz: Floats) -> NDArray[np.bool_]:
    low, high = np.minimum(first_hz, second_hz)[:, None], np.maximum(first_hz, second_hz)[:, None]
    lows, highs = np.array(_DIGIT_LOW_HZ), np.array(_DIGIT_HIGH_HZ)
    near_low = (np.abs(low - lows) <= _DIGIT_WITHIN * lows).any(axis=1)
    near_high = (np.abs(high - highs) <= _DIGIT_WITHIN * highs).any(axis=1)
    return np.asarray(near_low & near_high, np.bool_)


def _steady_runs(centre: Floats, clear: NDArray[np.bool_], within: float) -> list[tuple[int, int]]:
    """Runs of clear frames whose frequency stays; one frame that fails does not end a run."""
    runs: list[tuple[int, int]] = []
    begin = last = -1
    usual = 0.0
    for at in np.flatnonzero(clear).tolist():
        hertz = float(centre[at])
        if begin >= 0 and at - last <= 2 and abs(hertz - usual) <= within * usual:
            last = at
            usual = float(np.median(centre[begin : last + 1])) if last - begin < 8 else usual
            continue
        if begin >= 0:
            runs.append((begin, last + 1))
        begin, last, usual = at, at, hertz
    if begin >= 0:
        runs.append((begin, last + 1))
    return runs


def _frames(audio: CallAudio, channel: int, settings: ToneSettings) -> Iterator[Floats]:
    """Level in dB, share of the two strongest partials, their frequencies, the second's part of the first."""
    rate = audio.sample_rate
    hop, width = round(HOP_S * rate), round(WINDOW_S * rate)
    window = np.hanning(width).astype(np.float32)
    scale = 16 / 3 / width**2
    low, high = (round(hertz * width / rate) for hertz in _BAND_HZ)
    frames = max(0, (round(audio.duration * rate) - width) // hop + 1)
    block = round(_BLOCK_S / HOP_S)
    for first in range(0, frames, block):
        last = min(frames, first + block)
        piece = audio.read(channel, first * hop / rate, ((last - 1) * hop + width) / rate)
        sound = np.nan_to_num(piece, posinf=0.0, neginf=0.0)
        sound = np.pad(sound, (0, (last - first - 1) * hop + width - len(sound)))
        out = np.zeros((5, last - first))
        out[0] = -120.0
        windows = np.lib.stride_tricks.sliding_window_view(sound, width)[::hop]
        loud = np.flatnonzero(np.abs(windows).max(axis=1) > 10 ** (settings.quietest_db / 20))
        if len(loud):
            power = np.abs(np.fft.rfft(windows[loud] * window, axis=1)).astype(np.float64) ** 2
            out[:, loud] = _measured(power, low, high, scale, rate / width)
        yield out


def _measured(power: Floats, low: int, high: int, scale: float, bin_hz: float) -> Floats:
    whole = power[:, 3:].sum(axis=1) + _TINY
    band = power[:, low:high].copy()
    strength, hertz = [], []
    for _ in range(2):
        near = np.clip(band.argmax(axis=1)[:, None] + np.arange(-_LOBE, _LOBE + 1), 0, band.shape[1] - 1)
        lobe = np.take_along_axis(band, near, axis=1)
        strength.append(lobe.sum(axis=1))
        hertz.append(((near + low) * lobe).sum(axis=1) / (strength[-1] + _TINY) * bin_hz)
        np.put_along_axis(band, near, 0.0, axis=1)
    level = 10 * np.log10(whole * scale + _TINY)
    return np.stack(
        [level, (strength[0] + strength[1]) / whole, hertz[0], hertz[1], strength[1] / (strength[0] + _TINY)]
    )
