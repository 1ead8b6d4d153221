"""Areas, cities, states and streets: by any name, mistyped, not wanted, or only left."""

import pytest

from bot.assistant.commands import Slots
from bot.assistant.reading import places
from tests.assistant.reading import GAZETTEER, read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("mini flat, not Ajah", {"areas_excluded": ["Ajah"], "property_types": ["mini_flat"]}),
        (
            "anywhere except Ajah and Badore on the island",
            {"areas": ["Island"], "areas_excluded": ["Ajah", "Badore"]},
        ),
        ("no be Ajah, I want Lekki", {"areas": ["Lekki"], "areas_excluded": ["Ajah"]}),
        ("neither Ajah nor Sangotedo", {"areas_excluded": ["Ajah", "Sangotedo"]}),
        ("I no want Mushin", {"areas_excluded": ["Mushin"]}),
        ("no put me for Ikorodu abeg", {"areas_excluded": ["Ikorodu"]}),
        (
            "2 bed lagos mainland but not Agege",
            {
                "areas": ["Mainland"],
                "areas_excluded": ["Agege"],
                "cities": ["Lagos"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
            },
        ),
        ("exclude Kubwa", {"areas_excluded": ["Kubwa"]}),
        ("avoid Lugbe and Nyanya", {"areas_excluded": ["Lugbe", "Nyanya"]}),
        ("skip Karu, Nyanya and Lugbe", {"areas_excluded": ["Karu", "Nyanya", "Lugbe"]}),
        ("I stay for Ikorodu but I wan find house for Yaba", {"areas": ["Yaba"]}),
        ("GRA in Enugu", {"areas": ["Enugu GRA"]}),
        ("lekki phase one", {"areas": ["Lekki Phase 1"]}),
        ("lekki ph1", {"areas": ["Lekki Phase 1"]}),
        ("estate agent in Yaba", {"areas": ["Yaba"]}),
        ("real estate in Lagos", {"cities": ["Lagos"]}),
        (
            "room wey dey 12 Bode Thomas street Surulere",
            {"areas": ["Surulere"], "street": "12 bode thomas street"},
        ),
        (
            "flat at Admiralty Way Lekki phase 1",
            {"areas": ["Lekki Phase 1"], "street": "admiralty way", "property_types": ["apartment"]},
        ),
        (
            "shop on Allen Avenue Ikeja",
            {"areas": ["Ikeja"], "street": "allen avenue", "property_types": ["shop"]},
        ),
        ("the duplex on Adeola Odeku", {"street": "adeola odeku", "property_types": ["duplex"]}),
        (
            "3 bed along Herbert Macaulay way, Yaba",
            {"areas": ["Yaba"], "street": "herbert macaulay way", "bedrooms_min": 3, "bedrooms_max": 3},
        ),
        ("house for Ikorodu road", {"street": "ikorodu road"}),
        ("15 airport road benin", {"cities": ["Benin City"], "street": "15 airport road"}),
        ("airport road benin", {"areas": ["Airport Road"], "cities": ["Benin City"]}),
        ("is the house on Toyin street", {"street": "toyin street"}),
        ("houses off Ring Road Ibadan", {"areas": ["Ring Road"], "cities": ["Ibadan"]}),
        ("no 7 Opebi road", {"street": "7 opebi road"}),
        ("any budget, ikoyi", {"areas": ["Ikoyi"]}),
        ("what of Yaba", {"areas": ["Yaba"]}),
        ("also Yaba", {"areas": ["Yaba"]}),
        ("how about Surulere or Yaba", {"areas": ["Surulere", "Yaba"]}),
        ("ebutte metta", {"areas": ["Ebute Metta"]}),
        ("ojodu berger", {"areas": ["Ojodu Berger"]}),
        ("ago palace", {"areas": ["Ago Palace Way"]}),
        ("I want something in Lagos state", {"cities": ["Lagos"]}),
        ("oyo state houses", {"states": ["Oyo"]}),
        ("anywhere in delta", {"states": ["Delta"]}),
        ("currently living in Surulere but want to move to Yaba", {"areas": ["Yaba"]}),
        ("we are moving out of Ajah to Ikeja GRA", {"areas": ["Ikeja GRA"]}),
        ("leaving Lekki for Yaba", {"areas": ["Yaba"]}),
        ("mr ojo said the house is in Ketu", {"areas": ["Ketu"]}),
        (
            "no budget, anywhere in Abuja except Nyanya, Karu or Kubwa",
            {"areas_excluded": ["Nyanya", "Karu", "Kubwa"], "cities": ["Abuja"]},
        ),
        ("Lekki but not phase 2", {"areas": ["Lekki"], "areas_excluded": ["Lekki Phase 2"]}),
        ("not Lekki Phase 1, Ikate is fine", {"areas": ["Ikate"], "areas_excluded": ["Lekki Phase 1"]}),
        ("any house apart from Mushin side", {"areas_excluded": ["Mushin"]}),
        ("not interested in Ikorodu", {"areas_excluded": ["Ikorodu"]}),
        ("Ajah excluded", {"areas_excluded": ["Ajah"]}),
        ("Lekki Ajah Sangotedo", {"areas": ["Lekki", "Ajah", "Sangotedo"]}),
        ("Lekki/Ajah/Sangotedo axis", {"areas": ["Lekki", "Ajah", "Sangotedo"]}),
        ("yaba, surulere, ebute metta and akoka", {"areas": ["Yaba", "Surulere", "Ebute Metta", "Akoka"]}),
        ("the first one in Yaba", {"areas": ["Yaba"]}),
        ("lekki phase 1 or 2", {"areas": ["Lekki Phase 1", "Lekki Phase 2"]}),
        ("lekki phase 1 and phase 2", {"areas": ["Lekki Phase 1", "Lekki Phase 2"]}),
        ("Allen avenue", {"street": "allen avenue"}),
        ("3rd avenue festac", {"areas": ["Festac"], "street": "3rd avenue"}),
        ("i no like Agege, Iyana Ipaja no follow too", {"areas_excluded": ["Agege", "Iyana Ipaja"]}),
        ("mo fe ile ni yaba", {"areas": ["Yaba"]}),
        ("ina neman gida a jabi", {"areas": ["Jabi"]}),
        ("achoro m ulo na new haven", {"areas": ["New Haven"]}),
        ("gbgada", {"areas": ["Gbagada"]}),
        ("magodoo gra", {"areas": ["Magodo"]}),
        ("ikeja g.r.a", {"areas": ["Ikeja GRA"]}),
        ("sururlere", {"areas": ["Surulere"]}),
        ("maitema", {"areas": ["Maitama"]}),
        ("asokorro", {"areas": ["Asokoro"]}),
        ("guzappe", {"areas": ["Guzape"]}),
        ("ibadn", {"cities": ["Ibadan"]}),
        ("enugwu", {"cities": ["Enugu"]}),
        ("port harcout", {"cities": ["Port Harcourt"]}),
        ("abujaa", {"cities": ["Abuja"]}),
        ("banana islnd", {"areas": ["Banana Island"]}),
        (
            "Nothing in Mushin or Agege please. Mini flat in Shomolu or Bariga",
            {
                "areas": ["Shomolu", "Bariga"],
                "areas_excluded": ["Mushin", "Agege"],
                "property_types": ["mini_flat"],
            },
        ),
        (
            "Shop to let along Awolowo Road Ikoyi",
            {
                "areas": ["Ikoyi"],
                "street": "awolowo road",
                "property_types": ["shop"],
                "listing_type": "rent",
            },
        ),
        ("Apo legislative quarters", {"areas": ["Apo"]}),
        ("between Yaba and Surulere", {"areas": ["Yaba", "Surulere"]}),
        ("not the island", {"areas_excluded": ["Island"]}),
        ("Mainland not Island", {"areas": ["Mainland"], "areas_excluded": ["Island"]}),
        ("i want to live in Lekki", {"areas": ["Lekki"]}),
        ("where I fit stay for Yaba", {"areas": ["Yaba"]}),
        ("I go like stay for Surulere", {"areas": ["Surulere"]}),
        ("I work for VI so I want house wey dey close, Ikoyi or Oniru", {"areas": ["Ikoyi", "Oniru"]}),
        ("my wife works in Ikeja, we want something in Ogba", {"areas": ["Ogba"]}),
        ("move from my place in Ajah to Yaba", {"areas": ["Yaba"]}),
        ("Lekki-Ajah", {"areas": ["Lekki", "Ajah"]}),
        ("Ikeja but not Ikeja GRA", {"areas": ["Ikeja"], "areas_excluded": ["Ikeja GRA"]}),
    ],
)
def test_places_are_read_as_they_are_meant(said: str, slots: Slots) -> None:
    assert read(said) == slots


@pytest.mark.parametrize(
    ("rest", "name"),
    [
        ("<kind> in mars", "mars"),
        ("house around zogby please", "zogby"),
        ("<kind> in <area> in good condition", None),
        ("we pay in dollars", None),
        ("<kind> in lekkki", None),
    ],
)
def test_a_name_where_a_place_stands_and_none_is_known_is_noticed(rest: str, name: str | None) -> None:
    assert places.unknown(rest, GAZETTEER) == name
