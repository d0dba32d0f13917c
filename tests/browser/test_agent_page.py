"""The agent page as the agent opens it: read at every width, led to the second, and nobody else in it."""

import pytest

from speechqa.core.playback import Playback
from speechqa.reports.naming import page_name
from speechqa.reports.pages.agent import agent_html
from speechqa.reports.pages.call import call_html
from speechqa.reports.view.call import call_page
from tests.browser.test_call_page import document
from tests.support.agent_calls import agent_store, page_of
from tests.support.browser import assert_clean, violations, wider


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return agent_store(tmp_path_factory.mktemp("agents"))


@pytest.fixture
def shown(opened, store, tmp_path):
    def show(code="en", *, width=1440, dark=False, **asked):
        path = tmp_path / "agent.html"
        path.write_text(agent_html(page_of(store, code, **asked)), "utf-8")
        return opened(path, width=width, dark=dark)

    return show


@pytest.mark.parametrize(
    ("code", "width", "dark"),
    [("en", 1440, False), ("en", 900, True), ("en", 390, False), ("he", 1440, True), ("he", 390, False)],
)
def test_it_is_read_at_every_width_light_and_dark(shown, code, width, dark, pictured):
    page = shown(code, width=width, dark=dark, complete_log=True)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert wider(page) == 0
    assert violations(page) == []
    assert page.evaluate("() => getComputedStyle(document.body).direction") == (
        "rtl" if code == "he" else "ltr"
    )
    assert page.evaluate("() => [...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert page.locator(".chart img").get_attribute("alt").count("%") >= 3
    assert_clean(page)
    pictured(page, f"agent-{code}-{width}-{'dark' if dark else 'light'}")


def test_a_page_with_too_few_calls_is_whole(shown, pictured):
    page = shown(minimum_calls=100, width=900)
    assert page.get_by_text("24 of the 100 calls that a figure needs").first.is_visible()
    assert page.locator("img").count() == 0
    assert violations(page) == []
    assert_clean(page)
    pictured(page, "agent-few")


def test_a_quote_leads_to_its_second_in_the_calls_page(shown, tmp_path):
    page = shown()
    (tmp_path / page_name("a2-22")).write_text(
        call_html(call_page(document(), playback=Playback(missing="The recording is no longer there"))),
        "utf-8",
    )
    page.locator(".lost").first.locator("a.hear").first.click()
    page.wait_for_url("**/call-a2-22-*.html#t=83.2")
    assert page.locator("li.now").count() == 1, "the place that is linked is found in the call's page"
    assert_clean(page)


def test_the_command_that_contests_is_unfolded_by_keys(shown):
    page = shown()
    summary = page.locator(".contest summary").first
    command = page.locator(".contest code").first
    assert not command.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert command.inner_text().startswith("speechqa dispute open a2-22 --criterion thanks")
    assert command.evaluate("element => getComputedStyle(element).direction") == "ltr"


def test_on_a_hebrew_page_shares_still_run_from_left_to_right(shown):
    page = shown("he")
    strip = page.locator("table.criteria svg.strip").first
    box, at = strip.bounding_box(), strip.locator(".at").bounding_box()
    assert at["x"] > box["x"] + box["width"] / 2, "67% lies right of the middle"
    first, second = (page.locator("table.criteria thead th").nth(n).bounding_box()["x"] for n in (0, 1))
    assert first > second
