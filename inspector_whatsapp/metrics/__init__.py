"""What Prometheus is told: how things stand, asked of PostgreSQL then, and what was counted meanwhile.

METRICS names, for each app, the functions that ask. docs/operating.md has every metric; a test compares.
"""

from inspector_whatsapp.metrics.asking import AGE, Depth, depths, exposition, today
from inspector_whatsapp.metrics.tally import Tally, tally

__all__ = ["AGE", "Depth", "Tally", "depths", "exposition", "tally", "today"]
