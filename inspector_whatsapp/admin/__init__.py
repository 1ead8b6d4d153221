"""The console's pages for Inspector's rows and for what leaves; each file has those of one subject."""

from inspector_whatsapp.admin import (
    accounts,
    audit,
    enquiries,
    feedback,
    fraud,
    incidents,
    inspections,
    jobs,
    listings,
    outbox,
    privacy,
    running,
    sending,
    sharing,
)

__all__ = [
    "accounts",
    "audit",
    "enquiries",
    "feedback",
    "fraud",
    "incidents",
    "inspections",
    "jobs",
    "listings",
    "outbox",
    "privacy",
    "running",
    "sending",
    "sharing",
]
