"""The words behind a clause that say why: "because I was ill", "so that I can talk to my gran".

    I'm learning Greek so I can talk to Eleni  -> so I can talk to Eleni
    I broke my leg so I can't drive            -> (that is what came of it)

Knows neighbouring words and the verb before them.
"""

from agent.grammar.words import STOPS, Words, end_of_sentence, lemma_of

ON_PURPOSE = frozenset(  # what is done to some end: behind "need" a "to" is no purpose
    "go move come travel fly drive use buy save learn study quit leave stop sell cycle walk join run "
    "keep wear stay return borrow swim drink avoid practise practice bake cook grow rent train work "
    "write read collect make build knit sew see visit meet".split()
)
_MAY = frozenset("can could will would".split())
_NO_END = frozenset("not only hardly barely never no now".split())  # "so I can only work from home"


def reason_at(tokens: Words, place: int, verb: Words) -> Words:
    """The reason that begins at `place`, or nothing."""
    word = tokens[place].lower() if place < len(tokens) else ""
    if word == "because":
        end = end_of_sentence(tokens, place)
        now = (k for k in range(place, end - 1) if tokens[k : k + 2] == (",", "now"))
        return tokens[place : next(now, end)]
    behind = [w.lower() for w in tokens[place + 1 : place + 5]]
    meant = behind[:1] == ["that"] or {*behind[1:4]} & _MAY
    if word != "so" or not meant or not {lemma_of(v) for v in verb} & ON_PURPOSE:
        return ()
    if {*behind} & _NO_END:
        return ()
    end = place
    while end < len(tokens) and tokens[end] not in (*STOPS, ",", "but"):
        end += 1
    return tokens[place:end]
