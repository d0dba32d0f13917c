"""Names of the domain list: what is wrong with them is named, never a traceback."""

from __future__ import annotations

import pytest

from speechqa.criteria import validate_rubric
from tests.support.calls_as_text import verdict

RUBRIC = """
name = "mine"
version = 1
phrases = ["mine.en.toml"]
[[criterion]]
id = "farewell"
category = "courtesy"
points = 4
"""
GOODBYE = 'language = "en"\n[goodbye]\nany = ["bye"]\n'


@pytest.mark.parametrize(
    "phrases",
    [
        '[[contradiction]]\nname = "n1"\nvalues = 1\none = ["aaa bbb"]\nother = ["ccc ddd"]\n',
        '["contradiction.a.one"]\nany = ["hello @nope"]\n',
        '["reversal..said"]\nany = ["hello"]\n',
        '["contradiction."]\nany = ["hello"]\n',
    ],
)
def test_a_wrong_name_is_a_problem_with_its_line(tmp_path, phrases) -> None:
    (tmp_path / "mine.en.toml").write_text(GOODBYE + phrases, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(RUBRIC, encoding="utf-8")
    errors = [p for p in validate_rubric(tmp_path / "mine.toml") if p.severity == "error"]
    assert errors
    assert all(p.line is not None and p.found and p.expected for p in errors)


@pytest.mark.parametrize("criterion", ["solution_offered", "expectation_summary", "hold_etiquette"])
@pytest.mark.parametrize(
    ("man", "woman"),
    [("המתן שתי דקות", "המתיני שתי דקות"), ("אנא המתן", "אנא המתיני"), ("המתן על הקו", "המתיני על הקו")],
)
def test_a_man_and_a_woman_are_asked_to_wait_alike(criterion, man, woman) -> None:
    call = "a: שלום מדברת נועה מחברת אופק\nc: האינטרנט שלי לא עובד\na: {}\nc: בסדר\na: תודה שהמתנת"
    assert verdict(call.format(man), criterion, "he") == verdict(call.format(woman), criterion, "he")
