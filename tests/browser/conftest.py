"""The browser that tests of pages share; one a process, so that workers of pytest-xdist have their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Opener, running, screenshot


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's chromium, or a skip that says why."""
    with running() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """`opened(path, width=1440, dark=False)` shows a file; `tests.support.browser` says what to ask of it."""
    opener = Opener(browser)
    yield opener
    opener.close()


@pytest.fixture
def pictured(tmp_path: Path) -> Callable[[Page, str], Path]:
    """`pictured(page, name)` keeps a picture where SPEECHQA_SCREENSHOTS says."""
    return lambda page, name: screenshot(page, name, tmp_path)
