"""What judging again changes, counted exactly."""

from msgspec.structs import replace

from speechqa.core.finding import Component, Tally, Verdict
from speechqa.scoring.changes import Moved, Rejudged, changed
from tests.support.stores import finding

PASSED = finding("thanks", Verdict.PASS, 5, 5)
FAILED = finding("thanks", Verdict.FAIL, 0, 5)
GONE = finding("apology", Verdict.NOT_APPLICABLE)


def test_what_says_the_same_is_no_change():
    assert changed([PASSED, GONE], [replace(PASSED, reason="in other words", confidence=0.3), GONE]) == ()


def test_verdicts_points_parts_and_criteria_that_come_or_go():
    (verdict,) = changed([PASSED], [FAILED])
    assert (verdict.before, verdict.after, verdict.verdicts) == (PASSED, FAILED, ("pass", "fail"))
    (points,) = changed([PASSED], [finding("thanks", Verdict.PASS, 7, 7)])
    assert points.verdicts == ("pass", "pass")
    part = Component(id="thanked", verdict=Verdict.PASS, earned=5, possible=5)
    assert len(changed([PASSED], [replace(PASSED, components=(part,))])) == 1
    assert len(changed([PASSED], [replace(PASSED, critical=True)])) == 1
    assert changed([GONE], [replace(GONE, critical=True)]) == ()
    come, gone = changed([GONE], [PASSED])
    assert (come.criterion, come.verdicts) == ("thanks", ("absent", "pass"))
    assert (gone.criterion, gone.verdicts) == ("apology", ("not_applicable", "absent"))


def call(before, after, state="tried"):
    of = {"courtesy": before, "professionalism": Tally()}, {"courtesy": after}
    return Rejudged(call_id="c", state=state, scores_before=of[0], scores=of[1])


def test_scores_move_over_calls_that_have_one_on_both_sides():
    half, full, none = Tally(earned=1, possible=2), Tally(earned=4, possible=4), Tally()
    categories = Moved("courtesy"), Moved("professionalism")
    sides = [(half, full), (full, full), (none, full), (half, none), (half, half, "failed")]
    for given in sides:
        for category in categories:
            category.add(call(*given))
    courtesy, other = (category.movement for category in categories)
    assert (courtesy.n, courtesy.mean, courtesy.gained, courtesy.lost) == (2, 0.25, 1, 1)
    assert (courtesy.before, courtesy.after) == (half + full, full + full)
    assert (other.n, other.mean) == (0, None)
