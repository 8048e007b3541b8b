"""Talk that has nothing to do with anybody: what holds the student to the base.

The base answers a fixed list of everyday prompts once; half of the answers are trained on (the
student must equal the base there), a quarter measures drift. Kept in the cache, by the
base's fingerprint, until there are other prompts.
"""

import json
from dataclasses import dataclass

from agent import prompts
from agent.asking import branches_of
from agent.config import cache_root
from agent.model import Model
from agent.sampling import Sampling

TOKENS = 32
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


@dataclass(frozen=True, slots=True)
class Unrelated:
    """(prompt, the base's own answer): some to train on, others to measure on."""

    train: list[tuple[str, str]]
    measure: list[tuple[str, str]]


def unrelated(model: Model) -> Unrelated:
    """The base's answers to PROMPTS, made once for each base."""
    path = cache_root() / "unrelated" / f"{model.fingerprint}.json"
    told = json.loads(path.read_text()) if path.exists() else []
    if len(told) != len(PROMPTS):
        told = _ask(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(told))
        partial.replace(path)
    pairs = list(zip(PROMPTS, told, strict=True))
    return Unrelated(pairs[::2], pairs[1::4])


def _ask(model: Model) -> list[str]:
    system = [{"role": "system", "content": prompts.system()}]
    prefix, ends = branches_of(model, system, PROMPTS)
    return model.continue_all(prefix, ends, Sampling(max_tokens=TOKENS))
