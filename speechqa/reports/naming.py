"""Names of pages and of what lies beside them: safe whatever an id holds, and never the same for two."""

from __future__ import annotations

import hashlib
from typing import Final

INDEX: Final = "index.html"
"""The page over calls."""


def file_stem(kind: str, name: str) -> str:
    """The stem of a file's name for something of that name.

    Examples
    --------
    >>> file_stem("call", "a/b")
    'call-a-b-c14cddc0'
    """
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:60]
    return f"{kind}-{safe}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}"


def page_name(call_id: str) -> str:
    """File name of a call's page."""
    return f"{file_stem('call', call_id)}.html"


def agent_page_name(agent_id: str) -> str:
    """File name of an agent's page."""
    return f"{file_stem('agent', agent_id)}.html"


def customer_page_name(customer_id: str) -> str:
    """File name of a customer's page."""
    return f"{file_stem('customer', customer_id)}.html"


def picture_name(call_id: str, form: str) -> str:
    """File name of a call's picture in that format."""
    return f"{file_stem('call', call_id)}-arousal.{form}"


def paper_name(page: str) -> str:
    """File name of a page as a PDF.

    Examples
    --------
    >>> paper_name("index.html")
    'index.pdf'
    """
    return f"{page.removesuffix('.html')}.pdf"
