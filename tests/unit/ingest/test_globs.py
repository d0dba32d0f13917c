"""Globs match what a shell matches, in one order."""

import glob
import os

import pytest

from speechqa.ingest.globs import expand
from speechqa.ingest.listings import Listings


@pytest.mark.parametrize(
    "pattern", ["*.wav", "*", ".*", "b?.wav", "[ab]*", "*/x.wav", "**", "**/*.wav", "no*", "deep/*"]
)
def test_a_glob_matches_what_pythons_matches(tmp_path, pattern):
    for name in (
        "b2.wav",
        "b1.wav",
        "a.wav",
        ".hidden.wav",
        "é.wav",
        "deep/x.wav",
        "deep/y.txt",
        "other/x.wav",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    asked = f"{tmp_path}/{pattern}"
    wanted = sorted(glob.glob(asked, recursive=True), key=os.fsencode)  # noqa: PTH207
    assert list(expand(asked)) == wanted
    assert list(Listings().expand_or_keep(asked)) == (wanted or [asked])


def test_what_exists_or_is_no_glob_is_taken_as_it_is(tmp_path):
    (tmp_path / "[a].wav").touch()
    assert expand(f"{tmp_path}/[a].wav") is None
    assert expand("absent.wav") is None
    assert list(Listings().expand_or_keep("absent.wav")) == ["absent.wav"]
    assert list(expand(f"{tmp_path}/absent/*.wav")) == []
