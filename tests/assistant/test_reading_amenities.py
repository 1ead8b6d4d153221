"""What a home should have or should not, and words that only look like it."""

import pytest

from bot.assistant.commands import Slots
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        (
            "2 bedroom with bq in Ikoyi",
            {"areas": ["Ikoyi"], "bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["bq"]},
        ),
        (
            "3 bedroom flat plus bq lekki",
            {
                "areas": ["Lekki"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "amenities": ["bq"],
            },
        ),
        ("flat without bq", {"property_types": ["apartment"], "amenities_excluded": ["bq"]}),
        (
            "any place for gwarimpa wey get light 24/7 and borehole",
            {"areas": ["Gwarinpa"], "amenities": ["power_24h", "water"]},
        ),
        (
            "house with parking, security, generator and swimming pool in Jabi",
            {"areas": ["Jabi"], "amenities": ["parking", "security", "generator", "swimming_pool"]},
        ),
        ("unfurnished 2 bed", {"bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["unfurnished"]}),
        (
            "not furnished 3 bedroom flat in Utako",
            {
                "areas": ["Utako"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "amenities": ["unfurnished"],
            },
        ),
        (
            "empty flat in Karu",
            {"areas": ["Karu"], "property_types": ["apartment"], "amenities": ["unfurnished"]},
        ),
        (
            "fully furnished serviced apartment in Oniru with wifi and ac",
            {
                "areas": ["Oniru"],
                "property_types": ["apartment"],
                "amenities": ["furnished", "serviced", "wifi", "air_conditioning"],
            },
        ),
        ("gym is not compulsory but i need parking", {"amenities": ["parking"]}),
        ("area wey no dey flood for Lekki", {"areas": ["Lekki"], "amenities": ["no_flood"]}),
        ("flood free area in Ajah", {"areas": ["Ajah"], "amenities": ["no_flood"]}),
        ("house with no flood", {"amenities": ["no_flood"]}),
        (
            "no generator please, solar only",
            {"amenities": ["solar_inverter"], "amenities_excluded": ["generator"]},
        ),
        ("kitchen cabinets and wardrobes", {"amenities": ["fitted_kitchen", "wardrobe"]}),
        (
            "standing alone bungalow in Ogba",
            {"areas": ["Ogba"], "property_types": ["bungalow"], "amenities": ["own_compound"]},
        ),
        ("compound wey dem no share, Akobo", {"areas": ["Akobo"], "amenities": ["own_compound"]}),
        (
            "own compound 3 bedroom bungalow ibadan",
            {
                "cities": ["Ibadan"],
                "property_types": ["bungalow"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "amenities": ["own_compound"],
            },
        ),
        ("tarred road", {"amenities": ["tarred_road"]}),
        ("good road network, gated estate", {"amenities": ["tarred_road", "gated_estate"]}),
        ("pet friendly apartment", {"property_types": ["apartment"], "amenities": ["pets_allowed"]}),
        ("first floor 2 bedroom", {"bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["upstairs"]}),
        ("upstairs not ground floor", {"amenities": ["upstairs"], "amenities_excluded": ["ground_floor"]}),
        (
            "newly built 4 bed terrace duplex with bq, fitted kitchen, all rooms ensuite, c of o, Lekki",
            {
                "areas": ["Lekki"],
                "property_types": ["terraced_duplex"],
                "bedrooms_min": 4,
                "bedrooms_max": 4,
                "amenities": ["newly_built", "bq", "fitted_kitchen", "ensuite", "c_of_o"],
            },
        ),
        (
            "brand new 2 bedroom flat in Ajah",
            {
                "areas": ["Ajah"],
                "property_types": ["apartment"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "amenities": ["newly_built"],
            },
        ),
        ("house inside estate", {"amenities": ["gated_estate"]}),
        ("prepaid meter and cctv", {"amenities": ["prepaid_meter", "cctv"]}),
        (
            "lift and balcony, 3 bed ikoyi",
            {"areas": ["Ikoyi"], "bedrooms_min": 3, "bedrooms_max": 3, "amenities": ["elevator", "balcony"]},
        ),
        (
            "waterfront duplex banana island",
            {"areas": ["Banana Island"], "property_types": ["duplex"], "amenities": ["waterfront"]},
        ),
        ("playground for kids and garden", {"amenities": ["playground", "garden"]}),
        ("safe area in Surulere", {"areas": ["Surulere"], "amenities": ["security"]}),
        ("add parking", {"amenities": ["parking"]}),
        (
            "i need house wey get borehole and fence for ikorodu, 2 room",
            {"areas": ["Ikorodu"], "bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["water"]},
        ),
        (
            "3bedroom gwarinpa abuja serviced appartment with swiming pool",
            {
                "areas": ["Gwarinpa"],
                "cities": ["Abuja"],
                "property_types": ["apartment"],
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "amenities": ["serviced", "swimming_pool"],
            },
        ),
        (
            "lekki phs 1 studio fully furnised",
            {"areas": ["Lekki Phase 1"], "property_types": ["studio"], "amenities": ["furnished"]},
        ),
        ("four bedroom all ensuite", {"bedrooms_min": 4, "bedrooms_max": 4, "amenities": ["ensuite"]}),
        ("5 bedroom with 2 room bq", {"bedrooms_min": 5, "bedrooms_max": 5, "amenities": ["bq"]}),
        ("with 3 car parking", {"amenities": ["parking"]}),
        (
            "bq attached 4 bed duplex",
            {"property_types": ["duplex"], "bedrooms_min": 4, "bedrooms_max": 4, "amenities": ["bq"]},
        ),
        (
            "2 bedroom flat and 1 room bq",
            {"property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["bq"]},
        ),
        (
            "e get any bungalow for Kubwa wey get own compound?",
            {"areas": ["Kubwa"], "property_types": ["bungalow"], "amenities": ["own_compound"]},
        ),
        ("house wey water dey run well for Egbeda", {"areas": ["Egbeda"], "amenities": ["water"]}),
        (
            "i no want upstairs, ground floor only, 2 bed Ikeja",
            {
                "areas": ["Ikeja"],
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "amenities": ["ground_floor"],
                "amenities_excluded": ["upstairs"],
            },
        ),
        ("Do you have something in Lekki with a bq?", {"areas": ["Lekki"], "amenities": ["bq"]}),
        ("does the house have bq and generator", {"amenities": ["bq", "generator"]}),
        (
            "I need duplex with boys quarter in Asokoro",
            {"areas": ["Asokoro"], "property_types": ["duplex"], "amenities": ["bq"]},
        ),
        (
            "looking for an apartment with 24hrs light and good water in Trans Amadi PH",
            {
                "areas": ["Trans Amadi"],
                "cities": ["Port Harcourt"],
                "property_types": ["apartment"],
                "amenities": ["power_24h", "water"],
            },
        ),
        ("must have parking and security", {"amenities": ["parking", "security"]}),
        ("house with AC in every room", {"amenities": ["air_conditioning"]}),
        ("a/c and wifi", {"amenities": ["air_conditioning", "wifi"]}),
        ("not serviced", {"amenities_excluded": ["serviced"]}),
        ("secure estate with cctv", {"amenities": ["security", "gated_estate", "cctv"]}),
        ("gate man dey", {"amenities": ["security"]}),
        ("well secured compound", {"amenities": ["security"]}),
        (
            "c of o land in Lokogoma",
            {"areas": ["Lokogoma"], "property_types": ["land"], "amenities": ["c_of_o"]},
        ),
        ("land with certificate of occupancy", {"property_types": ["land"], "amenities": ["c_of_o"]}),
        ("all rooms en-suite", {"amenities": ["ensuite"]}),
        ("kids playground", {"amenities": ["playground"]}),
        ("pets allowed?", {"amenities": ["pets_allowed"]}),
        ("no pets", {"amenities_excluded": ["pets_allowed"]}),
        ("self compound bungalow", {"property_types": ["bungalow"], "amenities": ["own_compound"]}),
        ("solar inverter", {"amenities": ["solar_inverter"]}),
        ("inverter and solar panel", {"amenities": ["solar_inverter"]}),
        ("house wey no get flood problem", {"amenities": ["no_flood"]}),
        ("place wey no dey flood", {"amenities": ["no_flood"]}),
        ("flood no dey there", {"amenities": ["no_flood"]}),
        ("house facing the lagoon", {"amenities": ["waterfront"]}),
        ("top floor flat", {"property_types": ["apartment"], "amenities": ["upstairs"]}),
        ("downstairs flat please", {"property_types": ["apartment"], "amenities": ["ground_floor"]}),
        ("last floor", {"amenities": ["upstairs"]}),
        ("walk in closet", {"amenities": ["wardrobe"]}),
        ("modern fitted kitchen with cabinets", {"amenities": ["fitted_kitchen"]}),
        ("good road", {"amenities": ["tarred_road"]}),
        ("light wey dey constant", {"amenities": ["power_24h"]}),
        ("24 hour power supply", {"amenities": ["power_24h"]}),
        ("24/7 light", {"amenities": ["power_24h"]}),
        ("uninterrupted power", {"amenities": ["power_24h"]}),
        ("prepaid", {"amenities": ["prepaid_meter"]}),
        (
            "self con wey no dey inside estate",
            {"property_types": ["self_contain"], "amenities_excluded": ["gated_estate"]},
        ),
        ("not in an estate", {"amenities_excluded": ["gated_estate"]}),
        ("no be estate I want", {"amenities_excluded": ["gated_estate"]}),
        ("a place without security", {"amenities_excluded": ["security"]}),
        ("3 bed no bq", {"bedrooms_min": 3, "bedrooms_max": 3, "amenities_excluded": ["bq"]}),
        (
            "duplex but no swimming pool or gym",
            {"property_types": ["duplex"], "amenities_excluded": ["swimming_pool", "gym"]},
        ),
        ("not shared compound", {"amenities": ["own_compound"]}),
        (
            "should be furnished but not serviced",
            {"amenities": ["furnished"], "amenities_excluded": ["serviced"]},
        ),
        ("neither serviced nor furnished", {"amenities_excluded": ["serviced", "furnished"]}),
        ("parking for 2 cars", {"amenities": ["parking"]}),
        (
            "three bedroom flat, all rooms ensuite",
            {"property_types": ["apartment"], "bedrooms_min": 3, "bedrooms_max": 3, "amenities": ["ensuite"]},
        ),
        (
            "service apartment in Jabi",
            {"areas": ["Jabi"], "property_types": ["apartment"], "amenities": ["serviced"]},
        ),
        (
            "I dey look for house wey get POP, tiles and fitted wardrobe for Ada George",
            {"areas": ["Ada George"], "amenities": ["wardrobe"]},
        ),
        (
            "wetin dey available for trans ekulu, 3 bedroom with prepaid meter",
            {"areas": ["Trans Ekulu"], "bedrooms_min": 3, "bedrooms_max": 3, "amenities": ["prepaid_meter"]},
        ),
        (
            "bungalow in Bodija wey stand alone",
            {"areas": ["Bodija"], "property_types": ["bungalow"], "amenities": ["own_compound"]},
        ),
    ],
)
def test_amenities_are_read_as_they_are_meant(said: str, slots: Slots) -> None:
    assert read(said) == slots
