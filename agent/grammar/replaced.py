"""Who or what is new in somebody's place, said plainly: "we got a new coach, his name is Marek".

    my new flatmate is Rafaela               -> my new flatmate is Rafaela. my flatmate is Rafaela now
    new boss since Monday, Agnieszka         -> my boss is Agnieszka now
    Changed dentists, I am with Dr Moreau    -> my dentist is Dr Moreau now
    Faith changed her mind, she wants to fly -> Faith wants to fly now

A new friend, a new cat or a new colleague is one more and takes nobody's place. Knows the words of a
message.
"""

import re

from agent.grammar.jobs import is_job
from agent.grammar.words import LOST, Words, has_form, lemma_of
from agent.text import CAPITAL
from agent.topics import PEOPLE, PETS

# Of these there is mostly one, and a new one takes the old one's place.
_ONE_OF = frozenset(
    "husband wife partner girlfriend boyfriend boss teacher doctor dentist flatmate roommate housemate "
    "landlord landlady trainer coach manager therapist lawyer vet lodger physio hairdresser supervisor "
    "tutor instructor midwife optician barber headteacher accountant cleaner childminder nanny gp "
    "babysitter".split()
)
_ONE_THING = (
    r"(?:phone |mobile |home |work )?(?:number|address|job|car|school|shop|office|studio|gym|flat|phone|"
    r"house|salon|workshop|stall|clinic|bike|email|rent|salary|desk|shift|nickname)"
)
_NAME = (
    rf"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Miss|Prof|Coach) )?{CAPITAL}[\w'-]+(?: "
    rf"(?:van |de |da |der )?{CAPITAL}[\w'-]+)?)"
)
_ROLE = r"(?P<role>(?:[A-Za-z][a-z-]* )?(?!now\b)[a-z-]+)"
_END = r"(?= now\b| [.,!;]|$| and | but | so | since | who )"
_CALLED = (
    r"(?:(?:is )?(?:called|named)|is|,|:|-|–|(?:,|\.|!) (?:her|his|their|the) name is"
    r"|(?:,|\.|!) (?:he|she) is(?: called| named)?)"
)
_MY_NEW = re.compile(rf"\b(?P<my>[Mm]y|[Oo]ur) new {_ROLE} is (?:called |named )?{_NAME}{_END}")
_GOT_NEW = re.compile(
    rf"(?:(?:^|(?<=[.,!;] )|(?<=so )|(?<=and ))(?:(?:I|[Ww]e) (?:have |have got |got |now have )"
    rf"|[Tt]here is |"
    rf"[Hh]ave |[Gg]ot )?(?:a )?)(?:new|New|different) {_ROLE}(?: now)?(?: (?:since|from|at) [\w'"
    rf" ]{{2,15}}?)?"
    rf" {_CALLED} {_NAME}{_END}"
)
_SWITCHED = re.compile(
    rf"(?:^|(?<=[.,!;] ))(?:(?:I|[Ww]e) )?(?:have )?(?:just )?(?:[Cc]hanged|[Ss]witched|[Ss]wapped)"
    rf" (?:my |our )?{_ROLE} "
    rf"(?:, |\. |and |to )(?:(?:I|we) (?:am|are) )?(?:now )?(?:(?:with|at|to|going to|seeing|see"
    rf"|have) )?{_NAME}{_END}"
)
_MY_NEW_THING = re.compile(
    rf"\b(?P<my>[Mm]y|[Oo]ur) new (?P<what>{_ONE_THING}) is (?P<rest>[^.!;,]+)"
)
_GOT_THING = re.compile(
    r"^(?:(?:I|[Ww]e) )?(?:have )?(?:(?:[Gg]ot )?(?:a )?(?:new|New)|(?:[Cc]hanged|[Ss]witched) my) "
    rf"(?P<what>{_ONE_THING}) (?:(?:,|\.|!) [Ii]t is|:) (?:now )?(?P<rest>(?:a |at |in |on"
    rf" )?[\w+][^.!]*?)(?= [.!]|$)"
)
_NEW_ONE = re.compile(
    rf"\b[Mm]y (?:old )?{_ROLE} (?:(?:has|have|is|just) )*(?:retired|left|quit|resigned|moved away"
    rf"|moved on|leaving|gone|went)"
    rf"(?: [a-z ]+)? (?:,|\.|and|so) (?:and |so )?(?:the|[Tt]he|my) new one is (?:called )?{_NAME}{_END}"
)
_NEW_JOB = re.compile(
    r"\b(?P<who>I|[Gg]ot|[Ff]ound) (?:have )?(?:just )?(?:got |found |started )?a new job as "
    r"(?P<job>an? [a-z]+(?: [a-z]+)?)"
)
_MIND = re.compile(
    rf"(?:^|(?<=[.!;] ))(?P<who>(?:[Mm]y [a-z]+ )?{CAPITAL}[\w-]+|[Mm]y [a-z]+) (?:has )?changed (?:her"
    r"|his|their) mind"
    r"(?: again)? (?:,|\.|and|:|-)(?: and| so)? (?:(?:he|she|they|He|She|They) )?(?:now )?wants? to"
    r" (?P<what>[^.,!;]+)"
)
_RATHER = re.compile(
    rf"(?P<who>(?:[Mm]y [a-z]+ )?{CAPITAL}[\w-]+|[Mm]y [a-z]+) (?P<not>no longer wants? to|does not want"
    r" to) (?P<old>[^.,!;]+?) "
    r"(?:,|\.|but|and)(?: but| and)? (?:he|she|they|He|She|They)(?:'d rather| would rather| now"
    r" wants? to| wants? to) "
    r"(?P<what>[^.,!;]+)"
)
_CALLED_UP = re.compile(
    rf"(?:^|(?<=[.!;] ))(?P<who>(?:[Mm]y [a-z]+ )?{CAPITAL}[\w-]+|[Mm]y [a-z]+) (?:just )?"
    r"(?:called|texted|phoned|rang|emailed|messaged|wrote|visited)(?: me| us| yesterday| today| earlier)* "
    r"(?:,|\.|!|and|:|-)(?: and)? (?:he|she|He|She) (?=[a-z])"
)
_SCHOOL = re.compile(
    rf"(?P<who>(?:[Mm]y [a-z]+ )?{CAPITAL}[\w-]+|[Mm]y [a-z]+|I) (?:has |have )?(?:just )?(?:changed"
    r"|switched|moved) schools? "
    r"(?:,|\.|and|:|-)(?: and)? (?:now )?(?:he|she|I|He|She) (?:is|am|goes|go) (?:now )?(?:at|to) "
    rf"(?P<name>(?:the )?{CAPITAL}[\w'-]*(?: {CAPITAL}[\w'-]+)*)(?: now)?"
)
_RENAMED = re.compile(
    r"(?:[Ww]e |I |^)(?:have )?[Rr]enamed (?P<what>(?:the|my|our) [a-z]+) (?:(?:,|\.|to|and|:)(?: "
    r"(?:he|she|it|He|She|It) is)?"
    rf"(?: now)?(?: called)? )?{_NAME}(?: now)?"
)
_BAPTISED = re.compile(
    rf"\b(?:[Ww]e|I) (?:have )?(?:named|called) (?P<what>(?:the|my|our) [a-z]+) {_NAME}{_END}"
)
_NO_LONGER = re.compile(
    r"\b(?P<who>(?:[\w'-]+ )?[\w'-]+) no longer (?P<verb>[a-z]+)\b"
    r"(?P<rest>(?:(?! (?:and|but|because|since|so|as)\b)[^.,!?;])*?)(?= ?[.,!?;]| and | but |"
    r" because | since | so | as |$)"
)


def with_replaced(tokens: Words) -> Words:
    """The words with who and what is new said plainly."""
    text = " ".join(tokens)
    text = _CALLED_UP.sub(r"\g<who> ", text)
    text = _RATHER.sub(r"\g<who> \g<not> \g<old> . \g<who> wants to \g<what> now", text)
    text = _MIND.sub(lambda m: f"{m['who']} wants to {_till_now(m['what'])} now", text)
    text = _NO_LONGER.sub(_not_any_more, text)
    text = _MY_NEW.sub(_added, text)
    text = _SCHOOL.sub(lambda m: f"{m['who']} {_goes(m['who'])} to school at {m['name']} now", text)
    text = _RENAMED.sub(lambda m: f"{_mine(m['what'])} is called {m['name']} now", text)
    text = _BAPTISED.sub(r"\g<0> . \g<what> is called \g<name>", text)
    text = _NEW_JOB.sub(r"I work as \g<job> now", text)
    for shape in (_GOT_NEW, _SWITCHED, _NEW_ONE):
        text = shape.sub(_named, text)
    text = _MY_NEW_THING.sub(_thing_added, text)
    text = _GOT_THING.sub(lambda m: f"my {m['what']} is {_till_now(m['rest'])} now", text)
    text = re.sub(r"\bnow(?=[.,!?;])", "now ", re.sub(r"\bnow now\b", "now", text))
    return tuple(re.findall(r"\([^)]*\)|\S+", text))


def is_replaced(role: str) -> bool:
    """Whether a new one takes the old one's place: "piano teacher", "plumber"; not "friend"."""
    last = role.split()[-1] if role else ""
    return last in _ONE_OF or (last not in PEOPLE | PETS and bool(role) and is_job((last,)))


def _goes(who: str) -> str:
    return "go" if who == "I" else "goes"


def _mine(what: str) -> str:
    """ "my cat" for "the cat"."""
    noun = what.split()[-1]
    return f"my {noun}" if noun in PETS | PEOPLE else what


def _till_now(text: str) -> str:
    return text.strip().removesuffix(" .").removesuffix(" now")


def _added(match: re.Match[str]) -> str:
    """The sentence, and what it says without its "new"."""
    if not is_replaced(match["role"]):
        return match[0]
    return f"{match[0]} . {match['my'].lower()} {match['role']} is {match['name']} now"


def _thing_added(match: re.Match[str]) -> str:
    return f"{match[0]} . {match['my'].lower()} {match['what']} is {_till_now(match['rest'])} now"


def _named(match: re.Match[str]) -> str:
    role = match["role"] if is_replaced(match["role"]) else match["role"].removesuffix("s")
    return f"my {role} is {match['name']} now" if is_replaced(role) else match[0]


def _not_any_more(match: re.Match[str]) -> str:
    """ "he does not eat fish any more" for "he no longer eats fish"."""
    who, verb, rest = match["who"], match["verb"], match["rest"]
    if LOST & {*rest.split()}:
        return match[0]
    if who.split()[-1] in ("is", "am", "are", "can", "will", "was") or not lemma_of(verb):
        return match[0]
    if has_form(verb, "VBZ"):
        return f"{who} does not {lemma_of(verb)}{rest} any more"
    plain = who.split()[-1] in ("I", "we", "We", "they") and has_form(verb, "VB")
    return f"{who} do not {verb}{rest} any more" if plain else match[0]
