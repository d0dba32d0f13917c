"""Turn-taking as measured: overlaps, silences, holds and rates, each with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.segment import Segment
from speechqa.core.source import Role
from speechqa.core.value import Value, require_interval, require_probability

OverlapKind = Literal["backchannel", "terminal", "simultaneous_start", "interruption", "failed_interruption"]

RoleSource = Literal["manifest", "option", "transcript", "inferred", "corrected", "none"]

Basis = Literal["audio", "turns", "none"]
"""What timing rests on: speech found in the sound, times of an imported transcript, or nothing."""

Separation = Literal["channel", "voice", "transcript", "none"]
"""How the parties are told apart: a channel each, by their voices on one channel, as the transcript says, or
not at all."""

HoldSound = Literal["silence", "music", "tones", "unknown"]
"""What is heard while somebody waits; unknown where there is no sound to listen to."""


class RoleAssignment(Value, frozen=True, kw_only=True):
    """Which role a party has, how sure that is, and why.

    `doubt` is what speaks against a role that was told from outside, in plain words.
    """

    role: Role
    confidence: float
    source: RoleSource
    reason: str = ""
    doubt: str = ""

    def __post_init__(self) -> None:
        require_probability("confidence", self.confidence)


class Overlap(Value, frozen=True, kw_only=True):
    """Two parties speaking at once.

    `by` started over `of`; both are roles where known, else parties. `rule` names the rule behind `kind` in
    plain words and `numbers` the figures it looked at, units in their names.
    """

    start: float
    end: float
    kind: OverlapKind
    by: str
    of: str
    by_party: str
    of_party: str
    confidence: float = 1.0
    rule: str = ""
    numbers: Mapping[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)
        require_probability("confidence", self.confidence)


class CutOff(Value, frozen=True, kw_only=True):
    """A party cut short without an overlap: `of` stopped at `time` in mid-phrase, and `by` went on.

    Kept apart from interruptions: no voice was talked over, and a score never counts it. `quote` is how the
    party that was cut short ended, `rule` why this is taken for a cut.
    """

    time: float
    by: str
    of: str
    by_party: str
    of_party: str
    confidence: float = 1.0
    rule: str = ""
    quote: str = ""
    numbers: Mapping[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        require_probability("confidence", self.confidence)


class Silence(Value, frozen=True, kw_only=True):
    """A stretch without speech; `after` and `before` name the speakers around it, None at the edges."""

    start: float
    end: float
    after: str | None = None
    before: str | None = None


class WaitingSound(Value, frozen=True, kw_only=True):
    """Something on a channel that is no speech and tells of a wait: music, signal tones, or ringing."""

    start: float
    end: float
    kind: Literal["music", "tones", "ringing"]
    channel: int = 0
    confidence: float = 1.0

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)
        require_probability("confidence", self.confidence)


class Hold(Value, frozen=True, kw_only=True):
    """A wait the agent announced or that the sound shows.

    `kind` says how it was known: `told` for an announced one, whatever was heard then, else what was heard.
    `sound` is what was heard, `quote` what was said.
    """

    start: float
    end: float
    kind: Literal["told", "silent", "music", "tones"]
    quote: str = ""
    sound: HoldSound = "unknown"


class Latency(Value, frozen=True, kw_only=True):
    """Seconds from the other's end to this party's start, over `n` exchanges."""

    median: float | None
    p90: float | None
    n: int


class NotAssessed(Value, frozen=True, kw_only=True):
    """A measure that was not computed, and why."""

    measure: str
    reason: str


class ChannelDoubts(Value, frozen=True, kw_only=True):
    """What faults of a recording's channels leave in doubt, each with its reason; None where nothing does.

    Attributes
    ----------
    timing : str or None
        Why the parties are not known to be on one clock.
    overlaps : str or None
        Why nobody can tell who talks over whom.
    both_heard_until : float or None
        Seconds until which every party is heard; what comes later is measured of nobody.
    """

    timing: str | None = None
    overlaps: str | None = None
    both_heard_until: float | None = None


class Dialogue(Value, frozen=True, kw_only=True):
    """Turn-taking of one call. Keys are roles where known, else parties; `speech` is always by party.

    Times are seconds, rates are per ten minutes of the *other* party's speech, shares lie in [0, 1]. A
    measure that could not be computed is None or absent and named in `not_assessed`.

    `cut_offs` are apart from `overlaps` and no interruptions. `silences` are all mutual silences over 3 s,
    `dead_air` those of them that are long and that nothing announced or filled. `monologues` counts the long
    ones of each party, `interruption_seconds` is the time both spoke in a party's interruptions.
    `shared_channel` is the one that holds both parties where voices tell them apart. `overlapped` marks where
    several speak at once on it; `overlap_heard` says whether anybody could tell who talks over whom.
    `waiting` is music, tones and ringing, None where nobody listened for them. `queue_wait_seconds` comes
    from the manifest or the recording, as `queue_wait_source` says.
    `channel_doubts` are faults of the channels that kept measures from being computed.
    """

    basis: Basis
    speech: Mapping[str, tuple[Segment, ...]] = msgspec.field(default_factory=dict)
    talk_seconds: Mapping[str, float] = msgspec.field(default_factory=dict)
    talk_share: Mapping[str, float] = msgspec.field(default_factory=dict)
    response_latency: Mapping[str, Latency] = msgspec.field(default_factory=dict)
    overlaps: tuple[Overlap, ...] = ()
    silences: tuple[Silence, ...] = ()
    holds: tuple[Hold, ...] = ()
    interruptions: Mapping[str, int] = msgspec.field(default_factory=dict)
    interruptions_per_10min: Mapping[str, float | None] = msgspec.field(default_factory=dict)
    longest_monologue_seconds: Mapping[str, float] = msgspec.field(default_factory=dict)
    words_per_minute: Mapping[str, float] = msgspec.field(default_factory=dict)
    speaker_changes: int | None = None
    silence_seconds: float | None = None
    separation: Separation = "none"
    separation_confidence: float | None = None
    shared_channel: int | None = None
    cut_offs: tuple[CutOff, ...] = ()
    dead_air: tuple[Silence, ...] = ()
    monologues: Mapping[str, int] = msgspec.field(default_factory=dict)
    syllables_per_second: Mapping[str, float] = msgspec.field(default_factory=dict)
    interruption_seconds: Mapping[str, float] = msgspec.field(default_factory=dict)
    overlapped: tuple[Segment, ...] = ()
    waiting: tuple[WaitingSound, ...] | None = None
    overlap_heard: bool = True
    queue_wait_seconds: float | None = None
    queue_wait_source: Literal["manifest", "recording"] | None = None
    channel_doubts: ChannelDoubts = ChannelDoubts()
    not_assessed: tuple[NotAssessed, ...] = ()


def holders(roles: Mapping[str, RoleAssignment]) -> dict[Role, str]:
    """The party of each role that one party alone has."""
    parties: dict[Role, list[str]] = {}
    for party, given in sorted(roles.items()):
        parties.setdefault(given.role, []).append(party)
    return {role: found[0] for role, found in parties.items() if len(found) == 1}
