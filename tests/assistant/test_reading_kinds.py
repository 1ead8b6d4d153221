"""Property types."""

import pytest

from bot.assistant.commands import Slots
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("let me see flats in Ajah", {"areas": ["Ajah"], "property_types": ["apartment"]}),
        ("let's check duplexes in Jabi", {"areas": ["Jabi"], "property_types": ["duplex"]}),
        ("room and parlour self contain ojota", {"areas": ["Ojota"], "property_types": ["mini_flat"]}),
        ("one room self in bariga", {"areas": ["Bariga"], "property_types": ["self_contain"]}),
        ("a room in Mushin", {"areas": ["Mushin"], "property_types": ["single_room"]}),
        ("face me i face you for Mushin", {"areas": ["Mushin"], "property_types": ["single_room"]}),
        ("single room, Agege", {"areas": ["Agege"], "property_types": ["single_room"]}),
        ("terrace in Chevron", {"areas": ["Chevron"], "property_types": ["terraced_duplex"]}),
        ("fully detached house in lokogoma", {"areas": ["Lokogoma"], "property_types": ["detached_duplex"]}),
        ("semi detached duplex at Apo", {"areas": ["Apo"], "property_types": ["semi_detached_duplex"]}),
        ("plot of land in Epe", {"areas": ["Epe"], "property_types": ["land"]}),
        ("half plot mowe", {"areas": ["Mowe"], "property_types": ["land"]}),
        ("bq in Ikoyi", {"areas": ["Ikoyi"], "property_types": ["bq"]}),
        ("i dey find bq for ikoyi", {"areas": ["Ikoyi"], "property_types": ["bq"]}),
        ("una get bq for ikoyi?", {"areas": ["Ikoyi"], "property_types": ["bq"]}),
        ("shop at Alausa", {"areas": ["Alausa"], "property_types": ["shop"]}),
        ("office space in CBD", {"areas": ["Central Area"], "property_types": ["office"]}),
        ("warehouse in Apapa", {"areas": ["Apapa"], "property_types": ["warehouse"]}),
        ("self contained apartment yaba", {"areas": ["Yaba"], "property_types": ["self_contain"]}),
        ("studio apartment in VI", {"areas": ["Victoria Island"], "property_types": ["studio"]}),
        ("penthouse apartment Ikoyi", {"areas": ["Ikoyi"], "property_types": ["penthouse"]}),
        ("not a duplex", {"property_types_excluded": ["duplex"]}),
        ("no duplex please", {"property_types_excluded": ["duplex"]}),
        ("i don't want self contain", {"property_types_excluded": ["self_contain"]}),
        ("I live in Abuja and want a flat in Jabi", {"areas": ["Jabi"], "property_types": ["apartment"]}),
        (
            "relocating from Port Harcourt, looking for flat at Gwarinpa",
            {"areas": ["Gwarinpa"], "property_types": ["apartment"]},
        ),
        ("flat in challenge", {"areas": ["Challenge"], "property_types": ["apartment"]}),
        ("self con for Ago", {"areas": ["Ago Palace Way"], "property_types": ["self_contain"]}),
        ("V.I apartment", {"areas": ["Victoria Island"], "property_types": ["apartment"]}),
        ("a flat with water heater in Yaba", {"areas": ["Yaba"], "property_types": ["apartment"]}),
        ("any flat by the road", {"property_types": ["apartment"]}),
        ("selfcon in ybaa", {"areas": ["Yaba"], "property_types": ["self_contain"]}),
        ("ebute meta mini flat", {"areas": ["Ebute Metta"], "property_types": ["mini_flat"]}),
        ("mile 12 room and parlour", {"areas": ["Mile 12"], "property_types": ["mini_flat"]}),
        ("iyana-ipaja self contained", {"areas": ["Iyana Ipaja"], "property_types": ["self_contain"]}),
        ("flat around berger", {"areas": ["Ojodu Berger"], "property_types": ["apartment"]}),
        ("land in ogun state", {"states": ["Ogun"], "property_types": ["land"]}),
        ("Benin self con", {"cities": ["Benin City"], "property_types": ["self_contain"]}),
        (
            "I work at Ikeja and need a flat not far from there, Ogba or Agege",
            {"areas": ["Ogba", "Agege"], "property_types": ["apartment"]},
        ),
        ("Agent Anthony told me about a flat in Yaba", {"areas": ["Yaba"], "property_types": ["apartment"]}),
        ("flat in Anthony", {"areas": ["Anthony"], "property_types": ["apartment"]}),
        (
            "anything but a self contain in Yaba",
            {"areas": ["Yaba"], "property_types_excluded": ["self_contain"]},
        ),
        ("a house, not a flat", {"property_types_excluded": ["apartment"]}),
        (
            "I want duplex no be flat",
            {"property_types": ["duplex"], "property_types_excluded": ["apartment"]},
        ),
        ("2 plots of land", {"property_types": ["land"]}),
        ("block of 6 flats", {"property_types": ["block_of_flats"]}),
        ("semi-detached bungalow", {"property_types": ["bungalow"]}),
        ("detached bungalow", {"property_types": ["bungalow"]}),
        ("studio or mini flat", {"property_types": ["studio", "mini_flat"]}),
        ("self contain or room and parlour", {"property_types": ["self_contain", "mini_flat"]}),
        ("flat or duplex", {"property_types": ["apartment", "duplex"]}),
        ("shop or office in Ikeja", {"areas": ["Ikeja"], "property_types": ["shop", "office"]}),
        ("open a store in yaba", {"areas": ["Yaba"], "property_types": ["shop"]}),
        ("make am no be face me i face you", {"property_types_excluded": ["single_room"]}),
        ("I need an apartment for one month", {"property_types": ["apartment"]}),
        ("newly renovated flat", {"property_types": ["apartment"]}),
        ("system admin looking for flat in Jabi", {"areas": ["Jabi"], "property_types": ["apartment"]}),
        ("self con in Unilag", {"property_types": ["self_contain"]}),
    ],
)
def test_the_most_specific_type_is_read(said: str, slots: Slots) -> None:
    assert read(said) == slots
