"""What tells an agent from a customer: phrases with their weights in log-odds. Data only, the project's own.

A positive weight speaks for the agent, a negative one for the customer. The weights are rounded judgements,
not fitted: 3 decides almost alone, 1 is a hint. A group counts once a party, however often it is said.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class CueGroup(NamedTuple):
    """Phrases that mean the same about who speaks; `says` is what the reason quotes.

    An `early` group counts only in a party's first turns: later on an agent "needs to" as well.
    """

    says: str
    weight: float
    phrases: str
    early: bool = False


CUES: Final = (
    CueGroup(
        "offers help",
        3.0,
        """
        how can i help|how may i help|how can i assist|how may i assist|how could i help|
        how can we help|help you today|what can i do for you|what can i help|assist you today|
        how might i help|can i help you|may i help you|איך אפשר לעזור|במה אפשר לעזור|איך אני יכול לעזור|
        איך אני יכולה לעזור|במה אוכל לעזור|איך אוכל לעזור|במה אני יכול לעזור|במה אני יכולה לעזור|
        במה אפשר לסייע|איך אפשר לסייע|במה אוכל לסייע|לעזור לך היום
        """,
    ),
    CueGroup(
        "answers for a company",
        2.5,
        """
        thank you for calling|thanks for calling|thank you for contacting|thanks for contacting|
        welcome to|you're through to|you are through to|you've reached|thank you for choosing|
        calling from|national bank my name|customer service|customer care|customer support|
        support my name|speaking how|תודה שהתקשרת|תודה שפנית|תודה שפניתם|תודה על פנייתך|הגעת ל|
        שלום הגעתם|מדבר נציג|מדברת נציגה|שירות לקוחות שלום|מוקד שירות|אני מתקשר מחברת|אני מתקשרת מחברת|
        מדברים מחברת
        """,
    ),
    CueGroup(
        "asks whether anything else is needed",
        2.5,
        """
        anything else i can|anything else you need|is there anything else|there anything else|
        anything else today|anything else we can|anything else i could|something else i can|משהו נוסף|
        עוד משהו שאפשר|עוד משהו שאוכל|אפשר לעזור בעוד משהו|יש עוד משהו|דבר נוסף שאפשר|בעוד משהו
        """,
    ),
    CueGroup(
        "asks for identifying details",
        1.5,
        """
        can i have your|could i have your|may i have your|can i get your|could i get your|
        may i get your|can i take your|could i take your|what's your name|what is your name|
        your full name|your last name|your first name|your date of birth|date of birth|
        what's your phone|what is your phone|your phone number please|your account number|
        what's your account|what is your account|your order number|your email address|your zip code|
        your postcode|verify your|confirm your|who am i speaking|whom am i speaking|for security|
        last four digits|מספר תעודת זהות|תעודת זהות שלך|תעודת הזהות שלך|ארבע ספרות אחרונות|
        ארבע הספרות האחרונות|מה השם המלא|מה שמך|עם מי אני מדבר|עם מי אני מדברת|מספר הטלפון שלך|
        מספר הלקוח שלך|לצורך זיהוי|תאריך לידה|כתובת המייל שלך
        """,
    ),
    CueGroup(
        "acts for the other",
        1.5,
        """
        i can help you with|i can do that for you|i can help with that|let me check that for|
        let me look that up|let me pull|pull up your|i'll put you through|let me transfer you|
        i'll transfer you|transfer you to|bear with me|thank you for your patience|
        thanks for your patience|thank you for holding|thanks for holding|for the inconvenience|
        i do apologise|i do apologize|in our system|on our system|our records|you're all set|
        got you all set|all set up|your balance is|has been transferred|your appointment is|
        we can offer you|what i can do|i've gone ahead|i have gone ahead|would you like me to|
        what would you like|which one would you like|אני בודק לך|אני בודקת לך|אני בודק עבורך|
        אני בודקת עבורך|אני אבדוק לך|אני מעביר אותך|אני מעבירה אותך|תודה על הסבלנות|תודה על ההמתנה|
        תודה שהמתנת|מתנצל על אי הנוחות|מתנצלת על אי הנוחות|אני רואה אצלי|אני רואה כאן במערכת|
        אצלנו במערכת|לפי הרישום|פתחתי לך|זיכיתי אותך|אני יכול להציע לך|אני יכולה להציע לך|נחזור אליך|
        נציג יחזור
        """,
    ),
    CueGroup(
        "takes leave for the company",
        1.0,
        """
        thank you for calling|thanks for calling|have a great day|have a good day|have a nice day|
        have a wonderful day|המשך יום|שיהיה לך יום|תודה שפנית|תודה שהתקשרת
        """,
    ),
    CueGroup(
        "states what is wanted",
        -2.0,
        """
        i'm calling about|i'm calling because|i'm calling to|i am calling about|i am calling to|
        i was calling|calling in regards|calling regarding|i need to|i'd like to|i would like to|
        i want to|i wanna|i wanted to|i was wondering|i'm looking for|i am looking for|i'm looking to|
        i'm trying to|i was hoping|can you help me|could you help me|i need help|i need some help|
        i need your help|i need a|i need an|אני רוצה|רציתי|הייתי רוצה|אני צריך|אני צריכה|אני מתקשר בקשר|
        אני מתקשרת בקשר|אני מתקשר לגבי|אני מתקשרת לגבי|אני מתקשר כי|אני מתקשרת כי|התקשרתי כי|
        אני מעוניין|אני מעוניינת|אפשר לבטל|אני מבקש|אני מבקשת|מבקש לברר|מבקשת לברר
        """,
        early=True,
    ),
    CueGroup(
        "tells of a problem",
        -1.5,
        """
        i have a problem|i have an issue|i've got a problem|having a problem|having trouble|
        having issues|having an issue|i have a question|i was charged|charged me|i got charged|
        i haven't received|i have not received|i didn't receive|i never received|i bought|i ordered|
        i purchased|is not working|isn't working|doesn't work|not working|it's broken|is broken|
        it broke|stopped working|i lost my|my bill|my card|my order|my account|my phone|my car|
        my internet|my husband|my wife|i've been feeling|i've been having|i've been waiting|
        i already called|יש לי בעיה|יש לי תקלה|לא עובד|לא עובדת|התקלקל|התקלקלה|חייבתם אותי|חייבו אותי|
        לא קיבלתי|הזמנתי|קניתי|החשבון שלי|הכרטיס שלי|החשבונית שלי|ההזמנה שלי|האינטרנט שלי|הטלפון שלי|
        כבר התקשרתי|אני מחכה כבר|אצלי בבית
        """,
    ),
    CueGroup(
        "has got what was wanted",
        -1.5,
        """
        no that's all|no that's it|that's all i|that was all|that will be all|that'll be all|
        that's everything|that was going to be it|thank you for your help|thanks for your help|
        thank you for helping|help i needed|לא זה הכל|זה הכל תודה|זהו תודה|תודה על העזרה|תודה על עזרתך|
        עזרת לי
        """,
    ),
    CueGroup(
        "answers as one who is asked",
        -0.7,
        """
        my name is|my date of birth|my phone number is|my account number|my email is|my order number|
        my number is|מספר תעודת הזהות שלי|תעודת הזהות שלי|הטלפון שלי הוא|המייל שלי
        """,
    ),
)

EARLY_TURNS: Final = 6
"""How many of a party's turns are its first."""
ALONE: Final = 0.5
"""What a party's phrases weigh when the other party is not there to compare with."""
TIMING_NEEDS_S: Final = 20.0
"""Who speaks first, and more, tells nothing in less talk than this."""
FIRST_TO_SPEAK: Final = 0.8
"""Weight of being the first to speak for a while: who answers a service line greets."""
TALKS_MORE: Final = 0.3
"""Weight of talking clearly more than the other."""
