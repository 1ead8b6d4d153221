"""Words cut into the pieces that the sentence model knows (WordPiece)."""

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

# BERT's uncased vocabulary (Google, Apache-2.0), as all-MiniLM-L6-v2 uses it.
FILE = Path(__file__).with_name("wordpieces.txt")
SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
BEGIN, END, UNKNOWN = 101, 102, 100
MOST = 64  # pieces that are looked at: more take longer than 10 ms, and the runs of words see the whole
_LONGEST = 40  # letters of a word that is cut; a longer one is no word
_WORD = re.compile(r"[^\W_]+|[^\s\w]|_")


def cut(words: str) -> list[int]:
    """The numbers of the pieces, with the signs that begin and end a sentence."""
    pieces: list[int] = []
    for word in _WORD.findall(_without_accents(words)):
        pieces += _pieces_of(word)
        if len(pieces) >= MOST - 2:
            break
    return [BEGIN, *pieces[: MOST - 2], END]


def _pieces_of(word: str) -> list[int]:
    """Always the longest piece that fits, from the left."""
    if len(word) > _LONGEST:
        return [UNKNOWN]
    known, pieces, at = _vocabulary(), [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            piece = known.get(word[at:end] if at == 0 else f"##{word[at:end]}")
            if piece is not None:
                pieces.append(piece)
                at = end
                break
        else:
            return [UNKNOWN]
    return pieces


def _without_accents(words: str) -> str:
    apart = unicodedata.normalize("NFD", words.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _vocabulary() -> dict[str, int]:
    raw = FILE.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise RuntimeError(
            f"{FILE.name} is not the vocabulary of the sentence model: take the committed file."
        )
    return {piece: number for number, piece in enumerate(raw.decode().split("\n"))}
