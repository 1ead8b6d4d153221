"""Where the demo's properties lie, and what living there costs."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """An area of the gazetteer.

    `level` is the yearly rent of a 2-bedroom flat there, in millions of naira; `many` how many properties.
    """

    name: str
    city: str
    state: str
    latitude: float
    longitude: float
    level: float
    many: int


_ROWS = {
    ("Lagos", "Lagos"): """
        Lekki 6.459 3.515 6 3|Lekki Phase 1 6.4478 3.4723 8 11|Lekki Phase 2 6.435 3.575 3.5 4
        Ikate 6.4385 3.487 6.5 6|Chevron 6.4416 3.5335 5 6|Agungi 6.4448 3.523 4.5 4
        Osapa London 6.4466 3.513 5 5|Ikota 6.452 3.556 4 3|VGC 6.466 3.557 6.5 3
        Ajah 6.4698 3.5852 2.8 6|Sangotedo 6.4737 3.6307 2.4 5|Abraham Adesanya 6.469 3.603 2.6 3
        Badore 6.508 3.602 2.4 2|Ibeju-Lekki 6.443 3.92 1.4 4|Awoyaya 6.475 3.714 1.6 3
        Epe 6.584 3.983 1 2|Victoria Island 6.4281 3.4219 11 6|Ikoyi 6.4549 3.4347 15 7
        Banana Island 6.4668 3.4498 28 2|Oniru 6.4326 3.4467 9.5 3|Yaba 6.5095 3.3711 3.6 6
        Akoka 6.526 3.388 2.4 2|Surulere 6.5 3.3581 3 6|Ebute Metta 6.4845 3.378 2.2 2
        Gbagada 6.5538 3.3888 3.2 4|Maryland 6.5715 3.3672 3.6 3|Magodo 6.6162 3.385 4 4
        Ikeja 6.6018 3.3515 3.6 5|Ikeja GRA 6.582 3.358 7 4|Opebi 6.592 3.361 4 2
        Alausa 6.6148 3.359 3.6 2|Ogba 6.6305 3.338 2.4 3|Agege 6.6219 3.3258 1.4 3
        Ojodu Berger 6.642 3.369 2 3|Omole 6.633 3.362 3.2 3|Ketu 6.597 3.3895 1.6 2
        Mile 12 6.606 3.398 1.2 1|Ojota 6.5833 3.3828 1.8 2|Ikorodu 6.6194 3.5105 1 4
        Festac 6.4664 3.2835 2 3|Amuwo Odofin 6.4673 3.302 2.6 3|Apapa 6.4489 3.3592 3 2
        Oshodi 6.5568 3.3436 1.6 2|Isolo 6.536 3.323 1.8 2|Ago Palace Way 6.503 3.308 2.2 2
        Okota 6.508 3.316 2.1 2|Egbeda 6.593 3.2905 1.4 2|Ipaja 6.613 3.266 1.1 2|Ayobo 6.605 3.242 .9 2
        Iyana Ipaja 6.6097 3.295 1.2 1|Abule Egba 6.6489 3.295 1 2|Mushin 6.5273 3.3551 1.4 2
        Ilupeju 6.553 3.3567 2.6 2|Anthony 6.5605 3.3695 2.8 2|Palmgrove 6.5397 3.3655 2.3 1
        Shomolu 6.5406 3.384 2 2|Bariga 6.5385 3.3905 1.7 1|Ogudu 6.5735 3.3925 2.8 2
        Alapere 6.588 3.395 2 1|Badagry 6.4316 2.8876 .6 1|Satellite Town 6.441 3.256 1.5 2
        Ojo 6.4577 3.19 1.1 1
    """,
    ("Abuja", "FCT"): """
        Maitama 9.0882 7.4934 14 3|Asokoro 9.0367 7.5154 13 2|Wuse 9.0664 7.465 5 2
        Wuse 2 9.0796 7.4703 7 3|Garki 9.0292 7.4878 4.5 2|Gwarinpa 9.1099 7.4042 4 4
        Jabi 9.0643 7.4228 6 3|Utako 9.0723 7.4392 5 2|Lugbe 8.9767 7.3722 1.6 3
        Kubwa 9.1538 7.3227 1.5 3|Lokogoma 8.9787 7.4516 2.6 2|Apo 8.9865 7.4937 3.4 2
        Life Camp 9.0731 7.4008 4.4 2|Katampe 9.1075 7.4573 6 2|Guzape 9.0178 7.5095 7 2
        Kado 9.0955 7.4265 4.2 1|Durumi 9.0163 7.4666 3.2 1|Gudu 8.9997 7.4731 3.4 1
        Central Area 9.0532 7.489 6 1|Nyanya 9.0273 7.5637 1 1|Karu 9.0181 7.5835 1.1 1
        Dawaki 9.1287 7.4089 2.4 1|Mabushi 9.0817 7.4466 4.6 1
    """,
    ("Port Harcourt", "Rivers"): """
        Port Harcourt GRA 4.8183 7.003 4 3|Trans Amadi 4.8119 7.0344 2.2 2|Rumuola 4.8302 7.0068 1.8 1
        Peter Odili 4.7953 7.0457 2.4 2|Woji 4.829 7.059 1.8 2|Eliozu 4.8678 7.0177 1.4 1
        Ada George 4.8425 6.9755 1.4 2|Rumuokoro 4.866 6.995 1.1 1|D-Line 4.8023 7.0024 1.8 1
    """,
    ("Ibadan", "Oyo"): """
        Bodija 7.4352 3.9143 1.6 3|Akobo 7.4318 3.947 1 2|Ring Road 7.3583 3.8706 1.2 1
        Oluyole 7.3612 3.8536 1.5 2|Challenge 7.3489 3.8837 1 1|Jericho 7.4002 3.8716 1.8 1
        Samonda 7.4319 3.9085 1.3 1|Moniya 7.5246 3.9126 .6 1|Eleyele 7.4216 3.8583 .8 1
        Apata 7.3786 3.8264 .7 1
    """,
    ("Enugu", "Enugu"): """
        Independence Layout 6.4279 7.5233 1.8 2|New Haven 6.4547 7.5203 1.3 1
        Trans Ekulu 6.4838 7.5123 1.2 1|Enugu GRA 6.4584 7.5018 1.7 1|Achara Layout 6.4165 7.4955 .8 1
    """,
    ("Benin City", "Edo"): """
        Benin GRA 6.3095 5.6145 1.6 2|Ugbowo 6.3953 5.61 .8 1|Airport Road 6.3166 5.5995 1 1
    """,
    ("", "Ogun"): """
        Mowe 6.809 3.437 .6 2|Ibafo 6.741 3.425 .6 1|Arepo 6.69 3.413 1 2|Magboro 6.713 3.406 .8 1
        Sango Ota 6.7 3.233 .6 1
    """,
}

ISLAND = frozenset(
    (
        "Lekki",
        "Lekki Phase 1",
        "Lekki Phase 2",
        "Ikate",
        "Chevron",
        "Agungi",
        "Osapa London",
        "Ikota",
        "VGC",
        "Ajah",
        "Sangotedo",
        "Abraham Adesanya",
        "Badore",
        "Ibeju-Lekki",
        "Awoyaya",
        "Epe",
        "Victoria Island",
        "Ikoyi",
        "Banana Island",
        "Oniru",
    )
)


def _areas() -> tuple[Area, ...]:
    found = []
    for (city, state), rows in _ROWS.items():
        for row in rows.replace("\n", "|").split("|"):
            if row.strip():
                name, latitude, longitude, level, many = row.strip().rsplit(" ", 4)
                where = float(latitude), float(longitude)
                # What lies in no city of the gazetteer is its own town.
                found.append(Area(name, city or name, state, *where, float(level), int(many)))
    return tuple(found)


AREAS = _areas()

# Real street names where they are well known; elsewhere names that every town has.
STREETS = {
    "Lekki Phase 1": "Admiralty Way,Fola Osibo Street,Freedom Way,Hakeem Dickson Street",
    "Victoria Island": "Adeola Odeku Street,Ahmadu Bello Way,Sanusi Fafunwa Street,Akin Adesola Street",
    "Ikoyi": "Bourdillon Road,Awolowo Road,Glover Road,Gerrard Road,Kingsway Road,Norman Williams Street",
    "Ikate": "Kusenla Road,Orchid Road,Meadow Hall Way",
    "Chevron": "Chevron Drive,Orchid Road,Alternative Route",
    "Yaba": "Herbert Macaulay Way,Commercial Avenue,Montgomery Road,Birrel Avenue",
    "Surulere": "Adeniran Ogunsanya Street,Bode Thomas Street,Ogunlana Drive,Akerele Street",
    "Ikeja": "Allen Avenue,Toyin Street,Awolowo Way,Adeniyi Jones Avenue",
    "Ikeja GRA": "Isaac John Street,Joel Ogunnaike Street,Oduduwa Crescent,Sasegbon Street",
    "Magodo": "CMD Road,Shangisha Road,Emmanuel Keshi Street",
    "Gbagada": "Diya Street,Deeper Life Street,Awoniyi Elemo Street",
    "Maitama": "Mississippi Street,Gana Street,Nile Street,Amazon Street",
    "Wuse 2": "Aminu Kano Crescent,Adetokunbo Ademola Crescent,Libreville Street",
    "Gwarinpa": "1st Avenue,3rd Avenue,6th Avenue",
    "Port Harcourt GRA": "Tombia Street,Evo Road,Sani Abacha Road",
    "Bodija": "Awolowo Avenue,Osuntokun Avenue,Aare Avenue",
}
COMMON_STREETS = (
    "Adebayo Street",
    "Unity Close",
    "Palm Avenue",
    "Church Street",
    "Market Road",
    "Peace Estate Road",
    "Oladipo Crescent",
    "Okonkwo Street",
    "Balogun Street",
    "Hospital Road",
    "School Road",
    "Harmony Close",
    "Ibrahim Street",
    "Eze Street",
    "Akin Close",
)


def streets(area: str) -> Sequence[str]:
    """Streets of an area."""
    return STREETS[area].split(",") if area in STREETS else COMMON_STREETS
