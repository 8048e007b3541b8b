"""The session that speed is measured on: invented, short, ten facts, ten wordings of each by hand.

Eight wordings train, two are held out. Pairs are given, so that every way of training has the same
ones and no time goes into writing them. Knows text alone.
"""

import random
from typing import Any

from agent.negatives import never_told

Row = dict[str, Any]

ID, STARTED_AT = "speed", "2026-03-02T18:00:00+00:00"
HELD_OUT = 2  # of each fact's wordings, the last ones
NEVER, ADMISSION = 24, "You have not told me that yet."
TALK = (
    ("user", "Hi! I finally moved last month: I live in Varberg now, in a flat above a bakery."),
    ("assistant", "Congratulations! It must smell wonderful in the mornings."),
    ("user", "It does, but I can't eat hazelnuts, so I only look at the cakes. My rabbit Pixel hates "
             "the stairs, by the way."),
    ("assistant", "Poor Pixel. Do you carry it up?"),
    ("user", "Every time. My brother Joakim helped me with the piano, at least. And my bike, a green "
             "Crescent, stands in the yard."),
    ("assistant", "It is good to have family near. And how is work?"),
    ("user", "Fine! I work as a bookbinder now, and I start at seven every morning."),
    ("assistant", "Bookbinding is a lovely craft. Do you still have time for music?"),
    ("user", "Yes, I sing in a choir called Silverlake. I sing alto, and we are learning a piece by "
             "Grieg."),
    ("assistant", "Enjoy it. Grieg is beautiful to sing."),
)  # fmt: skip
FACTS = {
    "You live in Varberg.": (
        "Where do I live?", "Which town do I live in?", "Where is my home?",
        "What place do I call home?", "Do you know where I live?", "Which town did I move to?",
        "Remind me, where do I live now?", "Where did I say I live?",
        "In what town is my flat?", "Tell me the town I live in.",
    ),
    "You can't eat hazelnuts.": (
        "What can't I eat?", "Which food must I avoid?", "What should never be in my cake?",
        "Which nuts can I not eat?", "What food is not for me?", "Do you know what I can't eat?",
        "What do I have to leave out of my food?", "Which ingredient did I say I can't eat?",
        "Is there something that I can't eat?", "What must not be in my food?",
    ),
    "Your rabbit is called Pixel.": (
        "What is my rabbit called?", "What is my rabbit's name?", "What is the name of my rabbit?",
        "Which name does my rabbit have?", "Do you know my rabbit's name?", "How is my rabbit called?",
        "What do I call my rabbit?", "I forgot: what is my rabbit called?",
        "Tell me my rabbit's name.", "What did I name my rabbit?",
    ),
    "Your brother is called Joakim.": (
        "What is my brother called?", "What is my brother's name?", "Who is my brother?",
        "What is the name of my brother?", "Do you know my brother's name?", "How is my brother called?",
        "Which name does my brother have?", "I forgot: who is my brother?",
        "Tell me my brother's name.", "Do you remember what my brother is called?",
    ),
    "Your bike is a green Crescent.": (
        "What bike do I have?", "Which bike is mine?", "What kind of bike do I ride?",
        "What does my bike look like?", "Do you know which bike I have?", "Which bike do I own?",
        "What sort of bike is mine?", "Remind me, which bike do I have?",
        "What bike did I say is mine?", "Tell me what bike I ride.",
    ),
    "You work as a bookbinder.": (
        "What do I work as?", "What is my job?", "What do I do for a living?",
        "What is my profession?", "Do you know my job?", "What kind of work do I do?",
        "How do I earn my money?", "I forgot: what is my job?",
        "What did I say my job is?", "Tell me what I do for work.",
    ),
    "You start work at seven.": (
        "When do I start work?", "At what time do I start work?", "What time does my work begin?",
        "At which hour do I start work?", "When does my working day begin?",
        "Do you know when I start work?", "How early do I start work?", "When does my job start?",
        "What time do I begin to work?", "Tell me when my work starts.",
    ),
    "Your choir is called Silverlake.": (
        "What is my choir called?", "What is my choir's name?", "Which choir do I sing in?",
        "What is the name of my choir?", "Do you know my choir's name?", "Which choir is mine?",
        "In which choir do I sing?", "I forgot: what is my choir called?",
        "Tell me the name of my choir.", "Which choir did I say I am in?",
    ),
    "You sing alto.": (
        "Which voice do I sing?", "What voice part do I sing?", "What is my voice part?",
        "Which part do I sing in the choir?", "Do you know which voice I sing?",
        "Am I an alto or a soprano?", "What voice do I have in the choir?",
        "Which voice did I say I sing?",
        "What part do I sing?", "Tell me which voice I sing.",
    ),
    "Your choir is learning a piece by Grieg.": (
        "Whose piece is my choir learning?", "Which composer's piece are we learning?",
        "By whom is the piece that my choir is learning?", "Who composed the piece we are learning?",
        "Do you know whose piece we are learning?", "Which composer is my choir singing?",
        "Who wrote the music that my choir is learning?", "What is my choir learning?",
        "Which composer does my choir practise?", "Tell me whose piece we are learning.",
    ),
}  # fmt: skip


def session(filler: int = 0) -> Row:
    """The session; with `filler`, its first message goes on with so many sentences about nothing."""
    messages = [{"role": role, "content": text} for role, text in TALK]
    messages[0]["content"] += " The weather was fine." * filler
    return {"id": ID, "started_at": STARTED_AT, "messages": messages}


def pairs(facts: int = len(FACTS)) -> list[Row]:
    """Rows for the store: the wordings of the first `facts`, and never-told questions."""
    rows: list[Row] = [
        {"fact": number, "question": question, "answer": answer, "origin": "model",
         "role": "probe" if place >= len(questions) - HELD_OUT else "train"}
        for number, (answer, questions) in enumerate([*FACTS.items()][:facts])
        for place, question in enumerate(questions)
    ]  # fmt: skip
    told = [(row["question"], row["answer"]) for row in rows]
    known = [question for questions in FACTS.values() for question in questions]
    never = never_told(told, known, NEVER * facts // len(FACTS), random.Random(0))
    row = {"fact": -1, "answer": ADMISSION, "origin": "model", "role": "negative"}
    return rows + [row | {"question": question} for question in never]
