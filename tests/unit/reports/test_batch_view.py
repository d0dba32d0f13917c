"""What the page over calls says: figures with what they rest on, unknown apart, nothing of nobody."""

from __future__ import annotations

import json
import re

import pytest

from speechqa.core.dispute import Dispute
from speechqa.core.finding import Tally, Verdict
from speechqa.reports.language import language
from speechqa.reports.pages.batch import batch_html, table_data
from speechqa.reports.view.batch import batch_page
from speechqa.reports.view.batch_facts import PromiseDue, Unassessed, Waiting
from speechqa.scoring.disputes import DisputeRecord
from tests.support.batches import facts_of, failed, line

SCORES = {"courtesy": Tally(earned=5, possible=10)}


def page(lines, code="en", **more):
    """What is shown of these calls."""
    return batch_page(facts_of(lines, **more), language=language(code))


def test_the_headline_says_what_figures_rest_on():
    lines = [line(n, scores=SCORES, verdicts={"thanks": v}) for n, v in enumerate(("pass", "not_assessed"))]
    shown = page([*lines, line(2, scores={}, verdicts={"thanks": "not_applicable"}), failed(0)])
    assert shown.heading == "4 calls"
    assert shown.notices == ("1 call could not be analysed.",)
    numbers = {one.title: (one.value, one.detail) for one in shown.numbers}
    assert numbers["Courtesy"] == ("50%", "10/20 · 9 to 91% · 2 calls")
    assert numbers["Professionalism"] == ("–", "nothing was scored")
    assert numbers["Verdicts that could be given"] == ("50%", "1 of 2; 1 did not apply")
    assert shown.spreads[0].without == "1 call has no score: nothing could be scored."


def test_nothing_is_claimed_of_nothing():
    shown = page([failed(n) for n in range(3)])
    assert [one.value for one in shown.numbers] == ["–"] * 4
    assert [one.detail for one in shown.numbers] == [*["nothing was scored"] * 2, "", "not assessed"]
    assert (shown.spreads, shown.criteria, shown.agents, shown.listen, shown.risks) == ((),) * 5
    assert batch_html(shown).count("<h2") == 2, "failures, all calls"


def test_draft_words_are_told_of_everywhere():
    lines = [line(n, draft=True, scores=SCORES, agent_id="a1", verdicts={"thanks": "fail"}) for n in range(6)]
    shown = page(lines)
    assert shown.draft.startswith("6 calls were transcribed by a draft engine")
    assert shown.agents_note.endswith("Calls with draft words are left out.")
    assert shown.few_agents == ("Agent 5 (0, 6 more in draft words left out)",)
    assert shown.criteria[0].drafts == "6/6"
    assert shown.spreads[0].drafts
    assert (shown.numbers[0].value, shown.numbers[0].detail) == (
        "–", "scored in draft words alone, which are left out",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "told"), [(20.0, "0:20 in all"), (3599.0, "59:59 in all"), (5400.0, "1.5 hours")]
)
def test_less_than_an_hour_is_told_in_minutes(seconds, told):
    assert told in page([line(0, duration=seconds)]).summary


def test_criteria_come_by_how_surely_they_fail():
    verdicts = {
        "once": ["fail"],
        "often": ["fail"] * 30 + ["pass"] * 10,
        "rarely": ["fail"] + ["pass"] * 39,
        "never": ["not_assessed"] * 40,
    }
    lines = [
        line(n, verdicts={name: each[n] for name, each in verdicts.items() if n < len(each)})
        for n in range(40)
    ]
    shown = page(lines).criteria
    assert [one.id for one in shown] == ["often", "rarely", "once", "never"]
    assert (shown[0].failed.percent, shown[0].failed.counted, shown[0].failed.between) == (
        "75%", "30/40", "60 to 86%",
    )  # fmt: skip
    once = shown[2].failed
    assert (once.percent, once.counted, once.withheld) == ("", "1/1", "too few calls for a figure")
    assert once.strip is None, "one call says nothing of others"
    assert "too few calls for a figure" in batch_html(page(lines))
    assert (shown[3].failed.percent, shown[3].not_assessed) == ("–", 40)


def test_of_criteria_with_few_calls_those_that_failed_all_come_first():
    verdicts = {"half": "ffpp", "all": "ff", "most": "ffp", "none": "p", "unknown": "?"}
    words = {"f": "fail", "p": "pass", "?": "not_assessed"}
    lines = [
        line(n, verdicts={name: words[each[n]] for name, each in verdicts.items() if n < len(each)})
        for n in range(4)
    ]
    shown = page(lines).criteria
    assert [(one.id, one.failed.counted) for one in shown] == [
        ("half", "2/4"), ("all", "2/2"), ("most", "2/3"), ("none", "0/1"), ("unknown", ""),
    ]  # fmt: skip


def test_agents_with_too_few_calls_are_named_and_others_in_the_order_of_names():
    lines = [line(n, agent_id=f"a{n % 3}", agent_name=f"Agent {(10, 9, 2)[n % 3]}") for n in range(18)]
    shown = page([*lines, line(90, agent_id="few", agent_name=None), line(91, agent_id=None)])
    assert [(one.name, one.calls) for one in shown.agents] == [
        ("Agent 2", 6),
        ("Agent 9", 6),
        ("Agent 10", 6),
    ]
    assert shown.few_agents == ("few (1)",)
    assert "1 call of nobody known" in shown.summary


def test_an_agent_leads_to_their_page_where_there_is_one_and_else_to_their_calls():
    lines = [line(n, agent_id=f"a {n % 2}") for n in range(12)]
    shown = batch_page(facts_of(lines), agent_pages=("a 1",))
    assert [one.link.startswith("agent-a-1-") for one in shown.agents] == [False, True]
    assert 'href="#calls&amp;agent=a%200"' in batch_html(shown)


def test_what_waits_for_somebody():
    dispute = DisputeRecord(
        number=3, at="2026-11-01T00:00:00Z", by="a1", call_id="c00001", identity="i", days_left=-1,
        dispute=Dispute(
            criterion="thanks", verdict=Verdict.FAIL, reason="verdict_wrong", comment="no",
            deadline="2026-11-15", run_id="r",
        ),
    )  # fmt: skip
    promised = PromiseDue(
        call_id="c00000",
        who="agent",
        what="מחר בעשר",
        by_when="מחר בעשר",
        due="2026-11-25",
        past=False,
        start=3.0,
    )
    shown = page(
        [line(0), line(1)],
        waiting=(Waiting(call_id="c00000", criterion="no_insult"),),
        waiting_count=9,
        disputes=(dispute,),
        disputes_count=1,
        promises=(promised,),
        promises_due=1,
        promises_past=4,
    )
    assert (shown.waiting[0].criterion, shown.waiting_more) == ("no insult", 8)
    assert (shown.disputes[0].about, shown.disputes[0].overdue) == (
        "number 3, by a1 · overdue by 1 day",
        True,
    )
    assert (shown.promises[0].direction, shown.promises[0].by_when, shown.promises_more) == ("rtl", "", 4)


def test_failures_with_what_to_do():
    shown = page([failed(1)], hints={"x00001": "Check the file"})
    (one,) = shown.failures
    assert (one.reason, one.hint) == ("the file is empty", "Check the file")
    assert one.path == "/calls/x00001.wav"


def test_why_verdicts_could_not_be_given():
    why = Unassessed(verdicts=3, calls=1, reason="The transcript stops before a closing")
    shown = page([line(0)], unassessed=(why,), unassessed_calls=1)
    assert shown.causes[0].count == "3 verdicts, 1 call"
    assert shown.causes_note == "1 call was looked into for reasons."


@pytest.mark.parametrize(
    ("languages", "code"),
    [(["he", "he", "en"], "he"), (["he", "en"], "en"), ([None, "he"], "he"), ([None], "en")],
)
def test_the_page_is_in_the_language_of_most_calls(languages, code):
    lines = [line(n, language=spoken) for n, spoken in enumerate(languages)]
    assert batch_page(facts_of(lines)).language.code == code


def test_in_hebrew_nothing_is_left_in_english():
    lines = [line(n, agent_name="נועה", team="דרום", draft=n == 3) for n in range(12)]
    shown = batch_html(page([*lines, failed(0)], "he"))
    text = re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", shown, flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z]{4,}", text))
    assert words <= {"calls", "file", "empty", "thanks"}, words


def test_the_data_of_the_table_cannot_leave_their_script():
    nasty = "</script><script>x()</script><!-- ]]>"
    shown = page([line(0, agent_name=nasty, listen_to=nasty), line(1, agent_name=nasty)])
    (held,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', batch_html(shown), re.DOTALL
    )
    assert json.loads(held) == json.loads(json.dumps(table_data(shown)))
    assert "<" not in held


def test_texts_that_come_again_are_held_once():
    data = table_data(page([line(n) for n in range(400)]))
    assert len(data["texts"]) == len({*data["texts"]}) < 100
    assert {row[-2] for row in data["rows"]} == {0}
