"""What an admin makes of a sign."""

from django.db import transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models import User
from inspector_whatsapp.models.fraud import FraudSign, Judgement


def judge(*, sign: FraudSign, judgement: Judgement, actor: User) -> bool:
    """Say what it is; whether that is news. Nothing else happens: what follows is for people to do."""
    with transaction.atomic():
        sign = FraudSign.objects.select_for_update().get(pk=sign.pk)
        if sign.judged == judgement:
            return False
        sign.judged, sign.judged_by, sign.judged_at = judgement, actor, clock.now()
        sign.save(update_fields=["judged", "judged_by", "judged_at"])
    return True
