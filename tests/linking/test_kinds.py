"""How a WhatsApp is named to whoever may know its owner."""

import pytest

from inspector_whatsapp.models import Contact
from inspector_whatsapp.words import Reader, put
from linking.kinds import whatsapp


@pytest.mark.parametrize(
    ("phone", "named"),
    [
        ("+2348031234567", "the WhatsApp number ending 4567 (Nigeria)"),
        ("+447912345678", "the WhatsApp number ending 5678 (United Kingdom)"),
        ("+12125551234", "the WhatsApp number ending 1234 (United States)"),
        ("+18005551234", "the WhatsApp number ending 1234"),  # of a dozen countries
        ("+883510000000001", "the WhatsApp number ending 0001"),  # of none
        ("+9991234", "the WhatsApp number ending 1234"),  # of nowhere
    ],
)
def test_a_number_is_named_by_its_end_and_its_country_where_it_tells_one(phone: str, named: str) -> None:
    assert put(whatsapp(Contact(phone=phone)), Reader()) == named
