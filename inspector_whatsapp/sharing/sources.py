"""The sources of links: agents, their groups, campaigns; who came to the chat by them, and who booked."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Lower

from inspector_whatsapp import changes, clock, listings
from inspector_whatsapp.models import (
    Contact,
    ShareBooking,
    ShareChat,
    ShareCount,
    ShareSource,
    User,
)
from inspector_whatsapp.models.sharing import CODE, SourceKind, Step
from inspector_whatsapp.sharing.links import code_in

BROUGHT = timedelta(days=30)  # whoever books so long after they came was brought by the source
_CODE = re.compile(CODE, re.IGNORECASE)
_LETTERS, _SIGNS = "bcdfghjkmnqstvwxz", "23456789bcdfghjkmnqstvwxz"


def known(code: str) -> ShareSource | None:
    """The source of that code."""
    if not _CODE.fullmatch(code):
        return None
    return ShareSource.objects.filter(code=code.lower()).first()


def of_agent(agent: User) -> ShareSource:
    """The source of what an agent shares themselves; made when it is first wanted."""
    return _of(agent, SourceKind.AGENT, "")


def of_group(agent: User, label: str) -> ShareSource:
    """The source of an agent's group by its name, in whatever case; made when it is first wanted."""
    return _of(agent, SourceKind.GROUP, label)


def groups_of(agent: User) -> QuerySet[ShareSource]:
    """The groups that an agent has a link for, the newest first."""
    return ShareSource.objects.filter(agent=agent, kind=SourceKind.GROUP).order_by("-pk")


def begin_campaign(label: str) -> ShareSource:
    """A source that is nobody's. Raises IntegrityError when there is one of that name."""
    return ShareSource.objects.create(
        code=_new_code(), kind=SourceKind.CAMPAIGN, label=label, created_at=clock.now()
    )


def _of(agent: User, kind: SourceKind, label: str) -> ShareSource:
    own = ShareSource.objects.annotate(low=Lower("label")).filter(agent=agent, low=Lower(Value(label)))
    source = own.first()
    if source is None:
        new = ShareSource(code=_new_code(), kind=kind, agent=agent, label=label, created_at=clock.now())
        ShareSource.objects.bulk_create([new], ignore_conflicts=True)  # somebody else may just have
        source = own.get()
    return source


def _new_code() -> str:
    """37 bits; it begins with a letter, so that it is never taken for a number."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(7))


# --- what came of them ------------------------------------------------------------------------------------
def with_counts(sources: QuerySet[ShareSource]) -> QuerySet[Any]:
    """Each with `opened`, `asked`, `chatted` and `booked`: people per day, people, people, inspections."""
    return sources.annotate(
        opened=_people(Step.OPENED),
        asked=_people(Step.ASKED),
        chatted=_rows(ShareChat.objects),
        booked=_rows(ShareBooking.objects),
    )


def results_of(agent: User) -> QuerySet[Any]:
    """The agent's sources with what came of them, the newest first."""
    return with_counts(ShareSource.objects.filter(agent=agent)).order_by("-pk")


def _people(step: Step) -> Coalesce:
    of_source = ShareCount.objects.filter(source=OuterRef("pk"), step=step).order_by().values("source")
    return Coalesce(Subquery(of_source.annotate(n=Sum("people")).values("n"), output_field=IntegerField()), 0)


def _rows(rows: Any) -> Coalesce:
    of_source = rows.filter(source=OuterRef("pk")).order_by().values("source")
    return Coalesce(Subquery(of_source.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


_CAME = """
INSERT INTO inspector_whatsapp_sharechat (source_id, property_id, contact_id, at)
SELECT source.id, property.id, %s, clock_now()
FROM inspector_whatsapp_sharesource source, inspector_whatsapp_property property
WHERE source.code = %s AND property.ref = %s AND property.published_at IS NOT NULL
ON CONFLICT (source_id, property_id, contact_id) DO UPDATE SET at = EXCLUDED.at
"""


def arrived(contact: Contact, text: str) -> None:
    """Somebody writes: if the message names a source and a property, the source has brought them."""
    code = code_in(text)
    ref = listings.ref_in(text) if code else None
    if ref is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CAME, [contact.pk, code, ref])


# Whichever of the seeker's links counts: they may have connected after they came, or speak by another by now.
_BROUGHT = """
INSERT INTO inspector_whatsapp_sharebooking (source_id, inspection_id)
SELECT DISTINCT ON (booked.inspection) chat.source_id, booked.inspection
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])
    AS booked (inspection, seeker, property, since)
JOIN inspector_whatsapp_link link ON link.account_id = booked.seeker
JOIN inspector_whatsapp_sharechat chat ON chat.contact_id = link.contact_id
    AND chat.property_id = booked.property AND chat.at > booked.since
ORDER BY booked.inspection, chat.at DESC, chat.id DESC
ON CONFLICT (inspection_id) DO NOTHING
"""


# Certain, or to be confirmed by the agent or by Inspector's backend.
_BOOKINGS = ("inspection_booked", "inspection_requested", "inspection_pending")


def on_change(happened: changes.Happened) -> None:
    """A booking is counted for the source that its seeker last came by; two contacts were one."""
    on_changes([happened])


def on_changes(happened: Sequence[changes.Happened]) -> None:
    """The same, for many changes: their bookings are counted in one statement."""
    rows = []
    for one in happened:
        if one.kind in _BOOKINGS and "from" not in one.data:
            booked: Any = one.subject
            since = booked.created_at - BROUGHT
            rows.append((booked.pk, booked.seeker_id, booked.property_id, since))
        elif one.kind == "contact_merged":
            _follow(one.data["merged"], one.subject.pk)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_BROUGHT, [list(column) for column in zip(*rows, strict=True)])


_FOLLOW = """
UPDATE inspector_whatsapp_sharechat chat SET at = greatest(chat.at, shell.at)
FROM inspector_whatsapp_sharechat shell
WHERE chat.contact_id = %(into)s AND shell.contact_id = %(shell)s
    AND shell.source_id = chat.source_id AND shell.property_id = chat.property_id;
DELETE FROM inspector_whatsapp_sharechat shell USING inspector_whatsapp_sharechat chat
WHERE chat.contact_id = %(into)s AND shell.contact_id = %(shell)s
    AND shell.source_id = chat.source_id AND shell.property_id = chat.property_id;
UPDATE inspector_whatsapp_sharechat SET contact_id = %(into)s WHERE contact_id = %(shell)s;
"""


def _follow(shell: int, into: int) -> None:
    """Of the same way that both came, the later time counts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"shell": shell, "into": into})
