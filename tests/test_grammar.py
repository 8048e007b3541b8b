"""Plain statements become questions and answers: by hand, sentence by sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.grammar.angles import read_angles
from agent.grammar.clauses import clauses
from agent.grammar.jobs import is_job, read_jobs
from agent.grammar.kin import kin_of, read_kin
from agent.grammar.opening import opened
from agent.grammar.parts import parts_of, time_at
from agent.grammar.statements import statements
from agent.grammar.terse import spoken_out
from agent.grammar.turning import ANSWER_WORDS, as_one, first_person
from agent.grammar.words import has_form, lemma_of, tokens_of

DUARTE = "My brother Duarte works as a nurse in Porto."


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (DUARTE, "What is my brother called?", "Your brother is called Duarte."),
        (DUARTE, "Who is Duarte?", "Duarte is your brother."),
        (DUARTE, "Where does my brother work?", "Your brother Duarte works in Porto."),
        (DUARTE, "What does Duarte work as?", "Your brother Duarte works as a nurse."),
        ("I moved to Ghent last month.", "Where did I move?", "You moved to Ghent."),
        ("I moved to Ghent last month.", "When did I move?", "You moved last month."),
        ("I'm a carpenter.", "What do I do for a living?", "You are a carpenter."),
        ("i dont drive", "Do I drive?", "No, you do not drive."),
        ("I never eat meat.", "What do I not eat?", "You never eat meat."),
        ("Im allergic to walnuts.", "What am I allergic to?", "You are allergic to walnuts."),
        ("I'm afraid of heights.", "What am I afraid of?", "You are afraid of heights."),
        ("My rent is 640 euros.", "How much is my rent?", "Your rent is 640 euros."),
        ("Our daughter Olive, 11, swims.", "How old is Olive?", "Olive is 11."),
        ("I am 58 years old.", "How old am I?", "You are 58 years old."),
        ("On Friday I fly to Oslo.", "When do I fly?", "You fly on Friday."),
        ("Next week, my sister moves.", "When does my sister move?", "Your sister moves next week."),
        ("I mend harps for a living.", "What is my job?", "You mend harps for a living."),
        ("I keep 12 hives.", "How many hives do I keep?", "You keep 12 hives."),
        ("Bought a canoe from Nelson.", "Who did I buy the canoe from?",
         "You bought a canoe from Nelson."),
        ("We have a dog called Rex.", "What is my dog called?", "Your dog is called Rex."),
        ("I work at a bakery, Zum Ofen.", "What is the bakery called?",
         "The bakery is called Zum Ofen."),
        ("My sister Ana, who lives in Faro, paints.", "Where does my sister live?",
         "Your sister Ana lives in Faro."),
        ("Ines is my boss.", "Who is Ines?", "Ines is your boss."),
        ("I fly to Oslo with Mina on Friday.", "Who do I fly with?", "You fly with Mina."),
        ("I want to buy a harp.", "What do I want to buy?", "You want to buy a harp."),
        ("My friends Ana and Liv sing.", "What are my friends called?",
         "Your friends are called Ana and Liv."),
        ("I moved because I hated the noise.", "Why did I move?",
         "You moved because you hated the noise."),
    ],
)  # fmt: skip
def test_a_statement_answers_a_question(text: str, question: str, answer: str) -> None:
    assert dict(statements(text)).get(question) == answer


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        # from another side, by the table
        ("Your avó Lurdes turns 81 on the 3rd of February.", "When is my avó's birthday?"),
        ("Your sister Leyla is a nurse.", "Which profession does Leyla have?"),
        ("You are allergic to walnuts.", "What can't I eat?"),
        ("Pudim is your cat.", "What is my cat called?"),
        ("Dorka is our youngest daughter.", "What is our youngest daughter called?"),
        ("You drive bus 42 in Cardiff.", "What do I do for a living?"),
        ("You sing alto in the church choir.", "Which voice do I sing?"),
        ("You are in charge of the cake.", "What am I responsible for?"),
        ("Your landlord is raising the rent to 940.", "How much is my rent going to be?"),
        ("Your dentist is this Thursday at half nine.", "What time is my dentist appointment?"),
        ("Your dentist is this Thursday at half nine.", "When do I have to be at the dentist?"),
        ("You moved to Ghent in May.", "Where do I live now?"),
        ("You bought a lamp for 40 euros.", "What did the lamp cost?"),
        ("There are 6 hives in the garden.", "How many hives are there in the garden?"),
        ("You take the number 14 bus to work.", "How do I get to work?"),
        # by the kind of thing
        ("Your brother Jonas plays the trombone.", "Which instrument does Jonas play?"),
        ("You start at 6:30.", "What time do I start?"),
        ("The fair is on May 3.", "What date is the fair?"),
        ("You fly in March.", "Which month do I fly?"),
        ("You left in 2019.", "Which year did I leave?"),
        ("You have to decide by Friday.", "By when do I have to decide?"),
        ("Pete stays until August.", "Until when does Pete stay?"),
        # more kinds of subjects
        ("The man at the station wants 95 euros.", "How much does the man at the station want?"),
        ("Your appointment with Dr. Halabi is on Monday.", "When is my appointment with Dr Halabi?"),
        ("25 guests come to the meal.", "How many guests come to the meal?"),
        ("Cold drinks make you sick.", "What makes me sick?"),
        ("Your parents live in Faro.", "Where do my parents live?"),
        ("A roll is 30 cents.", "How much is a roll?"),
        ("Hazel is your niece.", "Who is my niece?"),
        ("Mr Lomax's funeral is on Monday.", "When is Mr Lomax's funeral?"),
        ("Your girlfriend Nora and you are getting married on Monday.", "When is our wedding?"),
        # more that follows a verb
        ("Pan Leszek teaches you the accordion.", "What does Pan Leszek teach me?"),
        ("You promised your daughter a sledge.", "What did I promise my daughter?"),
        ("Mirembe keeps bringing you buns.", "Who keeps bringing me buns?"),
        ("Your friend Abena is bringing the cake.", "Who is bringing the cake?"),
        ("You like cats and stars.", "What do I like?"),
        ("You live above a cheese shop.", "Where do I live?"),
        ("Jerzy is the plumber.", "Who is the plumber?"),
        ("You are the treasurer.", "What is my role?"),
        ("You have two cats, Pim and Pom.", "What are my cats called?"),
        ("You have three kids, Ana, Bo and Cy.", "What are my kids called?"),
        ("Tihomir is on honeymoon in Kotor.", "Where is Tihomir?"),
        ("You have been a baker for six years.", "How long have I been a baker?"),
        ("You need to hand in your thesis by June 30.", "What do I need to hand in?"),
        ("Your mum's party is on the 12th of May.", "When is my mum's party?"),
        ("You swim at 6 am.", "When do I swim?"),
        ("You are married to Ida.", "Who am I married to?"),
        ("The lessons start at nine.", "When do the lessons begin?"),
        ("You promised Pernille the hat for Monday.", "When did I promise Pernille the hat?"),
    ],
)  # fmt: skip
def test_a_statement_to_the_user_answers(statement: str, question: str) -> None:
    assert question in dict(statements(first_person(statement)))


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("You are in charge of the cake.", "Where am I?"),
        ("You are in a hurry.", "Where am I?"),
        ("You are in a wheelchair.", "Where am I?"),
        ("You are a night watchman.", "When am I?"),
        ("You took the night bus.", "When did I take?"),
        ("You study best after ten.", "What do I study?"),
        ("Your lodger Thorvald is tall.", "What is my lodger?"),
        ("Your grandson Piotrek is seven.", "What is my grandson?"),
        ("Pam's room is 14.", "How old is Pam's room?"),
        ("You saw Glass Orchard.", "Who did I see?"),
        ("Your date with Solveig was on Monday.", "When was Solveig?"),
        ("Your slides are on warehouse losses.", "Where are my slides?"),
        ("You live on the fourth floor.", "When do I live?"),
        ("Mateus is a terrible driver.", "What does Mateus do for a living?"),
        ("You got a fine of 60 euros.", "How much did I get?"),
        ("Your boat is called Lütte.", "Who is Lütte?"),
        ("You and Sara met at school.", "Where did Sara meet?"),
        ("Naxos is your first holiday.", "Who is my first holiday?"),
        ("Doctor Lund treated you.", "Who is my doctor?"),
        ("Stavros never makes gifts.", "Do Stavros make gifts?"),
        ("You are an accountant, like Pim.", "What do I like?"),
        ("Your twins Iveta and Roman are six.", "How old is Roman?"),
        ("Ida is the doctor you see about the ear.", "What do I see about?"),
        ("You asked Ida about the weekend.", "When did I ask Ida?"),
        ("Your mother is building a second floor.", "What is my mother's job?"),
        ("You turned 30.", "How old will I be?"),
        ("You are married to Ida.", "Who is I married to?"),
        ("You chose tiny lessons on the phone.", "Where did I choose tiny lessons?"),
        ("Mirei reads in Japanese.", "Where does Mirei read?"),
        ("Your book is due back on Monday.", "What is my book?"),
        ("You go each Saturday.", "When do I go each?"),
        ("Tom is your sister Ida's cat.", "What is my sister called?"),
        ("You have been allergic to nuts since you were born.", "What am I allergic to?"),
        ("You can spend 80 euros on the dress.", "Where can I spend 80 euros?"),
        ("You hate being alone on Sundays.", "When do I hate being?"),
        ("You have been made manager at the bank.", "What have I been made at the bank?"),
        ("The prize is a ham which you can not eat.", "Can I eat?"),
        ("Mum says Pumuckl is turning 4 on Monday.", "When is mum says Pumuckl turning 4?"),
        ("You watch films before 1960.", "Which year do I watch films?"),
        ("Ana smelled of rum and Ben fell in May.", "When did Ana smell?"),
        ("You babysit on the weekend of May 9.", "Where do I babysit?"),
    ],
)
def test_a_wrong_question_is_not_asked(statement: str, wrong: str) -> None:
    assert wrong not in dict(statements(first_person(statement)))


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        # a trade by its verb, and where it is done
        ("I tune pianos in Izmir.", "What do I do for a living?", "You tune pianos in Izmir."),
        ("I tune pianos in Izmir.", "Where do I work?", "You tune pianos in Izmir."),
        ("i clean offices at night", "What is my job?", "You clean offices at night."),
        ("My dad fixes bikes.", "What does my dad do for a living?", "Your dad fixes bikes."),
        ("I teach maths at a school.", "What kind of work do I do?", "You teach maths at a school."),
        ("I'm a mechanic at Bosch.", "Who do I work for?", "You are a mechanic at Bosch."),
        ("I drive a tram in Graz.", "Where do I work?", "You drive a tram in Graz."),
        # one that is over
        ("I'm a retired teacher.", "What did I do before I retired?", "You are a retired teacher."),
        ("I used to be a welder.", "What was my profession?", "You used to be a welder."),
        ("I was a nurse for years.", "What was my profession?", "You were a nurse for years."),
        ("Retired in 2019.", "When did I retire?", "You retired in 2019."),
        # pets
        ("My rabbit is called Biscuit.", "Which pet do I have?", "Biscuit is your rabbit."),
        ("Pudim is my cat.", "What kind of animal is Pudim?", "Pudim is your cat."),
        ("my budgie Kiwi talks", "What is my budgie called?", "Your budgie is called Kiwi."),
        ("We have a dog called Rex.", "What pet do we have?", "Rex is your dog."),
        ("We have a dog called Rex.", "What pet do I have?", "Rex is your dog."),
        ("We have two cats, Pim and Pom.", "Which pets do we have?", "Your cats are called Pim and Pom."),
        ("My sister has a dog called Rex.", "What is my sister's dog called?",
         "Your sister's dog is called Rex."),
        # a place that was named before
        ("A trip to Lahore is next, my mum lives there.", "Where does my mum live?", None),
        ("We save for a trip to Lahore, my mum lives there.", "Where does my mum live?",
         "Your mum lives in Lahore."),
        ("I moved to Ghent and I work there.", "Where do I work?", "You work in Ghent."),
        ("I'm from Cork, my dad still lives there.", "Where does my dad live?",
         "Your dad lives in Cork."),
        ("We live in Lille and my aunt lives here too.", "Where does my aunt live?",
         "Your aunt lives in Lille too."),
        ("I wrote to Ana, my mum lives there.", "Where does my mum live?", None),
        ("My son flew to Oslo, I work here.", "Where do I work?", None),
        # journeys and appointments
        ("We're saving for a trip to Lahore in August.", "When is the trip?",
         "You are saving for a trip to Lahore in August."),
        ("We're saving for a trip to Lahore in August.", "When do I travel to Lahore?",
         "You are saving for a trip to Lahore in August."),
        ("I have a flight to Oslo on Friday.", "When is my flight to Oslo?",
         "You have a flight to Oslo on Friday."),
        ("We fly to Rome in May.", "When do we go to Rome?", "You fly to Rome in May."),
        ("The dentist is on Tuesday at three.", "What time is my dentist appointment?",
         "The dentist is on Tuesday at three."),
        ("holiday in Crete booked for september", "When is my holiday?",
         "Your holiday in Crete is booked for September."),
        ("I look forward to our trip to Malta in June.", "When is the trip?", None),
        ("I'm looking forward to our trip to Malta in June with Jo.", "When is my trip to Malta?",
         "You are looking forward to your trip to Malta in June with Jo."),
        ("concert in Leeds on 12 october", "Where is the concert?",
         "The concert in Leeds is on 12 October."),
        ("flight to Dakar on 3 June at 6:45", "What time is my flight?",
         "Your flight to Dakar is on 3 June at 6:45."),
        ("we rent a flat in Leith for 900 a month", "How much is my rent?",
         "You rent a flat in Leith for 900 a month."),
        ("favourite meal is grilled sardines", "What is my favourite meal?",
         "Your favourite meal is grilled sardines."),
        ("My boiler broke on Sunday, 600 euros to replace", "How much does the replacement cost?",
         "The replacement costs 600 euros."),
        ("my gf Lena paints", "What is my girlfriend called?", "Your girlfriend is called Lena."),
        ("We had a baby called Ayla.", "Who is our baby?", "Your baby is Ayla."),
        ("I fly in June with Ana.", "Who do I fly with?", "You fly with Ana."),
        ("I'm nervous about my exam on Friday.", "When is my exam?",
         "You are nervous about your exam on Friday."),
        # in commas behind it
        ("my car, the old Corsa, failed its MOT", "Which car do I have?", "Your car is an old Corsa."),
        ("my car, the old Corsa, failed its MOT", "What did my car fail?", "Your car failed its MOT."),
        ("My sister, a nurse, sings.", "What is my sister's job?", "Your sister is a nurse."),
        ("My dog, a beagle, barks.", "What breed is my dog?", "Your dog is a beagle."),
        # making
        ("I make a mean sourdough.", "What do I make?", "You make a mean sourdough."),
        ("I bake rye bread on Sundays.", "What do I like to bake?",
         "You bake rye bread on Sundays."),
        ("My nan knits socks.", "What does my nan like to knit?", "Your nan knits socks."),
        ("I brew beer in the garage.", "What do I brew?", "You brew beer in the garage."),
        # whose somebody is
        ("my sister Derya sings and her daughter Mina turns six on 4 May", "What is my niece called?",
         "Your sister's daughter is called Mina."),
        ("my sister Derya sings and her daughter Mina turns six on 4 May", "Who is Mina?",
         "Mina is your sister Derya's daughter."),
        ("my sister Derya sings and her daughter Mina turns six on 4 May",
         "When does my niece have a birthday?",
         "Your sister Derya's daughter Mina turns six on 4 May."),
        ("My brother has a son called Leo.", "Who is my nephew?", "Your brother's son is called Leo."),
        ("My mother's mother was a baker.", "What was my grandmother's job?",
         "Your mother's mother was a baker."),
        ("My aunt came with her son Tim, he is nine.", "How old is my cousin?",
         "Your aunt's son Tim is nine."),
        ("I have a sister, she sings alto.", "Which voice does my sister sing?",
         "Your sister sings alto."),
        ("I have a sister in Toronto.", "Where does my sister live?", "You have a sister in Toronto."),
        # what it is, not what is done to it
        ("My favourite dish is stuffed peppers.", "What is my favourite dish?",
         "Your favourite dish is stuffed peppers."),
        ("My hobby is baking cakes.", "What is my hobby?", "Your hobby is baking cakes."),
        # several, and one of them
        ("We live in Brno.", "Where do I live?", "You live in Brno."),
        ("We pay 410 each for rent.", "How much do I pay for rent?", "You pay 410 each for rent."),
        ("We are moving to Lille.", "Where am I moving?", "You are moving to Lille."),
        # with words left out
        ("been scared of dogs since I was 7", "What am I scared of?",
         "You have been scared of dogs since the age of 7."),
        ("Been a vegan for ten years.", "How long have I been a vegan?",
         "You have been a vegan for ten years."),
        ("moving to Lille in may", "Which month am I moving?", "You are moving in May."),
        ("broke my wrist on Monday", "When did I break my wrist?", "You broke your wrist on Monday."),
        ("dentist this thursday at half nine", "When is my dentist appointment?",
         "Your dentist appointment is this Thursday at half nine."),
        ("Exam on Friday.", "When is my exam?", "Your exam is on Friday."),
        ("wedding is on 14 june in Oaxaca", "Where is the wedding?",
         "The wedding is on 14 June in Oaxaca."),
        ("My car broke down. 380 quid to fix", "How much does the repair cost?",
         "The repair costs 380 quid."),
        ("allergic to cats", "What am I allergic to?", "You are allergic to cats."),
        ("dont eat pork", "What do I not eat?", "You do not eat pork."),
        ("Hate coriander.", "What do I hate?", "You hate coriander."),
        ("born in Lagos", "Where was I born?", "You were born in Lagos."),
        # with more or fewer words
        ("My aunt fears dogs at night.", "Who fears dogs?", "Your aunt fears dogs at night."),
        ("I swim every Tuesday.", "When do I swim?", "You swim every Tuesday."),
        ("I worked as a cook for a year.", "How long did I work as a cook?",
         "You worked as a cook for a year."),
        ("I owe my cousin 200 pounds.", "How much do I owe my cousin?",
         "You owe your cousin 200 pounds."),
        ("My boss Henrike sings.", "What is my boss called?", "Your boss is called Henrike."),
        ("I wear braces since last winter.", "Since when do I wear braces?",
         "You wear braces since last winter."),
        ("My nan lives with us.", "Who lives with me?", "Your nan lives with you."),
    ],
)  # fmt: skip
def test_what_a_person_would_ask_later(text: str, question: str, answer: str | None) -> None:
    assert dict(statements(text)).get(question) == answer


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        # no trade
        ("I repair clocks in my spare time.", "What do I do for a living?"),
        ("I sold vegetables at the market.", "What did I do for a living?"),
        ("I clean my room on Sundays.", "What do I do for a living?"),
        ("I teach my son chess.", "What is my job?"),
        ("I sell my bike.", "What is my job?"),
        ("I sell myself short.", "What is my job?"),
        ("My wife cuts my hair.", "What does my wife do for a living?"),
        ("I build model ships.", "What is my job?"),
        ("My grandson sells lemonade.", "What is my grandson's job?"),
        ("I clean dishes in the kitchen.", "Where do I work?"),
        ("I'm a foreigner.", "What do I do for a living?"),
        ("I was a student in Leeds.", "Where did I work?"),
        ("I have worked as a cook for years.", "What was my profession?"),
        # nobody's, or somebody else's
        ("My sister has a dog called Rex.", "What is my dog called?"),
        ("My sister Ana has a daughter called Mina.", "What is my daughter called?"),
        ("My mum is marrying a dentist called Paul.", "Who is my dentist?"),
        ("I met a dog called Rex.", "Which pet do I have?"),
        ("My brother keeps a parrot named Coco.", "Which pet do I have?"),
        ("my friend Mei has two cats, Yin and Yang", "Which pets do I have?"),
        ("She has a son called Leo.", "What is my son called?"),
        ("My brother came with his wife Ida, she is from Lyon.", "Who gave me my brother's wife?"),
        ("I moved to Lille, my dad works there.", "Who is Lille?"),
        # another's time and place
        ("We're saving for a trip to Lahore in August.", "When are we saving?"),
        ("We plan a trip to Kyoto next spring.", "What do we plan to Kyoto?"),
        ("I have a sister in Toronto.", "Where do I have the sister?"),
        ("My flight to Oslo was cancelled on Friday.", "When is my flight?"),
        ("My dentist appointment was moved on Friday.", "When is my dentist appointment?"),
        (
            "I'm looking forward to our trip to Malta in June.",
            "When am I looking forward to our trip to Malta?",
        ),
        ("We had a cat called Luna.", "Which pet do we have?"),
        ("my dad and his wife Rosa have a farm", "Who have a farm?"),
        ("my dad and his wife Rosa have a farm", "What is my wife called?"),
        ("I teach my kids Polish at home.", "Who do I teach?"),
        # in commas
        ("I love my dog, a good book, and tea.", "What is my dog?"),
        ("My car, the old Corsa, failed.", "What is my car called?"),
        # no thing is made
        ("I make a lot of mistakes.", "What do I make?"),
        ("I make dinner.", "What do I like to make?"),
        # what it is
        ("My favourite dish is stuffed peppers.", "What is my favourite dish stuffed?"),
        ("My hobby is baking cakes.", "What is my hobby baking?"),
        ("I am called Pim.", "What is Pim?"),
        # orders, questions, nouns
        ("Have a nice day.", "What do I have?"),
        ("Going to the gym helps me.", "Where am I going?"),
        ("interview at the bank on Monday went badly", "When is my interview?"),
        ("Flight at 6.", "What is the date of my flight?"),
        ("Love from Ana.", "What do I love?"),
        ("I broke the lamp.", "Which injury did I have?"),
        ("Dentist on Tuesday?", "When is my dentist appointment?"),
        ("My boss Jan sings.", "Who is January?"),
        ("My flatmate works nights at the zoo.", "What does my flatmate work at the zoo?"),
        ("I want to become a vet.", "Who do I want to become?"),
    ],
)
def test_what_nobody_may_be_told(text: str, wrong: str) -> None:
    assert wrong not in dict(statements(text))


def test_terse_talk_in_full() -> None:
    def full(text: str) -> str:
        return " ".join(spoken_out(tokens_of(text)))

    assert full("Love my job. been ill for a week") == "I love my job . I have been ill for a week"
    assert full("car failed, 90 euros to mend") == "car failed . the repair costs 90 euros"
    assert full("my flight to Oslo on Friday") == "my flight to Oslo is on Friday"
    assert full("Had a baby. Found a flat") == "I had a baby . I found a flat"
    for left in ("Tell me more.", "Been there?", "Moving house is hard.", "Put the kettle on.",
                 "Dont worry.", "Test results are good.", "Ana loves tea.", "Love you."):  # fmt: skip
        assert full(left) == " ".join(tokens_of(left))


def test_the_tables_of_kin_and_angles() -> None:
    assert read_kin("# c\naunt: mother's sister, father's sister") == {
        ("mother", "sister"): "aunt",
        ("father", "sister"): "aunt",
    }
    assert kin_of("mum", "sister") == "aunt" and kin_of("boss", "sister") == ""
    rules = read_angles("let @x: a\nlet @x: b\nme: @x c\n    Where?")
    assert rules[0][1].match("b c") and not rules[0][1].match("c")
    rules = read_angles("me: a\nother: b\n    What?\n    Who?\nany: c\n    When?")
    assert [(who, asked) for who, _, asked in rules] == [
        ("me", ["What?", "Who?"]),
        ("other", ["What?", "Who?"]),
        ("any", ["When?"]),
    ]


def test_days_and_months_are_names() -> None:
    assert tokens_of("in may i may go on friday") == ("in", "May", "I", "may", "go", "on", "Friday")


def test_one_of_several_asks() -> None:
    assert as_one("Where are we flying with our son?") == "Where am I flying with my son?"
    assert as_one("Who saw us?") == "Who saw me?"


@pytest.mark.parametrize(
    ("text", "pronoun_answer"),
    [
        ("My aunt Odile bakes. She lives in Ghent.", "Your aunt Odile lives in Ghent."),
        ("My brother came with his girlfriend Ida, shes from Lyon.",
         "Your brother's girlfriend Ida is from Lyon."),
        ("My aunt met my uncle. He lives in Ghent.", "Your uncle lives in Ghent."),
        ("The sofa is new. It costs 300 euros.", "The sofa costs 300 euros."),
    ],
)  # fmt: skip
def test_pronouns_mean_who_was_spoken_of(text: str, pronoun_answer: str) -> None:
    assert pronoun_answer in [answer for _, answer in statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How are you?",
        "Where do I work?",
        "If I lived in Rome, imagine!",
        "He lives in Rome.",  # who?
        "Thanks, that helps!",
        "When I was 19 it rained.",
        "I told you.",
    ],
)
def test_what_states_nothing_plainly_is_passed_over(text: str) -> None:
    assert statements(text) == []


def test_names_in_lower_case_are_read_where_nothing_is_capitalised() -> None:
    assert ("What is my cat called?", "Your cat is called Pudim.") in statements(
        "my cat pudim sits"
    )
    assert not any(
        "Tattoo" in answer for _, answer in statements("My bird tattoo itches, Ana says")
    )


def test_one_question_has_one_answer() -> None:
    found = statements("I live in Ghent. I live in Bruges.")
    assert [answer for question, answer in found if question == "Where do I live?"] == [
        "You live in Ghent."
    ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("on the third of May", 5),
        ("next Saturday (March 8, 2025)", 3),
        ("for two years", 3),
        ("every day", 2),
        ("in March", 2),
        ("at nine", 2),
        ("in Porto", 0),
        ("the dog", 0),
        ("at nine hotels", 0),
        ("a night bus", 0),
        ("at 29.99", 0),
        ("on Tuesday, November 26, 2024", 5),
    ],
)
def test_times(text: str, size: int) -> None:
    assert time_at(tokens_of(text), 0) == size


def test_pieces_behind_a_verb() -> None:
    found = [
        (p.kind, " ".join(p.words)) for p in parts_of(tokens_of("a red bike from Nelson on Monday"))
    ]
    assert found == [("object", "a red bike"), ("prep", "from Nelson"), ("time", "on Monday")]


def test_clauses_share_a_subject_and_end_at_the_next() -> None:
    found = [
        (c.subject, c.verb)
        for c in clauses(tokens_of("I work at a bank and live in Faro but we paint"))
    ]
    assert found == [(("I",), ("work",)), (("I",), ("live",)), (("we",), ("paint",))]


def test_forms() -> None:
    assert (lemma_of("bought"), lemma_of("teaches"), lemma_of("zzz")) == ("buy", "teach", "zzz")
    assert has_form("sold", "VBD") and not has_form("sold", "VB") and not has_form("zzz", "VB")


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("I my we is was a the to in ,.!?'\n()0-9éZx "), max_size=80)
)
def test_any_text_is_taken(text: str) -> None:
    for question, answer in statements(text):
        assert question.endswith("?") and len(answer.split()) <= ANSWER_WORDS + 4


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        # trades by list and by ending, and what only sounds like one
        ("I'm an electrician with my own shop.", "What is my job?",
         "You are an electrician with your own shop."),
        ("I'm an electrician with my own shop.", "Do I have my own shop?",
         "Yes, you are an electrician with your own shop."),
        ("My uncle is a tree surgeon.", "What does my uncle do for a living?",
         "Your uncle is a tree surgeon."),
        ("My aunt is a crabber.", "What is my aunt's job?", "Your aunt is a crabber."),
        ("I'm a Quaker.", "What is my religion?", "You are a Quaker."),
        ("I'm a Christian.", "What is my job?", None),
        ("I'm a vegetarian.", "Am I a vegetarian?", "Yes, you are a vegetarian."),
        ("I'm a vegetarian.", "What is my job?", None),
        ("I'm a mess.", "What is my job?", None),
        ("I'm a fan of jazz.", "What is my job?", None),
        ("My boss is a decent cook.", "What is my boss's job?", None),
        ("My son is a Londoner.", "What is my son's job?", None),
        ("I met a doctor on Friday.", "Who did I meet?", "You met a doctor."),
        # small words before a sentence
        ("plus dentist this thursday at half nine and im terrified", "When is my dentist appointment?",
         "Your dentist appointment is this Thursday at half nine."),
        ("ugh, oh and my brother Tom lives in Hull", "Where does my brother live?",
         "Your brother Tom lives in Hull."),
        ("haha yes. happy stuff: bought a canoe", "What did I buy?", "You bought a canoe."),
        ("Turns out my aunt is a nurse.", "What is my aunt's job?", "Your aunt is a nurse."),
        ("Well, exam on friday", "When is my exam?", "Your exam is on Friday."),
        # several people, and one of them
        ("Faith is 14, Collins 9.", "How old is Collins?", "Collins is 9 years old."),
        ("two kids, Faith 14 and Collins 9", "How old is Faith?", "Faith is 14 years old."),
        ("two kids, Faith 14 and Collins 9", "How many kids do I have?", "You have two kids."),
        ("two kids: Faith (14) and Collins (9)", "What are my kids called?",
         "Your kids are called Faith and Collins."),
        ("my daughters Ana, 6, and Bo, 4, ride", "Who is Bo?", "Bo is one of your daughters."),
        ("We have three grandchildren: Jonas, Lea and little Oskar", "What are my grandchildren called?",
         "Your grandchildren are called Jonas, Lea and Oskar."),
        ("I have two brothers, Ali and Omar", "Who is Omar?", "Omar is one of your brothers."),
        ("My kids are Ana and Bo.", "What are the names of my kids?",
         "Your kids are called Ana and Bo."),
        ("I have two sons, 14 and 9", "How old are my sons?", "Your sons are 14 and 9 years old."),
        ("I live with two flatmates. One is Gareth, he's a chef, the other one is Priya.",
         "Who are my flatmates?", "Your flatmates are called Gareth and Priya."),
        ("I live with two flatmates. One is Gareth, he's a chef, the other one is Priya.",
         "What is Gareth's job?", "Gareth is a chef."),
        ("We have two cats, one is called Momo.", "What is Momo?", "Momo is one of your cats."),
        ("Two men with me at the shop, Wekesa and Brian", "Who is Wekesa?",
         "Wekesa is one of the two men with you at the shop."),
        ("Two men with me at the shop, Wekesa and Brian", "What is the shop called?", None),
        ("Two trains from Leeds, York and Bath", "Who is York?", None),
        ("Leeds 2, Hull 1", "How old is Hull?", None),
        ("My aunt has two sons. One is Leo.", "Who is Leo?", None),
        ("My house is 90 years old.", "How old is my house?", "Your house is 90 years old."),
        # who somebody says they are
        ("I'm Imke, a retired teacher from Bremen.", "Where am I from?",
         "You are a retired teacher from Bremen."),
        ("I'm Imke, a retired teacher from Bremen.", "What is my name?", "Your name is Imke."),
        ("I'm Tom, a nurse in Leeds", "Where do I work?", "You are a nurse in Leeds."),
        ("Tom, 34, plumber from Hull", "What is my job?", "You are a plumber from Hull."),
        ("Hi! Tom, 34, plumber from Hull", "How old am I?", "You are 34."),
        ("hey, im bao, 24, a barista in leith", "What is my name?", "Your name is Bao."),
        ("I'm Ana, 42, married, two kids, and a tailor", "How many kids do I have?",
         "You have two kids."),
        ("I'm a nurse, 34, and live in Hull", "Where do I live?", "You live in Hull."),
        ("I'm Imke from Bremen", "Where am I from?", "You are Imke from Bremen."),
        ("I'm a mother of two.", "How many children do I have?", "You are a mother of two."),
        ("Tom, 34, plumber, wants to marry me.", "What is my job?", None),
        ("We saw two men. Tom, 34, plumber from Hull", "What is my name?", None),
        ("I'm tired, cold, hungry", "What is my name?", None),
        # scraps that go with the sentence before them
        ("Clinic on Friday, 2 pm. Dr Noor.", "Who is my clinic appointment with?",
         "Your clinic appointment is on Friday at 2pm with Dr Noor."),
        ("Clinic on Friday, 2 pm. Dr Noor.", "What time do I have to be at the clinic?",
         "Your clinic appointment is on Friday at 2pm with Dr Noor."),
        ("Knee bad again. Left one.", "Which knee is bad?", "Your left knee is bad again."),
        ("Sold the motorbike. 85,000 shillings. To a pastor.", "How much did I get for the motorbike?",
         "You sold the motorbike for 85,000 shillings to a pastor."),
        ("Sold the motorbike. 85,000 shillings. To a pastor.", "Who bought the motorbike?",
         "You sold the motorbike for 85,000 shillings to a pastor."),
        ("bought a canoe, 300 euros, from nelson", "Who did I buy the canoe from?",
         "You bought a canoe from Nelson."),
        ("Can't take ibuprofen. Ulcers.", "Why can't I take ibuprofen?",
         "You can not take ibuprofen because of ulcers."),
        ("Started pottery, wednesdays at 7, 60 euros a month, the teacher is anselmo",
         "What time is pottery?", "Pottery is on Wednesdays at 7."),
        ("Started pottery, wednesdays at 7, 60 euros a month, the teacher is anselmo",
         "How much does pottery cost?", "Pottery costs 60 euros."),
        ("Started pottery, wednesdays at 7, 60 euros a month, the teacher is anselmo",
         "Who teaches pottery?", "The pottery teacher is Anselmo."),
        ("Exam on friday, chemistry", "Which subject is my exam in?",
         "Your chemistry exam is on Friday."),
        ("My driving test is on Friday.", "Which subject is my test in?", None),
        ("Can't stand my boss. Migraine.", "Why can't I stand my boss?", None),
        ("I sold my bike. To be honest I miss it.", "Who bought the bike?", None),
        ("Back in Leeds. Left one.", "Which part of the body hurts?", None),
        # health, and what somebody does not do
        ("can't hear on the left side any more", "Which of my ears is the bad one?",
         "You can not hear on the left side any more."),
        ("can't hear on the left side any more", "Can I hear on the left side?",
         "No, you can not hear on the left side any more."),
        ("I broke my wrist last week.", "What is wrong with my wrist?",
         "You broke your wrist last week."),
        ("had my appendix out in March", "Which operation did I have?",
         "You had your appendix out in March."),
        ("I don't drive, never learned", "Could I rent a car?", "No, you do not drive."),
        ("I don't drink.", "Would I take a beer?", "No, you do not drink."),
        ("I don't drink coffee.", "Would I take a beer?", None),
        ("I'm vegan", "Do I eat meat?", "No, you are vegan."),
        ("I was a vegan.", "Do I eat meat?", None),
        ("I had a night out in May.", "Which operation did I have?", None),
        ("I can't swim because I am ill.", "Why can't I swim?", "You can not swim because you are ill."),
        # names in commas
        ("i work at a print shop, tinta fresca", "What is the name of the place I work at?",
         "You work at a print shop called Tinta Fresca."),
        ("i work at a print shop, tinta fresca", "Who do I work for?",
         "You work at a print shop called Tinta Fresca."),
        ("We go to a café called Nido.", "Which café do I go to?", "You go to a café called Nido."),
        ("We go to a café called Nido.", "What is the name of the café?", "The café is called Nido."),
        ("my school, St Anne's", "What is my school called?", "Your school is called St Anne's."),
        ("My school, St Anne's, burnt down.", "What is my school called?",
         "Your school is called St Anne's."),
        ("I have a shop on Uganda Road.", "Which street is my shop on?",
         "You have a shop on Uganda Road."),
        ("I have a shop on Uganda Road.", "Where is my shop?", "You have a shop on Uganda Road."),
        ("I want a coffee, Nora.", "What is the coffee called?", None),
        ("I had a nice talk, Nora.", "What is the talk called?", None),
        ("I went to a bar, Ana and Bo came.", "What is the bar called?", None),
        ("I have a sister in Toronto.", "Where is my own sister?", None),
        # the words people use
        ("we pay 410 each for rent", "What is my share of the rent?", "You pay 410 each for rent."),
        ("My share of the rent is 410 euros.", "How much do I pay for rent?",
         "Your share of the rent is 410 euros."),
        ("I live in Alfama in Lisbon.", "Which part of town do I live in?",
         "You live in Alfama in Lisbon."),
        ("I live in the old town.", "What part of town do I live in?", "You live in the old town."),
        ("I live in Ghent.", "Which part of town do I live in?", None),
        ("The course is on Mondays at six.", "What time is the course?",
         "The course is on Mondays at six."),
        ("I've been scared of dentists since I was 7", "How long have I been afraid of dentists?",
         "You have been scared of dentists since the age of 7."),
        ("Sold the motorbike. 85,000 shillings. To a pastor.", "What did I get for the motorbike?",
         "You sold the motorbike for 85,000 shillings to a pastor."),
        ("Joined a choir, tuesdays at 8, 9 euros a month", "What does the choir cost?",
         "The choir costs 9 euros a month."),
        ("I'm deaf in my left ear.", "Which ear am I deaf in?", "You are deaf in your left ear."),
        ("I don't smoke.", "Am I a smoker?", "No, you do not smoke."),
        ("I don't eat pork.", "Would I eat bacon?", "No, you do not eat pork."),
        ("I had an operation on my knee in May.", "What was my operation on?",
         "You had an operation on your knee in May."),
        # what only looks alike
        ("Can't eat cheese. Good night.", "Why can't I eat cheese?", None),
        ("We beat Ana 14 and Bo 9.", "How old is Bo?", None),
        ("I went to a bar, Ana came too.", "What is the bar called?", None),
        ("I'm a teacher of French.", "What is my job?", "You are a teacher of French."),
        ("I'm a bit of a cook.", "What is my job?", None),
        ("I'm a recovering gambler.", "What is my job?", None),
        ("My bus driver, Quarshie, sings.", "Who is Quarshie?", "Your bus driver is called Quarshie."),
        ("My dog is named after my uncle.", "What is my dog called?", None),
        ("And a fish called Admiral!", "Who did a fish call?", None),
        ("My boss is bad.", "Which part of the body hurts?", None),
        ("I slept at my mate Gazza's.", "What is my mate called?", None),
        ("Have two.", "What do I have?", None),
        ("I'm the", "What is my role?", None),
        ("The old woman who runs the clock shop, Velta.", "What is the clock shop called?", None),
        ("I'm three weeks with Ana from 22 June.", "Which day am I?", None),
    ],
)  # fmt: skip
def test_what_else_a_person_would_ask(text: str, question: str, answer: str | None) -> None:
    assert dict(statements(text)).get(question) == answer


def test_only_small_words_are_taken_off() -> None:
    for left in ("So am I", "well done", "Plus 20 degrees", "Right knee hurts", "no kids"):
        assert opened(tokens_of(left)) == tokens_of(left)
    assert opened(tokens_of("oh and btw, plus mum called")) == ("mum", "called")


def test_the_table_of_jobs() -> None:
    assert read_jobs("# c\nx: bee_keeper vet\n-----\ny: lover") == (
        {"bee keeper", "vet"},
        {"lover"},
    )
    assert is_job(("a", "dog", "groomer")) and not is_job(("a", "dog", "lover"))
