"""Prices in the words of people: units, ranges, bounds, periods, currencies."""

import pytest

from bot.assistant.commands import Slots
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        (
            "I need a 2 bedroom flat in Yaba for 1.5m per annum",
            {
                "areas": ["Yaba"],
                "property_types": ["apartment"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 1500000,
                "price_period": "year",
            },
        ),
        (
            "any self con for rent in Yaba under 800k?",
            {
                "areas": ["Yaba"],
                "property_types": ["self_contain"],
                "price_max": 800000,
                "listing_type": "rent",
            },
        ),
        (
            "3 bedroom apartment Lekki Phase 1 between 3m and 5m",
            {
                "areas": ["Lekki Phase 1"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_min": 3000000,
                "price_max": 5000000,
            },
        ),
        ("2-3m budget, Surulere", {"areas": ["Surulere"], "price_min": 2000000, "price_max": 3000000}),
        (
            "750 - 1.2m mini flat gbagada",
            {
                "areas": ["Gbagada"],
                "property_types": ["mini_flat"],
                "price_min": 750000,
                "price_max": 1200000,
            },
        ),
        (
            "my budget is 2.5, 2 bed in ogba",
            {"areas": ["Ogba"], "bedrooms_min": 2, "bedrooms_max": 2, "price_max": 2500000},
        ),
        (
            "i have 30m, what can it buy in Magodo",
            {"areas": ["Magodo"], "price_max": 30000000, "listing_type": "sale"},
        ),
        (
            "between 2 and 3 million in Ikeja",
            {"areas": ["Ikeja"], "price_min": 2000000, "price_max": 3000000},
        ),
        ("from 500k to 800k in Bariga", {"areas": ["Bariga"], "price_min": 500000, "price_max": 800000}),
        (
            "not more than 1.2m for room and parlour at Egbeda",
            {"areas": ["Egbeda"], "property_types": ["mini_flat"], "price_max": 1200000},
        ),
        ("above 5m in Ikoyi", {"areas": ["Ikoyi"], "price_min": 5000000}),
        ("at least 10 million naira", {"price_min": 10000000}),
        ("5m and above, ikoyi", {"areas": ["Ikoyi"], "price_min": 5000000}),
        ("around 800k in Ketu", {"areas": ["Ketu"], "price_min": 640000, "price_max": 960000}),
        ("800k thereabout in Ketu", {"areas": ["Ketu"], "price_min": 640000, "price_max": 960000}),
        ("1.5m or so ojota", {"areas": ["Ojota"], "price_min": 1200000, "price_max": 1800000}),
        (
            "$2000 per month apartment in VI",
            {
                "areas": ["Victoria Island"],
                "property_types": ["apartment"],
                "price_max": 2000,
                "price_period": "month",
                "currency": "USD",
            },
        ),
        ("2000 dollars monthly", {"price_max": 2000, "price_period": "month", "currency": "USD"}),
        (
            "50k per night in Lekki",
            {"areas": ["Lekki"], "price_max": 50000, "price_period": "night", "listing_type": "shortlet"},
        ),
        ("what can 40m buy in Ibadan", {"cities": ["Ibadan"], "price_max": 40000000, "listing_type": "sale"}),
        ("lekki 2m flat", {"areas": ["Lekki"], "property_types": ["apartment"], "price_max": 2000000}),
        ("lekki 1.5m", {"areas": ["Lekki"], "price_max": 1500000}),
        (
            "good day sir, I want two bedroom flat at Ogudu, my budget na seven hundred thousand",
            {
                "areas": ["Ogudu"],
                "property_types": ["apartment"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 700000,
            },
        ),
        (
            "i wan rent house for surulere wey no pass 600k",
            {"areas": ["Surulere"], "price_max": 600000, "listing_type": "rent"},
        ),
        ("i get 500k for self con", {"property_types": ["self_contain"], "price_max": 500000}),
        (
            "2bdrm ikeja max 2.5m",
            {"areas": ["Ikeja"], "bedrooms_min": 2, "bedrooms_max": 2, "price_max": 2500000},
        ),
        (
            "3 bedroom duplex for sale in lekki 80m - 120m",
            {
                "areas": ["Lekki"],
                "property_types": ["duplex"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_min": 80000000,
                "price_max": 120000000,
                "listing_type": "sale",
            },
        ),
        ("land in epe 5m", {"areas": ["Epe"], "property_types": ["land"], "price_max": 5000000}),
        (
            "plots of land under 10m ibeju lekki",
            {"areas": ["Ibeju-Lekki"], "property_types": ["land"], "price_max": 10000000},
        ),
        ("400 self con yaba", {"areas": ["Yaba"], "property_types": ["self_contain"], "price_max": 400000}),
        ("self con yaba 400", {"areas": ["Yaba"], "property_types": ["self_contain"], "price_max": 400000}),
        ("2 bed yaba 1.8", {"areas": ["Yaba"], "bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1800000}),
        ("budget: 3,000,000", {"price_max": 3000000}),
        ("budget N3.5M", {"price_max": 3500000}),
        ("N1.5m - N2m", {"price_min": 1500000, "price_max": 2000000}),
        ("#800,000", {"price_max": 800000}),
        ("below ₦1,200,000 per year", {"price_max": 1200000, "price_period": "year"}),
        ("less than 2m", {"price_max": 2000000}),
        ("wey no reach 1m", {"price_max": 1000000}),
        (
            "over 100m duplex maitama",
            {"areas": ["Maitama"], "property_types": ["duplex"], "price_min": 100000000},
        ),
        (
            "100m+ duplexes in Asokoro",
            {"areas": ["Asokoro"], "property_types": ["duplex"], "price_min": 100000000},
        ),
        ("1b mansion in banana island", {"areas": ["Banana Island"], "price_max": 1000000000}),
        ("between 800k and 1m", {"price_min": 800000, "price_max": 1000000}),
        ("between 800 and 1m", {"price_min": 800000, "price_max": 1000000}),
        ("1m to 1.5", {"price_min": 1000000, "price_max": 1500000}),
        ("price range 1-2m", {"price_min": 1000000, "price_max": 2000000}),
        (
            "i want to pay monthly, 1 room yaba",
            {"areas": ["Yaba"], "bedrooms_min": 1, "bedrooms_max": 1, "price_period": "month"},
        ),
        (
            "150k monthly flat",
            {"property_types": ["apartment"], "price_max": 150000, "price_period": "month"},
        ),
        ("3m yearly", {"price_max": 3000000, "price_period": "year"}),
        ("2m p.a", {"price_max": 2000000, "price_period": "year"}),
        ("2m/annum", {"price_max": 2000000, "price_period": "year"}),
        ("60k/night shortlet", {"price_max": 60000, "price_period": "night", "listing_type": "shortlet"}),
        (
            "hello please i am looking for a three bedroom flat in gbagada or maryland my budget is"
            " between two million and two point five million per annum it should have parking"
            " space and constant light",
            {
                "areas": ["Gbagada", "Maryland"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_min": 2000000,
                "price_max": 2500000,
                "price_period": "year",
                "amenities": ["parking", "power_24h"],
            },
        ),
        (
            "hi good afternoon i dey find house to buy for ibadan make e no pass forty five million",
            {"cities": ["Ibadan"], "price_max": 45000000, "listing_type": "sale"},
        ),
        (
            "i need a place in abuja preferably jabi or utako two bedroom not more than three million",
            {
                "areas": ["Jabi", "Utako"],
                "cities": ["Abuja"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 3000000,
            },
        ),
        (
            "make una show me duplex for asokoro wey price dey between 150m and 200m",
            {
                "areas": ["Asokoro"],
                "property_types": ["duplex"],
                "price_min": 150000000,
                "price_max": 200000000,
            },
        ),
        (
            "2 bed surulre budgt 1.5m",
            {"areas": ["Surulere"], "bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1500000},
        ),
        ("ibeju-lekki land 3m", {"areas": ["Ibeju-Lekki"], "property_types": ["land"], "price_max": 3000000}),
        (
            "2 bed not in Ajah or Sangotedo, under 2m, Lekki",
            {
                "areas": ["Lekki"],
                "areas_excluded": ["Ajah", "Sangotedo"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 2000000,
            },
        ),
        ("minimum of 3 bedrooms max 5m", {"bedrooms_min": 3, "price_max": 5000000}),
        ("3 bedroom max 2m", {"bedrooms_min": 3, "bedrooms_max": 3, "price_max": 2000000}),
        (
            "I dey find 2 bed make e no pass 1.5m make light dey steady",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1500000, "amenities": ["power_24h"]},
        ),
        (
            "oga i wan rent 3 bedroom for life camp, price never pass 4m",
            {
                "areas": ["Life Camp"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_max": 4000000,
                "listing_type": "rent",
            },
        ),
        ("una get anything for 300k around Ikorodu", {"areas": ["Ikorodu"], "price_max": 300000}),
        (
            "na 500k I get for hand, self con for Bariga fit dey?",
            {"areas": ["Bariga"], "property_types": ["self_contain"], "price_max": 500000},
        ),
        ("my money na 1.2", {"price_max": 1200000}),
        ("1.2m no pass", {"price_max": 1200000}),
        ("e no suppose pass 2m", {"price_max": 2000000}),
        ("anything from 2m down", {"price_max": 2000000}),
        ("2m and below in Lugbe", {"areas": ["Lugbe"], "price_max": 2000000}),
        (
            "under 600 mini flat egbeda",
            {"areas": ["Egbeda"], "property_types": ["mini_flat"], "price_max": 600000},
        ),
        ("2 bed 1.5 - 2", {"bedrooms_min": 2, "bedrooms_max": 2, "price_min": 1500000, "price_max": 2000000}),
        (
            "2 bed, 800-1.2m, ketu",
            {
                "areas": ["Ketu"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_min": 800000,
                "price_max": 1200000,
            },
        ),
        ("budget 900 to 1.2m", {"price_min": 900000, "price_max": 1200000}),
        ("3m-4m p/a", {"price_min": 3000000, "price_max": 4000000, "price_period": "year"}),
        ("1.5-2m per annum", {"price_min": 1500000, "price_max": 2000000, "price_period": "year"}),
        ("between N500,000 - N700,000", {"price_min": 500000, "price_max": 700000}),
        ("from 2m upward", {"price_min": 2000000}),
        ("starting from 5 million", {"price_min": 5000000}),
        ("not less than 50m", {"price_min": 50000000}),
        ("not below 50 million naira", {"price_min": 50000000}),
        ("at most 80m", {"price_max": 80000000}),
        ("max budget of 4.5 million naira only", {"price_max": 4500000}),
        ("budget: 2.5m (negotiable)", {"price_max": 2500000}),
        ("I can afford 700,000 naira yearly", {"price_max": 700000, "price_period": "year"}),
        (
            "with 25m what land can I get in Mowe",
            {"areas": ["Mowe"], "property_types": ["land"], "price_max": 25000000},
        ),
        ("what can 15 million buy", {"price_max": 15000000, "listing_type": "sale"}),
        ("how far can 3m go in Surulere", {"areas": ["Surulere"], "price_max": 3000000}),
        ("price not exceeding ₦4,000,000", {"price_max": 4000000}),
        ("up to 6m", {"price_max": 6000000}),
        ("within 3m", {"price_max": 3000000}),
        ("within the range of 2 to 3 million", {"price_min": 2000000, "price_max": 3000000}),
        ("2 million to 3 million naira", {"price_min": 2000000, "price_max": 3000000}),
        ("approximately 10m", {"price_min": 8000000, "price_max": 12000000}),
        ("roughly 5m", {"price_min": 4000000, "price_max": 6000000}),
        ("5m-ish", {"price_min": 4000000, "price_max": 6000000}),
        (
            "$1,500 - $2,000 a month",
            {"price_min": 1500, "price_max": 2000, "price_period": "month", "currency": "USD"},
        ),
        (
            "500 usd per night",
            {"price_max": 500, "price_period": "night", "currency": "USD", "listing_type": "shortlet"},
        ),
        ("2k dollars monthly", {"price_max": 2000, "price_period": "month", "currency": "USD"}),
        ("100k daily", {"price_max": 100000, "price_period": "night", "listing_type": "shortlet"}),
        ("30k per day", {"price_max": 30000, "price_period": "night", "listing_type": "shortlet"}),
        (
            "shortlet apartment 45k-60k per night lekki phase 1",
            {
                "areas": ["Lekki Phase 1"],
                "property_types": ["apartment"],
                "price_min": 45000,
                "price_max": 60000,
                "price_period": "night",
                "listing_type": "shortlet",
            },
        ),
    ],
)
def test_a_price_is_read_as_it_is_meant(said: str, slots: Slots) -> None:
    assert read(said) == slots
