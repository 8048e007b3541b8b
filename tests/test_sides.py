"""What a plain statement is asked for from sides that its own words do not show."""

import pytest

from agent.filters import SHORTER, group, varied
from agent.grammar.statements import statements


def asked(text: str) -> dict[str, str]:
    return dict(statements(text))


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        # who it is, from what is said of them
        ("Dad's going to pick me up from the station.", "Who will pick me up?",
         "Your dad is going to pick you up from the station."),
        ("Dad's going to pick me up from the station.", "Who is picking me up?",
         "Your dad is going to pick you up from the station."),
        ("My boss Helena is retiring in June.", "Who is retiring?",
         "Your boss Helena is retiring in June."),
        ("My mum is retiring.", "Who is retiring?", None),
        ("My wife hates cilantro and olives.", "Who hates olives?",
         "Your wife hates cilantro and olives."),
        ("Leah from work is taking over my shift.", "Who is taking over my shift?",
         "Leah is taking over your shift."),
        ("Leah from work is taking over my shift.", "Where is Leah taking?", None),
        ("My mum can't stand techno.", "Who can't stand techno?", "Your mum can not stand techno."),
        ("My mum doesn't smoke.", "Who doesn't smoke?", "Your mum does not smoke."),
        ("My mum can't find it.", "Who can't find it?", None),
        ("My flatmate Kenji is from Osaka.", "Who is from Osaka?",
         "Your flatmate Kenji is from Osaka."),
        ("Ravi from accounting lent me his drill.", "What did I borrow from Ravi?",
         "Ravi lent you his drill."),
        ("The boiler costs 940 euros.", "What costs 940 euros?", "The boiler costs 940 euros."),
        ("The boiler cost 940 euros.", "What cost 940 euros?", "The boiler cost 940 euros."),
        ("My niece got married in Sicily.", "Who got married in Sicily?",
         "Your niece got married in Sicily."),
        ("My parents moved to Portugal.", "Who lives in Portugal?", "Your parents moved to Portugal."),
        ("My dad is allergic to eggs.", "Who can't eat eggs?", "Your dad is allergic to eggs."),
        ("My dad is allergic to wool.", "Who can't eat wool?", None),
        # what there is at a moment
        ("My driving test is on 3 May.", "What happens on 3 May?", "Your driving test is on 3 May."),
        ("My driving test is on 3 May.", "What do I have in May?", "Your driving test is on 3 May."),
        ("My driving test was on 3 May.", "What is on 3 May?", None),
        ("My mum's birthday is on 9 May.", "Whose birthday is on 9 May?",
         "Your mum's birthday is on 9 May."),
        ("I've got the dentist on Thursday.", "What do I have on Thursday?",
         "You have the dentist on Thursday."),
        ("I've got the dentist today.", "What is today?", None),
        ("I'm flying to Lima next Friday (May 8, 2026).", "What are my plans for May 8?",
         "You are flying to Lima next Friday (May 8 2026)."),
        ("I'm flying to Lima next Friday.", "What are my plans for next Friday?", None),
        ("I'll ask him on Friday.", "What am I doing on Friday?", None),
        ("I flew to Lima on Friday.", "What am I doing on Friday?", None),
        ("I grow beans for the show in May.", "What am I doing in May?", None),
        ("I swim with Marta on Tuesdays.", "What do I do on Tuesdays?",
         "You swim with Marta on Tuesdays."),
        ("I swim every Tuesday.", "What do I do on Tuesdays?", "You swim every Tuesday."),
        ("I have choir practice every Monday.", "What do I do on Mondays?",
         "You have choir practice every Monday."),
        ("I hate Mondays.", "What do I do on Mondays?", None),
        ("I go on Sundays.", "What do I do on Sundays?", None),
        ("I teach yoga on Tuesday evenings.", "What do I do on Tuesday evenings?",
         "You teach yoga on Tuesday evenings."),
        ("I teach yoga on Tuesday evenings.", "What am I doing on Tuesday evenings?", None),
        # make, colour, material, age
        ("I bought a blue Bianchi bike.", "What make is my bike?", "You bought a blue Bianchi bike."),
        ("I bought a blue Bianchi bike.", "What colour is my bike?", "You bought a blue Bianchi bike."),
        ("I bought an Italian bike.", "What make is my bike?", None),
        ("I drive a red Skoda Fabia.", "What colour is my car?", "You drive a red Skoda Fabia."),
        ("I had a red bike.", "What colour is my bike?", None),
        ("My aunt drives a red Fiat.", "What colour is my aunt's car?", "Your aunt drives a red Fiat."),
        ("We got a used Yamaha piano.", "Is my piano new or second-hand?",
         "You got a used Yamaha piano."),
        ("I bought black leather boots.", "What are my boots made of?",
         "You bought black leather boots."),
        ("I bought a red cabbage.", "What colour is my cabbage?", None),
        ("I bought my mum a silk scarf.", "What is my scarf made of?", None),
        ("My girlfriend gave me a silk scarf.", "What is my scarf made of?",
         "Your girlfriend gave you a silk scarf."),
        ("My girlfriend gave me 40 tea bags.", "Do I have any bags?", None),
        ("My girlfriend gave my mum a silk scarf.", "Do I have a scarf?", None),
        # why, what for, how
        ("I moved to Leeds to study law.", "Why did I move to Leeds?", "You moved to Leeds to study law."),
        ("I wrote a letter to club.", "Why did I write the letter?", None),
        ("I have no time to study law.", "Why do I have no time?", None),
        ("I got an offer to study law.", "Why did I get the offer?", None),
        ("I learn Greek so I can talk to Eleni.", "Why do I learn Greek?",
         "You learn Greek so you can talk to Eleni."),
        ("I travel a lot so I can't have a dog.", "Why do I travel a lot?", None),
        ("I quit my job at the bank because I was ill.", "Why did I quit my job?",
         "You quit your job at the bank because you were ill."),
        ("I gave up sugar because my dentist told me to.", "Why did I give up sugar?",
         "You gave up sugar because your dentist told you to."),
        ("My dentist told me to.", "Who told me to?", None),
        ("I take metformin for my diabetes.", "Why do I take metformin?",
         "You take metformin for your diabetes."),
        ("I bake bread for ten euros.", "Why do I bake bread?", None),
        ("I go to work by tram.", "How do I get to work?", "You go to work by tram."),
        ("I go to work at Bosch.", "How do I get to work?", None),
        ("I play squash with the lads.", "Who do I play squash with?", "You play squash with the lads."),
        # the same in other words
        ("I've been married to Kofi for years.", "Who is my spouse?",
         "You have been married to Kofi for years."),
        ("I can't stand coriander.", "Do I like coriander?", "No, you can not stand coriander."),
        ("I hate being alone.", "Do I like being?", None),
        ("My wife works at Bosch as an engineer.", "What is my wife's job?",
         "Your wife works at Bosch as an engineer."),
        ("I owe Simon 200 quid.", "Who do I owe money to?", "You owe Simon 200 quid."),
        ("My car won't start.", "What is wrong with my car?", "Your car will not start."),
        ("I bought a coat in Lyon.", "Where did I get my coat?", "You bought a coat in Lyon."),
        ("I got the lead in the play.", "Where did I get my lead?", None),
        ("My dog is scared of thunder.", "What is my dog afraid of?", "Your dog is scared of thunder."),
        # yes or no
        ("My brother Duarte works in Porto.", "Do I have a brother?", "Yes, your brother is Duarte."),
        ("My brother Duarte works in Porto.", "Do I have any siblings?", "Yes, your brother is Duarte."),
        ("My son loves chess.", "Do I have any children?", "Yes, your son loves chess."),
        ("My son's teacher loves chess.", "Do I have any children?", None),
        ("My wife works at Bosch.", "Am I married?", "Yes, your wife works at Bosch."),
        ("My late wife Ada worked at Bosch.", "Am I married?", None),
        ("My wife was a nurse.", "Am I married?", None),
        ("My hamster Bo died.", "Do I have a hamster?", None),
        ("My husband cooks.", "Does my husband cook?", "Yes, your husband cooks."),
        ("I've got two cats.", "Do I have any pets?", "Yes, you have two cats."),
        ("We've been to Japan twice.", "Have I been to Japan?", "Yes, you have been to Japan twice."),
        ("We've been to Japan twice.", "How often have I been to Japan?",
         "You have been to Japan twice."),
        ("I live with my gran.", "Do I live alone?", "No, you live with your gran."),
        ("Ana plays the oboe.", "Does Ana play an instrument?", "Yes, Ana plays the oboe."),
        ("My pal Ana plays the oboe.", "Does Ana play an instrument?",
         "Yes, your pal Ana plays the oboe."),
    ],
)  # fmt: skip
def test_what_a_statement_answers(text: str, question: str, answer: str | None) -> None:
    assert asked(text).get(question) == answer


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Kiwis make my throat close up.", "What am I allergic to?", "Kiwis make your throat close up."),
        ("Kiwis make my throat close up.", "Can I eat kiwis?", "No, kiwis make your throat close up."),
        ("I can't eat shrimp, it gives me a rash.", "What gives me a rash?", "Shrimp gives you a rash."),
        ("My dad can't eat nuts, they make him ill.", "What makes my dad ill?", "Nuts make your dad ill."),
        ("My dad can't eat nuts, they make me laugh.", "What should I avoid eating?", None),
        ("i get migraines from chocolate", "What should I avoid eating?",
         "You get migraines from chocolate."),
        ("My son gets hives from eggs.", "What is my son allergic to?", "Your son gets hives from eggs."),
        ("Coffee makes me jittery.", "What happens when I drink coffee?", "Coffee makes you jittery."),
        ("Coffee makes me jittery.", "What am I allergic to?", None),
        ("Dust makes me sneeze.", "What am I allergic to?", "Dust makes you sneeze."),
        ("Dust makes me sneeze.", "What should I avoid eating?", None),
        ("My boss makes me sick.", "What should I avoid?", None),
    ],
)  # fmt: skip
def test_what_does_somebody_no_good(text: str, question: str, answer: str | None) -> None:
    assert asked(text).get(question) == answer


def test_an_answer_with_yes_is_of_the_same_fact() -> None:
    said, other = "Your son loves chess.", "Your cat sleeps."
    pairs = [("What does my son love?", said), ("Do I have a son?", f"Yes, {said.lower()}"),
             ("What does my cat do?", other)]  # fmt: skip
    assert group(pairs) == [pairs[:2], pairs[2:]]


def test_of_two_questions_alike_the_shorter_is_kept() -> None:
    first = ("Where is my cello?", "x")
    short = ("Who plays the oboe?", "x")
    long = ("Who plays the oboe in an amateur orchestra?", "x")
    assert varied([first, long, short], 2) == [first, short]
    assert SHORTER * 4 < 0.5  # what two questions have in common counts more


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Ana is a nurse.", "What does Ana do?"),
        ("My pal Ana drives a lorry for a living.", "What does Ana do?"),
        ("I quit my job at the bank.", "Where did I use to work?"),
        ("Ana studies law in Graz.", "Who studies in Graz?"),
        # food, likes
        ("I'm allergic to hazelnuts.", "Which food should I avoid?"),
        ("I'm allergic to latex.", "Do I have any allergies?"),
        ("I can't eat shrimp.", "What should I avoid eating?"),
        ("My gran doesn't eat pork.", "What should I not cook for my gran?"),
        ("I hate olives.", "Which food do I dislike?"),
        ("I hate flying.", "Do I like flying?"),
        ("My son loves dinosaurs.", "What is my son into?"),
        ("My favourite book is Emma.", "Which book do I like best?"),
        ("I'm a vegan.", "Am I vegan?"),
        ("I'm a vegan.", "What is my diet?"),
        ("I eat fish sometimes.", "Do I eat fish?"),
        ("I smoke twenty a day.", "Do I smoke?"),
        # family, birthdays, places
        ("I've been married to Kofi for ten years.", "How long have I been married?"),
        ("My niece got married in May.", "Is my niece married?"),
        ("My niece got married in May.", "Who got married?"),
        ("My mum turns 60 in October.", "Who has a birthday in October?"),
        ("My nan's 90th birthday is on 17 July.", "When is my nan's birthday?"),
        ("My nan's 90th birthday is on 17 July.", "How old will my nan be?"),
        ("My 40th birthday is on 17 July.", "How old will I be?"),
        ("I was born on 9 March 1991.", "Which year was I born in?"),
        ("I moved to Leeds from Cardiff.", "Where did I live before?"),
        ("I moved to Leeds two years ago.", "How long have I lived in Leeds?"),
        ("We're expecting our second baby.", "Am I expecting a baby?"),
        ("I've got two kids.", "Do I have any children?"),
        ("I live alone.", "Do I live alone?"),
        ("My best mate Al lives in Bruges.", "Who is my best friend?"),
        ("My daughter wants to be a vet.", "Who wants to be a vet?"),
        # ways, sport, music
        ("I go to work by tram.", "How do I commute?"),
        ("I commute by bike.", "How do I get to work?"),
        ("I take the 7:14 train to Reading.", "Which train do I take?"),
        ("I drive a Fiat.", "Do I have a car?"),
        ("I drive a Fiat.", "Do I drive?"),
        ("I go swimming with Al.", "Which sport do I do?"),
        ("I run every morning.", "When do I go running?"),
        ("I play badminton.", "Do I do any sport?"),
        ("I run marathons.", "Which sport do I do?"),
        ("I speak Tagalog with my gran.", "Do I speak Tagalog?"),
        ("My band plays a gig at the Lantern in June.", "Where is the gig?"),
        ("My band plays a gig at the Lantern in June.", "When is the gig?"),
        ("My band plays a gig at the Lantern in June.", "Where do I perform?"),
        ("My band plays a gig at the Lantern in June.", "When do I perform?"),
        ("My band plays a gig at the Lantern in June.", "Am I in a band?"),
        ("I play the tuba in the town band.", "Am I in a band?"),
        # things and money
        ("I bought a coat last May.", "When did I get my coat?"),
        ("I bought a sledge for the kids.", "Who was the sledge for?"),
        ("I'm making a quilt for the fair.", "What is the quilt for?"),
        ("I'm making a quilt.", "What am I making?"),
        ("My dress is from Oxfam.", "Where did I get my dress?"),
        ("Aunt Grace gave me the kettle.", "What did Grace give me?"),
        ("Aunt Grace gave me the kettle.", "Who was the kettle from?"),
        ("Granny left me her sewing machine.", "Who is my sewing machine from?"),
        ("The new boiler costs 940 euros.", "How much is the boiler?"),
        ("I paid 65 dollars for a haircut.", "How much was my haircut?"),
        ("The bill came to 312 pounds.", "How much was the bill?"),
        ("I pay 45 quid a month for my gym.", "What costs me 45 quid a month?"),
        ("My rent is 820 euros.", "What do I pay in rent?"),
        ("Al owes me 20 euros.", "Does anyone owe me money?"),
        ("I spilled coffee on my laptop.", "What happened to my laptop?"),
        ("Our boiler packed in.", "What is wrong with my boiler?"),
        ("My phone is a Pixel 8.", "What make is my phone?"),
        ("I left my umbrella at the pub.", "Where is my umbrella?"),
        ("I left my keys at the pub.", "Where are my keys?"),
        ("I keep my passport in the desk.", "Where is my passport?"),
        ("My parents' anniversary is on 4 June.", "Whose anniversary is on 4 June?"),
        ("I'm reading a book about bees.", "What is my book about?"),
        ("I'm saving up for a kayak.", "Why am I saving money?"),
        ("I save for a kayak.", "Why do I save money?"),
        ("I collect stamps.", "Do I collect anything?"),
        ("I got an offer from Bath.", "Who made me an offer?"),
        ("I do my weekly shop at Lidl.", "Where do I shop?"),
        # health, appointments, school
        ("I was in hospital with pneumonia.", "Why was I in hospital?"),
        ("I'm allergic to penicillin.", "Am I allergic to any medicine?"),
        ("Penicillin brings me out in a rash.", "What am I allergic to?"),
        ("I want to learn to surf.", "What do I want to learn?"),
        ("I broke my wrist skiing.", "How did I break my wrist?"),
        ("My left ear is deaf.", "Which ear is bad?"),
        ("My dad had a stroke.", "What happened to my dad?"),
        ("I take metformin for my diabetes.", "Which illness do I have?"),
        ("I take metformin.", "Do I take any medicine?"),
        ("I've got the dentist on Monday at 10.", "When is my dentist appointment?"),
        ("I've got the dentist on Monday at 10.", "What time is my dentist appointment?"),
        ("I'm seeing the physio on Monday.", "When is my physio appointment?"),
        ("I have an appointment with Dr Lind on Monday.", "When do I see Dr Lind?"),
        ("I have an appointment with Dr Lind on Monday.", "When do I see the doctor?"),
        ("I have an appointment with Dr Lind about my knee.", "What is my appointment about?"),
        ("I have an appointment with Dr Lind about my knee.", "Why do I see Dr Lind?"),
        ("My driving test is on 3 May.", "When do I take my driving test?"),
        ("I take my driving test in June.", "When is my driving test?"),
        ("Theo started school at St Luke's.", "Which school does Theo go to?"),
        ("Theo started school at St Luke's.", "Who goes to St Luke's?"),
    ],
)  # fmt: skip
def test_what_is_asked_with_another_verb_or_noun(text: str, question: str) -> None:
    assert question in asked(text)
