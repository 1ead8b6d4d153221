"""What is on offer, and in which order."""

import pytest

from bot.assistant.commands import Slots
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("shortlet for 3 nights in Ikate", {"areas": ["Ikate"], "listing_type": "shortlet"}),
        (
            "need apartment for two weeks in Wuse 2",
            {"areas": ["Wuse 2"], "property_types": ["apartment"], "listing_type": "shortlet"},
        ),
        (
            "flats to let in Utako",
            {"areas": ["Utako"], "property_types": ["apartment"], "listing_type": "rent"},
        ),
        ("house for lease at Oniru", {"areas": ["Oniru"], "listing_type": "rent"}),
        (
            "cheap self contain in Akoka",
            {"areas": ["Akoka"], "property_types": ["self_contain"], "sort": "price_asc"},
        ),
        (
            "not too costly flat around Maryland",
            {"areas": ["Maryland"], "property_types": ["apartment"], "sort": "price_asc"},
        ),
        ("newest listings in Yaba", {"areas": ["Yaba"], "sort": "newest"}),
        ("most expensive houses in Banana Island", {"areas": ["Banana Island"], "sort": "price_desc"}),
        (
            "block of flats for sale in Ogba",
            {"areas": ["Ogba"], "property_types": ["block_of_flats"], "listing_type": "sale"},
        ),
        ("cheaper ones", {"sort": "price_asc"}),
        (
            "cheap room for agege",
            {"areas": ["Agege"], "property_types": ["single_room"], "sort": "price_asc"},
        ),
        ("houses for sale in Rivers state", {"states": ["Rivers"], "listing_type": "sale"}),
        (
            "I am in London, need 4 bedroom detached house in Ikoyi to buy",
            {
                "areas": ["Ikoyi"],
                "property_types": ["detached_duplex"],
                "bedrooms_min": 4,
                "bedrooms_max": 4,
                "listing_type": "sale",
            },
        ),
        (
            "boys quarters in VI for rent",
            {"areas": ["Victoria Island"], "property_types": ["bq"], "listing_type": "rent"},
        ),
        (
            "office space for rent in Wuse 2",
            {"areas": ["Wuse 2"], "property_types": ["office"], "listing_type": "rent"},
        ),
        ("abeg any cheap cheap house for Ipaja?", {"areas": ["Ipaja"], "sort": "price_asc"}),
        ("airbnb in ikeja for the weekend", {"areas": ["Ikeja"], "listing_type": "shortlet"}),
        ("place to stay for 5 days in Abuja", {"cities": ["Abuja"], "listing_type": "shortlet"}),
        ("a 3 night stay in VI", {"areas": ["Victoria Island"], "listing_type": "shortlet"}),
        ("apartment for 2 weeks", {"property_types": ["apartment"], "listing_type": "shortlet"}),
        (
            "to lease a warehouse at Apapa",
            {"areas": ["Apapa"], "property_types": ["warehouse"], "listing_type": "rent"},
        ),
        (
            "purchase a penthouse in Ikoyi",
            {"areas": ["Ikoyi"], "property_types": ["penthouse"], "listing_type": "sale"},
        ),
        ("outright purchase", {"listing_type": "sale"}),
        ("i want to rent not buy", {"listing_type": "rent"}),
        ("not for sale, for rent", {"listing_type": "rent"}),
        ("house to buy not rent", {"listing_type": "sale"}),
        ("budget friendly apartments", {"property_types": ["apartment"], "sort": "price_asc"}),
        (
            "not expensive flats in Ojota",
            {"areas": ["Ojota"], "property_types": ["apartment"], "sort": "price_asc"},
        ),
        ("affordable housing in Karu", {"areas": ["Karu"], "sort": "price_asc"}),
        ("most affordable", {"sort": "price_asc"}),
        ("lowest price first", {"sort": "price_asc"}),
        ("sort by price low to high", {"sort": "price_asc"}),
        ("latest properties in Guzape", {"areas": ["Guzape"], "sort": "newest"}),
        ("recently added", {"sort": "newest"}),
        (
            "Looking to rent a three bedroom flat somewhere around Oluyole estate Ibadan",
            {
                "areas": ["Oluyole"],
                "cities": ["Ibadan"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "listing_type": "rent",
            },
        ),
        (
            "is there any land for sale at Ibeju Lekki, 2 plots, 600sqm each",
            {"areas": ["Ibeju-Lekki"], "property_types": ["land"], "listing_type": "sale"},
        ),
        (
            "house for rent in Maryland, Lagos (3 bedrooms)",
            {
                "areas": ["Maryland"],
                "cities": ["Lagos"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "listing_type": "rent",
            },
        ),
    ],
)
def test_an_offer_needs_its_word(said: str, slots: Slots) -> None:
    assert read(said) == slots
