"""A rubric that extends another: what it changes, drops and adds, and what is wrong with doing so."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.criteria import load_rubric, validate_rubric
from speechqa.criteria.lexicon import lexicon_of
from speechqa.errors import RubricError

BASE = """
name = "base"
version = 4
title = "Base"
minimum_calls = 7
phrases = ["base.en.toml"]

[[criterion]]
id = "greeting"
category = "courtesy"
points = 5
components = { greeting = 3, identification = 2 }
options = { agent_turns = 3 }

[[criterion]]
id = "farewell"
category = "courtesy"
points = 4

[[criterion]]
id = "no_insult"
category = "courtesy"
points = 5
"""
MINE = """
name = "mine"
version = 1
extends = "base.toml"
phrases = ["more.en.toml"]
drop = ["no_insult"]

[[criterion]]
id = "greeting"
critical = true

[[criterion]]
id = "no_indifference"
category = "courtesy"
points = 2

[[criterion]]
id = "farewell"
points = 9
"""
PHRASES = """
language = "en"
[goodbye]
any = ["bye"]
[greet]
any = ["hello"]
[identify]
any = ["name is _"]
[insult]
any = ["you fool"]
"""
MORE = 'language = "en"\n[goodbye]\nany = ["so long"]\n[indifference]\nany = ["whatever"]\n'


def written(folder: Path, mine: str = MINE, base: str = BASE, more: str = MORE) -> Path:
    for name, text in (
        ("base.toml", base), ("base.en.toml", PHRASES), ("more.en.toml", more), ("mine.toml", mine),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "mine.toml"


def test_what_is_not_said_is_inherited(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path))
    assert (rubric.reference, rubric.title, rubric.minimum_calls) == ("mine@1", "Base", 7)
    assert [(c.id, c.points, c.critical) for c in rubric.criteria] == [
        ("greeting", 5, True), ("farewell", 9, False), ("no_indifference", 2, False),
    ]  # fmt: skip
    greeting = rubric.criteria[0]
    assert [(part.id, part.points) for part in greeting.components] == [
        ("greeting", 3), ("identification", 2),
    ]  # fmt: skip
    assert greeting.options == {"agent_turns": 3.0}
    lexicon = lexicon_of(rubric)
    assert all("goodbye" in lexicon.read(text).hits for text in ("bye", "so long"))
    assert validate_rubric(tmp_path / "mine.toml") == ()


def test_the_built_in_rubric_can_be_extended_in_three_lines(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\nversion = 1\nextends = "service"\n')
    rubric, service = load_rubric(path), load_rubric("service")
    assert rubric.criteria == service.criteria
    assert rubric.phrases == service.phrases
    assert rubric.digest != service.digest
    assert validate_rubric(path) == validate_rubric("service")


@pytest.mark.parametrize("changed", ["mine.toml", "base.toml", "base.en.toml", "more.en.toml"])
def test_the_digest_covers_all_that_was_inherited(tmp_path: Path, changed: str) -> None:
    path = written(tmp_path)
    before = load_rubric(path).digest
    assert load_rubric(path).digest == before
    (tmp_path / changed).write_text((tmp_path / changed).read_text() + "\n# more\n")
    assert load_rubric(path).digest != before


def test_a_chain_of_rubrics(tmp_path: Path) -> None:
    written(tmp_path)
    top = tmp_path / "top.toml"
    top.write_text('name = "top"\nversion = 2\nextends = "mine.toml"\ndrop = ["farewell"]\n')
    assert [c.id for c in load_rubric(top).criteria] == ["greeting", "no_indifference"]


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ('"base.toml"', '"nothing.toml"', "extends", 4),
        ('"base.toml"', '"../base.toml"', "extends", 4),
        ('"base.toml"', '"mine.toml"', "extends", 4),
        ('"base.toml"', "3", "extends", 4),
        ('name = "mine"', 'name = "base"', "name", 2),
        ('drop = ["no_insult"]', 'drop = ["thanks"]', "drop", 6),
        ('drop = ["no_insult"]', 'drop = ["farewell"]', "drop", 6),
        ('drop = ["no_insult"]', "drop = 3", "drop", 6),
        ("critical = true", "critical = 3", "critical", 10),
        ("critical = true", "points = 8", "components", 8),
        ("critical = true", "options = { turns = 8 }", "options", 10),
        ('id = "no_indifference"\ncategory = "courtesy"', 'id = "no_indifference"', "category", 12),
    ],
)
def test_faults_of_inheriting(tmp_path: Path, old: str, new: str, key: str, line: int) -> None:
    path = written(tmp_path, mine=MINE.replace(old, new))
    problem = next(p for p in validate_rubric(path) if p.severity == "error")
    assert (problem.key, problem.line) == (key, line)
    assert problem.expected
    with pytest.raises(RubricError):
        load_rubric(path)


def test_a_fault_of_the_base_is_named_where_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, base=BASE.replace("points = 4", "points = 0"))
    (problem,) = (p for p in validate_rubric(path) if p.severity == "error")
    assert (Path(problem.file).name, problem.key, problem.line) == ("base.toml", "points", 18)
    (tmp_path / "base.toml").write_text("name = ")
    (problem,) = validate_rubric(path)
    assert (Path(problem.file).name, problem.key, problem.line) == ("mine.toml", "extends", 4)


def test_rubrics_that_inherit_from_each_other_end(tmp_path: Path) -> None:
    path = written(tmp_path, base=BASE + "\n", mine=MINE)
    (tmp_path / "base.toml").write_text('extends = "mine.toml"\n' + BASE)
    assert any("inherits from itself" in p.message for p in validate_rubric(path))
    for nth in range(9):
        (tmp_path / f"r{nth}.toml").write_text(f'version = 1\nextends = "r{nth + 1}.toml"\n')
    assert any("too many times" in p.message for p in validate_rubric(tmp_path / "r0.toml"))


def test_nothing_left_is_no_rubric(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    written(tmp_path)
    path.write_text('version = 1\nextends = "base.toml"\ndrop = ["greeting", "farewell", "no_insult"]\n')
    assert any("No criterion is left" in p.message for p in validate_rubric(path))
