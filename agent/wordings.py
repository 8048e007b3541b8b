"""Other wordings of a question that mean the same, made without a model.

    "What is my cat called?" -> "What is my cat's name?", "What did I name my cat?",
                                "Do you remember what my cat is called?", "remind me: ..."

Several wordings of a fact are what carries it to wordings never seen, and a small model's own
rewordings change the meaning too often. Rules of thumb for English questions; a question that no
rule fits gets the plain carriers alone. Knows no model.
"""

import random
import re
from pathlib import Path

from lemminflect import getInflection

from agent.grammar.words import has_form
from agent.text import CAPITAL, CAPITALS

_RULES = Path(__file__).with_name("wordings.txt")
_SYNONYMS = Path(__file__).with_name("synonyms.txt")


def read_rules(text: str) -> list[tuple[re.Pattern[str], list[str]]]:
    """What questions look like, each with other ways to ask them (the format of wordings.txt)."""
    rules: list[tuple[re.Pattern[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("    "):
            rules[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            shape = line.replace("A-Z", CAPITALS)  # the table says it shorter
            rules.append((re.compile(shape, re.IGNORECASE), []))
    return rules


_COMPILED = read_rules(_RULES.read_text(encoding="utf-8"))
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
    r"(?P<s>I|we|(?:my|our|the) [^\W\d_]+(?:-[^\W\d_]+)*(?:'s [^\W\d_]+)?|"
    rf"{CAPITAL}[\w-]+(?:'s [^\W\d_]+)?)\b(?!')"
    r"(?: (?P<v>\w+))?(?P<x>.*)",
    re.IGNORECASE,
)
_TERSE = re.compile(
    rf"what is ((?:my|our|{CAPITAL}[\w'’-]+'s) (?!.*\b(?:called|on|in|at|like|about|of)\b).+)", re.I
)


_THE = re.compile(r"\b(is|are|was|were|do|does|did) the (?!\w+ of\b)")
_ASKS = re.compile(r"(?:what|who|where|when|which|why|how|at what|in which)\b", re.I)


def read_synonyms(text: str) -> dict[str, list[str]]:
    """What may stand for each word (the format of synonyms.txt)."""
    lines = [line.partition(":")[2] for line in text.splitlines() if line and line[0] != "#"]
    found: dict[str, list[str]] = {}
    for line in lines:
        alone, _, others = line.rpartition(">")  # "oma > grandmother" is not said the other way
        group = [word.strip() for word in others.split("|")]
        for word in [alone.strip()] if alone else group:
            found[word] = [w for w in group if w != word]
    return found


_OTHERS = read_synonyms(_SYNONYMS.read_text(encoding="utf-8"))
_LONGEST_FIRST = sorted(map(re.escape, _OTHERS), key=len, reverse=True)
_KNOWN = re.compile(rf"(?<!\ba )(?<!\ban )\b({'|'.join(_LONGEST_FIRST)})\b(?!-)")


def one_way(text: str) -> str:
    """The text in small letters, all words that stand for one another said as one of them."""
    return _KNOWN.sub(lambda match: _first(match[1]), text.lower())


def _first(word: str) -> str:
    near = {other for one in _OTHERS[word] for other in (one, *_OTHERS.get(one, ()))}
    return min(near | {word})


def _by_synonym(bare: str) -> list[str]:
    """The question with one of its words said otherwise; not behind "a", which may become "an"."""
    return [
        f"{bare[: match.start()]}{other}{bare[match.end() :]}?"
        for match in _KNOWN.finditer(bare)
        for other in _OTHERS[match[1]]
    ]


_SPEAKERS = frozenset("I we you he she it they".split())


def wordings(question: str, count: int, rng: random.Random) -> list[str]:
    """Up to `count` other wordings: what a rule gives first, then the question behind a few words
    of talk or typed carelessly."""
    bare = question.strip().rstrip("?. ")
    if not bare:
        return []
    lowered = bare[0].lower() + bare[1:] if not re.match(r"I\b", bare) else bare
    made = _by_rule(bare)
    rng.shuffle(made)
    made = _by_synonym(bare)[:3] + made
    carried = [
        c.format(q=f"{bare}?", l=f"{lowered}?", b=bare)
        for c in rng.sample(_CARRIERS, len(_CARRIERS))
    ]
    if indirect := _indirect(bare):
        made += _is_it_that(bare, indirect)
        made += [shape.format(ask=indirect) for shape in rng.sample(_SAID, 3)]
        rng.shuffle(made)
    left = made[max(0, count - 3) :]  # nothing else says these
    typed, *loose = careless(question)
    spare = [m for m in left if _ASKS.match(m) and m not in loose]
    loose.insert(0, _typed(spare[0]) if spare else typed)
    mixed = made[: max(0, count - 3)] + loose + carried
    return [w for w in dict.fromkeys(mixed) if w != question][:count]


def careless(question: str) -> list[str]:
    """The question as it is typed in a hurry: in small letters, with "my" for "the", and the thing
    alone ("My rent?")."""
    bare = question.strip().rstrip("?. ")
    found = [_typed(bare)]
    if " my " not in bare:  # "the flight" is asked for as "my flight"
        found += [f"{mine}?" for mine in [_THE.sub(r"\1 my ", bare, count=1)] if mine != bare]
    if terse := _TERSE.fullmatch(bare):
        found.append(f"{terse[1][0].upper()}{terse[1][1:]}?")
    return found


def _typed(question: str) -> str:
    """In small letters, without a question mark: "whats my cats name"."""
    small = question.rstrip("?").lower().replace("'s ", "s ")
    return re.sub(r"^(what|who|where|when|how) is\b", r"\1s", small)


def _is_it_that(bare: str, indirect: str) -> list[str]:
    """ "Where does my aunt live" the long way round: "Where is it that my aunt lives?" """
    match = re.fullmatch(r"(how much|what|who|where|when|why) (.+)", indirect)
    done = re.match(r"(?:how much|what|who|where|when|why) (?:do|does|did)\b", bare, re.I)
    return [f"{match[1].capitalize()} is it that {match[2]}?"] if match and done else []


def _indirect(bare: str) -> str:
    """ "Where does my brother work" inside another sentence: "where my brother works"."""
    match = _TURNED.fullmatch(bare)
    if not match:
        return ""
    wh, helper, subject, verb, rest = match.group("wh", "a", "s", "v", "x")
    wh, verb = wh[0].lower() + wh[1:], verb or ""
    if helper in ("do", "does", "did"):
        tag = {"do": "VBP", "does": "VBZ", "did": "VBD"}[helper]
        longer = bool(rest.split()) and has_form(rest.split()[0], "VB")  # "my sewing club make"
        known = has_form(verb, "VB") and not longer
        return f"{wh} {subject} {getInflection(verb, tag)[0]}{rest}" if known else ""
    if verb[:1].isupper():  # "Who is Ana Lund"
        return "" if rest else f"{wh} {subject} {verb} {helper}"
    if " " not in subject:
        someone = subject in _SPEAKERS or subject[0].isupper()
        turned = f"{subject} {helper}" if someone else f"{helper} {subject}"  # "what is killing me"
        return f"{wh} {turned} {verb}{rest}".rstrip()
    *noun, last = f"{subject} {verb}{rest}".split()
    if last in ("called", "named", "born"):
        return f"{wh} {' '.join(noun)} {helper} {last}"
    return f"{wh} {subject} {helper}" if not verb else ""


def _by_rule(bare: str) -> list[str]:
    for rule, others in _COMPILED:
        if match := rule.fullmatch(bare):
            parts = match.groupdict()
            return [o for o in (t.format(**parts) for t in others) if o != f"{bare}?"]
    return []
