"""Signs of fraud: what is odd about listings, accounts and numbers, for admins to look into.

Nothing follows from a sign by itself. Each names the rows that it was seen in, and an admin says what it is.
"""

from inspector_whatsapp.fraud.judging import judge
from inspector_whatsapp.fraud.looking import look

__all__ = ["judge", "look"]
