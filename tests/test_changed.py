"""What people say when something changes: what is so now, and what is not any more."""

import pytest

from agent.grammar.statements import statements
from agent.grammar.terse import spoken_out
from agent.grammar.words import tokens_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        # another day, another hour
        ("we had to push the wedding to the 20th of June", "the wedding is on the 20th of June now"),
        ("My operation got moved by a week, now 13 May", "My operation is on 13 May now"),
        ("they postponed my driving test, new date is 23 May", "my driving test is on 23 May now"),
        ("concert pushed back to 8:15", "the concert is at 8:15 now"),
        ("The vet moved us to Monday at 10", "my vet appointment is on Monday at 10 now"),
        ("Training was moved from Monday to Friday", "Training is on Friday now"),
        ("Switched my gym day from Monday to Friday", "my gym day is on Friday now"),
        ("The quiz is on Friday instead of Thursday", "The quiz is on Friday now"),
        ("we put off the Crete holiday until May", "my holiday in Crete is in May now"),
        ("boat trip postponed to Sunday because it rains",
         "my boat trip is on Sunday now because it rains"),
        ("we changed the date of the baby shower to 10 May", "the baby shower is on 10 May now"),
        ("They rescheduled my scan for Friday", "my scan is on Friday now"),
        # another price
        ("the landlord put the rent up to 710", "the rent is 710 now"),
        ("I put the price of a haircut up to 18 euros", "a haircut costs 18 euros now"),
        ("My salary went from 2000 to 2300 euros", "my salary is 2300 euros now"),
        # another place
        ("Our office has moved to Mill Lane", "Our office is on Mill Lane now"),
        ("I've moved my stall to Canal Street", "my stall is on Canal Street now"),
        ("Moved the shop too. Now on Kisumu Road",
         "I moved the shop too . the shop is on Kisumu Road now"),
        ("New studio! It's in Peckham", "my studio is in Peckham now"),
        ("We moved, we're in Ghent now", "We moved , we live in Ghent now"),
        ("I moved to 3 Elm Street", "I moved to 3 Elm Street . my address is 3 Elm Street now"),
        ("I started at the zoo in May, left the bar",
         "I work at the zoo now . I started at the zoo in May , left the bar"),
        ("Tiago switched schools, he goes to St Anne's now", "Tiago goes to school at St Anne's now"),
        ("the salon has a new address, 9 Hill Road", "the salon is at 9 Hill Road now"),
        # somebody else
        ("I have a different tutor now, Elif", "my tutor is Elif now"),
        ("We have a new English teacher called Ida", "my English teacher is Ida now"),
        ("My new flatmate is Ida", "My new flatmate is Ida . my flatmate is Ida now"),
        ("we got a new football coach, his name is Marek", "my football coach is Marek now"),
        ("new boss since Monday, Agnieszka", "my boss is Agnieszka now"),
        ("Changed dentists, I'm with Dr Moreau now", "my dentist is Dr Moreau now"),
        ("My old boss retired, the new one is Marek", "my boss is Marek now"),
        ("We renamed the cat, she's called Olive now", "my cat is called Olive now"),
        ("We named the boat Petrel", "We named the boat Petrel . the boat is called Petrel"),
        # something else
        ("I've got a new phone number, it's 0655 908", "my phone number is 0655 908 now"),
        ("I changed my number, it's 0711 2233", "my number is 0711 2233 now"),
        ("I've got a new job as a welder", "I work as a welder now"),
        ("Faith changed her mind, she wants to be a pilot", "Faith wants to be a pilot now"),
        ("Ana no longer wants to be a nurse, she'd rather be a cook",
         "Ana does not want to be a nurse any more . Ana wants to be a cook now"),
        ("Leon texted. He's moved to Linz", "Leon has moved to Linz"),
    ],
)  # fmt: skip
def test_what_is_so_now(text: str, plain: str) -> None:
    assert " ".join(spoken_out(tokens_of(text))) == plain


@pytest.mark.parametrize(
    "text",
    [
        "My new friend is Ana .",
        "I have a new neighbour , Bill .",
        "My sister moved to Oslo in May .",
        "I moved the sofa to the kitchen .",
        "I put money aside for September .",
        "I brought a cake to the party on Saturday .",
        "My brother changed to tea .",
        "They raised my hopes to the sky .",
        "New job ! I work at the zoo now .",
        "I no longer want it .",
    ],
)
def test_what_takes_no_place(text: str) -> None:
    assert " ".join(spoken_out(tokens_of(text))) == text


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("My new flatmate is Ida.", "Who is my flatmate?", "Your flatmate is Ida now."),
        ("My new flatmate is Ida.", "Who is my flatmate now?", "Your flatmate is Ida now."),
        ("My new flatmate is Ida.", "Who is my new flatmate?", "Your new flatmate is Ida."),
        ("Moved my shop. Now on Kisumu Road.", "Where is my shop now?",
         "Your shop is on Kisumu Road now."),
        ("My operation was moved to 13 May.", "On what date is the operation?",
         "Your operation is on 13 May now."),
        ("Faith wants to be a pilot.", "What does Faith want to be?", "Faith wants to be a pilot."),
        ("The party starts at 8 now.", "What time does the party start?", "The party starts at 8 now."),
        ("The concert is at 8:15.", "What is the date of the concert?", None),
        ("he gave me a jar for my birthday on May 9", "When is my birthday?",
         "Your birthday is on May 9."),
        ("My phone number is 0612 443 210.", "What is my phone number?",
         "Your phone number is 0612 443 210."),
        ("My address is 12 Rose Lane.", "Where do I live?", "Your address is 12 Rose Lane."),
        ("I go to school at Brookfield.", "Which school do I go to?", "You go to school at Brookfield."),
        ("The boat's name is Curlew.", "What is the boat called?", "The boat's name is Curlew."),
        ("My school is Brookfield.", "What is my school?", "Your school is Brookfield."),
        ("I pay 35 euros for the gym.", "How much does the gym cost?", "You pay 35 euros for the gym."),
        ("I sell a jar of honey for 6 euros.", "How much is a jar of honey?",
         "You sell a jar of honey for 6 euros."),
        ("A tea costs 2 euros.", "How much is a tea?", "A tea costs 2 euros."),
        ("My girlfriend is Ana.", "Do I have a girlfriend?", "Yes, your girlfriend is Ana."),
        ("Sami and I split up in May.", "When did Sami and I split up?", None),
        ("The salon is at 9 Hill Road.", "Where is the salon?", "The salon is at 9 Hill Road."),
        # over
        ("I've gone off coffee.", "Do I like coffee?", "No, you have gone off coffee."),
        ("Ana and I got divorced.", "Am I still with Ana?", "No, Ana and you got divorced."),
        ("I stopped smoking in January.", "Do I smoke?", "No, you stopped smoking in January."),
        ("I gave up the cello.", "Do I still play the cello?", "No, you gave up the cello."),
        ("I don't drive any more.", "Do I still drive?", "No, you do not drive any more."),
        ("I like olives now.", "Do I like olives?", "Yes, you like olives now."),
        ("Sold my bike yesterday.", "Do I still have my bike?", "No, you sold your bike yesterday."),
        ("I gave my sister her book back.", "Do I still have my sister her book?", None),
        ("Bruno died on Saturday.", "What happened to Bruno?", "Bruno died on Saturday."),
        ("My phone died.", "Is my phone still alive?", None),
        ("I broke up with Tom.", "Am I still with Tom?", "No, you broke up with Tom."),
        ("My brother no longer smokes.", "Does my brother smoke?",
         "No, your brother does not smoke any more."),
        ("I split up with Tom in May.", "When do I split up?", None),
    ],
)  # fmt: skip
def test_what_is_asked_after_a_change(text: str, question: str, answer: str | None) -> None:
    assert dict(statements(text)).get(question) == answer
