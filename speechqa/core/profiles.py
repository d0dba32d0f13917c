"""What each jurisdiction's profile lets be computed from voices, for whom, and what a reader is told of it.

One table, read wherever it matters. It is no legal advice: whether a profile fits, and what else the law
asks, is for whoever runs the analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from speechqa.core.source import Role
from speechqa.core.value import Value

ProfileName = Literal["eu", "il"]

Computed = Literal["always", "on request", "never"]
"""Whether an arousal curve is computed: of itself, where the operator turns it on, or not at all."""


class Profile(Value, frozen=True, kw_only=True):
    """Rules of one jurisdiction.

    Attributes
    ----------
    customer_curve, agent_curve : str
        Whether each party's vocal arousal is computed; who is neither is never measured.
    agent_refused : str
        Why the agent's curve is never computed; empty where it may be.
    notice : str
        Stands in the document and report of every call whose sound was analysed.
    agent_notice : str
        Is added where the agent's curve was computed.
    """

    name: ProfileName
    customer_curve: Computed
    agent_curve: Computed
    notice: str
    agent_refused: str = ""
    agent_notice: str = ""


PROFILES: Final[Mapping[ProfileName, Profile]] = MappingProxyType(
    {
        "eu": Profile(
            name="eu",
            customer_curve="always",
            agent_curve="never",
            agent_refused=(
                "the EU AI Act, Art. 5(1)(f), prohibits inferring emotions from employees' voices at work"
            ),
            notice=(
                "Profile eu: vocal arousal is computed of customers only, never of agents (EU AI Act, "
                "Regulation 2024/1689, Art. 5(1)(f)), and is no part of any score. Whoever uses it must "
                "inform the customers (Art. 50(3)); emotion recognition counts as high risk (Annex III, "
                "point 1). It is no emotion label, and whether it may be used at all is the operator's "
                "responsibility"
            ),
        ),
        "il": Profile(
            name="il",
            customer_curve="always",
            agent_curve="on request",
            notice=(
                "Profile il: vocal arousal is computed of customers, of agents only where the operator "
                "turns it on, and is no part of any score. It is personal data under the Protection of "
                "Privacy Law, 1981, with Amendment 13, and the Protection of Privacy Regulations (Data "
                "Security), 2017: who is recorded must be told what it is used for. It is no emotion "
                "label, and whether it may be used at all is the operator's responsibility"
            ),
            agent_notice=(
                "The agent's vocal arousal was computed because the operator turned it on: the agent must "
                "have been told of it, it enters no score, and it is no ground for a decision about the "
                "agent. In the EU this is prohibited (AI Act, Art. 5(1)(f))"
            ),
        ),
    }
)
"""The profiles by name."""

COMPARED_NOTICE: Final = (
    "Pitch, level and pace of both voices were compared (accommodation), the agent's too. No emotion is "
    "inferred from it and it is no part of any score; --no-accommodation turns it off"
)
"""Stands in the document of a call whose voices were compared, under any profile."""

PAPER_NOTICE: Final = (
    "Profile il: a form, a fax, a letter or a visit seems to be asked for before something is cancelled. "
    "Somebody should look at it; this is no finding that a law was broken"
)
"""Stands in the document of such a call under profile `il`."""

EVERY_NOTICE: Final = frozenset(
    notice
    for profile in PROFILES.values()
    for notice in (profile.notice, profile.agent_notice, COMPARED_NOTICE, PAPER_NOTICE)
    if notice
)


def curves_of(profile: ProfileName, *, agent_requested: bool) -> frozenset[Role]:
    """Roles whose arousal is computed under a profile.

    Examples
    --------
    >>> sorted(curves_of("eu", agent_requested=True)), sorted(curves_of("il", agent_requested=True))
    (['customer'], ['agent', 'customer'])
    """
    rules = PROFILES[profile]
    wanted: dict[Role, Computed] = {"customer": rules.customer_curve, "agent": rules.agent_curve}
    requested: dict[Role, bool] = {"customer": False, "agent": agent_requested}
    return frozenset(
        role
        for role, when in wanted.items()
        if when == "always" or (when == "on request" and requested[role])
    )


def notices_of(profile: ProfileName, *, agent_requested: bool) -> tuple[str, ...]:
    """What a document says of the profile it was made under."""
    rules = PROFILES[profile]
    with_agent = "agent" in curves_of(profile, agent_requested=agent_requested)
    return (rules.notice, *((rules.agent_notice,) if with_agent else ()))
