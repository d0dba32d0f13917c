"""What charts look like on light and dark pages: Okabe and Ito's colours, told apart by the colour-blind."""

from __future__ import annotations

from typing import Final

from speechqa.core.value import Value


class Look(Value, frozen=True, kw_only=True):
    """Colours of a chart; `colours` are those of its series, in order."""

    ink: str
    soft: str
    grid: str
    paper: str
    colours: tuple[str, ...]


LIGHT: Final = Look(
    ink="#1B1D21", soft="#5A6069", grid="#DCDFE4", paper="#FFFFFF", colours=("#009E73", "#0072B2")
)
DARK: Final = Look(
    ink="#E8EAEE", soft="#A7ADB8", grid="#363B44", paper="#15171B", colours=("#2FB992", "#4AA3DF")
)
