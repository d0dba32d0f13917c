"""The words of the arousal picture, in English and Hebrew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from speechqa.core.value import Value

PictureLanguage = Literal["en", "he"]

_LRM: Final = "\u200e"
_RLM: Final = "\u200f"


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
    over: str
    not_because: str
    measured_by: str
    absolute: str


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
    begins="episode from {value}",
    ends="ends under {value}",
    curve="arousal of the {who}",
    low="little voice, low confidence",
    no_value="too little voice, no value",
    episode="episode, numbered as below",
    peak="peak",
    raised="{number}  {who}'s arousal raised {start} to {end}, peak {value} at {peak}{because}",
    no_episode="No episode of raised arousal was found.",
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
    summed="In all, the {who}'s highest is {peak} and {share} of the windows are raised",
    ended={
        "calmer": "; ended calmer than they began, {first} to {last}",
        "same": "; no clear difference of beginning and end, {first} to {last}",
        "more aroused": "; ended more aroused than they began, {first} to {last}",
    },
    rise_or_fall="rise or fall, lettered as below",
    over=" over own baseline",
    not_because="What was said before a change is where to listen, not its proven cause.",
    measured_by=", measured by {model}",
    absolute="The {who} is perhaps agitated from the first word (low confidence): {reason}",
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
    begins="קטע מוגבר מ־{value}",
    ends="נגמר מתחת ל־{value}",
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
    summed="בסך הכול, השיא של ה{who} הוא {peak} ו־{share} מהחלונות מוגברים",
    ended={
        "calmer": "; סוף רגוע מההתחלה, {first} לעומת {last}",
        "same": "; אין הבדל ברור בין ההתחלה לסוף, {first} לעומת {last}",
        "more aroused": "; סוף בעוררות גבוהה מההתחלה, {first} לעומת {last}",
    },
    rise_or_fall="עלייה או ירידה, לפי האות למטה",
    over=" מעל הרמה הרגועה",
    not_because="מה שנאמר לפני שינוי מראה היכן להקשיב, ואינו סיבה מוכחת.",
    measured_by=", נמדד על ידי {model}",
    absolute="ייתכן שה{who} נסער מהמילה הראשונה (ביטחון נמוך): {reason}",
)

_OVER: Final = " over own baseline"
_CAUSES_HE: Final = (
    (r"pitch (\S+) semitones", "גובה הקול {} חצאי טונים"),
    (r"energy above 1000 Hz (\S+) dB", "אנרגיה מעל 1000 הרץ {} דציבל"),
    (r"strongest partial above 2000 Hz (\S+) dB", "הצליל החלקי החזק מעל 2000 הרץ {} דציבל"),
    (r"spectral centre (\S+) Hz", "מרכז הספקטרום {} הרץ"),
    (r"spectral flux (\S+)", "שטף הספקטרום {}"),
)


def words_for(language: PictureLanguage) -> Words:
    """The words of a language."""
    return HEBREW if language == "he" else ENGLISH


def figure(text: str, words: Words) -> str:
    """A signed number or a time that keeps its order and its place within right-to-left text.

    By marks (UAX 9, 2.6), for the picture's text layout knows no isolates.
    """
    return f"{_RLM}{_LRM}{text}{_LRM}{_RLM}" if words.right_to_left else text


def causes(texts: Iterable[str], words: Words) -> str:
    """What raised a voice, in the picture's language, over what is said once; without a translation as it is.

    Examples
    --------
    >>> causes(["pitch +4.1 semitones over own baseline", "spectral flux +0.05 over own baseline"], ENGLISH)
    'pitch +4.1 semitones, spectral flux +0.05 over own baseline'
    """
    over, others = [], []
    for text in texts:
        if text.endswith(_OVER):
            over.append(_cause(text.removesuffix(_OVER), words))
        else:
            others.append(text)
    return "; ".join([", ".join(over) + words.over, *others] if over else others)


def _cause(text: str, words: Words) -> str:
    for pattern, translated in _CAUSES_HE if words.right_to_left else ():
        found = re.fullmatch(pattern, text)
        if found:
            return translated.format(figure(found[1], words))
    return text


def role_name(who: str, words: Words) -> str:
    """A role in the picture's language, or the party's own letter."""
    named = {"agent": words.agent, "customer": words.customer, "speaker": words.speaker}
    return named.get(who) or words.party.format(name=who)
