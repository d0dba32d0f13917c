"""Options that several commands share, defined once so that they read the same everywhere."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from speechqa.cli.console import say

DEFAULT_STORE = "sqlite:///speechqa.db"


class LanguageOption(StrEnum):
    """Language of the calls."""

    AUTO = "auto"
    HE = "he"
    EN = "en"


class ProfileOption(StrEnum):
    """Jurisdiction whose rules set what is computed."""

    EU = "eu"
    IL = "il"


class RawOption(StrEnum):
    """Encoding of headerless files."""

    MULAW = "mulaw"
    ALAW = "alaw"


Url = TypeVar("Url", str, str | None)
_PASSWORD = re.compile(r"://[^/?#@]*:[^/?#@]+@|[?&]password=[^&]")


def without_password(context: typer.Context, parameter: typer.CallbackParam, url: Url) -> Url:
    """A store's URL as it came; whoever wrote a password into the command is told who can read it there."""
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "COMMANDLINE" and url and _PASSWORD.search(url):
        say(
            "All users of this machine can read the password in this command while it runs: keep it in "
            "~/.pgpass, PGPASSWORD or SPEECHQA_STORE."
        )
    return url


StoreUrl = Annotated[
    str,
    typer.Option(
        "--store", envvar="SPEECHQA_STORE", help="Where results are kept, e.g. sqlite:///speechqa.db.",
        metavar="URL", callback=without_password,
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
IncidentsName = Annotated[
    str | None,
    typer.Option(
        "--incidents", envvar="SPEECHQA_INCIDENTS",
        help="CSV of the organisation's outages, queues and missing tools: what they caused counts against "
        "nobody.",
        metavar="FILE|none",
    ),
]  # fmt: skip
RubricName = Annotated[
    str, typer.Option("--rubric", help="Built-in rubric or path of a TOML file.", metavar="NAME|FILE")
]
Language = Annotated[LanguageOption, typer.Option("--language", help="Language spoken in the calls.")]
Profile = Annotated[ProfileOption, typer.Option("--profile", help="Jurisdiction: what may be computed.")]
AgentChannel = Annotated[
    int | None,
    typer.Option("--agent-channel", min=0, help="Channel of the agent where no manifest says otherwise."),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="auto, none, pocketsphinx, whisper, faster-whisper, or a model as in whisper:small. "
        "auto never downloads.",
        metavar="NAME[:MODEL]",
    ),
]
DiarizerName = Annotated[
    str,
    typer.Option(
        "--diarizer",
        help="What tells parties on one channel apart: auto, none, resemblyzer or pyannote:PATH.",
        metavar="NAME[:PATH]",
    ),
]
ArousalName = Annotated[
    str,
    typer.Option(
        "--arousal",
        help="What measures vocal arousal: voice, or onnx:PATH of a model of your own, its card beside it.",
        metavar="NAME[:PATH]",
    ),
]
EmbeddingsName = Annotated[
    str,
    typer.Option(
        "--embeddings",
        help="What finds by meaning what phrases do not: none, or onnx:PATH of a model of your own, its card "
        "beside it.",
        metavar="NAME[:PATH]",
    ),
]
CallReference = Annotated[
    str, typer.Argument(help="Call id, the start of one, or the file's path or name.", metavar="CALL")
]
