"""What an operator can set, and the digest of all of it that a result depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.plain import printable
from speechqa.core.profiles import PROFILES, ProfileName
from speechqa.core.source import RawFormat
from speechqa.core.value import Value, require
from speechqa.core.weeks import WeekStart
from speechqa.errors import ConfigurationError

RETENTION = "SPEECHQA_RETENTION_DAYS"
"""Days after which calls are to be purged, in the environment; no setting, for no document depends on it."""

LONGEST_RETENTION = 100_000
"""Days; more than there have been recordings."""

WEEK_START = "SPEECHQA_WEEK_START"
"""The day weeks begin on, in the environment; figures by week depend on it, no document does."""

LanguageChoice = Literal["auto", "he", "en"]


class Settings(Value, frozen=True, kw_only=True):
    """Settings of an analysis.

    Every field here changes what a document says; where a store lies or how many workers run does not, and
    is no setting.

    Attributes
    ----------
    engine : str
        `auto`, `none`, or an engine's name, with a model after a colon where it has several
        (`whisper:small`).
    rubric : str
        Name of a built-in rubric or path of a TOML file.
    diarizer : str
        What tells parties on one channel apart: `auto`, `none`, `resemblyzer` or `pyannote:PATH`.
    agent_channel : int or None
        Channel of the agent where no manifest says otherwise.
    role_floor : float
        Confidence in [0, 1] under which an inferred role stays `unknown`.
    profile : str
        Jurisdiction whose rules set what is computed (`core.profiles`).
    agent_stress : bool
        Whether the agent's arousal curve is computed, where the profile leaves it to the operator; no profile
        lets it reach a score.
    accommodation : bool
        Whether the voices of agent and customer are compared; it reaches no score.
    arousal : str
        What measures vocal arousal: `voice`, or `onnx:PATH` of a model of the user's own.
    embeddings : str
        What finds by meaning what phrases do not: `none`, or `onnx:PATH` of a model of the user's own.
    """

    engine: str = "auto"
    language: LanguageChoice = "auto"
    rubric: str = "service"
    agent_channel: int | None = None
    role_floor: float = 0.7
    profile: ProfileName = "eu"
    agent_stress: bool = False
    raw_format: RawFormat | None = None
    raw_channels: int = 1
    diarizer: str = "auto"
    accommodation: bool = True
    arousal: str = "voice"
    embeddings: str = "none"

    def __post_init__(self) -> None:
        require(0.0 <= self.role_floor <= 1.0, f"role_floor must lie in [0, 1], found {self.role_floor}")
        require(
            self.agent_channel is None or self.agent_channel >= 0,
            f"agent_channel counts from 0, found {self.agent_channel}",
        )
        require(self.profile in PROFILES, f"profile is one of {', '.join(PROFILES)}, found {self.profile}")
        rules = PROFILES[self.profile]
        if self.agent_stress and rules.agent_curve == "never":
            raise ConfigurationError(
                "The agent's vocal arousal is not computed under this profile",
                where=f"profile {self.profile}",
                found="agent_stress turned on",
                expected=f"it off, for {rules.agent_refused}",
                hint="Leave it off, or name the profile of the jurisdiction in which the agent works",
            )

    def digest(self) -> str:
        """SHA-256 over all settings, in hexadecimal; equal settings have equal digests."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


def retention_days(environment: Mapping[str, str]) -> int | None:
    """How many days calls are kept, None where nobody has said; `environment` is usually `os.environ`.

    Raises
    ------
    ConfigurationError
        If what is said is no whole number of days from 1 to 100,000.

    Examples
    --------
    >>> retention_days({"SPEECHQA_RETENTION_DAYS": "365"})
    365
    """
    said = environment.get(RETENTION, "").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= 9 and 1 <= int(said) <= LONGEST_RETENTION):
        raise ConfigurationError(
            "The days that calls are kept cannot be read",
            where=RETENTION,
            found=repr(printable(said, limit=40)),
            expected=f"a whole number from 1 to {LONGEST_RETENTION}",
        )
    return int(said)


def week_start(environment: Mapping[str, str]) -> WeekStart:
    """The day weeks begin on: `monday` as ISO 8601 has it, unless it is said to be `sunday`.

    Raises
    ------
    ConfigurationError
        If another day is named.

    Examples
    --------
    >>> week_start({}), week_start({"SPEECHQA_WEEK_START": "Sunday"})
    ('monday', 'sunday')
    """
    said = environment.get(WEEK_START, "").strip().casefold()
    if said in ("", "monday"):
        return "monday"
    if said == "sunday":
        return "sunday"
    raise ConfigurationError(
        "Weeks cannot begin on this day",
        where=WEEK_START,
        found=repr(printable(said, limit=40)),
        expected="monday or sunday",
    )
