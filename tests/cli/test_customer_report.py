"""`speechqa report --customer`: from the command to the page, who is told of it, and what a purge takes."""

import json
import re

import pypdfium2
import pytest

from speechqa.errors import ReportError
from speechqa.reports.naming import customer_page_name, page_name
from speechqa.store import open_store
from tests.support.customer_calls import CUSTOMER, customer_store

PAGE = customer_page_name(CUSTOMER)
WHOLE = ("--complete-log", "--day", "2026-03-20")


def asked(store, out, *more):
    return ("report", "--customer", CUSTOMER, "--audio", "none", "--out", out, "--store", store, *more)


def test_a_customers_report_holds_their_page_and_their_calls(run, tmp_path):
    store, out = customer_store(tmp_path), tmp_path / "out"
    ran = run(*asked(store, out, *WHOLE, "--format", "html,pdf", "--by", "Dana", "--reason", "call back"))
    assert ran.code == 0, ran.err
    assert f"Report: {out / PAGE}" in ran.err
    html = (out / PAGE).read_text("utf-8")
    linked = set(re.findall(r'href="(call-[^"#]+)', html))
    assert linked == {page_name(f"c{number}") for number in range(1, 6)}
    assert all((out / name).exists() for name in linked)
    assert f'<a href="{PAGE}">' in (out / page_name("c1")).read_text("utf-8")
    assert "Stage 2 of 5: thawing" in html
    assert "other 2026" not in html, "nobody else's calls"
    paper = pypdfium2.PdfDocument(out / PAGE.replace(".html", ".pdf"))
    words = "\n".join(page.get_textpage().get_text_range() for page in paper)
    for said in ("Stage 2 of 5", "no refund came", "i call as i promised", "the customer called"):
        assert said in words
    with open_store(store) as opened:
        seen = [one for one in opened.accesses() if one.event == "report"]
    assert {one.actor for one in seen} == {"Dana"}
    # The page as a whole, and each call twice: its words stand in that page and in its own.
    assert sorted(str(one.call_id) for one in seen) == sorted(
        ["None", *(f"c{number}" for number in range(1, 6)), *(f"c{number}" for number in range(1, 6))]
    )


def test_it_says_what_the_json_says(run, tmp_path):
    store, out = customer_store(tmp_path), tmp_path / "out"
    gap = ("--gap", "2026-03-08..2026-03-09")
    assert run(*asked(store, out, *WHOLE, *gap)).code == 0
    found = run("customers", CUSTOMER, *WHOLE, *gap, "--json", "--store", store).lines[0]
    html = (out / PAGE).read_text("utf-8")
    assert found["gaps"] == ["2026-03-08 to 2026-03-09 are said to be missing"]
    assert (found["gap_days"], found["day"]) == ([["2026-03-08", "2026-03-09"]], "2026-03-20")
    assert found["churn"]["withheld"] in html
    for call in found["calls"]:
        for one in call["promises"]:
            assert one["what"] in html


def test_without_a_complete_log_it_says_what_needs_one(run, tmp_path):
    store, out = customer_store(tmp_path), tmp_path / "out"
    assert run(*asked(store, out)).code == 0
    html = (out / PAGE).read_text("utf-8")
    assert "makes this page with --complete-log" in html
    assert "Stage" not in re.sub(r"<dt>Stages</dt>", "", html.partition("<body>")[2])


def test_what_has_not_changed_is_not_made_again(run, tmp_path):
    store, out = customer_store(tmp_path), tmp_path / "out"
    run(*asked(store, out, *WHOLE))
    again = [json.loads(line) for line in run(*asked(store, out, *WHOLE, "--json")).out.splitlines()]
    assert {one["state"] for one in again} == {"unchanged"}
    other = run(*asked(store, out, "--complete-log", "--day", "2026-03-16", "--json")).lines
    assert {one["kind"] for one in other if one["state"] == "made"} == {"customer"}


def test_a_purge_of_any_call_takes_the_page_and_the_paper(run, tmp_path):
    store, out = customer_store(tmp_path), tmp_path / "out"
    run(*asked(store, out, *WHOLE, "--format", "html,pdf"))
    paper = out / PAGE.replace(".html", ".pdf")
    assert paper.exists()
    ran = run("purge", "c2", "--yes", "--by", "Ruth", "--reason", "asked for", "--store", store)
    assert ran.code == 0, ran.err
    assert not (out / PAGE).exists()
    assert not paper.exists()
    assert not (out / page_name("c2")).exists()
    assert (out / page_name("c1")).exists()
    assert not any("no refund came" in file.read_text("utf-8", "replace") for file in out.iterdir())


@pytest.mark.parametrize("ended", [ReportError("no room"), KeyboardInterrupt()])
@pytest.mark.parametrize("again", [False, True])
def test_a_purge_takes_also_a_page_that_was_not_made_to_its_end(run, tmp_path, monkeypatch, ended, again):
    store, out = customer_store(tmp_path), tmp_path / "out"
    if again:
        assert run(*asked(store, out, "--format", "html,pdf")).code == 0

    def fails(_):
        raise ended

    monkeypatch.setattr("speechqa.reports.print.customer.customer_pdf", fails)
    assert run(*asked(store, out, *WHOLE, "--format", "html,pdf")).code != 0
    assert "no refund came" in (out / PAGE).read_text("utf-8")
    ran = run("purge", "c2", "--yes", "--by", "Ruth", "--reason", "asked for", "--store", store)
    assert ran.code == 0, ran.err
    assert not (out / PAGE).exists()
    assert not (out / PAGE.replace(".html", ".pdf")).exists()


def test_what_a_failed_page_left_goes_with_the_next_that_has_no_place_for_it(run, tmp_path, monkeypatch):
    from speechqa.assembly.reporting.folder import ReportFolder

    store, out = customer_store(tmp_path), tmp_path / "out"
    paper = out / PAGE.replace(".html", ".pdf")
    with monkeypatch.context() as patched:
        patched.setattr(ReportFolder, "account", lambda *_, **__: (_ for _ in ()).throw(ReportError("gone")))
        assert run(*asked(store, out, *WHOLE, "--format", "html,pdf")).code != 0
    assert paper.exists()
    assert run(*asked(store, out, *WHOLE)).code == 0
    assert not paper.exists()
    assert (out / PAGE).exists()


def test_a_lost_call_is_named_and_leaves_what_it_could_change(run, tmp_path):
    store, out = customer_store(tmp_path, failed=True), tmp_path / "out"
    assert run(*asked(store, out, *WHOLE)).code == 0
    html = (out / PAGE).read_text("utf-8")
    assert "call lost: it could not be analysed" in html.lower()
    assert "could not be analysed</td>" in html


@pytest.mark.parametrize(
    "more",
    [
        ("--customer", "k1", "--from", "2026-03-01"),
        ("--customer", "k1", "--agent", "a1"),
        ("--customer", "k1", "--gap", "2026-03-01"),
        ("--customer", "k1", "--batch", "--complete-log", "--gap", "2026-03-01"),
        ("--agent", "a1", "--day", "2026-03-01"),
        ("--customer", "k1", "--day", "soon"),
        ("--customer", "k99"),
    ],
)
def test_what_cannot_be_asked_for(run, tmp_path, more):
    store, out = customer_store(tmp_path), tmp_path / "out"
    ran = run("report", *more, "--out", out, "--store", store)
    assert ran.code == 2
    assert not out.exists()
