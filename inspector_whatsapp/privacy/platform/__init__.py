"""What the platform keeps of people: accounts, what hangs on them, and what was said to them."""

from inspector_whatsapp.privacy.inventory import Kept
from inspector_whatsapp.privacy.platform.holdings import HOLDINGS, MENTIONS


def kept() -> Kept:
    return Kept(holdings=HOLDINGS, mentions=MENTIONS)
