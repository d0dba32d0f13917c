"""How pages are made of templates: everything escaped, nothing run but our own script, no network.

A page carries its style and script in itself. Its policy (Content Security Policy, level 3) names both by
their digests, so that nothing that data could smuggle into a page is ever run or fetched.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from speechqa.core.value import Value
from speechqa.reports.language import Language

if TYPE_CHECKING:
    from jinja2 import Environment


class Asset(Value, frozen=True, kw_only=True):
    """A style sheet or script of ours as it stands in a page; `digest` as a policy names it."""

    text: str
    digest: str


@cache
def environment() -> Environment:
    """Where templates come from; whatever they show is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("speechqa.reports.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Data stand in pages as they are: Hebrew in a third of the bytes. What HTML would read, `tojson` escapes.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return made


@cache
def asset(names: tuple[str, ...]) -> Asset:
    """Files of `assets/`, put together in order."""
    folder = files(__package__) / "assets"
    text = "\n".join((folder / name).read_text("utf-8").strip() for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(text=text, digest=f"'sha256-{digest}'")


def rendered(
    template: str,
    language: Language,
    *,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    **values: object,
) -> str:
    """A page of a template.

    Parameters
    ----------
    template : str
        Name of a file of `templates/` that extends `page.html.j2`.
    language : Language
        The page's; templates say their labels by `say("English")` and others' sentences by `told(text)`.
    styles, scripts : sequence of str
        Files of `assets/` besides `page.css`.
    values : object
        What the template shows.
    """
    style = asset(("page.css", *styles))
    script = asset(tuple(scripts)) if scripts else None
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {style.digest}",
            f"script-src {script.digest}" if script else "script-src 'none'",
            # Sound lies beside the page or in it, charts are pictures in it.
            "media-src 'self' file: data: blob:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return (
        environment()
        .get_template(template)
        .render(
            policy=policy,
            style=style.text,
            script=script.text if script else "",
            language=language,
            say=language.say,
            told=language.told,
            **values,
        )
    )
