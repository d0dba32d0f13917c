"""The words of the arousal picture, in English and Hebrew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from speechqa.core.value import Value

PictureLanguage = Literal["en", "he"]

_LRI: Final = "\u2066"
_POP: Final = "\u2069"


class Words(Value, frozen=True, kw_only=True):
    """Everything the picture says, in one language; `kinds` names overlaps and waits."""

    right_to_left: bool
    heading: str
    voice_heading: str
    agent: str
    customer: str
    party: str
    speaker: str
    length: str
    started: str
    level: str
    sources: Mapping[str, str]
    no_baseline: str
    notice: str
    axis: str
    calm: str
    begins: str
    ends: str
    curve: str
    low: str
    no_value: str
    episode: str
    peak: str
    raised: str
    no_episode: str
    more: str
    no_curve: str
    no_turns: str
    speaks: str
    kinds: Mapping[str, str]
    counts: str
    changed: str
    directions: Mapping[str, str]
    low_change: str
    said_before: str
    nothing_before: str
    summed: str
    ended: Mapping[str, str]
    rise_or_fall: str


ENGLISH: Final = Words(
    right_to_left=False,
    heading="Call {name}",
    voice_heading="Voice in {name}",
    agent="agent",
    customer="customer",
    party="party {name}",
    speaker="speaker",
    length="{length} long",
    started="started {when}",
    level="Calm level of the {who}: {source}, {voiced} s voiced{pitch}",
    sources={
        "call": "from this recording itself",
        "recordings": "from other recordings of the same speaker",
        "none": "unknown",
        "hertz": ", pitch {f0} Hz",
    },
    no_baseline="Calm level of the {who}: unknown",
    notice=(
        "Vocal arousal, not emotion: anger, fear, joy and a noisy street raise the same features. "
        "It is no part of any score."
    ),
    axis="deviations over own calm level",
    calm="own calm level",
    begins="raised from {value}",
    ends="until under {value}",
    curve="arousal of the {who}",
    low="little voice, low confidence",
    no_value="too little voice, no value",
    episode="raised, numbered as below",
    peak="peak",
    raised="{number}  {who}'s voice raised {start} to {end}, peak {value} at {peak}{because}",
    no_episode="No stretch of raised arousal was found.",
    more="{count} more are in the call's document.",
    no_curve="No arousal curve: {reason}.",
    no_turns="who speaks when is not known",
    speaks="{who} speaks",
    kinds={
        "interruption": "interruption, takes the floor",
        "failed_interruption": "interruption, does not take the floor",
        "simultaneous_start": "both start at once",
        "terminal": "starts as the other ends",
        "backchannel": "listener's token",
        "cut_off": "cut off without overlap",
        "hold": "hold",
        "dead_air": "dead air",
        "silence": "silence",
    },
    counts="Interruptions: {counts}.",
    changed=(
        "{letter}  {direction} of the {who}'s arousal at {at} ({start} to {end}), {before} to {after}{low}"
    ),
    directions={"rise": "rise", "fall": "fall"},
    low_change=", low confidence",
    said_before="; before it the {who} at {when}: “{quote}”",
    nothing_before="; before it: {reason}",
    summed="Over the call the {who}'s highest is {peak} at {at}, {share} of the windows are raised",
    ended={
        "calmer": "; ended calmer than they began, {first} to {last}",
        "same": "; no clear difference of beginning and end, {first} to {last}",
        "more agitated": "; ended more agitated than they began, {first} to {last}",
    },
    rise_or_fall="rise or fall, lettered as below",
)

HEBREW: Final = Words(
    right_to_left=True,
    heading="שיחה {name}",
    voice_heading="הקול בהקלטה {name}",
    agent="נציג",
    customer="לקוח",
    party="צד {name}",
    speaker="דובר",
    length="אורך {length}",
    started="התחלה {when}",
    level="הרמה הרגועה של ה{who}: {source}, {voiced} שניות קול{pitch}",
    sources={
        "call": "מההקלטה הזאת עצמה",
        "recordings": "מהקלטות אחרות של אותו דובר",
        "none": "לא ידועה",
        "hertz": ", גובה קול {f0} הרץ",
    },
    no_baseline="הרמה הרגועה של ה{who}: לא ידועה",
    notice="עוררות קולית, לא רגש: כעס, פחד, שמחה ורחוב רועש מעלים אותם מדדים. אינה חלק מאף ציון.",
    axis="סטיות מעל הרמה הרגועה",
    calm="רמה רגועה",
    begins="מוגבר מ־{value}",
    ends="עד מתחת ל־{value}",
    curve="עוררות ה{who}",
    low="מעט קול, ביטחון נמוך",
    no_value="מעט מדי קול, אין ערך",
    episode="קטע מוגבר, לפי המספר למטה",
    peak="שיא",
    raised="{number}  עוררות מוגברת של ה{who}, {start} עד {end}, שיא {value} ב־{peak}{because}",
    no_episode="לא נמצא קטע של עוררות מוגברת.",
    more="עוד {count} במסמך השיחה.",
    no_curve="אין עקומת עוררות: {reason}.",
    no_turns="לא ידוע מי מדבר מתי",
    speaks="ה{who} מדבר",
    kinds={
        "interruption": "התפרצות לדברי האחר, לוקח את התור",
        "failed_interruption": "התפרצות לדברי האחר, לא לוקח את התור",
        "simultaneous_start": "שניהם מתחילים יחד",
        "terminal": "מתחיל כשהאחר מסיים",
        "backchannel": "סימן הקשבה",
        "cut_off": "נקטע בלי חפיפה",
        "hold": "המתנה",
        "dead_air": "שתיקה ארוכה",
        "silence": "שקט",
    },
    counts="התפרצויות לדברי האחר: {counts}.",
    changed="{letter}  {direction} בעוררות ה{who} ב־{at} ({start} עד {end}), מ־{before} ל־{after}{low}",
    directions={"rise": "עלייה", "fall": "ירידה"},
    low_change=", ביטחון נמוך",
    said_before="; לפני כן ה{who} ב־{when}: “{quote}”",
    nothing_before="; לפני כן: {reason}",
    summed="לאורך השיחה השיא של ה{who} הוא {peak} ב־{at}, {share} מהחלונות מוגברים",
    ended={
        "calmer": "; סוף רגוע מההתחלה, {first} לעומת {last}",
        "same": "; אין הבדל ברור בין ההתחלה לסוף, {first} לעומת {last}",
        "more agitated": "; סוף נסער מההתחלה, {first} לעומת {last}",
    },
    rise_or_fall="עלייה או ירידה, לפי האות למטה",
)

_BECAUSE_HE: Final = (
    (r"pitch (\S+) semitones over own baseline", "גובה הקול {} חצאי טונים מעל הרמה הרגועה"),
    (r"energy above 1000 Hz (\S+) dB over own baseline", "אנרגיה מעל 1000 הרץ {} דציבל מעל הרמה הרגועה"),
    (
        r"strongest partial above 2000 Hz (\S+) dB over own baseline",
        "הצליל החלקי החזק מעל 2000 הרץ {} דציבל מעל הרמה הרגועה",
    ),
    (r"spectral centre (\S+) Hz over own baseline", "מרכז הספקטרום {} הרץ מעל הרמה הרגועה"),
    (r"spectral flux (\S+) over own baseline", "שטף הספקטרום {} מעל הרמה הרגועה"),
)


def words_for(language: PictureLanguage) -> Words:
    """The words of a language."""
    return HEBREW if language == "he" else ENGLISH


def figure(text: str, words: Words) -> str:
    """A signed number or a time that keeps its order within right-to-left text (UAX 9, isolates)."""
    return f"{_LRI}{text}{_POP}" if words.right_to_left else text


def cause(text: str, words: Words) -> str:
    """What raised a voice, in the picture's language; a cause without a translation stays as it is."""
    if not words.right_to_left:
        return text
    for pattern, translated in _BECAUSE_HE:
        found = re.fullmatch(pattern, text)
        if found:
            return translated.format(figure(found[1], words))
    return text


def role_name(who: str, words: Words) -> str:
    """A role in the picture's language, or the party's own letter."""
    named = {"agent": words.agent, "customer": words.customer, "speaker": words.speaker}
    return named.get(who) or words.party.format(name=who)
