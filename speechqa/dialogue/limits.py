"""The lengths and counts that the measures of time and silence depend on, in one value."""

from __future__ import annotations

from speechqa.core.value import Value, require


class Limits(Value, frozen=True, kw_only=True):
    """Parameters of the measures of time and silence; seconds unless the name says otherwise.

    Attributes
    ----------
    silence_s : float
        Mutual silences are listed from this length.
    dead_air_s : float
        A silence inside the call from this length that nothing announced or filled is dead air. There is no
        standard: quality forms in use draw the line at 7, 10 or 15 s.
    told_wait_s, told_silence_s : float
        An announced hold lasts at least the first, with a mutual silence of at least the second in it.
    silent_hold_s : float
        A silence from this length is a hold although nobody announced it.
    heard_hold_s : float
        Music or signal tones from this length are a hold although nobody announced it.
    monologue_s : float
        Holding the floor for this long counts as a monologue.
    floor_pause_s : float
        A longer pause ends a stretch of talk even when nobody else speaks.
    cut_off_gap_s : float
        Who starts within this after a break-off may have caused it.
    min_overlap_s : float
        Shorter overlaps of speech found in sound are within the precision of its edges.
    min_speech_s : float
        Talk share needs this much speech of all, rates of words and syllables this much of the party.
    min_other_speech_s : float
        A rate per ten minutes needs this much speech of the other party.
    min_hebrew_words : int
        The rate of syllables needs this many words in Hebrew, where they are estimated.
    max_syllables_per_second : float
        Nobody speaks faster: a higher rate says that words and speech do not belong together.
    min_p90_exchanges : int
        The ninetieth percentile of response latency needs this many exchanges.
    """

    silence_s: float = 3.0
    dead_air_s: float = 10.0
    told_wait_s: float = 8.0
    told_silence_s: float = 5.0
    silent_hold_s: float = 20.0
    heard_hold_s: float = 5.0
    monologue_s: float = 60.0
    floor_pause_s: float = 3.0
    cut_off_gap_s: float = 0.3
    min_overlap_s: float = 0.1
    min_speech_s: float = 10.0
    min_other_speech_s: float = 30.0
    min_hebrew_words: int = 100
    max_syllables_per_second: float = 9.0
    min_p90_exchanges: int = 5

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            require(getattr(self, name) >= 0, f"{name} must not be negative, found {getattr(self, name)}")
        require(self.silence_s <= self.dead_air_s, "dead air is a silence: dead_air_s >= silence_s")


DEFAULT_LIMITS = Limits()
