"""What people work as: "a nurse", "a divorce lawyer", "an electrician"; not "a teenager".

A list of trades (jobs.txt), and endings that trades have, less the words that end so and are none.
Knows words alone.
"""

import re
from pathlib import Path

from agent.topics import PEOPLE

Words = tuple[str, ...]
_FILE = Path(__file__).with_name("jobs.txt")
_ENDING = re.compile(r"\w+(?:er|or|ist|ian|ant|ess|man|woman|smith|wright)", re.I)
_JUDGED = frozenset(  # "a terrible driver" drives, a "former nurse" is none now
    "nervous morning strong good bad terrible great slow fast big real keen heavy light better awful "
    "hopeless late early former decent rubbish lousy excellent careful fussy picky poor born amateur "
    "hobby passionate avid natural aspiring would-be future total absolute lifelong recovering "
    "reformed compulsive".split()
)


def read_jobs(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The trades, and what only ends like one (the format of jobs.txt)."""
    found = []
    for part in text.split("-----\n"):
        lines = (line for line in part.splitlines() if line and not line.startswith("#"))
        words = " ".join(line.partition(": ")[2] for line in lines).split()
        found.append(frozenset(word.replace("_", " ") for word in words))
    return found[0], found[1]


_JOBS, _LISTED = read_jobs(_FILE.read_text(encoding="utf-8"))
_OTHERS = frozenset(word.lower() for word in _LISTED)
JOB_WORDS = frozenset(  # plain nouns, though a dictionary may lack them
    listed.split()[-1] for listed in _JOBS | _LISTED if listed.islower()
)


def trade_of(words: Words) -> Words:
    """The words that name the trade: of "a long haul pilot" the last, of "a tree surgeon" two."""
    return words[-2:] if " ".join(words[-2:]).lower() in _JOBS else words[-1:]


def is_job(words: Words) -> bool:
    """Whether the last word, or the last two, are a trade, whatever stands before; of "a teacher of
    French" the words before "of", and "a bit of a cook" is none."""
    if "of" in words[1:]:
        words = words[: words.index("of", 1)]
    lower = [w.lower() for w in words]
    pair, noun = " ".join(lower[-2:]), lower[-1]
    if {*lower[:-1]} & _JUDGED or pair in _OTHERS:
        return False
    if {pair, noun} & _JOBS:
        return True
    own = noun not in _OTHERS | PEOPLE and words[-1].islower()
    return own and bool(_ENDING.fullmatch(noun))
