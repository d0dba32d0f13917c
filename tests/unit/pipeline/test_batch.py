"""A batch loses nothing and doubles nothing."""

import random

import pytest

from speechqa.core.analysis import CallAnalysis, FailedCall, Provenance
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import DocumentRefused, UnreadableRecording
from speechqa.executors.local import SerialExecutor
from speechqa.pipeline.batch import Task, Worked, failed_document, fingerprint, late_call, lost_worker, run
from speechqa.protocols import CallFilter, Settled
from speechqa.store import open_store


def task(name: str, *, call_id: str | None = None, settings: str = "s") -> Task:
    source = CallSource(files=(PartyFile(path=f"{name}.wav"),), call_id=call_id)
    return Task(identity=name * 8, fingerprint=fingerprint(settings), source=source)


def document(given: Task, call_id: str | None = None) -> CallAnalysis:
    return CallAnalysis(
        call_id=call_id or given.source.call_id or given.identity[:16],
        path=given.source.path,
        provenance=Provenance(
            speechqa="1",
            rubric="r",
            rubric_digest="d",
            settings_digest="s",
            model_digest=None,
            profile="eu",
            run_id="r",
            created_at="c",
        ),
    )


@pytest.fixture
def store():
    with open_store("sqlite://") as opened:
        yield opened


class Work:
    def __init__(self, *failing: str) -> None:
        self.failing, self.calls = failing, []

    def __call__(self, given: Task) -> Worked:
        self.calls.append(given.source.path)
        if given.source.path in self.failing:
            return Worked(task=given, document=failed_document(given, UnreadableRecording("no sound")))
        return Worked(task=given, document=document(given))


def go(tasks, store, work):
    return list(run(tasks, store=store, executor=SerialExecutor(), work=work))


def test_what_is_done_is_not_done_again(store):
    work = Work()
    first = go([task("a"), task("b")], store, work)
    second = go([task("a"), task("b"), task("c")], store, work)
    assert [o.state for o in first] == ["done", "done"]
    assert sorted(o.state for o in second) == ["already", "already", "done"]
    assert work.calls == ["a.wav", "b.wav", "c.wav"]


def test_other_settings_are_another_result_and_the_old_one_is_kept(store):
    work = Work()
    go([task("a")], store, work)
    go([task("a", settings="other")], store, work)
    assert len(work.calls) == 2
    assert len(store.history("aaaaaaaa")) == 2
    back = go([task("a")], store, work)
    assert [o.state for o in back] == ["already"]
    assert [v.current for v in store.history("aaaaaaaa")] == [False, True], "the first counts again"


def test_a_failure_is_kept_and_tried_again(store):
    assert [o.state for o in go([task("a")], store, Work("a.wav"))] == ["failed"]
    assert isinstance(store.get("aaaaaaaa"), FailedCall)
    assert [o.state for o in go([task("a")], store, Work())] == ["done"]
    assert len(list(store.find(CallFilter()))) == 1


def test_what_is_done_is_given_at_once_and_never_gathered(store):
    go([task("a"), task("b"), task("c")], store, Work())
    taken = []

    def tasks():
        for name in "abc":
            taken.append(name)
            yield task(name)

    outcomes = run(tasks(), store=store, executor=SerialExecutor(), work=Work())
    assert next(outcomes).state == "already"
    assert taken == ["a"]
    assert [o.state for o in outcomes] == ["already", "already"]


def test_a_failure_that_cannot_be_kept_still_says_what_failed(store):
    go([task("a", call_id="x")], store, Work())
    (outcome,) = go([task("b", call_id="x")], store, Work("b.wav"))
    assert outcome.state == "failed"
    assert outcome.document.error.type == UnreadableRecording.__name__


def test_an_id_that_belongs_to_another_recording_fails_that_call_alone(store):
    outcomes = go([task("a", call_id="x"), task("b", call_id="x"), task("c")], store, Work())
    assert [o.state for o in outcomes] == ["done", "failed", "done"]
    assert outcomes[1].document.error.type == DocumentRefused.__name__


class Shuffled:
    """Gives results in an order of its own."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def map(self, function, items):
        results = [item.result if isinstance(item, Settled) else function(item) for item in items]
        self.dice.shuffle(results)
        return iter(results)


def test_the_order_in_which_calls_finish_changes_nothing():
    told = set()
    for seed in range(6):
        with open_store("sqlite://") as store:
            go([task("b")], store, Work())
            tasks = [task(name) for name in "abcdefgh"]
            work = Work("c.wav", "f.wav")
            outcomes = list(run(tasks, store=store, executor=Shuffled(seed), work=work))
            states = sorted((one.call_id, one.state) for one in outcomes)
            kept = sorted(str(summary) for summary in store.find(CallFilter()))
            bodies = sorted(str(one.document) for one in outcomes)
            told.add(str((states, kept, bodies)))
    assert len(told) == 1


def test_a_call_done_before_is_told_of_without_reading_its_document(store, monkeypatch):
    go([task("a")], store, Work())
    monkeypatch.setattr(type(store), "done", lambda *_: pytest.fail("the document is not needed"))
    (outcome,) = go([task("a")], store, Work())
    assert (outcome.state, outcome.call_id) == ("already", "aaaaaaaa")
    assert outcome.summary == store.summary("aaaaaaaa")


def test_a_call_given_up_for_its_time_says_how_to_give_it_more():
    failed = late_call(task("a")).document
    assert failed.error.type == "CallTookTooLong"
    assert "--time-limit" in failed.error.hint


def test_a_fault_of_the_program_names_its_class_and_shows_no_traceback():
    failed = failed_document(task("a"), ZeroDivisionError("division by zero\nFile x"))
    assert failed.error.type == "ZeroDivisionError"
    assert "\n" not in failed.error.message
    assert failed.error.hint


def test_a_lost_worker_is_a_failure_with_a_next_step():
    failed = lost_worker(task("a")).document
    assert failed.error.type == "WorkerLost"
    assert "--workers 1" in failed.error.hint


def test_fingerprints_depend_on_every_part():
    assert fingerprint("a", 1) != fingerprint("a", 2)
    assert fingerprint("a", 1) == fingerprint("a", 1)
