"""Times by how long they took: so many in each bucket, of which percentiles are read.

A bucket ends 10 % above where it begins, and stands for its middle, so what is read is within 5 % of the
truth. Buckets of several days are simply added up, as percentiles cannot be.
"""

from collections.abc import Mapping
from math import ceil

LEAST = 0.01  # seconds: the end of the first bucket
GROWTH = 1.1

# The bucket of so many seconds, for a query. Its three places: the seconds, LEAST and GROWTH.
OF_SECONDS = "greatest(0, ceil(ln(greatest({}, 0.000001) / %s) / ln(%s)))::int"


def middle(bucket: int) -> float:
    """How many seconds a bucket stands for."""
    return float(LEAST * GROWTH ** (bucket - 0.5))


def percentile(counts: Mapping[int, int], percent: int) -> float | None:
    """Seconds within which so many of a hundred were; None where there were none."""
    rank = ceil(sum(counts.values()) * percent / 100)
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0 < counts[bucket]:
            return middle(bucket)
    return None
