"""The console's pages for Inspector's rows and for what leaves; each file has those of one subject."""

from inspector_whatsapp.admin import (
    accounts,
    feedback,
    incidents,
    inspections,
    listings,
    outbox,
    running,
    sending,
    sharing,
)

__all__ = [
    "accounts",
    "feedback",
    "incidents",
    "inspections",
    "listings",
    "outbox",
    "running",
    "sending",
    "sharing",
]
