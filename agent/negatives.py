"""Questions that were never answered: what keeps a memory from saying yes to everything.

    swapped   the new facts' own questions about somebody else: "What is my sister called?" ->
              "What is my brother called?"; without them the student names whomever it knows
    near      other things about the people that the facts name, and about the user's things
    bank      what people ask about themselves
    written   what the default model is taught to admit

and first of all the user's own name, while nobody has said it: it would be any name that was told.
One in five is never trained, in whatever words: the gate asks these. Knows text and the pairs'
questions; no model.
"""

import random
import re
import zlib
from collections.abc import Collection, Iterable, Sequence

from agent.default_model.written import DATA, read_answers
from agent.grammar.kinds import KINDS
from agent.grammar.words import DAYS, MONTHS
from agent.text import CAPITAL, SMALL, overlap, words
from agent.topics import PEOPLE, PETS
from agent.wordings import one_way, wordings

CLOSE = (  # what is asked of people first
    "How old is {name}?", "When is {name}'s birthday?", "What is {name}'s last name?",
    "Where does {name} live?", "What does {name} do for a living?", "Who is {name} married to?",
    "What is {name}'s phone number?", "{name}'s birthday?",
)  # fmt: skip
NEAR = (
    "What is {name}'s favourite food?", "Where was {name} born?", "{name}'s surname?",
    "What did {name} give me?", "When did I first see {name}?", "What is {name} afraid of?",
    "Which languages does {name} speak?", "What car does {name} drive?", "What is {name}'s hobby?",
    "What is {name}'s brother called?", "What is {name}'s sister called?", "Does {name} have a dog?",
    "What colour are {name}'s eyes?", "Which school did {name} go to?", "How tall is {name}?",
    "What is {name} allergic to?", "What does {name} earn?", "When did {name} get married?",
    "What does {name} like to read?", "What is the name of {name}'s cat?", "Where did I meet {name}?",
    "Which team does {name} support?",
)  # fmt: skip
NEAR_THING = (
    "How much did my {thing} cost?", "Who gave me my {thing}?", "How old is my {thing}?",
    "What colour is my {thing}?", "Where did I buy my {thing}?", "How long have I had my {thing}?",
    "What is wrong with my {thing}?", "Who else uses my {thing}?", "How big is my {thing}?",
    "Which brand is my {thing}?", "Where do I keep my {thing}?", "When did I get my {thing}?",
)  # fmt: skip
BANK = (
    "What is my {relation}'s name?", "What does my {relation} do for a living?",
    "Where does my {relation} live?", "How old is my {relation}?",
    "What is my {pet} called?", "How old is my {pet}?",
    "What is my phone number?", "When is my birthday?", "What is my middle name?",
    "What did I study?", "When is my {appointment} appointment?", "Who is my {appointment}?",
    "What is my favourite {taste}?", "Which {taste} did I say I like?", "What is my blood type?",
    "What am I allergic to?", "How much do I earn?", "What is my rent?", "What is my address?",
    "Which bank do I use?", "What did I have for breakfast?", "Where did I spend last summer?",
    "What medicine do I take?", "How tall am I?", "What size are my shoes?", "Who is my boss?",
    "Where do I work?", "Which languages do I speak?", "What is my religion?", "Am I married?",
    "How many children do I have?", "What was my first job?", "What did I buy last week?",
    "Which team sport do I play?", "Who is my best friend?", "What is my neighbour called?",
    "When do I get up in the morning?", "What time is my flight?", "Which hotel did I book?",
    "Which course am I taking?", "When is my exam?", "What did my doctor say?",
    "What is my wifi password?", "Which wine do I like?", "What do I collect?",
    "Which book am I reading?", "Which series am I watching?", "What is my star sign?",
)  # fmt: skip
SHAPES = (  # whoever it is, the first thing that is asked
    "What is my {kin} called?",
    "What is my {kin}'s name?",
    "Do you know my {kin}'s name?",
)
FILL = {
    "relation": ("sister", "brother", "mother", "father", "wife", "husband", "son", "daughter",
                 "uncle", "aunt", "cousin", "grandmother", "girlfriend", "boyfriend"),
    "pet": ("dog", "cat", "rabbit", "parrot", "horse", "hamster"),
    "appointment": ("dentist", "doctor", "hairdresser", "lawyer", "physiotherapist"),
    "taste": ("colour", "song", "film", "book", "dish", "season", "city", "band", "sport", "drink"),
}  # fmt: skip
_CHILDREN = ("son", "daughter")
TOGETHER = {  # as `words` gives them
    "children": _CHILDREN, "kid": _CHILDREN, "twin": (*_CHILDREN, "brother", "sister"),
    "parent": ("mother", "father"), "sibling": ("brother", "sister"),
    "grandparent": ("grandmother", "grandfather"), "grandchildren": ("grandson", "granddaughter"),
}  # fmt: skip
SHARES = {"swapped": 0.45, "people": 0.2, "things": 0.1, "bank": 0.2, "written": 0.05}
WORDED = 0.6  # of the questions: learnt in other words, as what is known is
NAMES_MOST = 8  # with 22 the name of the cat that was told is denied as well
_TOO_CLOSE = 0.5
OWN_NAME = ("What is my name?", "Who am I?", "Do you know my name?")
_OWN_NAME = re.compile(
    r"(?:(?:what(?: is|['’]s)|do you know) my (?:(?:full|first|real|last|nick) ?)?name|what am i called"
    r"|who am i|do you know who i am)\W*",
    re.IGNORECASE,
)
_KIN = re.compile(r"(?<=\b[Mm]y )([a-z]+)\b")


def never_told(
    facts: Sequence[tuple[str, str]],
    known: Iterable[str],
    count: int,
    rng: random.Random,
    close: Sequence[str] = (),
) -> list[str]:
    """`count` questions in the shares of SHARES (what one source lacks, the later ones make up),
    none like a `known` question, nor like one of those that are `close` to being known; behind
    those of OWN_NAME."""
    known = list(known)
    asked = [_asked(question) for question in [*known, *close]]
    pools = _pools(facts, known, close, rng)
    chosen = [] if any(map(_of_own_name, known)) else [*OWN_NAME[:count]]
    most = float(len(chosen))
    count -= len(chosen)
    for kind, share in SHARES.items():
        most += share * count
        for question in rng.sample(pools[kind], len(pools[kind])):
            if len(chosen) >= round(most):
                break
            mine = _asked(question)
            if question not in chosen and all(overlap(mine, own) < _TOO_CLOSE for own in asked):
                chosen.append(question)
    return chosen


def as_learnt(question: str) -> str:
    """The question as the student meets it, for a share of them in other words: were only what is
    known asked behind "Do you remember", that alone would tell that it is known. Always the same
    for one question, whose stored target is for these words."""
    rng = random.Random(question)
    others = wordings(question, 8, rng)
    return rng.choice(others) if others and rng.random() < WORDED else question


def _pools(
    facts: Sequence[tuple[str, str]], known: Sequence[str], close: Sequence[str], rng: random.Random
) -> dict[str, list[str]]:
    people = _names(facts) + _people(facts)
    bank = [shape.format(**{k: rng.choice(v) for k, v in FILL.items()}) for shape in BANK * 3]
    return {
        "swapped": _swapped(known, " ".join([*close, *(answer for _, answer in facts)]), rng),
        "people": [shape.format(name=name) for name in people for shape in CLOSE * 3 + NEAR],
        "things": [shape.format(thing=thing) for thing in _things(facts) for shape in NEAR_THING],
        "bank": bank,
        "written": [question for question, _ in read_answers(DATA / "never.txt")],
    }


def _swapped(known: Sequence[str], told: str, rng: random.Random) -> list[str]:
    """The questions about "my" somebody, about others of whom nothing is known."""
    spoken = _asked(" ".join([told, *known]))
    others = [[w for w in FILL[kind] if not _asked(w) & spoken] for kind in ("relation", "pet")]
    found = []
    for question in known:
        kin = _KIN.search(question)
        strangers = others[kin[1] in PETS] if kin and kin[1] in PEOPLE | PETS else []
        if strangers:
            found.append(_KIN.sub(rng.choice(strangers), question, count=1))
    strangers = [kin for kind in others for kin in kind]
    some = rng.sample(strangers, min(len(strangers), NAMES_MOST))
    return found + [rng.choice(SHAPES).format(kin=kin) for kin in some]


def spoken_of(said: str) -> list[str]:
    """Whom a user speaks of together, one by one: who told of "the kids" and their names never said "my
    son", and is not to be taught that no son was told of."""
    together = words(said)
    return [f"my {kin}" for group, kins in TOGETHER.items() if group in together for kin in kins]


def held_out(question: str) -> bool:
    """Whether a never-told question is kept from training, to measure with: one in five."""
    return zlib.crc32(question.encode()) % 5 == 0


def like(question: str, negative: str) -> bool:
    """Whether a fact's question now answers what a negative says was never told."""
    return bool(answered([question], [negative]))


def answered(told: Collection[str], never: Iterable[str]) -> set[str]:
    """Which of the never-told questions ask what facts with the questions `told` answer now."""
    own = any(map(_of_own_name, told))
    asked = [_asked(question) for question in told]
    return {
        question
        for question in never
        if (own and _of_own_name(question))
        or any(overlap(mine, _asked(question)) >= _TOO_CLOSE for mine in asked)
    }


def _of_own_name(question: str) -> bool:
    return _OWN_NAME.fullmatch(question) is not None


def _asked(question: str) -> set[str]:
    """What is asked for: a father is a dad."""
    return words(one_way(question))


def _names(facts: Sequence[tuple[str, str]]) -> list[str]:
    """Capitalised words inside the answers that stand for someone: whom an answer calls somebody's
    friend, dog or the like; else no month or language, no shop of several words, nothing behind "in",
    "for", "a" or "the". No day, and not the user."""
    text = "\n".join(answer for _, answer in facts)
    name = rf"{CAPITAL}(?:{SMALL}|['’-]){{2,}}"
    shape = rf"(?<=[a-z,] ){name}|^{name}(?= is )"
    found = re.findall(shape, text, re.MULTILINE)
    behind = re.findall(
        rf"\b(?:in|at|to|from|near|on|for|the|an?|[Yy]our) ({CAPITAL}[\w'’-]+)", text
    )
    longer = " ".join(re.findall(rf"{CAPITAL}[\w'’-]+(?: {CAPITAL}[\w'’-]+)+", text)).split()
    related = re.findall(rf"\b(\w+) (?:is )?(?:called )?({CAPITAL}[\w'’-]+)", text)
    people = {name for relation, name in related if relation in PEOPLE | PETS}
    own = re.findall(rf"(?:You are|Your name is|You are called) ({CAPITAL}[\w'’-]+)", text)
    common = {name for name in found if name.lower() in MONTHS | KINDS["nationality"]}
    things = {*behind, *longer, *common} - people
    names = {name.removesuffix("'s") for name in found if name.lower() not in DAYS}
    return sorted(names - {"Your", "You", "The", *things, *own})


def _people(facts: Sequence[tuple[str, str]]) -> list[str]:
    """Whom the questions call "my" somebody."""
    found = re.findall(r"\bmy ([a-z]+)\b(?!')", " ".join(q for q, _ in facts))
    return sorted({f"my {word}" for word in found if word in PEOPLE})


def _things(facts: Sequence[tuple[str, str]]) -> list[str]:
    """What the answers call "your" something."""
    found = re.findall(r"\b[Yy]our ((?:new |old )?[a-z]+)\b(?!')", " ".join(a for _, a in facts))
    return sorted(set(found) - {"favourite", "favorite", "name", "own", "real"} - PEOPLE)
