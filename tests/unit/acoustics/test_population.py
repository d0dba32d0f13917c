"""The absolute view: rarely flagged, never sure, and silent where there is too little voice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.acoustics.population import LEAST_VOICED_S, WOMEN, absolute_view
from speechqa.core.stress import StressBaseline

SOFT = {"alpha_db": 14.0, "hammarberg_db": 27.0, "centroid_hz": 900.0, "flux": 0.42}
SHARP = {"alpha_db": 6.0, "hammarberg_db": 17.0, "centroid_hz": 1270.0, "flux": 0.55}


def view(hertz: float, spectrum=SHARP, voiced: float = 12.0):
    features = {"f0_hz": hertz, **spectrum}
    return absolute_view(StressBaseline(source="call", voiced_seconds=voiced, features=features))


@pytest.mark.parametrize("hertz", [85, 120, 165, 210, 250, 290])
def test_usual_voices_are_not_flagged(hertz):
    for spectrum in (SOFT, SHARP):
        found = view(hertz, spectrum)
        assert found.flagged is False
        assert found.confidence == "low"


def test_a_voice_higher_than_nearly_all_is_flagged_where_its_spectrum_is_sharp_too():
    assert view(340).flagged is True
    assert "cannot tell" in view(340).reason
    assert view(340, SOFT).flagged is False


def test_between_men_and_women_it_says_that_it_cannot_tell():
    assert "cannot tell a high voice from a raised one" in view(200).reason
    assert "may lie there too" in view(110).reason


def test_too_little_voice_says_nothing():
    found = view(340, voiced=LEAST_VOICED_S - 0.1)
    assert (found.flagged, found.confidence, found.figures) == (None, "none", {})
    assert absolute_view(StressBaseline(source="none")).flagged is None


def test_figures_stand_beside_their_population():
    figures = view(2 * WOMEN.mean).figures
    women = figures["f0_hz_beside_women"]
    assert women.population_low < women.population_median < women.population_high
    assert women.deviations == pytest.approx(12 / WOMEN.spread, abs=0.01)
    assert figures["alpha_db"].deviations > 0, "less energy below 1 kHz is the aroused side"
    assert figures["flux"].deviations > 0


@given(st.floats(50, 600), st.floats(50, 600))
def test_a_higher_voice_is_never_less_flagged(one, other):
    low, high = sorted((one, other))
    assert view(low).flagged <= view(high).flagged
