"""Criteria a rubric defines itself: phrases by speaker, window and order; limits; when they apply."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from speechqa.core.dialogue import Dialogue, NotAssessed
from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.core.segment import Segment
from speechqa.criteria import CallView, judge, load_rubric, validate_rubric
from speechqa.criteria.drafting import criterion_text
from tests.support.calls_as_text import transcript

HEAD = """
name = "mine"
version = 1
phrases = ["mine.en.toml"]

[[criterion]]
id = "reads_all_lists"
category = "professionalism"
points = 1
detector = "said"
said = { lists = ["recorded", "slang"] }

[[criterion]]
id = "farewell"
category = "courtesy"
points = 1
"""
PHRASES = """
language = "en"

[recorded]
any = ["this call is recorded"]

[slang]
any = ["dude"]

[problem]
any = ["is broken"]

[question]
any = ["which make"]

[outcome]
any = ["i have booked"]

[thank]
any = ["thank you"]

[goodbye]
any = ["goodbye"]

[request_more]
any = ["anything else"]
"""
CALL = """
a: good morning dana speaking this call is recorded
c: hi my boiler is broken
a: which make is it
c: it is a bosch
a: i have booked an engineer for monday
c: great
a: thank you for calling goodbye
c: goodbye
"""


def rubric(folder: Path, said: str, *, phrases: str = PHRASES, more: str = "") -> Rubric:
    return load_rubric(written(folder, said, phrases=phrases, more=more))


def written(folder: Path, said: str, *, phrases: str = PHRASES, more: str = "") -> Path:
    (folder / "mine.en.toml").write_text(phrases, encoding="utf-8")
    path = folder / "mine.toml"
    criterion = f'[[criterion]]\nid = "own"\ncategory = "courtesy"\npoints = 3\n{more}\n{said}\n'
    path.write_text(HEAD + criterion, encoding="utf-8")
    return path


def own(used: Rubric, call: str = CALL, **view: object) -> Finding:
    made = CallView(transcript=transcript(call, str(view.pop("language", "en"))), **view)
    return next(f for f in judge(used, made) if f.criterion == "own")


def said(**keys: object) -> str:
    written = ", ".join(f"{key} = {value!r}".replace("True", "true") for key, value in keys.items())
    return f'detector = "said"\nsaid = {{ {written} }}'


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        ({"lists": ["recorded"]}, "pass"),
        ({"lists": ["slang"]}, "fail"),
        ({"lists": ["slang", "recorded"]}, "pass"),
        ({"lists": ["recorded"], "speaker": "customer"}, "fail"),
        ({"lists": ["recorded"], "window": "opening", "turns": 1}, "pass"),
        ({"lists": ["question"], "window": "opening", "turns": 1}, "fail"),
        ({"lists": ["question"], "window": "before_solution"}, "pass"),
        ({"lists": ["thank"], "window": "before_solution"}, "fail"),
        ({"lists": ["thank"], "window": "after_solution"}, "pass"),
        ({"lists": ["question"], "window": "after_solution"}, "fail"),
        ({"lists": ["thank"], "window": "closing"}, "pass"),
        ({"lists": ["thank"], "window": "closing", "turns": 1}, "pass"),
        ({"lists": ["recorded"], "window": "closing"}, "fail"),
        ({"lists": ["question"], "after": ["customer.problem"]}, "pass"),
        ({"lists": ["recorded"], "after": ["customer.problem"]}, "fail"),
        ({"lists": ["question"], "after": ["slang"]}, "fail"),
        ({"lists": ["question"], "before": ["agent.outcome"]}, "pass"),
        ({"lists": ["thank"], "before": ["outcome"]}, "fail"),
        ({"lists": ["question"], "before": ["slang"]}, "pass"),
        ({"lists": ["question"], "answered": True}, "pass"),
        ({"lists": ["slang"], "absent": True}, "pass"),
        ({"lists": ["thank"], "absent": True}, "fail"),
        ({"lists": ["thank"], "absent": True, "window": "before_solution"}, "pass"),
    ],
)
def test_what_is_said_where_by_whom_and_in_which_order(tmp_path, keys, verdict) -> None:
    finding = own(rubric(tmp_path, said(**keys)))
    assert finding.verdict.value == verdict
    assert finding.reason
    if verdict == "fail":
        assert finding.would_change
        assert finding.evidence or finding.searched_turns
    assert (finding.earned, finding.possible) == (3 if verdict == "pass" else 0, 3)


def test_a_question_left_unanswered_does_not_count_where_it_must_be_answered(tmp_path) -> None:
    call = "a: hello dana speaking\nc: my boiler is broken\na: i booked an engineer\na: which make is it\n"
    assert own(rubric(tmp_path, said(lists=["question"])), call).verdict.value == "pass"
    late = own(rubric(tmp_path, said(lists=["question"], answered=True)), call)
    assert late.verdict.value == "not_assessed"


def test_what_could_still_have_come_is_not_assessed(tmp_path) -> None:
    stopped = "a: hello dana speaking\nc: my boiler is broken\na: which make is it\nc: a bosch"
    for window in ("call", "before_solution", "after_solution", "closing"):
        finding = own(rubric(tmp_path, said(lists=["recorded"], window=window)), stopped)
        assert finding.verdict.value == "not_assessed", window
    opening = rubric(tmp_path, said(lists=["recorded"], window="opening"))
    assert own(opening, stopped).verdict.value == "fail"
    assert own(opening, stopped, missing_start=True).verdict.value == "not_assessed"


def test_a_language_without_the_phrases_is_not_judged_by_them(tmp_path) -> None:
    path = written(tmp_path, said(lists=["recorded"]))
    hebrew = 'language = "he"\n[goodbye]\nany = ["להתראות"]\n'
    (tmp_path / "mine.he.toml").write_text(hebrew, encoding="utf-8")
    path.write_text(path.read_text().replace('["mine.en.toml"]', '["mine.en.toml", "mine.he.toml"]'))
    assert own(load_rubric(path), language="he").verdict.value == "not_assessed"
    assert own(load_rubric(path), language="en").verdict.value == "pass"
    lacking = [(w.severity, w.found) for w in validate_rubric(path)]
    assert lacking == [("warning", "no recorded, slang"), ("warning", "no recorded")]


@pytest.mark.parametrize(
    ("share", "verdict", "earned"), [(1.0, "fail", 2), (0.6, "pass", 2), (0.7, "fail", 2)]
)
def test_graded_parts_pass_from_the_share_of_points_the_rubric_sets(tmp_path, share, verdict, earned) -> None:
    tables = (
        'detector = "said"\ncomponents = { notice = 2, slang = 1 }\n'
        f"options = {{ pass_share = {share} }}\n"
        '[[criterion.said]]\npart = "notice"\nlists = ["recorded"]\n'
        '[[criterion.said]]\npart = "slang"\nlists = ["slang"]\n'
    )
    finding = own(rubric(tmp_path, tables))
    assert (finding.verdict.value, finding.earned, finding.possible) == (verdict, earned, 3)
    assert [(part.id, part.verdict.value) for part in finding.components] == [
        ("notice", "pass"),
        ("slang", "fail"),
    ]


@pytest.mark.parametrize("share", [0, 0.6, 1.0])
def test_a_part_that_could_still_have_come_leaves_the_whole_open(tmp_path, share) -> None:
    stopped = (
        "a: hello dana speaking this call is recorded\nc: my boiler is broken\na: which make\nc: a bosch"
    )
    tables = (
        'detector = "said"\ncomponents = { notice = 2, thanks = 1 }\n'
        f"options = {{ pass_share = {share} }}\n"
        '[[criterion.said]]\npart = "notice"\nlists = ["recorded"]\n'
        '[[criterion.said]]\npart = "thanks"\nlists = ["thank"]\nwindow = "closing"\n'
    )
    finding = own(rubric(tmp_path, tables), stopped)
    assert (finding.verdict.value, finding.earned) == ("not_assessed", None)


def test_a_share_is_no_more_than_all_of_it(tmp_path) -> None:
    tables = 'detector = "said"\noptions = { pass_share = 5 }\nsaid = { lists = ["thank"] }'
    (problem,) = [p for p in validate_rubric(written(tmp_path, tables)) if p.severity == "error"]
    assert (problem.key, problem.found) == ("options", "5")


def test_a_solution_before_the_matter_leaves_the_line_of_the_matter_to_search(tmp_path) -> None:
    call = "a: i have booked an engineer\nc: thank you\na: thank you goodbye\nc: goodbye"
    finding = own(rubric(tmp_path, said(lists=["slang"], window="before_solution")), call)
    assert finding.verdict.value == "fail"
    assert finding.searched_turns is not None


def test_an_opening_of_more_turns_than_were_said_before_it_stops_is_open(tmp_path) -> None:
    stopped = "a: hello dana speaking\nc: my boiler is broken\na: which make is it"
    long = rubric(tmp_path, said(lists=["recorded"], window="opening", turns=9))
    assert own(long, stopped).verdict.value == "not_assessed"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ('when = ["customer.problem"]', "pass"),
        ('when = ["customer.slang"]', "not_applicable"),
        ('when = ["customer.slang", "agent.thank"]', "pass"),
        ('unless = ["customer.problem"]', "not_applicable"),
        ('unless = ["customer.slang"]', "pass"),
    ],
)
def test_conditions_decide_whether_it_applies(tmp_path, more, verdict) -> None:
    finding = own(rubric(tmp_path, said(lists=["recorded"]), more=more))
    assert finding.verdict.value == verdict
    assert finding.reason


def test_conditions_hold_for_inherited_criteria_too(tmp_path) -> None:
    written(tmp_path, said(lists=["recorded"]))
    head = 'name = "other"\nversion = 1\nextends = "mine.toml"\n'
    (tmp_path / "other.toml").write_text(
        head + '[[criterion]]\nid = "farewell"\nwhen = ["customer.slang"]\n', encoding="utf-8"
    )
    used = load_rubric(tmp_path / "other.toml")
    found = {f.criterion: f.verdict.value for f in judge(used, CallView(transcript=transcript(CALL)))}
    assert found["farewell"] == "not_applicable"


def timed(**figures: object) -> Dialogue:
    return Dialogue(basis="audio", speech={"A": (Segment(0.0, 30.0),)}, **figures)


@pytest.mark.parametrize(
    ("limit", "dialogue", "verdict"),
    [
        ('measure = "talk_share", of = "agent", at_most = 0.7', timed(talk_share={"agent": 0.7}), "pass"),
        ('measure = "talk_share", of = "agent", at_most = 0.7', timed(talk_share={"agent": 0.71}), "fail"),
        ('measure = "talk_share", of = "agent", at_least = 0.5', timed(talk_share={"agent": 0.2}), "fail"),
        ('measure = "talk_share", of = "agent", at_most = 0.7', timed(), "not_assessed"),
        ('measure = "talk_share", of = "agent", at_most = 0.7', None, "not_assessed"),
        ('measure = "dead_air_s", at_most = 10', timed(), "pass"),
        (
            'measure = "interruptions", of = "agent", at_most = 1',
            timed(
                interruptions={"agent": 0},
                not_assessed=(NotAssessed(measure="interruptions", reason="one channel"),),
            ),
            "not_assessed",
        ),
    ],
)
def test_limits_on_measures(tmp_path, limit, dialogue, verdict) -> None:
    used = rubric(tmp_path, f'detector = "limit"\nlimit = {{ {limit} }}')
    finding = own(used, dialogue=dialogue)
    assert finding.verdict.value == verdict
    assert (finding.earned is None) == (verdict == "not_assessed")


@pytest.mark.parametrize(
    ("said", "found", "expected"),
    [
        ('detector = "said"', "said", "with `said`"),
        ('said = { lists = ["thank"] }\ndetector = "farewell"', "farewell", "with `said`"),
        ('detector = "said"\nsaid = 5', "5", "said = {"),
        ('detector = "said"\nsaid = { lists = [] }', "[]", "lists = ["),
        ('detector = "said"\nsaid = { lists = ["nowhere"] }', "nowhere", "a list in a phrase file"),
        ('detector = "said"\nsaid = { lists = ["thank"], speaker = "boss" }', "boss", "agent or customer"),
        ('detector = "said"\nsaid = { lists = ["thank"], window = "lunch" }', "lunch", "opening"),
        ('detector = "said"\nsaid = { lists = ["thank"], turns = 2 }', "2", "window"),
        ('detector = "said"\nsaid = { lists = ["thank"], window = "opening", turns = 0 }', "0", "from 1"),
        ('detector = "said"\nsaid = { lists = ["thank"], after = ["boss.thank"] }', "boss.thank", "customer"),
        ('detector = "said"\nsaid = { lists = ["thank"], loud = true }', "loud", "answered"),
        ('detector = "said"\nsaid = { lists = ["thank"], absent = 1 }', "1", "true or false"),
        ('detector = "said"\nsaid = [{ lists = ["thank"], part = "x" }]', "x", "components"),
        ('detector = "limit"\nlimit = { measure = "mood", at_most = 1 }', "mood", "talk_share"),
        ('detector = "limit"\nlimit = { measure = "talk_share", at_most = 1 }', "nothing", "of = agent"),
        ('detector = "limit"\nlimit = { measure = "dead_air_s", of = "agent", at_most = 1 }', "agent", "no"),
        ('detector = "limit"\nlimit = { measure = "dead_air_s" }', "None", "at_least"),
        (
            'detector = "limit"\nlimit = { measure = "dead_air_s", at_least = 5, at_most = 1 }',
            "5",
            "not over",
        ),
        ('detector = "farewell"\nwhen = [5]', "5", "customer.complaint"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path, said, found, expected) -> None:
    problems = [p for p in validate_rubric(written(tmp_path, said)) if p.severity == "error"]
    assert found in str(problems[0].found)
    assert expected in str(problems[0].expected)
    assert problems[0].line is not None
    assert problems[0].line > HEAD.count("\n")


def test_a_list_that_no_criterion_names_is_still_refused(tmp_path) -> None:
    more = PHRASES + '\n[typo]\nany = ["oh well"]\n'
    problems = validate_rubric(written(tmp_path, said(lists=["recorded"]), phrases=more))
    line = more.split("\n").index("[typo]") + 1
    assert [(p.found, p.line) for p in problems if p.severity == "error"] == [("typo", line)]


def test_what_a_criterion_looks_for_can_be_written_back_as_a_rubric(tmp_path) -> None:
    more = 'when = ["customer.problem"]\nunless = ["slang"]'
    used = rubric(tmp_path, said(lists=["recorded"], window="opening", turns=2, absent=True), more=more)
    one = used.criterion("own")
    (table,) = tomllib.loads("\n".join(criterion_text(one)))["criterion"]
    assert table["said"] == {"lists": ["recorded"], "window": "opening", "turns": 2, "absent": True}
    assert (table["when"], table["unless"]) == (["customer.problem"], ["agent.slang"])
