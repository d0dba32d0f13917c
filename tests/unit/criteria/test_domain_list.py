"""The domain list: what a rubric says of it, what it inherits, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.criteria import CallView, judge, load_rubric, validate_rubric
from tests.support.calls_as_text import RUBRIC as SERVICE
from tests.support.calls_as_text import transcript

RUBRIC = """
name = "mine"
version = 1
extends = "service"
phrases = ["mine.en.toml"]
"""
ALONE = """
name = "mine"
version = 1
phrases = ["mine.en.toml"]

[[criterion]]
id = "unusual_request_check"
category = "professionalism"
points = 4
"""
PHRASES = """
language = "en"

[words]
berth = ["upper", "lower"]

[[contradiction]]
name = "cabin_and_deck"
one = ["inside cabin"]
other = ["[a] balcony"]
unless = ["balcony bar"]

[[reversal]]
name = "berth"
values = "berth"
said = ["(the|an|a) @berth berth"]
explained = ["(taken|free)"]
"""
CABIN = (
    "a: hello acme cruises bob here\nc: i would like an inside cabin\na: certainly\nc: and a balcony please\n"
)
BERTH = (
    "a: hello acme rail bob here\nc: i want the upper berth to york\na: sure\n"
    "c: and the lower berth to york then\n"
)
DONE = "a: i have booked that for you\nc: thanks\na: goodbye"


def written(folder: Path, phrases: str = PHRASES, rubric: str = RUBRIC) -> Path:
    (folder / "mine.en.toml").write_text(phrases, encoding="utf-8")
    path = folder / "mine.toml"
    path.write_text(rubric, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load_rubric(written(tmp_path_factory.mktemp("rubric")))


def check(rubric: Rubric, call: str) -> Finding:
    view = CallView(transcript=transcript(call), language="en")
    return {finding.criterion: finding for finding in judge(rubric, view)}["unusual_request_check"]


@pytest.mark.parametrize("call", [CABIN, BERTH])
def test_a_table_of_ones_own_is_found(mine: Rubric, call: str) -> None:
    found = check(mine, call + DONE)
    assert found.verdict.value == "fail"
    assert [e.speaker for e in found.evidence] == ["customer", "customer", "agent"]
    assert (found.earned, found.possible, found.category) == (0, 5, "professionalism")
    assert found.would_change
    assert check(SERVICE, call + DONE).verdict.value == "not_applicable"


def test_inherited_tables_stay_and_add_up(tmp_path: Path) -> None:
    vegan = "a: hello\nc: i would like a vegan pizza with jackfruit\n" + DONE
    more = PHRASES + '\n[[contradiction]]\nname = "vegan_and_animal"\nother = ["jackfruit"]\n'
    rubric = load_rubric(written(tmp_path, more))
    assert check(rubric, vegan).verdict.value == "fail"
    assert check(rubric, vegan.replace("jackfruit", "ham")).verdict.value == "fail"
    assert check(SERVICE, vegan).verdict.value == "not_applicable"


def test_an_exception_voids_an_inherited_one(tmp_path: Path) -> None:
    call = "a: hello\nc: i would like a vegan pizza with ham\n" + DONE
    ours = (
        PHRASES + '\n[[contradiction]]\nname = "vegan_and_animal"\nother = ["beef"]\nunless = ["with ham"]\n'
    )
    assert check(SERVICE, call).verdict.value == "fail"
    assert check(load_rubric(written(tmp_path, ours)), call).verdict.value == "not_applicable"


def test_it_is_in_the_digest_and_raises_no_warning(tmp_path: Path) -> None:
    assert validate_rubric(written(tmp_path)) == ()
    before = load_rubric(written(tmp_path, rubric=ALONE)).digest
    changed = PHRASES.replace("inside cabin", "cheap cabin")
    assert load_rubric(written(tmp_path, changed, rubric=ALONE)).digest != before


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ('name = "cabin_and_deck"', 'name = "Cabin!"', "contradiction.name", 8),
        ('name = "cabin_and_deck"\n', "", "contradiction.name", 7),
        ('one = ["inside cabin"]', 'ones = ["inside cabin"]', "contradiction.ones", 9),
        ('one = ["inside cabin"]', 'one = "inside cabin"', "contradiction.one", 9),
        ('one = ["inside cabin"]', 'one = ["(inside cabin"]', "contradiction.one", 9),
        ('one = ["inside cabin"]\n', "", "contradiction", 8),
        ('unless = ["balcony bar"]', 'unless = ["balcony *"]', "contradiction.unless", 11),
        ('values = "berth"\n', "", "reversal.values", 13),
        ('values = "berth"', 'values = "deck"', "reversal.values", 15),
        ("@berth", "@deck", "reversal.berth.berth.said", 16),
        ('said = ["(the|an|a) @berth berth"]\n', "", "reversal", 14),
        ("[[contradiction]]", "[contradiction]", "contradiction", None),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, key: str, line: int | None) -> None:
    path = written(tmp_path, PHRASES.replace(old, new), rubric=ALONE)
    problem = next(p for p in validate_rubric(path) if p.severity == "error")
    assert (problem.key, problem.line) == (key, line)
    assert problem.file.endswith("mine.en.toml")
    assert problem.found
    assert problem.expected


def test_every_built_in_table_is_in_both_languages() -> None:
    names: dict[str, set[str]] = {"en": set(), "he": set()}
    for phrases in SERVICE.phrases:
        if phrases.name.startswith("contradiction."):
            names[phrases.language].add(phrases.name)
    assert names["en"] == names["he"]
    assert len(names["en"]) >= 50


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("a: an inside cabin and a balcony is that right\nc: no\na: okay an inside cabin\n", "pass"),
        ("a: you asked for an inside cabin before\nc: oh yes\n", "pass"),
        ("a: an inside cabin has no balcony so which one would you like\nc: the balcony\n", "pass"),
        ("a: make up your mind\nc: fine\n", "fail"),
        ("c: sorry i mean no balcony\n", "not_applicable"),
    ],
)
def test_what_the_agent_makes_of_it(mine: Rubric, said: str, verdict: str) -> None:
    assert check(mine, CABIN + said + DONE).verdict.value == verdict


@pytest.mark.parametrize("rest", ["", "a: mhm"])
def test_unknown_stays_unknown(mine: Rubric, rest: str) -> None:
    found = check(mine, CABIN + rest)
    assert found.verdict.value == "not_assessed"
    assert found.would_change


def test_without_the_customer_nothing_is_said() -> None:
    call = "a: hello acme bob here\nu: a vegan pizza with ham please\n" + DONE.replace("c:", "u:")
    assert check(SERVICE, call).verdict.value == "not_assessed"
