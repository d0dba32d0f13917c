"""What broke a parser once, by a crash or by taking for ever, and must not again."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import zipfile

import pytest

from speechqa.assembly.reporting.folder import MANIFEST, entries_in
from speechqa.assembly.review_rows import read_reviews
from speechqa.config import RETENTION, retention_days
from speechqa.criteria import phrasefile
from speechqa.criteria.lexicon import Lexicon
from speechqa.criteria.loader import load_rubric
from speechqa.criteria.patterns import Item, covers
from speechqa.criteria.phrasefile import _Exceptions, read_phrases
from speechqa.criteria.sources import Source
from speechqa.criteria.verdict_features import most_within
from speechqa.errors import ConfigurationError, RubricError, TranscriptError, UsageError
from speechqa.ingest.manifest import BadRow, read_manifest
from speechqa.privacy.emails import written_addresses
from speechqa.privacy.redaction import redact_text
from speechqa.reports.case_archive import check_archive
from speechqa.transcripts import parse, reading
from tests.support.hanging import must_end

CUE = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"


def test_a_character_of_thousands_of_digits():
    turns = parse(
        CUE + b"a&#" + b"9" * 5000 + b";b &#" + b"0" * 5000 + b"65; &#x5d0;", "vtt"
    ).transcript.turns
    assert turns[0].text == "a\ufffdb A א"


def test_a_number_in_a_textgrid_that_is_none():
    with must_end(), pytest.raises(TranscriptError):
        parse(b'"ooTextFile"\n"TextGrid"\n' + b"1" * 200_000 + b"x\n", "textgrid")


def test_days_of_thousands_of_digits():
    for days in ("9" * 5000, "0", "100001", "-1", "²"):
        with pytest.raises(ConfigurationError):
            retention_days({RETENTION: days})
    assert retention_days({RETENTION: "100000"}) == 100_000


def test_a_word_of_half_a_million_letters_before_an_at():
    with must_end():
        for text in ("a" * 500_000 + " @", "a." * 250_000 + " @", "@" + "a." * 250_000, "a@" * 50_000):
            assert not list(written_addresses(text))[1:] or "a@" in text
        assert redact_text("a" * 100_000 + "@x.com") == "[email]"


# What addresses are: this says it plainly, and takes for ever on the words above.
ADDRESS = re.compile(r"[\w+%-]+(?:\.[\w+%-]+){0,8}\s?@\s?[\w-]+(?:\s?\.\s?[\w-]{2,}){1,5}|[\w.+%-]+@[\w-]+")


def test_addresses_are_found_as_they_are_defined():
    drawn = random.Random(1)
    for _ in range(4000):
        text = "".join(drawn.choice("aab.@@ +-_1\n.a@") for _ in range(drawn.randint(0, 30)))
        assert list(written_addresses(text)) == [found.span() for found in ADDRESS.finditer(text)], text


def source(folder, text):
    path = folder / "p.toml"
    path.write_text(text, encoding="utf-8")
    return Source(path)


def letters(number):
    return "w" + "".join("bcdfghjklm"[int(digit)] for digit in str(number))


def phrases(key, count, form):
    return f"{key} = [" + ",\n".join(f'"{form.format(letters(n))}"' for n in range(count)) + "]\n"


def test_a_key_of_many_parts(tmp_path):
    for text in (
        ".".join("a" * 40_000) + " = 1",
        "[" + ".".join("a" * 40_000) + "]",
        '"a" . ' * 30_000 + "a = 1",
    ):
        with must_end(), pytest.raises(RubricError, match="no valid TOML"):
            source(tmp_path, text)
    assert source(tmp_path, 'a.b.c = "' + "a.b." * 10 + '"\n').table["a"]["b"]["c"].startswith("a.b.")


def test_a_rubric_of_faults_alone(tmp_path):
    with must_end():
        text = 'language = "en"\n[a]\n' + phrases("any", 8_000, "( {}")
        read = read_phrases(source(tmp_path, text), doubting=True)
    assert [problem.line for problem in read.problems] == [number + 3 for number in range(8_000)]


def test_a_rubric_of_tables_alone(tmp_path):
    text = 'language = "en"\n' + "".join(f"[t{n}]\nany = ['(']\n" for n in range(5_000))
    with must_end(5):
        read = read_phrases(source(tmp_path, text), doubting=True)
    assert [problem.line for problem in read.problems] == [3 + 2 * n for n in range(5_000)]


@pytest.mark.parametrize("form", ["{} four", "four {}"])
def test_as_many_exceptions_as_phrases(tmp_path, form, monkeypatch):
    monkeypatch.setattr(phrasefile, "_MOST_COMPARED", 20_000)
    text = 'language = "en"\n[a]\n' + phrases("any", 500, "four {} one") + phrases("unless", 500, form)
    with must_end():
        problems = read_phrases(source(tmp_path, text), doubting=True).problems
    said = {problem.message for problem in problems}
    if form == "{} four":
        assert not said
    else:
        # All begin alike, so that each would have to be compared with each; that is said, not done.
        assert said == {"The list has too many exceptions alike to tell which phrases they always void"}


def test_exceptions_void_what_they_always_did():
    drawn = random.Random(2)

    def item():
        kind = drawn.choice(["word", "word", "set", "stem", "class", "number", "any", "gap"])
        value = {"word": drawn.choice("ab"), "set": " ".join(sorted(drawn.sample("abc", 2))), "stem": "a"}
        return Item(kind, value.get(kind, ""), drawn.choice([2, 3]) if kind == "gap" else 0)

    def sequence(most):
        return tuple(item() for _ in range(drawn.randint(1, most)))

    for _ in range(3000):
        said, unless = sequence(5), {sequence(3) for _ in range(drawn.randint(0, 3))}
        wholly = any(
            all(covers(wide, narrow) for wide, narrow in zip(short, said[at:], strict=False))
            for short in unless
            for at in range(len(said) - len(short) + 1)
        )
        assert _Exceptions(unless).void(said) is wholly


def test_phrases_are_no_regular_expressions_and_cannot_go_back(tmp_path):
    evil = ["(a+)+$", "(x|xx)*y", "(.*)*z", "(?:a|a)*b", "one (two|three) four"]
    # Whoever tried one way through the gaps after the other would try 8 to the 8th.
    deep = " ".join(["first", *["*8 _"] * 8, "last"])
    text = 'language = "en"\n[a]\nany = [' + ",".join(f"'{one}'" for one in (*evil, deep)) + "]\n"
    with must_end():
        read = read_phrases(source(tmp_path, text), doubting=True)
        kept = Lexicon(read.lists, read.classes)
        assert "a" not in kept.read("a" * 5000 + "!").hits
        assert "a" not in kept.read("first two three " * 100).hits
        assert "a" in kept.read("one three four").hits


def test_many_beginnings_of_words(tmp_path):
    text = 'language = "en"\n[a]\n' + phrases("any", 1_000, "ab{}*")
    kept = Lexicon(read_phrases(source(tmp_path, text), doubting=True).lists, ())
    hits = kept.read(" ".join(f"ab{letters(n)}" for n in range(0, 900, 2))).hits["a"]
    # Looked up by their own beginnings, not gone through.
    assert kept._stem_ids("ab" + letters(7)) == {kept._stems["ab" + letters(7)]}
    assert len(hits) == 450


def test_names_of_rubrics_that_no_file_can_have(tmp_path):
    for name in ("a" * 300, "א" * 200, "x/" + "a" * 300, "x\udcff.toml", "/dev/zero", str(tmp_path)):
        with pytest.raises(RubricError, match="no such rubric"):
            load_rubric(name)
    path = tmp_path / "r.toml"
    path.write_text(f'version = 1\nextends = "{"א" * 99}"\nphrases = ["{"א" * 99}"]\n', encoding="utf-8")
    with pytest.raises(RubricError):
        load_rubric(path)


@pytest.mark.parametrize("name", ['["thanks"]', "{a = 1}"])
def test_a_criterion_whose_id_is_no_text(tmp_path, name):
    path = tmp_path / "r.toml"
    path.write_text(
        f'version = 1\nextends = "service"\ndrop = ["thanks"]\n[[criterion]]\nid = {name}\n'
        '[[criterion]]\nid = "mine"\npoints = 8\n',
        encoding="utf-8",
    )
    with pytest.raises(RubricError):
        load_rubric(path)


def test_a_list_of_calls_whose_line_never_ends(tmp_path):
    path = tmp_path / "m.csv"
    path.write_bytes(b"file,x\n" + b"a" * 3_000_000 + b"\nb.wav,1\n" + b"c" * 2_000_000 + b"\r\nd.wav,2\n")
    rows = list(read_manifest(str(path)))
    assert [(isinstance(row, BadRow), row.line) for row in rows] == [
        (True, 2),
        (False, 3),
        (True, 4),
        (False, 5),
    ]
    assert "1,048,576 characters" in str(rows[0].error)


def test_an_archive_that_is_all_directory(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", "b")
    whole = made.getvalue()
    end = whole.rindex(b"PK\x05\x06")
    # 20 MB of it, each entry some six hundred bytes once it is read.
    entry = whole[whole.index(b"PK\x01\x02") : end]
    count = 20_000_000 // len(entry)
    directory = entry * count
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFE, 0xFFFE, len(directory), end - len(entry), 0)
    path = tmp_path / "p.zip"
    path.write_bytes(whole[: end - len(entry)] + directory + tail)
    (problem,) = check_archive(path).problems
    assert "directory of" in problem


def test_an_account_of_pages_that_is_no_file(tmp_path):
    os.mkfifo(tmp_path / MANIFEST)
    with must_end(5):
        assert entries_in(tmp_path) == ()
    (tmp_path / MANIFEST).unlink()
    (tmp_path / MANIFEST).symlink_to("/dev/zero")
    assert entries_in(tmp_path) == ()


def test_verdicts_of_people_without_end(tmp_path):
    path = tmp_path / "r.csv"
    path.symlink_to("/dev/zero")
    with pytest.raises(UsageError, match="too large"):
        read_reviews(path)


@pytest.mark.parametrize(
    ("form", "data"),
    [("simple", b'{"turns":[' + b"[]," * 20 + b"[]]}"), ("srt", b"1\n" * 20), ("rttm", b";\n" * 20)],
)
def test_a_transcript_of_more_pieces_than_a_day_has(form, data, monkeypatch):
    monkeypatch.setattr(reading, "MAX_PIECES", 15)
    with pytest.raises(TranscriptError, match="more than 15"):
        parse(data, form)


def test_the_largest_within_reach_is_that_of_each_piece():
    drawn = random.Random(3)
    for _ in range(500):
        values = [drawn.randrange(5) for _ in range(drawn.randint(0, 12))]
        back, ahead = drawn.choice([0, 1, 3, 10**6]), drawn.choice([0, 1, 3, 10**6])
        pieces = [max(values[max(0, at - back) : at + ahead + 1]) for at in range(len(values))]
        assert list(most_within(values, back, ahead)) == pieces


class Counted(float):
    """A number that counts how often it is compared."""

    compared = 0

    def __le__(self, other):
        Counted.compared += 1
        return float(self) <= float(other)


def test_a_call_of_many_lines_is_gone_through_a_few_times_for_each_pair():
    values = [Counted(n % 7) for n in range(5000)]
    assert len(list(most_within(values, 10**6, 10**6))) == 5000
    assert Counted.compared < 3 * 5000
