"""What a message says has ended: "I no longer like jazz", "I quit smoking", "Tom and I broke up".

Such a sentence tells little that is new and takes back something known. Rules of thumb for English;
knows one message's text and the words of a pair.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grammar.claimed import is_claimed
from agent.grammar.kinds import KINDS, kind_of
from agent.grammar.parts import time_at
from agent.grammar.turning import denied, flip, sentence
from agent.grammar.words import BREAKS, DETERMINERS, PREPOSITIONS, has_form, lemma_of, tokens_of
from agent.reading import sentences
from agent.text import CAPITAL, has_ended, words
from agent.topics import PEOPLE, PETS

_STOP = r"now|when|since|because|but|so|and|after|last|yesterday|today"
_UNTIL = rf"(?=\s*(?:\b(?:any ?more|any longer|{_STOP})\b|[,.!?;]|$))"
_BEFORE_MORE = rf"(?=\s*(?:\b(?:{_STOP}|to|for|in|on|at|away|back|already|this)\b|[,.!?;]|$))"
_MORE = rf"\bany ?(?:more|longer)(?=\s*(?:[,.!?;]|$|\b(?:{_STOP})\b))"  # not "any more tea"
_MINE = r"(?:^|\b(?:i|we) )(?:have )?(?:had to )?(?:just |finally )?"
_SOMEBODY = rf"(?P<who>(?:my [a-z]+ )?(?-i:{CAPITAL})[\w'-]+|my [a-z]+)"
_SHAPES = {
    "habit": (
        rf"(?:\b(?:i|we) |^)no longer (?P<what>.+?){_UNTIL}",
        rf"(?:\b(?:i|we) |^)(?:do|can) not (?P<what>.+?) {_MORE}",
        rf"\b(?:i|we) am no longer (?P<what>.+?){_UNTIL}",
        rf"\b(?:i|we) am not (?P<what>.+?) {_MORE}",
        rf"{_MINE}(?:stopped|quit) (?P<what>\w+ing\b(?! job).*?){_UNTIL}",
        rf"{_MINE}(?:gone off|went off) (?P<what>\w+.*?){_UNTIL}",
        rf"{_MINE}(?:quit|gave up|given up) (?P<what>(?!at|by|in|to|for|with)\w+.*?){_UNTIL}",
    ),
    "other": (
        rf"{_SOMEBODY} no longer (?P<what>.+?){_UNTIL}",
        rf"{_SOMEBODY} does not (?P<what>.+?) {_MORE}",
        rf"{_SOMEBODY} (?:has )?(?:just )?(?:stopped|quit|gave up|given up) "
        rf"(?P<what>(?!at|by|in|to|for|with)\w+.*?){_UNTIL}",
    ),
    "couple": (
        r"(?P<what>\w+) and i (?:have |are |got )?(?:broke up|broken up|split up|separated|divorced)\b",
        r"\b(?:i|we) (?:have )?(?:broke up|broken up|split up|separated) (?:with|from) "
        rf"(?P<what>.+?){_BEFORE_MORE}",
    ),
    "gone": (
        rf"{_MINE}(?:sold|lost|scrapped|traded in|got rid of) (?P<what>(?:my|our|the) [\w'"
        rf" -]+?){_BEFORE_MORE}",
        rf"{_MINE}(?:sold|scrapped|got rid of) (?P<what>(?-i:{CAPITAL})[\w'-]+){_BEFORE_MORE}",
        rf"{_MINE}(?:gave|given|give) (?P<what>[\w' -]{{2,30}}?) (?:away|back)\b",
        rf"{_MINE}(?:gave|given|give) away (?P<what>[\w' -]+?){_BEFORE_MORE}",
        rf"{_MINE}(?:replaced|swapped|exchanged|traded) (?P<what>(?:my |our |the )?[\w-]+(?:"
        rf" [\w-]+)?) (?:with|for|by)\b",
        rf"{_MINE}traded (?P<what>[\w' -]{{2,30}}?) in\b",
    ),
    "died": (
        rf"(?P<what>(?:my|our) (?:[a-z]+ )?[a-z]+(?: (?-i:{CAPITAL})[\w'-]+)?|(?-i:{CAPITAL})[\w'-]+) "
        r"(?:has |just |sadly )*(?:died|passed away)\b",
    ),
    "out": (rf"(?P<what>(?-i:{CAPITAL})[\w'-]+|my [a-z]+) (?:has |just )*moved out\b",),
    "taste": (
        r"\bi (?:actually |really |do |even )*(?:like|love|enjoy|eat) (?P<what>.+?) (?:now|these"
        r" days|again)\b",
    ),
    "distaste": (
        r"\bi (?:actually |really )*(?:hate|dislike|detest) (?P<what>.+?) (?:now|these days)\b",
        rf"\bi can not (?:stand|bear) (?P<what>.+?) {_MORE}",
    ),
    "left": (
        r"(?:^|, |\b(?:i|we) )(?:have )?(?:just |finally )?(?:left|quit) (?:my job (?:at|with|in)"
        r" )?(?:the )?"
        rf"(?P<what>[\w' ]+?)(?= (?:in|on)\b| job\b|{_UNTIL})",
    ),
}
PARTNER = re.compile(
    r"\b(?:boyfriend|girlfriend|partner|husband|wife|fianc[eé]e?|together|married|dating)\b", re.I
)
_MY_JOB = re.compile(
    r"\bmy (?:job|work|workplace|employer|profession)\b|\bdo I (?:do for a living|work)\b", re.I
)
_HELD = re.compile(  # what one has, and what is said of it
    r"You (?:have|own|drive|ride|keep|use|have got|share|play with)\b|.* (?:is|are) your\b"
    rf"|(?:Your .*|{CAPITAL}\w+) (?:is|are|lives?|has|sleeps?|eats?|needs?)\b"
)
_LIVES = re.compile(rf"(?:Your .*|{CAPITAL}\w+) (?:lives?|works?|is \d|turns?|wants?)\b")
_AT_WORK = re.compile(r"\b(?:work\w*|job|am|are|study)\b")
_LIVES_WITH = re.compile(r"\b(?:flat|room|house)mate|\blodger|\btenant|\blives? with|\bshare")
_HATES = re.compile(r"\b(?:hate|dislike|detest|not stand|not bear|not like|not eat|never eat)\b")
_LOVES = re.compile(r"\b(?<!not )(?:like|love|enjoy|adore|favou?rite)\b")
_AGAIN = re.compile(  # "but started again last year"
    r"\b(?:(?:started|began|begun) again|relapsed|caved|went back|back (?:on|together)|"
    r"(?:bought|got) (?:it|her|him|them) back|took (?:it|them) up again)\b",
    re.I,
)
_WAS_SO = frozenset("pregnant ill sick homeless angry afraid scared religious".split())
_SAYS_LITTLE = frozenset("want have need do go know think see get feel".split())
_LIKES = frozenset("love enjoy adore favourite favorite prefer".split())


_DONE = {"instrument": "play", "drink": "drink", "food": "eat", "sport": "play"}
_OTHERS = frozenset("my our I we he she they it".split())
_SAYS_SO = {
    "couple": PARTNER,
    "left": _AT_WORK,
    "out": _LIVES_WITH,
    "taste": _HATES,
    "distaste": _LOVES,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What is over, as content words in their plainest form, and the sentence that says so, in the
    second person. kind: habit, other (another's), couple, gone, died, left (a place of work)."""

    what: frozenset[str]
    said: str
    kind: str
    spoken: str  # as it was said
    who: frozenset[str] = frozenset()

    def ends(self, question: str, answer: str) -> bool:
        """Whether a pair says what is over."""
        known = answer.lower().endswith(self.said.lower())
        if known or has_ended(answer) or not self._may_end(question, answer):
            return False
        if self.what == {"job"}:
            return bool(_MY_JOB.search(question))
        over = self.what - {"job"}
        over = self.what if over == {"like"} else over  # of a job, not all that one likes
        return bool(over - _SAYS_LITTLE) and over | self.who <= _plainest(answer) | _doing(answer)

    def _may_end(self, question: str, answer: str) -> bool:
        """Whether the pair is of that kind: a couple, something held, a life, work."""
        if self.kind in _THE_USERS and not _of_the_user(answer):
            return False
        pet = (PETS | KINDS["pet"]) & {*re.findall(r"\w+", answer.lower())}
        lives = _HELD if pet else _LIVES
        if self.kind in _SAYS_SO:
            return bool(_SAYS_SO[self.kind].search(f"{question} {answer}"))
        held = {"gone": _HELD, "died": lives}.get(self.kind)
        return held is None or bool(held.match(answer))


_THE_USERS = frozenset("habit left taste distaste".split())


def _of_the_user(answer: str) -> bool:
    """Whether it tells of the user, and of nobody of theirs: "Your favourite tea is mint"."""
    first = re.findall(r"[\w'-]+", answer.lower().removeprefix("no,").removeprefix("yes,"))[:3]
    return first[:1] == ["you"] or (first[:1] == ["your"] and not {*first} & (PEOPLE | PETS))


def _doing(answer: str) -> set[str]:
    """What those do who are told of: "drive" of a "taxi driver"."""
    doers = [word for word in words(answer) if word.endswith("er")]
    return {verb for word in doers for verb in (word[:-1], word[:-2]) if has_form(verb, "VB")}


def endings(text: str) -> list[Ending]:
    """Everything that a message says is over, for the user or for somebody named."""
    found = []
    for part in sentences(text) or [text]:
        tokens = tokens_of(part)
        plain = " ".join(tokens)
        for kind, shapes in _SHAPES.items():
            match = next(filter(None, (re.search(s, plain, re.I) for s in shapes)), None)
            ahead = len(plain[: match.start()].split()) if match else 0
            if (
                match
                and not _AGAIN.search(plain[match.end() :])
                and _is_whole(match["what"], kind)
                and is_claimed(tokens, ahead, tokens[ahead : ahead + 1])
            ):
                who = _plainest(match["who"]) if kind == "other" else frozenset()
                said = _said(plain[match.start() :], kind)
                held = re.search(r"\bno longer\b|\bany ?(?:more|longer)\b", match[0])
                what = match["what"] if held else _untimed(match["what"])
                found.append(Ending(_plainest(what), said, kind, what, who))
                break
    return found


def _is_whole(what: str, kind: str) -> bool:
    """Whether it is one thing, or somebody: not "my sister her book", and no phone dies."""
    lower = [w.lower() for w in what.split()]
    if kind == "died" and not what[0].isupper() or kind == "died" and lower[0] in ("my", "our"):
        return bool({*lower} & (PEOPLE | PETS | KINDS["pet"]))
    return kind != "gone" or not {*lower[1:]} & DETERMINERS


def _untimed(text: str) -> str:
    """What stands before a time: "smoking" of "smoking in January"."""
    words = tuple(text.split())
    end = next((k for k in range(1, len(words)) if time_at(words, k)), len(words))
    return " ".join(words[:end])


def _said(text: str, kind: str) -> str:
    """The clause in the second person, with the "I" that was left out."""
    told = re.split(r" [.,!?;](?: |$)", text.lstrip(", "))[0].split()
    if kind in ("habit", "gone", "left") and told[0].lower() not in ("i", "we"):
        told = ["I", told[0].lower(), *told[1:]]
    for place in range(3, len(told)):  # "since my dad died my mum lives with us"
        goes_on = told[place - 1] in PREPOSITIONS | BREAKS | {"and"}
        if kind == "died" and told[place] in _OTHERS and not goes_on:
            told = told[:place]
            break
    return sentence(re.sub(r"\byou am\b", "you are", flip(told)))


def of_endings(text: str) -> Iterator[tuple[str, str]]:
    """What may be asked of what is over: "Do I still smoke?" "No, you quit smoking." """
    for ending in endings(text):
        what, no = ending.spoken, denied(ending.said)
        lemma = lemma_of(what.split()[0])
        if ending.kind == "habit" and what.split()[0].endswith("ing") and lemma != what.split()[0]:
            rest = " ".join((lemma, *what.split()[1:]))
            yield f"Do I {rest}?", no
            yield f"Do I still {rest}?", no
        elif ending.kind == "habit" and " off " in ending.said:
            yield f"Do I like {what}?", no
        elif ending.kind == "habit" and ending.said.startswith(("You are no", "You are not")):
            if {what.split()[-1]} & (KINDS["diet"] | KINDS["status"] | KINDS["faith"] | _WAS_SO):
                yield f"Am I {what}?", no
                yield f"Am I still {what}?", no
        elif ending.kind == "habit" and " not " in ending.said:
            if has_form(what.split()[0], "VB"):
                yield f"Do I still {what}?", no
        elif ending.kind == "habit" and (verb := _DONE.get(kind_of(tuple(what.split())))):
            yield f"Do I still {verb} {what}?", no
        elif ending.kind in ("taste", "distaste"):
            verb = "eat" if " eat " in ending.said else "like"
            yield (
                f"Do I {verb} {what}?",
                no.replace("No", "Yes", 1) if ending.kind == "taste" else no,
            )
        elif ending.kind == "gone":
            yield f"Do I still have {what}?", no
            yield f"What happened to {what}?", ending.said
        elif ending.kind == "died":
            whom = what[0].lower() + what[1:] if what.lower().startswith(("my ", "our ")) else what
            yield f"What happened to {whom}?", ending.said
            yield f"Is {whom} still alive?", no
        elif ending.kind == "couple" and what[0].isupper():
            yield f"Are {what} and I still together?", no
            yield f"Am I still with {what}?", no


def _plainest(text: str) -> frozenset[str]:
    lemmas = {lemma_of(word) for word in words(text)}
    return frozenset("like" if word in _LIKES else word for word in lemmas)
