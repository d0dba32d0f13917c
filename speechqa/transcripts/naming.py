"""Which call a transcript says it is of, told without reading all of it where that can be."""

from __future__ import annotations

import os

import msgspec

from speechqa.errors import SpeechQAError
from speechqa.places.urls import is_url
from speechqa.transcripts.reading import MAX_BYTES, read

_NAMELESS = (".vtt", ".srt", ".textgrid")

_LONGEST_RAW = 8192
"""Bytes of JSON that a name may take: more than any that is read, with every character escaped."""

_NONE = msgspec.Raw(b"null")


class _Customer(msgspec.Struct):
    ContactId: msgspec.Raw = _NONE


class _Names(msgspec.Struct):
    """Where the formats that are JSON name the call; whatever else is there is passed over.

    What is there in the place of a name may be anything of any size, so it is looked at before it is built.
    """

    id: msgspec.Raw = _NONE
    call_id: msgspec.Raw = _NONE
    jobName: msgspec.Raw = _NONE  # noqa: N815 - Amazon's names
    JobName: msgspec.Raw = _NONE
    CustomerMetadata: _Customer | None = None


def likely_name(path: str) -> str | None:
    """What a transcript probably names its call, at a hundredth of the cost of reading it.

    Two that name the same call give the same here. None where it names none, or cannot be read, or lies
    elsewhere: to ask there for every call before any work would take longer than the work.
    """
    if path.casefold().endswith(_NAMELESS) or is_url(path):
        return None
    if not path.casefold().endswith(".json"):
        return named_call(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - hostile names stay text
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                return None
            names = msgspec.json.decode(file.read(size), type=_Names)
        contact = names.CustomerMetadata.ContactId if names.CustomerMetadata is not None else _NONE
        places = (contact, names.id, names.call_id, names.jobName, names.JobName)
        found = next((raw for raw in map(bytes, places) if raw not in (b"null", b'""')), b"null")
        name = msgspec.json.decode(found) if len(found) <= _LONGEST_RAW else None
        return str(name) if isinstance(name, str | int) else None
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return named_call(path)


def named_call(path: str) -> str | None:
    """The id of the call that a transcript says it is of; None where it says none, or cannot be read."""
    try:
        return read(path).call_id
    except SpeechQAError:
        return None  # the call itself fails with this, and says so
