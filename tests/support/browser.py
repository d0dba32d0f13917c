"""Pages opened in a real browser without a network, and everything they try to do recorded.

The browser is the machine's own chromium (`apt-get install chromium`); none is ever downloaded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, Route, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # what slips past the routes finds no address
)
SERIOUS = ("serious", "critical")
HEIGHT = 900


@dataclass
class Watched:
    """What a page did since it was opened.

    Attributes
    ----------
    requests : list of str
        Addresses it asked for and was denied.
    beside : list of str
        Files of its own folder that it read, such as sound.
    errors : list of str
        Errors on its console, and exceptions nobody caught; a breach of its policy is among them.
    dialogs : list of str
        alert, confirm and prompt: somebody's script ran.
    strays : list of str
        Windows, frames and downloads it opened, and places it went to.
    """

    folder: Path
    requests: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    @property
    def troubles(self) -> list[str]:
        """Everything a page that behaves does not do."""
        return [
            *(f"asked for {what}" for what in self.requests),
            *(f"error: {what}" for what in self.errors),
            *(f"dialog: {what}" for what in self.dialogs),
            *self.strays,
        ]


_WATCHED: WeakKeyDictionary[Page, Watched] = WeakKeyDictionary()


def chromium() -> str | None:
    """The machine's chromium, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def running() -> Iterator[Browser]:
    """A browser, one a test process; where there is none the test is skipped, or fails where it must be."""
    program = chromium()
    if program is None:
        why = "no chromium on this machine (apt-get install chromium): pages are not tried in a browser"
        if os.environ.get("SPEECHQA_BROWSER") == "required":
            pytest.fail(f"{why}, and SPEECHQA_BROWSER=required asks for it", pytrace=False)
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Opener:
    """Opens pages from files, each in a context of its own, and closes them all.

    Parameters
    ----------
    browser : Browser
        Where to open them.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(
        self, path: Path, width: int = 1440, dark: bool = False, *, height: int = HEIGHT, policy: bool = True
    ) -> Page:
        """Open a page and wait until it is loaded.

        Parameters
        ----------
        width, height : int
            Of the window, in CSS pixels.
        dark : bool
            Whether the reader prefers dark pages.
        policy : bool
            Whether the page's content security policy holds. Without it, escaping has to stand alone.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            bypass_csp=not policy,
            service_workers="block",
            reduced_motion="reduce",
            locale="en-GB",
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(
            120_000
        )  # a machine with much else to do is slow, which is no fault of a page
        _watch(context, page, Watched(path.parent.resolve()))
        return again(page, path)

    def close(self) -> None:
        """Close every page that was opened."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()


def again(page: Page, path: Path) -> Page:
    """Show another file in the same page, with a clean record: cheaper than a context of its own."""
    seen = watched(page)
    for record in (seen.requests, seen.beside, seen.errors, seen.dialogs, seen.strays):
        record.clear()
    seen.folder = path.parent.resolve()
    page.goto(path.resolve().as_uri(), wait_until="load")
    # A dialog or an exception of a script that ran while loading is told before this comes back.
    with suppress(Error):  # a page that goes elsewhere takes its scripts with it, and is told of
        page.evaluate("() => new Promise(done => setTimeout(done, 0))")
    return page


def watched(page: Page) -> Watched:
    """The record of a page that an `Opener` opened."""
    return _WATCHED[page]


def assert_clean(page: Page) -> None:
    """The page asked nobody for anything, met no error, and ran nothing that opens dialogs or windows."""
    assert watched(page).troubles == []


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds of serious and critical barriers, one line each; empty where there are none.

    Parameters
    ----------
    page : Page
        The page as it is shown.
    contrast : bool
        Whether colours are looked at, which takes most of the time: not where they were elsewhere.
    """
    page.evaluate(_axe())
    asked = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found: list[dict[str, Any]] = page.evaluate("(asked) => axe.run(asked)", asked)["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {rule['help']}: "
        + " | ".join(f"{node['target']} {node['html'][:120]}" for node in rule["nodes"][:3])
        for rule in found
        if rule["impact"] in SERIOUS
    ]


def wider(page: Page) -> int:
    """By how many pixels the page is wider than its window; readers should never scroll a page sideways."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


def screenshot(page: Page, name: str, folder: Path, *, whole: bool = True) -> Path:
    """A picture of the page to look at, in the folder named by SPEECHQA_SCREENSHOTS, else in `folder`."""
    named = os.environ.get("SPEECHQA_SCREENSHOTS")
    target = Path(named) if named else folder
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{name}.png"
    page.screenshot(path=file, full_page=whole)
    return file


@cache
def _axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _watch(context: BrowserContext, page: Page, seen: Watched) -> None:
    _WATCHED[page] = seen

    def decide(route: Route) -> None:
        address = route.request.url
        if urlsplit(address).scheme in ("data", "blob"):
            route.continue_()
        elif _inside(address, seen.folder):
            if not route.request.is_navigation_request():
                seen.beside.append(address)
            route.continue_()
        else:
            seen.requests.append(address)
            route.abort()

    def answer(dialog: Dialog) -> None:
        seen.dialogs.append(f"{dialog.type} {dialog.message}")
        with suppress(Error):
            dialog.dismiss()

    def opened(other: Page) -> None:
        if other != page:
            seen.strays.append(f"opened a window: {other.url}")

    context.route("**/*", decide)
    context.route_web_socket("**/*", lambda socket: seen.requests.append(socket.url))
    context.on("dialog", answer)
    context.on("page", opened)
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("download", lambda file: seen.strays.append(f"downloaded {file.url}"))
    page.on("frameattached", lambda frame: seen.strays.append(f"made a frame: {frame.url}"))


def _inside(address: str, folder: Path) -> bool:
    split = urlsplit(address)
    return split.scheme == "file" and Path(unquote(split.path)).resolve().is_relative_to(folder)
