"""What the figures of accommodation say of real calls, of pairs that never spoke, and of planted calls.

Real calls: every figure of each call. Pairs that never spoke: the agent of one call with the customer of
another, or with the own one some turns later, on the agent's clock, which keeps how real voices vary and
leaves out what the two could have done to each other. Planted: made-up values with a customer who follows.
The cost is that of comparing, and of the one more voice it needs.

Usage: SPEECHQA_DATA=../shared/data python -m benchmarks.accommodation
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from speechqa.acoustics.accommodation import accommodation
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.voiced_turns import VoicedTurn, voiced_turns
from speechqa.assembly.engines import build_engines
from speechqa.config import Settings
from speechqa.core.source import CallSource, PartyFile
from speechqa.dialogue.turn_rates import turn_rates
from speechqa.pipeline.sound import hear
from speechqa.pipeline.words import adopt
from speechqa.transcripts.reading import read

ENGINES = build_engines(Settings(engine="none"))


def sources(calls: Path) -> dict[str, tuple[CallSource, Path | None]]:
    found: dict[str, tuple[CallSource, Path | None]] = {}
    for path in sorted([*calls.glob("harpervalley/*.flac"), *calls.glob("aws-lca/*.flac")]):
        words = path.with_suffix(".json")
        found[path.stem] = (CallSource(files=(PartyFile(path=str(path)),)), words if words.exists() else None)
    for agent in sorted(calls.glob("harpervalley-legs/*.agent.wav")):
        customer = agent.with_name(agent.name.replace(".agent.", ".caller."))
        files = (
            PartyFile(path=str(agent), role="agent", offset_s=2.08),
            PartyFile(path=str(customer), role="customer"),
        )
        words = calls / "harpervalley" / agent.name.replace(".agent.wav", ".json")
        found[f"{agent.stem} (legs)"] = (CallSource(files=files), words if words.exists() else None)
    return found


def measured(source: CallSource, words: Path | None, spent: Counter) -> tuple[VoicedTurn, ...]:
    recording, audio = ENGINES.decoder.open(source)
    with closing(audio):
        sound = hear(recording, audio, ENGINES)
        voices = {}
        for party, speech in sound.alone.items():
            begin = time.process_time()
            voices[party] = voiced_frames(audio, sound.channel_of(party), speech, ENGINES.pitch)
            spent["voices"] += time.process_time() - begin
    begin = time.process_time()
    turns = voiced_turns(voices, sound.by_party)
    if words is not None:
        transcript = adopt(read(str(words)), sound, language="en").transcript
        stretches = [(turn.party, turn.start, turn.end) for turn in turns]
        rates = turn_rates(transcript.turns, sound.by_party, stretches, language="en")
        turns = tuple(replace(turn, rate=rate) for turn, rate in zip(turns, rates, strict=True))
    accommodation(turns, agent="A", customer="B")
    spent["comparing"] += time.process_time() - begin
    spent["seconds"] += recording.duration
    return turns


def figures(turns) -> dict:
    found = accommodation(turns, agent="A", customer="B")
    named = {}
    for name, feature in found.features.items():
        named[name, "proximity"] = feature.proximity
        named[name, "convergence"] = feature.convergence
        named[name, "synchrony"] = feature.synchrony
        named |= {(name, f"follows: {who}"): figure for who, figure in feature.follows.items()}
        named |= {(name, f"falls of {who}"): f.difference for who, f in feature.after_falls.items()}
    return named


def told(name: str, turns) -> None:
    counts = Counter(turn.party for turn in turns)
    print(f"\n{name}: {counts['A']} turns of the agent, {counts['B']} of the customer")
    reasons: dict[str, list[str]] = {}
    for (feature, what), figure in figures(turns).items():
        if figure.value is None:
            reasons.setdefault(figure.reason, []).append(f"{feature} {what}")
        else:
            print(
                f"  {feature:5} {what:16} {figure.value:+.2f} ({figure.low:+.2f} to {figure.high:+.2f}), "
                f"n {figure.n}, p {figure.p:.3f}{'  CLEAR' if figure.clear else ''}"
            )
    for reason, names in reasons.items():
        print(f"  none ({reason}): {', '.join(names)}")


def never_spoke(first, second, turned: int) -> list[VoicedTurn]:
    """The values of one call's customer, `turned` turns on, on the places of another call's customer."""
    values = [turn for turn in second if turn.party == "B"]
    values = iter(values[turned:] + values[:turned])
    mixed = []
    for turn in first:
        if turn.party == "A":
            mixed.append(turn)
        elif (other := next(values, None)) is not None:
            mixed.append(
                replace(turn, **{n: getattr(other, n) for n in ("f0_st", "level_db", "rate", "voiced_s")})
            )
        else:
            break
    return mixed


def pairs(calls: dict[str, tuple[VoicedTurn, ...]]) -> None:
    clear = count = 0
    by_kind: dict[str, list] = {}
    for one, first in calls.items():
        for other, second in calls.items():
            customers = sum(turn.party == "B" for turn in second)
            # Of a call's own customer the neighbours are left out, who may have answered a turn late.
            for turned in range(2, customers - 1) if one == other else range(customers):
                found = {
                    k: f for k, f in figures(never_spoke(first, second, turned)).items() if f.p is not None
                }
                count += bool(found)
                clear += any(figure.clear for figure in found.values())
                for (_, what), figure in found.items():
                    by_kind.setdefault(what.split(":")[0], []).append(figure)
    print(f"\npairs that never spoke: {count} long enough, {clear} with a clear figure")
    for what, found in by_kind.items():
        values = [figure.value for figure in found]
        low = np.mean([figure.p < 0.05 for figure in found])
        print(f"  {what:12} median {np.median(values):+.2f}, p under .05 in {low:.1%} of {len(found)}")


def rates(found: dict[str, tuple[CallSource, Path | None]]) -> None:
    """Syllables a second of a turn: nuclei in the sound against the words of the transcript."""
    both, speakers = [], []
    for name, (source, words) in found.items():
        if words is None or "legs" in name:
            continue
        for spelt, heard in zip(
            measured(source, words, Counter()), measured(source, None, Counter()), strict=True
        ):
            if spelt.rate is not None and heard.rate is not None:
                both.append((spelt.rate, heard.rate))
                speakers.append(name + spelt.party)
    values, who = np.array(both), np.array(speakers)
    own = np.concatenate(
        [
            values[who == speaker] - values[who == speaker].mean(axis=0)
            for speaker in sorted(set(speakers))
            if (who == speaker).sum() > 2
        ]
    )
    print(f"\nsyllables a second by nuclei against by words, {len(values)} turns:", end=" ")
    print(
        f"r {np.corrcoef(values.T)[0, 1]:.2f}; within a speaker {np.corrcoef(own.T)[0, 1]:.2f} ({len(own)}),",
        end=" ",
    )
    print(f"means {values[:, 1].mean():.2f} and {values[:, 0].mean():.2f}")


def planted(seeds: int = 200) -> None:
    print(
        "\nplanted: a customer who answers with so much of the agent's value; share of calls in which it is"
    )
    print("clear that the customer follows in at least one feature, and that the agent does")
    for exchanges in (12, 20, 40):
        row = []
        for share in (0.0, 0.5, 0.7, 0.9):
            hits = Counter()
            for seed in range(seeds):
                rng = np.random.default_rng(seed)
                agent = rng.standard_normal((exchanges, 3))
                customer = share * agent + np.sqrt(1 - share**2) * rng.standard_normal((exchanges, 3))
                turns, at = [], 0.0
                for k in range(2 * exchanges):
                    party, row_of = ("A", agent[k // 2]) if k % 2 == 0 else ("B", customer[k // 2])
                    turns.append(
                        VoicedTurn(
                            party=party,
                            start=at,
                            end=at + 2,
                            voiced_s=1.0,
                            f0_st=90 + 2 * row_of[0],
                            level_db=3 * row_of[1],
                            rate=4.5 + 0.7 * row_of[2],
                        )
                    )
                    at += 2.5
                found = figures(turns)
                for who in ("customer", "agent"):
                    hits[who] += any(f.clear for (_, what), f in found.items() if what == f"follows: {who}")
                hits["any"] += any(f.clear for f in found.values())
            row.append(f"{share:.1f}: {hits['customer'] / seeds:.0%}/{hits['agent'] / seeds:.0%}")
            if share == 0:
                row[-1] += f" (any figure {hits['any'] / seeds:.1%})"
        print(f"  {exchanges} turns each: " + ", ".join(row))


def main() -> int:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    if not (data / "calls").is_dir():
        print(f"skipped: no measuring data at {data}; set SPEECHQA_DATA", file=sys.stderr)
        return 0
    spent: Counter = Counter()
    found = sources(data / "calls")
    calls = {name: measured(*call, spent) for name, call in found.items()}
    for name, turns in calls.items():
        told(name, turns)
    pairs(calls)
    rates(found)
    planted()
    seconds = spent["seconds"]
    print(
        f"\ncost a second of call, one core: comparing {1000 * spent['comparing'] / seconds:.2f} ms,", end=" "
    )
    print(f"one more voice {1000 * spent['voices'] / 2 / seconds:.2f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
