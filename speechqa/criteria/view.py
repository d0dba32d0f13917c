"""What a judge is shown of a call: who said what, the timing, and how far the text can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from speechqa.core.dialogue import Dialogue, RoleAssignment
from speechqa.core.transcript import Transcript
from speechqa.core.value import Value


class CallView(Value, frozen=True, kw_only=True):
    """One call, ready to be judged.

    Attributes
    ----------
    transcript : Transcript
        Turns with roles in `speaker`; acts are not needed here, they are found again where absent.
    roles : mapping
        Party to its role; a party whose role is `unknown` is evidence of nothing.
    dialogue : Dialogue or None
        Turn-taking, for `no_interruptions`; None when it was not measured.
    duration : float or None
        Seconds of the recording.
    language : str or None
        ISO 639-1; None lets the text tell.
    text_usable : bool
        False where there is no text, or none that may be relied on (a draft below its confidence floor);
        `text_reason` says why.
    complete : bool or None
        False where the end of the call is known to be missing; True and None let the words tell, since a
        recording that lost nothing may still have been stopped early.
    missing_start : bool
        Whether the beginning of the call is known to be lost.
    agent_names : tuple of str
        Names of the agent or the organisation known from outside; hearing one in the opening identifies.
    """

    transcript: Transcript
    roles: Mapping[str, RoleAssignment] = msgspec.field(default_factory=dict)
    dialogue: Dialogue | None = None
    duration: float | None = None
    language: str | None = None
    text_usable: bool = True
    text_reason: str = ""
    complete: bool | None = None
    missing_start: bool = False
    agent_names: tuple[str, ...] = ()
