"""The file of the organisation's incidents: what is read of it, and how a faulty one is told."""

from __future__ import annotations

import pytest

from speechqa.core.incidents import EXCUSES
from speechqa.errors import IncidentsError
from speechqa.ingest.incidents import MAX_BYTES, read_incidents

CRITERIA = {
    "solution_offered": "professionalism",
    "greeting": "courtesy",
    "hold_etiquette": "professionalism",
}
HEAD = "id,kind,from,to,what,queues,teams,excuses\n"
ROW = "down,outage,2026-11-03T09:10+02:00,2026-11-03T11:45+02:00,The billing system did not answer,,,\n"


def read(folder, content):
    path = folder / "incidents.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_incidents(path, CRITERIA)


def test_incidents_come_in_order_of_time_with_what_their_kind_excuses(tmp_path):
    late = "slow,queue,2026-11-04T09:00Z,2026-11-04T10:00Z,All lines were busy,sales | billing,north,\n"
    late += "tool,other,2026-11-02T09:00Z,2026-11-02T10:00Z,No map,,,hold_etiquette|solution_offered\n"
    found = read(tmp_path, HEAD + ROW + late)
    assert [one.id for one in found] == ["tool", "down", "slow"]
    assert found[0].excuses == ("hold_etiquette", "solution_offered")
    assert found[1].excuses == EXCUSES["outage"]
    assert (found[2].queues, found[2].teams) == (("sales", "billing"), ("north",))
    assert found[1].start == "2026-11-03T09:10:00+02:00"


def test_what_spreadsheets_write_is_read(tmp_path):
    as_german = (HEAD + ROW).replace(",", ";").replace("\n", "\r\n")
    assert len(read(tmp_path, as_german.encode("utf-8-sig"))) == 1
    assert len(read(tmp_path, (HEAD + ROW).replace(",", "\t").encode("utf-16"))) == 1
    assert len(read(tmp_path, HEAD + "\n" + ROW + ",,,,,,,\n\n")) == 1
    assert read(tmp_path, HEAD) == ()
    quoted = ROW.replace("The billing system did not answer", '"המערכת נפלה, שוב"')
    assert read(tmp_path, HEAD + quoted)[0].what == "המערכת נפלה, שוב"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("down,", ",", "id"),
        ("down,", "a b,", "id"),
        ("outage", "fire", "kind"),
        ("2026-11-03T09:10+02:00", "2026-11-03T09:10", "from"),
        ("2026-11-03T09:10+02:00", "2026-11-03", "from"),
        ("2026-11-03T09:10+02:00", "yesterday", "from"),
        ("2026-11-03T11:45+02:00", "2026-11-03T09:10+02:00", "to"),
        ("2026-11-03T11:45+02:00", "99999-11-03T09:10+02:00", "to"),
        ("The billing system did not answer", "", "what"),
        ("The billing system did not answer", "x" * 301, "what"),
        ("The billing system did not answer", "a\x1b[2J", "what"),
        (",,,\n", ",,,greeting\n", "excuses"),
        (",,,\n", ",,,solution_ofered\n", "excuses"),
        ("outage", "other", "excuses"),
        (",,,\n", "," + "|".join("abcdefghij" * 6 + str(n) for n in range(51)) + ",,\n", "queues"),
        (",,,\n", ",,,,more\n", "row"),
    ],
)
def test_a_fault_is_told_with_line_column_and_what_was_expected(tmp_path, old, new, column):
    assert old in ROW
    fine = ROW.replace("down", "fine")
    with pytest.raises(IncidentsError) as caught:
        read(tmp_path, HEAD + fine + ROW.replace(old, new))
    error = caught.value
    assert f"incidents.csv, line 3, column {column}" in error.where
    assert error.found
    assert error.expected
    assert error.exit_code == 3
    assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "lack a column"),
        ("id,kind\n", "lack a column"),
        (HEAD.replace("teams", "colour"), "not known"),
        (HEAD.replace("teams", "queues"), "twice"),
        (HEAD + ROW + ROW, "one id"),
        (HEAD + 'a,"outage\n' + ROW, "cannot be read"),
        (b"\xff\x00\xff", "UTF-8"),
        ((HEAD + ROW).encode("latin-1") + b"\xe9", "UTF-8"),
        (b"x" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, content, said):
    with pytest.raises(IncidentsError, match=said):
        read(tmp_path, content)


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(IncidentsError, match="no such file"):
            read_incidents(path, CRITERIA)


def test_of_several_faults_the_first_is_told_and_the_others_counted(tmp_path):
    with pytest.raises(IncidentsError, match="2 more"):
        read(tmp_path, HEAD + "".join(ROW.replace("outage", kind) for kind in ("a", "b", "c")))


def test_marks_of_direction_are_left_out_of_what_it_was(tmp_path):
    marked = ROW.replace("The billing system did not answer", "\u200fמערכת החיוב נפלה\u200e\u200f")
    assert read(tmp_path, HEAD + marked)[0].what == "מערכת החיוב נפלה"
    for other in ("\u202eab", "\u200f", "a\x07b", "a\u2066b"):
        with pytest.raises(IncidentsError):
            read(tmp_path, HEAD + ROW.replace("The billing system did not answer", other))
