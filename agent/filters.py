"""Which question-answer pairs may be kept, as far as it can be told without a model.

Rules of thumb for English, each against a kind of nonsense that small writers write. Knows texts
alone.
"""

import re
from collections.abc import Iterable, Sequence

from agent import topics
from agent.answer_kinds import fits
from agent.grammar.kinds import kind_of
from agent.owners import taken_over
from agent.text import CAPITAL, admits, keys, overlap, words

_TEXT_ITSELF = re.compile(
    r"\b(above|this (?:chat|session|conversation|message)|summar|the text|you said|your (?:reply|answer))",
    re.IGNORECASE,
)
_POINTS_AWAY = re.compile(r"\b(he|she|him|his|her|hers|it|its|they|them|their|that|this)\b", re.I)
_NAMELESS = re.compile(r"\b(?:it|he|she|they|him|her|them|there|this|that)\b", re.IGNORECASE)
_WHAT_FOR = re.compile(
    r"\bdo(?:es)? .*\bdo for (?!(?:a|an|my|our|the|his|her) |(?:work|fun|money|sport|exercise)\b"
    rf"|{CAPITAL})"
)
_NAMED = re.compile(rf"(?<=[a-z,;'\"] ){CAPITAL}[\w'’-]+")
_WHICH = re.compile(
    r"(?:at |in |on )?(?:which|what) (?:[a-z-]+ )?([a-z-]+) "
    r"(?:do|does|did|am|is|are|was|were|have|has|had|will|can) ",
    re.I,
)
_ASKED_FOR = frozenset(
    "kind sort type time date day month year city town country place name number age job work "
    "profession company business school thing person animal colour color size brand make model "
    "breed street floor part way dish language".split()
)
_LIGHT = frozenset("live work name year old age cost turn day thing person own".split())

SHORTER = 0.05  # of the words in common, for each word of a question: people ask in few words


def parse(text: str) -> list[str]:
    """The statements of a writer's answer, one in each line."""
    lines = (tidy(line) for line in text.splitlines())
    return [line for line in lines if len(line.split()) > 1]


def believable(question: str, answer: str, said: Sequence[str]) -> bool:
    """A well-formed pair in the user's own words, to which what they `said` is an answer."""
    spoken = words(" ".join(said))
    return (
        well_formed(question, answer)
        and said_so(question, answer, spoken)
        and topics.plausible(question, answer, said)
    )


def sensible(question: str, statement: str, said: Sequence[str]) -> bool:
    """Whether a writer's question may ask for a statement about what was `said`: it brings one
    word of its own at most, and no person, animal or event."""
    return (
        well_formed(question, statement)
        and not taken_over(statement, "\n".join(said))
        and not _asks_for_another(question, f"{statement} {' '.join(said)}")
        and not admits(question)
        and topics.plausible(question, statement, said, own_most=1)
    )


def well_formed(question: str, answer: str) -> bool:
    """Asks by name, not for the text itself, and does not give the answer away."""
    if len(question) > 200 or len(answer) > 300 or len(question.split()) < 3:
        return False
    if _TEXT_ITSELF.search(question) or _WHAT_FOR.search(question) or admits(answer):
        return False
    if _POINTS_AWAY.search(question) and not names_in(question) and len(words(question)) < 2:
        return False
    denies = answer.startswith("No,") and len(answer.split()) > 2
    return fits(question, answer) and (denies or bool(words(answer) - words(question)))


def said_so(question: str, answer: str, user_words: set[str]) -> bool:
    """Whether the answer's keys are the user's own words: all numbers and names, most others."""
    wanted = keys(question, answer)
    exact = {w for w in wanted if w[0].isdigit()} | {n.lower() for n in names_in(answer)}
    stems = {w for name in exact for w in words(name)}
    known = len(wanted & user_words) >= 0.6 * len(wanted)
    return bool(wanted) and known and stems <= user_words | words(question)


def names_known(question: str, said: Iterable[str]) -> bool:
    """Whether a question names nobody and nothing that the user did not: what only the assistant
    named is no fact."""
    return words(" ".join(names_in(question))) <= words(" ".join(said))


def stands_alone(statement: str, spoken: set[str]) -> bool:
    """Whether a statement names whom it is about and brings no content word that was not `spoken`,
    beside the plainest."""
    known = (topics.known(word, spoken) for word in words(statement) - _LIGHT)
    return not nameless(statement) and all(known)


def repeats(line: str, stated: Sequence[str]) -> bool:
    """Whether a writer's line has no content word, beside the plainest, that one of the statements
    lacks: of "I own a shop on Uganda Road" small writers make "You live on Uganda Road"."""
    own = words(line) - _LIGHT
    return any(all(topics.known(w, words(said)) for w in own) for said in stated)


def _asks_for_another(question: str, text: str) -> bool:
    """Whether it asks "which station" where no station, and nothing of that kind, was spoken of."""
    match = _WHICH.match(question)
    if not match or match[1] in _ASKED_FOR or words(match[1]) <= words(text):
        return False
    kinds = {kind_of((word,)) for word in re.findall(r"[a-z]+", text.lower())} - {""}
    return not {match[1], match[1].removesuffix("s")} & (
        kinds | {k.removesuffix("s") for k in kinds}
    )


def nameless(statement: str) -> bool:
    """Whether it begins with somebody or something unnamed ("You repay him in waffles")."""
    return bool(_NAMELESS.search(" ".join(statement.split()[:4])))


def misplaced(question: str, answer: str, stated: Sequence[tuple[str, str]]) -> bool:
    """Whether the pair gives away as something else what a plain statement says: where all keys of
    the answer stand in a statement, the question must share a word with it."""
    wanted, asked = keys(question, answer), words(question)
    homes = [words(said) for _, said in stated if wanted <= words(said)]
    return bool(homes) and not any(asked & home for home in homes)


def names_in(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence."""
    return {word for word in _NAMED.findall(text) if word not in ("I", "I'm")}


def unique(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """First of every question, however it is spelt."""
    found: dict[str, tuple[str, str]] = {}
    for question, answer in pairs:
        found.setdefault(plain(question), (question, answer))
    return list(found.values())


def group(pairs: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Pairs that say the same thing, together, in the order of their first one: with the same
    answer, or with most words of question and answer in common."""
    facts: list[list[tuple[str, str]]] = []
    for question, answer in pairs:
        for fact in facts:
            alike = overlap(keys(question, answer), keys(*fact[0]))
            asked = overlap(words(question), words(fact[0][0]))
            if _bare(answer) == _bare(fact[0][1]) or (alike >= 0.5 and asked >= 0.6):
                fact.append((question, answer))
                break
        else:
            facts.append([(question, answer)])
    return facts


def telling_first(facts: Sequence[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The facts in their order, those last whose answers have no content word that an earlier one
    lacks: of too many they are the ones to lose."""
    told: set[str] = set()
    new: list[list[tuple[str, str]]] = []
    again: list[list[tuple[str, str]]] = []
    for fact in facts:
        own = words(" ".join(answer for _, answer in fact))
        (new if own - told else again).append(fact)
        told |= own
    return [*new, *again]


def _bare(answer: str) -> str:
    """An answer without the yes or no before it."""
    return re.sub(r"^(?:yes|no),? ", "", answer.lower())


def varied(pairs: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most so many pairs, those whose questions have least words in common and are rather short,
    as they stood."""
    if len(pairs) <= most:
        return list(pairs)
    asked = [set(plain(question).split()) for question, _ in pairs]
    told = [words(question) | {plain(question).split()[0]} for question, _ in pairs]

    def near(one: int, other: int) -> float:
        return (overlap(asked[one], asked[other]) + overlap(told[one], told[other])) / 2

    left, taken = list(range(1, len(pairs))), [0]
    while len(taken) < most:
        best = min(
            left, key=lambda k: max(near(k, other) for other in taken) + SHORTER * len(asked[k])
        )
        left.remove(best)
        taken.append(best)
    return [pairs[k] for k in sorted(taken)]


def plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))


def tidy(text: str) -> str:
    """One line without marks around it, and no full stop inside "Mr Desmet"."""
    plain_title = re.sub(rf"\b(Mrs?|Ms|Dr|Prof|St)\.(?= {CAPITAL})", r"\1", text)
    return re.sub(r"\s+", " ", plain_title).strip().strip('"-•* ').strip()
