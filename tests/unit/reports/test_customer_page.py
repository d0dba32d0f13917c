"""The page of a customer: what it says, what it leaves unsaid, and where the picture draws it."""

import msgspec
import pytest

from speechqa.assembly.customers import LogAsked
from speechqa.core.analysis import ContactReason, Signals
from speechqa.core.customers import Contact, CustomerHistory
from speechqa.protocols import CallFilter
from speechqa.reports.customers import STAGES
from speechqa.reports.language import language
from speechqa.reports.naming import page_name
from speechqa.reports.pages.customer import customer_html
from speechqa.reports.view.customer import STATES, customer_page
from speechqa.reports.view.customer_timeline import BEGAN, OUTCOMES, customer_timeline
from speechqa.reports.wording import of_the_way
from speechqa.scoring import contact_log, ledger
from speechqa.scoring.contact_log import ContactFacts, Gap, own_gaps, quiet_spells
from speechqa.store import open_store
from tests.support.customer_calls import TODAY, contact, customer_store, history_of, page_of
from tests.support.stores import put
from tests.support.told_sentences import untold

EN = language("en")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return customer_store(tmp_path_factory.mktemp("store"))


def test_promises_stand_by_what_came_of_them_with_the_words_of_both_calls(url):
    page = page_of(url)
    assert [one.kind for one in page.promises] == ["broken", "due", "day_unknown", "kept"]
    broken = page.promises[0]
    assert (broken.made.call, broken.made.said.text, broken.due) == ("c1", "i will refund you", "2026-03-04")
    assert [(one.call, one.day, one.said.text) for _, one in broken.later] == [
        ("c2", "2026-03-07", "no refund came")
    ]
    assert {kind: count for kind, _, count in page.promised} == {
        "broken": 1, "due": 1, "day_unknown": 1, "kept": 1,
    }  # fmt: skip


def test_a_quote_leads_to_its_second_where_the_call_has_a_page_and_nowhere_else(url):
    page = page_of(url)
    assert page.promises[0].made.link == f"{page_name('c1')}#t=83.2"
    assert page.promises[0].made.page == page_name("c1")
    (kept,) = [later for _, later in page.promises[-1].later]
    assert (kept.call, kept.link, kept.page, kept.said.when) == ("c4", "", "", "1:23.2")


def test_steps_are_told_with_their_words_and_the_stage_of_calls_up_to_a_day(url):
    page = page_of(url)
    assert page.stage == "Stage 2 of 5: thawing"
    assert TODAY in page.stage_of
    assert "never of a person" in page.stage_of
    assert [(one.day, one.before, one.after, one.said[0].said.text) for one in page.steps] == [
        ("2026-03-07", "1 settled", "2 thawing", "no refund came"),
        ("2026-03-10", "2 thawing", "3 against us", "i am looking at others"),
        ("2026-03-17", "3 against us", "2 thawing", "thank you, that is good"),
    ]


def test_without_a_complete_log_contacts_are_shown_and_nothing_that_a_missing_call_could_change(url):
    page = page_of(url, asked=LogAsked(TODAY))
    assert page.incomplete
    assert len(page.calls) == 5
    assert page.stage == ""
    assert (page.steps, page.change, page.repeat) == ((), (), ())
    assert "log of calls is complete" in page.stage_unknown
    assert page.change_unknown
    assert page.repeat_unknown
    assert {one.kind for one in page.promises} == {"not_assessed"}
    assert all("complete" in one.why for one in page.promises)
    html = customer_html(page)
    assert "--complete-log" in html
    assert 'class="stage"' not in html
    assert 'class="unassessed"' in html
    assert "Stage 1" not in html


def test_a_gap_is_told_hatched_and_leaves_no_stage(url):
    gap = Gap(first="2026-03-08", last="2026-03-09", why="2026-03-08 to 2026-03-09 are said to be missing")
    page = page_of(url, asked=LogAsked(TODAY, True, (gap,)))
    assert page.gaps == ("2026-03-08 to 2026-03-09 are said to be missing",)
    (drawn,) = page.timeline.gaps
    # Eighteen days from the second of the month on to noon and further, of which the gap is the 7th and 8th.
    assert (drawn.x, drawn.width) == (pytest.approx(100 * 6 / 19, 0.01), pytest.approx(100 * 2 / 19, 0.01))
    assert page.timeline.spans == ()
    assert [one.width for one in page.timeline.unassessed] == [100.0]
    assert [one.kind for one in page.promises] == ["broken", "not_assessed", "not_assessed", "kept"]


def test_the_picture_has_a_lane_for_whoever_called_and_steps_at_the_calls(url):
    picture = page_of(url).timeline
    assert [(lane.title, [mark.kind for mark in lane.marks]) for lane in picture.lanes] == [
        ("the customer called", ["unknown", "complaint_open", "complaint_open"]),
        ("we called", ["unknown"]),
        ("who called is not known", ["satisfied"]),
    ]
    marks = {mark.number: mark for lane in picture.lanes for mark in lane.marks}
    # The newest call is the first of the table; each step stands where its call does.
    assert [span.x for span in picture.spans][1:] == [marks[4].x, marks[3].x, marks[1].x]
    heights = {number: y for number, _, y in picture.levels}
    assert [span.y for span in picture.spans] == [heights[1], heights[2], heights[3], heights[2]]
    assert [span.rise for span in picture.spans] == [None, heights[1], heights[2], heights[3]]
    assert heights[5] < heights[1], "nearer to leaving is higher"
    last = picture.spans[-1]
    assert last.x + last.width == pytest.approx(100.0, abs=0.02)
    assert picture.unassessed == ()


def test_calls_after_the_day_that_was_asked_about_are_drawn_and_no_stage_is(url):
    picture = page_of(url, asked=LogAsked("2026-03-11", True)).timeline
    (later,) = picture.unassessed
    assert later.x == pytest.approx(100 * 10 / 16, 0.01)
    assert picture.spans[-1].x + picture.spans[-1].width == pytest.approx(later.x, abs=0.02)
    assert sum(len(lane.marks) for lane in picture.lanes) == 5


def _many(*days, **more):
    calls = tuple(
        Contact(call_id=f"m{number}", started_at=day, outcome="unknown", direction="inbound")
        for number, day in enumerate(days)
    )
    return CustomerHistory(customer_id="k", calls=calls, **more)


def test_calls_near_each_other_stand_in_rows_apart():
    picture = customer_timeline(
        _many("2026-01-01", "2026-01-02T09:00:00", "2026-01-02T10:00:00", "2026-12-31"), EN
    )
    marks = picture.lanes[0].marks
    assert len({mark.y for mark in marks[:3]}) == 3
    assert marks[3].y == marks[0].y
    assert picture.lanes[0].height > 3 * 20


@pytest.mark.parametrize(
    ("first", "last", "ticks"),
    [
        ("2026-03-02", "2026-03-02", ["2026-03-02"]),
        ("2026-03-02", "2026-03-20", ["2026-03-02", "2026-03-05"]),
        ("2026-03-02", "2026-12-20", ["2026-05", "2026-07"]),
        ("2026-01-01", "2026-12-20", ["2026-01", "2026-03"]),
        ("2019-12-02", "2026-12-20", ["2020-01", "2021-01"]),
    ],
)
def test_days_along_the_foot_are_few_and_round(first, last, ticks):
    found = [text for _, text in customer_timeline(_many(first, last), EN).ticks]
    assert found[: len(ticks)] == ticks
    assert len(found) <= 8


def test_a_call_without_a_day_is_counted_and_not_drawn():
    page = customer_page(_many("2026-01-01", "some day", None))
    assert page.undated == 2
    assert sum(len(lane.marks) for lane in page.timeline.lanes) == 1
    assert customer_page(_many(None)).timeline is None
    assert "not drawn: 1" in customer_html(customer_page(_many(None)))


def test_a_quote_that_shows_two_signs_is_shown_once(url):
    found = history_of(url)
    step = found.churn.steps[1]
    twice = msgspec.structs.replace(step, signs=(*step.signs, *step.signs))
    stage = msgspec.structs.replace(found.churn, steps=(twice,))
    (shown,) = customer_page(msgspec.structs.replace(found, churn=stage)).steps
    assert len(shown.said) == 1


def test_the_page_quotes_nothing_that_the_json_does_not_hold(url):
    found = history_of(url)
    told = msgspec.json.encode(found).decode()
    page = customer_page(found)
    quotes = [said.said.text for step in page.steps for said in step.said]
    quotes += [one.made.said.text for one in page.promises]
    quotes += [later.said.text for one in page.promises for _, later in one.later]
    assert len(quotes) == 9
    assert all(f'"{quote}"' in told for quote in quotes)
    assert all(step.why in told for step in page.steps)
    assert all(one.why in told for one in page.promises)
    assert f'"day":"{TODAY}"' in told


def test_names_from_outside_are_text(url):
    found = msgspec.structs.replace(history_of(url), customer_id='k"><script>alert(1)</script>')
    html = customer_html(customer_page(found))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_all_of_it_is_said_in_hebrew(url):
    hebrew = language("he")
    words = [*STAGES.values(), *STATES.values(), *BEGAN.values(), *OUTCOMES.values()]
    assert [word for word in words if hebrew.say(word) == word] == []
    page = page_of(url, "he")
    html = customer_html(page)
    assert '<html lang="he" dir="rtl">' in html
    assert page.stage == "שלב 2 מתוך 5: קשר מתרופף"
    for english in ("What the customer", "Not assessed", "Its day", "settled", "the customer"):
        assert english not in html.partition("<body>")[2]


def test_a_signal_of_several_kinds_is_said_in_hebrew_with_its_kind(url):
    kinds = {"contact_reason:billing": 1, "customer_type:angry": 2}
    page = customer_page(msgspec.structs.replace(history_of(url), signals=kinds), spoken=language("he"))
    assert [name for name, _ in page.signals] == ["סיבת הפנייה: חיוב וחשבונות", "בשיחה זו: כעס"]


def test_a_reason_that_no_list_knows_is_found_when_asked_for_and_shown_nowhere(tmp_path):
    address = f"sqlite:///{tmp_path / 'reasons.db'}"
    other, known = ContactReason(reason="other"), ContactReason(reason="billing")
    with open_store(address) as store:
        put(store, contact("a", "2026-03-02", contact_reason=other))
        put(store, contact("b", "2026-03-04", contact_reason=known))
        found = store.find(CallFilter(signal="contact_reason:other"))
        assert [one.call_id for one in found] == ["a"]
    history = history_of(address)
    assert {one.call_id: one.signals for one in history.calls} == {"a": (), "b": ("contact_reason:billing",)}
    assert dict(history.signals) == {"contact_reason:billing": 1}
    assert list(of_the_way(Signals(contact_reason=other))) == []
    assert [told for _, told, _ in of_the_way(Signals(contact_reason=known))] == ["billing"]


def test_whatever_leaves_a_customers_record_untold_is_told_in_hebrew(url):
    told = []
    facts = [
        ContactFacts(call_id="a b"),
        ContactFacts(call_id="c", day="2026-01-02", unheard="it could not be analysed"),
        ContactFacts(call_id="d", day="2026-01-02", unheard="its words are those of a draft engine"),
        ContactFacts(call_id="e", day="2026-01-03", unheard="what was said in it is not known"),
        ContactFacts(
            call_id="f", day="2026-01-03",
            unheard="it was judged before this was looked for; `speechqa rescore` judges it again",
        ),
    ]  # fmt: skip
    gaps = (*own_gaps(facts), *quiet_spells(["2026-01-01", "2026-02-01"], "2026-02-01"))
    assert len(gaps) == 8
    for gap in gaps:
        why = contact_log.missing_in((gap,), "2026-01-01", "2026-03-01")
        told += [gap.why, why, why[0].upper() + why[1:]]
    told += [contact_log.NOT_SAID, "2026-01-01 to 2026-01-02 are said to be missing"]
    told += [*ledger._SAYS.values(), ledger._SEVERAL, "The agent called after its day had passed"]
    for asked in (LogAsked(TODAY), LogAsked(TODAY, True), LogAsked("2026-04-20", True)):
        found = history_of(url, asked)
        told += [one.why for call in found.calls for one in call.promises]
        told += [found.churn.withheld, found.change.withheld, found.repeat.withheld]
        told += [step.why for step in found.churn.steps]
    told += ["The customer stays, and is satisfied", "The customer stays after all"]
    told += ["it is not known of every call who began it"]
    assert untold(filter(None, told)) == []
