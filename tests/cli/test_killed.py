"""Commands killed at moments of a seed: nothing lost, doubled or half written; `make faults` kills many."""

from __future__ import annotations

import random

import pytest

from tests.support.kill_rounds import (
    Place,
    Scene,
    killed_and_again,
    make_calls,
    moment,
    undisturbed,
    was_killed,
)
from tests.support.killing import Nursery

WHO = ("--by", "Dana", "--reason", "why")


@pytest.fixture(scope="module")
def killing(tmp_path_factory):
    base = tmp_path_factory.mktemp("killed")
    calls, place = make_calls(base / "calls", 2), Place(base)
    nursery = Nursery(place.environment, warm=("score", calls / "c0.json"))
    place.stock(nursery, calls)
    yield place, nursery, calls
    nursery.close()


@pytest.mark.parametrize(
    ("name", "kills"), [("score", 3), ("report", 2), ("export", 1), ("pack", 1), ("purge", 1)]
)
def test_a_command_killed_and_run_again_leaves_what_an_undisturbed_one_leaves(killing, name, kills):
    place, nursery, calls = killing
    store = ("--store", place.url)
    pack = ("pack", "c0", "--output", place.run / "c.zip", "--force", *WHO, *store)
    scene = {
        "score": Scene("score", ("score", calls, "--resume", *store)),
        "report": Scene("report", ("report", "--batch", "--out", place.run / "report", *store), stocked=True),
        "export": Scene(
            "export", ("calls", "--export", place.run / "c.xlsx", "--force", *store), stocked=True
        ),
        "pack": Scene("pack", pack, stocked=True),
        "purge": Scene("purge", ("purge", "c0", "--yes", *WHO, *store), stocked=True, codes=(0, 4)),
    }[name]
    told = undisturbed(place, nursery, scene)
    dice = random.Random(name)
    moments = [moment(dice, scene, told) for _ in range(kills)]
    killed = list(killed_and_again(place, nursery, scene, told, moments))
    assert any(was_killed(one, at) for one, at in zip(killed, moments, strict=True))
