"""Who and what is meant by "he", "her", "they", "it" and "there", as far as it is sure.

    My dad is from Cork, he sings             -> my dad sings
    My dad sings, my mum paints, they dance   -> my parents dance

Knows the clauses of one message one after the other.
"""

from dataclasses import replace

from agent.grammar.clauses import Clause
from agent.grammar.kinds import KINDS, is_place, is_price
from agent.grammar.moments import EVENTS
from agent.grammar.objects import WORN, begins_thing
from agent.grammar.parts import Part
from agent.grammar.turning import is_person
from agent.grammar.words import (
    LOST,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    TITLES,
    Words,
    is_known,
    is_plural,
    name_at,
)
from agent.topics import HE, PEOPLE, PETS, SHE

_GROUPS = frozenset("club choir band team group class orchestra course troupe ensemble".split())
_GETTING = frozenset("have buy get adopt own rent order inherit".split())
_HANDLED = frozenset("run own manage drive ride sell rent lead pick collect fetch return".split())
_RATES = (("a", "month"), ("a", "week"), ("a", "year"), ("a", "day"), ("a", "night"), ("per", "month"),
          ("each",), ("a", "session"), ("an", "hour"))  # fmt: skip
_DONE = (("done",), ("fixed",), ("repaired",), ("replaced",), ("painted",), ("cleaned",))
_JOINING = frozenset("sign enrol enroll register apply".split())
_OF_THINGS = frozenset("read watch play finish drive ride wear eat drink speak learn use".split())
_MOTHER = {("mum",), ("mom",), ("mother",), ("mama",)}
_FATHER = {("dad",), ("father",), ("papa",)}
_ANIMALS = PETS | KINDS["pet"]
_LADIES = frozenset("Mrs Ms Miss Frau Madame Señora Signora woman lady girl".split())
_GENTLEMEN = frozenset("Mr Mister Herr Monsieur Don man guy bloke boy".split())
_GOING = frozenset("move go travel fly drive emigrate return relocate come sail".split())
_CARING = (("look", "after"), ("care", "for"))
_JOURNEY = frozenset("trip flight journey holiday visit move train ferry bus ticket".split())


def name_of(subject: Words) -> Words:
    """The name in "my brother Duarte"."""
    if subject[0] not in OWN or PREPOSITIONS & {*subject}:
        return ()
    found = (name_at(subject, k) for k in range(2, len(subject)))
    return next((name for name in found if name and not name[-1].endswith("'s")), ())


def resolved(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "he", "she" and "it" said by name, as subject."""
    first = clause.subject[0].lower()
    several = first in ("he", "she") and is_plural(meant.get(first, ("he",)) or ("he",))
    # "My cat is ill. Dr Maes saw her, she is on soft food": either may be meant.
    other, who = f"other {first}" in meant, meant.get(first, ())
    either = other and who[:1] and who[0] in TITLES
    if other and clause.verb[:1] in (
        ("called",),
        ("named",),
    ):  # a friend or a dog: "he's called Rex"
        either = not {w.lower() for w in who} & (HE if first == "he" else SHE)
    if first == "it" and clause.is_copula and meant.get("event"):
        if clause.parts and clause.parts[0].kind == "time":
            return replace(clause, subject=meant["event"])
    if first in ("he", "she", "it", "they") and meant.get(first) and not (several or either):
        return replace(clause, subject=meant[first])
    owner = meant.get("he" if first == "his" else "she", ())
    if clause.subject[1:] == ("name",) and any(name_at(owner, k) for k in range(len(owner))):
        return clause  # who has a name already
    if first in ("his", "her") and owner and not is_plural(owner):
        return replace(clause, subject=(*owner[:-1], f"{owner[-1]}'s", *clause.subject[1:]))
    return clause


def given(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "her" said by name, as in "I give her the room", where it can be one alone."""
    parts = []
    for part in clause.parts:
        pronoun = {"her": "she", "him": "he"}.get(part.head, "") if part.kind == "object" else ""
        sure = pronoun in meant and f"other {pronoun}" not in meant
        if sure and (len(part.words) == 1 or begins_thing(part.words[1])):
            whole = meant[pronoun]
            short = whole[: len(whole) - len(name_of(whole))]  # "my dad", as one asks
            part = Part("object", (*short, *part.words[1:]))
        if part == Part("object", ("them",)) and meant.get("them"):
            part = Part("object", meant["them"])
        parts.append(part)
    return replace(clause, parts=tuple(parts))


def taken_up(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with the "it" that somebody runs or fetches said by name: "opened a shop. My aunt runs
    it", "bought a lamp. I picked it up in Calais"."""
    thing = meant.pop("thing", ()) if clause.lemma in _HANDLED else ()
    parts = []
    for part in clause.parts:
        is_it = thing and part.kind == "object" and part.head == "it" and len(part.words) < 3
        parts.append(Part("object", (*thing, *part.words[1:])) if is_it else part)
    return replace(clause, parts=tuple(parts))


def costing(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with the "it" that costs something said by what was spoken of last: "booked the ferry,
    it was 84 euros" says that the ferry cost 84 euros."""
    first = clause.parts[0].words if clause.parts else ()
    rate = len(clause.parts) > 1 and clause.parts[1].words in _RATES
    amount = first and (is_price(first) or rate and first[0][:1].isdigit())
    costs = clause.lemma == "cost" or (clause.is_copula and amount)
    thing = meant.get("bought", ())
    wanted = ("they",) if thing and is_plural(thing) else ("it",)
    if clause.subject not in (wanted, ("it",)) or clause.negated or not costs or not thing:
        return clause
    if not clause.is_copula:
        return replace(clause, subject=thing)
    many = is_plural(thing)
    verb = "cost" if clause.before[0] in ("was", "were") or many else "costs"
    return replace(clause, subject=thing, before=(), verb=(verb,))


def placed(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "there" said by the place that was named last; "here" only where it is a home."""
    known = {"there": meant.get("there", ()), "here": meant.get("here", ())}
    parts = []
    for part in clause.parts:
        place = known.get(part.head, ()) if len(part.words) == 1 else ()
        parts.append(Part("prep", ("in", *place)) if place else part)
    return replace(clause, parts=tuple(parts))


def _note_place(clause: Clause, meant: dict[str, Words]) -> None:
    for before, part in zip((None, *clause.parts), clause.parts, strict=False):
        name = name_at((",", *part.words[1:]), 1)
        if part.kind != "prep" or not name or name != part.words[1:] or name[-1].endswith("'s"):
            continue
        going = clause.lemma in _GOING or (before and _JOURNEY & {w.lower() for w in before.words})
        if (part.head in ("in", "near") and is_place(part)) or (part.head == "to" and going):
            meant["there"] = name
            home = clause.subject in SPEAKERS and clause.lemma in ("move", "live", "settle")
            meant["here"] = name if home else ()
        elif part.head == "from" and clause.lemma in ("be", "come") and len(clause.parts) == 1:
            meant["there"] = name


def note(clause: Clause, meant: dict[str, Words]) -> None:
    """Remember whom the next pronoun means: the last subject, or somebody whose sex is known."""
    _note_place(clause, meant)
    meant["thing"] = next(
        (
            ("the", *p.words[1:])
            for p in clause.parts
            if p.kind == "object" and p.head in ("a", "an")
        ),
        (),
    )
    meant["bought"] = _bought(clause)
    meant["event"] = _event(clause)
    _mean_things(clause, meant)
    _mean(clause.subject, meant, subject=True)
    own = clause.subject[0] in OWN
    if not own and clause.subject[0].endswith("'s") and len(clause.subject) > 1:
        # "Ada's birthday is on Friday, I gave her a lamp"; "Ada's boat is white, it is called Zora"
        if not is_person(clause.subject):
            _mean((clause.subject[0].removesuffix("'s").capitalize(),), meant, subject=False)
            meant["it"] = clause.subject
    owner = clause.subject[1] if own else ""
    if owner.endswith("'s") and not (is_person(clause.subject) or name_of(clause.subject)):
        # "my daughter's play is on Friday, she is the wolf"
        _mean((clause.subject[0], owner.removesuffix("'s")), meant, subject=False)
    if clause.lemma == "have" and clause.subject not in SPEAKERS and _somebody_else(clause):
        for who in ("he", "she", "other he", "other she"):  # "my mum has a cat. She is 14"
            meant.pop(who, None)
        return
    for part in clause.parts:
        _note_group(part, meant)
        whose = part.words[1] if part.head == "for" and len(part.words) > 2 else ""
        if whose.endswith("'s") and whose[0].isupper():  # "for Theo's school trip. He is 8"
            _mean((whose.removesuffix("'s"),), meant, subject=False)
        if part.head == "for" and clause.lemma in _JOINING and part.words[1:2] in (("a",), ("an",)):
            _mean(("my", *part.words[2:]), meant, subject=False)
        about = part.head == "about" and clause.subject in SPEAKERS and len(part.words) > 1
        # not "will be an uncle. He is a nurse", "am reading Emma. We meet on Mondays"
        told = part.kind == "object" and clause.lemma not in _OF_THINGS | {"be"}
        if told or part.head == "with" or about or (clause.lemma, part.head) in _CARING:
            words = part.words[part.kind == "prep" :]
            mine = told and clause.subject in SPEAKERS and clause.lemma in _GETTING
            for one in _apart(words):
                if {*one} & (_LADIES | _GENTLEMEN) and {"called", "named"} & {*one}:
                    one = one[-1:]  # "a woman named Ida. She laughed"
                if mine and len(one) > 1 and one[0] in ("a", "an", "one"):  # not "I'll buy one"
                    rest = (w for w in one[1:] if w not in ("called", "named", *WORN))
                    one = ("my", *rest)  # "I have a sister, she lives in Ghent"
                _mean(one, meant, subject=False)


def _apart(words: Words) -> tuple[Words, ...]:
    """ "a wife and a son called Bo" as two, where a pronoun can tell them apart, else as nobody."""
    if "and" not in words:
        return (words,)
    first, second = words[: words.index("and")], words[words.index("and") + 1 :]
    roles = [{w.lower() for w in half} for half in (first, second)]
    apart = any(a & SHE and b & HE and not a & HE and not b & SHE for a, b in (roles, roles[::-1]))
    return (first, second) if apart else ()


def _somebody_else(clause: Clause) -> bool:
    """Whether a pet, a child or anybody is had, of whom what follows may tell as well."""
    return any(
        part.head in ("a", "an", "one")
        and {w.lower() for w in part.words} & (PEOPLE | PETS | {"baby"})
        for part in clause.parts
    )


def _bought(clause: Clause) -> Words:
    """What has a price, if a price is told next: "a gym" that was joined, "the kitchen" that is done."""
    joined = clause.lemma in _JOINING
    pieces = ((p.words[1:] if p.kind == "prep" else p.words) for p in clause.parts
              if p.kind == "object" or (joined and p.head == "for"))  # fmt: skip
    words = next(pieces, ())
    words = words[1:] if words[:1] == ("up",) else words  # "picked up my new earplugs"
    words = words[:-1] if words[-1:] in _DONE else words
    first = words[0].lower() if words else ""
    thing = first in (*OWN, "a", "an", "the", "new") and 1 < len(words) <= 4
    if not thing or clause.is_copula or {*words} & (PEOPLE | PETS):
        return ()
    return (first if first in OWN else "the", *words[first != "new" :])


def _event(clause: Clause) -> Words:
    """What will be, if it is told next when: "the wedding" one goes to, "the marathon" one trains for."""
    for part in clause.parts:
        first, *rest = (*(w.lower() for w in part.words[1:2]), *part.words[2:], "")
        there = part.kind == "prep" and part.head in ("for", "to", "about") and len(rest) < 5
        if there and first in (*OWN, "a", "an", "the") and part.words[-1] in EVENTS - PEOPLE:
            return (first if first in OWN else "the", *part.words[2:])
    return ()


def _mean_things(clause: Clause, meant: dict[str, Words]) -> None:
    """ "The windows leak, Tim seals them": which things, where no others were spoken of since."""
    if is_plural(clause.subject) and clause.subject not in (("they",), *SPEAKERS):
        things = clause.subject[0].lower() in (*OWN, "the") and not is_person(clause.subject)
        meant["them"] = clause.subject if things else ()
    others = [p.words for p in clause.parts if p.kind == "object" and is_plural(p.words)]
    if any(words not in (("them",), meant.get("them")) for words in others):
        meant["them"] = ()


def _note_group(part: Part, meant: dict[str, Words]) -> None:
    """ "for my book club, we meet on Mondays": who meets."""
    words = part.words[part.kind == "prep" :]
    if 1 < len(words) < 5 and words[0] in (*OWN, "a", "the") and words[-1] in _GROUPS:
        meant["we"] = ("my", *words[1:])


def _several(words: Words, meant: dict[str, Words]) -> Words:
    """Whom "they" means behind a subject: "my parents", also behind my dad and my mum."""
    before = {meant.get("he", ())[1:2], meant.get("she", ())[1:2], words[1:2]}
    if words[0] in OWN and before & _MOTHER and before & _FATHER:
        return ("my", "parents")
    someone = {w.lower().removesuffix("s") for w in words} | {w.lower() for w in words}
    return words if is_plural(words) and words[0] in OWN and someone & PEOPLE else ()


def _mean(words: Words, meant: dict[str, Words], *, subject: bool) -> None:
    first = words[0].lower() if words else ""
    if first in ("his", "her") and (owner := meant.get("he" if first == "his" else "she")):
        words = (*owner[:-1], f"{owner[-1]}'s", *words[1:])
    lower = {w.lower() for w in words}
    if not words or lower & LOST or first in ("i", "we") or words == ("the", "baby"):
        return
    if name := name_of(words):  # "my colleague Ana round"
        words = words[
            : next(k for k in range(len(words)) if words[k : k + len(name)] == name) + len(name)
        ]
    if subject:  # else whom "they" means is not known
        meant["they"] = _several(words, meant)
    owned = max((k + 1 for k, w in enumerate(words[:-1]) if w.endswith("'s")), default=0)
    role = next((w for w in reversed(words[owned:]) if w.lower() in PEOPLE | _ANIMALS), "")
    named = name_at((",", *words), 1) == words and not any(map(is_known, words))
    titles = {*words[owned:]}
    someone = bool(role) or (is_person(words) if subject else named)
    someone = someone or bool(titles & (_LADIES | _GENTLEMEN))
    owner = (*words[: owned - 1], words[owned - 1].removesuffix("'s")) if owned else ()
    unnamed = not any(name_at(words, k) for k in range(owned, len(words)))
    either = unnamed and role not in SHE | HE and bool(owner) and is_person(owner)
    for pronoun, others, other_titles in (("he", SHE, _LADIES), ("she", HE, _GENTLEMEN)):
        if titles & other_titles:
            continue
        sure = subject or role in SHE | HE or pronoun not in meant
        if someone and role not in others and meant.get(pronoun, words) != words:
            meant[f"other {pronoun}"] = words
        unsure = unnamed and (not subject or role not in SHE | HE)
        of_same = owner == meant.get(pronoun) and unsure  # "her teacher": which "she"?
        if someone and either and not of_same and not {w.lower() for w in owner} & others:
            meant.pop(pronoun, None)  # "Ana's teacher is ill. She is nine"
        elif someone and sure and role not in others and not of_same:
            meant[pronoun] = words
    thing = not someone and len(words) <= 4 and (first in OWN or (subject and first == "the"))
    if lower & _ANIMALS or thing:
        meant["it"] = words
