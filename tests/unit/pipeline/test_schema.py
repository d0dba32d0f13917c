"""The schema other programs validate against is the one documents are made by."""

import json
from pathlib import Path

from speechqa.core.codec import json_schema


def test_the_published_schema_is_the_one_in_force():
    published = Path(__file__).parents[3] / "docs" / "call.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == json.loads(json.dumps(json_schema())), (
        "run: speechqa schema > docs/call.schema.json"
    )
