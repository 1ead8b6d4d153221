"""Short forms, slips, voice notes and Pidgin, as a whole: every slot that a search is told."""

import pytest

from bot.assistant import hearing
from bot.assistant.commands import Slots
from bot.assistant.context import NOTHING
from tests.assistant.reading import GAZETTEER
from tests.assistant.understanding import NOW, in_order


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        (
            "2bd flat 4 rent in gbagda wit gud road nd water",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "listing_type": "rent",
                "property_types": ["apartment"],
                "areas": ["Gbagada"],
                "amenities": ["tarred_road", "water"],
            },
        ),
        (
            "abeg hw much b 3 bedrm for surulare wit gen",
            {"bedrooms_min": 3, "bedrooms_max": 3, "areas": ["Surulere"], "amenities": ["generator"]},
        ),
        (
            "i wnt a self con 4 my sister in akoka nt above 350k",
            {"price_max": 350000, "property_types": ["self_contain"], "areas": ["Akoka"]},
        ),
        (
            "1 rm self agn for yabba, steady lite, 400k",
            {
                "price_max": 400000,
                "property_types": ["self_contain"],
                "areas": ["Yaba"],
                "amenities": ["power_24h"],
            },
        ),
        (
            "nid shop 4 rent for ikeja frm january",
            {
                "listing_type": "rent",
                "property_types": ["shop"],
                "areas": ["Ikeja"],
                "date_from": "2027-01-01",
            },
        ),
        ("lookin 4 house wey no get flood for ajah side", {"amenities": ["no_flood"], "areas": ["Ajah"]}),
        (
            "gv me flats in lekki faze 2 wid swimin pool",
            {"property_types": ["apartment"], "areas": ["Lekki Phase 2"], "amenities": ["swimming_pool"]},
        ),
        (
            "a family of five, three bedrooms in Ogba please",
            {"bedrooms_min": 3, "bedrooms_max": 3, "areas": ["Ogba"]},
        ),
        (
            "we are four people and we need 2 rooms in Ketu",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Ketu"]},
        ),
        (
            "we have 3 dogs, any house with garden in Magodo",
            {"amenities": ["garden", "pets_allowed"], "areas": ["Magodo"]},
        ),
        ("i have two cars so parking for two in Gwarinpa", {"amenities": ["parking"], "areas": ["Gwarinpa"]}),
        ("my 2 kids and i need a place in Maryland under 900k", {"price_max": 900000, "areas": ["Maryland"]}),
        (
            "there are six of us, need 4 bedrooms Ikorodu",
            {"bedrooms_min": 4, "bedrooms_max": 4, "areas": ["Ikorodu"]},
        ),
        (
            "without gym but with pool in Ikoyi",
            {"amenities_excluded": ["gym"], "amenities": ["swimming_pool"], "areas": ["Ikoyi"]},
        ),
        (
            "no gym, but swimming pool is a must, Oniru",
            {"amenities_excluded": ["gym"], "amenities": ["swimming_pool"], "areas": ["Oniru"]},
        ),
        ("flat without generator noise in Yaba", {"property_types": ["apartment"], "areas": ["Yaba"]}),
        (
            "2 bedroom in Wuse 2 that has not been furnished yet",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Wuse 2"], "amenities": ["unfurnished"]},
        ),
        ("houses in Jabi that are not yet furnished", {"areas": ["Jabi"], "amenities": ["unfurnished"]}),
        (
            "bungalow wey dem never furnish for Bodija",
            {"property_types": ["bungalow"], "amenities": ["unfurnished"], "areas": ["Bodija"]},
        ),
        (
            "no carry me go Festac or Okota, I want Isolo 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas_excluded": ["Festac", "Okota"], "areas": ["Isolo"]},
        ),
        (
            "no take me to Ikorodu, find mini flat for Ojodu",
            {"areas_excluded": ["Ikorodu"], "property_types": ["mini_flat"], "areas": ["Ojodu Berger"]},
        ),
        (
            "abeg no show me Mushin, na Surulere I want 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas_excluded": ["Mushin"], "areas": ["Surulere"]},
        ),
        (
            "my company just posted me to Enugu and I need 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "cities": ["Enugu"]},
        ),
        (
            "i was posted to Kano, need single room 100k",
            {"price_max": 100000, "cities": ["Kano"], "property_types": ["single_room"]},
        ),
        (
            "show me just posted flats in Lekki",
            {"sort": "newest", "property_types": ["apartment"], "areas": ["Lekki"]},
        ),
        (
            "newest duplexes in Ikoyi for sale",
            {"listing_type": "sale", "sort": "newest", "property_types": ["duplex"], "areas": ["Ikoyi"]},
        ),
        (
            "something reasonable in Kubwa, 2 bedrooms",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Kubwa"]},
        ),
        (
            "3 bedroom at a reasonable price in Utako",
            {"bedrooms_min": 3, "bedrooms_max": 3, "sort": "price_asc", "areas": ["Utako"]},
        ),
        (
            "the rent should be reasonable, mini flat in Egbeda",
            {
                "listing_type": "rent",
                "sort": "price_asc",
                "property_types": ["mini_flat"],
                "areas": ["Egbeda"],
            },
        ),
        (
            "I am getting married in February, need 3 bedroom in Magodo, 2.5m",
            {"bedrooms_min": 3, "bedrooms_max": 3, "price_max": 2500000, "areas": ["Magodo"]},
        ),
        (
            "our rent expires in December so we want 2 bedroom in Ogudu",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Ogudu"]},
        ),
        (
            "wedding is on the 12th of December, need shortlet in Asokoro for 3 nights",
            {"listing_type": "shortlet", "areas": ["Asokoro"]},
        ),
        (
            "school resumes in January, self contain near Akoka",
            {"property_types": ["self_contain"], "areas": ["Akoka"]},
        ),
        (
            "I want to move in by January, 2 bedroom in Ikeja",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Ikeja"], "date_to": "2027-01-31"},
        ),
        (
            "which flats in Yaba can I see in December",
            {
                "property_types": ["apartment"],
                "areas": ["Yaba"],
                "date_from": "2026-12-01",
                "date_to": "2026-12-31",
            },
        ),
        (
            "since June I have been looking for land in Epe below 5m",
            {"price_max": 5000000, "property_types": ["land"], "areas": ["Epe"]},
        ),
        (
            "I have been searching since last month for a shop in Wuse",
            {"property_types": ["shop"], "areas": ["Wuse"]},
        ),
        (
            "i go dey Abuja next week, which 2 bedroom for Garki I fit see",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "areas": ["Garki"],
                "date_from": "2026-11-30",
                "date_to": "2026-12-06",
            },
        ),
        (
            "we will be in Lagos on Saturday, 3 bedroom in Ikeja GRA",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "areas": ["Ikeja GRA"],
                "date_from": "2026-11-28",
                "date_to": "2026-11-28",
            },
        ),
        (
            "I go dey Ibadan next week, wetin una get",
            {"cities": ["Ibadan"], "date_from": "2026-11-30", "date_to": "2026-12-06"},
        ),
        (
            "i'll be in Port Harcourt tomorrow and want to see offices in GRA Phase 2",
            {
                "cities": ["Port Harcourt"],
                "property_types": ["office"],
                "date_from": "2026-11-26",
                "date_to": "2026-11-26",
            },
        ),
        (
            "lnd in ibeju lekki 4 sale, 500sqm",
            {"listing_type": "sale", "property_types": ["land"], "areas": ["Ibeju-Lekki"]},
        ),
        (
            "flat in bodjia 2 bdrm, 800",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 800000,
                "property_types": ["apartment"],
                "areas": ["Bodija"],
            },
        ),
        (
            "banana iland penthuse with lift",
            {"areas": ["Banana Island"], "property_types": ["penthouse"], "amenities": ["elevator"]},
        ),
        (
            "ikyoi penthouse with sea view",
            {"areas": ["Ikoyi"], "property_types": ["penthouse"], "amenities": ["waterfront"]},
        ),
        ("victora iland office space", {"areas": ["Victoria Island"], "property_types": ["office"]}),
        (
            "selfcon at akoak with water",
            {"property_types": ["self_contain"], "areas": ["Akoka"], "amenities": ["water"]},
        ),
        ("house for gwarimpa abeg", {"areas": ["Gwarinpa"]}),
        (
            "maitaima duplex for sale",
            {"listing_type": "sale", "areas": ["Maitama"], "property_types": ["duplex"]},
        ),
        (
            "any flat in surulre or gbgada 1.2m",
            {"price_max": 1200000, "property_types": ["apartment"], "areas": ["Gbagada", "Surulere"]},
        ),
        ("studio flat in lekky fase 1", {"property_types": ["studio"], "areas": ["Lekki Phase 1"]}),
        (
            "flat at Uyo 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "property_types": ["apartment"], "cities": ["Uyo"]},
        ),
        ("office at Alaba in Ojo", {"property_types": ["office"], "areas": ["Ojo"]}),
        ("2 bed asaba", {"bedrooms_min": 2, "bedrooms_max": 2, "cities": ["Asaba"]}),
        (
            "room and parlor ibafo, 250k",
            {"price_max": 250000, "property_types": ["mini_flat"], "areas": ["Ibafo"]},
        ),
        (
            "3 bdrm flat ikej GRA wit bq nd generator",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "property_types": ["apartment"],
                "areas": ["Ikeja GRA"],
                "amenities": ["bq", "generator"],
            },
        ),
        (
            "i want 2 rent a 3 bedroom in yaba",
            {"bedrooms_min": 3, "bedrooms_max": 3, "listing_type": "rent", "areas": ["Yaba"]},
        ),
        (
            "i want 2 buy land for mowe, 4m",
            {"price_max": 4000000, "listing_type": "sale", "property_types": ["land"], "areas": ["Mowe"]},
        ),
        ("i want 2 bedrooms in yaba", {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Yaba"]}),
        ("house 2 let in surulere", {"listing_type": "rent", "areas": ["Surulere"]}),
        (
            "is d flat in d estate wit gym stil dere",
            {"property_types": ["apartment"], "amenities": ["gated_estate", "gym"]},
        ),
        (
            "d rent no gree pass 700k for Egbeda",
            {"price_max": 700000, "listing_type": "rent", "areas": ["Egbeda"]},
        ),
        (
            "fnd me smth cheap in oshodi, 1 room",
            {"bedrooms_min": 1, "bedrooms_max": 1, "sort": "price_asc", "areas": ["Oshodi"]},
        ),
        (
            "pricd below 2m, 2bedrm ogba",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 2000000, "areas": ["Ogba"]},
        ),
        (
            "pls chek 3 bedroom duplx frm 50m to 70m in Ajah 4 sale",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_min": 50000000,
                "price_max": 70000000,
                "listing_type": "sale",
                "property_types": ["duplex"],
                "areas": ["Ajah"],
            },
        ),
        (
            "flat in Ikeja between 1.5 n 2m",
            {"price_min": 1500000, "price_max": 2000000, "property_types": ["apartment"], "areas": ["Ikeja"]},
        ),
        (
            "3-5m yearly, duplex, Lekki",
            {
                "price_min": 3000000,
                "price_max": 5000000,
                "price_period": "year",
                "property_types": ["duplex"],
                "areas": ["Lekki"],
            },
        ),
        (
            "budget 1.2 for two bedroom Ojodu",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1200000, "areas": ["Ojodu Berger"]},
        ),
        (
            "can stretch to 3.5m for a duplex in Omole",
            {"price_max": 3500000, "property_types": ["duplex"], "areas": ["Omole"]},
        ),
        (
            "around 2m thereabout for 2 bedroom Alausa",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_min": 1600000,
                "price_max": 2400000,
                "areas": ["Alausa"],
            },
        ),
        ("i get 600k for hand, wetin fit enter for Ikotun", {"price_max": 600000}),
        (
            "nothing above 1m in Ipaja, 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1000000, "areas": ["Ipaja"]},
        ),
        (
            "anything from 800k upward for Egbeda mini flat",
            {"price_min": 800000, "areas": ["Egbeda"], "property_types": ["mini_flat"]},
        ),
        (
            "max 4 million per annum 3 bed Victoria Island",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_max": 4000000,
                "price_period": "year",
                "areas": ["Victoria Island"],
            },
        ),
        (
            "shortlet in VI 2 nite 40k per nite",
            {
                "price_max": 40000,
                "price_period": "night",
                "listing_type": "shortlet",
                "areas": ["Victoria Island"],
            },
        ),
        (
            "flat in yaba for 2day viewing",
            {
                "property_types": ["apartment"],
                "areas": ["Yaba"],
                "date_from": "2026-11-25",
                "date_to": "2026-11-25",
            },
        ),
        (
            "which house i fit see 2moro evening for Ikeja",
            {
                "areas": ["Ikeja"],
                "date_from": "2026-11-26",
                "date_to": "2026-11-26",
                "time_of_day": "evening",
            },
        ),
        (
            "shortlet 2nite in oniru",
            {
                "listing_type": "shortlet",
                "areas": ["Oniru"],
                "date_from": "2026-11-25",
                "date_to": "2026-11-25",
                "time_of_day": "evening",
            },
        ),
        (
            "flats to see the weekend after next in Lekki",
            {
                "property_types": ["apartment"],
                "areas": ["Lekki"],
                "date_from": "2026-12-12",
                "date_to": "2026-12-13",
            },
        ),
        (
            "houses in Ikoyi the weekend after, 12th to 13th",
            {"areas": ["Ikoyi"], "date_from": "2026-12-12", "date_to": "2026-12-13"},
        ),
        (
            "can I see flats in Yaba on Friday 4th",
            {
                "property_types": ["apartment"],
                "areas": ["Yaba"],
                "date_from": "2026-12-04",
                "date_to": "2026-12-04",
            },
        ),
        (
            "land in Epe with C of O, see am on Sat 28th",
            {
                "property_types": ["land"],
                "areas": ["Epe"],
                "amenities": ["c_of_o"],
                "date_from": "2026-11-28",
                "date_to": "2026-11-28",
            },
        ),
        (
            "view flats in Magodo between 2 and 5 on Saturday",
            {
                "property_types": ["apartment"],
                "areas": ["Magodo"],
                "date_from": "2026-11-28",
                "date_to": "2026-11-28",
                "time_from": "14:00",
                "time_to": "17:00",
            },
        ),
        (
            "which duplex in Ikoyi is free nxt wk tuesday by 11",
            {
                "property_types": ["duplex"],
                "areas": ["Ikoyi"],
                "date_from": "2026-12-01",
                "date_to": "2026-12-01",
                "time_from": "11:00",
                "time_to": "11:00",
            },
        ),
        (
            "inspection of 2 bedrooms in Ketu upper week",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "areas": ["Ketu"],
                "date_from": "2026-12-07",
                "date_to": "2026-12-13",
            },
        ),
        (
            "which flat for Ogba fit be seen this wkend",
            {
                "property_types": ["apartment"],
                "areas": ["Ogba"],
                "date_from": "2026-11-28",
                "date_to": "2026-11-29",
            },
        ),
        (
            "anything on the water in Lekki, 3 bedroom",
            {"bedrooms_min": 3, "bedrooms_max": 3, "amenities": ["waterfront"], "areas": ["Lekki"]},
        ),
        ("place where I can keep a dog in Jabi", {"amenities": ["pets_allowed"], "areas": ["Jabi"]}),
        (
            "una get house wey dogs fit stay for Gwarinpa",
            {"amenities": ["pets_allowed"], "areas": ["Gwarinpa"]},
        ),
        (
            "studio where cats are allowed in Yaba",
            {"property_types": ["studio"], "amenities": ["pets_allowed"], "areas": ["Yaba"]},
        ),
        (
            "any estate with lift and light steady in Ikoyi",
            {"amenities": ["elevator", "gated_estate", "power_24h"], "areas": ["Ikoyi"]},
        ),
        (
            "compound of our own, bungalow, Ibadan",
            {"amenities": ["own_compound"], "property_types": ["bungalow"], "cities": ["Ibadan"]},
        ),
        (
            "4 bedroom fully detached in Chevron, not semi detached",
            {
                "bedrooms_min": 4,
                "bedrooms_max": 4,
                "property_types": ["detached_duplex"],
                "areas": ["Chevron"],
                "property_types_excluded": ["semi_detached_duplex"],
            },
        ),
        (
            "i no want face me i face you, i want self con for Mushin",
            {
                "property_types_excluded": ["single_room"],
                "property_types": ["self_contain"],
                "areas": ["Mushin"],
            },
        ),
        (
            "house in PH wey get borehole and prepaid meter",
            {"cities": ["Port Harcourt"], "amenities": ["prepaid_meter", "water"]},
        ),
        ("i no need furnished, just 1 bedroom in Wuye", {"bedrooms_min": 1, "bedrooms_max": 1}),
        (
            "warehouse in Apapa with good road for trucks",
            {"property_types": ["warehouse"], "areas": ["Apapa"], "amenities": ["tarred_road"]},
        ),
        (
            "2 bedroom on Allen Avenue, 2m",
            {"street": "allen avenue", "bedrooms_min": 2, "bedrooms_max": 2, "price_max": 2000000},
        ),
        ("3 bedroom off Admiralty Way", {"street": "admiralty way", "bedrooms_min": 3, "bedrooms_max": 3}),
        (
            "3 bed on behalf of my boss in Maitama",
            {"bedrooms_min": 3, "bedrooms_max": 3, "areas": ["Maitama"]},
        ),
        ("office on Adeola Odeku street", {"street": "adeola odeku street", "property_types": ["office"]}),
        (
            "shop along Ikorodu road 500k",
            {"street": "ikorodu road", "price_max": 500000, "property_types": ["shop"]},
        ),
        (
            "12 Bode Thomas street, is there 2 bedroom",
            {"street": "12 bode thomas street", "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "ground floor 2 bed in Ilorin for my mother",
            {"bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["ground_floor"], "cities": ["Ilorin"]},
        ),
        (
            "flat upstairs wey get balcony for Ebute Metta",
            {"property_types": ["apartment"], "amenities": ["balcony", "upstairs"], "areas": ["Ebute Metta"]},
        ),
        (
            "i need like 3 flats for staff in Warri, two bedroom each",
            {"bedrooms_min": 2, "bedrooms_max": 2, "property_types": ["apartment"], "cities": ["Warri"]},
        ),
        (
            "2 bedroom or 3 bedroom in Kaduna below 1.5m",
            {"bedrooms_min": 2, "bedrooms_max": 3, "price_max": 1500000, "cities": ["Kaduna"]},
        ),
        (
            "at least 2 toilets, 3 bedroom, Benin City",
            {"bathrooms_min": 2, "bedrooms_min": 3, "bedrooms_max": 3, "cities": ["Benin City"]},
        ),
        (
            "hello my name is Tunde I need a two bedroom flat in Ojota my budget is one point two million "
            "naira thank you",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_max": 1200000,
                "property_types": ["apartment"],
                "areas": ["Ojota"],
            },
        ),
        (
            "good morning I want a place in Akure that has light and water around six hundred thousand a "
            "year",
            {
                "price_min": 480000,
                "price_max": 720000,
                "price_period": "year",
                "cities": ["Akure"],
                "amenities": ["water"],
            },
        ),
        (
            "hi I need a shop inside Wuse market the money I have is eight hundred thousand",
            {"price_max": 800000, "property_types": ["shop"], "areas": ["Wuse"]},
        ),
        (
            "one bedroom in Abule Egba and the rent must not pass five hundred thousand naira",
            {
                "bedrooms_min": 1,
                "bedrooms_max": 1,
                "price_max": 500000,
                "listing_type": "rent",
                "areas": ["Abule Egba"],
            },
        ),
        (
            "I work in Victoria Island and I want a mini flat in Obalende or Sangotedo",
            {"property_types": ["mini_flat"], "areas": ["Sangotedo"]},
        ),
        (
            "I currently stay in Ojo, looking for 2 bedroom in Festac",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Festac"]},
        ),
        (
            "moving out of Agege, need 2 bedroom in Ikeja, 1m",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 1000000, "areas": ["Ikeja"]},
        ),
        (
            "add 2 bathrooms and a balcony to it, Ikeja",
            {"bathrooms_min": 2, "amenities": ["balcony"], "areas": ["Ikeja"]},
        ),
        (
            "I no wan pay agency, 1 bedroom for Lugbe",
            {"bedrooms_min": 1, "bedrooms_max": 1, "areas": ["Lugbe"]},
        ),
        ("any new listing in Guzape", {"areas": ["Guzape"]}),
        ("the flats wey just land for Lekki", {"property_types": ["apartment"], "areas": ["Lekki"]}),
        (
            "fully serviced 2 bed with no shared compound in Asokoro",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "amenities": ["own_compound", "serviced"],
                "areas": ["Asokoro"],
            },
        ),
        ("hundred thousand naira room in Ikorodu", {"price_max": 100000, "areas": ["Ikorodu"]}),
        (
            "price frm 2m 2 3m in Lekki, 2 bed",
            {
                "bedrooms_min": 2,
                "bedrooms_max": 2,
                "price_min": 2000000,
                "price_max": 3000000,
                "areas": ["Lekki"],
            },
        ),
        ("land 2 plots in Mowe", {"property_types": ["land"], "areas": ["Mowe"]}),
        ("BQ in Ikoyi for one person", {"property_types": ["bq"], "areas": ["Ikoyi"]}),
        (
            "any BQ for rent in Gbagada",
            {"listing_type": "rent", "property_types": ["bq"], "areas": ["Gbagada"]},
        ),
        (
            "4 bed terrace with bq in Ikate",
            {
                "bedrooms_min": 4,
                "bedrooms_max": 4,
                "property_types": ["terraced_duplex"],
                "amenities": ["bq"],
                "areas": ["Ikate"],
            },
        ),
        (
            "is there anything newly built in Karu for 2 bedroom",
            {"bedrooms_min": 2, "bedrooms_max": 2, "amenities": ["newly_built"], "areas": ["Karu"]},
        ),
        (
            "2 bedroom in Karu. No estate agents please",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Karu"]},
        ),
        (
            "3 bed in a gated estate, Lokogoma, 2.2m p.a",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "price_max": 2200000,
                "price_period": "year",
                "amenities": ["gated_estate"],
                "areas": ["Lokogoma"],
            },
        ),
        (
            "a room wey dem dey rent monthly for Yaba",
            {
                "price_period": "month",
                "listing_type": "rent",
                "property_types": ["single_room"],
                "areas": ["Yaba"],
            },
        ),
        (
            "flat for $1500 per month in Ikoyi",
            {
                "price_max": 1500,
                "price_period": "month",
                "currency": "USD",
                "property_types": ["apartment"],
                "areas": ["Ikoyi"],
            },
        ),
        (
            "usd 20k a year house in Maitama",
            {"price_max": 20000, "price_period": "year", "currency": "USD", "areas": ["Maitama"]},
        ),
        (
            "house in Ketu, my baby is due in March, 2 bedroom 700k",
            {"bedrooms_min": 2, "bedrooms_max": 2, "price_max": 700000, "areas": ["Ketu"]},
        ),
        (
            "my lease ends in August, 3 bedroom terrace in Chevron",
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "property_types": ["terraced_duplex"],
                "areas": ["Chevron"],
            },
        ),
        (
            "i wan graduate for June, find me 1 room self for Akoka",
            {"property_types": ["self_contain"], "areas": ["Akoka"]},
        ),
        (
            "we have been looking since Monday for a shop in Apapa",
            {"property_types": ["shop"], "areas": ["Apapa"]},
        ),
        (
            "we hold 300k, room and parlour for Ipaja",
            {"price_max": 300000, "property_types": ["mini_flat"], "areas": ["Ipaja"]},
        ),
        ("we are five, three rooms in Ogba abeg", {"bedrooms_min": 3, "bedrooms_max": 3, "areas": ["Ogba"]}),
        (
            "party of 12, shortlet in Ikoyi with pool, 5 bedrooms",
            {
                "bedrooms_min": 5,
                "bedrooms_max": 5,
                "listing_type": "shortlet",
                "areas": ["Ikoyi"],
                "amenities": ["swimming_pool"],
            },
        ),
        ("abeg carry me go Ikeja, 2 bedroom", {"bedrooms_min": 2, "bedrooms_max": 2, "areas": ["Ikeja"]}),
        (
            "dont want Ajah pls, Lekki phase 1 only, 2 bedrum",
            {"bedrooms_min": 2, "bedrooms_max": 2, "areas_excluded": ["Ajah"], "areas": ["Lekki Phase 1"]},
        ),
        (
            "flat wit gym n pool in Ikoyi n Oniru",
            {
                "property_types": ["apartment"],
                "amenities": ["gym", "swimming_pool"],
                "areas": ["Ikoyi", "Oniru"],
            },
        ),
        (
            "apartmt in surulere, 2 toilets, 1 bedrum",
            {
                "bathrooms_min": 2,
                "bedrooms_min": 1,
                "bedrooms_max": 1,
                "property_types": ["apartment"],
                "areas": ["Surulere"],
            },
        ),
        (
            "hous in gbagada wit good raod nd steady lite",
            {"areas": ["Gbagada"], "amenities": ["power_24h", "tarred_road"]},
        ),
        (
            "hw abt a bungalow in Kubwa 4 sale",
            {"listing_type": "sale", "property_types": ["bungalow"], "areas": ["Kubwa"]},
        ),
        (
            "viewing tomoro by 4 for flats in Wuse 2",
            {
                "property_types": ["apartment"],
                "areas": ["Wuse 2"],
                "date_from": "2026-11-26",
                "date_to": "2026-11-26",
                "time_from": "16:00",
                "time_to": "16:00",
            },
        ),
        (
            "plot of land for mowe wey get c of o frm 2m",
            {"price_min": 2000000, "property_types": ["land"], "areas": ["Mowe"], "amenities": ["c_of_o"]},
        ),
    ],
)
def test_every_slot_is_told(said: str, slots: Slots) -> None:
    heard = hearing.hear(said, now=NOW, gazetteer=GAZETTEER, context=NOTHING)
    assert in_order(heard.search | heard.when) == slots
