"""What a message takes back at once is read as it was meant."""

from datetime import date

import pytest

from agent.reading import teacher_context, told
from agent.repairs import repaired


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("It's the 9th of May, no wait, the 12th, in Ulm.", "It's the 12th of May, in Ulm."),
        ("We rehearse on Mondays, sorry, Tuesdays, at six.", "We rehearse on Tuesdays, at six."),
        ("It's at six. No wait, half six.", "It's at half six."),
        ("It cost 120, no wait, 140 euros.", "It cost 140 euros."),
        ("The race is on Friday, no, Saturday at two.", "The race is on Saturday at two."),
        ("Our flight is at 6, sorry, at 7 from Graz.", "Our flight is at 7 from Graz."),
        ("I'm meeting Tom, I mean Tim, on Friday.", "I'm meeting Tim, on Friday."),
        ("It's my cousin Ana, sorry, my aunt Ana, who sings.", "It's my aunt Ana, who sings."),
        ("It's on 4 May. Sorry, 14 May.", "It's on 14 May."),
    ],
)
def test_a_slip_is_mended(text: str, meant: str) -> None:
    assert repaired(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, Anna is calling.",
        "Sorry, I meant Tuesday for the vet.",  # what it was before stands elsewhere
        "I have two brothers, no sisters.",
        "I have three cats. No, two are gone.",
        "I paid 12, sorry, I have to go.",
        "He's coming on Monday, I mean it's about time.",
        "My dad, no, my mum likes it.",
        "I work with Kim. Sorry, Kim called just now.",
        "",
    ],
)
def test_what_is_no_slip_stays(text: str) -> None:
    assert repaired(text) == text


def test_the_teacher_reads_what_was_meant() -> None:
    talk = [{"role": "user", "content": "The exam is today, no wait, tomorrow."}]
    day = date(2026, 3, 2)
    assert told(talk, day) == {0: "The exam is tomorrow (March 3, 2026)."}
    assert teacher_context(talk, day)[-1]["content"] == "The exam is tomorrow (March 3, 2026)."
