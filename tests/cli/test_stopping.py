"""Stopped by Ctrl-C once or twice, from outside, by a terminal that is gone; and nobody listening."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from speechqa.cli.console import say
from speechqa.cli.stopping import stoppable

STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
PLAIN = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}


@pytest.fixture(autouse=True)
def as_in_a_terminal():
    """A shell ignores SIGINT for what it runs behind it, `nohup` SIGHUP; Ray leaves a SIGTERM that exits."""
    before = {number: signal.signal(number, handler) for number, handler in PLAIN.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPS)
def test_the_first_signal_stops_in_order_and_the_second_at_once(number):
    before = signal.getsignal(number)
    script = (
        "import os, signal, sys\n"
        "from speechqa.cli.stopping import stoppable\n"
        f"me, stop = os.getpid(), {int(number)}\n"
        "with stoppable():\n"
        "    try:\n"
        "        os.kill(me, stop)\n"
        "    except KeyboardInterrupt:\n"
        "        print('in order', flush=True)\n"
        "        os.kill(me, stop)\n"
        "print('never')\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (-number, "in order\n")
    assert signal.getsignal(number) is before


def test_what_was_ignored_before_stays_ignored_and_all_is_put_back():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", STOPS)
def test_an_audit_that_is_stopped_says_so_and_goes_on_later(run, hebrew_calls, store, monkeypatch, number):
    def analysed(*_args, **_more):
        os.kill(os.getpid(), number)

    first = sorted(hebrew_calls.glob("*.mp3"))[0]
    with monkeypatch.context() as patched:
        patched.setattr("speechqa.assembly.batch.work", analysed)
        ran = run("audit", first, "--engine", "none", "--store", store)
    assert ran.code == 130
    assert "run the same command again to go on" in ran.err


def test_messages_that_nobody_hears_end_nothing(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr(sys, "stderr", closed)
        say("12 of 500 calls")
        closed.close = lambda: None  # type: ignore[method-assign] - what is left in it goes nowhere
    monkeypatch.undo()


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_before_the_command_has_begun_is_told_in_a_word(number):
    script = (
        "import os, sys\n"
        "from speechqa.cli import app as program\n"
        f"program.app = lambda: os.kill(os.getpid(), {int(number)})\n"
        "program.main()\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "Aborted.\n")
