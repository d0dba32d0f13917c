"""``Name: text`` in captions: which prefixes name a speaker, and which are just words before a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from speechqa.transcripts.imported import TurnDraft

_PREFIX = re.compile(r"[ \t]*(?:>>[ \t]*)?([^\W_][^\n:<>\[\]{}]{0,39}?)[ \t]*:(?:[ \t]+|(?=\n)|\Z)")
_SURE = re.compile(
    r"(?:agent|customer|caller|client|operator|speaker[ _]?\w{1,3}|spk[ _]?\d{1,3}|נציגה?|לקוחה?|מוקדנית?)\Z",
    re.IGNORECASE,
)
_MAX_WORDS = 4


def split_prefixes(drafts: Sequence[TurnDraft]) -> tuple[list[TurnDraft], int]:
    """Drafts with their speakers taken from prefixes, and how many drafts held several speakers.

    A name counts when it is a usual one for a party or comes back, and when at least half of the texts carry
    one: "Please note: ..." alone names nobody. Turns that shared one cue are left without times, because the
    cue does not say when the speaker changes.
    """
    open_texts = [draft for draft in drafts if draft.speaker is None and draft.text.strip()]
    counts: Counter[str] = Counter()
    prefixed = 0
    for draft in open_texts:
        labels = [label for line in draft.text.split("\n") if (label := _label(line)) is not None]
        counts.update(labels)
        prefixed += bool(labels)
    if not open_texts or prefixed * 2 < len(open_texts):
        return list(drafts), 0
    names = {label for label, count in counts.items() if count > 1 or _SURE.match(label)}
    if sum(counts[name] for name in names) * 2 < len(open_texts):
        return list(drafts), 0
    found: list[TurnDraft] = []
    shared = 0
    for draft in drafts:
        pieces = [draft] if draft.speaker is not None else _split(draft, names)
        shared += len(pieces) > 1
        found.extend(pieces)
    return found, shared


def _label(line: str) -> str | None:
    found = _PREFIX.match(line)
    if found is None or len(found.group(1).split()) > _MAX_WORDS:
        return None
    return found.group(1)


def _split(draft: TurnDraft, names: set[str]) -> list[TurnDraft]:
    pieces: list[tuple[str | None, list[str]]] = [(None, [])]
    for line in draft.text.split("\n"):
        found = _PREFIX.match(line)
        if found is not None and found.group(1) in names:
            pieces.append((found.group(1), [line[found.end() :]]))
        else:
            pieces[-1][1].append(line)
    if len(pieces) > 1 and not "".join(pieces[0][1]).strip():
        pieces = pieces[1:]
    if len(pieces) == 1:
        speaker, lines = pieces[0]
        return [msgspec.structs.replace(draft, speaker=speaker, text="\n".join(lines))]
    return [
        msgspec.structs.replace(draft, speaker=speaker, text="\n".join(lines), start=None, end=None)
        for speaker, lines in pieces
    ]
