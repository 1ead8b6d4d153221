"""Bedrooms and bathrooms."""

import pytest

from bot.assistant.commands import Slots
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        (
            "any fine spacious luxury 3 bed in Maitama",
            {"areas": ["Maitama"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "2 rooms in Apata ibadan",
            {"areas": ["Apata"], "cities": ["Ibadan"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("at least 3 bedrooms in Enugu", {"cities": ["Enugu"], "bedrooms_min": 3}),
        ("more than 2 bedrooms", {"bedrooms_min": 3}),
        ("up to 4 bedrooms in New Haven", {"areas": ["New Haven"], "bedrooms_max": 4}),
        ("2 or 3 bedroom in Asaba", {"cities": ["Asaba"], "bedrooms_min": 2, "bedrooms_max": 3}),
        ("2-3 bedroom Abeokuta", {"cities": ["Abeokuta"], "bedrooms_min": 2, "bedrooms_max": 3}),
        (
            "3b/r duplex Garki",
            {"areas": ["Garki"], "property_types": ["duplex"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "4 bdrm duplex Garki",
            {"areas": ["Garki"], "property_types": ["duplex"], "bedrooms_min": 4, "bedrooms_max": 4},
        ),
        (
            "3 bed 2 bath in Woji",
            {"areas": ["Woji"], "bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 2},
        ),
        ("3 bedrooms and above", {"bedrooms_min": 3}),
        ("house with at least 2 bathrooms in Yaba", {"areas": ["Yaba"], "bathrooms_min": 2}),
        (
            "I'm moving from Ibadan to Lekki, need 2 bed",
            {"areas": ["Lekki"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "my office is in VI, 2 bedroom around Yaba",
            {"areas": ["Yaba"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "2 bedroom at Challenge Ibadan",
            {"areas": ["Challenge"], "cities": ["Ibadan"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("Ago Palace Way 2 bed", {"areas": ["Ago Palace Way"], "bedrooms_min": 2, "bedrooms_max": 2}),
        ("Port 3 bedroom", {"cities": ["Port Harcourt"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("3 bed on the island", {"areas": ["Island"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("Ikeja GRA 4 bed", {"areas": ["Ikeja GRA"], "bedrooms_min": 4, "bedrooms_max": 4}),
        ("GRA Ikeja 4 bed", {"areas": ["Ikeja GRA"], "bedrooms_min": 4, "bedrooms_max": 4}),
        (
            "wuse 2 3 bedroom flat",
            {"areas": ["Wuse 2"], "property_types": ["apartment"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "wuse 2 bedroom flat",
            {"areas": ["Wuse"], "property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "3 bedroom in wuse, 2 bathrooms",
            {"areas": ["Wuse"], "bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 2},
        ),
        ("lekki ph1 2 bed", {"areas": ["Lekki Phase 1"], "bedrooms_min": 2, "bedrooms_max": 2}),
        ("lekki 2 3 bed", {"areas": ["Lekki Phase 2"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("furnished or unfurnished 2 bed Wuse", {"areas": ["Wuse"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "3 bed flat victora iland",
            {
                "areas": ["Victoria Island"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
            },
        ),
        ("portharcourt gra 3 bed", {"areas": ["Port Harcourt GRA"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("3 bed in ph gra", {"areas": ["Port Harcourt GRA"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("D line 2 bedroom", {"areas": ["D-Line"], "bedrooms_min": 2, "bedrooms_max": 2}),
        ("abule-egba 3 bedroom", {"areas": ["Abule Egba"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("festac town 3 bed", {"areas": ["Festac"], "bedrooms_min": 3, "bedrooms_max": 3}),
        (
            "transferred from Kano to Abuja, want 2 bed in Kubwa",
            {"areas": ["Kubwa"], "cities": ["Abuja"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("anthony village 2 bedroom", {"areas": ["Anthony"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "3 bed at Independence Layout",
            {"areas": ["Independence Layout"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "2 bedroom Jericho Ibadan",
            {"areas": ["Jericho"], "cities": ["Ibadan"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "no self contain, no mini flat. I want 2 bedroom flat in Ketu",
            {
                "areas": ["Ketu"],
                "property_types": ["apartment"],
                "property_types_excluded": ["self_contain", "mini_flat"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
            },
        ),
        ("maximum 2 bedroom", {"bedrooms_max": 2}),
        ("3 bedroom minimum 2 toilets", {"bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 2}),
        ("not less than 2 bedrooms", {"bedrooms_min": 2}),
        (
            "two to three bedroom bungalow",
            {"property_types": ["bungalow"], "bedrooms_min": 2, "bedrooms_max": 3},
        ),
        ("3/4 bedroom duplex", {"property_types": ["duplex"], "bedrooms_min": 3, "bedrooms_max": 4}),
        (
            "three or four bedroom terrace",
            {"property_types": ["terraced_duplex"], "bedrooms_min": 3, "bedrooms_max": 4},
        ),
        (
            "2 bedroom or 3 bedroom flat",
            {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 3},
        ),
        ("i need 3 rooms", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("3 rooms and a parlour", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("one bedroom in lekki", {"areas": ["Lekki"], "bedrooms_min": 1, "bedrooms_max": 1}),
        ("1 bedroom mini flat", {"property_types": ["mini_flat"], "bedrooms_min": 1, "bedrooms_max": 1}),
        (
            "3 bedroom bungalow on 1 plot",
            {"property_types": ["bungalow"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "detached 5 bedroom duplex in Guzape",
            {
                "areas": ["Guzape"],
                "property_types": ["detached_duplex"],
                "bedrooms_min": 5,
                "bedrooms_max": 5,
            },
        ),
        (
            "1 room bq in ikoyi",
            {"areas": ["Ikoyi"], "property_types": ["bq"], "bedrooms_min": 1, "bedrooms_max": 1},
        ),
        ("2 bed close to Yaba", {"areas": ["Yaba"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "3 bedroom bungalow on half plot",
            {"property_types": ["bungalow"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        (
            "2 bedroom flat in Jos for a year",
            {"cities": ["Jos"], "property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("parking optional, 2 bed Wuse", {"areas": ["Wuse"], "bedrooms_min": 2, "bedrooms_max": 2}),
        ("unserviced 2 bed flat", {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "i am a christian looking for 2 bed in Yaba",
            {"areas": ["Yaba"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("2 bedroom flat at ikotun", {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2}),
        ("3bed sangotedo ajah", {"areas": ["Sangotedo", "Ajah"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("lekkki 2 bed", {"areas": ["Lekki"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "3 Bedroom Flat @ Gbagada Phase 2",
            {"areas": ["Gbagada"], "property_types": ["apartment"], "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        ("Magodo phase 2 4 bed", {"areas": ["Magodo"], "bedrooms_min": 4, "bedrooms_max": 4}),
        ("Ogudu GRA 3 bed", {"areas": ["Ogudu"], "bedrooms_min": 3, "bedrooms_max": 3}),
        ("island only, 2 bed", {"areas": ["Island"], "bedrooms_min": 2, "bedrooms_max": 2}),
        (
            "2 bed flat for two people",
            {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "currently in Kaduna, relocating to Abuja next month, 2 bed in Gwarinpa or Kubwa",
            {"areas": ["Gwarinpa", "Kubwa"], "cities": ["Abuja"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "from Lekki to Ajah axis any 2 bed",
            {"areas": ["Lekki", "Ajah"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("3 bedroom, 4 toilets, 3 baths", {"bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 3}),
        ("3 bedrooms 3 bathrooms and above", {"bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 3}),
        ("3 bedroom(s)", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("3-bedroom", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("3 -bedroom", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("3bd/2ba", {"bedrooms_min": 3, "bedrooms_max": 3, "bathrooms_min": 2}),
        ("3 br", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("4+ bedroom", {"bedrooms_min": 4}),
        ("5 or more bedrooms", {"bedrooms_min": 5}),
        ("at least two rooms", {"bedrooms_min": 2}),
        ("minimum 2 rooms", {"bedrooms_min": 2}),
        ("more than three bed", {"bedrooms_min": 4}),
        ("between 2 and 4 bedrooms", {"bedrooms_min": 2, "bedrooms_max": 4}),
        ("bedrooms: 3", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("no of bedrooms 3", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("2 room and parlour", {"bedrooms_min": 2, "bedrooms_max": 2}),
        ("two rooms flat", {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2}),
    ],
)
def test_rooms_are_counted_as_they_are_meant(said: str, slots: Slots) -> None:
    assert read(said) == slots
