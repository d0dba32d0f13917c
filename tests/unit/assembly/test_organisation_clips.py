"""Pieces to hear of the report on the organisation: each has a file of its own."""

from __future__ import annotations

from speechqa.assembly import organisation
from speechqa.scoring.organisation import Blamed, Clip, Organisation


def test_calls_whose_ids_are_hebrew_have_clips_of_their_own(tmp_path, monkeypatch):
    def save(store, call_id, wanted, target, **_):
        target.write_text(call_id, encoding="utf-8")

    monkeypatch.setattr(organisation, "save_clip", save)
    ids = ("שיחה", "דיבור", "a.b", "a-b")
    clips = tuple(Clip(call_id=one, start=0.0, end=9.5, why="complaint") for one in ids)
    found = Organisation(
        calls=4, untimed=0, touched=0, excused=0, faults=(), by_kind={}, causes={}, unheard=0,
        blamed=(Blamed(about="billing", calls=4, quotes=(), clips=clips),),
    )  # fmt: skip
    made = [path for path, _ in organisation.save_clips(None, found, tmp_path, by="Dana")]
    assert [path.read_text("utf-8") for path in made] == [*ids]
    assert all(path.name.isascii() for path in made)
