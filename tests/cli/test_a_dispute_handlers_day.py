"""A dispute handler's day at the command line, from the first question to the answer that stands."""

import csv
import itertools
import json
import shutil
import subprocess
import zipfile

import numpy as np
import pytest
from scipy.signal import lfilter

from speechqa.cli.transcript import TranscriptFormat
from tests.support.media import write_media

DANA = ("--by", "Dana Levi", "--reason", "complaint 4471")
RATE = 8000
SYLLABLE = int(0.22 * RATE)
VOWELS = ((700, 1200, 2500), (300, 2200, 2900), (400, 1900, 2500), (500, 900, 2400), (320, 800, 2300))
COMPLAINT = [
    ("agent", "שלום, הגעת ל-Best Lamp, מדברת נועה. במה אפשר לעזור?"),
    ("customer", "קניתי אצלכם מנורה ב-349.90 ₪ והיא שבורה. אני ממש מאוכזב"),
    ("customer", "המספר שלי הוא 052-555-1234"),
    ("agent", "גברת, אני אבדוק מול חברת המשלוחים ואחזור אליך עד יום חמישי ב-14:30, בסדר?"),
    ("customer", "OK. אם לא עד ה-12/3, I will call my lawyer."),
    ("agent", "תודה רבה על הסבלנות, להתראות"),
]
FOLLOW_UP = [
    ("agent", "Good morning, you have reached Best Lamp, this is Noa speaking, how may I help?"),
    ("customer", "Nobody called me back on Thursday <script>alert(1)</script> and the lamp is still broken."),
    ("agent", "I am sorry about that. I have ordered a new lamp and it will be with you by Friday, alright?"),
    ("customer", "Yes, that is fine."),
    ("agent", "Thank you for your patience, goodbye."),
]


def voice(seconds, pitch_hz, chance):
    """A voice that says vowels one after the other, a syllable each: it is heard as speech."""
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = pitch_hz * (1 + 0.12 * np.sin(4.4 * time + chance.uniform(0, 6)) + 0.03 * np.sin(31 * time))
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) + chance.normal(0, 0.02, len(time))
    said = np.zeros(len(time))
    for first in range(0, len(time), SYLLABLE):
        piece = pulses[first : first + SYLLABLE]
        for formant, width in zip(VOWELS[chance.integers(len(VOWELS))], (80, 100, 140), strict=True):
            narrow = np.exp(-np.pi * width / RATE)
            turn = 2 * narrow * np.cos(2 * np.pi * formant / RATE)
            piece = lfilter([1 - narrow], [1, -turn, narrow**2], piece)
        said[first : first + SYLLABLE] = piece * np.sin(np.linspace(0.15, 3.0, len(piece))) ** 0.6
    return 6000 * said / np.abs(said).max()


def recorded(folder, name, language, turns, started_at):
    """A call as two channels of sound, a voice where each party speaks, and the transcript beside it."""
    spoken, at = [], 0.5
    for who, text in turns:
        words = [{"text": word, "confidence": 0.3 if "אבדוק" in word else 0.95} for word in text.split()]
        for word in words:
            word["start"], at = round(at, 2), at + 0.4
            word["end"] = round(at - 0.04, 2)
        start, end = words[0]["start"], words[-1]["end"]
        spoken.append({"speaker": who, "text": text, "start": start, "end": end, "words": words})
        at += 0.4
    chance = np.random.default_rng(7)
    sound = chance.normal(0, 30, (2, int((at + 0.5) * RATE)))
    for turn in spoken:
        first, customer = int(turn["start"] * RATE), int(turn["speaker"] == "customer")
        heard = voice(turn["end"] - turn["start"], 190 if customer else 120, chance)
        sound[customer, first : first + len(heard)] += heard
    write_media(folder / f"{name}.wav", sound.astype(np.int16), RATE)
    call = {"id": name, "language": language, "agent_id": "a7", "customer_id": "k602"}
    call |= {"started_at": started_at, "turns": spoken}
    (folder / f"{name}.json").write_text(json.dumps(call, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def audited(run, store, tmp_path, monkeypatch):
    """A store with a customer's two calls and one of somebody else."""
    monkeypatch.setenv("SPEECHQA_NUMBER_KEY", "00112233445566778899aabbccddeeff" * 2)
    monkeypatch.setenv("SPEECHQA_STORE", store)
    folder = tmp_path / "calls"
    folder.mkdir()
    recorded(folder, "oven", "he", COMPLAINT, "2026-03-09T15:40:00+02:00")
    recorded(folder, "again", "en", FOLLOW_UP, "2026-03-16T09:05:00+02:00")
    ran = run("audit", folder, "--report", tmp_path / "report", "--workers", 1)
    assert ran.code == 0, ran.err
    return folder


def found(run, *asked):
    ran = run("calls", *asked, "--json")
    assert ran.code == 0, ran.err
    return {line["call_id"] for line in ran.lines}


def judged(run, call):
    return {f["criterion"]: f["verdict"] for f in run("show", call, "--json").lines[0]["findings"]}


def find_the_call(run, tmp_path):
    """Which call was it? By customer, by day and hour, by what was said, by a masked number."""
    assert found(run, "--customer", "k602") == {"oven", "again"}
    assert found(run, "--from", "2026-03-09", "--to", "2026-03-09", "--hour-from", 15, "--hour-to", 16) == {
        "oven"
    }
    assert found(run, "--hour-from", 9, "--hour-to", 10) == {"again"}
    assert found(run, "--phrase", "מנורה שבורה") == set(), "words that nobody said together"
    assert found(run, "--phrase", "חברת המשלוחים") == {"oven"}
    assert found(run, "--phrase", "call my lawyer") == {"oven"}
    assert found(run, "--number", "0525551234") == {"oven"}
    history = run("customers", "k602")
    assert "Customer k602: 2 calls" in history.out


def read_it(run, tmp_path):
    """What was said? In every format, with doubt marked and the number masked."""
    for form in TranscriptFormat:
        target = tmp_path / f"oven.{form}"
        assert run("transcript", "oven", "--output", target, *DANA).code == 0
        assert b"555-1234" not in target.read_bytes()
    text = (tmp_path / "oven.txt").read_text("utf-8")
    assert "אבדוק(?)" in text
    assert "[phone]" in text
    assert "<script>" not in run("transcript", "again", "--format", "html", *DANA).out


def correct_it(run, tmp_path):
    """A word was heard wrong: corrected beside the machine's words, and judged again."""
    before = judged(run, "oven")
    fixed = "גברת, אני מצטערת, אני אבדוק מול חברת המשלוחים ואחזור אליך עד יום חמישי ב-14:30, בסדר?"
    assert run("transcript", "oven", "--correct", 4, "--text", fixed, *DANA).code == 0
    text = run("transcript", "oven", *DANA).out
    assert "corrected by Dana Levi" in text
    assert COMPLAINT[3][1].replace("אבדוק", "") in text.replace("אבדוק", ""), "the machine's words stay"
    assert (before["apology"], judged(run, "oven")["apology"]) == ("fail", "pass")


def hear_it(run, tmp_path):
    """That piece to play, the number bleeped."""
    assert run("clip", "oven", "--from", 8, "--to", 14, "--output", tmp_path / "oven.wav", *DANA).code == 0
    assert (tmp_path / "oven.wav").stat().st_size > 6 * RATE


def take_it_away(run, tmp_path):
    """A case of both calls, that anybody can check without speechqa."""
    ran = run("pack", "oven", "again", "--output", tmp_path / "case.zip", *DANA)
    assert ran.code == 0, ran.err
    told = ran.out.split()[0]
    out = tmp_path / "out"
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-q", tmp_path / "case.zip", "-d", out], check=True)
    else:
        zipfile.ZipFile(tmp_path / "case.zip").extractall(out)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=out, check=False, capture_output=True
    )
    assert checked.returncode == 0, checked.stdout
    sums = subprocess.run(
        ["sha256sum", tmp_path / "case.zip"], check=True, capture_output=True, text=True
    ).stdout
    assert sums.split()[0] == told
    assert "find . -type f | wc -l" in (out / "README.txt").read_text("utf-8")
    listed = (out / "SHA256SUMS").read_text().count("\n")
    assert sum(path.is_file() for path in out.rglob("*")) == listed + 1
    timeline = (out / "timeline.txt").read_text("utf-8")
    assert timeline.index("oven") < timeline.index("again")
    assert "by Friday" in timeline
    lines = timeline.splitlines()
    assert not [one for one, other in itertools.pairwise(lines) if one == other and one], "each quote once"
    whole = b"".join(path.read_bytes() for path in out.rglob("*.*") if path.suffix != ".flac")
    assert b"555-1234" not in whole
    assert b"5551234" not in whole


def check_it_months_later(run, tmp_path):
    """Months later: unchanged, and the same verdicts again; one changed byte is found."""
    for asked in ((tmp_path / "case.zip", "--replay"), ("oven", "--replay"), ("--replay", "--recordings")):
        ran = run("verify", *asked)
        assert (ran.code, ran.out.split()[0]) == (0, "unchanged"), ran.out
    data = bytearray((tmp_path / "case.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "forged.zip").write_bytes(data)
    assert run("verify", tmp_path / "forged.zip").code == 1


def keep_and_remove_it(run, tmp_path):
    """It must not be deleted, until it may."""
    assert run("hold", "oven", *DANA).code == 0
    assert run("purge", "--customer", "k602", "--yes", *DANA).code == 0
    assert found(run) == {"oven"}, "the held call stays"
    assert (tmp_path / "case.zip").exists(), "it is what the held call is proved by"
    assert run("purge", "oven", "--yes", *DANA).code == 1
    assert run("verify", tmp_path / "case.zip").code == 0
    shutil.copy(tmp_path / "case.zip", tmp_path / "sent.zip")
    assert run("calls", "--export", tmp_path / "last.csv", *DANA).code == 0
    assert len(list(csv.reader((tmp_path / "last.csv").open(encoding="utf-8-sig")))) == 2
    assert run("hold", "release", "oven", *DANA).code == 0
    ran = run("purge", "oven", "--yes", *DANA, "--json")
    assert (ran.code, ran.lines[0]["proof"]["found"]) == (0, 0)
    assert ran.lines[0]["proof"]["looked_for"] > 10
    assert found(run) == set()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert "חברת המשלוחים".encode() not in kept
    assert b"call my lawyer" not in kept


def see_who_had_it(run, tmp_path):
    """What is left: the log of who had it, when and why; and the pack that was sent still stands."""
    log = run("accesses", "oven", "--by", "Dana Levi", "--json").lines
    events = [entry["event"] for entry in log]
    assert events.count("transcript") == len(TranscriptFormat) + 1
    assert {"words corrected", "clip", "pack", "legal hold", "calls exported"} <= set(events)
    assert all(entry["at"] and entry["reason"] == "complaint 4471" for entry in log)
    assert "complaint 4471" in run("accesses", "oven").out
    assert "no such access" in run("accesses", "nobody").err
    ran = run("verify", tmp_path / "sent.zip")
    assert (ran.code, "knows this very archive" in ran.err) == (0, True)
    assert run("verify").code == 0


def test_from_the_first_question_to_the_answer(run, audited, tmp_path):
    find_the_call(run, tmp_path)
    read_it(run, tmp_path)
    correct_it(run, tmp_path)
    hear_it(run, tmp_path)
    take_it_away(run, tmp_path)
    check_it_months_later(run, tmp_path)
    keep_and_remove_it(run, tmp_path)
    see_who_had_it(run, tmp_path)
