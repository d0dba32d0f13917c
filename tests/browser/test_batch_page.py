"""The page over many calls as a supervisor uses it: searched, filtered, sorted, by mouse, keys and links."""

from __future__ import annotations

import re

import pytest

from tests.support.batches import VERDICTS, facts_of, failed, line, written
from tests.support.browser import assert_clean, violations, wider
from tests.support.hostile_texts import MARKER

CALLS = [line(number) for number in range(2_000)]


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A page of 2,000 calls."""
    return written(tmp_path_factory.mktemp("full"), facts_of(CALLS))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Some calls of every kind: failed, in draft words, without scores, of a nobody."""
    lines = [
        line(0),
        line(1, draft=True, engine="pocketsphinx"),
        line(2, scores={}, verdicts={}),
        line(3, agent_id=None, agent_name=None, team=None, started_at=None, duration=None),
        line(5, agent_name="נועה ברק"),
        failed(1),
    ]
    return written(tmp_path_factory.mktemp("small"), facts_of(lines))


def shown(page):
    """The ids of the lines that are shown."""
    return [name.strip() for name in page.locator("#rows th").all_inner_texts()]


def counted(page):
    """How many calls the page says it found, of how many."""
    return tuple(int(n.replace(",", "")) for n in re.findall(r"[\d,]+", page.locator("#count").inner_text()))


def asked(page):
    """What is asked, as the address has it."""
    return page.evaluate("() => window.location.hash")


def test_two_thousand_calls_stand_in_pages_of_a_hundred(opened, full):
    page = opened(full)
    assert counted(page) == (2000, 2000)
    assert len(shown(page)) == 100
    assert page.locator("#page").inner_text() == "1 of 20"
    assert page.locator("#before").is_disabled()
    page.locator("#after").click()
    assert page.locator("#page").inner_text() == "2 of 20"
    assert asked(page) == "#calls&page=2"
    assert not {*shown(page)} & {call.call_id for call in CALLS[:5000:50]}
    assert_clean(page)


def test_a_change_draws_one_page_of_lines_whatever_it_finds(opened, full):
    page = opened(full)
    page.evaluate("""() => {
      window.added = 0;
      new MutationObserver((all) => all.forEach((one) => { window.added += one.addedNodes.length; }))
        .observe(document.getElementById("rows"), {childList: true});
    }""")
    page.locator("#f-q").press_sequentially("agent")
    page.wait_for_function("() => window.added === 500")
    page.locator("#f-team").select_option("team 1")
    page.wait_for_function("() => window.added === 600")
    assert counted(page) == (500, 2000)


FILTERS = (
    ("agent", "a7", lambda call: call.agent_id == "a7"),
    ("team", "team 2", lambda call: call.team == "team 2"),
    ("signal", "churn_risk", lambda call: call.signals["churn_risk"]),
    ("signal", "manager_request", lambda call: call.signals["manager_request"]),
    ("signal", "customer_type:angry", lambda call: "customer_type:angry" in call.signals),
    ("state", "failed", lambda call: call.status == "failed"),
    ("state", "draft", lambda call: call.draft),
    ("from", "90", lambda call: (_rate(call, "courtesy") or 0) >= 0.9),
    ("to", "0", lambda call: _rate(call, "courtesy") == 0),
    ("verdict", "f", lambda call: "fail" in call.verdicts.values()),
    ("criterion", "greeting", lambda call: call.verdicts.get("greeting") in VERDICTS),
    ("q", "C0012", lambda call: "c0012" in call.call_id),
    ("q", "leaving a10", lambda call: bool(call.listen_to) and call.agent_id == "a10"),
    ("q", "2026-11-05", lambda call: call.started_at.startswith("2026-11-05")),
)


def test_every_signal_that_is_counted_leads_to_its_calls(opened, full):
    page = opened(full)
    links = page.locator("section[aria-labelledby=signals-title] th a")
    assert links.count() >= 6
    for number in range(links.count()):
        link = links.nth(number)
        link.click()
        found = int(link.locator("xpath=ancestor::tr/td[1]").inner_text())
        # Of no call the page says so, without a figure.
        assert (counted(page) or (0,))[0] == found, link.inner_text()


def test_each_filter_shows_the_calls_it_is_about(opened, full):
    page = opened(full)
    for field, value, holds in FILTERS:
        control = page.locator(f"#f-{field}")
        if field in ("q", "from", "to"):
            control.fill(value)
        else:
            control.select_option(value)
        wanted = {call.call_id for call in CALLS if holds(call)}
        if wanted:
            assert counted(page) == (len(wanted), 2000), (field, value)
            assert {*shown(page)} <= wanted
            assert len(shown(page)) == min(100, len(wanted))
        else:
            assert page.locator("#count").inner_text() == "No call answers to that.", (field, value)
            assert shown(page) == []
        page.get_by_role("button", name="Clear").click()
        page.wait_for_function("() => document.querySelectorAll('#rows tr').length === 100")
    assert_clean(page)


def _rate(call, category):
    tally = call.scores.get(category)
    return tally.earned / tally.possible if tally else None


def test_a_criterion_with_a_verdict(opened, full):
    page = opened(full)
    page.locator("#f-criterion").select_option("thanks")
    for letter, verdict in zip("pfn?", VERDICTS, strict=True):
        page.locator("#f-verdict").select_option(letter)
        wanted = {call.call_id for call in CALLS if call.verdicts["thanks"] == verdict}
        assert counted(page)[0] == len(wanted)
        assert {*shown(page)} <= wanted


def test_filters_add_up_and_are_cleared(opened, full):
    page = opened(full)
    page.locator("#f-agent").select_option("a0")
    page.locator("#f-signal").select_option("churn_risk")
    page.locator("th[data-sort=length] button").click()
    wanted = sorted(
        (call for call in CALLS if call.agent_id == "a0" and call.signals["churn_risk"]),
        key=lambda call: (-call.duration, call.call_id),
    )
    assert shown(page) == [call.call_id for call in wanted]
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("() => window.location.hash === ''")
    assert counted(page) == (2000, 2000)
    assert page.locator("th[aria-sort]").count() == 0


SORTS = {
    "call": (lambda call: call.call_id, False),
    "weight": (lambda call: call.listen_weight or None, True),
    "started": (lambda call: call.started_at[:16], True),
    "length": (lambda call: call.duration, True),
    "courtesy": (lambda call: _rate(call, "courtesy"), False),
    "professionalism": (lambda call: _rate(call, "professionalism"), False),
    "interruptions": (lambda call: call.interruptions, True),
}


def test_every_column_sorts_both_ways_and_back(opened, full):
    page = opened(full)
    before = shown(page)
    by_id = {call.call_id: call for call in CALLS}
    for column, (value, falling) in SORTS.items():
        head = page.locator(f"th[data-sort={column}]")
        for down in (falling, not falling):
            head.get_by_role("button").click()
            assert head.get_attribute("aria-sort") == ("descending" if down else "ascending")
            known = sorted((value(call) for call in CALLS if value(call) is not None), reverse=down)[:100]
            assert [value(by_id[name]) for name in shown(page)][: len(known)] == known, column
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") is None
        assert shown(page) == before


def test_what_is_unknown_is_last_whichever_way(opened, small):
    page = opened(small)
    for column in ("courtesy", "started", "length", "agent", "v0", "signals", "listen"):
        head = page.locator(f"th[data-sort={column}]")
        for _ in range(2):
            head.get_by_role("button").click()
            place = page.evaluate(
                "column => Array.from(document.querySelectorAll('th[data-sort]'))"
                ".findIndex(head => head.dataset.sort === column)",
                column,
            )
            cells = [
                row.locator("th, td").nth(place).inner_text().strip()
                for row in page.locator("#rows tr").all()
            ]
            empty = [cell in ("", "?", "–", "draft words") for cell in cells]
            assert empty == sorted(empty), (column, cells)


def test_a_link_shows_the_same_again(opened, full):
    page = opened(full)
    page.locator("#f-team").select_option("team 3")
    page.locator("#f-category").select_option("professionalism")
    page.locator("#f-from").fill("50")
    page.locator("#f-q").fill("agent 3")
    page.locator("th[data-sort=professionalism] button").click()
    address, found, rows = page.url, counted(page), shown(page)
    assert found[0] > 0
    other = opened(full)
    other.goto("about:blank")
    other.goto(address)
    assert (counted(other), shown(other)) == (found, rows)
    assert other.locator("#f-q").input_value() == "agent 3"
    assert other.locator("#f-category").input_value() == "professionalism"
    assert other.locator("th[data-sort=professionalism]").get_attribute("aria-sort") == "ascending"
    other.locator("#f-q").fill("a&b=c #1 שלום")
    assert asked(other).count("&") == 5
    other.reload()
    assert other.locator("#f-q").input_value() == "a&b=c #1 שלום"
    assert_clean(other)


def test_a_link_that_makes_no_sense_shows_calls(opened, full):
    page = opened(full)
    for nonsense in (
        "#calls&agent=nobody&sort=constructor&page=-4",
        "#calls&page=999999&from=x&verdict=%3Cscript%3E",
        "#calls&%E0%A4%A&sort=__proto__",
        "#elsewhere",
    ):
        page.evaluate(
            """hash => new Promise(done => {
              window.addEventListener("hashchange", () => done(), {once: true});
              window.location.hash = hash;
            })""",
            nonsense,
        )
        assert len(shown(page)) == 100, nonsense
    assert_clean(page)


def test_a_criterion_leads_to_the_calls_that_failed_it(opened, full):
    page = opened(full)
    page.locator("#criteria").get_by_role("link", name="Greeting").click()
    page.wait_for_function("() => document.getElementById('f-criterion').value === 'greeting'")
    assert counted(page)[0] == sum(call.verdicts["greeting"] == "fail" for call in CALLS)


def test_by_keys_alone(opened, full):
    page = opened(full)
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "f-q"
    page.keyboard.type("c0010")
    assert counted(page) == (10, 2000)
    page.keyboard.type("/")
    assert page.locator("#f-q").input_value() == "c0010/"
    page.keyboard.press("Backspace")
    page.locator("th[data-sort=call] button").focus()
    page.keyboard.press("Enter")
    assert shown(page) == sorted(shown(page))
    page.keyboard.press("Space")
    assert shown(page) == sorted(shown(page), reverse=True)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('th').dataset.sort") == "weight"


def test_lines_of_the_script_are_those_of_the_page(browser, opened, small):
    page = opened(small)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(small.as_uri())
    drawn = page.locator("#rows tr").all_inner_texts()
    stood = plain.locator("#rows tr").all_inner_texts()
    plain.context.close()
    assert [re.sub(r"\s+", " ", one) for one in drawn] == [re.sub(r"\s+", " ", one) for one in stood]


def test_without_a_script_the_first_lines_can_be_read(browser, full):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(full.as_uri())
    assert page.locator("#rows tr").count() == 200
    assert page.locator("#count").inner_text() == "The first 200 to listen to."
    assert not page.locator("#filters").is_visible()
    assert page.locator("table.calls button").count() == 0
    context.close()


def test_more_calls_than_a_page_holds(opened, tmp_path):
    page = opened(written(tmp_path, facts_of(CALLS[:300], most=120)))
    assert counted(page) == (120, 120)
    assert page.locator("h1").inner_text() == "300 calls"
    assert "The table holds the 120 calls to listen to first; all figures cover 300." in page.inner_text(
        "main"
    )


def test_hostile_names_are_text(opened, tmp_path):
    nasty = f"</script><img src=x onerror=window.{MARKER}=1><!-- {{{{7*7}}}} \u202e"
    lines = [
        line(
            n,
            call_id=f"{n}{nasty}",
            agent_id=f"{n % 2}{nasty}",
            agent_name=nasty,
            team=nasty,
            listen_to=nasty,
        )
        for n in range(12)
    ]
    page = opened(written(tmp_path, facts_of([*lines, failed(1, f"Error: {nasty}", agent_id=nasty)])))
    page.locator("#f-q").fill("onerror")
    assert counted(page) == (13, 13)
    page.locator("#f-agent").select_option(index=1)
    assert counted(page)[0] in (1, 6)
    assert page.evaluate(f"() => window.{MARKER} === undefined")
    assert page.locator("main img").count() == 0
    assert nasty.partition("\u202e")[0].strip() in page.locator("#rows").inner_text()
    assert wider(page) == 0
    assert_clean(page)


def test_hebrew_runs_from_right_to_left(opened, tmp_path, pictured):
    lines = [line(n, language="he", agent_name="נועה ברק", team="דרום") for n in range(30)]
    path = written(tmp_path, facts_of([*lines, line(31), failed(2)]))
    page = opened(path)
    assert page.evaluate("() => [document.documentElement.lang, document.documentElement.dir]") == [
        "he",
        "rtl",
    ]
    first, second = (page.locator("table.calls thead th").nth(n).bounding_box() for n in (0, 1))
    assert first["x"] > second["x"]
    page.locator("#f-q").fill("נועה")
    assert counted(page)[0] == 30
    assert violations(page) == []
    pictured(page, "batch-hebrew")
    assert_clean(page)


def test_no_barrier_at_any_width(opened, small, full):
    for path in (small, full):
        page = opened(path, 390)
        for width, colours in ((390, "light"), (900, "dark"), (1440, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=colours)
            assert wider(page) <= 0, width
            if path == small or width == 1440:
                # What the small page shows at this width the full one does, in the same colours.
                assert violations(page, contrast=(path, width) != (small, 1440)) == [], width
        assert_clean(page)
