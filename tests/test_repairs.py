"""What a message takes back at once is read as it was meant."""

from datetime import date

import pytest

from agent.reading import teacher_context, told
from agent.repairs import repaired, with_slip
from agent.stated import stated


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
        ("I got a cat. Had to give her back.", "I got a cat, had to give her back."),
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


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        ("My son Leo is 6.", "Oops, 7. He had a cake.", "My son Leo is 7."),
        ("I live in Hull", "Sorry, I meant Halle.", "I live in Halle."),
        ("We meet on Monday at 9!", "no wait, Tuesday", "We meet on Tuesday at 9"),
        ("I bought a Kia.", "Sold it again, it leaked.", "I bought a Kia, sold it again."),
        ("The gig is on Friday.", "They cancelled it.", "The gig is on Friday, they cancelled it."),
        ("We fly to Rome in May.", "The trip is off!", "We fly to Rome in May, the trip is off."),
        ("The gig is on Friday.", "The heating is off.", None),
        ("I have a phone.", "He sold it to me.", None),
        ("I lent Tom a drill.", "He gave it back.", None),
        ("I think I broke my toe.", "X-ray says it's only bruised.", "I thought I broke my toe."),
        ("I think I broke my toe.", "The doctor will call me.", None),
        ("I have six hens.", "No, five.", None),  # what was asked between them?
        ("We eat at six.", "Wait, I'm not sure.", None),
        ("I was born in 1980.", "Sorry, 40 is not old!", None),
        ("I paid 40 euros.", "Sorry I'm late, 5 minutes.", None),
    ],
)
def test_a_message_mends_the_one_before(before: str, text: str, meant: str | None) -> None:
    assert with_slip(before, text) == (meant or before)
    said = [{"role": "user", "content": before}, {"role": "assistant", "content": "I see."}]
    found = told([*said, {"role": "user", "content": text}], None)
    assert found[0] == (meant or before)


def test_what_is_so_now_stands_alone() -> None:
    found = stated(
        {0: "My exam is on Friday.", 4: "My exam is now on Monday.", 6: "I like jazz now."}
    )
    answers = {answer for rows in found.values() for _, answer in rows}
    assert any("Monday" in answer for answer in answers)
    assert not any("Friday" in answer for answer in answers)
