"""Work on many rows that one of the staff asks for: it is written down, and workers do it batch by batch.

    begin()    keep what is to be done to which rows, once per form     (beginning.py)
    cancel()   no batch follows the one under way
    work()     batches of whatever is open, one transaction each        (running.py)

What can be done is found by name in the modules of JOBS (works.py): each does it to one row, by a verb.
"""

from inspector_whatsapp.jobs.beginning import MOST, TooMany, begin, cancel
from inspector_whatsapp.jobs.running import BATCH, any_open, work
from inspector_whatsapp.jobs.works import NotDone, Work, by_name

__all__ = ["BATCH", "MOST", "NotDone", "TooMany", "Work", "any_open", "begin", "by_name", "cancel", "work"]
