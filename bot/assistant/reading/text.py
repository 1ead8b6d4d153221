"""A text as readers see it: plain words, of which each reader takes what it has read."""

import re
import unicodedata
from dataclasses import dataclass, field

from bot.matching import latin

_ARROWS = dict.fromkeys((0x2192, 0x27A1, 0x21D2, 0x2794, 0x279C), "->")
LONGEST = 1000  # characters that are looked at; a voice note written down is shorter
GONE = "\x0e"  # stands where words were taken; no space to a regular expression, as some are


@dataclass
class Text:
    """What was said, as it is read.

    said: as it came. words: the same for reading: lower case, no accents or emoji, single spaces; commas,
    full stops, question marks and the like stay. What a reader takes out leaves as many GONE. marks: (start,
    end, what it was), for the words with names in place of what was taken.
    """

    said: str
    words: str = ""
    marks: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = self.words or plain(self.said)

    def take(self, start: int, end: int, what: str) -> str:
        """Take a part out, as `what`; the words that were there."""
        taken = self.words[start:end]
        self.words = self.words[:start] + GONE * (end - start) + self.words[end:]
        self.marks.append((start, end, what))
        return taken

    def take_match(self, found: "re.Match[str]", what: str, group: int | str = 0) -> str:
        """Take out what a pattern has found."""
        return self.take(found.start(group), found.end(group), what)

    @property
    def skeleton(self) -> str:
        """The words with a name, such as `<area>`, in place of what was taken: what intents are told by."""
        parts, at = [], 0
        for start, end, what in sorted(self.marks):
            if start >= at:
                parts += [self.words[at:start], f" <{what}> "]
                at = end
        parts.append(self.words[at:])
        return re.sub(r"\s+", " ", "".join(parts).replace(GONE, " ")).strip()


def plain(said: str) -> str:
    """A text for reading; of the first LONGEST characters."""
    text = unicodedata.normalize("NFKD", said[:LONGEST]).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.translate(
        {0x2018: "'", 0x2019: "'", 0x2013: "-", 0x2014: "-", 0x2011: "-", 0x00A0: " ", **_ARROWS}
    )
    text = "".join(c if c.isascii() or c in "₦€£" or c.isalnum() else " " for c in text)
    return re.sub(r"\s+", " ", latin(text)).strip()
