"""Other wordings of a question that mean the same, made without a model.

    "What is my cat called?" -> "What is my cat's name?", "What did I name my cat?",
                                "Do you remember what my cat is called?", "remind me: ..."

About eight wordings of a fact are what carries it to wordings never seen, and a small model's own
rewordings change the meaning too often. Rules of thumb for English questions; a question that no
rule fits gets the plain carriers alone. Knows no model.
"""

import random
import re

from lemminflect import getInflection

# (what a question looks like, other ways to ask it); longest rules first.
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"what(?: is|'s) (?P<x>(?:my|our) .+?)(?: called|'s name| named)",
        (
            "What is {x} called?",
            "What is {x}'s name?",
            "What is the name of {x}?",
            "Which name does {x} have?",
            "What do I call {x}?",
            "Do you know {x}'s name?",
        ),
    ),
    (
        r"what is the name of (?P<x>(?:my|our) .+)",
        ("What is {x} called?", "What is {x}'s name?", "How is {x} called?"),
    ),
    (
        r"(?:what is my job|what do i do(?: for a living| for work)?|what do i work as)",
        (
            "What is my job?",
            "What do I do for a living?",
            "What do I work as?",
            "What is my profession?",
            "What kind of work do I do?",
            "How do I earn my money?",
        ),
    ),
    (
        r"where do i live|which (?:city|town) do i live in",
        (
            "Where do I live?",
            "Which place do I live in?",
            "Where is my home?",
            "What town do I live in?",
            "Where did I say I live?",
        ),
    ),
    (
        r"(?:what is my name|what am i called|who am i)",
        (
            "What is my name?",
            "What am I called?",
            "Who am I?",
            "Do you know my name?",
            "Do you know who I am?",
        ),
    ),
    (
        r"how old is (?P<x>.+)",
        ("How old is {x}?", "What is {x}'s age?", "What age is {x}?", "Do you know {x}'s age?"),
    ),
    (
        r"how old am i",
        ("How old am I?", "What is my age?", "What age am I?", "Do you know my age?"),
    ),
    (
        r"what am i allergic to",
        (
            "What am I allergic to?",
            "What allergy do I have?",
            "Which allergy did I mention?",
            "Is there something I am allergic to?",
        ),
    ),
    (
        r"what (?:can't i|can i not) eat",
        (
            "What can't I eat?",
            "Which food must I avoid?",
            "What should be left out of my food?",
            "Is there something I don't eat?",
        ),
    ),
    (
        r"(?:what|which)(?: is|'s)? my favou?rite (?P<x>.+)",
        (
            "What is my favourite {x}?",
            "Which {x} do I like best?",
            "What {x} do I like most?",
            "What is the {x} I love most?",
            "Do you know my favourite {x}?",
        ),
    ),
    (
        r"how much (?:is|was) (?P<x>.+)",
        (
            "How much is {x}?",
            "What does {x} cost?",
            "What did {x} cost?",
            "What is the price of {x}?",
            "What do I pay for {x}?",
        ),
    ),
    (
        r"how much (?:do|does|did) (?P<x>.+) cost(?: me)?",
        ("How much did {x} cost?", "What was the price of {x}?", "What did I pay for {x}?"),
    ),
    (
        r"(?:how much|what) did i pay for (?P<x>.+)",
        (
            "How much did I pay for {x}?",
            "What did {x} cost?",
            "What was the price of {x}?",
            "How much was {x}?",
        ),
    ),
    (
        r"(?:when|what day|which day|on which day|what date) (?:is|was) (?P<x>.+)",
        (
            "When is {x}?",
            "What day is {x}?",
            "On which date is {x}?",
            "What is the date of {x}?",
            "Which day did I say {x} is?",
        ),
    ),
    (
        r"(?:when|what day|which day) (?P<a>do|does|did|am|are|will) (?P<x>.+)",
        ("When {a} {x}?", "What day {a} {x}?", "On which date {a} {x}?", "Which day {a} {x}?"),
    ),
    (
        r"(?:what time|at what time) (?P<a>is|do|does|did|am) (?P<x>.+)",
        ("What time {a} {x}?", "At what time {a} {x}?", "When {a} {x}?", "At which hour {a} {x}?"),
    ),
    (
        r"who is (?P<x>my .+)",
        (
            "Who is {x}?",
            "What is {x} called?",
            "What is {x}'s name?",
            "Do you know who {x} is?",
            "Which person is {x}?",
        ),
    ),
    (
        r"who is (?P<x>.+)",
        (
            "Who is {x}?",
            "How do I know {x}?",
            "What did I say about {x}?",
            "Do you know who {x} is?",
            "Tell me who {x} is.",
        ),
    ),
    (
        r"where (?P<a>is|was) (?P<x>.+)",
        (
            "Where {a} {x}?",
            "In which place {a} {x}?",
            "Where did I say {x} {a}?",
            "Do you know where {x} {a}?",
        ),
    ),
    (
        r"where (?P<a>do|does|did|am|are|will) (?P<x>.+)",
        ("Where {a} {x}?", "In which place {a} {x}?", "What place {a} {x}?"),
    ),
    (
        r"what does (?P<x>.+) do(?: for a living| for work)?",
        (
            "What does {x} do?",
            "What does {x} do for a living?",
            "What is {x}'s job?",
            "What does {x} work as?",
            "What kind of work does {x} do?",
        ),
    ),
    (
        r"(?:what|which) (?P<n>[a-z]+) (?P<a>do|does|did|am|are|is|was|have|has) (?P<x>(?:i|my|we) .+)",
        ("What {n} {a} {x}?", "Which {n} {a} {x}?"),
    ),
    (
        r"what (?P<a>do|does|did|am|are|have|has) (?P<x>.+)",
        ("What {a} {x}?", "What exactly {a} {x}?", "Which thing {a} {x}?"),
    ),
    (
        r"what (?P<a>is|was) (?P<x>.+)",
        (
            "What {a} {x}?",
            "Do you know what {x} {a}?",
            "What did I say {x} {a}?",
        ),
    ),
    (
        r"why (?P<a>do|does|did|am|are|is|was|can't|don't) (?P<x>.+)",
        ("Why {a} {x}?", "For what reason {a} {x}?", "What is the reason {a} {x}?"),
    ),
)
_COMPILED = [(re.compile(rule, re.I), others) for rule, others in _RULES]
_CARRIERS = (
    "Do you remember? {q}",
    "I forgot: {l}",
    "Tell me, {l}",
    "Quick question: {l}",
    "{b} again?",
    "By the way, {l}",
    "Hey, {l}",
    "{b}, do you remember?",
    "I can't recall. {q}",
    "So {l}",
)


_SAID = (
    "Do you remember {ask}?",
    "Can you tell me {ask}?",
    "Do you know {ask}?",
    "I forgot {ask}.",
    "Remind me {ask}.",
)
_TURNED = re.compile(
    r"(?P<wh>(?:what|which|who|where|when|why|how|since)\b.*?) "
    r"(?P<a>do|does|did|am|is|are|was|were|have|has|had|will|can|should) "
    r"(?P<s>I|we|(?:my|our|the) [a-z]+(?:'s [a-z]+)?|[A-Z][\w-]+(?:'s [a-z]+)?)(?!')"
    r"(?: (?P<v>\w+))?(?P<x>.*)",
    re.IGNORECASE,
)
_TERSE = re.compile(r"what is ((?:my|our|[A-Z][\w'’-]+'s) (?!.*called).+)", re.I)


def wordings(question: str, count: int, rng: random.Random) -> list[str]:
    """Up to `count` other wordings: what a rule gives first, then the question behind a few words
    of talk or typed carelessly."""
    bare = question.strip().rstrip("?. ")
    lowered = bare[0].lower() + bare[1:] if not re.match(r"I\b", bare) else bare
    made = _by_rule(bare)
    rng.shuffle(made)
    carried = [
        c.format(q=f"{bare}?", l=f"{lowered}?", b=bare)
        for c in rng.sample(_CARRIERS, len(_CARRIERS))
    ]
    careless = [re.sub(r"^(what|who|where|when|how) is\b", r"\1s", lowered.replace("'s ", "s "))]
    if terse := _TERSE.fullmatch(bare):
        careless.append(f"{terse[1][0].upper()}{terse[1][1:]}?")
    if indirect := _indirect(bare):
        made += [shape.format(ask=indirect) for shape in rng.sample(_SAID, 3)]
        rng.shuffle(made)
    mixed = made[: max(0, count - 3)] + careless + carried
    return [w for w in dict.fromkeys(mixed) if w != question][:count]


def _indirect(bare: str) -> str:
    """ "Where does my brother work" inside another sentence: "where my brother works"."""
    match = _TURNED.fullmatch(bare)
    if not match:
        return ""
    wh, helper, subject, verb, rest = match.group("wh", "a", "s", "v", "x")
    wh = wh[0].lower() + wh[1:]
    if helper in ("do", "does", "did") and verb:
        tag = {"do": "VBP", "does": "VBZ", "did": "VBD"}[helper]
        forms = getInflection(verb, tag)
        return f"{wh} {subject} {forms[0]}{rest}" if forms else ""
    return f"{wh} {subject} {helper}{f' {verb}' if verb else ''}{rest}"


def _by_rule(bare: str) -> list[str]:
    for rule, others in _COMPILED:
        if match := rule.fullmatch(bare):
            parts = match.groupdict()
            return [o for o in (t.format(**parts) for t in others) if o != f"{bare}?"]
    return []
