"""What holds for every row of CHANNELS: it is a channel, and its name fits where names are kept."""

from inspect import getmembers, isfunction, signature

import pytest
from django.conf import settings

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import Channel, channel


@pytest.mark.parametrize("name", settings.CHANNELS)
def test_a_channel_takes_what_is_asked_of_it(name: str) -> None:
    found = type(channel.by_name(name))
    assert Channel in found.__mro__
    for method, asked in getmembers(Channel, isfunction):
        if not method.startswith("_"):
            given = list(signature(getattr(found, method)).parameters.values())
            wanted = list(signature(asked).parameters.values())
            assert [(each.name, each.kind) for each in given] == [(each.name, each.kind) for each in wanted]


@pytest.mark.parametrize("name", settings.CHANNELS)
def test_a_channel_has_a_name_that_is_kept_whole(name: str) -> None:
    assert len(name) <= (OutboxMessage._meta.get_field("channel").max_length or 0)
