"""Columns that can hold words and hold nothing of the people whom the service is for, each with the reason.

What is chosen from a list, and what `inventory` names, is not named here again.
"""

from collections.abc import Mapping
from typing import Final

_OURS: Final = "the service's own words and numbers"
_META: Final = "Meta's and ours about the business account, nobody's else"
_STAFF: Final = "about the staff of the console, whose acts are kept"
_INSPECTOR: Final = "Inspector's ids and addresses, which say nothing by themselves"

# By table; a table's third-party owner may not be installed.
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "inspector_whatsapp.User": (_OURS, "language"),
    "inspector_whatsapp.Contact": (_OURS, "language"),
    "inspector_whatsapp.AuditEntry": (_STAFF, "page object_id says details address"),
    "inspector_whatsapp.DayFigure": ("how many there were of what on a day", "name label"),
    "inspector_whatsapp.Job": (_OURS, "work token chosen reason"),
    "inspector_whatsapp.LeftOut": (_OURS, "why"),
    "inspector_whatsapp.Change": (_OURS, "kind subject"),
    "inspector_whatsapp.OutboxMessage": (_OURS, "kind channel price_category"),
    "inspector_whatsapp.Answer": (
        "deleted whole where it names somebody who is erased",
        "caller key fingerprint body headers",
    ),
    "inspector_whatsapp.ChannelState": (_OURS, "channel why"),
    "inspector_whatsapp.FraudSign": ("keys of rows and numbers counted from them", "key rows figures"),
    "inspector_whatsapp.Heartbeat": (_OURS, "name"),
    "inspector_whatsapp.InspectorEvent": (_INSPECTOR, "event_id type subject fingerprint"),
    "inspector_whatsapp.Property": (_INSPECTOR, "platform_id ref currency amenities"),
    "inspector_whatsapp.PropertyPhoto": (_INSPECTOR, "platform_id digest media_id"),
    "inspector_whatsapp.Interest": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.SavedSearch": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.SearchLess": (_OURS, "currency"),
    "inspector_whatsapp.Slot": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.Inspection": (_INSPECTOR, "platform_id ref"),
    "inspector_whatsapp.InspectionPhoto": (_INSPECTOR, "platform_id digest"),
    "inspector_whatsapp.TimeOff": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.Feedback": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.ProblemReport": (_INSPECTOR, "platform_id"),
    "inspector_whatsapp.Incident": ("ids and no words; looked through all the same", "kind key sentence"),
    "inspector_whatsapp.PriceCount": (_META, "category"),
    "inspector_whatsapp.PriceCategory": (_META, "category currency"),
    "inspector_whatsapp.SearchPlace": (
        "a trigger makes them from saved searches, and deletes them with these",
        "place listing_type kind currency",
    ),
    "inspector_whatsapp.ShareSource": (_OURS, "code"),
    "inspector_whatsapp.ShareDay": ("a secret, thrown away after its day", "salt"),
    "inspector_whatsapp.ShareVisit": ("says of nobody whose it is, and goes after its day", "digest"),
    "inspector_whatsapp.PhotoSource": (_INSPECTOR, "platform_id url why"),
    "inspector_whatsapp.Watermark": (_INSPECTOR, "view refused"),
    "inspector_whatsapp.Tombstone": ("a digest under our secret, of nobody that is here", "digest"),
    "notifications.Broadcast": (
        "what the staff say to many at once, which is about nobody",
        "name text text_pcm roles area token currency paused_why",
    ),
    "notifications.Preference": (_OURS, "channel"),
    "notifications.ReminderRule": (_OURS, "name listing_types roles channels"),
    "notifications.ScheduleRun": (_OURS, "did error"),
    "notifications.MessageTemplate": (
        _META,
        "name language name_at_meta body buttons examples reason meta_id components",
    ),
    "linking.LinkCodeDevice": (_OURS, "name"),
    "bot.WebhookBody": (_OURS, "digest"),
    "bot.Draft": (_OURS, "flow"),
    "bot.InboundEvent": (_OURS, "kind"),
    # --- others' tables, in which only we write ---
    "auth.Permission": (_OURS, "name codename"),
    "auth.Group": (_OURS, "name"),
    "contenttypes.ContentType": (_OURS, "app_label model"),
    "sessions.Session": (_STAFF, "session_key session_data"),
    "django_celery_beat.CrontabSchedule": (
        _OURS,
        "minute hour day_of_month month_of_year day_of_week timezone",
    ),
    "django_celery_beat.PeriodicTask": (
        _OURS,
        "name task args kwargs queue exchange routing_key headers description",
    ),
    "otp_totp.TOTPDevice": (_STAFF, "name key"),
    "otp_static.StaticDevice": (_STAFF, "name"),
    "otp_static.StaticToken": (_STAFF, "token"),
    "axes.AccessAttempt": (
        "who tries the console's door; deleted whole where it names somebody who is erased",
        "user_agent ip_address username http_accept path_info get_data post_data",
    ),
    "axes.AccessAttemptExpiration": (_STAFF, ""),
    "axes.AccessLog": (
        "who came through the console's door",
        "user_agent ip_address username http_accept path_info session_hash",
    ),
    "axes.AccessFailureLog": (
        "who tries the console's door",
        "user_agent ip_address username http_accept path_info",
    ),
}


def of(label: str) -> frozenset[str]:
    """The harmless columns of a table."""
    return frozenset(COLUMNS[label][1].split()) if label in COLUMNS else frozenset()
