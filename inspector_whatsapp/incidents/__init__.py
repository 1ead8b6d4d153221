"""Incidents: what a person should look at. The same trouble is opened once and counted.

report()   open one, or count it again                 (opening.py)
see()      somebody looks into it: nobody is told of it any more
close()    it is over
KINDS      what each kind means, and what to do        (kinds.py)
"""

from inspector_whatsapp.incidents.kinds import KINDS, Kind, Severity, at_once, kind_of, worth_a_mail
from inspector_whatsapp.incidents.opening import close, report, see, settle

__all__ = [
    "KINDS",
    "Kind",
    "Severity",
    "at_once",
    "close",
    "kind_of",
    "report",
    "see",
    "settle",
    "worth_a_mail",
]
