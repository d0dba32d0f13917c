"""English as many of its speakers say it and transcribers write it down, told by its standard words.

A phrase is written once, in standard spelling; whoever says "cannae", "callin'", "nowt" or "y'all" says it
too, and is judged the same. The quote is always what was written.
"""

from __future__ import annotations

from speechqa.criteria.word_tables import form_table, word_set

_FORMS = """
dinnae=do not
dinny=do not
doesnae=does not
disnae=does not
didnae=did not
cannae=can not
couldnae=could not
wouldnae=would not
shouldnae=should not
willnae=will not
isnae=is not
wasnae=was not
wisnae=was not
werenae=were not
hasnae=has not
havenae=have not
hivnae=have not
hadnae=had not
arenae=are not
aye=yes
aww=oh
wee=little
nae=no
naw=no
ye=you
ya=you
yous=you
youse=you
yall=you
yer=your
yersel=yourself
yerself=yourself
yoursel=yourself
mysel=myself
masel=myself
meself=myself
fae=from
frae=from
tae=to
oot=out
aboot=about
bout=about
noo=now
oor=our
auld=old
hame=home
morra=tomorrow
wi=with
wit=with
wiv=with
gie=give
tak=take
mak=make
hae=have
huv=have
haf=have
nowt=nothing
owt=anything
summat=something
sumthin=something
reet=right
int=is not
innit=is it not
dunt=does not
dint=did not
wunt=would not
gon=going to
finna=going to
ima=i am going to
imma=i am going to
tryna=trying to
hafta=have to
aight=all right
em=them
dat=that
dis=this
dem=them
dese=these
dey=they
dere=there
da=the
de=the
ax=ask
axed=asked
ting=thing
tings=things
tink=think
anyting=anything
everyting=everything
someting=something
mudder=mother
brudder=brother
fadder=father
tirty=thirty
tousand=thousand
tursday=thursday
wery=very
vill=will
ve=we
vell=well
ven=when
vant=want
vait=wait
vould=would
vith=with
veek=week
vork=work
anysing=anything
everysing=everything
somesing=something
serwice=service
"""


FORMS = form_table(_FORMS)
"""A written word, and the standard words for it; none that is another word of service calls."""

_CLOSED = word_set(
    "again within begin cabin resin satin latin login admin plugin origin margin virgin robin basin "
    "cousin raisin vitamin insulin aspirin penicillin amoxicillin warfarin heparin statin metformin "
    "gelatin bulletin pumpkin napkin muffin puffin coffin dolphin goblin violin mandarin dublin berlin "
    "turin wisconsin assassin javelin paraffin toxin moccasin martin kevin colin devin calvin melvin "
    "alvin edwin benjamin justin austin franklin caitlin darwin marvin irwin dustin quentin gavin kelvin "
    "merlin collin erwin tobin griffin rankin larkin hopkin corbin bodkin chaplin lapin zeppelin cumin "
    "jasmin muslin poplin ruffin urchin tocsin elfin florin catkin checkin rubin yasmin sherwin baldwin "
    "godwin goodwin kathrin darrin perrin sabin stalin lenin putin rabin levin lewin marlin kristin"
)
"""Words that end so and are not clipped."""
_OPEN = frozenset(("goin", "doin", "bein", "seein", "agreein"))
_SHORTEST = 5
_THANK = {"tank": "thank", "sank": "thank", "tanks": "thanks", "sanks": "thanks"}
_BEHIND_THANK = frozenset(["you", "ye", "u"])
_BEHIND_THANKS = word_set("for a so very again love mate bye loads")
_BEFORE_A_THING = word_set(
    "the a an my your our their his its every which two three four five six oil water fuel gas petrol septic "
    "fish storage"
)
"""Behind one of them a tank is a tank, and a TA an assistant."""
_OPENS_THANKS = word_set(
    "yes no okay oh right great lovely brilliant perfect good fine grand cool well many cheers"
)
_BEHIND_TA = _BEHIND_THANKS | word_set("much then duck pet dear goodbye")
_TAKES_TO = word_set("have has had got going want wants need needs used ought able like trying")
_BEFORE_A_NAME = word_set("mr mrs ms miss mister dr doctor am")
_SAYS_WHAT_IT_IS = word_set("is was will has does can code number")
_BESIDE = {
    ("with", "fi"): ("wifi", ""),
    ("ey", "up"): ("hello", ""),
    ("ta", "ra"): ("bye", ""),
    ("ta", "ta"): ("bye", ""),
    ("fixing", "to"): ("going", "to"),
    ("might", "could"): ("could", ""),
    ("i", "ken"): ("i", "know"),
    ("you", "ken"): ("you", "know"),
    ("not", "ken"): ("not", "know"),
}


def standard(word: str) -> tuple[str, ...] | None:
    """The standard words of one that is spelled as it is spoken; None where nothing is known of it.

    Parameters
    ----------
    word : str
        In lower case, without apostrophes.

    Examples
    --------
    >>> standard("cannae"), standard("callin"), standard("again")
    (('can', 'not'), ('calling',), None)
    """
    known = FORMS.get(word)
    if known is not None:
        return known
    clipped = word.endswith("in") and (word in _OPEN or (len(word) >= _SHORTEST and word[-3] not in "aeiou"))
    return (word + "g",) if clipped and word not in _CLOSED else None


def beside(before: str, word: str, after: str) -> tuple[str, str] | None:
    """What a word and the one behind it stand for together; None where each stands for itself.

    Parameters
    ----------
    before, word, after : str
        As normalised; `before` is empty ahead of the first, `after` behind the last.
    """
    if word in _THANK:
        said = _BEHIND_THANK if word.endswith("k") else _BEHIND_THANKS
        alone = word.endswith("s") and not after and (not before or before in _OPENS_THANKS)
        return (_THANK[word], after) if alone or (after in said and before not in _BEFORE_A_THING) else None
    if word == "ma":
        return ("my", after) if after and before not in _BEFORE_A_NAME else None
    both = _BESIDE.get((word, after))
    return ("thanks", after) if both is None and word == "ta" and _thanks(before, after) else both


def _thanks(before: str, after: str) -> bool:
    """Whether "ta" between them is said for thanks, not for "to" nor in the place of a name."""
    if before in _BEFORE_A_THING or before in _TAKES_TO or (after and after in _SAYS_WHAT_IT_IS):
        return False
    return not (before and after) or before in _OPENS_THANKS or after in _BEHIND_TA
