"""How callers were answered, counted by hand."""

from speechqa.protocols import CallSummary
from speechqa.scoring.charter import charter


def line(number, wait=None, *, direction="inbound", transfers=None, status="done"):
    return CallSummary(
        call_id=f"c{number}",
        path=None,
        status=status,
        direction=direction,
        queue_wait_s=wait,
        transfers=transfers,
    )


CALLS = [
    *(line(n, 10.0 * n, transfers=n % 3) for n in range(1, 10)),
    line(10, 361.0, status="failed"),
    line(11, 360.0),
    line(12),
    line(13, 500.0, direction="outbound"),
    line(14, 500.0, direction=None),
]


def counted(calls=CALLS, **more):
    asked = {"within_s": 60.0, "profile": "il", "minimum_calls": 5, "complete": True}
    return charter(calls, **{**asked, **more})


def test_waits_of_calls_that_customers_began():
    found = counted()
    assert (found.calls, found.answered, found.wait_unknown, found.direction_unknown) == (12, 11, 1, 1)
    assert (found.median_s, found.p90_s, found.longest_s) == (60.0, 360.0, 361.0)
    assert (found.within, found.share) == (6, 0.545)
    # Six minutes are within the rule, and a recording that failed waited all the same.
    assert found.over_six_minutes == 1
    assert (found.transfers_known, found.transferred, found.transferred_again) == (9, 6, 3)
    assert counted(reversed(CALLS)) == found


def test_the_six_minute_rule_is_the_profiles():
    assert counted(profile="eu").over_six_minutes is None


def test_nothing_is_told_of_too_few_or_of_a_log_that_may_lack_calls():
    few = counted(minimum_calls=12)
    assert (few.median_s, few.share, few.over_six_minutes) == (None, None, None)
    assert few.withheld == "the wait is known of 11 of the 12 calls that a figure needs"
    unsaid = counted(complete=False)
    assert (unsaid.calls, unsaid.answered) == (0, None)
    assert unsaid.withheld == "it is not known that the log of calls is complete"
    unmeasured = counted([line(1), line(2)], minimum_calls=1)
    assert unmeasured.withheld
    assert unmeasured.transferred is None
