from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.errors import ManifestError
from speechqa.ingest.manifest import BadRow, read_manifest
from speechqa.ingest.rows import ManifestRow


def rows(folder: Path, content: str | bytes, name: str = "m.csv") -> list[ManifestRow | BadRow]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(read_manifest(str(path)))


def good(read: list[ManifestRow | BadRow]) -> list[ManifestRow]:
    assert all(isinstance(row, ManifestRow) for row in read), read
    return [row for row in read if isinstance(row, ManifestRow)]


FULL = (
    "file,call_id,agent_id,agent_name,team,customer_id,started_at,direction,queue_wait_s,transfers,"
    "agent_channel,agent_offset_s,language,campaign\n"
    "a.wav,c1,a7,דנה לוי,T1,k3,2026-11-20T09:14:00+02:00,inbound,12.5,1,0,-0.2,HE,autumn\n"
)


def test_all_columns(tmp_path: Path) -> None:
    (row,) = good(rows(tmp_path, FULL))
    assert (row.line, row.files, row.call_id) == (2, (("file", "a.wav"),), "c1")
    assert (row.agent_channel, row.agent_offset_s, row.language) == (0, -0.2, "he")
    meta = row.metadata
    assert (meta.agent_id, meta.agent_name, meta.team, meta.customer_id) == ("a7", "דנה לוי", "T1", "k3")
    assert (meta.started_at, meta.direction) == ("2026-11-20T09:14:00+02:00", "inbound")
    assert (meta.queue_wait_s, meta.transfers, dict(meta.tags)) == (12.5, 1, {"campaign": "autumn"})


@pytest.mark.parametrize(
    "content",
    [
        FULL.encode("utf-8-sig"),
        FULL.encode("utf-16"),
        FULL.replace(",", ";").encode(),
        FULL.replace(",", "\t").encode(),
        FULL.replace("\n", "\r\n").encode(),
        FULL.replace("a7", '"a7"').replace("agent_id", '"Agent ID"').encode(),
    ],
    ids=["bom", "utf-16", "semicolon", "tab", "crlf", "quotes"],
)
def test_dialects(content: bytes, tmp_path: Path) -> None:
    (row,) = good(rows(tmp_path, content))
    assert (row.metadata.agent_id, row.metadata.agent_name) == ("a7", "דנה לוי")


def test_quoted_line_ends_stay_in_a_tag_and_lines_are_counted(tmp_path: Path) -> None:
    read = rows(tmp_path, 'file,note\na.wav,"one\ntwo"\n\nb.wav,x\nc.wav,y,z\n')
    assert [row.line for row in read] == [2, 5, 6]
    assert isinstance(read[0], ManifestRow)
    assert read[0].metadata.tags["note"] == "one\ntwo"
    assert isinstance(read[2], BadRow)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("agent_channel", "left"),
        ("agent_channel", "-1"),
        ("agent_channel", "99"),
        ("agent_channel", "²"),
        ("agent_offset_s", "nan"),
        ("agent_offset_s", "inf"),
        ("agent_offset_s", "2,08"),
        ("agent_offset_s", "1e99"),
        ("queue_wait_s", "-1"),
        ("transfers", "1.5"),
        ("language", "fr"),
        ("started_at", "yesterday"),
        ("started_at", "20/11/2026"),
        ("call_id", "a\x07b"),
        ("agent_id", "x" * 301),
    ],
)
def test_a_bad_value_names_file_line_column_found_and_expected(
    column: str, value: str, tmp_path: Path
) -> None:
    (bad, fine) = rows(tmp_path, f'file,{column}\na.wav,"{value}"\nb.wav,\n')
    assert isinstance(fine, ManifestRow)
    assert isinstance(bad, BadRow)
    assert bad.path == "a.wav"
    assert "m.csv, line 2" in (bad.error.where or "")
    assert column in (bad.error.where or "")
    assert bad.error.found
    assert bad.error.expected


def test_rows_must_name_their_recording_in_one_way(tmp_path: Path) -> None:
    header = "file,agent_file,customer_file,call_id\n"
    read = rows(tmp_path, header + ",,,c1\nx.wav,y.wav,,c2\n,y.wav,z.wav,c3\n,y.wav,,c4\n")
    assert [type(row) for row in read] == [BadRow, BadRow, ManifestRow, ManifestRow]


@pytest.mark.parametrize("header", ["", "agent_id,team", "file,file", "file,File", "\0"])
def test_a_header_that_makes_no_manifest_is_an_error(header: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        rows(tmp_path, header + "\na,b\n")


def test_another_encoding_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="UTF-8"):
        rows(tmp_path, FULL.encode("cp1255"))


def test_an_open_quote_is_a_bad_row(tmp_path: Path) -> None:
    read = rows(tmp_path, 'file,call_id\na.wav,c1\nb.wav,"c2\nc.wav,c3\n')
    assert [type(row) for row in read] == [ManifestRow, BadRow]


def test_json_lines(tmp_path: Path) -> None:
    read = rows(
        tmp_path,
        '\ufeff{"file": "a.wav", "agent_channel": 1, "queue_wait_s": 3.5, "extra": {"a": [1]},'
        ' "team": null}\n'
        "\n"
        '{"file": "b.wav", "agent_channel": true}\n'
        "[1]\n"
        "{not json}\n"
        '{"file": "c\u2028.wav"}\n',
        "m.jsonl",
    )
    assert [type(row) for row in read] == [ManifestRow, BadRow, BadRow, BadRow, ManifestRow]
    first = read[0]
    assert isinstance(first, ManifestRow)
    assert (first.agent_channel, first.metadata.queue_wait_s, first.metadata.team) == (1, 3.5, None)
    assert first.metadata.tags == {"extra": '{"a":[1]}'}
    assert [row.line for row in read] == [1, 3, 4, 5, 6]


def test_an_endless_line_is_a_bad_row(tmp_path: Path) -> None:
    read = rows(tmp_path, '{"file": "' + "x" * 3_000_000 + '"}\n{"file": "b.wav"}\n', "m.jsonl")
    assert [type(row) for row in read] == [BadRow, ManifestRow]


@settings(max_examples=150)
@given(content=st.binary(max_size=300), name=st.sampled_from(["m.csv", "m.jsonl"]))
def test_no_bytes_break_the_reader(
    content: bytes, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    prefix = b"file,call_id\n" if name == "m.csv" else b""
    try:
        for row in rows(folder, prefix + content, name):
            if isinstance(row, BadRow):
                str(row.error).encode("utf-8")
    except ManifestError:
        pass


def test_a_quote_never_closed_ends_the_manifest_with_one_bad_row(tmp_path: Path) -> None:
    read = rows(tmp_path, 'file,note\na.wav,x\nb.wav,"' + "n\n" * 200_000 + "c.wav,y\n")
    assert [type(row) for row in read] == [ManifestRow, BadRow]
    assert isinstance(read[1], BadRow)
    assert "line 3" in read[1].error.message


def test_a_long_cell_on_one_line_costs_its_row_only(tmp_path: Path) -> None:
    read = rows(tmp_path, "file,note\na.wav," + "n" * 300_000 + "\nb.wav,y\n")
    assert [type(row) for row in read] == [BadRow, ManifestRow]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "m.csv"
    os.mkfifo(pipe)
    with pytest.raises(ManifestError, match="regular file"):
        list(read_manifest(str(pipe)))
