"""Models of one's own, which no digest vouches for, damaged: told of as such, never a traceback."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import msgspec
import pytest

from speechqa.criteria.shipped_model import ShippedModel
from speechqa.errors import ModelDigestMismatch, SpeechQAError
from tests.support.engines import tiny_checkpoint

SHIPPED = sorted((Path(__file__).parents[3] / "speechqa" / "criteria").glob("*.onnx"))


class Card(msgspec.Struct):
    """What a model's card must say."""

    sha256: str
    features: str


def damage(dice: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    if dice.random() < 0.4:
        del data[dice.randrange(len(data)) :]
    else:
        # Names and shapes stand at both ends; what stands between is weights, of which nobody can tell.
        for _ in range(dice.randint(1, 20)):
            data[dice.choice((dice.randrange(600), -1 - dice.randrange(600)))] = dice.randrange(256)
    path.write_bytes(data)


def test_a_checkpoint_that_is_damaged_is_told_of(tmp_path):
    from speechqa.backends.whisper import load_checkpoint

    whole = tiny_checkpoint(tmp_path / "whole.pt")
    told = 0
    for number in range(6):
        path = tmp_path / f"{number}.pt"
        shutil.copy(whole, path)
        damage(random.Random(number), path)
        try:
            load_checkpoint(path)
        except SpeechQAError:
            told += 1
        path.unlink()
    assert told >= 3


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.stem)
def test_a_changed_bit_of_a_model_that_comes_along_is_found(tmp_path, shipped):
    for path in shipped.parent.glob(f"{shipped.stem}*"):
        shutil.copy(path, tmp_path)
    dice = random.Random(shipped.stem)
    data = bytearray((tmp_path / shipped.name).read_bytes())
    data[dice.randrange(len(data))] ^= 1
    (tmp_path / shipped.name).write_bytes(data)
    with pytest.raises(ModelDigestMismatch) as caught:
        ShippedModel(tmp_path / shipped.name, Card, what="model", features="")
    assert caught.value.exit_code == 5
