"""Meta's side of the conversation, on this machine: a Cloud API, phones, a mailbox, a clock, and faults.

A program of its own: one process, standard threads, everything in memory, every request in a ledger file.
Of ours it knows only Meta's limits, and nothing of ours knows it, so it is an independent witness.
"""

from inspector_whatsapp.simulator.config import Config
from inspector_whatsapp.simulator.server import run

__all__ = ["Config", "run"]
