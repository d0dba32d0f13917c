"""Documents whose every text is hostile, each with a twin that is as long, as joined, and harmless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from speechqa.core.analysis import CallAnalysis
from tests.support.hostile_texts import FORMS, Hostile, hostile_texts
from tests.support.whole_documents import JOINED, whole_document, with_texts


@dataclass(frozen=True)
class HostileDocument:
    """A document of hostile texts, its twin, and the text that stands in each place.

    A place is what stood there before, such as `quote 12`: the field's name and a number.
    """

    document: CallAnalysis
    twin: CallAnalysis
    places: Mapping[str, Hostile]


@cache
def hostile_documents(count: int) -> tuple[HostileDocument, ...]:
    """`count` documents.

    Each holds all texts at least once, for it has more fields than there are texts; every next one has them
    a place further on, so that in as many documents as there are kinds every field meets every kind. In every
    third one names that fields are joined by (who speaks, parties, criteria) are hostile as well.
    """
    return tuple(_filled(shift, joined=shift % 3 == 2) for shift in range(count))


KINDS = len(FORMS)


def _filled(shift: int, *, joined: bool) -> HostileDocument:
    texts = hostile_texts()
    given: dict[str, Hostile] = {}

    def hostile(original: str) -> Hostile | None:
        if original in JOINED and not joined:
            return None
        return given.setdefault(original, texts[(len(given) + shift) % len(texts)])

    def changed(original: str) -> str:
        text = hostile(original)
        return original if text is None else text.text

    def tamed(original: str) -> str:
        text = hostile(original)
        return original if text is None else text.harmless

    whole = whole_document()
    document, twin = with_texts(whole, changed), with_texts(whole, tamed)
    return HostileDocument(document, twin, given)
