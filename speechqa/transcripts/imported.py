"""What a transcript file holds, and how its speakers become parties and roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.core.value import Value

CONFIDENCE_FLOOR = 0.5
"""Mean word confidence under which an imported machine transcript carries no text criteria."""

_ROLES = ("agent", "customer")


class ImportedTranscript(Value, frozen=True, kw_only=True):
    """A transcript file after reading.

    Attributes
    ----------
    transcript : Transcript
        The turns one for one and in order; `engine` is ``import:<format>``.
    format : str
        One of `speechqa.transcripts.FORMATS`.
    call_id : str or None
        The input's own id.
    language : str or None
        ISO 639-1 code, None when the file does not say.
    metadata : CallMetadata
        What the file knows of the call.
    duration : float or None
        Seconds the file says the call lasted; None when it does not say.
    notes : tuple of str
        What a reader should know, in plain words: a guessed encoding, times that were left out.
    """

    transcript: Transcript
    format: str
    call_id: str | None = None
    language: str | None = None
    metadata: CallMetadata = CallMetadata()
    duration: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether any turn has text; a timeline (RTTM) has none."""
        return any(turn.text.strip() for turn in self.transcript.turns)


class TurnDraft(Value, frozen=True, kw_only=True):
    """A turn as a format gives it, before parties are told apart.

    `speaker` is None when the format names none; `confidence` stands for the whole turn where the format has
    no words.
    """

    speaker: str | None
    text: str
    start: float | None = None
    end: float | None = None
    channel: int | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None


def role_or_name(speaker: str | None) -> str | None:
    """The role a speaker's name says, else the name; None when it says nothing.

    Only `agent` and `customer`, in any case, are roles: whether a `rep`, a `caller` or a `client` is one of
    them is for the caller of this package to say, not for a guess here.

    Examples
    --------
    >>> role_or_name("AGENT"), role_or_name("Dana"), role_or_name(" "), role_or_name("Unknown")
    ('agent', 'Dana', None, None)
    """
    if speaker is None:
        return None
    name = speaker.strip()
    folded = name.casefold()
    if folded in _ROLES:
        return folded
    return None if folded in {"", "unknown"} else name


def party_letter(index: int) -> str:
    """The name of the party that is `index`-th to appear: A to Z, then AA, AB and so on.

    Examples
    --------
    >>> party_letter(0), party_letter(25), party_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def in_order_of_time(drafts: Iterable[TurnDraft]) -> tuple[TurnDraft, ...]:
    """Drafts sorted by start, then end; the given order decides ties, turns without times come last."""
    endless = float("inf")
    return tuple(
        sorted(
            drafts,
            key=lambda d: (endless if d.start is None else d.start, endless if d.end is None else d.end),
        )
    )


def assemble(
    drafts: Iterable[TurnDraft],
    *,
    source: str,
    language: str | None,
    model: str | None = None,
    draft: bool = False,
    text: bool = True,
) -> Transcript:
    """Turn drafts into a transcript; `source` is the format's name, `text` False for a bare timeline."""
    drafts = tuple(drafts)
    parties: dict[str, str] = {}
    turns = []
    for item in drafts:
        name = role_or_name(item.speaker)
        if name is not None and name not in parties:
            parties[name] = party_letter(len(parties))
        turns.append(
            Turn(
                speaker=name or "unknown",
                text=item.text,
                party=None if name is None else parties[name],
                channel=item.channel,
                start=item.start,
                end=item.end,
                words=item.words,
            )
        )
    confidence = mean_confidence(drafts)
    return Transcript(
        language=language,
        engine=f"import:{source}",
        model=model,
        draft=draft,
        mean_confidence=confidence,
        confident=text and not draft and (confidence is None or confidence >= CONFIDENCE_FLOOR),
        turns=tuple(turns),
    )


def mean_confidence(drafts: Sequence[TurnDraft]) -> float | None:
    """Confidence weighted by words, rounded to 3 places; None when no word and no turn has one."""
    total = weight = 0.0
    for draft in drafts:
        known = [word.confidence for word in draft.words if word.confidence is not None]
        if known:
            total += sum(known)
            weight += len(known)
        elif draft.confidence is not None:
            count = len(draft.text.split())
            total += draft.confidence * count
            weight += count
    return round(min(1.0, total / weight), 3) if weight else None
