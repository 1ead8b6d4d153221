"""Long work that can be left and gone on with: its answers lie in a row of their own, for a week."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from bot.models import Draft, Upload
from bot.scripts import Answers
from inspector_whatsapp import clock
from inspector_whatsapp.models import InspectionPhoto, PropertyPhoto, User

LASTS = timedelta(days=7)  # from when it was last worked on
UPLOADS_LAST = timedelta(days=8)  # a photo that nothing names any more


def of(account: User, flow: str, *, now: datetime) -> Draft | None:
    """What the account has begun of this flow, if it is no older than a week."""
    return Draft.objects.filter(account=account, flow=flow, touched_at__gt=now - LASTS).first()


def keep(account: User, flow: str, answers: Answers, *, now: datetime) -> None:
    """Keep the answers so far."""
    Draft.objects.update_or_create(
        account=account, flow=flow, defaults={"answers": answers, "touched_at": now}
    )


def throw_away(account: User, flow: str) -> None:
    """Forget it: it is finished, or not wanted any more."""
    Draft.objects.filter(account=account, flow=flow).delete()


def sweep() -> int:
    """Throw away what nobody went on with, and photos that nothing names; how many files."""
    now = clock.now()
    Draft.objects.filter(touched_at__lte=now - LASTS).delete()
    named = {
        upload
        for answers in Draft.objects.values_list("answers", flat=True)
        for answer in answers.values()
        if isinstance(answer, dict)
        for upload in answer.get("uploads", [])
    }
    old = Upload.objects.filter(created_at__lte=now - UPLOADS_LAST).exclude(pk__in=named)
    gone = 0
    for upload in old[:500]:
        used = (
            PropertyPhoto.objects.filter(image=upload.file).exists()
            or InspectionPhoto.objects.filter(image=upload.file).exists()
        )
        if not used:
            default_storage.delete(upload.file)
            gone += 1
        upload.delete()
    return gone
