"""What stands in a text for what has been read of it, and how a bare number is told from a count."""

from bot.assistant.reading.text import GONE

DAY, TIME, PART = "\x10", "\x12", "\x14"  # what was read begins with one of these, and goes on with the next
MARKS = DAY + TIME + PART
A_DAY, A_TIME, A_PART = (f"{mark}{chr(ord(mark) + 1)}*" for mark in MARKS)  # patterns of the whole
BEHIND_A_DAY = "\x10\x11\x14\x15"  # one of these ends what was read of a day or of a part of it
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
    rf"(?= ?(?:$|\d{{1,2}}(?:[:.][0-5]\d)? ?(?:am|pm|oclock)|[.,;!?){GONE}{DAY}{TIME}{PART}]"
    rf"| (?:{GOES_ON})\b))"
    r"(?!,? [a-z]+(?: [a-z]+){0,2} (?:street|str|road|rd|close|avenue|ave|crescent|drive|way|lane|estate)\b)"
)
