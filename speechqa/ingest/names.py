"""What a file's name says of its call, by a pattern such as ``{agent}_{customer}_{date}``."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, time

import msgspec

from speechqa.core.source import CallMetadata
from speechqa.errors import ManifestError

_FIELDS = {
    "agent": "agent_id",
    "agent_id": "agent_id",
    "agent_name": "agent_name",
    "customer": "customer_id",
    "customer_id": "customer_id",
    "team": "team",
    "direction": "direction",
}
_DATE = r"\d{4}(?:-\d{2}-\d{2}|\.\d{2}\.\d{2}|_\d{2}_\d{2}|\d{4})"
_TIME = r"\d{2}(?:[-.:_]\d{2}(?:[-.:_]\d{2})?|\d{2}(?:\d{2})?)"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_MOST_FIELDS = 20
_CHARACTER = r"[^/\x00-\x1f\x7f\ud800-\udfff]"
"""Control characters and bytes that are no UTF-8 belong in no agent's name."""


class NamedCall(msgspec.Struct, frozen=True, kw_only=True):
    """What a name said: metadata and, where the pattern has it, the call's id."""

    metadata: CallMetadata
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    name: str


class NamePattern:
    """A file name pattern, compiled.

    Fields stand in braces: `agent`, `agent_name`, `customer`, `date`, `time`, `team`, `direction`, `call_id`;
    others become tags. ``{{`` and ``}}`` are braces themselves. The pattern is matched against the name
    without its extension, and against as many folders above it as it has slashes. A field reaches to the next
    literal text; dates are written year first (``20261120``, ``2026-11-20``), times ``0914`` to ``09-14-30``.

    Raises
    ------
    ManifestError
        If the pattern has no field, an unknown form of one, one twice, or two without text between them.

    Examples
    --------
    >>> NamePattern("{agent}_{date}").match("calls/a7_20261120.wav").metadata.started_at
    '2026-11-20'
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._depth = pattern.count("/")
        self._regex = re.compile(_regex_of(_tokens(pattern)))

    def match(self, path: str) -> NamedCall | None:
        """What the name says, or None where it does not fit the pattern."""
        parts = os.path.splitext(path)[0].split("/")  # noqa: PTH122 - hostile names stay text
        found = self._regex.fullmatch("/".join(parts[-self._depth - 1 :]))
        if found is None:
            return None
        values = {name: text for name, text in found.groupdict().items() if text}
        try:
            started_at = _started_at(values.pop("date", None), values.get("time"))
        except ValueError:
            return None
        if started_at is not None and "T" in started_at:
            values.pop("time", None)
        call_id = values.pop("call_id", None)
        known = {_FIELDS[name]: text for name, text in values.items() if name in _FIELDS}
        tags = {name: text for name, text in values.items() if name not in _FIELDS}
        metadata = msgspec.structs.replace(CallMetadata(started_at=started_at, tags=tags), **known)
        return NamedCall(metadata=metadata, call_id=call_id)


def _tokens(pattern: str) -> list[str | _Field]:
    tokens: list[str | _Field] = []
    seen: set[str] = set()
    for found in _TOKEN.finditer(pattern):
        text = found.group()
        if text in ("{{", "}}"):
            tokens.append(text[0])
        elif found.group(1) is not None:
            name = found.group(1)
            meaning = _FIELDS.get(name, name)
            if not _NAME.fullmatch(name):
                raise _wrong(pattern, f"{{{name}}}", "a field name of small letters, digits and _")
            if meaning in seen:
                raise _wrong(pattern, f"{{{name}}} twice", "each field once")
            seen.add(meaning)
            tokens.append(_Field(name))
        elif text in ("{", "}"):
            raise _wrong(
                pattern, f"a lone {text}", f"a field in braces, or {text}{text} for the brace itself"
            )
        else:
            tokens.append(text)
    if not seen:
        raise _wrong(pattern, "no field", "at least one field such as {agent}")
    if len(seen) > _MOST_FIELDS:
        raise _wrong(pattern, f"{len(seen)} fields", f"at most {_MOST_FIELDS}")
    return tokens


def _regex_of(tokens: list[str | _Field]) -> str:
    """One way to match only: a free field stops at the next literal, so no name can make it slow."""
    parts: list[str] = []
    for index, token in enumerate(tokens):
        if isinstance(token, str):
            parts.append(re.escape(token))
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        fixed = {"date": _DATE, "time": _TIME}.get(token.name)
        if fixed is not None:
            parts.append(f"(?P<{token.name}>{fixed})")
        elif isinstance(following, _Field):
            raise ManifestError(
                "The file name pattern can be read in more than one way",
                where="--name-pattern",
                found=f"{{{token.name}}}{{{following.name}}}",
                expected="text between two fields",
                hint="Put the character that separates them in the names between the fields",
            )
        elif following is None:
            parts.append(f"(?P<{token.name}>{_CHARACTER}+)")
        else:
            parts.append(f"(?P<{token.name}>(?:(?!{re.escape(following)}){_CHARACTER})+)")
    return "".join(parts)


def _started_at(day: str | None, clock: str | None) -> str | None:
    if day is None:
        return None
    digits = re.sub(r"\D", "", day)
    when = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    if clock is None:
        return when
    hms = re.sub(r"\D", "", clock).ljust(6, "0")
    return f"{when}T{time(int(hms[:2]), int(hms[2:4]), int(hms[4:6])).isoformat()}"


def _wrong(pattern: str, found: str, expected: str) -> ManifestError:
    return ManifestError(
        "The file name pattern cannot be read",
        where=f"--name-pattern {pattern!r}",
        found=found,
        expected=expected,
        hint='An example: --name-pattern "{agent}_{customer}_{date}"',
    )


def completed(first: CallMetadata, second: CallMetadata) -> CallMetadata:
    """The first metadata, with what it does not know taken from the second."""
    merged = {
        name: getattr(first, name) if getattr(first, name) is not None else getattr(second, name)
        for name in CallMetadata.__struct_fields__
        if name != "tags"
    }
    return CallMetadata(**merged, tags={**second.tags, **first.tags})
