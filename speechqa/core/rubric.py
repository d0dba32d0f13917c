"""What a call is judged by, as values: criteria with their points, and the phrases detectors look for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.finding import Category
from speechqa.core.value import Value, require


class ComponentPoints(Value, frozen=True, kw_only=True):
    """One graded part of a criterion and the points it carries."""

    id: str
    points: int

    def __post_init__(self) -> None:
        require(self.points > 0, f"points of {self.id} must be positive, found {self.points}")


Party = Literal["agent", "customer"]

Window = Literal["call", "opening", "before_solution", "after_solution", "closing", "situation"]
"""A stretch of the call, by its course: the first turns, from the matter to its solution, from there on, the
leave-taking, from where the criterion's situation is told on, or all of it."""


class Mention(Value, frozen=True, kw_only=True):
    """That somebody says something of a phrase list."""

    speaker: Party
    list: str


class Said(Value, frozen=True, kw_only=True):
    """What is to be said, or not to be said, by whom, where and in which order.

    Attributes
    ----------
    lists : tuple of str
        Names of phrase lists; one match of one of them is enough.
    turns : int or None
        The speaker's first turns that are the opening or follow the situation, or the last ones a closing
        counts; None for all of it (of an opening, two).
    after, before : tuple of Mention
        What must come earlier, or must not yet have come.
    answered : bool
        Whether it counts only where the other party says something to it.
    timed : bool
        Whether it counts only with a time beside it: in the same turn, or in the speaker's next two.
    absent : bool
        Whether it must not be said.
    part : str
        The graded part it stands for; empty where the criterion has none.
    """

    lists: tuple[str, ...]
    speaker: Party = "agent"
    window: Window = "call"
    turns: int | None = None
    after: tuple[Mention, ...] = ()
    before: tuple[Mention, ...] = ()
    answered: bool = False
    timed: bool = False
    absent: bool = False
    part: str = ""


class Limit(Value, frozen=True, kw_only=True):
    """Bounds of a measure of turn-taking, both included; `of` is the party, None for one of the call."""

    measure: str
    of: Party | None = None
    at_least: float | None = None
    at_most: float | None = None


class Situation(Value, frozen=True, kw_only=True):
    """What a call may turn out to be about, such as a lost card; criteria may be due only then.

    It is told where one of `when` is said, and none of `unless` anywhere in the call.
    """

    id: str
    when: tuple[Mention, ...]
    unless: tuple[Mention, ...] = ()
    title: str = ""


class Criterion(Value, frozen=True, kw_only=True):
    """One criterion of a rubric.

    Attributes
    ----------
    detector : str
        Name of the detector that judges it, usually the same as `id`.
    components : tuple of ComponentPoints
        Graded parts in the rubric's order, their points adding up to `points`; empty for one without parts.
    critical : bool
        Whether failing it is shown beside the arithmetic and waits for a person.
    options : mapping
        Numbers the detector is set by; their meaning and unit are the detector's.
    said : tuple of Said
        What the detector `said` looks for; one, or one for each part.
    limit : Limit or None
        What the detector `limit` measures.
    when, unless : tuple of Mention
        The criterion applies only where one of `when` is said, and not where one of `unless` is; empty for
        no such condition.
    situations : tuple of Situation
        The criterion applies only in one of these; empty where it is due in any.
    """

    id: str
    category: Category
    points: int
    detector: str
    components: tuple[ComponentPoints, ...] = ()
    critical: bool = False
    options: Mapping[str, float] = msgspec.field(default_factory=dict)
    said: tuple[Said, ...] = ()
    limit: Limit | None = None
    when: tuple[Mention, ...] = ()
    unless: tuple[Mention, ...] = ()
    situations: tuple[Situation, ...] = ()

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All that somebody may have to say for it to apply or to count."""
        of_order = (mention for said in self.said for mention in (*said.after, *said.before))
        of_situations = (mention for one in self.situations for mention in (*one.when, *one.unless))
        return (*self.when, *self.unless, *of_order, *of_situations)

    @property
    def named_lists(self) -> frozenset[str]:
        """The phrase lists that the rubric itself names for it."""
        mentioned = {mention.list for mention in self.mentions}
        times = {"deadline"} if any(said.timed for said in self.said) else set()
        return frozenset(mentioned | times | {name for said in self.said for name in said.lists})

    def __post_init__(self) -> None:
        require(self.points > 0, f"points of {self.id} must be positive, found {self.points}")
        parts = sum(part.points for part in self.components)
        require(not self.components or parts == self.points, f"parts of {self.id} add up to {parts}")


class PhraseList(Value, frozen=True, kw_only=True):
    """Patterns of one language that express one thing; those of `unless` void a match they overlap.

    `like` are sentences that express it, for a model of meaning where there is one.
    """

    name: str
    language: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


class WordClass(Value, frozen=True, kw_only=True):
    """Single words of one language that patterns may name together, as ``@name``."""

    name: str
    language: str
    words: tuple[str, ...]


class Rubric(Value, frozen=True, kw_only=True):
    """A rubric as loaded.

    Attributes
    ----------
    digest : str
        SHA-256 over the bytes of the rubric's file and its phrase files.
    languages : tuple of str
        ISO 639-1 codes of the languages it has phrases for, in order of the alphabet.
    minimum_calls : int
        Calls below which no figure of an agent is shown.
    situations : tuple of Situation
        What criteria may be due in, in the rubric's order.
    dispute_days : int
        Days to resolve a dispute of a verdict.
    turn_model : bool
        Whether the trained models that come with speechqa read verdicts and signals a second time.
    """

    name: str
    version: int
    digest: str
    languages: tuple[str, ...]
    minimum_calls: int
    criteria: tuple[Criterion, ...]
    phrases: tuple[PhraseList, ...] = ()
    words: tuple[WordClass, ...] = ()
    title: str = ""
    turn_model: bool = False
    dispute_days: int = 14
    situations: tuple[Situation, ...] = ()

    @property
    def reference(self) -> str:
        """Name and version as documents carry them, such as ``service@1``."""
        return f"{self.name}@{self.version}"

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of that id, None when the rubric has none."""
        return next((c for c in self.criteria if c.id == name), None)


class Problem(Value, frozen=True, kw_only=True):
    """Something wrong in a rubric: an `error` stops it from loading, a `warning` does not.

    `line` counts from 1 and is None where it cannot be told.
    """

    severity: Literal["error", "warning"]
    message: str
    file: str
    line: int | None = None
    key: str | None = None
    found: str | None = None
    expected: str | None = None
