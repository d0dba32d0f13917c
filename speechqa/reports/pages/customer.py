"""The page of one customer."""

from __future__ import annotations

from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.customer import CustomerPage


def customer_html(page: CustomerPage) -> str:
    """A customer's calls as one HTML page."""
    styles = ("call.css", "agent.css", "customer.css")
    return rendered("customer.html.j2", page.language, styles=styles, customer=page)
