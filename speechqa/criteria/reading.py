"""What a second reading is told of a criterion or signal: which marks it is about, and its sentences."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """Something that asks for something: `due` must stand from `back` lines before to `ahead` lines after."""

    trigger: str
    due: tuple[str, ...]
    back: int
    ahead: int


class Reading(NamedTuple):
    """What a criterion is about.

    `occasion` are marks that make it apply, `met` those that meet it, `against` those that speak against
    it; `others` are looked at besides. A turn with a phrase of one of the lists `never` does not meet it.
    Where the customer says a phrase of one of the lists `spares`, that it does not apply stands as found.
    `signal` is what alone says whether the criterion applies; what it says is not read another way.
    `ending` says that how the call ends matters, `absence` that it is met where nothing speaks against it.
    The rest are the sentences of a verdict.
    """

    passed: str
    failed: str
    change: str
    left_out: str = ""
    occasion: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    signal: str = ""
    ending: bool = False
    absence: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """All of them, each once."""
        due = tuple(name for pair in self.pairs for name in (pair.trigger, *pair.due))
        return tuple(dict.fromkeys((*self.occasion, *self.met, *self.against, *self.others, *due)))


SOON = 8
"""Lines within which what is due follows."""
ANYWHERE = 10_000
"""Lines of any call."""
