"""Times of several visits, as people type them: `every Saturday 10am-2pm for 4 weeks, 30 min each`.

`read` says what the words name and what they leave open; `spread` makes single times of it.
"""

from bot.times.reading import read
from bot.times.wanted import (
    FARTHEST,
    LONGEST,
    MOST,
    SHORTEST,
    Hours,
    Unread,
    Wanted,
    all_days,
    fits,
    overlap,
    spread,
)

__all__ = [
    "FARTHEST",
    "LONGEST",
    "MOST",
    "SHORTEST",
    "Hours",
    "Unread",
    "Wanted",
    "all_days",
    "fits",
    "overlap",
    "read",
    "spread",
]
