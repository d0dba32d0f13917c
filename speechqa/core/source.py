"""What a batch is asked to analyse: files, who is in them, and what the manifest knows of the call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from speechqa.core.correction import WordCorrection
from speechqa.core.segment import Segment
from speechqa.core.value import Value, require

Role = Literal["agent", "customer", "unknown"]
"""Who a party is; `unknown` is a value of its own, never a guess."""

RawFormat = Literal["mulaw", "alaw"]
"""Encoding of a headerless recording, 8-bit G.711."""


class CallMetadata(Value, frozen=True, kw_only=True):
    """What is known of a call from outside the recording; every field may be missing.

    `started_at` is ISO 8601 as given; `queue_wait_s` is in seconds; `tags` holds unknown manifest columns.
    """

    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    customer_id: str | None = None
    started_at: str | None = None
    direction: str | None = None
    queue_wait_s: float | None = None
    transfers: int | None = None
    tags: Mapping[str, str] = msgspec.field(default_factory=dict)


class RoleCorrection(Value, frozen=True, kw_only=True):
    """Who is who as a person said it, against what was told or inferred before.

    Attributes
    ----------
    roles : mapping of str to Role
        Role of each party, by the letter it has in the document.
    by, at, reason : str
        Who said so, when (ISO 8601, UTC), and why.
    heard : mapping of str to tuple of Segment
        Where each party was heard, where parties are told apart by their voices: letters may change places
        when an engine tells them apart anew, and this finds them again. Empty where a party is a channel.
    """

    roles: Mapping[str, Role]
    by: str
    at: str
    reason: str = ""
    heard: Mapping[str, tuple[Segment, ...]] = msgspec.field(default_factory=dict)


class PartyFile(Value, frozen=True, kw_only=True):
    """One media file of a call.

    `role` is set when the file holds one party alone; `offset_s` is when the file starts on the call's clock.
    """

    path: str
    role: Role | None = None
    offset_s: float = 0.0


class CallSource(Value, frozen=True, kw_only=True):
    """One call to analyse.

    `channel_offsets_s` shifts single channels of a multi-channel file, by channel; `raw_format` and
    `raw_channels` describe a headerless file; `transcript_path` names a transcript that came with the call;
    `roles` is what a person said of who is who, and `words` of what was said, which hold against everything
    else.
    """

    files: tuple[PartyFile, ...]
    call_id: str | None = None
    agent_channel: int | None = None
    agent_offset_s: float | None = None
    channel_offsets_s: Mapping[int, float] = msgspec.field(default_factory=dict)
    language: str | None = None
    transcript_path: str | None = None
    raw_format: RawFormat | None = None
    raw_channels: int = 1
    metadata: CallMetadata = CallMetadata()
    roles: RoleCorrection | None = None
    words: tuple[WordCorrection, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.files), "a call needs at least one file")

    @property
    def path(self) -> str:
        """The path a person knows the call by: its first file."""
        return self.files[0].path

    @property
    def ordered_files(self) -> tuple[PartyFile, ...]:
        """The files in the order of their channels: the agent's, the customer's, then the others as given."""
        order = {"agent": 0, "customer": 1}
        return tuple(sorted(self.files, key=lambda file: order.get(file.role or "unknown", 2)))


def printable_path(path: str) -> str:
    r"""The path as text that encodes to UTF-8: bytes that are no UTF-8 are written as ``\udcXX``.

    Examples
    --------
    >>> printable_path("call-\udce9.wav")
    'call-\\udce9.wav'
    """
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def combined_digest(digests: Iterable[str]) -> str:
    """The identity of a call: one file's SHA-256, or the SHA-256 over several hexadecimal ones in order.

    Raises
    ------
    ValueError
        If there is no digest.
    """
    given = tuple(digests)
    require(bool(given), "an identity needs at least one digest")
    if len(given) == 1:
        return given[0]
    return hashlib.sha256("".join(given).encode("ascii")).hexdigest()


def default_call_id(identity: str) -> str:
    """The id of a call that nobody named: the first 16 hexadecimal digits of its identity."""
    return identity[:16]
