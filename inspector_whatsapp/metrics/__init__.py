"""What Prometheus is told: how things stand, asked of PostgreSQL then, and what was counted meanwhile.

METRICS names, for each app, the functions that ask. docs/operating.md has every metric; a test compares.
"""

from inspector_whatsapp.metrics.asking import AGE, MOST, Counts, Depth, depths, exposition, grown
from inspector_whatsapp.metrics.tally import Tally, tally

__all__ = ["AGE", "MOST", "Counts", "Depth", "Tally", "depths", "exposition", "grown", "tally"]
