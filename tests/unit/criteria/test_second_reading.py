"""The second reading of verdicts: taken over only with the lines that bear it out, and never out of doubt."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, find_signals, judge
from speechqa.criteria.calltext import CallText
from speechqa.criteria.case import Case
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.phases import course
from speechqa.criteria.readings import READINGS
from speechqa.criteria.second_reading import MARK, SecondReading
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.verdict_features import features
from speechqa.criteria.verdict_model import FILE, shipped_verdict_model
from tests.support.calls_as_text import RUBRIC as BY_RULES
from tests.support.calls_as_text import SERVICE, transcript

ROOT = Path(__file__).parents[3]
CALL = """
a: good morning harrow bank leanne speaking
c: hi my card has been swallowed by your machine again
a: which branch was that at
c: the one on the high street
a: a new one is in the post tonight and you will have it by thursday
c: okay
a: bye now
c: bye
"""
BALANCE = """
a: hello
c: i want to know my balance
a: hang on
c: okay
a: it is ninety pounds
c: oh
a: well
c: bye
"""
FROZEN = """
a: hey there thanks for calling juniper yoga how are you
c: good good so i bought the ten class pass and i hurt my back so i'm wondering can it be paused
a: oh no your back how bad is it like laid up or just careful
c: careful doctor says six weeks
a: we can freeze it up to three months so i'd say two to be safe
c: two's great
a: email on the pass
c: it's dana at larkmail
a: okay frozen till march first you got seven classes left
c: awesome thank you so much
a: feel better dana
c: thanks bye
"""


class Marked:
    """Turns as a model would mark them: by line, the marks that it gives a probability of nine in ten."""

    def __init__(self, **given: str) -> None:
        self._given = {int(at.lstrip("l")): names.split() for at, names in given.items()}

    def marks(self, text):
        return [dict.fromkeys(self._given.get(line.position, []), 0.9) for line in text.lines]


class Says:
    """A model of verdicts that always says the same."""

    def __init__(self, verdict: Verdict, sure: float = 0.9) -> None:
        self._odds = dict.fromkeys(Verdict, (1 - sure) / 3) | {verdict: sure}

    def reads(self, _name: str) -> bool:
        return True

    def changes(self, _name: str, rules: Verdict, other: Verdict) -> bool:
        return rules is not other

    def odds(self, _name, _features):
        return self._odds

    def least(self, _name: str) -> float:
        return 0.5


def case_of(
    criterion: str, text: str = CALL, said: Transcript | None = None, **seen: object
) -> tuple[Case, Finding]:
    view = CallView(transcript=said or transcript(text, "en"), language="en", **seen)
    words = CallText(lexicon_of(BY_RULES), view.transcript)
    (asked,) = [one for one in SERVICE.criteria if one.id == criterion]
    (finding,) = [one for one in judge(BY_RULES, view) if one.criterion == criterion]
    return Case(asked, view, words, course(words)), finding


def reread(criterion: str, verdict: Verdict, *, sure: float = 0.9, text: str = CALL, **given: str) -> Finding:
    case, finding = case_of(criterion, text)
    second = SecondReading(case.text, Marked(**given), Says(verdict, sure))
    return second.reread(case, finding)


def test_where_both_say_the_same_the_rules_finding_stands() -> None:
    case, finding = case_of("needs_clarification")
    assert finding.verdict is Verdict.PASS
    assert SecondReading(case.text, Marked(), Says(Verdict.PASS)).reread(case, finding) is finding


def test_another_verdict_quotes_the_turns_it_goes_by_and_says_so() -> None:
    found = reread("empathy", Verdict.PASS, l1="complaint", l4="empathy")
    assert found.verdict is Verdict.PASS
    (proof,) = found.evidence
    assert (proof.turn, proof.speaker) == (4, "agent")
    assert MARK in proof.note
    assert found.confidence == pytest.approx(0.9)


def test_a_pass_that_no_turn_bears_out_is_not_taken_over() -> None:
    _, rules = case_of("thanks")
    assert rules.verdict is Verdict.FAIL
    assert reread("thanks", Verdict.PASS, l1="complaint") == rules


def test_what_counts_against_somebody_must_be_shown() -> None:
    _, rules = case_of("no_indifference")
    assert rules.verdict is Verdict.PASS
    assert reread("no_indifference", Verdict.FAIL, l1="complaint") == rules
    found = reread("no_indifference", Verdict.FAIL, l6="indifference")
    assert (found.verdict, found.evidence[0].quote) == (Verdict.FAIL, "bye now")


def test_hardly_likelier_is_not_enough() -> None:
    _, rules = case_of("no_indifference")
    assert reread("no_indifference", Verdict.FAIL, sure=0.3, l6="indifference") == rules


def test_a_failure_for_what_is_missing_shows_what_asked_for_it() -> None:
    found = reread("empathy", Verdict.FAIL, l1="complaint distress")
    assert found.verdict is Verdict.FAIL
    assert [one.turn for one in found.evidence] == [1]
    assert found.would_change


def test_what_does_not_apply_leaves_the_count() -> None:
    found = reread("needs_clarification", Verdict.NOT_APPLICABLE)
    assert (found.verdict, found.possible) == (Verdict.NOT_APPLICABLE, None)
    assert MARK in found.reason


def test_parts_are_in_step_with_the_verdict() -> None:
    passed = reread("thanks", Verdict.PASS, l6="thank")
    assert {one.id: one.verdict for one in passed.components} == {
        "thanked": Verdict.PASS,
        "specific": Verdict.FAIL,
    }
    failed = reread("expectation_summary", Verdict.FAIL, l1="need", l4="achieved next when", l5="assent")
    assert failed.verdict is Verdict.FAIL
    assert any(one.verdict is Verdict.FAIL for one in failed.components[:3])
    assert failed.earned is not None
    assert failed.possible == 10
    assert failed.earned < failed.possible


def test_a_summary_with_nothing_pending_asks_for_no_time() -> None:
    found = reread("expectation_summary", Verdict.PASS, text=BALANCE, l4="achieved")
    assert found.verdict is Verdict.PASS
    parts = {one.id: one.verdict for one in found.components}
    assert parts["next_step"] is parts["deadline"] is Verdict.NOT_APPLICABLE


def heard(confidence: float, text: str = CALL, **other: float) -> Transcript:
    """The call with words of that confidence; `other` are lines of another."""
    turns = []
    for at, line in enumerate(text.strip().split("\n")):
        words = tuple(
            Word(
                text=word,
                start=at * 5 + n * 0.2,
                end=at * 5 + n * 0.2 + 0.1,
                confidence=other.get(f"l{at}", confidence),
            )
            for n, word in enumerate(line[3:].split())
        )
        speaker = "agent" if line[0] == "a" else "customer"
        turns.append(Turn(speaker=speaker, text=line[3:], words=words))
    return Transcript(language="en", engine="heard", turns=tuple(turns), mean_confidence=confidence)


def test_doubtful_words_are_no_evidence_and_do_not_end_an_abstention() -> None:
    case, finding = case_of("thanks", said=heard(0.3))
    second = SecondReading(case.text, Marked(l6="thank"), Says(Verdict.PASS))
    assert finding.verdict is Verdict.NOT_ASSESSED
    assert second.reread(case, finding) is finding
    assert second.marks[6] == {}
    clear, found = case_of("thanks", said=heard(0.95))
    assert SecondReading(clear.text, Marked(l6="thank"), Says(Verdict.PASS)).reread(clear, found) is not found


def test_what_is_missing_where_a_stretch_was_heard_badly_stays_open() -> None:
    filler = "a: i can see the card there and i am looking\nc: okay that is good to know\n"
    text = CALL.strip().replace("a: a new one", filler * 6 + "a: a new one")
    badly = {f"l{at}": 0.5 for at in (14, 16, 18)}
    case, finding = case_of("thanks", said=heard(0.98, text, **badly))
    # The rules abstain for the last lines alone.
    assert case.unheard_well() is None
    assert finding.verdict is Verdict.NOT_ASSESSED
    for verdict in (Verdict.FAIL, Verdict.PASS, Verdict.NOT_APPLICABLE):
        second = SecondReading(case.text, Marked(l18="thank"), Says(verdict))
        assert second.reread(case, finding) is finding
    clear, other = case_of("thanks", said=heard(0.98, text))
    assert other.verdict is Verdict.FAIL
    stands = case.not_assessed("The transcript stops before a closing", "The rest of the call")
    # And no failure is made out of lines that were heard so.
    assert SecondReading(case.text, Marked(), Says(Verdict.FAIL)).reread(case, stands) is stands
    made = SecondReading(clear.text, Marked(), Says(Verdict.FAIL)).reread(clear, stands)
    assert (made.verdict, made.evidence) == (Verdict.FAIL, ())
    assert MARK in made.reason


def test_the_rules_verdict_on_doubtful_words_is_not_taken_back() -> None:
    text = CALL.replace("bye now", "thank you for calling us bye now")
    case, finding = case_of("thanks", said=heard(0.95, text, l6=0.34))
    clear = replace(finding, verdict=Verdict.PASS, evidence=(Evidence(speaker="agent", quote="bye", turn=6),))
    assert SecondReading(case.text, Marked(), Says(Verdict.FAIL)).reread(case, clear) is clear


def test_a_call_known_to_be_cut_stays_open() -> None:
    text = "\n".join(CALL.strip().split("\n")[:5]) + "\nc: which day\na: thursday\nc: and at what time"
    case, finding = case_of("thanks", text, complete=False)
    assert finding.verdict is Verdict.NOT_ASSESSED
    assert SecondReading(case.text, Marked(), Says(Verdict.FAIL)).reread(case, finding) is finding
    case, finding = case_of("empathy", text, complete=False)
    assert finding.verdict is not Verdict.FAIL
    found = SecondReading(case.text, Marked(l1="complaint"), Says(Verdict.FAIL)).reread(case, finding)
    assert found is finding
    case, finding = case_of("empathy", text)
    found = SecondReading(case.text, Marked(l1="complaint"), Says(Verdict.FAIL)).reread(case, finding)
    assert found is not finding


def test_that_nothing_was_said_is_not_read_out_of_what_was_heard_badly() -> None:
    for confidence, taken in ((0.95, True), (0.6, False)):
        said = heard(confidence, CALL.replace("bye now", "it is what it is"))
        case, finding = case_of("no_indifference", said=said)
        assert finding.verdict is Verdict.FAIL
        found = SecondReading(case.text, Marked(), Says(Verdict.PASS)).reread(case, finding)
        assert (found is not finding) is taken
        assert (MARK in found.reason) is taken
        case, finding = case_of("needs_clarification", said=heard(confidence))
        found = SecondReading(case.text, Marked(), Says(Verdict.NOT_APPLICABLE)).reread(case, finding)
        assert (found.verdict is Verdict.NOT_APPLICABLE) is taken


def test_what_asks_for_something_is_quoted_whoever_says_it() -> None:
    found = reread("no_policy_hiding", Verdict.FAIL, l4="refuse")
    assert [(one.turn, one.speaker) for one in found.evidence] == [(4, "agent")]
    _, rules = case_of("no_policy_hiding")
    assert reread("no_policy_hiding", Verdict.FAIL) == rules


def test_parts_quote_what_a_pass_rests_on() -> None:
    text = BALANCE.replace("well", "if you do not pay by monday you will be charged")
    found = reread("expectation_summary", Verdict.PASS, text=text, l2="when", l4="next", l6="promise when")
    parts = {one.id: one for one in found.components}
    assert parts["outcome"].evidence == found.evidence
    assert [one.turn for one in parts["next_step"].evidence] == [4]
    assert [one.turn for one in parts["deadline"].evidence] == [2]
    assert found.earned == found.possible - 2
    waited = reread("hold_etiquette", Verdict.PASS, l6="hold_back")
    assert [one.verdict for one in waited.components] == [
        Verdict.NOT_APPLICABLE,
        Verdict.NOT_APPLICABLE,
        Verdict.PASS,
    ]
    assert waited.earned == waited.possible


def test_a_call_of_one_party_alone_is_left_to_the_rules() -> None:
    text = "\n".join(line for line in (CALL * 2).split("\n") if line.startswith("a"))
    case, finding = case_of("thanks", text)
    second = SecondReading(case.text, Marked(l7="thank"), Says(Verdict.PASS))
    assert len(case.text.lines) >= 8
    assert second.reread(case, finding) is finding


def test_signals_are_read_again_with_their_turns() -> None:
    case, _ = case_of("thanks")
    view = case.view
    rules = find_signals(view, BY_RULES).satisfaction_expressed
    assert rules.value is False
    second = SecondReading(case.text, Marked(l5="satisfied"), Says(Verdict.PASS))
    found = second.signal("satisfaction_expressed", rules)
    assert (found.value, found.evidence[0].quote) == (True, "okay")
    unseen = SecondReading(case.text, Marked(), Says(Verdict.PASS))
    assert unseen.signal("satisfaction_expressed", rules) == rules


ANNOYED = CALL.replace("again", "again and i am really disappointed in you")


def test_beside_a_sure_turn_a_doubtful_one_is_not_quoted() -> None:
    case, _ = case_of("thanks")

    class Graded:
        def marks(self, text):
            given = {1: 0.9, 3: 0.3, 5: 0.8}
            return [{"leaving": given[one.position]} if one.position in given else {} for one in text.lines]

    found = SecondReading(case.text, Graded(), Says(Verdict.PASS)).signal(
        "churn_risk", find_signals(case.view, BY_RULES).churn_risk
    )
    assert [one.turn for one in found.evidence] == [1, 5]
    Graded.marks = lambda _self, text: [{"leaving": 0.9 if one.position == 1 else 0.3} for one in text.lines]
    found = SecondReading(case.text, Graded(), Says(Verdict.PASS)).signal(
        "churn_risk", find_signals(case.view, BY_RULES).churn_risk
    )
    assert [one.turn for one in found.evidence] == [1]


def test_a_signal_that_is_hardly_likely_is_taken_back_and_says_by_whom() -> None:
    case, _ = case_of("thanks", ANNOYED)
    rules = find_signals(case.view, BY_RULES).complaint
    assert rules.value
    found = SecondReading(case.text, Marked(), Says(Verdict.PASS, 0.4)).signal("complaint", rules)
    assert (found.value, found.evidence) == (False, ())
    assert MARK in found.reason
    assert SecondReading(case.text, Marked(), Says(Verdict.PASS, 0.6)).signal("complaint", rules) is rules


def test_a_signal_that_no_model_has_learnt_stays_the_rules() -> None:
    case, _ = case_of("thanks", ANNOYED)
    rules = find_signals(case.view, BY_RULES).complaint
    assert not shipped_verdict_model().reads("complaint")
    assert shipped_verdict_model().least("public_or_legal_threat") is None
    unread = Says(Verdict.FAIL)
    unread.least = lambda _name: None
    assert SecondReading(case.text, Marked(l1="leaving"), unread).signal("complaint", rules) is rules


def test_a_criterion_is_shown_its_own_marks_alone() -> None:
    reading = READINGS["thanks"]
    lines = [("agent", {"thank": 0.4}), ("agent", {"thank": 0.2})]
    curt = [(role, {**marks, "patronise": 0.9, "complaint": 0.0}) for role, marks in lines]
    assert features(reading, Verdict.FAIL, 0.8, lines) == features(reading, Verdict.FAIL, 0.8, curt)


def test_the_shipped_model_reads_what_has_sentences_and_knows_its_features() -> None:
    model = shipped_verdict_model()
    known = {**READINGS, **SIGNALS}
    assert any(model.reads(name) for name in known)
    assert any(model.least(name) is not None for name in SIGNALS)
    for name, reading in known.items():
        assert reading.passed
        assert reading.failed
        if model.reads(name) or model.least(name) is not None:
            odds = model.odds(name, {"rules pass": 1.0})
            assert sum(odds.values()) == pytest.approx(1, abs=0.01)
    assert not model.reads("greeting of another rubric")


def test_a_rubric_may_go_by_its_rules_alone() -> None:
    view = CallView(transcript=transcript(FROZEN, "en"), language="en")
    rules, both = judge(BY_RULES, view), judge(SERVICE, view)
    assert not any(told(one) for one in rules)
    # Whatever the models change says that they did.
    changed = [one for first, one in zip(rules, both, strict=True) if first != one]
    assert changed
    assert all(told(one) for one in changed)


def told(finding: Finding) -> bool:
    """Whether a finding says that the models made it."""
    return any(MARK in said for said in (finding.reason, *(one.note for one in finding.evidence)))


def test_the_same_call_gives_the_same_findings() -> None:
    view = CallView(transcript=transcript(CALL, "en"), language="en")
    assert judge(SERVICE, view) == judge(SERVICE, view)


def test_the_copy_in_models_is_the_same_file() -> None:
    for suffix in (".onnx", ".toml"):
        copy = (ROOT / "models" / FILE.name).with_suffix(suffix)
        assert copy.read_bytes() == FILE.with_suffix(suffix).read_bytes()


def test_turns_of_nobody_known_are_left_alone() -> None:
    turns = tuple(Turn(speaker="x", text=line[3:]) for line in CALL.strip().split("\n"))
    said = Transcript(language="en", engine="imported", turns=turns)
    findings = judge(SERVICE, CallView(transcript=said, language="en"))
    assert {one.verdict for one in findings} == {Verdict.NOT_ASSESSED}
