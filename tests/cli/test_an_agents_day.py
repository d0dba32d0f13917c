"""An agent's day at the command line: why this score, that is not right, and what then counts."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import zipfile

import pytest

from speechqa.store import open_store
from tests.cli.conftest import SAMPLES

GOOD = (
    "good morning you have reached the lamp shop this is dana speaking how may i help",
    "hi i bought a lamp last week and it stopped working",
    "i am sorry to hear that was it the desk lamp or the floor lamp",
    "the desk one",
    "so i have ordered a new desk lamp and it will be with you by thursday is that alright",
    "yes that is fine",
    "is there anything else i can do for you today",
    "no that is all",
    "thank you for being so patient with us goodbye",
    "bye",
)
WEAK = (
    "yes what is it",
    "hi i bought a lamp last week and it stopped working i am quite annoyed honestly",
    "that is really not my problem you can use another lamp for that",
    "the desk lamp is broken and you sold it to me",
    *GOOD[4:6],
    "okay then",
    "fine",
    "bye",
    "bye",
)
OTHERS = ("a2", "a3", "a4", "a5", "a6")
LOST = {"thanks", "greeting", "anything_else", "satisfaction_question"}
HELLO = "שלום, שירות לקוחות, מדברת דנה, במה אפשר לעזור?"


def spoken(call_id, turns, agent="a1", day="2026-10-05", first="agent"):
    who = ("agent", "customer") if first == "agent" else ("customer", "agent")
    return {
        "id": call_id, "language": "en", "agent_id": agent, "agent_name": f"Name of {agent}",
        "customer_id": f"customer of {call_id}", "started_at": f"{day}T10:00:00",
        "turns": [
            {"speaker": who[n % 2], "channel": n % 2, "text": text, "start": 6.0 * n, "end": 6.0 * n + 5.5}
            for n, text in enumerate(turns)
        ],
    }  # fmt: skip


@pytest.fixture
def day(run, store, tmp_path):
    """Five calls of a1, one of them with sound and one of a closed month, and two of each of five others."""
    texts = tmp_path / "texts"
    texts.mkdir()
    calls = [
        spoken("good", GOOD),
        spoken("swapped", GOOD, day="2026-10-06", first="customer"),
        spoken("taken", WEAK, day="2026-10-13"),
        spoken("paid", WEAK, day="2026-09-10"),
        *(spoken(f"{a}-{n}", GOOD, agent=a, day=f"2026-10-0{n}") for a in OTHERS for n in (6, 7)),
    ]
    for one in calls:
        (texts / f"{one['id']}.json").write_text(json.dumps(one))
    assert run("score", texts, "--no-pair", "--store", store).code == 0
    sound = tmp_path / "sound"
    sound.mkdir()
    for name in ("he-oven-complaint.m4a", "he-oven-complaint.json"):
        shutil.copy(SAMPLES / name, sound)
    columns, row = "call_id,agent_id,agent_name,started_at", "weak,a1,Name of a1,2026-10-12T10:00"
    (sound / "manifest.csv").write_text(f"file,{columns}\nhe-oven-complaint.m4a,{row}\n")
    assert run("audit", sound, "--agent-channel", 0, "--store", store).code == 0
    closing = ("period", "close", "2026-09", "--by", "Omer", "--reason", "bonuses are paid")
    assert run(*closing, "--store", store).code == 0
    return store


@pytest.fixture
def say(run, day):
    """A command over the store that does what it is asked."""

    def command(*words, code=0):
        ran = run(*words, "--store", day)
        assert ran.code == code, ran.err
        return ran

    return command


def own(say, *more):
    return say("agent", "a1", "--own", "--by", "a1", "--minimum-calls", 2, *more)


def contest(say, call, criterion, reason, **how):
    return say(
        "dispute", "open", call, "--criterion", criterion, "--reason", reason,
        "--comment", f"about {criterion}", "--by", "a1", "--json", **how,
    )  # fmt: skip


def number_of(ran):
    return ran.lines[0]["number"]


def resolve(say, number, outcome, by, *more, **how):
    return say(
        "dispute", "resolve", number, "--outcome", outcome, "--comment", f"{by} listened", "--by", by,
        "--json", *more, **how,
    )  # fmt: skip


def verdict(say, call, criterion):
    """The verdict that counts and the machine's, as `show --json` has them."""
    (document,) = say("show", call, "--json").lines
    machine = next(f for f in document["findings"] if f["criterion"] == criterion)
    said = {one["criterion"]: one for one in document.get("record", {}).get("criteria", ())}
    return said.get(criterion, machine)["verdict"], machine["verdict"]


def test_the_day(run, say, day, tmp_path):
    why_this_score(run, say, day, tmp_path)
    number = that_is_not_right(say)
    somebody_else_decides(say, number)
    it_is_seen(say)
    one_figure_everywhere(say, tmp_path)
    agreement_learns_and_rescoring_changes_nothing_decided(say, day, tmp_path)


def why_this_score(run, say, day, tmp_path):
    """Every lost point with its words, its place, and what would have earned it."""
    ran = own(say)
    assert "Your calls, a1 Name of a1" in ran.out
    assert "Courtesy: " in ran.out
    assert ran.out.index("taken 2026-10-13") < ran.out.index("weak 2026-10-12")
    before = own(say, "--json").lines[0]
    (view,) = before["rubrics"]
    lost = {one["criterion"]: one for one in view["lost"] if one["call_id"] == "weak"}
    assert set(lost) > LOST
    greeting = lost["greeting"]
    assert greeting["evidence"][0]["quote"] == "כן, שירות לקוחות."
    assert f"0:00.5 agent: “\u2068{greeting['evidence'][0]['quote']}" in ran.out
    assert "A greeting with a name" in greeting["would_change"]
    assert f"what would change it: {greeting['would_change'][:40]}" in ran.out

    # The clip plays the place, by the very command that is shown.
    shown, *words = shlex.split(greeting["clip"])
    assert shown == "speechqa"
    ran_clip = run(words[0], "--output", tmp_path / "piece.wav", "--store", day, *words[1:])
    assert ran_clip.code == 0, ran_clip.err
    assert (tmp_path / "piece.wav").stat().st_size > 8000

    # What to learn from, progress, and the place among others, who have no names.
    examples = {one["criterion"]: one for one in view["examples"]}
    assert examples["thanks"]["best"][0]["call_id"] == "good"
    assert examples["thanks"]["weakest"][0]["call_id"] in ("weak", "taken", "paid", "swapped")
    assert [week["week"] for week in view["progress"]["weeks"]] == ["2026-W37", "2026-W41", "2026-W42"]
    assert [(place["peers"], place["quarter"]) for place in view["peers"]] == [(5, 4), (5, 4)]
    text = ran.out + json.dumps(before)
    assert not any(word in text for other in OTHERS for word in (f"{other}-6", f"Name of {other}"))
    assert run("agent", "a1", "--own", "--by", "a2", "--store", day).out == ""


def that_is_not_right(say):
    """Contested for each reason; a paid month and another's call cannot be."""
    number = {}
    number["words_wrong"] = number_of(contest(say, "weak", "greeting", "words_wrong"))
    number["system_down"] = number_of(contest(say, "weak", "anything_else", "system_down"))
    number["verdict_wrong"] = number_of(contest(say, "weak", "satisfaction_question", "verdict_wrong"))
    number["not_me"] = number_of(contest(say, "taken", "thanks", "not_me"))
    number["roles_wrong"] = number_of(contest(say, "swapped", "thanks", "roles_wrong"))
    assert "closed by Omer" in contest(say, "paid", "thanks", "verdict_wrong", code=2).err
    stranger = contest(say, "a2-6", "thanks", "not_me", code=2).err
    assert "a2" not in stranger.replace("a2-6", "")
    assert f"dispute {number['words_wrong']}: open" in own(say).out
    assert len(say("dispute", "list", "--open", "--json").lines) == 5
    return number


def somebody_else_decides(say, number):
    # Words were misheard: the reviewer corrects them, it is judged again, and both texts stay.
    say(
        "transcript", "weak", "--correct", 1, "--text", HELLO, "--by", "Dana", "--reason", "I listened",
    )  # fmt: skip
    assert verdict(say, "weak", "greeting") == ("pass", "pass")
    assert "found pass now" in resolve(say, number["words_wrong"], "upheld", "Dana", code=2).err
    assert (
        resolve(say, number["words_wrong"], "changed", "Dana", "--verdict", "pass").lines[0]["state"]
        == "changed"
    )

    # Agent and customer were exchanged: corrected, judged again, and said.
    say("roles", "swapped", "--swap", "--by", "Dana", "--reason", "the customer greets")
    resolve(say, number["roles_wrong"], "changed", "Dana", "--verdict", "pass")
    assert verdict(say, "swapped", "thanks") == ("pass", "pass")

    # Somebody else spoke: no verdict of this agent's. The machine's stays beside it.
    resolve(say, number["not_me"], "changed", "Dana", "--verdict", "not_applicable")
    assert verdict(say, "taken", "thanks") == ("not_applicable", "fail")

    # One reviewer upholds, a second is another person and decides otherwise, and that is final.
    assert "of their own" in resolve(say, number["system_down"], "upheld", "Name of a1", code=2).err
    resolve(say, number["system_down"], "upheld", "Dana")
    assert verdict(say, "weak", "anything_else") == ("fail", "fail")
    again = resolve(say, number["system_down"], "changed", "dana", "--verdict", "not_applicable", code=2)
    assert "another person" in again.err
    resolve(say, number["system_down"], "changed", "Omer", "--verdict", "not_applicable")
    assert "final" in resolve(say, number["system_down"], "upheld", "Gil", code=2).err
    assert verdict(say, "weak", "anything_else") == ("not_applicable", "fail")
    resolve(say, number["verdict_wrong"], "upheld", "Omer")


def it_is_seen(say):
    """The agent sees what came of it, and says so."""
    ran = own(say)
    assert "Your disputes that were resolved" in ran.out
    assert "changed to n/a by Omer, second reviewer" in ran.out
    assert "upheld by Omer, reviewer" in ran.out
    say("dispute", "acknowledge", "weak", "--comment", "I will ask next time", "--by", "a1")
    assert "I will ask next time" in own(say).out
    now = own(say, "--json").lines[0]["rubrics"][0]["lost"]
    still = {one["criterion"] for one in now if one["call_id"] == "weak"}
    assert LOST & still == {"thanks", "satisfaction_question"}


def one_figure_everywhere(say, tmp_path):
    """The same figure of record, the machine's beside it where they differ."""
    (document,) = say("show", "weak", "--json").lines
    courtesy, professional = (document["record"]["scores"][c] for c in ("courtesy", "professionalism"))
    assert document["scores"]["professionalism"]["possible"] == professional["possible"] + 5
    figure = f"{100 * professional['rate']:.0f}% {professional['earned']}/{professional['possible']}"
    machine = document["scores"]["professionalism"]
    aside = f"{100 * machine['rate']:.0f}% {machine['earned']}/{machine['possible']}"
    assert f"Professionalism: {figure}, by the machine {aside}" in say("show", "weak").out
    mine = own(say, "--json").lines[0]["rubrics"][0]["score"]["tallies"]
    (theirs,) = say("agent", "a1", "--minimum-calls", 2, "--json").lines
    assert theirs["tallies"] == mine
    table = {line["agent_id"]: line for line in say("agents", "--minimum-calls", 2, "--json").lines}
    assert table["a1"]["tallies"] == mine
    assert courtesy["possible"] == document["scores"]["courtesy"]["possible"]
    on_list(say, tmp_path, figure, aside)
    pack = tmp_path / "case.zip"
    say("pack", "weak", "--output", pack, "--by", "Dana", "--reason", "the file")
    with zipfile.ZipFile(pack) as packed:
        page = next(packed.read(n).decode() for n in packed.namelist() if n.endswith("scorecard.html"))
    shown = " ".join(re.sub("<[^>]+>|[\u2066-\u2069]", " ", page).split())
    assert figure in shown
    assert aside in shown


def on_list(say, tmp_path, figure, machine):
    """Lists and exports have the figure of record too, the machine's in brackets or a column of its own."""
    listed = {line["call_id"]: line for line in say("calls", "--json").lines}
    earned = f"{listed['weak']['record_scores']['professionalism']['earned']}"
    assert f" {earned}/" in figure
    assert listed["taken"]["record_verdicts"] == {"thanks": "not_applicable"}
    assert listed["good"]["record_scores"] == listed["good"]["record_verdicts"] == {}
    shown = say("calls").out
    assert f"{figure} ({machine})" in " ".join(shown.split())
    assert "n/a (FAIL)" in shown
    say("calls", "--export", tmp_path / "calls.csv", "--export-verdicts", tmp_path / "verdicts.csv")
    calls = {row["call_id"]: row for row in rows(tmp_path / "calls.csv")}
    assert calls["weak"]["score professionalism earned"] == earned
    assert calls["taken"]["verdict thanks"] == "not_applicable"
    assert calls["taken"]["machine verdict thanks"] == "fail"
    assert not calls["good"]["machine verdict thanks"]
    verdicts = {(row["call_id"], row["criterion"]): row for row in rows(tmp_path / "verdicts.csv")}
    one = verdicts["weak", "anything_else"]
    assert (one["verdict"], one["decided_by"], one["machine_verdict"]) == (
        "not_applicable", "resolution", "fail",
    )  # fmt: skip
    assert (one["earned"], one["machine_earned"], one["machine_possible"]) == ("", "0", "5")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def agreement_learns_and_rescoring_changes_nothing_decided(say, day, tmp_path):
    # Agreement learns from what was contested, apart from all else.
    learnt = {line["criterion"]: line for line in say("review", "agreement", "--json").lines}
    assert {line["part"] for line in learnt.values()} == {"disputed"}
    assert learnt["anything_else"]["reviewers"] == 2
    assert learnt["greeting"]["machine"]["agreed"] == 1

    # Judged anew by another rubric: what people decided stands, and a paid month does not move.
    mine_toml = tmp_path / "mine.toml"
    mine_toml.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    paid = say("show", "paid", "--json").out
    assert "period open" in say("rescore", "--rubric", mine_toml).err
    assert say("show", "paid", "--json").out == paid
    assert verdict(say, "weak", "anything_else") == ("not_applicable", "fail")
    assert verdict(say, "taken", "thanks") == ("not_applicable", "fail")
    with open_store(day) as opened:
        assert opened.broken() == ()
        assert all(a.call_id not in ("a2-6", None) for a in opened.accesses() if a.actor == "a1")
