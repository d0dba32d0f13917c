"""Models of the user's own that lie in the models folder, each told by its card's kind."""

from __future__ import annotations

import shutil
from pathlib import Path

from speechqa import criteria
from speechqa.backends.health import EngineStatus, engine_status
from tests.support import arousal_models, embedding_models

OURS = Path(criteria.__file__).parent


def own(folder, *, deep: bool) -> dict[str, EngineStatus]:
    found = {status.name: status for status in engine_status(folder, deep=deep)}
    return {name: status for name, status in found.items() if name.endswith(" model")}


def test_none_is_needed(tmp_path) -> None:
    found = own(tmp_path, deep=False)
    assert set(found) == {"arousal model", "embedding model"}
    assert all("none is needed" in status.detail for status in found.values())


def test_models_that_come_with_speechqa_are_none_of_the_users_own(tmp_path) -> None:
    for card in OURS.glob("*.toml"):
        shutil.copy(card, tmp_path)
        (tmp_path / card.with_suffix(".onnx").name).touch()
    assert {"speech-acts.toml", "turn-meanings.toml", "verdicts.toml"} <= {
        one.name for one in tmp_path.iterdir()
    }
    assert all("none is needed" in status.detail for status in own(tmp_path, deep=False).values())


def test_each_kind_is_tried_as_what_it_is(tmp_path) -> None:
    arousal_models.usable(tmp_path)
    embedding_models.usable(tmp_path)
    found = own(tmp_path, deep=True)
    assert [found[name].health for name in sorted(found)] == ["works", "works"]
    assert found["arousal model"].detail == "brightness (brightness.onnx, CC0-1.0)"
    assert found["embedding model"].detail == "word bag (word-bag.onnx, CC0-1.0)"


def test_one_that_does_not_run_is_broken(tmp_path) -> None:
    path = embedding_models.usable(tmp_path)
    path.write_bytes(b"no model")
    found = own(tmp_path, deep=True)
    assert found["embedding model"].health == "broken"
    assert found["arousal model"].health == "installed"
