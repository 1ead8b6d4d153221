"""To Meta, for review."""

from django.conf import settings
from django.utils.translation import gettext as _

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.errors import CloudError, Uncertain
from notifications.meta import client
from notifications.models import MessageTemplate, TemplateCategory, TemplateStatus
from notifications.registry.declaring import definition
from notifications.registry.reading import code, text

SUBMITTABLE = (TemplateStatus.DRAFT, TemplateStatus.DELETED)


class CannotSubmit(Exception):
    """It is with Meta already; the words say so."""


def submit(row: MessageTemplate) -> MessageTemplate:
    """Make the version at Meta, and give it back as it stands then: in review, as a rule.

    Raises CannotSubmit, or CloudError when Meta refuses it or cannot be reached; after `Uncertain` it counts
    as submitted, and the next look at Meta's list tells. Not to be called in a transaction.
    """
    rows = MessageTemplate.objects.filter(pk=row.pk)
    # Written first: Meta may approve it before its answer has arrived here, and two clicks submit once.
    taken = rows.filter(status__in=SUBMITTABLE).update(
        status=TemplateStatus.PENDING,
        reason="",
        meta_id="",
        components=None,
        status_at=None,
        submitted_at=clock.now(),
    )
    if not taken:
        row.refresh_from_db()
        raise CannotSubmit(
            _("Meta has %(template)s already: %(status)s.")
            % {"template": row, "status": row.get_status_display()}
        )
    row.refresh_from_db()
    pending = rows.filter(status=TemplateStatus.PENDING)
    try:
        answer = client().create_template(settings.WHATSAPP_BUSINESS_ACCOUNT_ID, definition(row))
    except Uncertain as error:
        pending.update(reason=f"Meta did not answer: {error}"[:500])
        raise
    except CloudError as error:
        pending.update(
            status=TemplateStatus.DRAFT, reason=f"Meta refused it: {error}"[:500], submitted_at=None
        )
        raise
    rows.filter(meta_id="").update(meta_id=text(answer, "id")[:64])
    if category := code(answer, "category", TemplateCategory):
        rows.filter(category_at_meta="").update(category_at_meta=category)
    if (status := code(answer, "status", TemplateStatus)) and status != TemplateStatus.PENDING:
        pending.update(status=status)
    row.refresh_from_db()
    return row
