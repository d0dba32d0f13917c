"""Words that keep a talk going without adding to it: listener's tokens, fillers, farewells, open endings.

Data only, Hebrew and English, spelt as people write; `wording` folds them the way it folds a transcript. The
lists are the project's own, after the descriptions of Gravano & Hirschberg 2011 (affirmative cue words) and
Heldner & Edlund 2010 (very short utterances).
"""

from __future__ import annotations

from typing import Final

ENGLISH_TOKENS: Final = """
mm|mh|mhm|hm|hmm|mmm|uh huh|huh|aha|ah|ahh|oh|ohh|ooh|wow|yeah|yea|yah|yep|yup|yes|ya|aye|ok|
okay|okey|k|right|sure|alright|all right|fine|good|great|perfect|lovely|wonderful|excellent|
brilliant|cool|nice|awesome|no|nope|nah|exactly|absolutely|definitely|indeed|true|correct|
certainly|of course|got it|gotcha|i see|i know|i understand|understood|i got you|i hear you|
makes sense|that makes sense|fair enough|sounds good|that's right|that's fine|that's ok|
that's okay|that's good|that's great|that's correct|that's it|no problem|no worries|not at all|
thank you|thanks|thank you very much|thank you so much|thanks a lot|thanks very much|
many thanks|thank you thank you|you're welcome|welcome|cheers|please|really|oh dear|oh no|
oh my god|my god|sorry to hear that|i'm sorry to hear that|i'm sorry|i'm so sorry|so sorry|sorry|sir|
ma'am|madam|miss|mister|very good|very well|alright then|all right then|okay then|go ahead|go on|good good|
o k|o|exact|fantastic|amazing|very nice|nice one|good stuff|great stuff|that's lovely|that's nice|
not a problem|no problems|sounds great|very true|that's true|i agree|yes please|no thank you|no thanks|
yes of course|i guess so|i think so|i suppose so|
i don't think so|pretty much|yes it is|it is|it does|i do|i am|yes i do|yes i am
"""

HEBREW_TOKENS: Final = """
כן|לא|אהה|אה|אהא|אמ|אממ|המ|הממ|ממ|מממ|אוקיי|אוקי|או קיי|טוב|בסדר|בסדר גמור|נכון|נכון מאוד|הבנתי|
הבנתי אותך|הבנתי אותך כן|יופי|מצוין|מצויין|מעולה|נהדר|סבבה|אחלה|ברור|בטח|ודאי|בוודאי|כמובן|בהחלט|
בדיוק|לגמרי|אין בעיה|אין בעיות|תודה|תודה רבה|תודה לך|תודה לכם|המון תודה|בבקשה|על לא דבר|
אין בעד מה|אוי|וואי|וואו|ואו|אני מצטער|אני מצטערת|מצטער|מצטערת|וואלה|נו|אני מבין|אני מבינה|מבין|
מבינה|אני יודע|אני יודעת|שומע|שומעת|אני שומע|אני שומעת|אני איתך|אני איתכם|בשמחה|כן כן|כן בטח|
אה אוקיי|אוקיי אוקיי|יפה|יפה מאוד|חד משמעית|ממש|איזה יופי|מושלם|מדהים|זה נכון|מסכים|מסכימה|
אני מסכים|אני מסכימה|צודק|צודקת|אתה צודק|את צודקת|אדוני|גברתי|סליחה
"""

ENGLISH_FILLERS: Final = (
    "um|uhm|umm|uh|er|erm|eh|well|so|like|you know|i mean|and|but|or|then|now|just|yeah so"
)
HEBREW_FILLERS: Final = """
אמ|אממ|אה|אהה|אז|כאילו|זאת אומרת|ז״א|אתה יודע|את יודעת|ו|אבל|או|טוב אז|פשוט
"""

ENGLISH_FAREWELLS: Final = """
bye|bye bye|goodbye|good bye|take care|good day|great day|nice day|good one|good evening|
good night|good weekend|you too|you as well|same to you|all the best|see you|have a good|
have a great|have a nice|best wishes|wish you|cheerio
"""
HEBREW_FAREWELLS: Final = """
ביי|ביי ביי|להתראות|יום טוב|יום נעים|יום נפלא|ערב טוב|ערב נעים|לילה טוב|שבוע טוב|סוף שבוע נעים|
שבת שלום|חג שמח|כל טוב|גם לך|גם לכם|רפואה שלמה|בשורות טובות|להשתמע|שיהיה לך|שיהיה יום
"""

ENGLISH_OPEN_ENDINGS: Final = """
a|an|the|my|your|our|their|to|of|from|than|as|at|into|i|we|they|he|she|i'm|it's|you're|we're|they're|he's|
she's|i've|we've|you've|they've|i'll|you'll|we'll|i'd|that's|there's|because|'cause|cause|if|while|whether|
very|going|gonna|wanna|every|wouldn't|couldn't|isn't|wasn't|and|but|or|should|would|could|his|its|been|with|
by|another|is|are|was|were|be|has|have|had|will|can|shall|may|might|must|which|who|where|when|why
"""
ENGLISH_MOSTLY_OPEN_ENDINGS: Final = """
her|this|these|in|on|for|about|am|do|does|did|you|that|what|how|really|not|don't|doesn't|didn't|can't|won't|
maybe|some|any|two|three
"""
HEBREW_OPEN_ENDINGS: Final = """
את|של|על|עם|אל|אם|כי|בגלל|ש|כש|כאשר|היה|הייתי|צריך|צריכה|רוצה|יכול|יכולה|מ|ב|ל|ה|ידי|בין|בשביל|כדי|אבל|או|
איזה|איזו
"""
HEBREW_MOSTLY_OPEN_ENDINGS: Final = """
אני|אתה|הוא|היא|אנחנו|אתם|הם|זה|הזה|יש|אין|לי|לך|לו|לה|לנו|מה|איך|איפה|מתי|למה|לפני|אחרי|גם|רק|עוד|
יותר|מאוד|כל
"""
ENGLISH_CLOSINGS: Final = """
as well|right now|for now|by now|just now|or so|and so on|or something|like that|or not|a lot|at all
"""
HEBREW_CLOSINGS: Final = "וכו|וכולי|כמו זה|או לא|ככה|בינתיים|כרגע"

ENGLISH_HOLDS: Final = """
bear with me|bear with us|one moment|just a moment|a moment please|one second|just a second|
one sec|just a sec|give me a moment|give me a second|give me a minute|one minute|just a minute|
a couple of minutes|hold on|hold please|please hold|on hold|hold the line|stay on the line|
let me check|let me have a look|let me look|let me just look|let me see|let me pull|
i'll just check|i'll check|i'll just have a look|i'm just going to check|i'll be right back|
while i check|while i look|i'm going to check|just going to have a look|let me find|
let me just check
"""
HEBREW_HOLDS: Final = """
רגע בבקשה|רק רגע|רגע אחד|רגע אני|תן לי רגע|תני לי רגע|תנו לי רגע|שנייה בבקשה|שניה בבקשה|
רק שנייה|רק שניה|שנייה אחת|שניה אחת|תן לי שנייה|תני לי שנייה|תן לי דקה|תני לי דקה|דקה בבקשה|
רק דקה|אני בודק|אני בודקת|תמתין|תמתיני|תמתינו|המתן|המתיני|המתינו|נא להמתין|אני מעביר להמתנה|
אני מעבירה להמתנה|שם אותך בהמתנה|שמה אותך בהמתנה|להמתין על הקו|תישאר על הקו|תישארי על הקו|
אני תכף חוזר|אני תכף חוזרת|כבר חוזר אליך|כבר חוזרת אליך|אני אבדוק|נבדוק רגע
"""

ENGLISH_NO_FAREWELLS: Final = "take care of"
HEBREW_NO_FAREWELLS: Final = ""

ENGLISH_GIVES_WAY: Final = (
    "sorry|go on|go ahead|carry on|after you|you go|no you go|sorry go on|sorry go ahead"
)
HEBREW_GIVES_WAY: Final = """
תמשיך|תמשיכי|תמשיכו|דבר|דברי|כן תגיד|כן תגידי
"""

ENGLISH_ANSWERS: Final = "yes|yeah|yep|yup|yah|no|nope|nah|not"
HEBREW_ANSWERS: Final = "כן|לא|בטח|ודאי|נכון"

ENGLISH_HESITATIONS: Final = "um|uhm|umm|uh|er|erm|eh|mm|hmm"
HEBREW_HESITATIONS: Final = "אמ|אממ|אה|אהה|אהם"

ENGLISH_CONJUNCTIONS: Final = "and|but|or|because|'cause|cause|if|when"
HEBREW_CONJUNCTIONS: Final = "אבל|או|כי|אם|כש|כאשר|בגלל|ש"
