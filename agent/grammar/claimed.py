"""What a message tells without claiming it: supposed, dreamt, joked, wished for, or another's opinion.

    "Picture this: I own a yacht."         -> nothing of that sentence
    "I want a divorce. Just kidding!"      -> nothing of the sentence before
    "My boss says I'm lazy"                -> that is what he says
    "I don't think my car is worth much"   -> the user says that it is not so
    "If it rains, we go to the cinema"     -> who knows whether it rains

Knows the text of a message, and the words before a clause.
"""

import re

from lemminflect import getAllLemmas

from agent.grammar.parts import SPANS, time_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BREAKS,
    DETERMINERS,
    MODAL,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    STOPS,
    Words,
    end_of_sentence,
    has_form,
    lemma_of,
)
from agent.repairs import PUT_RIGHT
from agent.topics import PEOPLE

_SENTENCE = re.compile(r"(?:\b(?:Mrs?|Ms|Dr|Prof|St)\.|\.(?=\d)|[^.!?\n])*[.!?\n]?")
_BEGINS = r"(?:(?:and|but|so|ok|okay|now|anyway|just|please),? )*"
_SUPPOSED = re.compile(
    rf"{_BEGINS}(?:picture (?:this|me|that)|imagine|suppose|supposing|assume|assuming|pretend|what if|"
    r"if only|as if|rumou?r has it|word is|"
    r"according to my (?!doctor|gp|vet|bank|landlord|dentist)|"
    r"(?:my|the) horoscope|god forbid|fingers crossed|would that|it(?:'s| is) a (?:lie|myth) that|"
    r"role-?play|example sentence|let'?s (?:say|assume|pretend|suppose|imagine)|"
    r"say (?:i|we|my|our|that)|hypothetically|"
    r"in (?:my|a) (?:\w+ )?(?:dreams?|nightmare)|(?:last night )?i (?:dreamt|dreamed|had a dream)|"
    r"in (?:a|the|this|that|my|our) (?:\w+ )?(?:film|movie|book|novel|story|series|game)"
    r"(?= (?:i|we|he|she|that|called|there|last|the|a|my)\b|,)|"
    r"my (?:character|avatar) (?:in|is|was|has|had)|"
    r"(?:write|make up|tell)\b[^.!?\n]*\b(?:story|tale|novel|song) about an?)\b",
    re.IGNORECASE,
)
_TEXT = re.compile(  # to be worked on: "translate to French: I have a brown dog"
    rf"{_BEGINS}(?:(?:translate|rephrase|rewrite|reword|proofread|summari[sz]e|correct)\b|"
    r"(?:write|make|tell)\b[^.!?\n:]*\b(?:poem|story|song|joke|limerick|haiku)\b)[^.!?\n:]*:",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]|(?<!\w)'([^']+)'(?!\w)")
_MENDED = re.compile(  # "at Lidl - oops, Aldi now": what was said first is not so
    rf"[,–-] ?{PUT_RIGHT}(?!kidding|joke|luck|thanks|problem|idea|doubt|lie|more)"
    r"(?:(?:on|in|at|to) )?[\w:.]+(?: now)?[.!]?$",
    re.IGNORECASE,
)
_JOKED = re.compile(
    r"\b(?:(?:just|only|i'?m|im) (?:kidding|joking)|jk|j/k|not really)(?=\s*(?:[.!,;)\n]|$|lol|haha))",
    re.IGNORECASE,
)
_FIGURE = re.compile(  # "my boss is basically a clown": as good as one
    r"(?:\b(?:is|are|am|im)|['’](?:s|re|m)) (?:basically|practically|literally|virtually|"
    r"pretty much|like) (?:an?|the|my)\b",
    re.IGNORECASE,
)
_ASKS_ME = (  # no condition: "if I'm honest, I hate my job"
    r"you (?:ask|must|want|need|wonder|wondered|are|do not)\b|"
    r"I (?:am honest|had to (?:choose|pick|say)|remember|recall|am not mistaken)|"
    r"it (?:helps|matters)|only you knew"
)
_CONDITION = re.compile(
    rf"(?:(?:and|but|so|well|,) )*(?:even )?(?:if|unless|in case|either) (?!(?:{_ASKS_ME}))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:(?:and|but|so|well|ok|hey|hi) )*"
    r"(?:(?:do|does|did|can|could|should|would|will|is|are|am|was|were|has|have|had) "
    r"(?:I|you|he|she|it|we|they|there)|"
    r"(?:where|who|when|why|(?:what|how|which)(?: \w+){0,2}?) "
    r"(?:do|does|did|can|could|should|would|will|is|are|am|was|were|has|have))\b(?! not \w+ (?:any|much))",
    re.IGNORECASE,
)
_SAY = frozenset("say tell write mention warn".split())
_THINK = frozenset(
    "think believe suspect reckon guess claim assume wish hope dream imagine pretend suggest recommend "
    "want insist swear joke propose prefer doubt fear expect complain argue bet feel demand "
    "suppose".split()
)
_UNSURE = frozenset(
    "wish hope bet doubt imagine dream pretend suppose guess assume fear suspect pray joke deny".split()
)
_DENIED = frozenset("think believe say claim mean imply".split())
_NOT_SO = frozenset("true sure certain clear possible likely".split())
_OPEN = frozenset("possible likely unlikely worried scared afraid unsure".split())
_KNOWING = frozenset("know hear see notice find learn realise realize forget remember mean".split())
_TOLD = frozenset("tell warn promise convince remind".split())
_KNOW = frozenset(  # who says so knows it
    "doctor doctors vet dentist nurse gp mechanic landlord landlady lawyer bank letter school surgeon "
    "midwife physio consultant specialist optician hospital clinic ticket email contract website "
    "dr doc mechanics plumber electrician garage builder accountant".split()
)
_NOBODY = frozenset("people they everyone everybody someone somebody some nobody".split())
_MEANT = frozenset("planned hoped wanted meant intended expected".split())
_GOALS = frozenset("work school bed church college camp".split())
_PERHAPS = frozenset(
    "apparently hopefully perhaps maybe supposedly allegedly ideally theoretically".split()
)
_RELATIVE = frozenset("who which that whose".split())
_WHOM = frozenset("me us him her them you".split())
_LIKED = frozenset("love like prefer rather".split())
_BOUNDS = (*STOPS, ",", ":", "but", "because", "so")


def claimed(text: str) -> str:
    """The text without what others say of themselves, and without the sentences that are supposed,
    dreamt, mended at once or taken back as a joke."""
    kept: list[str] = []
    own = _QUOTED.sub(lambda quote: " " if _is_said(quote[1] or quote[2]) else quote[0], text)
    for sentence in _SENTENCE.findall(own.replace("’", "'")):
        said = sentence.strip()
        if _TEXT.match(said):
            break
        if _MENDED.search(said) or _FIGURE.search(said):
            continue
        if joke := _JOKED.search(said):
            if not joke.start():  # of the sentence before
                kept = kept[:-1]
        elif not _SUPPOSED.match(said):
            kept.append(sentence)
    return "".join(kept).strip()


def _is_said(quoted: str) -> bool:
    """Whether it is somebody's words, "I quit my job", and no title: "How I Met Your Mother"."""
    spoken = quoted.split()
    small = [
        word for word in spoken if word[0].islower() and word not in PREPOSITIONS | {"the", "and"}
    ]
    mine = {"i", "i'm", "my", "we", "we're", "our"} & {*quoted.replace("’", "'").lower().split()}
    return len(spoken) > 2 and bool(mine) and len(small) > 1


def is_claimed(tokens: Words, place: int, subject: Words, verbs: Words = ()) -> bool:
    """Whether the clause that begins at `place` is what the user says is so. `verbs`: its auxiliaries
    and its verb."""
    first = _back(tokens, place, STOPS)
    ahead = " ".join(tokens[first:place])
    if _CONDITION.match(f"{ahead} ") and "but" not in tokens[first + 1 : place]:
        return False
    if _ASKED.match(" ".join(tokens[first : place + 4])) and "," not in tokens[first:place]:
        return False
    if not _is_real(verbs):
        return False
    before = tokens[_back(tokens, place, _BOUNDS) : place]
    lower = tuple(w.lower() for w in before)
    if tokens[place - 1 : place] == (",",) and tokens[place - 2].lower() in _PERHAPS:
        return False
    if lower[-1:] == ("like",) or lower[-2:] == ("as", "though") or lower[-1:] == ("or",):
        return False
    inner = tokens[place].lower() in _RELATIVE or subject in SPEAKERS
    if not inner and (_has_object_next(lower) or _is_thing(before)):
        return False
    doubted = "but" in tokens[place : end_of_sentence(tokens, place)]
    return _is_own_word(lower, subject, verbs, doubted)


def _is_thing(before: Words) -> bool:
    """Whether all before is a thing that the clause tells of: "the last book" my club read."""
    if len(before) < 2 or before[0].lower() not in DETERMINERS or PREPOSITIONS & {*before}:
        return False
    last = before[-1]
    if last.lower() in PEOPLE:
        return False  # "my best friend" Ana's wife
    known = "NOUN" in getAllLemmas(last) and last.removesuffix("s") not in SPANS
    known = known and last not in _WHOM | BREAKS
    return known and not takes_clause((last,)) and time_at(before, 0) != len(before)


def _has_object_next(before: Words) -> bool:
    """Whether what follows is the object of another's clause: "the woman who bought" my car."""
    link = next((k for k in reversed(range(len(before))) if before[k] in _RELATIVE), len(before))
    last = before[-1:]
    if link >= len(before) - 1 or takes_clause(last):
        return False
    return last[0] in _WHOM or any(has_form(last[0], tag) for tag in ("VBD", "VBZ", "VBP"))


def takes_clause(verb: Words) -> bool:
    """Whether a clause may stand behind the verb as its object: "I know my sister likes tulips"."""
    return bool(verb) and lemma_of(verb[-1]) in _SAY | _THINK | _UNSURE | _KNOWING | _TOLD


def _is_real(verbs: Words) -> bool:
    """No "would buy", "could have been", "was going to be": what is not so, or only if all else is."""
    if verbs[1:3] == ("going", "to") and verbs[0] in ("was", "were"):
        return bool({*verbs[3:4]} & _GOALS)
    if verbs[:1] == ("had",) and {*verbs[1:2]} & _MEANT:
        return False  # "we had planned a trip"
    if "would" in verbs[:1]:
        return bool({*verbs[1:]} & _LIKED)
    done = verbs[2 + ("not" in verbs[1:2]) :]  # behind "could have"
    return not ({*verbs[:1]} & MODAL and "have" in verbs[1:3]) or done[:1] in ((), ("to",))


def _is_own_word(before: Words, subject: Words, verbs: Words, doubted: bool) -> bool:
    """Whether no verb of saying or thinking right before takes a clause from the user."""
    before = before[:-1] if before[-1:] in (("that",), ("how",)) else before
    denied = bool({"not", "never", "nobody"} & {*before})
    if {*before} & _PERHAPS:
        return False
    if before[-1:] == ("not",) or (denied and {*before[-1:]} & _NOT_SO) or {*before[-1:]} & _OPEN:
        return False
    verb = _saying(before)
    if verb is None:
        return True
    lemma, sayer = lemma_of(before[verb]), before[:verb]
    bare = [w for w in sayer if w not in ADVERBS | AUX | {"not", "never"}]
    if not bare or bare[-1:] in (["i"], ["we"]) or bare[-3:] == ["i", "used", "to"]:
        if denied and lemma in _DENIED:
            return "can" in sayer  # "I can't believe my son is 18"
        past = "used" in sayer or before[verb] in ("thought", "said", "assumed", "expected")
        return lemma not in _UNSURE and not (past and lemma != "tell")
    if lemma in _THINK or {*sayer} & _NOBODY or doubted:
        return False
    opinion = (
        (*subject, *verbs) == ("it", "is")
        or subject in SPEAKERS
        or (subject[0] in OWN and verbs[:1] in (("is",), ("are",)))
    )
    return not opinion or bool({*sayer} & _KNOW)


def _saying(before: Words) -> int | None:
    """Where the verb of saying stands: "my boss says", "I told my manager"."""
    end = len(before) - 1
    if end >= 0 and lemma_of(before[end]) in _SAY | _THINK | _TOLD:
        return end
    near = range(end - 1, max(0, end - 5), -1)
    return next((k for k in near if lemma_of(before[k]) in _TOLD), None)


def _back(tokens: Words, place: int, signs: tuple[str, ...]) -> int:
    """Where what `place` stands in begins, behind the nearest of the signs."""
    while place and tokens[place - 1].lower() not in signs:
        place -= 1
    return place
