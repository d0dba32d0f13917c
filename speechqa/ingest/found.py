"""What a search gives besides calls: what was refused, and what was passed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from speechqa.errors import SpeechQAError


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A call that cannot even be tried: a bad manifest row, a folder that cannot be read."""

    error: SpeechQAError
    path: str | None = None
    call_id: str | None = None


@dataclass(slots=True)
class Counts:
    """What was passed over, counted anew in each iteration.

    `ignored` counts files in folders that are no recordings, `elsewhere` manifest rows of other recordings
    than the files that were named, `unmatched` names that do not fit the pattern, with some `examples`.
    """

    ignored: int = 0
    elsewhere: int = 0
    skipped_links: int = 0
    unmatched: int = 0
    examples: list[str] = field(default_factory=list)

    def remarks(self) -> tuple[str, ...]:
        """What a person should know, a sentence each; ignored files apart."""
        lines = []
        if self.unmatched:
            lines.append(
                f"{self.unmatched} names do not fit the name pattern, such as {', '.join(self.examples)}."
            )
        if self.elsewhere:
            lines.append(f"{self.elsewhere} rows of the manifest are about other recordings.")
        if self.skipped_links:
            lines.append(f"{self.skipped_links} links to folders were not followed.")
        return tuple(lines)
