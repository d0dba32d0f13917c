"""The agent page: figures with what they rest on, nothing of anybody else, and charts that say no more."""

import re
from xml.etree import ElementTree

import msgspec
import pypdfium2
import pytest

from speechqa.core.finding import Verdict
from speechqa.reports.charts.agent_criteria import agent_criteria
from speechqa.reports.charts.agent_weeks import agent_weeks
from speechqa.reports.charts.pictures import agent_pictures
from speechqa.reports.language import language
from speechqa.reports.naming import page_name
from speechqa.reports.pages.agent import agent_html
from speechqa.reports.print.agent import agent_pdf
from speechqa.reports.view.agent import agent_page
from speechqa.reports.view.agent_charts import WeekPoint
from speechqa.reports.view.shares import Strip
from speechqa.store import open_store
from tests.support.agent_calls import AGENT, OTHERS, agent_store, page_of, view_of
from tests.support.stores import call, finding, put

HOSTILE = "</title></desc><script>alert(1)</script> $x_{2}$ \u202eevil\ufffe"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return agent_store(tmp_path_factory.mktemp("agents"))


def test_a_lost_point_has_its_words_and_a_link_to_its_second(store):
    (part,) = page_of(store).rubrics
    first = part.lost[0]
    (point,) = first.lost
    assert (first.call, first.day, point.points) == (f"{AGENT}-22", "2026-10-13", "0/5")
    assert [(q.said.text, q.said.when, q.link) for q in point.quotes] == [
        (f"words {AGENT} 22", "1:23.2", f"{page_name(first.call)}#t=83.2")
    ]
    assert point.would_change == "Thank the customer for something they did"
    assert point.contest == (
        f"speechqa dispute open {first.call} --criterion thanks --reason verdict_wrong "
        '--comment "..." --by a2'
    )
    assert [one.call for one in (*part.lost, *part.older)] == [f"{AGENT}-{n:02d}" for n in range(22, 0, -3)]


def test_without_pages_of_calls_nothing_leads_into_the_void(store):
    page = agent_page(view_of(store))
    html = agent_html(page)
    assert 'href="call-' not in html
    assert "1:23.2" in html


def test_nobody_else_is_on_the_page(store):
    html = agent_html(page_of(store, complete_log=True))
    assert f"Name of {AGENT}" in html
    for other in OTHERS:
        assert other not in html
    assert "customer of" not in html


def test_figures_say_what_they_rest_on(store):
    figures = page_of(store).rubrics[0].figures
    thanks, needs = (row for _, rows in figures.criteria for row in rows)
    assert (thanks.share.percent, thanks.share.counted) == ("67%", "16/24")
    assert re.fullmatch(r"\d+ to \d+%", thanks.share.between)
    assert (thanks.points, needs.points) == ("80/120", "180/180")
    assert thanks.share.strip.others is not None
    assert (needs.share.counted, needs.uncounted) == ("18/18", "not assessed: 6")
    assert [(week.first, week.calls) for week in figures.weeks] == [
        ("2026-09-28", 8), ("2026-10-05", 8), ("2026-10-12", 8),
    ]  # fmt: skip
    assert "first quarter" in " ".join(fact for name, fact in page_of(store).facts if name == "Among others")


def test_small_numbers_give_no_figure_and_no_chart(store):
    page = page_of(store, minimum_calls=100)
    figures = page.rubrics[0].figures
    assert figures.withheld == "Figures are withheld: 24 of the 100 calls that a figure needs"
    assert figures.scores == ()
    assert not figures.weeks_chart.shown
    assert not figures.criteria_chart.shown
    assert list(agent_pictures(page)) == []
    html = agent_html(page)
    assert "<picture" not in html
    assert '<svg class="strip"' not in html
    assert "0%</b>" not in html
    assert "words a2 22" in html, "what was lost is shown however few the calls are"


def test_others_are_shown_only_where_they_are_many(tmp_path):
    figures = page_of(agent_store(tmp_path, others=7)).rubrics[0].figures
    assert all(row.others == "" for _, rows in figures.criteria for row in rows)
    assert "it needs 8 other agents" in figures.others


def test_the_shift_is_assessed_where_no_call_is_missing(store):
    assert page_of(store).rubrics[0].figures.shift.not_assessed
    shift = page_of(store, complete_log=True).rubrics[0].figures.shift
    assert [(row.title, row.numbers, row.calls) for row in shift.rows] == [
        ("First quarter", "calls 1 to 1", 6),
        ("Second quarter", "calls 2 to 2", 6),
        ("Third quarter", "calls 3 to 3", 6),
        ("Last quarter", "calls 4 to 4", 6),
    ]
    assert shift.facts == "Shifts: 6, the longest of 4 calls."


def test_a_hebrew_page_says_nothing_in_english(store):
    html = agent_html(page_of(store, "he", complete_log=True))
    quoted = "Name of a2|because|Thank the customer for something they did|service@1"
    left_out = rf"<(style|script|code|title)\b.*?</\1>|<q .*?</q>|{quoted}|<[^>]+>"
    text = re.sub(left_out, " ", html, flags=re.S)
    assert 'lang="he" dir="rtl"' in html
    assert re.findall(r"[A-Za-z]{3,}", text) == []


@pytest.mark.parametrize("code", ["en", "he"])
def test_pictures_are_the_same_bytes_again_and_tell_their_figures(store, code):
    page = page_of(store, code)
    pictures = list(agent_pictures(page))
    assert [one.name for one in pictures] == ["weeks", "criteria"]
    for one in pictures:
        svg = one.draw("svg")
        assert svg == one.draw("svg")
        root = ElementTree.fromstring(svg)
        described = root.find("{http://www.w3.org/2000/svg}desc").text
        assert "%" in described
        assert b"<text" not in svg, "letters are outlines: no font is needed"
        assert one.draw("png").startswith(b"\x89PNG")


def test_charts_hold_hostile_names_as_letters(store):
    page = page_of(store)
    figures = page.rubrics[0].figures
    weeks = msgspec.structs.replace(
        figures.weeks_chart, heading=HOSTILE, facts=HOSTILE * 40, series=(HOSTILE, "x" * 300),
        description=HOSTILE,
    )  # fmt: skip
    (title, points), *rest = figures.criteria_chart.categories
    hostile = tuple(msgspec.structs.replace(point, title=HOSTILE * 9) for point in points)
    criteria = msgspec.structs.replace(figures.criteria_chart, categories=((title, hostile), *rest))
    for svg in (agent_weeks(weeks, "svg", language("en")), agent_criteria(criteria, "svg", language("en"))):
        root = ElementTree.fromstring(svg)
        assert not [one for one in root.iter() if one.tag.endswith("script")]


def test_paper_leaves_nothing_folded(store):
    paper = pypdfium2.PdfDocument(agent_pdf(page_of(store)))
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    assert all(f"{AGENT}-{number:02d}" in text for number in range(1, 24, 3))


def test_weeks_are_joined_only_where_there_are_enough_of_them(store):
    chart = page_of(store).rubrics[0].figures.weeks_chart

    def lines(count):
        share = Strip(at=50.0, low=40.0, high=60.0)
        weeks = tuple(
            WeekPoint(label=f"10-{n:02d}", calls=9, shares=(share, None)) for n in range(1, count + 1)
        )
        svg = agent_weeks(msgspec.structs.replace(chart, weeks=weeks), "svg", language("en"))
        return len(re.findall(rb"stroke-opacity: 0\.55", svg))

    assert lines(4) == 0
    assert lines(5) == 1


def test_a_single_week_is_a_line_of_a_table_and_no_chart(tmp_path):
    page = page_of(agent_store(tmp_path, calls=8, others=0))
    (figures,) = (part.figures for part in page.rubrics)
    assert len(figures.weeks) == 1
    assert [one.name for one in agent_pictures(page)] == ["criteria"]
    assert "<picture" not in agent_html(page)


def test_what_is_not_known_has_no_place_on_a_scale(store):
    page = page_of(store, minimum_calls=20)
    chart = page.rubrics[0].figures.criteria_chart
    (_, (thanks,)), (_, (needs,)) = chart.categories
    assert thanks.share is not None
    assert (needs.share, needs.counted, needs.without) == (None, "18/18", "too few calls for a figure")
    lines = [
        agent_criteria(msgspec.structs.replace(chart, categories=shown), "svg", language("en")).count(
            b"#009e73"
        )
        for shown in ((), (chart.categories[1],), chart.categories)
    ]
    assert lines[0] == lines[1] < lines[2], "neither a mark nor a line where there is no figure"


def test_pictures_of_draft_words_say_so(tmp_path):
    store = agent_store(tmp_path, others=0)
    with open_store(store) as opened:
        for number in range(2):
            put(opened, call(f"draft-{number}", agent_id=AGENT, draft=True, findings=()))
    page = page_of(store, with_drafts=True)
    for chart in (page.rubrics[0].figures.weeks_chart, page.rubrics[0].figures.criteria_chart):
        assert "2 of the calls rest on draft words" in chart.facts


def test_what_was_not_scored_is_not_called_flawless(tmp_path):
    url = f"sqlite:///{tmp_path / 'unheard.db'}"
    unheard = [finding("thanks", Verdict.NOT_ASSESSED), finding("apology", Verdict.NOT_APPLICABLE)]
    with open_store(url) as opened:
        put(opened, *(call(f"u{n}", agent_id=AGENT, findings=tuple(unheard)) for n in range(6)))
    (part,) = page_of(url).rubrics
    assert part.nothing_lost == "Nothing was scored in these calls, so that nothing is said of points."
    assert "None was found" not in agent_html(page_of(url))


def test_days_are_said_not_to_bound_what_others_did(store):
    words = "others' figures, and the place among them, are over all days, not only over those of this page"
    assert words in dict(page_of(store, days=("2026-09-28", None)).facts).values()
    assert words not in dict(page_of(store).facts).values()
