"""Words of plain English talk: closed lists, forms of verbs, what may be a name.

The forms come from lemminflect's dictionary; careless spelling ("im", "dont") is written out first.
Knows single words and their neighbours; no clauses.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lemminflect import getAllLemmas, getInflection

from agent.grammar.jobs import JOB_WORDS
from agent.grammar.rephrased import REPHRASED
from agent.topics import PEOPLE, PETS

Words = tuple[str, ...]

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
    "broken|delayed|postponed|moved|burgled"
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
    (r"\bno\. (?=\d)", "number "), (r"(?<=\d) ?([ap])\.?m\b(?:\.(?! (?-i:[A-Z])|\s*$))?", r"\1m"),
    (r"\b(Mr|Mrs|Ms|Dr|Prof|St)\. (?=[A-Z])", r"\1 "),
    (rf"\b({_DAY}), (?=(?:the )?\d{{1,2}}(?!\d)(?! (?:{_COUNTED}))|{_MONTH})", r"\1 "),
    (r"\bhalf (?=(?:brother|sister)s?\b)", "half-"), (r"\bstep[ -](?=(?:brother|sister)s?\b)", "step"),
    (r"\b((?:mother|father|sister|brother|son|daughter)s?) in law\b", r"\1-in-law"),
    (r"\byrs?\b", "years"), (r"(?<=\byears) of age\b", " old"),
    (r"\b(?-i:[Pp]oor) (?-i:(?=[A-Z][a-z]))", ""),
    (r"(?<=, )own (?=(?:[a-z]+ )?[a-z]+ (?:on|in|at|near)\b)", "I have my own "),
    (r"(?<=\bwith )(?-i:([A-Z][a-z]+)) and (?:his|her) (?=[a-z]+ (?-i:[A-Z]))", r"\1 and \1's "),
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
    (r"\b(he|she|it)'s (?=(?:lived|worked|had|become|gone|known|taken|made|moved|"
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
    (r"\bat ((?:my|our) [a-z-]+(?: (?-i:[A-Z])\w+)?|(?-i:[A-Z])\w+)'s (?=in\b)", r"at \1's place "),
    (r"\bgonna\b", "going to"), (r"\bwanna\b", "want to"), (r"\bits (?=called|named)", "it is "),
    (r"(?<=\w)'s (?=been|got)", " has "),
    (rf"(?<=\w)(?<!master)(?<!bachelor)'s (?!{_ING_NOUN})(?={_IS_BEFORE})", " is "),
    (r"\bthe (wife|husband|missus|landlord|landlady)\b", r"my \1"),
    (r"(?<=\d )Jan\b\.?|(?<=\d(?:st|nd|rd|th) )Jan\b\.?|\bJan\b\.?(?= \d)", "January"),
    (r"(?<=\bin )Jan\b(?! [A-Z])", "January"), (r"(?<=\b(?:last|next|this) )Jan\b", "January"),
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
    r"[£$€]?\d+(?:[.,:]\d+)*(?:[a-z]{1,3}\b|%)?|[^\W\d_]+(?:['’.-][^\W\d_]+)*(?:(?<=s)'(?= \w))?|"
    r"\([^)]*\)|[^\s\w]"
)
SPEAKERS = (("I",), ("we",))  # subjects
STOPS = (".", "!", "?", ";")
BE = frozenset("am is are was were".split())
HAVE = frozenset("have has had".split())
DO = frozenset("do does did".split())
MODAL = frozenset("will would can could should must might may shall".split())
AUX = BE | HAVE | DO | MODAL
OWN = frozenset("my our".split())
LOST = frozenset(
    "it they them this that there he she him her his their these those hers theirs".split()
)
DETERMINERS = OWN | frozenset(
    "his her their its the a an this that these those some any no".split()
)
PREPOSITIONS = frozenset(
    "in at on to from with for near by about into onto behind opposite under over after before during "
    "since until till as of through across against without around between next inside outside "
    "towards like than off per beside besides beyond along above below among despite".split()
)
BREAKS = frozenset(
    ', . ! ? ; : - – — " ) ( because but so which who whom that where when while although though if '
    "then unless whether or yet including".split()
)
ADVERBS = frozenset(
    "also just only still always never often usually really now currently actually already mostly "
    "sometimes even both finally recently once probably definitely mainly soon almost nearly "
    "quite so very too secretly simply officially basically originally still".split()
)
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays today tomorrow yesterday tonight noon midnight christmas easter "
    "halloween".split()
)
NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand half dozen".split()
)
TITLES = frozenset(
    "Mr Mrs Ms Dr Doctor Prof Professor Frau Herr Pastor Father Sister Brother Sir Captain Old Miss "
    "Mevrouw Mister Pan Pani Don Doña Monsieur Madame Señora Signora Baba Mama Judge Coach St "
    "Saint".split()
)
_MODERN = frozenset(
    "bar pub cafe café cafes euros euro wifi covid airbnb smartphone vegan gluten rehab "
    "kebab cop cops broadband oldest youngest".split()
)
_MANY = frozenset("in-laws they children people men women twins parents kids grandchildren".split())
_NO_NAME = frozenset("I Ok Okay Oh Hi Hey Hello Yes No Well Thanks Good And But So Then The My Our It "
                     "Sorry Oops Wait Wrong He She We They You This That There Also Now "
                     "Just".split())  # fmt: skip


_DAY_NAMES = frozenset(f"{day}day{s}" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
                       for s in ("", "s"))  # fmt: skip
GIVEN = frozenset(  # first names that are words as well
    "faith grace hope joy rose lily ruby iris hazel olive ivy daisy violet jade amber pearl dawn robin "
    "jay rob bill mark frank jack pat peter nick grant mason drew dean glen heath ray rex gene bob sue "
    "penny carol holly heather jasmine rosemary basil tom harry victor marina melody felicity prudence "
    "mercy verity ken kit miles dot viola wren martin warren wade myrtle poppy sally sandy jimmy bobby "
    "billy mickey earl hector homer mike randy rod will nan pip".split()
)
_OF_ONE = frozenset(
    "is has was wants lives works goes likes loves hates plays studies does needs".split()
)
_BEFORE_MONTH = frozenset("in of since until till by last next this for during early late".split())


def tokens_of(text: str) -> Words:
    """The words and signs of a text, careless spelling and contractions written out."""
    text = text.replace("’", "'")
    typed = re.sub(r"\([^)]*\)", "", text)  # without dates that were written out
    casual = typed == typed.lower()
    for pattern, spelt in (*_SPELT, *REPHRASED):
        text = re.sub(pattern, spelt, text, flags=re.I)
    found = _TOKEN.findall(text)
    if casual:  # nothing is capitalised here: a word that no dictionary has is likely a name
        found = [
            w.capitalize() if len(w) > 3 and w.isalpha() and not is_known(w) else w for w in found
        ]
    return tuple(_dated([*_placed(found)]))


def _placed(words: Sequence[str]) -> Iterator[str]:
    """A word that no dictionary has is a place's name behind "to" or "in", however typed."""
    for before, word in zip(("", *words), words, strict=False):
        name = before in ("to", "in", "near") and word.isalpha() and len(word) > 3
        yield word.capitalize() if name and word.islower() and not is_known(word) else word


def _dated(words: Sequence[str]) -> Iterator[str]:
    """The words with days and months written as names, "may" and "march" where they are months."""
    for before, word in zip(("", *words), words, strict=False):
        sure = (
            word not in ("may", "march") or before.lower() in _BEFORE_MONTH or before[:1].isdigit()
        )
        yield word.capitalize() if word in MONTHS | _DAY_NAMES and sure else word


_SMALL = frozenset("every upon toward versus yeah nope hiya".split())


@cache
def verb_lemmas(word: str) -> Words:
    return tuple(getAllLemmas(word.lower(), upos="VERB").get("VERB", ()))


def lemma_of(word: str) -> str:
    found = verb_lemmas(word)
    return found[0] if found else word.lower()


@cache
def has_form(word: str, tag: str) -> bool:
    """Whether the word is that form of a verb (Penn Treebank tags)."""
    word = word.lower()
    if tag in ("VBD", "VBN") and word.endswith("ed") and verb_lemmas(word):
        return True  # "knitted" beside "knit"
    return any(word in getInflection(lemma, tag) for lemma in verb_lemmas(word))


@cache
def is_known(word: str) -> bool:
    """Whether the dictionary has the word; one that it lacks is likely a name."""
    small = word.lower() in NUMBERS | PREPOSITIONS | BREAKS | PEOPLE | PETS | _SMALL
    return small or word.lower() in _MODERN | JOB_WORDS or bool(getAllLemmas(word.lower()))


@cache
def may_be_noun(word: str) -> bool:
    listed = (
        word.lower() in PEOPLE | PETS | _MODERN | JOB_WORDS
    )  # "vet" is a verb alone in the dictionary
    return listed or word[0].isupper() or "NOUN" in getAllLemmas(word.lower()) or not is_known(word)


def is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] in "£$€"


@cache
def is_plural(words: Words) -> bool:
    """Several: "my twins", "25 people"; not "my boss"."""
    last = words[-1].lower()
    if words[:2] == ("one", "of"):
        return False
    if last in _MANY or (last.endswith("s") and last[:-1] in PEOPLE | PETS):
        return True
    nouns = getAllLemmas(last, upos="NOUN").get("NOUN", ())
    return last.endswith("s") and last == words[-1] and bool(nouns) and last not in nouns


def is_name(words: Sequence[str], place: int) -> bool:
    """Capitalised, and not just because a sentence begins."""
    word = words[place]
    if not word[0].isalpha() or word in _NO_NAME or word.lower() in MONTHS | DAYS | DETERMINERS:
        return False
    first = place == 0 or words[place - 1] in STOPS
    return word[0].isupper() and (not first or not is_known(word) or _begins_name(words, place))


def _begins_name(words: Sequence[str], place: int) -> bool:
    """Whether a sentence begins with a name of known words: "Doctor Lund", "Paws Inn", "Faith wants"."""
    word, after = words[place].lower(), words[place + 1 : place + 2]
    if word in GIVEN and after and (after[0] in _OF_ONE or has_form(after[0], "VBD")):
        return True
    if not after or not after[0][0].isupper() or after[0] in _NO_NAME:
        return False
    if after[0].lower() in MONTHS | DAYS or word in PEOPLE | PETS | ADVERBS | AUX | PREPOSITIONS:
        return words[place] in TITLES
    noun = "NOUN" in getAllLemmas(word) and word not in BREAKS | NUMBERS
    return words[place] in TITLES or (noun and not has_form(word, "VBD"))


def name_at(words: Sequence[str], place: int) -> Words:
    """The name that begins at `place`, of at most three words, a "&" apart, or nothing."""
    end = place
    while end < len(words) and end - place < 3 and is_name(words, end):
        both = words[end + 1 : end + 2] == ("&",) and end + 2 < len(words)
        end += 3 if both and is_name(words, end + 2) else 1  # "Salt & Rum"
    return tuple(words[place:end])


def has_name(words: Sequence[str]) -> bool:
    """Whether a phrase begins with a name."""
    return bool(name_at((",", *words), 1))


def end_of_sentence(tokens: Words, start: int) -> int:
    """The place of the sign that ends the sentence, or the end of all."""
    end = start
    while end < len(tokens) and tokens[end] not in STOPS:
        end += 1
    return end


def sentences_of(tokens: Words) -> Iterator[tuple[Words, Words]]:
    """Each sentence's words and the sign that ends it, or nothing."""
    start = 0
    while start < len(tokens):
        end = end_of_sentence(tokens, start)
        yield tokens[start:end], tokens[end : end + 1]
        start = end + 1
