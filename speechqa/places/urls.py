"""Addresses of recordings: which are followed, what of them may be shown, and what lies within what."""

from __future__ import annotations

import re
from urllib.parse import unquote

from speechqa.core.plain import printable
from speechqa.errors import UsageError

PACKAGES: dict[str, str | None] = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "memory": None,
}
"""Protocols that are followed, with the package each needs beside fsspec: no web, no archives."""

_URL = re.compile(r"(?P<protocol>[A-Za-z][A-Za-z0-9+.:-]+)://(?P<authority>[^/]*)(?P<path>.*)", re.DOTALL)
_CONTAINER_FIRST = frozenset({"abfs", "abfss"})
"""Their address is ``abfs://CONTAINER@ACCOUNT/...``: what stands before the ``@`` is no secret."""


def is_url(path: str) -> bool:
    """Whether a path is an address, or a chain of them, rather than a name on this machine.

    Examples
    --------
    >>> [is_url(path) for path in ("s3://bucket/a.wav", "C:/a.wav", "calls/a.wav", "concat:a|b")]
    [True, False, False, False]
    """
    return _URL.fullmatch(path) is not None


def local_path(path: str) -> str:
    """The path on this machine that a `file://` address names (RFC 8089); any other path as it is.

    Raises
    ------
    UsageError
        If it names another machine.

    Examples
    --------
    >>> local_path("file:///calls/a%20b.wav"), local_path("calls/a.wav")
    ('/calls/a b.wav', 'calls/a.wav')
    """
    told = _URL.fullmatch(path)
    if told is None or told["protocol"].lower() != "file":
        return path
    if told["authority"] not in ("", "localhost") or not told["path"]:
        raise UsageError(
            "This address names no file on this machine",
            found=shown_url(path),
            expected="file:///PATH, or the path alone",
        )
    return unquote(told["path"])


def protocol_of(url: str) -> str:
    """The protocol of an address, in small letters."""
    return url.partition("://")[0].lower()


def checked_url(url: str) -> str:
    """The address with its protocol in small letters, if it may be followed.

    Raises
    ------
    UsageError
        If its protocol is not one of `PACKAGES`, it names no place, leads upwards, chains several, or holds
        credentials, which the message does not repeat.
    """
    told = _URL.fullmatch(url)
    where = shown_url(url)
    protocol = protocol_of(url)
    if told is None or protocol not in PACKAGES:
        raise UsageError(
            "Recordings are not read from such addresses",
            where=where,
            found=f"{printable(protocol, limit=30)}://",
            expected=", ".join(f"{known}://" for known in PACKAGES if known != "memory") + " or a local path",
            hint="Copy the recordings to this machine or to object storage first",
        )
    if _has_secret(protocol, told["authority"], told["path"]):
        raise UsageError(
            "An address must not hold credentials or a signature",
            where=where,
            expected="an address alone",
            hint="Give them as the storage's own tools take them, in the environment or a profile",
        )
    if "::" in url:
        raise UsageError("Chains of addresses are not followed", where=where, expected="one address")
    if protocol != "memory" and not told["authority"]:
        raise UsageError("The address names no bucket", where=where, expected=f"{protocol}://BUCKET/PATH")
    if ".." in told["path"].split("/") or "\0" in url:
        raise UsageError("The address leads upwards", where=where, expected="an address without ..")
    return f"{protocol}://{told['authority']}{told['path']}"


def shown_url(path: str) -> str:
    """A path as it may be shown and kept: of an address neither user and password nor a query.

    Examples
    --------
    >>> shown_url("s3://key:secret@bucket/a.wav?X-Amz-Signature=ab")
    's3://bucket/a.wav'
    """
    told = _URL.fullmatch(path)
    if told is None:
        return printable(path)
    protocol, authority = told["protocol"], told["authority"]
    user, at, host = authority.rpartition("@")
    if at and (protocol.lower() not in _CONTAINER_FIRST or ":" in user):
        authority = host
    # A name may hold a question mark; what follows it and sets something is a query. A chain is not followed.
    plain = re.sub(r"(::|[?#][^?#]*=).*", "", f"{authority}{told['path']}", flags=re.DOTALL)
    return printable(f"{protocol}://{plain}")


def is_within(url: str, folder: str) -> bool:
    """Whether an address is that of a folder or of something in it; names alone decide, nothing is asked.

    Examples
    --------
    >>> [is_within(url, "s3://b/calls/") for url in ("s3://b/calls/a.wav", "s3://b/calls2/a.wav", "s3://c/a")]
    [True, False, False]
    """
    root = folder.rstrip("/")
    return ".." not in url.split("/") and (url == root or url.startswith(root + "/"))


def _has_secret(protocol: str, authority: str, path: str) -> bool:
    user, at, _ = authority.rpartition("@")
    in_front = bool(at) and (protocol not in _CONTAINER_FIRST or ":" in user)
    return in_front or re.search(r"[?#][^?#]*=", authority + path) is not None
