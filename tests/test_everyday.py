"""Everyday facts, each in the words people use for it, and what only looks like one."""

import pytest

from agent.grammar.statements import statements


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        # a name in commas behind somebody of somewhere
        ("My friend from work, Ada, is ill.", "What is my friend called?",
         "Your friend is called Ada."),
        ("My friend from work, Ada, is ill.", "Where do I know Ada from?", "You know Ada from work."),
        ("My aunt in Cork, Ada, paints.", "Where does my aunt live?", "Your aunt Ada lives in Cork."),
        ("My aunt in Perth, Australia, paints.", "What is my aunt called?", None),
        # who is called so, behind somebody new
        ("I have a new friend, her name's Ada.", "What is my friend called?",
         "Your new friend is called Ada."),
        ("I met someone. He's called Bo.", "Who did I meet?", "You met Bo."),
        ("New neighbour, his name's Bo.", "Who is Bo?", "Bo is your new neighbour."),
        ("My sister has a dog. Her name is Ada.", "What is my sister's dog called?", None),
        ("We have a cat and a dog. She's called Ada.", "What is our dog called?", None),
        # the one thing that is so
        ("The one thing I can't eat is celery.", "What can't I eat?", "You can't eat celery."),
        ("What I really hate is small talk.", "What do I hate?", "You hate small talk."),
        ("All I want for my birthday is a lamp.", "What do I want for my birthday?",
         "You want a lamp for your birthday."),
        ("The thing I'm most afraid of is dogs.", "What am I afraid of?", "You are afraid of dogs."),
        ("What I hate is when they whistle.", "What do I hate?", None),
        # of whom a request is
        ("Help me write a card for my aunt, she turns 60 in May.", "How old is my aunt?",
         "Your aunt turns 60 in May."),
        ("Ideas for a card? I need one for my dad, he loves fishing.", "What does my dad love?",
         "Your dad loves fishing."),
        ("Help my mum with a card for my aunt, she paints.", "Does my aunt paint?", None),
        # how many there are, and who
        ("There are six of us at home.", "How many people live in my house?", "You are six at home."),
        ("There are six of us in the office.", "How many people live in my house?", None),
        ("My other half works nights.", "When does my partner work?", "Your partner works nights."),
        # of two at once, of none, of some
        ("My husband and I are teachers.", "What does my husband do for a living?",
         "Your husband is a teacher."),
        ("My husband and I are teachers.", "What do I do for a living?", "You are a teacher."),
        ("My wife and I both work at Ikea.", "Where does my wife work?", "Your wife works at Ikea."),
        ("My sister and I are twins.", "What does my sister do for a living?", None),
        ("My wife and I are married.", "Is my wife married?", None),
        ("Neither of my parents can drive.", "Can my parents drive?",
         "No, your parents can't drive."),
        ("Both of my parents are dead.", "Are my parents still alive?", "Your parents are dead."),
        ("I have ADHD, and so does my son.", "Who has ADHD?", "Your son has ADHD."),
        ("I'm tired, so my son cooks.", "Is my son tired?", None),
        ("Two of my brothers live in Lyon.", "Who lives in Lyon?", "Two of your brothers live in Lyon."),
        ("One of my sons is deaf.", "Who is deaf?", "One of your sons is deaf."),
        ("Two of my teeth hurt.", "Who hurts?", None),
        ("Two of my brothers, Al and Bo, sing.", "What are my brothers called?", None),
        ("My youngest is autistic.", "Is my youngest autistic?", "Yes, your youngest is autistic."),
        ("Single dad of two girls.", "How many kids do I have?", "You are a single dad of two girls."),
        ("Gran of seven.", "How many grandchildren do I have?", "You are a gran of seven."),
        ("Mother of God, what a day.", "What am I?", None),
        ("Kids are 3, 6 and 11.", "How old are my kids?", "Your kids are 3, 6 and 11."),
        ("I have two boys, 4 and 7.", "How old are my boys?", "Your boys are 4 and 7 years old."),
        ("I have three sons, 4 and 7.", "How old are my sons?", None),
        ("We have two beagles, Pim and Pom.", "What are our beagles called?",
         "Your beagles are called Pim and Pom."),
        # at work, or not
        ("I'm off work with flu.", "Why am I not at work?", "You are off work with flu."),
        ("I'm off work on Monday.", "Am I working at the moment?", None),
        ("I'm between jobs.", "Do I have a job?", "No, you are between jobs."),
        ("Got made redundant in May.", "When did I lose my job?", "You got made redundant in May."),
        ("I do night shifts at Amazon.", "Where do I work?", "You do night shifts at Amazon."),
        # what one changed to, drives, learns, passed
        ("I switched from tea to coffee.", "What do I drink now?", "You switched from tea to coffee."),
        ("I've gone vegan.", "Am I vegan?", "Yes, you have gone vegan."),
        ("I went vegan but gave up.", "Am I vegan?", None),
        ("I drive an old Kangoo.", "Which car do I have?", "You drive an old Kangoo."),
        ("I drive an Uber.", "Which car do I have?", None),
        ("I'm learning to crochet.", "What am I learning?", "You are learning to crochet."),
        ("I failed my driving test.", "Did I pass my driving test?", "No, you failed your driving test."),
        ("I passed my sister on the stairs.", "Did I pass my sister?", None),
        ("We're a family of five.", "How many people are in my family?", "You are a family of five."),
        # what is called off, what is wrong
        ("They cancelled my interview.", "Is my interview still on?",
         "No, your interview was cancelled."),
        ("The trip is off.", "Is the trip still on?", "No, the trip is off."),
        ("The light is off.", "Is the light still on?", None),
        ("Somebody broke into our shed.", "What happened to our shed?",
         "Your shed was burgled."),
        ("I've a bad knee, the left one.", "Which knee is bad?", "You have a bad left knee."),
        ("My cat's diabetic.", "Is my cat diabetic?", "Yes, your cat is diabetic."),
        ("My mum's deaf cat sleeps.", "Is my mum deaf?", None),
        ("My favourite band's Lankum.", "What is my favourite band?", "Your favourite band is Lankum."),
        # what is no longer so, and since what
        ("I'm no longer vegan.", "Am I vegan?", "No, you are no longer vegan."),
        ("I'm not sure any more.", "Am I sure?", None),
        ("Since the accident I can't drive.", "Why can't I drive?",
         "You can't drive since the accident."),
        ("Since the fire I live with my aunt.", "Since when do I live with my aunt?",
         "You live with your aunt since the fire."),
        ("After the divorce I moved to Derby.", "When did I move to Derby?",
         "You moved to Derby after the divorce."),
        ("Since the accident I had in May I can't drive.", "Since when can't I drive?", None),
        ("I have an operation on Friday.", "When is my operation?", "You have an operation on Friday."),
        ("I sat by the fire.", "When did I sit?", None),
        ("I swim since my operation in May.", "Which month do I swim?", None),
        # several dates at once
        ("dentist Tuesday, optician Wednesday", "When is my optician appointment?",
         "Your optician appointment is Wednesday."),
        ("GP on Monday at 9 and blood test on Friday.", "When is my GP appointment?",
         "Your GP appointment is on Monday at 9."),
        ("Dentist on Tuesday and Friday.", "When is my dentist appointment?",
         "Your dentist appointment is on Tuesday and Friday."),
        ("The party on Friday, the wedding on Saturday.", "When is my wedding?", None),
        # what is taken back
        ("We got a puppy called Miso, we gave him back.", "Do I have a puppy?", None),
        ("My puppy Miso barks, he gave it to me.", "Do I have a puppy?", "Yes, your puppy is Miso."),
        ("I'm meeting Ida on Friday, but she cancelled.", "What am I doing on Friday?", None),
        ("My train is at nine, the bus was cancelled.", "When is my train?", "Your train is at nine."),
    ],
)  # fmt: skip
def test_what_is_asked_of_everyday_facts(text: str, question: str, answer: str | None) -> None:
    assert dict(statements(text)).get(question) == answer
