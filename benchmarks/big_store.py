"""A store of 100,000 invented calls, and what it costs to search it and to add it up.

    python -m benchmarks.big_store make --store sqlite:///big.db          # resumes where it was stopped
    python -m benchmarks.big_store measure --store sqlite:///big.db

Calls are made from a seed and their number, so that the same number is the same call wherever it is made.
Every sentence is of our own making, put together from parts; half of the calls are Hebrew. Each command of
the second step runs as a process of its own, as a person runs it: its time includes the start of Python, its
memory is the most that the process ever held.
"""

# ruff: noqa: E501 - tables of sentences
from __future__ import annotations

import argparse
import hashlib
import os
import random
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from speechqa.core.analysis import CallAnalysis, ListenTo, Promise, Provenance, Signal, Signals
from speechqa.core.dialogue import Dialogue, Silence
from speechqa.core.finding import Evidence, Finding, Tally, Verdict
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria.loader import load_rubric
from speechqa.store import open_store

CALLS = 100_000
AGENTS, TEAMS, CUSTOMERS, DAYS = 200, 12, 30_000, 182
FIRST = datetime(2026, 5, 18, 7, 0, tzinfo=timezone(timedelta(hours=3)))
TOPICS = ("billing", "delivery", "internet", "cancelling", "clinic", "insurance")

_EN = {
    "greet": ("good {part} you have reached {shop} this is {name} how may i help", "hello {name} from {shop} speaking what can i do for you"),
    "need": (
        "hi i was charged {sum} dollars twice on my bill", "my parcel from {day} has not come yet",
        "the internet has been down since {day} and i work from home", "i want to cancel my contract",
        "i need another appointment with doctor {other}", "i am calling about the claim for my {thing}",
        "your {thing} stopped working after {n} days", "i would like to change the address on my account",
    ),
    "ask": ("may i have your full name please", "was that the {thing} or the whole order", "since when does it happen", "did you try to turn it off and on", "let me make sure i understand you mean the one of {sum} dollars"),
    "answer": ("yes that is right", "it began on {day} i think", "no i did not", "the {colour} one", "i have told this to {other} already", "i am not sure let me look"),
    "grumble": ("this is the {nth} time i call about it", "i am really disappointed", "i will move to another company", "i will call my lawyer about this", "nobody called me back", "i want to speak to a manager"),
    "calm": ("i am sorry about that it must be frustrating", "i understand let me check what we can do", "thank you for waiting", "one moment please i am looking at the order of {day}"),
    "agree": ("so i have sent a new {thing} and it will be with you by {day}", "i have returned the {sum} dollars to your card", "a technician will come on {day} in the morning", "i will call you back within {n} hours"),
    "end": ("is there anything else i can help with", "thank you for calling have a good {part}", "thanks a lot goodbye", "bye"),
    "slots": {
        "part": ("morning", "afternoon", "evening"), "shop": ("the lamp shop", "north cable", "green clinic", "city parcels"),
        "name": ("dana", "robert", "linda", "kevin", "maya"), "other": ("stone", "brook", "hill", "carter", "young"),
        "day": ("sunday", "monday", "tuesday", "wednesday", "thursday"), "thing": ("lamp", "router", "phone", "oven", "washing machine", "invoice"),
        "colour": ("blue", "white", "small", "old"), "nth": ("second", "third", "fourth"), "sum": (), "n": (),
    },
}  # fmt: skip
_HE = {
    "greet": ("{part} הגעתם ל{shop} מדברת {name} במה אפשר לעזור", "שלום כאן {name} מ{shop} איך אפשר לעזור"),
    "need": (
        "היי חייבתם אותי פעמיים ב{sum} שקלים בחשבון", "המשלוח שהזמנתי ב{day} עוד לא הגיע",
        "האינטרנט לא עובד מ{day} ואני עובד מהבית", "אני רוצה לבטל את המנוי", "אני צריך תור נוסף לדוקטור {other}",
        "אני מתקשרת לגבי התביעה על ה{thing}", "ה{thing} שלכם התקלקל אחרי {n} ימים", "אני מבקש לעדכן את הכתובת",
    ),
    "ask": ("אפשר לקבל שם מלא בבקשה", "מדובר ב{thing} או בכל ההזמנה", "ממתי זה קורה", "ניסית לכבות ולהדליק", "רק לוודא שהבנתי מדובר בסכום של {sum} שקלים"),
    "answer": ("כן נכון", "זה התחיל ב{day} אני חושבת", "לא עוד לא", "ה{colour}", "כבר אמרתי את זה ל{other}", "אני לא בטוח רגע אני בודק"),
    "grumble": ("זו הפעם ה{nth} שאני מתקשר", "אני ממש מאוכזבת", "אני אעבור לחברה אחרת", "אני אפנה לעורך הדין שלי", "אף אחד לא חזר אליי", "אני רוצה לדבר עם מנהל"),
    "calm": ("אני מצטערת על זה זה באמת מתסכל", "אני מבינה תן לי לבדוק מה אפשר לעשות", "תודה שחיכית", "רגע אחד אני מסתכלת על ההזמנה מ{day}"),
    "agree": ("אז שלחתי לך {thing} במקום והוא יגיע עד {day}", "החזרתי את {sum} השקלים לכרטיס", "טכנאי יגיע ב{day} בבוקר", "אני אחזור אליך תוך {n} שעות"),
    "end": ("יש עוד משהו שאפשר לעזור בו", "תודה שפנית אלינו {part}", "תודה רבה להתראות", "ביי"),
    "slots": {
        "part": ("בוקר טוב", "צהריים טובים", "ערב טוב"), "shop": ("חנות המנורות", "כבלי הצפון", "מרפאה ירוקה", "חבילות העיר"),
        "name": ("דנה", "אבי", "נועה", "מאיה", "רון"), "other": ("כהן", "לוי", "ברק", "שגיא", "יונה"),
        "day": ("יום ראשון", "יום שני", "יום שלישי", "יום רביעי", "יום חמישי"), "thing": ("תנור", "נתב", "טלפון", "מקרר", "מזגן"),
        "colour": ("כחול", "לבן", "קטן", "ישן"), "nth": ("שנייה", "שלישית", "רביעית"), "sum": (), "n": (),
    },
}  # fmt: skip
_COURSE = "greet need ask answer ask answer grumble calm ask answer answer ask answer calm agree answer ask answer agree answer end answer end end"


class Maker:
    """Makes call number n, always the same one."""

    def __init__(self) -> None:
        rubric = load_rubric("service")
        self._criteria = [(c.id, c.category, max(1, c.points)) for c in rubric.criteria]
        self._named = {
            "rubric": f"{rubric.name}@{rubric.version}", "rubric_digest": "big", "settings_digest": "big",
            "model_digest": None, "profile": "eu", "speechqa": "big", "run_id": "big", "created_at": "2026-11-22T00:00:00Z",
        }  # fmt: skip

    def call(self, number: int) -> CallAnalysis:
        """The call of that number."""
        dice = random.Random(number)
        hebrew = dice.random() < 0.5
        agent = dice.randrange(AGENTS)
        turns, duration = self._turns(dice, _HE if hebrew else _EN)
        findings = tuple(self._findings(dice, turns, 0.6 + 0.35 * (agent / AGENTS)))
        start = FIRST + timedelta(days=dice.randrange(DAYS), minutes=dice.randrange(14 * 60))
        grumble = next((i for i, turn in enumerate(turns) if turn.text in _flat("grumble")), None)
        agreed = [i for i, turn in enumerate(turns) if i in (14, 18)]
        evidence = () if grumble is None else (_quote(turns, grumble),)
        risky = [f for f in findings if f.verdict is Verdict.FAIL and dice.random() < 0.3]
        return CallAnalysis(
            call_id=f"b{number:06d}",
            path=f"/calls/{start:%Y/%m/%d}/b{number:06d}.wav",
            provenance=Provenance(**self._named),
            metadata=CallMetadata(
                agent_id=f"a{agent:03d}", agent_name=f"Agent {agent}", team=f"team {agent % TEAMS}",
                customer_id=f"k{dice.randrange(CUSTOMERS):05d}", started_at=start.isoformat(),
                direction=dice.choice(("inbound", "inbound", "outbound")),
                tags={"topic": dice.choice(TOPICS), "campaign": f"c{dice.randrange(40)}"},
            ),
            transcript=Transcript(
                language="he" if hebrew else "en", engine="import", mean_confidence=0.9, turns=tuple(turns)
            ),
            duration=duration,
            dialogue=Dialogue(
                basis="turns", interruptions={"agent": dice.choice((0, 0, 0, 1, 2, 5))},
                silences=(Silence(start=20.0, end=20.0 + dice.choice((3.5, 6.0, 24.0))),),
            ),
            findings=findings,
            signals=Signals(
                complaint=Signal(value=grumble is not None, evidence=evidence),
                churn_risk=Signal(value=dice.random() < 0.06),
                public_or_legal_threat=Signal(value=dice.random() < 0.02),
                satisfaction_expressed=Signal(value=dice.random() < 0.4),
                promises=tuple(
                    Promise(who="agent", what=_quote(turns, i), when=_quote(turns, i)) for i in agreed
                ),
            ),
            scores={c: Tally.of(f for f in findings if f.category == c) for c in ("courtesy", "professionalism")},
            listen_to=tuple(
                ListenTo(reason=f"{f.criterion.replace('_', ' ')} failed", weight=dice.randrange(25, 99), start=30.0)
                for f in risky[:2]
            ),
        )  # fmt: skip

    def _turns(self, dice: random.Random, words: dict) -> tuple[list[Turn], float]:
        turns, now = [], 0.5
        for place, planned in enumerate(_COURSE.split()):
            part = "answer" if planned == "grumble" and dice.random() < 0.7 else planned
            slots = {name: dice.choice(found) for name, found in words["slots"].items() if found}
            text = dice.choice(words[part]).format(
                sum=dice.randrange(20, 900), n=dice.randrange(2, 30), **slots
            )
            who = (
                "agent"
                if part in ("greet", "ask", "calm", "agree") or (part == "end" and place % 2 == 0)
                else "customer"
            )
            spoken = 0.4 * len(text.split()) + dice.random()
            turns.append(Turn(speaker=who, text=text, start=round(now, 2), end=round(now + spoken, 2)))
            now += spoken + dice.random() * 6
        return turns, round(now, 2)

    def _findings(self, dice: random.Random, turns: list[Turn], good: float) -> Iterator[Finding]:
        for name, category, points in self._criteria:
            drawn = dice.random()
            common = {
                "criterion": name,
                "category": category,
                "detector": "big/1",
                "searched_turns": (0, len(turns) - 1),
            }
            if drawn < 0.15:
                yield Finding(verdict=Verdict.NOT_APPLICABLE, reason="Nothing called for it", **common)
            elif drawn < 0.2:
                yield Finding(verdict=Verdict.NOT_ASSESSED, reason="The words are too uncertain", **common)
            else:
                well = dice.random() < good
                yield Finding(
                    verdict=Verdict.PASS if well else Verdict.FAIL, earned=points if well else dice.randrange(points),
                    possible=points, reason="As the words show", confidence=0.8, critical=name == "no_insult",
                    evidence=(_quote(turns, dice.randrange(len(turns))),), **common,
                )  # fmt: skip


def _quote(turns: list[Turn], place: int) -> Evidence:
    turn = turns[place]
    return Evidence(speaker=turn.speaker, quote=turn.text, turn=place, start=turn.start, end=turn.end)


def _flat(part: str) -> frozenset[str]:
    return frozenset((*_EN[part], *_HE[part]))


def make(url: str, calls: int) -> None:
    """Put the calls that are not there yet; a run that was stopped goes on with the first that is missing."""
    maker, began, new = Maker(), time.monotonic(), 0
    with open_store(url) as store:
        for number in range(store.counts()["done"], calls):
            document = maker.call(number)
            store.put(hashlib.sha256(document.call_id.encode()).hexdigest(), "big", document)
            new += 1
            if new % 5000 == 0:
                print(f"{number + 1} calls, {new / (time.monotonic() - began):.0f} a second", flush=True)
    print(f"{new} calls put in {time.monotonic() - began:.0f} s, {calls - new} were there before")


QUESTIONS = (
    "calls --count",
    "calls --limit 50",
    "calls --agent a017 --limit 50",
    "calls --customer k00042",
    "calls --from 2026-09-01 --to 2026-09-07 --hour-from 9 --hour-to 10",
    "calls --hour-from 9 --hour-to 9 --limit 50",
    "calls --team 'team 3' --criterion thanks --verdict fail --limit 50",
    "calls --tag topic=billing --direction outbound --language he --limit 50",
    "calls --longer 120 --silence 20 --interruptions 2 --limit 50",
    "calls --signal public_or_legal_threat --listen",
    "calls --sort risk --limit 50",
    "calls --category courtesy --below 0.5 --sort score --limit 50",
    "calls --sort duration --limit 50",
    "calls --phrase lawyer --phrase-by customer --limit 50",
    "calls --phrase 'cancel my contract' --limit 50",
    "calls --phrase 'thank you for' --count",
    "calls --phrase חשבון --limit 50",
    "calls --phrase 'לבטל את מנוי' --limit 50",
    "calls --phrase 'הגיע עד יום חמישי' --count",
    "calls --promise-due 2026-10-01 --limit 50",
    "calls --listen",
    "agents",
    "agents --by-team",
    "agents --weekly --team 'team 3'",
    "agents --weekly --by-team",
    "agents --compare a001 --compare a190",
    "agents --from 2026-09-01 --to 2026-09-30",
    "agents --complete-log --resolved-within 7",
    "agents --complete-log --resolved-within 7 --about topic",
    "agents --json --brief",
    "customers k00042",
    "review queue --size 20 --risk 5 --seed 1",
    "review queue --size 20 --seed 1 --team 'team 3' --phrase lawyer",
)


def measure(url: str, repeats: int) -> None:
    """Run each question as a process of its own and print seconds and peak memory as a table."""
    print("| command | s | of these computing | MB |\n|---|---|---|---|")
    for question in ("--version", *QUESTIONS):
        runs = [_cost(question, url) for _ in range(repeats)]
        wall, computing, peak = zip(*runs, strict=True)
        middle = statistics.median
        print(
            f"| `{question}` | {middle(wall):.2f} | {middle(computing):.2f} | {max(peak):.0f} |", flush=True
        )


def _cost(question: str, url: str) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of computing, and the most memory in MB."""

    began = time.monotonic()
    program = [sys.executable, "-c", "from speechqa.cli.app import main; main()", *shlex.split(question)]
    process = subprocess.Popen(
        program, env={**os.environ, "SPEECHQA_STORE": url}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{question}: {said.decode()}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Make a store or measure one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("make", "measure"))
    parser.add_argument("--store", default="sqlite:///big.db")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    if given.what == "make":
        make(given.store, given.calls)
    else:
        measure(given.store, given.repeats)


if __name__ == "__main__":
    main()
