"""Talk and text that have nothing to do with anybody: what holds the student to the base.

The base answers a fixed list of everyday prompts, takes up what a fixed list of strangers tell, and goes
on from a fixed list of openings, where no chat is: books, news and lessons. Made once for each base and
kept in the cache, by its fingerprint, until there are other prompts. Some of it is trained on (the
student must equal the base there), some measures drift.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from agent.config import cache_root
from agent.evaluate import answers, system_only
from agent.model import Model
from agent.sampling import Sampling

TOKENS = 32
PLAIN_TOKENS = 48
TIMES = 3  # that the base goes on from each opening, drawn anew
PROMPTS = (
    "How do I boil an egg?", "What is the capital of Portugal?", "Tell me a fun fact about bees.",
    "Write two lines about the sea.", "Why is the sky blue?", "How do I fold a paper plane?",
    "What does 'resilient' mean?", "Give me three ideas for a rainy day.", "Hello!", "Thank you!",
    "How many minutes are in a day?", "What is photosynthesis?", "Name five fruits.",
    "How can I fall asleep faster?", "What is a haiku?", "Explain gravity to a child.",
    "How do I remove a coffee stain?", "Who wrote Hamlet?", "Good morning!", "What do owls eat?",
    "How do I write a cover letter?", "What is the largest ocean?", "I am bored.",
    "Tell me a short joke.", "How does a bicycle stay upright?", "What is an atom?",
    "Suggest a name for a boat.", "How long should I cook rice?", "What is 12 times 8?",
    "What is the difference between a crocodile and an alligator?", "I had a long day.",
    "How do plants drink water?", "What is a good stretch for the back?", "Describe a forest.",
    "How do I say thank you in French?", "What makes bread rise?", "Why do leaves change colour?",
    "What is a computer made of?", "It is raining again.", "Tell me about the moon.",
    "How do I clean a window?", "What was the Renaissance?", "Which planet has rings?",
    "How do I start running?", "What is the tallest mountain?", "Can you help me?",
    "Continue: Once upon a time", "Continue: The history of the town begins",
    "How do I tie a bow tie?", "What is the speed of sound?",
    "Give me a word that rhymes with light.", "What do you call a baby goat?",
    "How do I get rid of ants?", "What is a metaphor?", "Why do cats purr?",
    "I feel a bit lost today.", "What is the boiling point of water?",
    "Name three rivers in Africa.", "How do I keep basil alive?", "What does a lighthouse do?",
    "Explain what a bank does.", "Nice to meet you!", "What is the opposite of generous?",
    "How many legs has a spider?", "Suggest a picnic menu.", "Who painted the Mona Lisa?",
    "What is jet lag?", "How do I sharpen a knife?", "Tell me about volcanoes.",
    "What is a good way to learn a language?", "Is a whale a fish?", "See you later.",
    "How do tides work?", "Write a sentence about autumn.", "What is inflation?",
    "How do I fix a squeaky door?", "Give me a riddle.", "What is the longest river?",
    "How do I pack a suitcase well?", "What is yeast?", "Why is exercise healthy?",
    "What does a conductor do?", "Name four musical instruments.", "How do bees make honey?",
    "That is interesting.", "What is a leap year?", "How do I whistle?",
    "What is a good gift for a teacher?", "Explain the water cycle.",
    "What is the currency of Japan?", "How do I poach a pear?", "What is chess?",
    "Which animals sleep in winter?", "I finished my work early.", "What is a sonnet?",
    "How do I clean a cast iron pan?", "What makes a rainbow?",
    "Continue: The ship left the harbour", "Continue: In the middle of the market",
    "What is the difference between a simile and a metaphor?", "How far away is the sun?",
    "Give me a tip for writing letters.", "What are clouds made of?", "What is an echo?",
)  # fmt: skip


# What people tell, of lives that are nobody's: a student that learns what to deny denies this too.
TOLD = (
    "My neighbour keeps bees.", "I went for a walk by the canal.", "my phone is nearly empty",
    "Our street has new lamps.", "I am learning to juggle.", "Aunt Odile sells ladders.",
    "I don't like loud films.", "the bus was late again", "My desk is by the window.",
    "I was born in a village near Lyon.", "We have two goats.", "I no longer play chess.",
    "My shoes got wet.", "the plumber comes at nine", "I sleep badly before a full moon.",
    "Her name is Teresa.", "I paid 30 euros for a kettle.", "My uncle is a carpenter.",
    "I can't eat mushrooms.", "The concert is on the 12th.", "bought a red umbrella",
    "My class starts in October.", "I am saving for a boat.", "Ravi moved to Oslo.",
    "I work at a petrol station.", "The kitchen tap drips.", "my favourite month is May",
    "I have an exam on Thursday.", "We painted the fence green.", "He is my best friend.",
    "I live above a bakery.", "The cat next door is called Biscuit.", "i swim on mondays",
    "My grandfather turned 88.", "I lost my scarf on the train.", "She is afraid of spiders.",
)  # fmt: skip


OPENINGS = (
    "The river rises in the hills north of the town and", "In 1887 the council decided to",
    "The species is found in", "She closed the door, looked at the letter again and",
    "The first step in making bread is to", "Question: Which of these is a source of energy?\nAnswer:",
    "The bridge was built between", "According to the report,", "A prime number is a number that",
    "The old man had lived by the sea all his life, and", "The temperature of the water",
    "After the war, the kingdom", "The album was released in", "Plants use sunlight to",
    "To remove a stain from a wooden table,", "The population of the city",
    "The film tells the story of", "Most of the island is covered by", "The committee said on Monday that",
    "When two objects collide,", "My grandmother always told us that", "The cells of the body",
    "Question: How can you keep food fresh on a long trip?\nAnswer:", "The word comes from",
    "The theory was first proposed by", "The children ran across the field because",
    "In economics, a market is", "The team won its first", "The moon was almost full when",
    "The university was founded in", "Earthquakes happen when", "The law requires that",
    "The painter, who was born in", "If the price of a good rises,", "He had never seen such a",
    "The railway line runs from", "Vitamins are substances that", "The novel is divided into",
    "The president of the company", "Long before the first ships arrived,", "In mathematics, a function",
    "The recipe needs two eggs,", "Heavy rain is expected in", "The language is spoken by",
    "The machine works by", "Birds that live near the coast", "The king and his brother",
    "The most important reason for", "Every morning the baker", "The planet is the",
    "Philosophers have long argued about whether", "The treaty was signed by", "The lungs are",
    "Question: What happens when ice is heated?\nAnswer:", "The village lies at the foot of",
    "Some people believe that", "The experiment showed that", "The museum holds a collection of",
    "The farmers of the valley", "Neither of the two sisters", "The computer stores",
    "The church was rebuilt after", "In the last chapter,", "Cut the paper into four pieces and",
    "The movement began as", "Metals such as copper", "The boy who had broken the window",
    "The festival takes place every", "There are three kinds of", "The judge ruled that",
    "During the winter, the animals", "The engine of the ship",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unrelated:
    """(prompt, the base's own reply) and plain texts: some to train on, others to measure on."""

    train: list[tuple[str, str]]
    measure: list[tuple[str, str]]
    plain_train: list[str]
    plain_measure: list[str]


def unrelated(model: Model) -> Unrelated:
    """The base's replies to PROMPTS and TOLD and what it makes of OPENINGS, made once for each base."""
    made_of = json.dumps([PROMPTS, TOLD, TOKENS, OPENINGS, PLAIN_TOKENS, TIMES]).encode()
    name = f"{model.fingerprint}-{sha256(made_of).hexdigest()[:8]}.json"
    path = cache_root() / "unrelated" / name
    if path.exists():
        told = json.loads(path.read_text())
    else:
        told = {"talk": _ask(model), "plain": _go_on(model)}
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(told))
        partial.replace(path)
    pairs = list(zip(PROMPTS + TOLD, told["talk"], strict=True))
    texts = [told["plain"][k :: len(OPENINGS)] for k in range(len(OPENINGS))]
    train = [text for k, row in enumerate(texts) if k % 4 != 1 for text in row]
    return Unrelated(pairs[::2], pairs[1::4], train, [row[0] for row in texts[1::4]])


def _ask(model: Model) -> list[str]:
    return answers(model, system_only(), PROMPTS + TOLD, None, Sampling(max_tokens=TOKENS))


def _go_on(model: Model) -> list[str]:
    """TIMES texts of each opening, drawn as the base would write them, without any chat around."""
    made: list[str] = []
    for seed in range(TIMES):
        rows = [model.text_ids(opening) for opening in OPENINGS]
        sampling = Sampling(PLAIN_TOKENS, temperature=1.0, top_p=1.0, seed=seed)
        told = model.continue_all([], rows, sampling)
        made += [f"{opening} {text}" for opening, text in zip(OPENINGS, told, strict=True)]
    return made
