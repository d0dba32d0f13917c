"""The calls of a report: gone through once, and asked for again without what came since."""

from speechqa.assembly.reporting import listed
from tests.support.batches import failed, line


def test_calls_by_agent_and_what_has_a_page():
    lines = [line(n, agent_id=agent) for n, agent in enumerate(("b", "a", None, "b"))]
    found = listed(lambda: [*lines, failed(1)])
    ids = [one.call_id for one in lines]
    assert found.calls == (*ids, failed(1).call_id)
    assert found.analysed == tuple(ids)
    assert {name: own.calls for name, own in found.agents.items()} == {"a": (ids[1],), "b": (ids[0], ids[3])}
    assert list(found.agents) == ["a", "b"]
    assert found.pages == 4 + 2 + 1


def test_the_language_is_that_of_most_calls_of_a_known_one():
    spoken = {"he": ("he", None, None), "tied": ("he", "en"), "none": (None,)}
    lines = [
        line(10 * at + n, agent_id=name, language=code)
        for at, (name, codes) in enumerate(spoken.items())
        for n, code in enumerate(codes)
    ]
    found = listed(lambda: lines)
    assert {name: own.language for name, own in found.agents.items()} == {
        "he": "he", "tied": "en", "none": "en",
    }  # fmt: skip


def test_a_call_that_came_since_is_no_part_of_it():
    lines = [line(0)]
    found = listed(lambda: tuple(lines))
    lines.append(line(1))
    assert [one.call_id for one in found.lines()] == [lines[0].call_id]


def test_of_no_calls_there_is_only_the_page_over_them():
    assert (listed(tuple).pages, listed(tuple).agents) == (1, {})
