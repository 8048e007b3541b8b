"""Which answers a question can have got from a session, without a model.

A small writer answers what was never said ("Where am I from?" "You are from a print shop."). So every
question belongs to a topic, whose words must stand in the very message that the answer is taken from.
Knows English, no model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.text import keys, words


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that look like `asked` make sense where `told` stands in a message."""

    asked: str
    told: str


_WORK = (
    r"\bwork|\bjob|\bshift|\bboss|\bcolleague|\boffice|\bprofession|\bretired|\bcompany|\bemployed"
    r"|\bi(?:'| a)?m (?:a|an|the)\b|\bas an? \b|\bi (?:run|own|teach|drive|build|fix|sell|cook|nurse)\b"
)
_LIKE = r"\blik|\blov|favou?rite|\bprefer|\benjoy|\badore|\bfond|\bcan't resist|\binto\b|\bbest\b"
TOPICS = (
    Topic(r"\bmy (?:own )?name\b|who am i\W*$|am i called", r"\bi(?:'| a)?m\b|\bname|\bcall me|\bit's\b"),
    Topic(r"how old am i|my age\b", r"\b(?:i(?:'| a)?m|i(?:'ll| will)? (?:turn\w*|be)|my age)\b.{0,25}\d"),
    Topic(r"\bdo i live|my (?:home|address|flat|house|street|town|city)\b",
          r"\bliv|\bmov|\bhome|\bflat|\bhouse|\bapartment|\brent|\bbased|\broom|\bfloor|\baddress"),
    Topic(r"am i from|did i grow up|was i born", r"\bfrom\b|\bgrew up|\bborn|\bhome ?town"),
    Topic(r"\bmy (?:job|work|profession)\b|do i (?:do for|work)", _WORK),
    Topic(r"(?:do|did) i study|my (?:course|degree|exam)", r"\bstud|\bcourse|\bdegree|\buni|\bexam"),
    Topic(r"favou?rite|(?:do|did) i (?:like|love|enjoy|prefer)", _LIKE),
    Topic(r"can't i eat|allerg|not eat|must i avoid",
          r"allerg|intoleran|c(?:oe|e)liac|vegan|vegetarian|can't (?:eat|have|touch)|don't eat|\bsick\b"),
    Topic(r"can't i stand|do i (?:hate|dislike)",
          r"can't (?:stand|bear)|\bhat(?:e|ed|es)\b|dislike|awful"),
    Topic(r"am i afraid|scare|fear", r"afraid|scare|fear|terrif|phobia|panic"),
    Topic(r"did i (?:buy|order|get)\b", r"\bb(?:uy|ought)|\bgot\b|\border|\bpurchas|\bpaid\b|\bpicked up"),
    Topic(r"how much|price|cost|did i pay|my (?:rent|budget)", r"\d"),
    Topic(r"my budget", r"budget|afford|\bmax|at most|\blimit|\bspend"),
    Topic(r"\bbroke|broken", r"\bbrok|\bcrack|packed in|stopped|\bdead\b|smash|\bdied\b|leak|\btore\b"),
    Topic(r"am i going|am i leaving|my (?:trip|holiday|flight)|am i travelling",
          r"\bgo(?:ing)?\b|\bleav|\bfly|\bflight|\btrip|\btravel|\bholiday|\bvisit|\btrain\b|\bbook"),
    Topic(r"am i moving", r"\bmov(?:e|ing)\b"),
    Topic(r"\bfilm|\bmovie", r"\bfilm|\bmovie|cinema|\bwatch"),
    Topic(r"\bbook (?:am|did|do) i|read", r"\bread|\bbook|\bnovel|\bauthor"),
    Topic(r"what time", r"\d|noon|midnight|o'clock"),
    Topic(r"\bmarried|my (?:wife|husband|partner)", r"wife|husband|partner|marri|spouse|\w+friend\b"),
    Topic(r"do i (?:live|share) with", r"\bshar|\bmate\b|flat ?mate|room ?mate|liv\w+ with|\btogether"),
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
    landlady trainer coach ex fiance fiancee twin mate manager therapist lawyer vet fiancé fiancée
    grandson granddaughter grandchild godson goddaughter godmother godfather stepson stepdaughter
    stepmother stepfather stepbrother stepsister housemate lodger tenant parents children kids twins
    grandparents grandchildren grandkids siblings mother-in-law father-in-law sister-in-law
    brother-in-law son-in-law daughter-in-law baby papa mama nan nana granny granddad grandad
    auntie avó avô oma opa abuela abuelo nonna nonno nani dadi yiayia babcia mormor farmor physio
    half-brother half-sister ex-husband ex-wife ex-boyfriend ex-girlfriend toddler deputy godchild sibling
    hairdresser plumber electrician apprentice assistant supervisor guest client pupil tutor instructor
    leader mentor babysitter nanny classmate teammate bandmate stepdad stepmum stepmom penpal optician
    in-laws
    """.split()
)
SHE = frozenset("sister mother mum mom wife girlfriend daughter aunt niece grandmother grandma gran "
                 "landlady fiancee granddaughter stepdaughter stepsister stepmother stepmum half-sister "
                 "stepmom mother-in-law sister-in-law daughter-in-law ex-wife ex-girlfriend nan granny "
                 "auntie goddaughter".split())  # fmt: skip
HE = frozenset("brother father dad husband boyfriend son uncle nephew grandfather grandpa landlord "
                "fiance grandson stepson stepbrother stepfather half-brother father-in-law brother-in-law "
                "stepdad son-in-law ex-husband ex-boyfriend grandad granddad godson".split())  # fmt: skip
FAMILY = (SHE | HE) - {"landlord", "landlady"}
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
