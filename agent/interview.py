"""Questions that a session may answer, and which answers to them it can have given, without a model.

A small writer forgets to ask, and a small reader answers what was never said ("Where am I from?" "You
are from a print shop."). So every question belongs to a topic, whose words must stand in the very
message that the answer is taken from. Knows English, no model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.text import keys, words


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that begin to make sense where `told` stands in a message; `asked` tells other
    wordings of them."""

    asked: str
    told: str
    questions: tuple[str, ...] = ()


_WORK = (
    r"\bwork|\bjob|\bshift|\bboss|\bcolleague|\boffice|\bprofession|\bretired|\bcompany|\bemployed"
    r"|\bi(?:'| a)?m (?:a|an|the)\b|\bas an? \b|\bi (?:run|own|teach|drive|build|fix|sell|cook|nurse)\b"
)
_LIKE = r"\blik|\blov|favou?rite|\bprefer|\benjoy|\badore|\bfond|\bcan't resist|\binto\b|\bbest\b"
TOPICS = (
    Topic(r"\bmy (?:own )?name\b|who am i\W*$|am i called", r"\bi(?:'| a)?m\b|\bname|\bcall me|\bit's\b",
          ("What is my name?",)),
    Topic(r"how old am i|my age\b", r"\b(?:i(?:'| a)?m|i(?:'ll| will)? (?:turn\w*|be)|my age)\b.{0,25}\d",
          ("How old am I?",)),
    Topic(r"\bdo i live|my (?:home|address|flat|house|street|town|city)\b",
          r"\bliv|\bmov|\bhome|\bflat|\bhouse|\bapartment|\brent|\bbased|\broom|\bfloor|\baddress",
          ("Where do I live?",)),
    Topic(r"am i from|did i grow up|was i born", r"\bfrom\b|\bgrew up|\bborn|\bhome ?town",
          ("Where am I from?",)),
    Topic(r"\bmy (?:job|work|profession)\b|do i (?:do for|work)", _WORK,
          ("What is my job?", "Where do I work?")),
    Topic(r"(?:do|did) i study|my (?:course|degree|exam)", r"\bstud|\bcourse|\bdegree|\buni|\bexam",
          ("What do I study?",)),
    Topic(r"favou?rite|(?:do|did) i (?:like|love|enjoy|prefer)", _LIKE,
          ("What do I like?", "What food do I like?")),
    Topic(r"can't i eat|allerg|not eat|must i avoid",
          r"allerg|intoleran|c(?:oe|e)liac|vegan|vegetarian|can't (?:eat|have|touch)|don't eat|\bsick\b",
          ("What can't I eat?", "What am I allergic to?")),
    Topic(r"can't i stand|do i (?:hate|dislike)", r"can't (?:stand|bear)|\bhat(?:e|ed|es)\b|dislike|awful",
          ("What can't I stand?",)),
    Topic(r"am i afraid|scare|fear", r"afraid|scare|fear|terrif|phobia|panic", ("What am I afraid of?",)),
    Topic(r"did i (?:buy|order|get)\b", r"\bb(?:uy|ought)|\bgot\b|\border|\bpurchas|\bpaid\b|\bpicked up",
          ("What did I buy?",)),
    Topic(r"how much|price|cost|did i pay|my (?:rent|budget)", r"\d", ("How much did I pay?",)),
    Topic(r"my budget", r"budget|afford|\bmax|at most|\blimit|\bspend", ("What is my budget?",)),
    Topic(r"\bbroke|broken", r"\bbrok|\bcrack|packed in|stopped|\bdead\b|smash|\bdied\b|leak|\btore\b",
          ("What broke?",)),
    Topic(r"am i going|am i leaving|my (?:trip|holiday|flight)|am i travelling",
          r"\bgo(?:ing)?\b|\bleav|\bfly|\bflight|\btrip|\btravel|\bholiday|\bvisit|\btrain\b|\bbook",
          ("Where am I going?", "When am I leaving?", "Who am I going with?")),
    Topic(r"am i moving", r"\bmov(?:e|ing)\b", ("Where am I moving?",)),
    Topic(r"\bfilm|\bmovie", r"\bfilm|\bmovie|cinema|\bwatch", ("Which film did I see?",)),
    Topic(r"\bbook (?:am|did|do) i|read", r"\bread|\bbook|\bnovel|\bauthor", ("What am I reading?",)),
    Topic(r"what time", r"\d|noon|midnight|o'clock", ("What time do I have to be there?",)),
    Topic(r"\bmarried|my (?:wife|husband|partner)", r"wife|husband|partner|marri|spouse|\w+friend\b"),
    Topic(r"do i (?:live|share) with", r"\bshar|\bmate\b|flat ?mate|room ?mate|liv\w+ with|\btogether",
          ("Who do I live with?",)),
    Topic(r"birthday", r"birthday|\bturn|\bborn\b"),
    Topic(r"(?:my|the) (?:appointment|medicine|medication|tablet|pill)s?|do i (?:take|have to take)",
          r"appointment|tablet|pill|medicine|dentist|doctor|hospital|clinic|\bvet\b|\bdrops\b|\bcream\b"),
    Topic(r"how old is|'s age", r"\d|\bone\b|two|three|four|five|six|seven|eight|nine|ten|year|month"),
)  # fmt: skip
PEOPLE = frozenset(
    """
    sister brother mother mum mom father dad wife husband partner girlfriend boyfriend son daughter
    child kid uncle aunt cousin niece nephew grandmother grandma gran grandfather grandpa friend
    neighbour neighbor boss colleague coworker teacher doctor dentist flatmate roommate landlord
    landlady trainer coach ex fiance fiancee twin mate manager therapist lawyer vet
    """.split()
)
PETS = frozenset(
    "cat dog rabbit hamster parrot horse pony tortoise goldfish kitten puppy bird hen goat cow pig".split()
)
_EVENTS = frozenset(
    """
    appointment exam birthday interview meeting flight trip wedding operation surgery party holiday
    concert race match test course class lesson deadline anniversary visit train ferry mediation
    """.split()
)
# Words that a question may bring without the user having used them.
_GENERIC = frozenset(
    """
    name job work profession live home city town age old birthday cost price pay paid day time date
    favourite favorite like love best place food eat happen happened thing kind person people pet
    buy see get go meet use make give take want have need plan do feel think start leave move moving
    long much number year month week colour color gave bought saw got went appointment reason
    payment present gift order weather hobby plan role member family
    """.split()
)
NAMES_MOST, THINGS_MOST = 6, 8
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]+(?:(?: (?:of|the|de|la|van))* [A-Z][\w'’-]+)*")
_FIRST = re.compile(
    r"(?:^|[.!?] )([A-Z][a-z'’-]+)(?= (?:is|was|has|had|lives|works|turns|said|wants|comes) )"
)
_MINE = re.compile(r"\b[Mm]y ((?:favou?rite |new |old |best )?[a-z]+)")
_NO_NAMES = frozenset(
    "I I'm I've I'd I'll Im Hi Hey Yes No Not The My It Its He She They And But Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December That This There What Here Which Everything".split()
)


def questions(said: Sequence[str]) -> list[str]:
    """What may be asked about the user's messages `said`."""
    things = _first([thing for text in said for thing in _things(text)], THINGS_MOST)
    names = _first(
        [
            name
            for text in said
            for name in [*_NAME.findall(text), *_FIRST.findall(text)]
            if name not in _NO_NAMES
        ],
        NAMES_MOST,
    )
    return [
        *(question for thing in things for question in _about_mine(thing)),
        *(question for name in names for question in _about_name(name, said)),
        *(
            question
            for topic in TOPICS
            if any(re.search(topic.told, text, re.I) for text in said)
            for question in topic.questions
        ),
    ]


def _things(text: str) -> list[str]:
    """What the user calls "my", and people and pets that are named without it ("Wife says …")."""
    mine = [thing for thing in _MINE.findall(text) if words(thing)]
    nouns = {thing.split()[-1] for thing in mine}
    others = [w for w in re.findall(r"[a-z]+", text.lower()) if w in PEOPLE | PETS | _EVENTS]
    return [*mine, *(w for w in others if w not in nouns)]


def _about_mine(thing: str) -> list[str]:
    noun = thing.split()[-1]
    if noun in PETS:
        return [f"What is my {thing} called?"]
    if noun in PEOPLE:
        return [
            f"What is my {thing} called?",
            f"What does my {thing} do?",
            f"Where does my {thing} live?",
        ]
    if noun in _EVENTS:
        return [f"When is my {thing}?", f"Where is my {thing}?"]
    return [f"What happened to my {thing}?"]


def _about_name(name: str, said: Sequence[str]) -> list[str]:
    told = " ".join(text for text in said if name in text)
    found = [f"Who is {name}?"]
    if re.search(r"\d|years? old", told):
        found.append(f"How old is {name}?")
    if re.search(r"\bliv|\bmov", told, re.I):
        found.append(f"Where does {name} live?")
    if re.search(rf"{_WORK}|\bis an? ", told, re.I):
        found.append(f"What does {name} do?")
    return found


def plausible(question: str, answer: str, said: Sequence[str], own_most: int = 0) -> bool:
    """Whether one of the user's messages can have told this: the question brings no thing of its
    own (or `own_most` words that are nobody and no event), and the answer's keys stand in a message
    with the words of the question's topic."""
    spoken = {word for text in said for word in words(text)}
    bare = question
    for topic in TOPICS:  # its own words are checked by what the message tells
        bare = re.sub(topic.asked, " ", bare, flags=re.I)
    own = {word for word in words(bare) - _GENERIC if not known(word, spoken)}
    if len(own) > own_most or own & (PEOPLE | PETS | _EVENTS):
        return False
    wanted = keys(question, answer)
    homes = [text for text in said if len(wanted & words(text)) >= 0.6 * len(wanted)]
    needed = [topic.told for topic in TOPICS if re.search(topic.asked, question, re.I)]
    return any(all(re.search(told, text, re.I) for told in needed) for text in homes)


def known(word: str, spoken: set[str]) -> bool:
    """Used by the user in some form: the same four first letters do."""
    return word in spoken or (len(word) > 3 and any(w[:4] == word[:4] for w in spoken))


def _first(found: Sequence[str], most: int) -> list[str]:
    return list(dict.fromkeys(found))[:most]
