"""The page of a customer in a browser: at every width, light and dark, in both languages."""

import pytest

from speechqa.assembly.customers import LogAsked
from speechqa.reports.naming import page_name
from speechqa.reports.pages.call import call_html
from speechqa.reports.pages.customer import customer_html
from speechqa.reports.view.call import call_page
from speechqa.scoring.contact_log import Gap
from tests.support.browser import assert_clean, violations, wider
from tests.support.customer_calls import TODAY, calls, customer_store, page_of


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return customer_store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def shown(opened, url, tmp_path):
    def show(code="en", *, width=1440, dark=False, **asked):
        path = tmp_path / "customer.html"
        path.write_text(customer_html(page_of(url, code, **asked)), "utf-8")
        return opened(path, width=width, dark=dark)

    return show


@pytest.mark.parametrize(
    ("code", "width", "dark"),
    [("en", 1440, False), ("en", 390, True), ("he", 1440, True), ("he", 390, False)],
)
def test_it_is_read_at_every_width_light_and_dark(shown, code, width, dark, pictured):
    page = shown(code, width=width, dark=dark)
    assert wider(page) == 0
    assert violations(page) == []
    assert page.evaluate("() => getComputedStyle(document.body).direction") == (
        "rtl" if code == "he" else "ltr"
    )
    assert page.locator("svg .came").first.is_visible()
    assert_clean(page)
    pictured(page, f"customer-{code}-{width}-{'dark' if dark else 'light'}")


def test_what_is_not_assessed_is_hatched_and_says_why(shown, pictured):
    gap = Gap(first="2026-03-08", last="2026-03-09", why="2026-03-08 to 2026-03-09 are said to be missing")
    page = shown("he", asked=LogAsked(TODAY, True, (gap,)), width=900)
    assert page.locator(".track .stage").count() == 0
    hatched = page.locator(".track .unassessed")
    assert hatched.count() == 2
    assert all("url" in hatched.nth(n).evaluate("e => getComputedStyle(e).fill") for n in range(2))
    assert violations(page) == []
    pictured(page, "customer-gap")


def test_time_runs_from_left_to_right_on_a_hebrew_page_too(shown):
    page = shown("he")
    first, last = page.locator(".track .came").first, page.locator(".track .came").last
    assert first.bounding_box()["x"] < last.bounding_box()["x"]
    numbers = page.locator(".levels .number")
    heights = [numbers.nth(n).bounding_box()["y"] for n in range(5)]
    assert [numbers.nth(n).text_content() for n in range(5)] == ["1", "2", "3", "4", "5"]
    assert heights == sorted(heights, reverse=True)


def test_a_mark_leads_to_its_line_and_keys_pass_it_by(shown):
    page = shown()
    page.locator(".track a").first.click()
    assert page.evaluate("() => document.querySelector(':target th').innerText") == "c1"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("() => document.activeElement.closest('svg') ? 'svg' : 'page'"))
    assert seen == {"page"}, "the table says the same, and is reached by keys"


def test_the_picture_is_scrolled_by_keys_where_it_is_narrow(shown):
    page = shown(width=390)
    picture = page.locator(".scroller")
    picture.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.scroller').scrollLeft > 0")


def test_a_quote_leads_to_its_second_in_the_calls_page(shown, tmp_path):
    page = shown()
    call = next(one for one in calls() if one.call_id == "c2")
    (tmp_path / page_name("c2")).write_text(call_html(call_page(call)), "utf-8")
    page.locator("a.hear").first.click()
    page.wait_for_url("**/call-c2-*.html#t=83.2")
    assert_clean(page)
