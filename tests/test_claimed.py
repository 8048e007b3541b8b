"""What a message tells without claiming it is nobody's fact: sentence by sentence."""

import pytest

from agent.grammar.claimed import claimed
from agent.grammar.endings import endings
from agent.grammar.statements import statements


def said(text: str) -> list[str]:
    return [answer for _, answer in statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        # another's word, or one that is not the user's
        "My boss says I'm lazy.",
        "My boss says I'm lazy and I never listen.",
        "Everyone says I should be a teacher.",
        "People say my dog is ugly.",
        "They think I'm from Spain.",
        "My therapist suggests that I write a letter.",
        "I bought it, my flatmate thinks the kettle is a toy.",
        "I thought my car was broken.",
        "I used to think I was allergic to cats.",
        "I wish I could play the cello.",
        "I hope I get the job.",
        "I doubt my team wins on Sunday.",
        # denied
        "I don't think my car is worth 2000 euros.",
        "I never said I was a vegetarian.",
        "It isn't true that I sold the car.",
        "It's not that I hate cats.",
        # only if something else is so, or not at all
        "If it rains on Saturday we go to the cinema.",
        "If anyone asks, I'm at the dentist.",
        "If I lose my job, I move back to Split.",
        "Either I move to Berlin or I quit my job.",
        "I would buy a boat.",
        "I would have moved to Canada.",
        "I must have been six.",
        "I was going to be a nun.",
        "Hopefully my sister gets the job.",
        "I look like I'm 50.",
        # supposed, dreamt, in a text, in jest
        "Picture this: I live in Monaco and I own a yacht.",
        "Let's pretend I'm a customer.",
        "Say my rent is 700 and I earn 1500.",
        "In my dream my ship was called the Pearl.",
        "I dreamt I was married to Elvis and lived in Memphis.",
        "In the book I'm reading the hero is a baker.",
        "Translate to French: I have a brown dog.",
        "I want a divorce. Just kidding!",
        # asked without a question mark
        "do you think i should tell my wife that i lost my job",
        # of somebody else, or of nobody
        "The woman who bought my car lives in Bath.",
        "The dog that bit my son is dead.",
        "The man who shot my dog died.",
        "The only thing my dad cooks is eggs.",
        "My uncle used to say that a hat is half the man.",
        "I told my sister I'd be late.",
        "My mother told my brother that I quit.",
        # the one who wishes or thinks left out
        "Wish I had a dog.",
        "Thought I had the flu.",
        "I joked that I was moving to Mars.",
        # others' own words
        'The note said "my cat is called Tiger and I live in Ghent".',
        "'I quit my job and we moved to Bali', he wrote.",
        'My favourite line is "My name is Inigo Montoya."',
        # hearsay, fears, fiction
        "Rumour has it my colleague is moving to Riga.",
        "It's a lie that my sister is divorced.",
        "My mum's afraid I'll lose my job.",
        "In my novel, my hero lives in Kyiv.",
        "My uncle is basically a drill sergeant.",
        "I'm practically a cat servant.",
        "Rewrite this: I hate my job.",
        "Write a story about a boy called Jim.",
        "My boss wants I speak better.",
        "We had planned a trip to Peru.",
        "Ours is called Otto.",
        # one of two
        "My cousin lives in Leeds or Bradford.",
        "My appointment is at 3 or 4.",
        "I work two or three days a week.",
        # mended in the same breath
        "I have a meeting on Monday, no, Tuesday.",
        "My son is 8, I mean 9.",
        "I work at Lidl - oops, Aldi now.",
    ],
)
def test_what_is_not_claimed_is_no_fact(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("My doctor says I'm anaemic.", "You are anaemic."),
        ("My landlord says the rent goes up in May.", "The rent goes up in May."),
        ("The vet says Rex has diabetes.", "Rex has diabetes."),
        ("My son thinks he's a dinosaur. He's four.", "Your son is four."),
        ("I wish my daughter would call, she lives in Ulm.", "Your daughter lives in Ulm."),
        ("I know my sister likes tulips.", "Your sister likes tulips."),
        ("I can't believe my son is 18!", "Your son is 18."),
        ("They think I'm from Spain, but I'm Greek.", "You are Greek."),
        ("If I'm honest I hate my job.", "You hate your job."),
        (
            "If I had to choose, I'd say my favourite city is Trieste.",
            "Your favourite city is Trieste.",
        ),
        ("I'd like to learn Basque.", "You would like to learn Basque."),
        ("I must have a blue car.", "You must have a blue car."),
        ("In the game shop I buy puzzles.", "You buy puzzles in the game shop."),
        ("Do I like it? Not really. I play chess.", "You play chess."),
        ("My husband wants a boat. I want one too. Just kidding!", "Your husband wants a boat."),
        ("Remind me to call my aunt Odile.", "Your aunt is called Odile."),
        ("Every Monday my gran bakes bread.", "Your gran bakes bread."),
        ("The landlord told us my rent is 900 from June.", "Your rent is 900 from June."),
        ("When I was at school we moved to Bonn.", "You moved to Bonn."),
        ("I promised Ana a hat.", "You promised Ana a hat."),
        # two verbs of one subject, and a clause inside another
        ("I was born in Lodz and raised in Ulm.", "You were raised in Ulm."),
        ("I'm left-handed and scared of geese.", "You are scared of geese."),
        ("I live in Bath and see my kids on Sundays.", "You see your kids on Sundays."),
        ("My friend Ana who lives in Bath plays chess.", "Your friend Ana lives in Bath."),
        ("My aunt who has a dog called Rex paints it.", "Your aunt has a dog called Rex."),
        ('I said "no kidding". My son is 8, no joke.', "Your son is 8."),
        ("I can't eat nuts or eggs.", "You can't eat nuts."),
        ("I leave at 8 or I miss the bus.", "You leave at 8."),
        # small things
        ("I'm not a nurse, I'm a midwife.", "No, you are not a nurse."),
        ("I haven't got a cat.", "You have no cat."),
        ("I have a meeting with HR.", "You have a meeting with HR."),
        ("I work Monday to Friday.", "You work Monday to Friday."),
    ],
)
def test_what_is_claimed_is_kept(text: str, answer: str) -> None:
    assert answer in said(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("My dad lives in Bath, my mum in Wells.", "Bath is your mum."),
        ("I fly to Oslo, my ticket says 6pm.", "Oslo is your ticket says 6pm."),
        ("I told my manager I'd quit.", "Your manager is called I'd."),
        ("I have twins, Théo and Anselm, who are nine.", "Anselm are nine."),
        ("My friend whose dog bit me lives in Bath.", "Yes, your friend whose dog bit you lives in Bath."),
        ("Our flat has two balconies, my dad says it's romantic.", "Your flat is romantic."),
        ("My teacher Bo says the exam is on 3 May, but Liv doubts it.", "The exam is on 3 May."),
        ("My former boss, Rolf, now drives a taxi.", "Rolf is your former boss now."),
        ("I was going to call my son Thor.", "Your son is called Thor."),
        ("My cousin Bo, who I grew up with, became a monk.", "You became a monk."),
        ("We lived in Bonn until I was nine, then in Ulm.", "You lived in Bonn until."),
        ("My grandparents met on a tram. He was the driver.", "Your grandparents was the driver."),
        ("My kids call my husband Captain.", "Your husband is called Captain."),
        ("My Airbnb guests broke a vase and blamed us.", "Your Airbnb blamed you."),
        ("Ever since my dad died my mum has been ill.", "Your dad died your mum has been ill."),
        ("The last book my club read was Emma.", "Your club read was Emma."),
        ("I'm on a diet.", "You are on a diet."),  # where?
        ("My sister is the one who cooks.", "Yes, your sister is the one."),
        ("The guy who sold me my bike turned out to be a thief.", "Your bike turned out to be a thief."),
        ("I'm not a nurse, I'm a midwife.", "You are a not a nurse."),
        ("I live in Bath and see my kids on Sundays.", "You live on Sundays."),
        ("I bought a table and chair the other day.", "You chair the other day."),
        ("I started working at KFC, got sacked the next day.", "You are working at KFC."),
        ("I bought a sofa but it never arrived.", "Yes, you bought a sofa."),
        ("I quit smoking in 2015 but started again.", "No, you quit smoking in 2015."),
        ("I'm not sure if my cousin Pim is a nurse.", "Your cousin Pim is a nurse."),
        ("Apparently my cousin Lena is pregnant.", "Yes, your cousin Lena is pregnant."),
        ("I would have named my son Hector.", "Your son is called Hector."),
        ("My mum has a cat called Puss. She's 14.", "Your mum is 14."),
        ("My boss has a baby, he's 3 months old.", "Your boss is 3 months old."),
        ("My son Leo is 6. Oops, 7.", "Oops is 7."),
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_taken(text: str, wrong: str) -> None:
    assert wrong not in said(text)


def test_only_the_sentence_in_question_goes() -> None:
    assert claimed("I sing. Picture this: I own a yacht. I paint.") == "I sing. I paint."
    assert claimed("I live with Dr. Moss. I dreamt of Dr. Moss again") == "I live with Dr. Moss."
    for title in ("How I Met Your Mother", "My Year of Rest and Relaxation"):  # nobody's word
        assert claimed(f'I like "{title}".') == f'I like "{title}".'
    assert claimed("I like jazz, not really rock.") == "I like jazz, not really rock."


def test_what_another_says_ends_nothing() -> None:
    assert endings("I lost my job.") and not endings("My mum thinks I lost my job.")
