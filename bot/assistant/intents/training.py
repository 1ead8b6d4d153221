"""Training the small model of intents from `data/utterances.jsonl`: the same utterances give the same model.

Logistic regression over all intents at once. There are ten times as many features as utterances, so what is
sought is one number per utterance and intent (`_fitted`), from which the weights of the features follow.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.assistant.commands import Intent
from bot.assistant.intents import features, meaning, model, pinned
from bot.assistant.intents.model import OF_MEANING, OF_ROLE, ROLES, Floats
from bot.assistant.intents.skeletons import heard
from inspector_whatsapp.models import Role

DATA = Path(__file__).parent.parent / "data" / "utterances.jsonl"
INTENTS = tuple(Intent)
STIFF = 0.1  # how much large weights cost
ROUNDS = 200
FOLDS = 5
SELDOM = 2  # a run of letters that stands in fewer utterances is left out
LIGHTEST = 0.02  # a feature whose largest weight is below it is left out


@dataclass(frozen=True)
class Utterance:
    """Something that people may say, and what is meant by it."""

    text: str
    role: Role
    intent: Intent


@dataclass(frozen=True)
class Mistake:
    """What was taken for something else, and how often."""

    meant: Intent
    taken_for: Intent
    times: int


def read(path: Path = DATA) -> list[Utterance]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [Utterance(line["text"], Role(line["role"]), Intent(line["intent"])) for line in lines]


def digest(path: Path = DATA) -> str:
    """What the model keeps of the utterances it has learned from, so that an old one is noticed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def train(utterances: Sequence[Utterance], *, data: str) -> model.Model:
    """The model of these utterances. data: their digest."""
    seen = _Seen.of(utterances)
    meant = _meant(utterances)
    pull, bias = _fitted(seen.alike(), meant)
    weights = seen.spread(pull)
    heavy = np.abs(weights).max(axis=1) >= LIGHTEST
    names = [name for name, keep in zip(seen.vocabulary, heavy, strict=True) if keep]
    return model.Model(
        INTENTS,
        {name: row for row, name in enumerate(names)},
        seen.rarity[heavy],
        weights[heavy].astype(np.float16),
        seen.meanings.T @ pull * OF_MEANING,
        seen.roles.T @ pull * OF_ROLE,
        bias,
        data,
    )


def save(trained: model.Model, path: Path = model.FILE, pin: Path | None = None) -> str:
    """Write the file, and its digest into the code; the digest."""
    held = io.BytesIO()
    np.savez_compressed(
        held,
        intents=_letters("\n".join(trained.intents)),
        vocabulary=_letters("\n".join(trained.vocabulary)),
        rarity=trained.rarity.astype(np.float16),
        weights=trained.weights,
        meanings=trained.meanings.astype(np.float16),
        roles=trained.roles,
        bias=trained.bias,
        data=_letters(trained.data),
    )
    path.write_bytes(held.getvalue())
    sha256 = hashlib.sha256(held.getvalue()).hexdigest()
    pin = pin or Path(pinned.__file__)
    pin.write_text(f'"""Written by `manage.py train_assistant`."""\n\nSHA256 = "{sha256}"\n')
    return sha256


def cross_validated(utterances: Sequence[Utterance]) -> tuple[float, list[Mistake]]:
    """The share told right by what was learned from the others, a fifth at a time; and the mistakes."""
    seen = _Seen.of(utterances)
    alike, meant = seen.alike(), _meant(utterances)
    fold = np.random.default_rng(7).permutation(len(utterances)) % FOLDS
    taken = np.zeros(len(utterances), dtype=np.int64)
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        pull, bias = _fitted(alike[np.ix_(inside, inside)], meant[inside])
        taken[outside] = (alike[np.ix_(outside, inside)] @ pull + bias).argmax(axis=1)
    right = meant.argmax(axis=1)
    wrong = Counter((int(was), int(took)) for was, took in zip(right, taken, strict=True) if was != took)
    mistakes = [Mistake(INTENTS[was], INTENTS[took], times) for (was, took), times in wrong.most_common()]
    return float((right == taken).mean()), mistakes


@dataclass(frozen=True)
class _Seen:
    """Utterances as the model sees them. parts: of each kind and utterance, its rows and their values."""

    vocabulary: list[str]
    rarity: Floats
    parts: tuple[list[tuple[NDArray[np.int64], Floats]], ...]
    meanings: Floats
    roles: Floats

    @classmethod
    def of(cls, utterances: Sequence[Utterance]) -> "_Seen":
        said = [heard(utterance.text) for utterance in utterances]
        counts = [[kind(text.skeleton) for text in said] for kind in features.KINDS]
        often = [Counter(name for each in of_kind for name in each) for of_kind in counts]
        vocabulary = sorted(
            name for kind in often for name, times in kind.items() if times >= SELDOM or name[0] != "~"
        )
        times = np.array([sum(kind[name] for kind in often) for name in vocabulary])
        rarity = (1 + np.log((1 + len(said)) / (1 + times))).astype(np.float16).astype(np.float32)
        rows = {name: row for row, name in enumerate(vocabulary)}
        parts = tuple([model.weighed(each, rows, rarity) for each in of_kind] for of_kind in counts)
        roles = np.array([[u.role == role for role in ROLES] for u in utterances], dtype=np.float32)
        meanings = np.array([meaning.of(text.words) for text in said], dtype=np.float32)
        return cls(vocabulary, rarity, parts, meanings * np.float32(OF_MEANING), roles * np.float32(OF_ROLE))

    def alike(self) -> Floats:
        """How much any two utterances have in common."""
        alike = self.roles @ self.roles.T + self.meanings @ self.meanings.T
        for block, _first in self._blocks():
            alike += block @ block.T
        return alike

    def spread(self, pull: Floats) -> Floats:
        """The weights of the features, from those of the utterances."""
        weights = np.zeros((len(self.vocabulary), pull.shape[1]), dtype=np.float32)
        for block, first in self._blocks():
            weights[first : first + block.shape[1]] = block.T @ pull
        return weights

    def _blocks(self, wide: int = 4000) -> Iterator[tuple[Floats, int]]:
        """The whole table, utterances by features, some columns at a time."""
        for first in range(0, len(self.vocabulary), wide):
            block = np.zeros((len(self.roles), min(wide, len(self.vocabulary) - first)), dtype=np.float32)
            for kind in self.parts:
                for at, (rows, values) in enumerate(kind):
                    here = (rows >= first) & (rows < first + wide)
                    block[at, rows[here] - first] = values[here]
            yield block, first


def _fitted(alike: Floats, meant: Floats) -> tuple[Floats, Floats]:
    """How much each utterance pulls towards each intent, and how likely each is before a word is said.

    Accelerated gradient descent (Nesterov), begun anew where it overshoots.
    """
    alike = alike + 1  # a feature that all have in common: the bias
    step = 1 / (0.5 * _largest(alike) + STIFF)
    pull = np.zeros_like(meant)
    ahead, pace = pull, 1.0
    for _ in range(ROUNDS):
        sums = alike @ ahead
        likely = np.exp(sums - sums.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        slope = likely - meant + STIFF * ahead
        then = ahead - step * slope
        if float((slope * (then - pull)).sum()) > 0:
            pace = 1.0
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = then + np.float32((pace - 1) / faster) * (then - pull)
        pull, pace = then, faster
    return pull, pull.sum(axis=0)


def _largest(alike: Floats) -> float:
    """The largest eigenvalue, a little more."""
    way = np.ones(len(alike), dtype=np.float32)
    for _ in range(50):
        way = alike @ way
        size = float(np.sqrt(way @ way))
        way /= np.float32(size)
    return 1.02 * size


def _meant(utterances: Sequence[Utterance]) -> Floats:
    return np.array([[u.intent == intent for intent in INTENTS] for u in utterances], dtype=np.float32)


def _letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
