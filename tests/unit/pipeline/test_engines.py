"""Engines are put together once."""

from speechqa.assembly.engines import build_engines
from speechqa.config import Settings
from speechqa.protocols import EngineInfo


class Engine:
    def __init__(self, model: str) -> None:
        self.info = EngineInfo(name="whisper", model=model, model_digest=model)


def test_one_model_serves_all_its_languages(monkeypatch):
    chosen = {None: "large", "he": "large", "en": "small.en"}
    monkeypatch.setattr(
        "speechqa.backends.choice.choose_engine", lambda _spec, language, threads: Engine(chosen[language])
    )
    engines = build_engines.__wrapped__(Settings(engine="auto"))
    assert engines.transcriber_for(None) is engines.transcriber_for("he")
    assert engines.transcriber_for("en") is not engines.transcriber_for("he")
