"""Inspector's tables, mirrored, and what this service keeps beside them.

Each file here holds the rows of the module of the same name one level up, which holds the verbs.
"""

from inspector_whatsapp.models.accounts import Language, Role, User
from inspector_whatsapp.models.answers import Answer
from inspector_whatsapp.models.asks import Ask
from inspector_whatsapp.models.audit import AuditEntry
from inspector_whatsapp.models.changes import Change
from inspector_whatsapp.models.circuit import ChannelState
from inspector_whatsapp.models.clock import ClockOffset, Heartbeat
from inspector_whatsapp.models.contacts import Contact, Link
from inspector_whatsapp.models.delays import Delay
from inspector_whatsapp.models.enquiries import Enquirer, Enquiry
from inspector_whatsapp.models.events import InspectorEvent
from inspector_whatsapp.models.feedback import Feedback, ProblemReport
from inspector_whatsapp.models.figures import DayFigure, FigureDay
from inspector_whatsapp.models.fraud import FraudSign
from inspector_whatsapp.models.incidents import Incident
from inspector_whatsapp.models.inspections import Inspection, InspectionPhoto, Slot, TimeOff
from inspector_whatsapp.models.jobs import Job, LeftOut
from inspector_whatsapp.models.listings import Interest, Property, PropertyPhoto, SavedSearch
from inspector_whatsapp.models.mailboxes import Mailbox
from inspector_whatsapp.models.mirrored import Mirrored
from inspector_whatsapp.models.outbox import OutboxMessage
from inspector_whatsapp.models.presence import Presence
from inspector_whatsapp.models.prices import PriceCategory, PriceCount
from inspector_whatsapp.models.privacy import Erasure, LegalHold, PersonExport, Tombstone
from inspector_whatsapp.models.safety import Distress, Stay
from inspector_whatsapp.models.searches import SearchLess, SearchPlace
from inspector_whatsapp.models.sharing import (
    ShareBooking,
    ShareChat,
    ShareCount,
    ShareDay,
    ShareSource,
    ShareVisit,
)
from inspector_whatsapp.models.synced import PhotoSource, Watermark
from inspector_whatsapp.models.waiting import Wait

__all__ = [
    "Answer",
    "Ask",
    "AuditEntry",
    "Change",
    "ChannelState",
    "ClockOffset",
    "Contact",
    "DayFigure",
    "Delay",
    "Distress",
    "Enquirer",
    "Enquiry",
    "Erasure",
    "Feedback",
    "FigureDay",
    "FraudSign",
    "Heartbeat",
    "Incident",
    "Inspection",
    "InspectionPhoto",
    "InspectorEvent",
    "Interest",
    "Job",
    "Language",
    "LeftOut",
    "LegalHold",
    "Link",
    "Mailbox",
    "Mirrored",
    "OutboxMessage",
    "PersonExport",
    "PhotoSource",
    "Presence",
    "PriceCategory",
    "PriceCount",
    "ProblemReport",
    "Property",
    "PropertyPhoto",
    "Role",
    "SavedSearch",
    "SearchLess",
    "SearchPlace",
    "ShareBooking",
    "ShareChat",
    "ShareCount",
    "ShareDay",
    "ShareSource",
    "ShareVisit",
    "Slot",
    "Stay",
    "TimeOff",
    "Tombstone",
    "User",
    "Wait",
    "Watermark",
]
