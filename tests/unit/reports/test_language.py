"""Pages in Hebrew: nothing is left in English unseen, and nothing that was quoted is changed."""

from __future__ import annotations

import ast
import random
import re
import string
import tomllib
from pathlib import Path

import pytest

from benchmarks.marked_calls import marked_calls
from speechqa.criteria import CallView, find_signals, judge
from speechqa.reports.arousal_picture.words import ENGLISH, HEBREW
from speechqa.reports.language import language
from speechqa.reports.language.catalogue import catalogue
from speechqa.reports.language.sentences import PLACE, Pattern, Sentences
from tests.support.calls_as_text import SERVICE
from tests.support.told_sentences import SIGNALS, sentences_of_findings, untold

HEBREW_PAGE = language("he")
CATALOGUE = catalogue("he")
SOURCES = Path(__file__).parents[3] / "speechqa"
LABELS = {
    english: [said] if isinstance(said, str) else list(said.values())
    for english, said in CATALOGUE.labels.items()
}
EVERY = [
    *((english, said) for english, every in LABELS.items() for said in every),
    *CATALOGUE.sentences.items(),
]


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_what_the_judge_says_of_marked_calls_is_told_in_hebrew():
    calls = random.Random(7).sample(list(marked_calls()), 60)
    said = []
    for number, call in enumerate(calls):
        cut = CallView(
            transcript=call.transcript,
            language=call.transcript.language,
            complete=(None, True, False)[number % 3],
            missing_start=number % 5 == 0,
        )
        said += sentences_of_findings(judge(SERVICE, cut))
        found = find_signals(cut, SERVICE)
        said += [getattr(found, name).reason for name in SIGNALS]
    assert len({sentence for sentence in said if sentence}) > 120
    assert untold(filter(None, said)) == []


@pytest.mark.parametrize(
    "file",
    [
        "criteria/readings.py",
        "criteria/practice_readings.py",
        "criteria/signal_readings.py",
        "criteria/signals.py",
        "scoring/attention.py",
    ],
)
def test_every_sentence_written_there_is_told_in_hebrew(file):
    assert untold(_written_in(SOURCES / file)) == []


def test_every_sentence_of_the_detectors_is_told_in_hebrew():
    written = [said for file in (SOURCES / "criteria/detectors").glob("*.py") for said in _written_in(file)]
    assert len(written) > 150
    assert untold(written) == []


def test_every_rule_of_turn_taking_is_told_in_hebrew():
    rules = [
        call.args[2].value
        for call in ast.walk(ast.parse((SOURCES / "dialogue/overlaps/rules.py").read_text("utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Judgement"
        and isinstance(call.args[2], ast.Constant)
    ]
    assert len(rules) > 20
    assert untold(rules) == []


def _written_in(file: Path) -> list[str]:
    """Whole sentences in a file: four words or more, a capital first; descriptions of things left out."""
    tree = ast.parse(file.read_text("utf-8"))
    left_out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.JoinedStr | ast.Assert | ast.Raise):
            left_out |= {id(inner) for inner in ast.walk(node)}
            left_out -= {id(inner) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in left_out
        and re.match(r"[A-Z][\w,;'-]*( \S+){3,}$", node.value)
    ]


def test_every_label_of_the_pages_is_in_the_catalogue():
    said = {text for file in SOURCES.glob("reports/**/*.py") for text in _said_in(file)}
    form = re.compile(r"""\bsay\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
    for file in SOURCES.glob("reports/**/*.j2"):
        said |= {one or other for one, other in form.findall(file.read_text("utf-8"))}
    assert len(said) > 40
    assert sorted(said - set(HEBREW_PAGE.labels)) == []


def _said_in(file: Path) -> list[str]:
    if "language" in file.parts:
        return []
    return [
        call.args[0].value
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and "say" in (getattr(call.func, "attr", ""), getattr(call.func, "id", ""))
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


def test_no_english_stands_in_two_files():
    files = sorted(SOURCES.glob("reports/language/he/*.toml"))
    for table in ("labels", "sentences"):
        said = [
            english for file in files for english in tomllib.loads(file.read_text("utf-8")).get(table, {})
        ]
        assert len(said) > 100
        assert sorted(said) == sorted(set(said))
    assert {english for english in CATALOGUE.labels if english in CATALOGUE.sentences} == set()


def test_places_of_english_and_hebrew_agree():
    for english, said in LABELS.items():
        for one in said:
            # Of one or two things the count itself may go unsaid.
            assert _names(one) == _names(english) or (len(said) > 1 and _names(one) < _names(english)), (
                english
            )
        assert _names(said[-1]) == _names(english), english
    for english, told in CATALOGUE.sentences.items():
        places = [name for name, _ in PLACE.findall(english)]
        assert len(places) == len(set(places)), english
        assert "{" not in PLACE.sub("", english), english
        assert _names(told) == set(places), english


def test_hebrew_sentences_are_whole():
    for english, said in EVERY:
        for left, right in ("()", "[]", "“”", "\u2066\u2069"):
            assert said.count(left) == said.count(right), english
        assert said.count('"') % 2 == 0, english
        assert english.rstrip()[-1:] not in ".:" or english.rstrip()[-1] == said.rstrip()[-1], english
        assert "  " not in said, english
        shown = re.sub("\u2066[^\u2069]*\u2069", "", re.sub(r"\{\w+\}", "", said))
        assert not re.search("[A-Za-z]", shown), f"Latin letters outside of an isolate: {english}"


def test_the_places_of_a_pattern_do_not_touch():
    for english in CATALOGUE.sentences:
        assert not re.search(r"\}\{", english) or "{where:known}" in english, english


def test_a_pattern_is_told_whatever_stands_in_its_places():
    fill = {"number": "3", "party": "agent", "phrase": "x", "text": "x y", "told": "x y", "known": "pass"}
    for english in CATALOGUE.sentences:
        sentence = PLACE.sub(lambda place: fill[place[2]], english)
        assert HEBREW_PAGE.told(sentence) != f"\u2066{sentence}\u2069", english


def test_picture_and_page_say_the_same():
    for kind, words in HEBREW.kinds.items():
        assert HEBREW_PAGE.say(kind.replace("_", " ")) == words
    for field in ("agent", "customer"):
        assert HEBREW_PAGE.say(getattr(ENGLISH, field)) == getattr(HEBREW, field)
    notice = "What was said before a change is where to listen, not its proven cause"
    assert f"{HEBREW_PAGE.told(notice)}." == HEBREW.not_because


@pytest.mark.parametrize(
    "quote",
    [
        'a"; The agent greets; "b',
        "The agent greets",
        "{count} {0} {quote:text} %s",
        "<script>alert(1)</script>",
        'חו"ל, צה"ל; The customer agrees.',
        '", as the trained model reads it',
        "x" * 10_000,
    ],
)
def test_a_quote_in_a_reason_comes_out_as_it_went_in(quote):
    told = HEBREW_PAGE.told(f'Perhaps the solution is stated in words that are not known: "{quote}"')
    assert told == f'ייתכן שהפתרון נאמר במילים שאינן מוכרות: "\u2068{quote}\u2069"'


def test_reasons_of_roles_are_told_one_by_one():
    told = HEBREW_PAGE.told(
        'A offers help ("how can i help; really" at 3.2 s); B tells of a problem ("it broke"); '
        "against it: B speaks first"
    )
    assert told == (
        'צד \u2066A\u2069 מציע עזרה ("\u2068how can i help; really\u2069" ב־3.2 שניות); '
        'צד \u2066B\u2069 מספר על בעיה ("\u2068it broke\u2069"); מנגד: צד \u2066B\u2069 פותח בדיבור'
    )


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("", ""),
        ("3.5", "3.5"),
        ("Nobody ever wrote this", "\u2066Nobody ever wrote this\u2069"),
        ("The agent greets; nobody ever wrote this", "\u2066The agent greets; nobody ever wrote this\u2069"),
        ("נועה ברק", "נועה ברק"),
        ("No arguing is found, as the trained model reads it", "לא נמצא ויכוח, לפי קריאת המודל המאומן"),
        (
            "corrected by Dana on 2026-01-02: The agent greets; The agent greets",
            "תוקן בידי \u2068Dana\u2069 ב־\u20662026-01-02\u2069: "
            "\u2068The agent greets; The agent greets\u2069",
        ),
    ],
)
def test_what_is_told_and_what_is_left(english, told):
    assert HEBREW_PAGE.told(english) == told


@pytest.mark.parametrize(
    "text", ['A x ("' * 8000, "; " * 4000, '"' * 8000, "1" * 8000, "a: " * 3000, '("' * 4000]
)
def test_long_texts_that_mean_to_take_long_are_left_as_they_are(text):
    # Pieces, quotes and figures without an end: what is tried again and again would never come back.
    assert HEBREW_PAGE.told(text).strip("\u2066\u2069") == text


def test_what_stands_in_a_place_of_a_label_is_isolated():
    assert HEBREW_PAGE.say("Call {name}", name="line-2 (א)") == "שיחה \u2068line-2 (א)\u2069"
    assert HEBREW_PAGE.say("Call {name}", name="{count}") == "שיחה \u2068{count}\u2069"
    assert HEBREW_PAGE.say("confidence {value}", value="0.85") == "ביטחון 0.85"


def test_numbers_of_things_agree():
    assert [HEBREW_PAGE.say("{count} calls", count=count) for count in (0, 1, 2, 3)] == [
        "0 שיחות",
        "שיחה אחת",
        "שתי שיחות",
        "3 שיחות",
    ]


def test_an_english_page_says_it_as_it_was_written():
    english = language("en")
    assert english.told("The agent greets") == "The agent greets"
    assert english.say("{count} calls", count=1) == "1 call"
    assert english.say("{count} calls", count=2) == "2 calls"


def test_a_label_nobody_translated_is_shown_in_english():
    assert HEBREW_PAGE.say("a criterion of our own") == "a criterion of our own"


def test_the_pattern_that_says_most_is_meant():
    found = Sentences(
        {}, {"{what:text} is {how:text}": "כללי {what} {how}", "this is {how:text}": "מסוים {how}"}, str
    )
    assert found.told("this is 5") == "מסוים 5"
    assert found.told("that is 5") == "כללי \u2068that\u2069 5"


def test_a_pattern_fits_all_of_a_text_or_nothing():
    pattern = Pattern("at {when:number} s by {who:text}", "")
    assert pattern.places("at 3.5 s by Dana") == {"when": "3.5", "who": "Dana"}
    assert pattern.places("and at 3.5 s by Dana") is None
    assert pattern.places("at 3.5.1.x s by Dana") is None


_VERBS = (
    "אמר|הלך|חזר|לקח|חלק|התייחס|ענה|הספיק|יכול|היה|סיים|העלה|הגיב|אישר|הסכים|קיבל|ויתר|התנגד|הודה|נאלץ|ביקש|"
    "התלונן|הסביר|הביע|מרוצה|צודק|המתין|דיבר|רוצה|סיפר|נשאל|התפרץ|כועס|שאל|הבטיח|התנצל|הציע"
)
_OF_A_MAN = re.compile(
    f"(?<![א-ת])[ולשבמה]{{0,3}}(נציג|לקוח) (לא |עוד |אכן )?({_VERBS})(?![א-ת])|(?<![א-ת])אתה(?![א-ת])"
)


def test_hebrew_says_no_verb_of_agent_or_customer_that_is_a_mans_alone():
    assert _OF_A_MAN.search("הלקוח התלונן")
    assert [said for _, said in EVERY if _OF_A_MAN.search(said)] == []
