"""Pages drawn into a folder, in the formats that are wanted, with their pictures as files of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from speechqa.assembly.reporting.wanted import PictureChoice, ReportWanted
from speechqa.core.analysis import CallAnalysis
from speechqa.reports.naming import (
    INDEX,
    agent_page_name,
    customer_page_name,
    page_name,
    paper_name,
    picture_name,
)
from speechqa.reports.pages.folder import PageFolder

if TYPE_CHECKING:
    from speechqa.reports.charts.pictures import Picture
    from speechqa.reports.view.agent import AgentPage
    from speechqa.reports.view.batch import BatchPage
    from speechqa.reports.view.call import CallPage
    from speechqa.reports.view.customer import CustomerPage


class Drawing:
    """Draws pages; each method gives the names of the files it wrote, the page first."""

    def __init__(self, folder: PageFolder, wanted: ReportWanted) -> None:
        self._folder = folder
        self._wanted = wanted

    def names(self, page: str) -> list[str]:
        """Names of the files that a page is written into, its pictures apart."""
        forms = {"html": page, "pdf": paper_name(page)}
        return [forms[form] for form in self._wanted.formats]

    def call(self, document: CallAnalysis, page: CallPage) -> list[str]:
        """A call's page and its picture."""

        def html() -> str:
            from speechqa.reports.pages.call import call_html

            return call_html(page)

        def pdf() -> bytes:
            from speechqa.reports.print.call import call_pdf

            return call_pdf(page)

        names = self._pages(page_name(document.call_id), html, pdf)
        form = self._wanted.pictures
        if form is not None:
            from speechqa.reports.arousal_picture import call_picture

            picture = call_picture(document, form, language=self._wanted.chosen)
            names.append(self._folder.write(picture_name(document.call_id, form), picture).name)
        return names

    def agent(self, agent_id: str, page: AgentPage) -> list[str]:
        """An agent's page and its charts."""

        def html() -> str:
            from speechqa.reports.pages.agent import agent_html

            return agent_html(page)

        def pdf() -> bytes:
            from speechqa.reports.print.agent import agent_pdf

            return agent_pdf(page)

        name = agent_page_name(agent_id)
        names = self._pages(name, html, pdf)
        if self._wanted.pictures is not None:
            from speechqa.reports.charts.pictures import agent_pictures

            names += self._pictures(name, agent_pictures(page), self._wanted.pictures)
        return names

    def customer(self, customer_id: str, page: CustomerPage) -> list[str]:
        """A customer's page."""

        def html() -> str:
            from speechqa.reports.pages.customer import customer_html

            return customer_html(page)

        def pdf() -> bytes:
            from speechqa.reports.print.customer import customer_pdf

            return customer_pdf(page)

        return self._pages(customer_page_name(customer_id), html, pdf)

    def batch(self, page: BatchPage) -> list[str]:
        """The page over calls and its chart."""

        def html() -> str:
            from speechqa.reports.pages.batch import batch_html

            return batch_html(page)

        def pdf() -> bytes:
            from speechqa.reports.print.batch import batch_pdf

            return batch_pdf(page)

        names = self._pages(INDEX, html, pdf)
        if self._wanted.pictures is not None:
            from speechqa.reports.charts.pictures import batch_pictures

            names += self._pictures(INDEX, batch_pictures(page), self._wanted.pictures)
        return names

    def _pictures(self, page: str, pictures: Iterable[Picture], form: PictureChoice) -> list[str]:
        """Write pictures beside a page, under its name."""
        stem = page.removesuffix(".html")
        return [self._folder.write(f"{stem}-{one.name}.{form}", one.draw(form)).name for one in pictures]

    def _pages(self, name: str, html: Callable[[], str], pdf: Callable[[], bytes]) -> list[str]:
        names = []
        if "html" in self._wanted.formats:
            names.append(self._folder.write(name, html()).name)
        if "pdf" in self._wanted.formats:
            names.append(self._folder.write(paper_name(name), pdf()).name)
        return names


@cache
def maker() -> bytes:
    """Digest of what draws the pages, so that those of another version are made again."""
    digest = hashlib.sha256()
    for file in _sources(files("speechqa.reports")):
        digest.update(file.read_bytes())
    return digest.digest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name != "__pycache__" and file.is_dir():
            yield from _sources(file)
        elif file.name.endswith((".py", ".j2", ".css", ".js", ".toml", ".typ")):
            yield file
