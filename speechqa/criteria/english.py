"""English: contractions, spellings, fillers, numbers and the words that carry no content."""

from __future__ import annotations

import re
import unicodedata

from speechqa.criteria.spoken_english import standard
from speechqa.criteria.word_tables import form_table, word_set

_APOSTROPHES = re.compile("['’‘`´׳]")
_CLIPPED = re.compile("([a-z]+)['’‘`´](ll|ve|re)")
_LONG = {"ll": "will", "ve": "have", "re": "are"}

# With the apostrophe taken out; "id", "ill", "well", "were", "wed", "shell" and "hell" are words of their own
# and are read as contractions only where the apostrophe was written.
_CONTRACTIONS = form_table(
    """
im = i am
ive = i have
youre = you are
youve = you have
youll = you will
youd = you would
weve = we have
theyre = they are
theyve = they have
theyll = they will
theyd = they would
hes = he is
shes = she is
its = it is
itll = it will
thats = that is
thatll = that will
theres = there is
therell = there will
heres = here is
whats = what is
wheres = where is
whens = when is
whos = who is
hows = how is
whys = why is
lets = let us
dont = do not
doesnt = does not
didnt = did not
isnt = is not
arent = are not
aint = is not
wasnt = was not
werent = were not
hasnt = has not
havent = have not
hadnt = had not
cant = can not
cannot = can not
couldnt = could not
wont = will not
wouldnt = would not
shouldnt = should not
mustnt = must not
neednt = need not
shouldve = should have
couldve = could have
wouldve = would have
gonna = going to
wanna = want to
gotta = got to
lemme = let me
gimme = give me
dunno = do not know
kinda = kind of
nobodys = nobody is
everythings = everything is
somethings = something is
thankyou = thank you
goodmorning = good morning
alright = all right
allright = all right
ok = okay
okey = okay
thx = thanks
tks = thanks
u = you
ur = your
pls = please
plz = please
yep = yes
yup = yes
yeah = yes
yea = yes
yah = yes
nope = no
nah = no
goodbye = bye
byebye = bye
cheerio = bye
hiya = hi
anythings = anything is
canceled = cancelled
canceling = cancelling
judgment = judgement
inquiry = enquiry
percent = per cent
"""
)
_WITH_APOSTROPHE = form_table(
    """
id = i would
ill = i will
well = we will
were = we are
wed = we would
hell = he will
shell = she will
hed = he would
shed = she would
"""
)

FILLERS = word_set("uh um uhm umm erm er eh ehm ah hm hmm hmmm")

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip

_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
DIGITS = {word: str(value) for value, word in enumerate(_UNITS)} | {
    word: str(10 * (value + 3)) for value, word in enumerate(_TENS)
}
NUMBERS = frozenset(DIGITS) | word_set("hundred thousand million couple dozen double triple")

COMMON = word_set(
    "the to and you i a is it that of in for my on have with your this can what do not are be me so was we "
    "would at please yes no okay need am will just how or from an if but like thank thanks hello hi"
)

FUNCTION = word_set(
    "a an the this that these those it its i me my mine you your yours we us our he him his she her "
    "they them their who whom what which where when why how is am are was were be been being do does "
    "did done doing have has had having will would shall should can could may might must ought to of in "
    "on at by for from with about into onto over under up down out off as than then so and or but nor "
    "if because while until since though not no yes okay all right well oh just only also too very "
    "really quite here there now again still yet please thank thanks welcome hello hi bye good great "
    "fine sure course sorry let get got go going come want like need know think see say said tell mean "
    "help one some any anything something nothing more else lot bit thing things kind sort way much "
    "many little day today sir madam mam maam mister miss mrs mr ms perfect wonderful lovely excellent "
    "thats would actually basically mhm mm uhhuh huh per"
)


def expand(raw: str) -> list[str]:
    """The words a written word stands for, in lower case and one spelling."""
    word = unicodedata.normalize("NFKC", raw).lower()
    bare = _APOSTROPHES.sub("", word)
    if bare != word and bare in _WITH_APOSTROPHE:
        return list(_WITH_APOSTROPHE[bare])
    if bare in _CONTRACTIONS:
        return list(_CONTRACTIONS[bare])
    spoken = standard(bare)
    if spoken is not None:
        return list(spoken)
    clipped = _CLIPPED.fullmatch(word)
    if clipped and clipped.group(1) not in ("y", "o"):
        # Any word may carry it: "the engineer'll ring", "what've we got".
        return [clipped.group(1), _LONG[clipped.group(2)]]
    if bare != word and word[-2:-1] in "'’‘`´" and word.endswith("s"):
        bare = bare[:-1] + "s"
    if len(bare) >= 6:
        bare = re.sub(r"iz(e|ed|es|er|ing|ation|ations)$", r"is\1", bare)
    return [bare] if bare else []


def stem(word: str) -> str:
    """A crude stem, good for telling an echo and nothing else."""
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ied",
        "ies",
        "ers",
        "ed",
        "es",
        "er",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.rstrip("ey") if len(word) > 4 else word
