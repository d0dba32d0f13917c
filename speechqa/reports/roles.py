"""Who is who in a call, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import printable
from speechqa.core.source import RoleCorrection
from speechqa.reports.wording import points


def roles_view(
    analysis: CallAnalysis,
    corrections: Sequence[RoleCorrection] = (),
    *,
    before: CallAnalysis | None = None,
) -> RenderableType:
    """Each party's role, how sure it is and why; what people corrected; and, after a change, the scores.

    Parameters
    ----------
    corrections : sequence of RoleCorrection
        Oldest first.
    before : CallAnalysis, optional
        The call as it was judged before a change.
    """
    parts: list[RenderableType] = [Text(printable(f"Call {analysis.call_id}"), style="bold")]
    if not analysis.roles:
        parts.append(Text("  The parties of this call cannot be told apart."))
    else:
        parts.append(_table(analysis))
    for party, given in sorted(analysis.roles.items()):
        if given.doubt:
            parts.append(Text(f"  Doubt about {party}: {printable(given.doubt)}", style="yellow"))
    for party, given in sorted(analysis.uncorrected_roles.items()):
        found = f"{given.role}, {given.source}, {given.confidence:.2f}"
        parts.append(Text(f"  {party} before it was corrected: {printable(found)}"))
    parts.extend(Text(f"  {_said(correction)}", style="dim") for correction in corrections)
    if before is not None:
        parts.append(Text(""))
        for category in ("courtesy", "professionalism"):
            now, then = points(analysis.scores.get(category)), points(before.scores.get(category))
            parts.append(Text(f"  {category.capitalize()}: {now}, before {then}"))
    return Group(*parts)


def _table(analysis: CallAnalysis) -> Table:
    table = Table(box=None, pad_edge=True, header_style="bold")
    for heading in ("party", "role"):
        table.add_column(heading, no_wrap=True)
    table.add_column("confidence", justify="right", no_wrap=True)
    table.add_column("source", no_wrap=True)
    table.add_column("why", ratio=1)
    for party, given in sorted(analysis.roles.items()):
        table.add_row(
            printable(party),
            Text(given.role, style="" if given.role != "unknown" else "yellow"),
            f"{given.confidence:.2f}",
            given.source,
            Text(printable(given.reason)),
        )
    return table


def _said(correction: RoleCorrection) -> str:
    roles = ", ".join(f"{party} is {role}" for party, role in sorted(correction.roles.items()))
    why = f": {correction.reason}" if correction.reason else ""
    return printable(f"{correction.at} {correction.by} said {roles or 'the corrections are dropped'}{why}")
