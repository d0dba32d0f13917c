"""`contact_reason`: what the customer calls about, told by lists that a rubric can change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from speechqa.core.analysis import OTHER_REASON, ContactReason
from speechqa.criteria.calltext import CallText, Line, evidence
from speechqa.criteria.detectors import CONTACT
from speechqa.criteria.lexicon import Span

_FIRST_LINES: Final = 5
_GENERAL: Final = (f"{CONTACT}information", f"{CONTACT}complaint")
"""Said of any matter: they tell only where no other list does."""


def contact_reason(text: CallText, names: Sequence[str]) -> ContactReason:
    """The reason in the customer's first lines that tell one; `other` where no list knows the words.

    Parameters
    ----------
    text
        A call of which it is known what the customer says.
    names
        The rubric's lists of reasons, in its order: of two that say as much the first counts.
    """
    lines = list(text.of("customer"))[:_FIRST_LINES]
    for group in ([name for name in names if name not in _GENERAL], list(_GENERAL)):
        for line in lines:
            name = _most_said(line, group)
            if name is not None:
                longest = max(line.hits[name], key=_length)
                return ContactReason(reason=name.removeprefix(CONTACT), said=evidence(line, longest))
    return ContactReason(reason=OTHER_REASON)


def _most_said(line: Line, names: Sequence[str]) -> str | None:
    """The list of which the line says most words."""
    said = {name: sum(_length(span) for span in line.hits[name]) for name in names if name in line.hits}
    return max(said, key=lambda name: said[name], default=None)


def _length(span: Span) -> int:
    return span.last - span.first + 1
