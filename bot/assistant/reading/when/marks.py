"""What stands in a text for what has been read of it, and how a bare number is told from a count."""

from bot.assistant.reading.text import GONE

DAY, TIME, PART = "\x02", "\x04", "\x06"  # what was read begins with one of these, and goes on with FILL
FILL = "\x03"
MARKS = DAY + TIME + PART
GOES_ON = "|".join(
    (
        "in the|on|in|for|please|sharp|prompt|o|oh|sir|ma|if|or|and|is|will|go|dey|works?|instead|so|because",
        "since|when|with|to|until|latest|then|exactly|ok|okay|fine|thanks?|thank|by|at|from|but|be|na|abi|sha",
        "shey|before|after|upwards?|onwards?|my|i|can|viewing|visit|inspection|slot|appointment|this",
    )
)
# A number stands alone where nothing follows that it may count: "by 3", not "by 3 bedrooms".
ALONE = (
    r"(?![,.]?\d| ?[-:%])"
    r"(?= ?(?:$|\d{1,2}(?:[:.][0-5]\d)? ?(?:am|pm|oclock)"
    rf"|[.,;!?){GONE}{DAY}{TIME}{PART}]| (?:{GOES_ON})\b))"
    r"(?!,? [a-z]+(?: [a-z]+){0,2} (?:street|str|road|rd|close|avenue|ave|crescent|drive|way|lane|estate)\b)"
)
