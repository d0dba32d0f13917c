"""No score may see how a voice sounds: nothing that judges or counts points can reach a curve."""

import ast
import inspect
from pathlib import Path

import msgspec
import pytest

import speechqa
from speechqa.criteria import CallView, find_signals, judge
from speechqa.scoring import pool, score

PACKAGE = Path(speechqa.__file__).parent
MODULES = sorted(
    path
    for folder in ("criteria", "scoring")
    for path in (PACKAGE / folder).rglob("*.py")
    # It names where to listen, which nothing counts.
    if path != PACKAGE / "scoring" / "attention.py"
)
FORBIDDEN = ("stress", "arousal", "acoustics", "accommodation", "pipeline", "reports")


def imported(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_judges_sees_no_curve(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name in imported(tree):
        assert not set(FORBIDDEN) & set(name.lower().split(".")), f"{path} imports {name}"
        assert "Stress" not in name, f"{path} imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("stress", "accommodation"), f"{path}:{node.lineno} reads a curve"
        if isinstance(node, ast.Constant) and path.parent.name == "scoring":
            assert node.value != "stress", f"{path}:{node.lineno} reads a curve by its name"


def test_there_is_something_to_look_at():
    assert len(MODULES) > 20


@pytest.mark.parametrize("function", [judge, find_signals, score, pool])
def test_no_judge_takes_a_curve(function):
    for parameter in inspect.signature(function).parameters.values():
        assert "Stress" not in str(parameter.annotation)
        assert "stress" not in parameter.name


def test_the_view_that_is_judged_holds_no_curve():
    fields = {field.name: str(field.type) for field in msgspec.structs.fields(CallView)}
    assert not [name for name, kind in fields.items() if "Stress" in kind or "stress" in name], fields
