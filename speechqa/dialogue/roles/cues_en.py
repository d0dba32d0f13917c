"""What agents and customers say in English, by the meaning it has for who speaks.

Data only, the project's own. Phrases are parted by bars and lines; `_` stands for any one word, `*` at the
end of a word for any ending. The longest phrase at a place counts, so that "i need to verify" is no longer
"i need to". Meanings and weights are in `role_cues`.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = {
    "offers_help": """
        how can i help|how may i help|how could i help|how might i help|how can we help|how may we help|
        how can i assist|how may i assist|how can we assist|how can i be of|help you today|assist you today|
        what can i do for you|what can we do for you|what can i help|can i help you|may i help you|
        how can i serve|how can i direct|what seems to be the|what brings you|i can help you with|
        i can help with that|i can do that for you|happy to help|be glad to help|glad to assist|
        happy to assist|love to help you|help you with that|assist you with that|help you out with that|
        we can help you|we will assist|i'd be happy to
    """,
    "speaks_for_company": """
        thank you for calling|thanks for calling|thank you for contacting|thanks for contacting|
        thank you for choosing|thanks for reaching out|thanks for reaching|welcome to|you're through to|
        you are through to|you're speaking with|you are speaking with|you're speaking to|you've reached|
        you have reached|you've come through to|this is _ from|this is _ with the|this is _ calling|
        this is _ in|my name is _ from|my name is _ and i'm|my name is _ and i'll|my name is _ how|
        my name is _ may i|name is _ how can|speaking how|calling from|i'm calling from the|
        calling on behalf of|ringing from|phoning from|customer service|customer services|customer care|
        customer support|technical support|support my name|it's _ from|calling you from|on a recorded line|
        this call is recorded|this call is being recorded|this call may be recorded|
        your call may be recorded|calls may be recorded|calls are recorded|recorded for quality|
        recorded for training|be taking over from|this is the _ team|this is the _ department
    """,
    "seeks_person": """
        i'm calling about your|i am calling about your|i'm calling regarding your|i'm calling you about|
        i'm calling to confirm|i'm calling to remind|i'm calling to let you|i'm calling to tell you|
        i'm calling to follow|i'm just calling to let|i'm ringing to let you|i'm ringing about your|
        am i speaking with|am i speaking to|am i talking to|is this mr|is this mrs|is this ms|is that mr|
        is that mrs|is that ms|is this miss|may i speak to|may i speak with|can i speak to mr|
        can i speak with mr|could i speak to mr|could i speak with mr|can i speak to mrs|
        could i speak to mrs|trying to reach|calling about your|calling regarding your|
        calling in regards to your|calling you about|calling to confirm your|calling to remind you|
        calling to let you know|ringing to let you know|ringing about your|calling to follow up|
        calling you back|returning your call|just calling to check|about your appointment|about your recent|
        i'm calling because we|calling because your|got your message|you contacted us|you called us|
        you left us
    """,
    "asks_details": """
        can i have your|could i have your|may i have your|can i get your|could i get your|may i get your|
        can i take your|could i take your|can i take the|can i get the|could i get the|can i have the|
        could i have the|may i have the|could you give me the|can you give me the|could you give me your|
        can you give me your|can you tell me your|could you tell me your|tell me your|give me your|
        what's your name|what is your name|what was your name|what's your first|what's your last|
        your full name|your last name|your first name|your surname|your date of birth|date of birth|
        what's your phone|what is your phone|your phone number|best number to reach|your account number|
        what's your account|what is your account|your order number|what's your order|your email address|
        what's your email|what is your email|your zip code|your postcode|what's your postcode|
        what's your address|what is your address|the billing address|your membership number|
        your policy number|your customer number|your reference number|verify your|confirm your|to verify|
        please confirm|please verify|just to confirm|let me confirm|who am i speaking|whom am i speaking|
        who am i talking|for security|security question|last four digits|last four of|spell your|
        can you spell|could you spell|do you have your|do you have the|do you have a reference|
        do you have an account|under what name|what name is|which account|what city|which city|
        what day would you|what time would you|what date would you
    """,
    "serves": """
        let me check|let me just check|let me look|let me take a look|let me see what|let me see if|
        let me pull|let me get that|let me find out|let me go ahead|let me bring|let me have a look|
        let me double check|let me transfer|pull up your|pulling up your|bringing up your|look that up for|
        looking into that|look into that for|check that for you|find that for you|do that for you|
        get that for you|set that up for|set you up|i'll put you|put you through|i'll transfer you|
        transfer you to|connect you to|bear with me|thank you for your patience|thanks for your patience|
        thank you for holding|thanks for holding|thank you for waiting|thanks for waiting|
        appreciate your patience|sorry for the wait|sorry for your wait|for the inconvenience|
        i do apologise|i do apologize|we apologise|we apologize|sorry to hear|i'm sorry to hear|
        sorry you feel|i understand your|i understand how|understand your frustration|in our system|
        on our system|on our end|our records|you're all set|got you all set|all set up|your balance is|
        has been transferred|has been booked|has been cancelled|has been canceled|has been updated|
        has been processed|has been sent|has been successfully|successfully booked|your appointment is|
        your reservation|your booking is|we can offer|i can offer|what i can do|what we can do|
        i've gone ahead|i have gone ahead|i'll go ahead|i'm going to go ahead|i can see your|i can see here|
        i can see that you|i see here|i see that you|i see your|i'm showing|according to our|
        according to the system|according to my system|i've put a note|i've logged|i've booked you|
        i've sent you|i've cancelled|i've ordered|i'll send you|i'm sending you|i'll email you|
        we'll send you|we will send you|we'll call you|call you back|get back to you|you'll receive|
        you will receive|you'll get a|you should receive|you should get a|be with you|
        would you mind holding|can you hold|could you hold|place you on hold|put you on hold|
        on a brief hold|let us know|send us|i'll note that|make a note|refund for you|arrange a|arrange an|
        escalate this|raise a ticket|open a ticket|open a case|our policy|company policy|
        i need to ask you|i need to verify|i'd like to verify|i just need your|i just need to|
        i will just need|i'll just need|i'll need your|i'm going to need|going to prescribe|i'd recommend|
        i would recommend|we recommend|we would recommend|i would suggest|what i'd like to do|
        what i'd suggest
    """,
    "offers_choice": """
        would you like|would you prefer|do you want me to|do you want to|you want me to|shall i|
        would that work|does that work for|would that be okay|would that be ok|is that okay with you|
        is that correct|is that right|is this correct|is that alright with|which one would you|
        which would you|how many would you|where would you like|when would you like|what would you like|
        what would you|what kind of|what type of|how would you like|would you still|are you looking for|
        are you looking to|would you be interested|are you able to|were you looking|will you be|
        did you want|you would like|you'd like to
    """,
    "asks_history": """
        have you tried|did you try|have you already|have you checked|have you had any|have you got any|
        have you been|have you noticed|have you taken|when did it|when did this|when did you|when did that|
        when was the last|how long have you|how long has|how long did|can you tell me a|
        can you tell me more|can you tell me what|could you tell me a|could you tell me more|
        could you tell me what|can you describe|could you describe|tell me a bit more|tell me more about|
        tell me what happened|walk me through|do you have any|do you smoke|do you take any|are you taking|
        are you having|are you currently|are you still|did you receive|did you get the|did you enter|
        do you see a|do you see the|what do you see|can you see the|any other symptoms|any allergies|
        any other problems|can you try|could you try|try to restart|go ahead and
    """,
    "asks_anything_else": """
        anything else i can|anything else we can|anything else i could|anything else you need|
        anything else you'd|anything else you would|is there anything else|was there anything else|
        there anything else|anything else today|anything else for you|something else i can|anything further|
        any further assistance|any other questions|any other questions for|do you have any other questions|
        do you have any questions|do you require any|any questions for me|what else can i|
        help you with anything else|anything else at all
    """,
    "takes_leave_for_company": """
        have a great day|have a good day|have a nice day|have a wonderful day|have a lovely day|
        have a great rest|have a great evening|have a good evening|have a nice evening|have a great weekend|
        have a good weekend|enjoy the rest of|enjoy your|take care now|thank you for being a|
        thanks for being a|thank you for your call|thank you for your time|thanks for your time|my pleasure|
        pleasure to help|pleasure speaking|hope this helps|glad i could help|glad i could assist|
        don't hesitate to
    """,
    "states_need": """
        i'm calling about|i'm calling because|i'm calling to|i am calling about|i am calling to|
        i am calling because|i was calling|i'm calling in|i'm calling regarding|calling in regards|
        calling regarding|calling about my|calling about an|calling about a|i'm ringing about|
        i'm ringing to|i'm phoning about|i need to|i'd like to|i would like to|i want to|i wanna|
        i wanted to|i was wondering|i'm looking for|i am looking for|i'm looking to|i'm trying to|
        i am trying to|i was trying to|i was hoping|i'm hoping|can you help me|could you help me|
        can you find|could you find|can you get me|find me|get me|help me find|help me with|i need help|
        i need some help|i need your help|i need a|i need an|i need some|i want a|i want my|i'd like a|
        i would like a|i'm interested in|can i get a|can i get some|can i book|can i cancel|can i change|
        can i order|can i make|can i speak to someone|can i speak to a|could i speak to someone|
        can i talk to|i had a missed call|missed call from|could you tell me if|can you tell me if|
        can you tell me when|can you tell me how|could you tell me when|could you tell me how|do i need|
        how do i|what do i do|what should i do|not sure what to do|please help
    """,
    "tells_problem": """
        i have a problem|i have an issue|i've got a problem|i've got an issue|having a problem|
        having trouble|having problems|having issues|having an issue|i have a question|i've got a question|
        i had a question|i was charged|i've been charged|you charged me|charged me|i got charged|
        i haven't received|i have not received|i didn't receive|i didn't get|i never received|i never got|
        i haven't got|i got a letter|i got an email|i got a bill|i received a|i bought|i ordered|
        i purchased|i booked|is not working|isn't working|doesn't work|does not work|not working|won't work|
        it's broken|is broken|it broke|stopped working|won't turn on|keeps dropping|i lost my|i've lost|
        i can't log|i can't get|i can't find|i cannot|locked out|my bill|my card|my order|my account|
        my phone|my car|my internet|my computer|my package|my parcel|my flight|my payment|my money|
        my husband|my wife|my son|my daughter|my house|my doctor|my appointment|my subscription|my contract|
        i've been feeling|i've been having|i've had this|i've been waiting|i've been trying|
        i've been on hold|i've been a customer|i already called|i've already|i've called|i've tried|i tried|
        nobody told me|no one told me|it says|it keeps|it hurts
    """,
    "speaks_to_company": """
        you guys|your website|your company|your app|your store|your shop|your colleague|your manager|
        your supervisor|speak to a manager|speak to your|talk to a manager|talk to your|you people|
        your service|your customer|your driver|your delivery|your technician|your engineer|your policy|
        you charge|you told me|they told me|someone told me|somebody told me|the last person|last person i|
        the lady i|the guy i|i spoke to|i spoke with|i was transferred|been transferred|transferred to you|
        who's calling|who is calling|who is this|who's this|what is this about|what's this about|who am i|
        not interested|take me off|how did you get|this is ridiculous|i want a refund|my money back|
        cancel my|i'm going to cancel|a different provider|can you cancel|can you send me|can you check|
        could you check|can you look|can you transfer me
    """,
    "asks_terms": """
        how much is|how much does|how much do|how much would|how much will|how much are|how much for|
        what does it cost|how long will it|how long does it|how long is it|how long would it|when will i|
        when can i|when do i|when will it|when will my|when does it|what time do you|are you open|
        do you deliver|do you offer|do you guys|do you accept|do you sell|do you do|do i have to|will i be|
        will i get|will i have|will it cost|can i pay|can i come|can i bring|can i still|
        what are the options|what's the price|so i can|is it possible to
    """,
    "is_served": """
        that's all i|that was all|that will be all|that'll be all|that's everything|that is all|
        no that's all|no that's it|that's it for|that was going to be it|nothing else|nope that's|
        no thank you|no thanks|thank you for your help|thanks for your help|thanks for the help|
        thank you for helping|thanks for helping|thank you for all your|thank you so much for|help i needed|
        you've been very|you've been really|you've been so|you've been great|been very helpful|
        been really helpful|you've been a great|appreciate your help|appreciate it|i appreciate your|
        thanks a lot|thank you very much for your|you too
    """,
    "accepts": """
        yes please|yes that's correct|yes that is correct|that's correct|that is correct|yes that's right|
        that sounds|that works|that'll work|that would be great|i'll take it|we'll take|i'll take the|
        sounds good|sounds great
    """,
    "answers_as_asked": """
        my name is|my name's|my date of birth|my phone number is|my account number|my email is|
        my order number|my number is|my address is|my zip code|my postcode|my last name|my first name|
        my birthday|it's under|it should be under|under the name|i don't have it|i don't remember|
        let me find it|let me get it|hold on let me|speaking yes|yes speaking|this is she|this is he
    """,
    "second_person": """
        you|your|you're|you'll|you've|you'd|yours|yourself
    """,
    "first_person": """
        i|my|me|i'm|i've|i'd|mine|myself|i'll
    """,
    "speaks_as_company": """
        our|we|we're|we'll|we've|we'd|us
    """,
    "announcement": """
        press one|press two|press three|press zero|press 1|press 2|press 3|press 0|press the pound|
        press pound|press star|for english press|your call is important|please stay on the line|
        please remain on the line|please continue to hold|your call will be answered|
        in the order it was received|all of our agents|all our agents are|all our representatives|
        all of our representatives|leave a message after|leave your message|after the tone|after the beep|
        at the tone|is not available to take|your estimated wait|you are number|please listen carefully|
        our menu options|say or press|enter your _ followed|followed by the pound
    """,
}
