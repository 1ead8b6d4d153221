"""What a property should have, or should not; and the words that only look like it."""

import re

from bot.assistant.reading.items import Item, is_free
from bot.assistant.reading.text import Text

SLOT = "amenities"
_STEADY = (
    r"(?:24 ?/ ?7|24/7/365|24 ?(?:hrs?|hours?|h)\b|constant|steady|stable|uninterrupted|regular"
    r"|reliable|round the clock|always|good|guaranteed|non[ -]?stop)"
)
_POWER = r"(?:light|power|electricity|nepa|phcn|current|power supply|electric)"

# In this order: what is read first is taken out of the text.
_AMENITIES: tuple[tuple[str, str], ...] = (
    (
        "no_flood",
        r"(?:(?:wey |that |it |area )?(?:no|not|never|doesn'?t|does not|don'?t|without|zero|free (?:of"
        r"|from)|no dey|non)"
        r"(?: go| dey| get| have| ever| be| any| prone to| in a| a| experience| usually)* flood(?:s|ed"
        r"|ing|y|able)?(?: (?:area|zone|prone))?|flood[ -]?(?:free|proof)|no be flood(?:ed)? area)"
        r"|flood(?:ing)? no (?:dey|go)(?: reach| enter| worry)?",
    ),
    (
        "power_24h",
        rf"{_STEADY} (?:nepa )?{_POWER}(?: supply)?|{_POWER}(?: supply)? (?:24 ?/ ?7|24 ?(?:hrs?"
        r"|hours?)|steady|constant|(?:wey )?(?:dey|is|must be|should be|no dey) (?:24/7|24 ?(?:hrs?"
        r"|hours?)|constant|steady|stable|always|regular|blink|go off))"
        rf"|{_POWER} no dey (?:take|blink|go)|(?:24 ?/ ?7|24 ?(?:hrs?|hours?))(?= ?(?:$|[,.?!]))",
    ),
    (
        "unfurnished",
        r"un[ -]?furnished|(?:not|no be|no|non|without|(?:is|are|has|have|was)n'?t|never|yet to be)"
        r"(?: be| been| being| any| a| yet| fully| at all){0,2}[ -](?:furnished"
        r"|furnish|furnitures?|furnishings?)|empty(?! (?:lands?|plots?|promises?|handed))",
    ),
    (
        "furnished",
        r"(?:fully|well|semi|partly|partially|tastefully|nicely)?[ -]?furnish(?:ed)?|with furnitures?",
    ),
    ("serviced", r"(?:fully |well )?serviced|service(?= (?:apartments?|flats?|plots?|estate))"),
    (
        "newly_built",
        r"newly[ -](?:built|build|constructed|completed|finished|developed)|new(?:ly)? build(?:ing)?s?"
        r"|brand[ -]?new|newly(?! (?:renovated|painted|refurbished|wed|married|listed|added))"
        r"|just (?:completed|built|finished)(?! (?:my|the|with|our|that|dat|an?|inspect\w+|from)\b)|"
        r"freshly built|never (?:been )?(?:lived|occupied"
        r"|used)(?: in)?|new house(?! deal)|first tenant",
    ),
    (
        "own_compound",
        r"(?:own|private|personal|self|separate|single|stand[ -]?alone|independent|sole)[ -]?compound"
        r"|stand(?:s|ing)?[ -]?alone"
        r"|(?:not|no|non|un|without|isn'?t|no be|don'?t|wey no|i no go|i no wan|i no want"
        r"|i don'?t want)(?: to| a| dey| be| get| go)*[ -]?shar(?:ed?|ing)(?! (?:apartments?|flats?"
        r"|rooms?|kitchen|toilets?|bath\w*|house|facilit\w+))(?: (?:of )?(?:a |my "
        r"|the )?compound)?(?: with (?:any|no|some) ?(?:body|one))?"
        r"|compound (?:to|for|by) (?:my|your|our|it)sel(?:f|ves)|(?:alone|only me) (?:in"
        r"|inside) (?:the |a |my )?compound|its own compound|own gate|compound of (?:my|our|his|her|your) "
        r"own",
    ),
    ("c_of_o", r"c[ -]?of[ -]?o\b|c\.? ?o\.? ?o\.?\b|cofo|c/o\b|certificate of occupancy|c of 0"),
    (
        "tarred_road",
        r"(?:good|tarred|tared|tar|motorable|paved|accessible|smooth)(?: access)? roads?|roads? (?:wey "
        r"|that |is |must |dey |don |be )*(?:good|tarred|tared|tar|fine|motorable|paved)",
    ),
    (
        "fitted_kitchen",
        r"(?:well |fully )?fitted kitchens?|kitchen (?:wey get |with )?(?:cabinets?|cupboards?"
        r"|fittings?)|kitchen (?:is |wey |dey )*(?:fully )?fitted|fitted (?:with )?kitchen"
        r"|cabinets? (?:in|for|inside) (?:the )?kitchen|cabinets?",
    ),
    ("wardrobe", r"(?:built[ -]?in |fitted |walk[ -]in |big |in[ -]?built )?(?:wardrobes?|closets?)"),
    ("ground_floor", r"(?:on |at )?(?:the )?(?:ground|grd)[ -]?floor|down ?stairs|downstair"),
    ("upstairs", r"up[ -]?stairs?|(?:top|upper|last|first|second|third|1st|2nd|3rd)[ -]floors?|up floor"),
    (
        "waterfront",
        r"water[ -]?(?:front|side)s?|(?:water|ocean|sea|lagoon|beach|river)[ -]?(?:view|facing|front)"
        r"|beachfront|(?:by|near|close to|beside|facing|dey near|on) (?:the )?water(?! ?(?:corporation"
        r"|board|works))|by the (?:water|lagoon|sea|ocean|beach)|facing (?:the )?(?:water|lagoon|sea"
        r"|ocean)",
    ),
    ("swimming_pool", r"swimming[ -]?pools?|swim pool|(?<!car )pools?(?! (?:of|table|house))"),
    (
        "water",
        r"(?:good |clean |constant |steady |running |treated |regular |24 hours? |borehole |portable "
        r"|potable |tap |pipe borne )?(?<!hot )water(?: supply)?(?! ?(?:heaters?|heating|closet|proof"
        r"|bill|leak\w*|board|cress|melon|dispenser|damage|corporation|rate|log\w*|falls?|tight))"
        r"|bore ?holes?|water dey (?:run|flow)",
    ),
    (
        "generator",
        r"(?:stand[ -]?by |big |central |sound ?proof )?(?:generators?|gen sets?|gens?|genset|gen)"
        r"(?! (?:smoke|fumes?|nois\w+|sound|wahala|smell|fuel))",
    ),
    (
        "solar_inverter",
        r"(?:solar|inverters?)(?:[ -](?:panels?|power|system|inverters?|energy|light|backup"
        r"|electricity))*(?: (?:and|or|/|&) inverters?)?",
    ),
    (
        "security",
        r"(?:24 ?/ ?7 |24 ?(?:hrs?|hours?) |good |tight |adequate |armed |uniformed |estate |solid "
        r"|strong |proper )?securit(?:y|ies)(?! (?:deposit|fee|fees|reason|reasons|code|question|levy"
        r"|dues|charge))(?: (?:guards?|men|man|post|house|personnel))?"
        r"|(?:well )?secured?(?! (?:it|the (?:deal|house|place|property|apartment|flat)|this|my"
        r"|a (?:place|house|flat)))|gate ?m[ae]n|guards?"
        r"|(?<!is it )(?<!be )(?<!are you )(?:very |is |dey )?safe(?:ty)?(?! (?:to (?:pay|send|transfer"
        r"|use|make|do)|payment|deal|transaction|trip|journey|guard))",
    ),
    (
        "gated_estate",
        r"(?<!real )(?:(?:a |an |inside |in )?(?:good |serviced |mini |private |nice |quiet )?(?:gated"
        r"|gate|close|closed)[ -]?(?:estates?|community|communities|compound)|gated"
        r"|estates?(?! (?:agents?|surveyors?|valuers?|managers?|developers?|company|firm|business"
        r"|agency)))",
    ),
    (
        "parking",
        r"(?:car |ample |enough |good |big |secure |covered |private )*(?:parking"
        r"|packing)(?: (?:spaces?|lots?|spots?|slots?|areas?))?|car ?(?:parks?|ports?)|garages?"
        r"|(?:space|spot|place|where)(?: wey i go| to| for me to| i go| i fit)?(?: dey)? park(?: (?:my "
        r"|the |a )?(?:cars?|motor|jeep))?|spaces? for (?:my )?(?:\d )?(?:cars?|motor)|park (?:my "
        r"|\d )?(?:cars?|motor)",
    ),
    ("gym", r"gym(?:nasium|s)?|fitness (?:centre|center|room)"),
    (
        "pets_allowed",
        r"(?:pets?|dogs?|cats?|animals?)(?: (?:and|or) (?:pets?|dogs?|cats?))?(?:[ -](?:(?:fit|can|may|"
        r"could|go)(?: still)? (?:stay|live|dey|enter|"
        r"come)|(?:are |is |go "
        r"|dey |be )?(?:allowed|friendly|ok|okay|welcome|permitted|allow)))|(?:allows?|accepts?"
        r"|permits?|takes?|friendly to|welcomes?)(?: my| for| a| people with)* (?:pets?|dogs?|cats?)"
        r"|keep(?:ing)? (?:an? |my |our |1 |2 |some )*(?:pets?|dogs?|cats?|puppy)"
        r"|(?:i|we|she|he|wife|family) (?:have|has|get|own|keep|own)(?: a| an| my| one| \d| some| small| "
        r"big| little)* (?:\w+ )?(?:dogs?|cats?|pets?)"
        r"|(?:with|bring|keep|for) (?:my|our) (?:pets?|dogs?|cats?)|pets?",
    ),
    ("balcony", r"balcon(?:y|ies)|verandah?s?"),
    ("elevator", r"elevators?|lifts?(?! (?:my|the|it|up|me|us))"),
    (
        "wifi",
        r"wi[ -]?fi|(?:fast |good |free |unlimited )?internet(?: access| connection| service)?|wireless",
    ),
    (
        "air_conditioning",
        r"air[ -]?con(?:dition(?:ing|ers?|ed|s)?|s)?|a\.?c\.?'?s?\b(?!\w)|a/c'?s?\b|acs\b",
    ),
    (
        "ensuite",
        r"(?:all (?:the )?(?:bed)?rooms? (?:are |is |dey |to be "
        r"|must be )?)?en[ -]?suites?(?: (?:bed)?rooms?)?",
    ),
    ("prepaid_meter", r"pre[ -]?paid(?:[ -](?:nepa |light |electric(?:ity)? )?met(?:er|re)s?)?"),
    ("cctv", r"cctv(?: cameras?)?|cameras?|surveillance"),
    (
        "playground",
        r"play[ -]?(?:grounds?|areas?)|(?:space|place|where)(?: for| my)? (?:kids|children"
        r"|pikin)(?: fit| can| to| go)* play|children'?s? play(?:ing)? (?:area|ground)",
    ),
    ("garden", r"(?<!beer )(?<!zoological )gardens?(?! (?:city|estate|of eden))|green (?:area|space)"),
    ("bq", r"(?!)"),
)
_PATTERNS = tuple((name, re.compile(rf"(?<![\w])(?:{pattern})(?!\w)")) for name, pattern in _AMENITIES)


def read(text: Text, words: str) -> list[Item]:
    """The amenities that are named, wanted or not. words: the text before a search was read in it."""
    found = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            if match.start() == match.end() or not is_free(text, *match.span()):
                continue
            if match[0] == "estate" and _is_of_a_name(text, match.start()):
                continue
            text.take_match(match, "amenity")
            found.append(Item(match.start(), match.end(), SLOT, name))
    return _without_both(found)


def _is_of_a_name(text: Text, start: int) -> bool:
    """Whether an area stands right before: "Oluyole Estate" is a name."""
    return any(end + 1 == start and what == "area" for _start, end, what in text.marks)


def _without_both(found: list[Item]) -> list[Item]:
    """ "Furnished or unfurnished" asks for neither."""
    names = {item.value for item in found}
    if {"furnished", "unfurnished"} <= names:
        return [item for item in found if item.value not in ("furnished", "unfurnished")]
    return found
