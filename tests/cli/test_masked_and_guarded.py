"""What is said of arguments, accidents and people: masked, no command to a terminal, its owner's alone."""

from __future__ import annotations

import os
import pty
import stat
import sys
import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest

from speechqa.assembly.disputes import open_dispute, resolve_dispute
from speechqa.assembly.own_view import OwnAsked, own_view
from speechqa.assembly.reviews import ReviewRow, record_reviews
from speechqa.cli import app as program
from speechqa.cli import audit
from speechqa.cli.console import open_streams
from speechqa.core.finding import Verdict
from speechqa.errors import UsageError
from speechqa.store import open_store
from tests.support.stores import call, finding, put

CARD = "4111 1111 1111 1111"
NAMED = f"Dana {CARD}"


@pytest.mark.parametrize(
    "command",
    [("calls", "--sort", CARD), ("score", "a.json", "--language", CARD), ("review", CARD), (CARD,)],
)
def test_an_argument_that_is_wrong_is_quoted_without_its_numbers(run, command):
    ran = run(*command)
    assert ran.code == 2
    assert "4111" not in ran.err
    assert "[card]" in ran.err


def test_an_accident_is_told_by_its_place_and_kind_and_not_by_what_a_call_holds(run, store, monkeypatch):
    def broken(*_, **__):
        secret = f"my card is {CARD}, and\x1b[K"
        raise ValueError(secret)

    monkeypatch.setattr("speechqa.core.codec.json_schema", broken)
    ran = run("schema")
    assert ran.code == program.CRASHED
    assert "4111" not in ran.err + ran.out
    assert "ValueError: my card is [card], and\\x1b[K" in ran.err
    assert "cli/show.py:" in ran.err
    assert "secret" not in ran.err, "no line of code, which may hold what is worked on"


def test_an_error_of_a_thread_or_of_what_is_thrown_away_is_told_without_values_too(run, monkeypatch):
    class Kept:
        def __del__(self):
            raise ValueError(f"thrown away with {CARD}")

    def broken():
        raise ValueError(f"in a thread: {CARD}")

    def schema():
        Kept()
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        return b"{}"

    before = threading.excepthook, sys.unraisablehook
    monkeypatch.setattr("speechqa.core.codec.json_schema", schema)
    ran = run("schema")
    assert "4111" not in ran.err
    assert "raise" not in ran.err, "no line of code"
    assert "ValueError: thrown away with [card]" in ran.err
    assert "ValueError: in a thread: [card]" in ran.err
    assert (threading.excepthook, sys.unraisablehook) == before


def test_a_name_is_masked_wherever_it_is_written_down(store):
    with open_store(store) as opened:
        opened.log("looked", actor=NAMED, reason=f"asked of {CARD}")
        opened.note("saved_filter", {"name": "n"}, actor=NAMED)
        (seen,) = opened.accesses()
        (noted,) = opened.notes()
    assert (seen.actor, seen.reason, noted.actor) == ("Dana [card]", "asked of [card]", "Dana [card]")


def test_who_is_masked_is_still_the_same_person(run, store):
    """Nobody judges blind what they saw, and nobody resolves their own dispute, by a name like a number."""
    agent = "123456782"
    lost = finding("thanks", Verdict.FAIL, 0, 5)
    with open_store(store) as opened:
        put(opened, call("c1", agent_id=agent, started_at="2026-10-05", findings=(lost,)))
        row = ReviewRow(call="c1", criterion="thanks", verdict="fail", comment="no")
        with pytest.raises(UsageError, match="Nobody reviews their own"):
            record_reviews(opened, [row], by=agent)
        record_reviews(opened, [row], by=NAMED)
        blind = ReviewRow(call="c1", criterion="thanks", verdict="pass", comment="no", blind=True)
        with pytest.raises(UsageError, match="blind only before"):
            record_reviews(opened, [blind], by=NAMED)
        one = open_dispute(
            opened, "c1", criterion="thanks", reason="verdict_wrong", comment="I did", by=agent
        )
        assert one.by == "[id]"
        for who in (agent, NAMED):
            with pytest.raises(UsageError, match=r"Nobody resolves|another person"):
                resolve_dispute(
                    opened, one.number, outcome="changed", verdict=Verdict.PASS, comment="so", by=who
                )
        assert own_view(opened, agent, by=agent, asked=OwnAsked(minimum_calls=1)).disputes
    assert "[id]" in run("accesses", "--by", agent, "--store", store).out


def sent(write):
    """What a terminal is sent when something writes to the standard streams."""
    before, (ours, theirs) = (sys.stdout, sys.stderr), pty.openpty()
    try:
        with open(theirs, "w", encoding="utf-8", closefd=False) as stream:
            sys.stdout = sys.stderr = stream
            open_streams()
            write()
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        sys.stdout, sys.stderr = before
        os.close(theirs)
    pieces = []
    with suppress(OSError):  # the other end is closed, and all was read
        while piece := os.read(ours, 1 << 16):
            pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode()


def test_a_terminal_is_shown_what_it_would_obey_and_a_pipe_is_given_the_bytes(capsys):
    line = '{"call_id":"a\x9b2Jb\u202egnp.exe\x7f","name":"\u2067never closed"} \u2068שלום\u2069'
    shown = sent(lambda: print(line))  # noqa: T201
    assert shown.startswith('{"call_id":"a\\u009b2Jb\\u202egnp.exe\\u007f","name":"\\u2067never closed"}')
    assert "\u2068שלום\u2069" in sent(lambda: print("\u2068שלום\u2069"))  # noqa: T201
    print(line)  # noqa: T201
    assert capsys.readouterr().out == line + "\n"


def test_everything_a_command_writes_is_its_owners_whatever_the_umask(run, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPEECHQA_CACHE", str(tmp_path / "a" / "b" / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "x" / "config"))
    with open_store(store) as opened:
        put(opened, call("c1", agent_id="a1", turns=[("agent", "hello")]))
    before = os.umask(0)
    try:
        for command in (
            ("number-key",),
            ("transcript", "c1", "--output", "c.txt"),
            ("calls", "--export", "c.csv"),
            ("report", "c1", "--out", "some/where/report"),
        ):
            assert run(*command, *(("--store", store) if command[0] != "number-key" else ())).code == 0
        assert run("rubric", "new", "mine").code == 0
        assert os.umask(0) == 0, "the process has its own again"
    finally:
        os.umask(before)
    open_to_others = {path.name for path in tmp_path.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert open_to_others == {"mine.toml", "mine.en.toml", "mine.he.toml"}, "rubrics hold nothing of anybody"


def test_a_name_of_a_file_is_no_markup_in_the_line_of_progress():
    batch = SimpleNamespace(total=1, size=1, size_gone=1, size_worked=0, short_of_memory="")
    batch.outcomes = lambda: iter([SimpleNamespace(call_id="[/b] [link=//x]y")])
    shown = sent(lambda: [*audit._with_progress(batch)])
    assert "[/b] [link=//x]y" in shown
