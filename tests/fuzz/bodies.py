"""Webhook bodies as Meta sends them, with something in them replaced, dropped, doubled or damaged."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.json_texts import BAD, GOOD, ODD
from tests.fuzz.words import WORDS

PAYLOADS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "payloads").glob("*.json"))]
NAMES = (
    "id",
    "from",
    "type",
    "text",
    "body",
    "interactive",
    "image",
    "system",
    "errors",
    "context",
    "timestamp",
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.sampled_from(["wamid.1", "2348030000001", "NG.1", "0", "99999999999999", 10**30, -1, 1e308])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """One of Meta's bodies after one to three mutations; now and then its bytes are damaged too."""
    body = json.loads(draw(st.sampled_from(PAYLOADS)))
    for _ in range(draw(st.integers(1, 3))):
        _mutate(draw, body)
    raw = json.dumps(body, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=3)) + raw[at + draw(st.integers(0, 3)) :]
    return raw


def _mutate(draw: st.DrawFn, body: Any) -> None:
    """Walk to a random place, and do something to what is there."""
    spot = body
    while keys := list(spot) if isinstance(spot, dict) else list(range(len(spot))):
        key = draw(st.sampled_from(keys))
        inner = spot[key]
        if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
            spot = inner
            continue
        match draw(st.sampled_from(["replace", "drop", "double", "nest", "add"])):
            case "replace":
                spot[key] = draw(VALUES)
            case "drop":
                del spot[key]
            case "double" if isinstance(spot, list):
                spot.append(copy.deepcopy(inner))
            case "nest":
                spot[key] = [inner] if draw(st.booleans()) else {"id": inner}
            case _ if isinstance(spot, dict):
                spot[draw(st.sampled_from(NAMES))] = draw(VALUES)
        return


def texts() -> dict[str, bytes]:
    """Each odd JSON text by itself, and in the place of what somebody said."""
    around = {
        "alone": b"%s",
        "as a message": (
            b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":'
            b'[{"field":"messages","value":{"messages":[%s]}}]}]}'
        ),
    }
    every = {**GOOD, **BAD, **ODD}
    found = {
        f"{name}, {where}": form % text for name, text in every.items() for where, form in around.items()
    }
    return {name: body for name, body in found.items() if body}  # an empty one has no length, and no way in
