"""People's data in the console: copies, erasures, holds, what is kept, and who is affected by a breach."""

from inspector_whatsapp.admin.privacy.person import WithPrivacy
from inspector_whatsapp.admin.privacy.rows import ErasureAdmin, LegalHoldAdmin, PersonExportAdmin

__all__ = ["ErasureAdmin", "LegalHoldAdmin", "PersonExportAdmin", "WithPrivacy"]
