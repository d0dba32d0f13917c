"""What calls are found by: one definition of the options, for every command that asks for stored calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from enum import StrEnum
from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.core.saved import SavedFilter
    from speechqa.protocols import CallFilter


class CategoryOption(StrEnum):
    """Categories a score is given in."""

    COURTESY = "courtesy"
    PROFESSIONALISM = "professionalism"


class SpeakerOption(StrEnum):
    """Who said it."""

    AGENT = "agent"
    CUSTOMER = "customer"


class Found(NamedTuple):
    """What was asked for: conditions by their names in `CallFilter`, and how many days up to today."""

    conditions: Mapping[str, Any]
    last_days: int | None = None

    def over(self, kept: SavedFilter | None) -> Found:
        """This, added to a question that was kept or in place of its conditions.

        Raises
        ------
        UsageError
            If days up to today are asked for and others too.
        """
        if {"date_from", "date_to"} & set(self.conditions):
            if self.last_days is not None:
                raise UsageError("--last and --from or --to are one at a time")
            days = None
        else:
            days = self.last_days if self.last_days is not None else (kept.last_days if kept else None)
        return Found({**((kept.query or {}) if kept else {}), **self.conditions}, days)

    def query(self) -> CallFilter:
        """The question, its days up to today left out."""
        import msgspec

        from speechqa.protocols import CallFilter

        return msgspec.convert(dict(self.conditions), CallFilter)

    def dated(self) -> CallFilter:
        """The question as of today."""
        from datetime import date, timedelta

        import msgspec

        if self.last_days is None:
            return self.query()
        today = date.today()
        try:
            first = today - timedelta(self.last_days - 1)
        except OverflowError:
            raise UsageError("--last goes back too far", found=str(self.last_days), expected="days") from None
        return msgspec.structs.replace(self.query(), date_from=first.isoformat(), date_to=today.isoformat())


def find_option(help_text: str, *names: str, **more: Any) -> Any:
    """An option that calls are found by."""
    return typer.Option(*names, help=help_text, rich_help_panel="Find by", **more)


def _given(
    *,
    agent: Annotated[str | None, find_option("Agent's id.")] = None,
    agent_name: Annotated[str | None, find_option("A piece of the agent's name.")] = None,
    team: Annotated[str | None, find_option("Team.")] = None,
    customer: Annotated[str | None, find_option("Customer's id.")] = None,
    date_from: Annotated[
        str | None, find_option("First day, as 2026-11-01.", "--from", metavar="DATE")
    ] = None,
    date_to: Annotated[str | None, find_option("Last day, as 2026-11-30.", "--to", metavar="DATE")] = None,
    last_days: Annotated[
        int | None, find_option("The last so many days, today among them.", "--last", min=1, metavar="DAYS")
    ] = None,
    hour_from: Annotated[int | None, find_option("First hour of the day.", min=0, max=23)] = None,
    hour_to: Annotated[
        int | None, find_option("Last hour of the day; from 22 to 5 is the night.", min=0, max=23)
    ] = None,
    longer: Annotated[
        float | None, find_option("At least so many seconds.", min=0, metavar="SECONDS")
    ] = None,
    shorter: Annotated[
        float | None, find_option("At most so many seconds.", min=0, metavar="SECONDS")
    ] = None,
    language: Annotated[
        str | None, find_option("Language of the words, as he or en.", "--language", "--call-language")
    ] = None,
    direction: Annotated[str | None, find_option("Direction, as the manifest has it.")] = None,
    tag: Annotated[
        list[str] | None,
        find_option("Another column of the manifest and its value; repeatable.", metavar="NAME=VALUE"),
    ] = None,
    category: Annotated[
        CategoryOption | None,
        find_option("Category the score limits and --sort score are about; any where absent."),
    ] = None,
    below: Annotated[
        float | None, find_option("Rate under this, 0 to 1.", min=0, max=1, metavar="RATE")
    ] = None,
    above: Annotated[
        float | None, find_option("Rate over this, 0 to 1.", min=0, max=1, metavar="RATE")
    ] = None,
    criterion: Annotated[str | None, find_option("Criterion that was judged.")] = None,
    verdict: Annotated[
        str | None, find_option("pass, fail, not_applicable or not_assessed; with --criterion.")
    ] = None,
    signal: Annotated[
        str | None,
        find_option(
            "complaint, churn_risk, public_or_legal_threat, satisfaction_expressed, manager_request, "
            "form_demanded_to_cancel, compensation_asked, compensation_offered, not_in_authority, "
            "silent_dissatisfaction, courtesy_under_provocation, promises, promise_news, stage_signs, carp, "
            "chunking, feel_felt_found, humour, customer_type:NAME or contact_reason:NAME."
        ),
    ] = None,
    phrase: Annotated[
        str | None, find_option("Words said in a row, Hebrew ones with or without the letters before them.")
    ] = None,
    phrase_by: Annotated[
        SpeakerOption | None, find_option("Who said the phrase; anybody where absent.")
    ] = None,
    number: Annotated[
        str | None,
        find_option(
            "A telephone, card, ID or account number or e-mail address that was masked in the call; - asks "
            "for it without showing it. It is kept nowhere. Needs `speechqa number-key`.",
            metavar="NUMBER",
        ),
    ] = None,
    interruptions: Annotated[
        int | None, find_option("At least so many interruptions by the agent.", min=0, metavar="N")
    ] = None,
    silence: Annotated[
        float | None, find_option("A silence of at least so many seconds.", min=0, metavar="SECONDS")
    ] = None,
    promise_due: Annotated[
        str | None, find_option("Something promised for this day or before.", metavar="DATE")
    ] = None,
    promise_by: Annotated[SpeakerOption | None, find_option("Who promised; anybody where absent.")] = None,
    draft: Annotated[
        bool | None, find_option("Words from a draft engine, or none of those.", "--draft/--no-draft")
    ] = None,
) -> Found:
    """The options; what they ask for."""
    conditions = {
        "number_digests": _digests(number),
        "agent_id": agent,
        "agent_name": agent_name,
        "team": team,
        "customer_id": customer,
        "date_from": date_from,
        "date_to": date_to,
        "hour_from": hour_from,
        "hour_to": hour_to,
        "longer": longer,
        "shorter": shorter,
        "language": language,
        "direction": direction,
        "tags": _tags(tag) or None,
        "category": category.value if category else None,
        "score_below": below,
        "score_above": above,
        "criterion": criterion,
        "verdict": verdict,
        "signal": signal,
        "phrase": phrase,
        "phrase_by": phrase_by.value if phrase_by else None,
        "interruptions_from": interruptions,
        "silence_from": silence,
        "promise_due": promise_due,
        "promise_by": promise_by.value if promise_by else None,
        "draft": draft,
    }
    return Found({name: value for name, value in conditions.items() if value is not None}, last_days)


_CALLED = {
    "agent_id": "agent",
    "customer_id": "customer",
    "date_from": "from",
    "date_to": "to",
    "language": "call-language",
    "tags": "tag",
    "score_below": "below",
    "score_above": "above",
    "interruptions_from": "interruptions",
    "silence_from": "silence",
    "number_digests": "number",
}
"""What a condition is called as an option, where not by its own name."""


def in_words(conditions: Mapping[str, Any]) -> dict[str, str]:
    """Conditions as options name them, to be kept: numbers masked, and none that a call was found by."""
    from speechqa.privacy.redaction import redact_text

    found = {}
    for name, value in conditions.items():
        if name == "number_digests":
            text = "a number, which is not kept"
        elif isinstance(value, Mapping):
            text = ", ".join(f"{tag}={of}" for tag, of in value.items())
        else:
            text = "yes" if value is True else "no" if value is False else str(value)
        found[_CALLED.get(name, name.replace("_", "-"))] = redact_text(text)
    return found


def finding_calls(command: Callable[..., None]) -> Callable[..., None]:
    """A command with these options before its own, which are given to it together, as `found`.

    A name that an option of the command has is no longer one of theirs.
    """
    own = dict(inspect.signature(command, eval_str=True).parameters)
    del own["found"]
    taken = {name for one in own.values() for name in _option(one).param_decls or ()}
    shared = inspect.signature(_given, eval_str=True).parameters
    options = {name: _without(one, taken) for name, one in shared.items()}

    @wraps(command)
    def run(**given: Any) -> None:
        found = _given(**{name: given.pop(name) for name in options})
        command(found=found, **given)

    every = sorted((*options.values(), *own.values()), key=attrgetter("kind"))  # arguments before options
    vars(run)["__signature__"] = inspect.Signature(every)
    run.__annotations__ = {one.name: one.annotation for one in every}
    return run


def _option(parameter: inspect.Parameter) -> Any:
    return parameter.annotation.__metadata__[0]


def _without(parameter: inspect.Parameter, taken: set[str]) -> inspect.Parameter:
    option = copy(_option(parameter))
    option.param_decls = tuple(name for name in option.param_decls or () if name not in taken)
    return parameter.replace(annotation=Annotated[parameter.annotation.__origin__, option])


def _digests(number: str | None) -> tuple[str, ...] | None:
    if number is None:
        return None
    from speechqa.assembly.numbers import digests_of

    return digests_of(typer.prompt("Number", hide_input=True, err=True) if number == "-" else number)


def _tags(given: Sequence[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name or name in found:
            raise UsageError(
                "A tag is a column of the manifest and its value, each column once",
                found=ascii(one),
                expected="NAME=VALUE",
            )
        found[name] = value
    return found
