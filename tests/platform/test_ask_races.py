"""Visits that are taken over, everybody at the same moment on connections of their own."""

from functools import partial

import pytest

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, Change, Inspection, User
from inspector_whatsapp.models.asks import AskState
from tests.factories import InspectionFactory, InspectorFactory, PropertyFactory, SlotFactory, at
from tests.platform.test_waiting_races import together

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT


def test_one_has_it_whatever_happens_to_it_at_once() -> None:
    home = PropertyFactory(area="Oniru")
    others = InspectorFactory.create_batch(3)
    for other in others:
        SlotFactory(property=home, inspector=other, starts_at=at(10, days=-9))
    for round in range(4):
        slot = SlotFactory(property=home, capacity=2, taken=2, starts_at=at(9 + 2 * round, days=3))
        visit = [InspectionFactory(slot=slot) for _ in range(2)]
        assert slot.inspector is not None
        # Handed back by each of its taps: one asks.
        together(
            *(
                partial(inspections.hand_back, inspection=one, actor=slot.inspector, origin=CHAT)
                for one in visit
            )
        )
        ask = Ask.objects.get(state=AskState.ASKED)
        admins: User = InspectorFactory()
        results = together(
            partial(inspections.take_over, ask=ask, actor=ask.inspector, origin=CHAT),
            partial(inspections.take_over, ask=ask, actor=ask.inspector, origin=CHAT),
            partial(inspections.pass_ask_on, ask, state=AskState.DECLINED, actor=ask.inspector, origin=CHAT),
            partial(inspections.assign, inspection=visit[0], inspector=admins, actor=None, origin=CHAT),
            inspections.tend_asks,
            partial(inspections.cancel, inspection=visit[1], actor=None, origin=CHAT),
        )
        assert not [each for each in results[:2] if each not in ("AskOver", "TooLate", visit[0], visit[1])]
        taken = Ask.objects.filter(slot=slot, state=AskState.ACCEPTED).count()
        assert taken == len([each for each in results[:2] if isinstance(each, Inspection)]) <= 1
        one = Inspection.objects.select_related("slot").get(pk=visit[0].pk)
        assert one.slot is not None
        assert one.inspector_id == one.slot.inspector_id
        given = Change.objects.filter(kind="inspection_assigned", subject=one.ref)
        assert one.inspector_id is not None
        assert given.exists()
        inspections.tend_asks()
        assert not Ask.objects.filter(slot=slot, state=AskState.ASKED).exists()
