"""Ways to say things that are said more plainly in other words, before a message is taken apart.

    Nkem, that's my daughter, is ill        -> my daughter Nkem is ill
    I can't eat rye since I was diagnosed   -> I can't eat rye. I was diagnosed
    it takes me 40 minutes to get to work   -> my way to work takes 40 minutes
    it'll be 640 to fix the oven            -> the oven will cost 640 to fix
    somebody stole my bike                  -> my bike was stolen
    a new friend, her name is Ada           -> a new friend called Ada
    the one thing I can't eat is celery     -> I can't eat celery
    a card for my dad, he turns 60          -> a card for my dad. my dad turns 60

Patterns and what stands in their place; knows the words of a text alone.
"""

from agent.text import CAPITAL
from agent.topics import PEOPLE, PETS

_BEGAN = (  # behind "since": what was then; "since I was six" is a time
    "(?:was|were) (?:[a-z]+ed|bitten|hit|told|made)|got|fell|broke|moved|quit|left|had|lost|started|"
    "stopped|met|bought|gave|found|changed|joined|turned|came|went|became"
)
_SEEN = "dentist|doctor|vet|physio|hairdresser|optician|gp|midwife|therapist|surgeon|hygienist"
_MENDED = "fix|repair|replace|mend|service|paint|clean|ship|insure|rent|hire"
_FOLK = "guy|man|woman|lady|girl|boy|bloke|chap|lad|fellow"
_KIN = "|".join(sorted(PEOPLE - {"vet", "dentist", "doctor"}, key=len, reverse=True))
_YEARS = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|many|a few) "
    r"(?:years|months|weeks)\b"
)
_COUNT = "two|three|four|five|six|seven|eight|nine|ten"
_AHEAD = "tomorrow|today|on|next|this|in"
_SPAN = r"(?:[\w-]+ ){1,5}?(?:minutes|mins|hours?)"
_NAME = rf"(?-i:{CAPITAL}[\w'-]+)"
_BEGINS = r"((?:^|[.!?;] )(?:and |but |so |oh )?)"
_PETS = "|".join(sorted(PETS | {"greyhound", "puppy", "lurcher", "spaniel", "terrier", "labrador",
                               "whippet", "kitten", "pony", "mare", "tortoise", "budgie"}))  # fmt: skip
_VESSELS = (
    "boat|sailboat|ship|yacht|dinghy|canoe|kayak|car|van|campervan|caravan|truck|bike|tractor"
)
_MINE = rf"((?:my|our) (?:[a-z]+ )?(?:{_KIN})(?: {_NAME})?)"
_WHO = rf"(I|we|(?:my|our) (?:[a-z]+ )?(?:{_KIN})(?: {_NAME})?)"
_TASTE = (
    r"(?:love|hate|miss|want|need|dread|adore|detest|dislike|fear)s?|would (?:love|like)|"
    r"can not (?:stand|bear|eat|drink)"
)
_NO_CLAUSE = r"(?!(?:that|when|how|if|the way|whether|what|it) )"
_IS_CALLED = (
    r"(?:,? and|,|\.|:| -) (?:(?:his|her) name(?: is|'s)|(?:he|she|it) is (?:called|named))"
)
_ASKS_FOR = (  # what a request begins with
    r"(?:can|could|would|will) you|I (?:need|want|am looking)|help|write|draft|suggest|find|give|make|"
    r"need|any|got|recommend|translate|plan|what"
)
_NOBODY_ELSE = r"(?:(?!\b(?:my|our|his|her|he|she)\b)[^.!?;,])*?"
_NO_OTHER = r"(?:(?!\b(?:an?|my|our|his|her|he|she)\b)[^.!?;,])*?"
REPHRASED = (
    (rf"(?<!\w)({_NAME}), (?:that is|that's|who is|who's) ((?:my|our) (?:[a-z]+ )?[a-z-]+),? (?=[a-z])",
     r"\2 \1 "),
    (rf",? \bsince (?=(?:i|we|he|she|they) (?:{_BEGAN})\b)", ". "),
    (rf"\bit takes (?:me |us )?({_SPAN}) to (?:get|drive|cycle|walk|travel|commute) to (\w+)\b",
     r"my way to \2 takes \1"),
    (r"\bit (will|would|is going to)? ?(?:be|costs?|was) ((?:about |around )?[£$€]?\d[\d.,]*(?: [a-z]+)?)"
     rf" to ({_MENDED}) ((?:the|my|our) [a-z]+(?: (?!for|on|in|at|and|but|so)[a-z]+)?)",
     r"\4 \1 cost \2 to \3"),
    (rf"((?:^|[.!?;] )(?:my|our) (?:{_KIN})(?: {_NAME})?), (?:he|she) (?=[a-z]+ )", r"\1 "),
    (rf"((?:^|[.!?;,] |\band )(?:my|our) (?:{_KIN})(?: {_NAME})?) (?:he|she) (?=[a-z]+ )", r"\1 "),
    (rf"\b(I|we) (?:live|(?:am|are) living)((?: (?:in|with) [\w ]+?)?) since (?={_YEARS})",
     r"\1 have lived\2 for "),
    (rf"\b(I|we) (?:work|(?:am|are) working)((?: (?:in|at|as|for) [\w ]+?)?) since (?={_YEARS})",
     r"\1 have worked\2 for "),
    (r"\b(pick(?:s|ed|ing)?|drop(?:s|ped|ping)?) (my (?:[a-z]+ )?[a-z]+) (up|off)\b", r"\1 \3 \2"),
    (rf"\bname is spelt (?={CAPITAL})|\bname is spelled (?={CAPITAL})", "name is "),
    (r"\bby the time (?=(?:i|we|he|she|they|my) )", "when "),
    (rf"\bI go by ({_NAME})(?: at (?:work|school|home))?", r"everyone calls me \1"),
    (r"(?:,|,? and) that (?=(?:will|would|is going to) cost\b)", " and it "),
    (r"\b(?:about|around|nearly|almost|over) (?=\w+ (?:people|guests|friends|visitors|kids) "
     r"(?:came|turned up|showed up|are coming|will come)\b)", ""),
    (r"\b(?:somebody|someone) stole ((?:my|our) \w+)", r"\1 was stolen"),
    (rf"\b(giv(?:e|ing)|gave|got|get(?:ting)?|buy(?:ing)?|bought|made|making) ({_NAME}|my [a-z-]+) "
     r"((?:an?|some|the) [^.,!?]*?) for (?:his|her) ((?:\d+\w* )?birthday)", r"\1 \2 \3 for \2's \4"),
    (r"\b(my|our|the|his|her) next (?=[a-z-]+ (?:is|will)\b)", r"\1 "),
    (r"\btook in (?=an?\b)", "adopted "),
    (rf"\b(?:see|at|to|for) (?:the|my) ({_SEEN})\b([^?]*?)\b(?:the|my) appointment (?=is|was)",
     r"at the \1\2my \1 appointment "),
    (rf"\b(?:a|an|the|this) (?:[a-z]+ )?(?:{_FOLK}) (?:called|named) ({_NAME}) "
     r"(?=(?:is|was|has|had|will|[a-z]+s|[a-z]+ed|sold|gave|took|made|taught) )", r"\1 "),
    (rf"\b(?:the|my|our) (?:[a-z]+ )?(?:{_FOLK}) next door\b", "my neighbour"),
    (rf"\b((?:my|our) (?:[a-z]+ )?(?:{_KIN})(?: {_NAME})?) in ({_NAME}) "
     r"(?=(?:is|was|has|had|will|[a-z]+s|[a-z]+ed) )", r"\1, who lives in \2, "),
    (r"\bit is (?=a (?:girl|boy)\b[^.!?]*\b(?:due|born|baby)\b)", "the baby is "),
    (r"(\b(?:having a baby|baby|pregnant|expecting)\b[^.!?]*?[,;]? (?:and )?)it is (?=a (?:girl|boy)\b)",
     r"\1the baby is "),
    (rf"{_BEGINS}((?:my|our) (?:[a-z]+ )?(?:{_VESSELS}))( {_NOBODY_ELSE}){_IS_CALLED} (?={_NAME})",
     r"\1\2\3. \2 is called "),
    (rf"{_BEGINS}((?:my [a-z]+ and I )?{_NO_OTHER}\b(?:an? |new )(?:[a-z-]+ )??"
     rf"(?:{_KIN}|{_PETS}|{_FOLK}|{_VESSELS}))"
     r"( (?:at|from|in) (?:my )?[a-z]+| upstairs| downstairs| yesterday| recently| (?:last|this) [a-z]+|"
     rf" in {_NAME})?{_IS_CALLED} ({_NAME})",
     r"\1\2 called \4\3"),
    (rf"{_BEGINS}({_NO_OTHER}\b)(?:someone|somebody)(?: new)?{_IS_CALLED} ({_NAME})", r"\1\2\3"),
    (rf"{_BEGINS}new (?=(?:{_KIN}) called\b)", r"\1I have a new "),
    (rf"\bthere is (?=a new (?:{_KIN})\b)", "I have "),
    (rf"{_BEGINS}(?:the (?:one|only|first|main) thing|what|the thing) {_WHO} (?:really |most |just )?"
     rf"({_TASTE})(?: most| the most)? is {_NO_CLAUSE}", r"\1\2 \3 "),
    (rf"{_BEGINS}the only thing {_WHO} (eats?|drinks?|reads?|watch(?:es)?) is {_NO_CLAUSE}",
     r"\1\2 \3 only "),
    (rf"{_BEGINS}all {_WHO} (wants?|needs?)(?: (for [\w ]+?))? is {_NO_CLAUSE}([^.,!?;]+)",
     r"\1\2 \3 \5 \4"),
    (rf"{_BEGINS}the thing {_WHO} (am|are|is) (?:most )?(afraid|scared|terrified|proud) of(?: most)? is "
     rf"{_NO_CLAUSE}", r"\1\2 \3 \4 of "),
    (rf"{_BEGINS}((?:{_ASKS_FOR})\b{_NOBODY_ELSE} (?:for|to|about|with|from) ){_MINE}"
     r"(('s [\w ]+?)?),? (?:he|she) (?=[a-z]+ )", r"\1\2\3\4. \3 "),
    (rf"\bthere are (?:just |only )?({_COUNT}) of us (?=(?:at home|in (?:the|our|my) [a-z]+)\b)",
     r"we are \1 "),
    (rf"{_BEGINS}({_COUNT}) of us (?=at home\b)", r"\1we are \2 "),
    (rf"\b(mum|mom|mother|dad|father|parent|gran|grandma|grandad) to (?={_COUNT})", r"\1 of "),
    (r"\ba bad ([a-z]+), the (left|right) one\b", r"a bad \2 \1"),
    (r"\b(?:somebody|someone|burglars|thieves) (?:has |have )?(?:broke|broken) into ((?:my|our) [a-z]+)\b",
     r"\1 was burgled"),
    (r"\bthey (?:have |had )?(?:just )?(?:cancelled|canceled|called off) "
     r"((?:my|our|the) [a-z]+(?: [a-z]+)?)(?= ?(?:[.!?,;]|$|and|but|because|again|today|yesterday))",
     r"\1 was cancelled"),
    (rf"\b(?:it|today) is ((?:my|our|my [a-z]+'s) (?:birthday|anniversary)) "
     rf"(?=(?:{_AHEAD})\b[^,.!?]*(?:[.!?]|$))", r"\1 is "),
    (r"\bmy day off is (?:on )?((?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b(?! this| next)",
     r"I have \1s off"),
    (rf"\b(favou?rite [a-z]+)'s (?=(?-i:{CAPITAL}))", r"\1 is "),
    (r"\bmy (?:other|better) half\b", "my partner"),
    (r"\bmy commute (?=takes\b)", "my way to work "),
    (rf"\bname's (?={_NAME})", "name is "),
    (rf"{_BEGINS}(?:the )?name is (?={_NAME})", r"\1my name is "),
    (rf"{_BEGINS}(?:my |the )?name's (?!on |in |at |not |an? |the )", r"\1my name is "),
    (rf"{_BEGINS}originally from (?={_NAME})", r"\1I am from "),
    (rf"{_BEGINS}day off is ", r"\1my day off is "),
    (r"\b(?:has|have) been (?=diagnosed\b)", "was "),
    (rf"\b((?:my|our) (?:{_PETS})) is (an? [a-z ]+?) (?:called|named) ({_NAME})",
     r"\1 is \2. \1 is called \3"),
    (rf"{_BEGINS}(?:it|there) is (?:now )?(?:just|only) me and (?=(?:my|the|our) |{_NAME})",
     r"\1I live with "),
    (r"(?<!\bbaby )\b(?:will|is going to) be (?=called|named)", "is "),
    (r"\b(?:just|right) (?=(?:above|below|behind|off|outside|around|by|opposite|over|under|past|"
     r"beside)\b)", ""),
    (r"(?<= )'(?=[3-9]\d\b)", "19"), (r"(?<= )'(?=[0-2]\d\b)", "20"),
    (r"\b(my|our|the|two|three|four|five) childrens\b", r"\1 children"),
    (r"\bhas (?:now )?(\d+) years(?= ?(?:[.,;!]|$|and\b))", r"is \1 years old"),
    (rf"^((?:hi|hello|hey)(?: there)?[,!.]? )?this is ({_NAME}) (?:again|here|speaking)\b",
     r"\1I am \2"),
    (rf"\b(called|named) (the|our|my) new (?=[a-z]+ {_NAME})", r"\1 \2 "),
    # "hates jazz, isn't that funny?" tells; "it is on Friday, isn't it?" asks
    (r", (?:is|was|are|were) not (?:that|this|it|he|she|they) (?:so |just |really )?[a-z]+\?", "."),
    (rf"{_BEGINS}me and (?!my |the |a )([\w'-]+) (?=[a-z]+)", r"\1\2 and I "),
    (r"\b(am|is|are|went|gone|going) (?:going )?veggie\b", r"\1 vegetarian"),
    (r"\b(?:am|is|are) going (?=(?:vegan|vegetarian)\b)", "am "),
    (r"\b(I|we|they) (?:am|are) (?:really |so |very )?into (?!the |my |our |a )", r"\1 like "),
    (r"(?<=\w) is (?:really |so |very )?into (?!the |my |our |a )", " likes "),
    (r"\bI give ([a-z]+) lessons\b", r"I teach \1"),
    (r"\b(?:asked me to marry (?:him|her)|proposed to me)\b", "asked for my hand"),
)  # fmt: skip
