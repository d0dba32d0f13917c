"""What faults of the organisation did to calls, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.plain import isolated, printable
from speechqa.reports.language import Language, language
from speechqa.reports.wording import clock, title
from speechqa.scoring.organisation import Blamed, Fault, Organisation


def organisation_view(found: Organisation, code: str = "en") -> RenderableType:
    """Incidents by kind and one by one, then what else customers complain of the organisation for.

    Parameters
    ----------
    code : str
        `en` or `he`: the language of headings and labels.
    """
    said = language("he" if code == "he" else "en")
    parts: list[RenderableType] = [Text(said.say("What the organisation answers for"), style="bold")]
    if not found.calls:
        parts.append(Text(said.say("No call answers to that.")))
        return Group(*parts)
    parts.append(
        Text(said.say("{count} calls gone through; incidents touched {touched} of them and took {excused} "
                      "verdicts from the scores of agents", count=found.calls, touched=found.touched,
                      excused=found.excused))
    )  # fmt: skip
    if found.untimed:
        parts.append(
            Text(said.say("Of {count} calls no time is known: they are excused from nothing",
                          count=found.untimed), style="yellow")
        )  # fmt: skip
    if not found.faults:
        parts.append(Text(said.say("No incident is known of: name a file of them with --incidents")))
    else:
        parts.append(_by_kind(found, said))
    for fault in found.faults:
        parts.append(Text(""))
        parts.extend(_fault(fault, said))
    parts.append(Text(""))
    parts.extend(_blamed(found, said))
    return Group(*parts)


def _by_kind(found: Organisation, said: Language) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (said.say("kind"), said.say("incidents"), said.say("calls"), said.say("excused")):
        table.add_column(heading, justify="left" if not table.columns else "right")
    for kind, total in found.by_kind.items():
        table.add_row(_kind(said, kind), f"{total.incidents:,}", f"{total.calls:,}", f"{total.excused:,}")
    return table


def _blamed(found: Organisation, said: Language) -> Iterator[Text]:
    """Complaints by who gave cause, and what the organisation is complained of for."""
    causes = found.causes
    yield Text(said.say("{count} calls with a complaint: {organisation} over the organisation, {agent} over "
                        "how an agent behaved, {unknown} not known", count=sum(causes.values()),
                        organisation=causes.get("organisation", 0), agent=causes.get("agent", 0),
                        unknown=causes.get("unknown", 0)), style="bold")  # fmt: skip
    if found.unheard:
        yield Text(said.say("Of {count} calls it is not known whether the customer complains",
                            count=found.unheard), style="dim")  # fmt: skip
    for one in found.blamed:
        yield Text(f"{_about(said, one.about)}: {said.say('{count} calls', count=one.calls)}")
        yield from _heard(one, said)


def _fault(fault: Fault, said: Language) -> Iterator[Text]:
    incident = fault.incident
    times = f"{incident.start[:16].replace('T', ' ')} - {incident.end[:16].replace('T', ' ')}"
    yield Text(f"{printable(incident.id)}  {_kind(said, incident.kind)}  {times}", style="bold")
    yield Text(f"  {isolated(printable(incident.what, limit=300))}")
    touched = said.say("{count} calls touched, a complaint in {complaining}", count=fault.calls,
                       complaining=fault.complaining)  # fmt: skip
    if fault.unsure:
        touched += "; " + said.say("of {count} more it is not known", count=fault.unsure)
    yield Text(f"  {touched}")
    if fault.excused:
        yield Text(f"  {said.say('excused')}: {_counted(fault.excused, said)}")
    yield from _heard(fault, said)


def _heard(found: Fault | Blamed, said: Language) -> Iterator[Text]:
    for word in found.quotes:
        at = clock(word.said.start)
        place = f"{printable(word.call_id, limit=40)} {at}".rstrip()
        yield Text(f'  {place}  "{isolated(printable(word.said.quote, limit=200))}"')
    for clip in found.clips:
        why = said.say(title(clip.why))
        call = printable(clip.call_id, limit=40)
        yield Text(f"  {said.say('hear')}: {call} {clock(clip.start)}-{clock(clip.end)}  {why}", style="dim")


def _kind(said: Language, kind: str) -> str:
    words = {
        "outage": said.say("system outage"),
        "queue": said.say("long queue"),
        "missing_tool": said.say("missing tool"),
    }
    return words.get(kind) or said.say("another fault")


def _about(said: Language, about: str) -> str:
    words = {
        "product": said.say("the product"),
        "service": said.say("the service"),
        "billing": said.say("bills and charges"),
        "delivery": said.say("deliveries and visits"),
        "waiting": said.say("waiting and being passed on"),
        "policy": said.say("rules and procedures"),
    }
    return words.get(about) or said.say("nothing that words tell")


def _counted(excused: Mapping[str, int], said: Language) -> str:
    return ", ".join(f"{said.say(title(name))} {count:,}" for name, count in excused.items())
