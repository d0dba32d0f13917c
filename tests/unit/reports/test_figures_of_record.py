"""Lists of calls show what counts, with what the machine found beside it where a person decided otherwise."""

from speechqa.assembly.customers import outcome
from speechqa.assembly.of_record import with_record
from speechqa.core.finding import Tally, Verdict
from speechqa.protocols import CallSummary
from speechqa.reports.language import language
from speechqa.reports.tables import call_row
from speechqa.reports.view.batch_rows import row_view
from speechqa.store.projection import summary_of
from tests.support.stores import call, finding

ONE = CallSummary(
    call_id="c1",
    path=None,
    status="done",
    scores={"courtesy": Tally(earned=0, possible=10), "professionalism": Tally(earned=5, possible=5)},
    verdicts={"expectation_summary": "fail", "thanks": "pass"},
    record_scores={"courtesy": Tally(earned=10, possible=10)},
    record_verdicts={"expectation_summary": "pass"},
)


def test_the_page_over_calls():
    row = row_view(ONE, language("en"))
    assert row.scores == ("100% 10/10 (0% 0/10)", "100% 5/5")
    assert row.shares == (("100%", "10/10 (0% 0/10)"), ("100%", "5/5"))
    assert [verdict for verdict, _ in row.verdicts] == ["", "pass", "pass"]


def test_a_summary_with_its_document_of_record_beside_it():
    machine = call(findings=(finding("thanks", Verdict.FAIL, 0, 5), finding("greeting", Verdict.PASS, 5)))
    counted = call(findings=(finding("thanks", Verdict.PASS, 5, 5), finding("greeting", Verdict.PASS, 5)))
    both = with_record(summary_of(machine), counted)
    assert both.scores["courtesy"] == Tally(earned=5, possible=10)
    assert both.record_scores == {"courtesy": Tally(earned=10, possible=10)}
    assert both.record_verdicts == {"thanks": "pass"}
    assert with_record(summary_of(machine), machine) == summary_of(machine)


def test_a_table_of_calls():
    row = call_row(ONE)
    assert (row["score courtesy earned"], row["machine score courtesy earned"]) == (10, 0)
    assert (row["verdict expectation_summary"], row["machine verdict expectation_summary"]) == (
        "pass",
        "fail",
    )
    assert "machine score professionalism earned" not in row
    assert "machine verdict thanks" not in row


def test_how_a_call_ended_for_its_customer():
    assert outcome(ONE) == "agreed"
