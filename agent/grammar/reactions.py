"""What does somebody no good, told by what it does to them: "kiwis make my throat close up".

    kiwis make my throat close up                 -> what am I allergic to, what should I avoid eating
    I can't eat shrimp, it gives me a rash        -> what gives me a rash, what happens when I eat it
    my son gets hives from strawberries           -> what should my son avoid eating

Only of foods, drinks, medicines and what else people react to, by closed lists. Knows one sentence.
"""

import re
from collections.abc import Iterator

from agent.grammar.being import Pair
from agent.grammar.kinds import kind_of
from agent.grammar.turning import flip, question, sentence
from agent.grammar.words import Words, is_plural, sentences_of
from agent.text import CAPITAL
from agent.topics import PEOPLE

_EATEN = frozenset("food sweet vegetable fruit drink".split())
_NOT_EATEN = frozenset(
    "pollen dust dustmites dust-mites grass cats dogs cat dog feathers latex nickel perfume mould mold "
    "horses wool bleach smoke lavender fur hay wasps bees penicillin amoxicillin "
    "antibiotics aspirin ibuprofen codeine morphine plasters".split()
)
_MORE_FOODS = frozenset(
    "dairy lactose gluten wheat rye soy soya sesame celery mustard lupin shellfish seafood nuts msg "
    "aubergines spices chilli chillies caffeine alcohol sugar sulphites avocado avocados mangoes "
    "kiwi kiwis lychees coconut almonds".split()
)
_ALLERGIC = (
    r"rash|hives|itch\w*|swell\w*|swollen|sneez\w*|wheez\w*|close\w*|tingl\w*|puff\w*|spots|asthma|"
    r"eczema|blotch\w*|break out|water|stream|numb|tight"
)
_UNWELL = (
    r"ill|sick|nauseous|bloated|migraines?|headaches?|cramps?|heartburn|stomach ?aches?|dizzy|vomit|"
    r"throw up|gassy|diarrhoea|jittery|hangover|reflux|indigestion|shaky"
)
_BODY = r"throat|lips|mouth|tongue|face|eyes?|skin|nose|stomach|hands?|chest|ears?|tummy|belly|gums"
_DOES = re.compile(
    rf"(?:(?:and|but|also|plus|because|even) )*(?P<x>(?:eating |drinking )?[\w-]+(?: [\w-]+){{0,2}}?) "
    rf"(?:always |really |just |will |can )?(?P<v>makes?|gives?|brings?|sets?|turns?) "
    rf"(?P<y>(?P<w>me|my [\w-]+(?: {CAPITAL}\w+)?|him|her|his) (?:\w+ ){{0,4}}?"
    rf"(?:{_ALLERGIC}|{_UNWELL})\b.{{0,30}})",
    re.IGNORECASE,
)
_HURTS = re.compile(
    r"(?:(?:and|but|also|plus|because|even) )*(?P<x>(?:eating |drinking )?[\w-]+(?: [\w-]+){0,2}?) "
    r"(?:always |really |just |will |can )?(?P<v>closes?|swells?|burns?|upsets?|hurts?|irritates?) "
    rf"(?P<y>(?P<w>(?:my|his|her) (?:{_BODY}))\b.{{0,30}})",
    re.IGNORECASE,
)
_GETS = re.compile(
    rf"(?P<w>I|my [\w-]+(?: {CAPITAL}\w+)?) (?:always |really |just |will )?"
    rf"(?P<y>(?:gets?|comes?|swells?|breaks?|goes?|react\w*|feels?)(?: \w+){{0,4}}?"
    rf"(?: (?:{_ALLERGIC}|{_UNWELL})| up| badly))"
    rf"(?: \w+){{0,2}}? (?:from|to|when (?:I|he|she) (?:eats?|haves?|has|drinks?|touch(?:es)?)|"
    rf"(?:if|whenever) (?:I|he|she) (?:eats?|haves?|has|drinks?|touch(?:es)?)|after eating) "
    rf"(?P<x>[\w-]+(?: [\w-]+)?)$",
    re.IGNORECASE,
)
_BANNED = re.compile(
    rf"(?P<w>I|my [\w-]+(?: {CAPITAL}\w+)?) (?:can|do|does|must|should) not "
    r"(?:eat|have|touch|drink|stand) (?:any )?(?P<x>[\w-]+(?: [\w-]+)?)$",
    re.IGNORECASE,
)
_THEIRS = re.compile(rf"(?:(?P<whom>him|her)(?! (?:{_BODY})\b)|his|her)\b", re.IGNORECASE)
_IT = frozenset(("it", "they", "that"))


def reactions(tokens: Words) -> Iterator[Pair]:
    """What is asked of what somebody reacts to."""
    for words, _ in sentences_of(tokens):
        banned: tuple[str, str] | None = None
        for part in re.split(r" (?:[,:–-]|because|as|and|but|so) ", " ".join(words)):
            part = part.strip(" ,")
            if match := _DOES.match(part) or _HURTS.match(part):
                x = match["x"].lower()
                if x in _IT and banned:
                    yield from _of_it(match, *banned)
                elif x not in _IT:
                    yield from _of_cause(_who(match["w"]), x, match["v"], match["y"])
            elif match := _GETS.match(part):
                yield from _asked(
                    _who(match["w"]), match["x"], match["y"], sentence(flip(tuple(part.split())))
                )
            if match := _BANNED.match(part):
                banned = (_who(match["w"]), match["x"]) if _eaten(match["x"]) else None


def _of_it(match: re.Match[str], who: str, food: str) -> Iterator[Pair]:
    """ "it gives me a rash", where what it is, and who cannot eat it, was said before."""
    verb = _base(match["v"]) + ("" if is_plural(tuple(food.split())) else "s")
    does = match["y"]
    if _THEIRS.match(does):
        if who in ("", "I"):
            return
        does = _THEIRS.sub(lambda m: who if m["whom"] else f"{who}'s", does)
    elif who != "I":
        return
    yield from _of_cause(who, food, verb, does)


def _of_cause(who: str, cause: str, verb: str, does: str) -> Iterator[Pair]:
    """ "kiwis make my throat close up"."""
    told = sentence(flip(tuple(f"{cause} {verb} {does}".split())))
    eaten = re.sub(r"^(?:eating|drinking) ", "", cause, flags=re.I).lower()
    if _eaten(eaten) or {*eaten.split()} & _NOT_EATEN:
        yield question(f"what {_base(verb)}s {does}"), told
        yield from _asked(who, eaten, f"{verb} {does}", told)


def _asked(who: str, cause: str, does: str, told: str) -> Iterator[Pair]:
    if not who or not (_eaten(cause) or {*cause.lower().split()} & _NOT_EATEN):
        return
    mine, cause, who = who == "I", cause.lower(), " ".join(who.split()[:2])
    be = "am" if mine else "is"
    small = told[0].lower() + told[1:]
    allergic = re.search(rf"\b(?:{_ALLERGIC})\b", does, re.I)
    yield question(f"what should {who} avoid"), told
    if allergic:
        yield question(f"what {be} {who} allergic to"), told
        yield question(f"{be} {who} allergic to anything"), f"Yes, {small}"
    if not _eaten(cause):
        return
    drunk = kind_of(tuple(cause.split())).removesuffix("s") == "drink" or cause == "alcohol"
    eat, eating, food = ("drink", "drinking", "drink") if drunk else ("eat", "eating", "food")
    yield question(f"what should {who} avoid {eating}"), told
    yield question(f"which {food} should {who} avoid"), told
    yield question(f"which {food} does not agree with {'me' if mine else who}"), told
    yield question(f"is there anything {who} should not {eat}"), told
    yield question(f"what happens when {who} {eat if mine else f'{eat}s'} {cause}"), told
    if allergic:  # of coffee that makes jittery one may drink some
        yield question(f"what can't {who} {eat}"), told
        yield question(f"can {who} {eat} {cause}"), f"No, {small}"


def _who(word: str) -> str:
    """Who reacts, by "me", "my throat", "my son"; "" for anything else."""
    last = word.lower().split()
    if last in (["me"], ["i"]) or re.fullmatch(_BODY, last[-1]):
        return "I"
    known = last[1:2] and last[1] in PEOPLE and not last[1].endswith("s")
    return f"my {word[3:]}" if known else ""


def _eaten(words: str) -> bool:
    each = words.lower().split()
    kind = kind_of(tuple(each)) if each else ""
    named = kind.removesuffix("s") in _EATEN or kind in ("fruits", "sweets")
    return bool(each) and (named or each[-1] in _MORE_FOODS)


def _base(verb: str) -> str:
    return verb.lower().removesuffix("s")
