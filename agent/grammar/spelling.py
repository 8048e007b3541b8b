"""Careless spelling and contractions, written out, and a text cut into words and signs.

    "im off to Ulm w/ my gf, its called..." -> I am going to Ulm with my girlfriend , it is called

Knows patterns; no dictionary.
"""

import re

from agent.grammar.rephrased import REPHRASED
from agent.text import CAPITAL, SMALL

_ING_NOUN = (
    r"(?:dumpl|snor|sing|cook|duckl|rid|wedd|even|morn|build|paint|meet|earr|th|k|spr|cloth|"
    r"ceil)ing|[a-z]+ing (?:boots|shoes|gear|trip|lessons?|class(?:es)?|machine|bag|suit|club|course|kit)"
)
_IS_BEFORE = (
    r"(?:called|named|a|an|the|not|in|at|on|from|going|turning|\d+|\w+ing|with|due|set(?! of)|"
    r"(?:allergic|engaged|married|addicted) to|(?:scared|afraid|terrified|proud) of)\b"
)
_FILLERS = (
    "lol|lmao|smh|ngl|(?:ha){2,}h?|tho|tbh|btw|pls|plz|ugh|omg|rn|kinda|sorta|kind of|sort of|honestly|"
    "of course|"
    "by the way|please|i think|at least|at once|at all|in fact|in the end|for now|as well|"
    "at the moment|right now|these days|in turn|in the meantime|this time(?! next)"
)
_HAPPENED = (
    "stolen|cancelled|canceled|fired|sacked|promoted|robbed|bitten|stung|rejected|damaged|hacked|towed|"
    "broken|delayed|postponed|moved|burgled|accepted|admitted|invited"
)
_COUNTED = "euros?|pounds?|quid|dollars?|hours?|nights|days|weeks|people|of"
_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
               "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
_BEFORE_DAY = "|".join(
    rf"(?<={before} )"
    for before in (
        *(rf"\b{word}" for word in "on every this next last by until since".split()),
        *("day", "day and", "day or"),
    )
)
_BEHIND_DAY = (
    rf"(?= (?:morning|afternoon|evening|night|at \d|\d{{1,2}}(?:[ap]m|[:.]\d)|(?:(?:and|or|to) )?"
    rf"(?:{'|'.join(_SHORT_DAYS)}|thurs?|tues|fri)\b))"
)
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_SPELT = (  # careless spelling and contractions, written out
    (r"\bno\. (?=\d)", "number "), (rf"(?<=\d) ?([ap])\.?m\b(?:\.(?! (?-i:{CAPITAL})|\s*$))?", r"\1m"),
    (rf"\b(Mr|Mrs|Ms|Dr|Prof|St)\. (?={CAPITAL})", r"\1 "),
    (rf"\b(St|for|from|near) (?-i:({CAPITAL}\w+))'s (?=in\b)", r"\1 \2’s "),  # not "is in"
    (rf"\b({_DAY}s?), (?=(?:{_DAY})s?(?:,| and\b))", r"\1 and "),
    (rf"\b({_DAY}), (?=(?:the )?\d{{1,2}}(?!\d)(?! (?:{_COUNTED}))|{_MONTH})", r"\1 "),
    (r"\bhalf (?=(?:brother|sister)s?\b)", "half-"), (r"\bstep[ -](?=(?:brother|sister)s?\b)", "step"),
    (r"\b((?:mother|father|sister|brother|son|daughter)s?) in law\b", r"\1-in-law"),
    (r"\byrs?\b", "years"), (r"(?<=\byears) of age\b", " old"),
    (rf"\b(?-i:[Pp]oor) (?-i:(?={CAPITAL}{SMALL}))", ""),
    (r"(?<=, )own (?=(?:[a-z]+ )?[a-z]+ (?:on|in|at|near)\b)", "I have my own "),
    (rf"(?<=\bwith )(?-i:({CAPITAL}{SMALL}+)) and (?:his|her) (?=[a-z]+ (?-i:{CAPITAL}))",
     r"\1 and \1's "),
    (r"(?<=\d )hrs?\b|\b(?-i:hrs)\b", "hours"),
    (r"\b(part|full) time\b", r"\1-time"),
    (r"\bgf\b", "girlfriend"),
    (r"\b(my|our) bro\b", r"\1 brother"), (r"\b(my|our) sis\b", r"\1 sister"),
    (r"\bbf\b", "boyfriend"), (r"\bhubby\b", "husband"),
    (r"\bme n\b", "me and"),
    (r"\bex (?=(?:husband|wife|boyfriend|girlfriend)\b)", "ex-"), (r"\bb-?day\b", "birthday"),
    (r"\bappt\b", "appointment"), (r"\bfave?\b", "favourite"),
    (rf"\b((?:{_MONTH}) \d{{1,2}}), (?=\d{{4}})", r"\1 "),
    (r"\bcause (?=(?:i|he|she|we|they|it|my|the)\b)", "because "),
    (r"\b(he|she|it|who)'s (?=(?:just )?(?:turned|lived|worked|had|become|gone|known|taken|made|moved|"
     r"left|changed|switched|started|stopped|decided|died|quit|given)\b)", r"\1 has "),
    (r"\b(s?he|who)s\b", r"\1's"), (r"\btheres\b", "there's"),
    (r"\b(i|we|you|he|she|it|they)'d\b", r"\1 would"),
    (r"\bi'?m\b", "I am"), (r"\bi'?ve\b", "I have"), (r"\bi'll\b", "I will"), (r"\bi\b", "I"),
    (r"\bu\b", "you"), (r"\bbc\b|\bcos\b|\bcuz\b", "because"), (r"\bw/", "with "),
    (r"(?<!\bcalled )(?<!\bnamed )(?-i:\b([\w'-]+)) & ", r"\1 and "),
    (r"\b(he|she|it|that|there|who|what|here)'s got\b", r"\1 has got"),
    (r"\b(he|she|that|there|it|who|what|here)'s\b", r"\1 is"),
    (r"\b(we|they|you)'re\b", r"\1 are"), (r"\b(we|they|you)'ve\b", r"\1 have"),
    (r"\b(we|they|you|he|she|it|that)'ll\b", r"\1 will"), (r"\bcan'?t\b|\bcannot\b", "can not"),
    (r"\bwon'?t\b", "will not"), (r"\b(he|she) (?:don'?t|do not)\b", r"\1 does not"),
    (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should)n'?t\b", r"\1 not"),
    (r"\b(?:by|until|before|since) then\b", ""),
    (rf"(?<=[^s']s) got (?=(?:{_HAPPENED})\b)", " were "),
    (rf"\b(we|they) got (?=(?:{_HAPPENED})\b)", r"\1 were "),
    (rf"(?<=\w) got (?=(?:{_HAPPENED})\b)", " was "),
    (r"\b(have|has) not got (?:an?|any)\b", r"\1 no"),
    (r"\b(have|has) got (?=(?:an?|my|our|the|some|no|one|two|three|four|five|six|\d+)\b)", r"\1 "),
    (r"\b(stag|hen) do\b", r"\1-do"), (r"\bincl\b\.?", "including"),
    (r"\b(is|was) (\w+) and (?=(?:called|named|allergic|afraid|scared|married|pregnant)\b)",
     r"\1 \2 and \1 "),
    (r"\b(stay(?:s|ed|ing)?) (?=(?:an?|[a-z]{3,5}|\d+) (?:night|day|week|month|year)s?\b)",
     r"\1 for "),
    (r"\b(am|are|is) off to\b", r"\1 going to"),
    (rf"\bat ((?:my|our) [a-z-]+(?: (?-i:{CAPITAL})\w+)?|(?-i:{CAPITAL})\w+)'s (?=in\b)",
     r"at \1's place "),
    (r"\bgonna\b", "going to"), (r"\bwanna\b", "want to"), (r"\bits (?=called|named)", "it is "),
    (r"(?<=\w)'s (?=been|got)", " has "),
    (rf"(?<=\w)(?<!master)(?<!bachelor)'s (?!{_ING_NOUN})(?={_IS_BEFORE})", " is "),
    (r"\bthe (wife|husband|missus|landlord|landlady)\b", r"my \1"),
    (r"(?<=\d )Jan\b\.?|(?<=\d(?:st|nd|rd|th) )Jan\b\.?|\bJan\b\.?(?= \d)", "January"),
    (rf"(?<=\bin )Jan\b(?! {CAPITAL})", "January"), (r"(?<=\b(?:last|next|this) )Jan\b", "January"),
    (r"\bthurs?\b", "Thursday"), (r"\btues\b", "Tuesday"), (r"\bweds\b", "Wednesday"),
    (r"\bfri\b", "Friday"),
    *((rf"\b{day}\b{_BEHIND_DAY}", whole) for day, whole in _SHORT_DAYS.items()),
    *((rf"(?:{_BEFORE_DAY})\b{day}\b", whole) for day, whole in _SHORT_DAYS.items()),
    (r"\bFeb\b\.?", "February"), (r"\bApr\b\.?", "April"),
    (r"\bAug\b\.?", "August"), (r"\bSept?\b\.?", "September"), (r"\bOct\b\.?", "October"),
    (r"\bNov\b\.?", "November"), (r"\bDec\b\.?", "December"), (rf",? ?\b(?:{_FILLERS})\b", ""),
    (r"(?<=\band )were (?:all|both) (?=[a-z]+ing\b)", "we are "),
    (r"\b(?:found|got|adopted|bought|rescued|have) (an?) ([a-z]+) and (?:named|called) (?:her|him|it) "
     r"(?=\w)", r"have \1 \2 called "),
    (r"\bI am to (?=[a-z])", "I will "), (r"\b(he|she|we|they) (?:is|are) to (?=[a-z])", r"\1 will "),
    (r"(?<=\w )(?<!plan )(?<!goal )(?<!aim )(?<!dream )(?<!idea )(?:is|are) (?:now |soon )?to be "
     r"(?=(?:\w+ed|\w+en|done|cut|set|held|sent|built|sold)\b)", "will be "),
    (r"(?:^|(?<=[.!?,] )|(?<=\bfor ))(?!parent|kid|twin)([a-z]{3,})s (?=birthday\b)", r"\1's "),
)  # fmt: skip
_TOKEN = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[a-z]+)+|[A-Z]+\d+[A-Z\d]*\b|[a-z]{5,}\d+\b|"  # addresses, "flight LH402"
    r"\d[A-Z]{2}\b|"  # of a postcode
    r"\b(?:[Uu]nder|[Oo]ver)-\d+s?\b|"
    r"\d+(?:[.,]\d+)?(?!-to-)(?:-[a-z]+)+\b|"  # a "24-foot" boat
    r"[£$€]?\d+(?:[.,:]\d+)*(?:[a-z]{1,3}\b|%)?|[^\W\d_]+(?:['’.-][^\W\d_]+)*(?:(?<=s)'(?= \w))?|"
    r"\([^)]*\)|[^\s\w]"
)


def spelt_out(text: str) -> list[str]:
    """The words and signs of a text as one would write them."""
    for pattern, spelt in (*_SPELT, *REPHRASED):
        text = re.sub(pattern, spelt, text, flags=re.I)
    return _TOKEN.findall(text)
