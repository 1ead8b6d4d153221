"""The trained model: coefficients by feature, read once, when they are first needed."""

import hashlib
import io
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.assistant.commands import Intent
from bot.assistant.intents import features, meaning, pinned
from inspector_whatsapp.models import Role

FILE = Path(__file__).with_name("model.npz")
ROLES = tuple(Role)
# How much counts, beside 1 for the runs of words and 1 for those of letters:
OF_ROLE = 0.3  # who speaks
OF_MEANING = 1.3  # where the sentence stands among others

Floats = NDArray[np.float32]


class NotTheModel(RuntimeError):
    """The file is not the one that the code was trained with."""


@dataclass(frozen=True)
class Model:
    """vocabulary: feature → row. rarity: how much each counts. weights: a row for a feature, a column for an
    intent. meanings, roles: the same for where the sentence stands and for who speaks.

    data: the digest of the utterances that it has learned from.
    """

    intents: tuple[Intent, ...]
    vocabulary: dict[str, int]
    rarity: Floats
    weights: NDArray[np.float16]
    meanings: Floats
    roles: Floats
    bias: Floats
    data: str

    def scores(self, skeleton: str, words: str, role: Role) -> dict[Intent, float]:
        """How likely each intent is; together 1."""
        sums = self.bias + self.roles[ROLES.index(role)] + meaning.of(words) @ self.meanings
        for kind in features.KINDS:
            rows, values = weighed(kind(skeleton), self.vocabulary, self.rarity)
            if len(rows):
                sums = sums + values @ self.weights[rows].astype(np.float32)
        likely = np.exp(sums - sums.max())
        likely /= likely.sum()
        return dict(zip(self.intents, likely.tolist(), strict=True))


def weighed(
    counts: features.Counts, vocabulary: dict[str, int], rarity: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """The rows of known features and how much each counts: together a vector of length 1."""
    known = [(vocabulary[name], 1 + math.log(count)) for name, count in counts.items() if name in vocabulary]
    rows = np.array([row for row, _ in known], dtype=np.int64)
    values = np.array([value for _, value in known], dtype=np.float32) * rarity[rows]
    length = math.sqrt(float(values @ values))
    return rows, values / np.float32(length or 1)


def load(path: Path = FILE, sha256: str = pinned.SHA256) -> Model:
    """Read the file; NotTheModel when it is another one than the pinned one. Nothing in it is executed."""
    raw = path.read_bytes()
    if (found := hashlib.sha256(raw).hexdigest()) != sha256:
        raise NotTheModel(
            f"{path.name} has the digest {found[:12]}…, and {sha256[:12]}… is pinned: take the committed one "
            "or train anew with manage.py train_assistant."
        )
    with np.load(io.BytesIO(raw), allow_pickle=False) as kept:
        names = bytes(kept["vocabulary"]).decode().split("\n")
        return Model(
            tuple(Intent(name) for name in bytes(kept["intents"]).decode().split("\n")),
            {name: row for row, name in enumerate(names)},
            kept["rarity"].astype(np.float32),
            kept["weights"],
            kept["meanings"].astype(np.float32),
            kept["roles"],
            kept["bias"],
            bytes(kept["data"]).decode(),
        )


@cache
def kept() -> Model:
    return load()


def scores(skeleton: str, words: str, role: Role) -> dict[Intent, float]:
    """How likely each intent is, together 1.

    skeleton: the plain words with names such as `<area>` in place of slots, as `reading.text.Text` makes it.
    words: the plain words before anything was taken.
    """
    return kept().scores(skeleton, words, role)
