"""`speechqa transcript`: every format, and words corrected by a person."""

import io
import json

import pytest

from speechqa.store import open_store
from speechqa.transcripts import parse


@pytest.fixture
def scored(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    return store


def correct(run, store, turn, text, *more):
    return run(
        "transcript", "lamp", "--correct", turn, "--text", text, "--by", "Dana Levi", "--reason", "heard it",
        "--store", store, *more,
    )  # fmt: skip


def document(run, store):
    return run("show", "lamp", "--json", "--store", store).lines[0]


@pytest.mark.parametrize("form", ["docx", "pdf", "html", "rttm", "textgrid", "txt", "json", "srt", "vtt"])
def test_every_format_is_written_into_a_file_and_never_over_one(run, scored, tmp_path, form):
    target = tmp_path / f"out.{form}"
    ran = run("transcript", "lamp", "--output", target, "--reason", "dispute 7", "--store", scored)
    assert ran.code == 0, ran.err
    content = target.read_bytes()
    assert content
    assert b"4111" not in content
    again = run("transcript", "lamp", "--output", target, "--store", scored)
    assert again.code == 2
    assert "--force" in again.err
    assert target.read_bytes() == content
    assert run("transcript", "lamp", "--output", target, "--force", "--store", scored).code == 0
    assert target.read_bytes() == content, "the same transcript is the same file"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    with open_store(scored) as opened:
        first = next(a for a in opened.accesses("lamp") if a.event == "transcript")
    assert (first.reason, first.details) == ("dispute 7", {"format": form})


def test_a_terminal_is_given_no_binary_format(run, scored, monkeypatch):
    monkeypatch.setattr("speechqa.cli.transcript._is_terminal", lambda: True)
    ran = run("transcript", "lamp", "--format", "pdf", "--store", scored)
    assert ran.code == 2
    assert "--output" in ran.err
    with open_store(scored) as opened:
        assert list(opened.accesses("lamp")) == []


def test_an_unknown_ending_and_a_folder_are_refused(run, scored, tmp_path):
    ran = run("transcript", "lamp", "--output", tmp_path / "a.xyz", "--store", scored)
    assert (ran.code, "textgrid" in ran.err) == (2, True)
    assert run("transcript", "lamp", "--format", "txt", "--output", tmp_path, "--store", scored).code == 2
    ran = run("transcript", "lamp", "--output", tmp_path / "no" / "a.txt", "--store", scored)
    assert ran.code == 7


def test_a_correction_is_shown_beside_the_machines_words_and_scores_again(run, scored):
    before = document(run, scored)
    ran = correct(run, scored, 9, "goodbye")
    assert ran.code == 0, ran.err
    after = document(run, scored)
    assert after["transcript"]["turns"][8]["text"] == "goodbye"
    (found,) = after["corrected_turns"]
    assert found["correction"]["machine"] == before["transcript"]["turns"][8]["text"]
    assert found["correction"]["by"] == "Dana Levi"
    verdicts = {f["criterion"]: f["verdict"] for f in after["findings"]}
    assert verdicts["thanks"] != {f["criterion"]: f["verdict"] for f in before["findings"]}["thanks"]
    assert "thanks: pass" in ran.out
    text = run("transcript", "lamp", "--store", scored).out
    assert "corrected by Dana Levi on" in text
    assert "the machine heard: thank you for being so patient" in text
    machine = run("transcript", "lamp", "--machine", "--store", scored).out
    assert "Dana Levi" not in machine
    assert ": thank you for being so patient with us goodbye\n" in machine
    with open_store(scored) as opened:
        assert [version.current for version in opened.history("lamp")] == [True, False]
        assert opened.get("lamp", version=1).transcript.turns[8].text.startswith("thank you")
        (entry,) = opened.notes("word_correction")
        assert (entry.actor, entry.call_id) == ("Dana Levi", "lamp")
        assert opened.broken() == ()
    parsed = parse(run("transcript", "lamp", "--format", "json", "--store", scored).out.encode()).transcript
    assert parsed.turns[8].text == "goodbye"
    vtt = run("transcript", "lamp", "--format", "vtt", "--store", scored).out
    assert "NOTE corrected by Dana Levi" in vtt
    assert parse(vtt.encode()).transcript.turns[8].text == "goodbye"
    grid = run("transcript", "lamp", "--format", "textgrid", "--store", scored).out
    assert "corrected by Dana Levi" in grid
    assert len(parse(grid.encode()).transcript.turns) == 10


def test_a_correction_outlasts_scoring_again_roles_and_rescoring(run, scored, transcript):
    correct(run, scored, 9, "goodbye")
    corrected = document(run, scored)
    again = run("score", transcript, "--json", "--store", scored).lines[0]
    assert again["transcript"] == corrected["transcript"]
    assert again["corrected_turns"] == corrected["corrected_turns"]
    assert again["findings"] == corrected["findings"]
    assert run("roles", "lamp", "--swap", "--store", scored).code == 0
    assert run("roles", "lamp", "--reset", "--store", scored).code == 0
    assert run("rescore", "lamp", "--force", "--store", scored).code == 0
    assert document(run, scored)["corrected_turns"] == corrected["corrected_turns"]
    assert document(run, scored)["findings"] == corrected["findings"]
    with open_store(scored) as opened:
        count = len(opened.history("lamp"))
        assert count >= 2


def test_going_back_to_the_machines_words(run, scored):
    before = document(run, scored)
    correct(run, scored, 9, "goodbye")
    correct(run, scored, 1, "hello")
    correct(run, scored, 9, "thank you goodbye")
    assert [f["turn"] for f in document(run, scored)["corrected_turns"]] == [0, 8]
    machine = document(run, scored)["corrected_turns"][1]["correction"]["machine"]
    assert machine == before["transcript"]["turns"][8]["text"], "the machine's, not the earlier correction's"
    back = ("transcript", "lamp", "--machine", "--reason", "it was right", "--store", scored, "--correct")
    assert run(*back, 9).code == 0
    assert run(*back, 1).code == 0
    after = document(run, scored)
    assert after["corrected_turns"] == []
    assert (after["findings"], after["transcript"]) == (before["findings"], before["transcript"])
    assert run(*back, 1).code == 2, "there is nothing to take back"
    with open_store(scored) as opened:
        assert len(list(opened.notes("word_correction"))) == 5


def test_a_corrected_text_is_masked_before_it_is_written_down(run, scored, tmp_path):
    ran = correct(run, scored, 2, "my card is 5500 0000 0000 0004 \x1b[31m thanks", "--json")
    assert ran.code == 0, ran.err
    assert "my card is [card] thanks" in ran.out
    for path in tmp_path.iterdir():
        if path.is_file():
            written = path.read_bytes()
            # Four digits alone stand in digests by chance.
            assert b"5500 0000" not in written
            assert b"55000000" not in written
    with open_store(scored) as opened:
        (entry,) = opened.notes("word_correction")
    assert json.loads(entry.body)["text"] == "my card is [card] thanks"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--correct", 99, "--text", "x", "--reason", "r"), "from 1 to 10"),
        (("--correct", 1, "--reason", "r"), "--text"),
        (("--correct", 1, "--text", "x", "--machine", "--reason", "r"), "both"),
        (("--correct", 1, "--text", "x"), "--reason"),
        (("--text", "x"), "--correct"),
        (("--correct", 1, "--text", "x", "--reason", "r", "--format", "pdf"), "--format"),
        (("--correct", 10, "--text", "bye", "--reason", "r"), "already"),
    ],
)
def test_what_cannot_be_corrected_is_said(run, scored, more, told):
    ran = run("transcript", "lamp", *more, "--store", scored)
    assert ran.code == 2
    assert told in ran.err
    with open_store(scored) as opened:
        assert list(opened.notes("word_correction")) == []


@pytest.mark.usefixtures("heard_once")
def test_an_audit_follows_a_correction_and_does_nothing_twice(run, store, hebrew_calls):
    first = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json")
    call = first.lines[0]["call_id"]
    ran = run(
        "transcript", call, "--correct", 1, "--text", "בוקר טוב", "--by", "דנה", "--reason", "כך נשמע",
        "--store", store, "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    second = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json")
    assert "Everything is done already" in second.err
    assert ran.lines[0] in second.lines
    other = run("audit", hebrew_calls, "--engine", "none", "--profile", "il", "--store", store, "--json")
    (again,) = [line for line in other.lines if line["call_id"] == call]
    assert again["transcript"] == ran.lines[0]["transcript"]
    assert again["findings"] == ran.lines[0]["findings"]
    assert again["corrected_turns"] == ran.lines[0]["corrected_turns"]


@pytest.mark.usefixtures("heard_once")
def test_a_hebrew_call_reads_right_to_left_in_word_and_page(run, store, hebrew_calls, tmp_path):
    import docx

    call = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json").lines[0]
    target = tmp_path / "call.docx"
    assert run("transcript", call["call_id"], "--output", target, "--store", store).code == 0
    written = docx.Document(io.BytesIO(target.read_bytes()))
    said = {paragraph.text: paragraph for paragraph in written.paragraphs}
    for turn in call["transcript"]["turns"]:
        assert turn["text"] in said
        xml = said[turn["text"]]._p.xml
        assert "<w:bidi/>" in xml
        assert "<w:rtl/>" in xml
    assert "NUMPAGES" in written.sections[0].footer._element.xml
    facts = [cell.text for row in written.tables[0].rows for cell in row.cells]
    assert call["recording"]["sha256"] in facts
    # Word takes the size of what runs right to left from a field of its own.
    agent = next(row.cells[1] for row in written.tables[0].rows if row.cells[0].text == "נציג")
    assert all("<w:szCs" in run._r.xml for run in agent.paragraphs[0].runs)
    page = run("transcript", call["call_id"], "--format", "html", "--store", store).out
    assert page.count('dir="auto"') == len(call["transcript"]["turns"])
