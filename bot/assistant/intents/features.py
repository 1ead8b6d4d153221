"""What the model sees of a text: runs of words, and of letters within words, which outlive typing errors."""

import re
from collections import Counter

_TOKEN = re.compile(r"<\w+>|[^\W_]+(?:'[^\W_]+)*|\?")
WORDS = (1, 2, 3)  # words in a run
LETTERS = (2, 3, 4, 5)  # letters in a run
LONGEST = 250  # words that are looked at

Counts = Counter[str]


def of_words(skeleton: str) -> Counts:
    """Runs of words, each with how often it stands there."""
    tokens = _TOKEN.findall(skeleton)[:LONGEST]
    return Counter(" ".join(tokens[at : at + long]) for long in WORDS for at in range(len(tokens) - long + 1))


def of_letters(skeleton: str) -> Counts:
    """Runs of letters within words, an end of a word being a `_`. A name such as `<area>` has no letters."""
    found: Counts = Counter()
    for token in _TOKEN.findall(skeleton)[:LONGEST]:
        if token[0] not in "<?":
            word = f"_{token[:30]}_"
            found.update("~" + word[at : at + long] for long in LETTERS for at in range(len(word) - long + 1))
    return found


KINDS = (of_words, of_letters)
