"""Only who has the app secret may tell us things."""

import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp.cloud_api.signature import sign, verify

RAW = b'{"object":"whatsapp_business_account"}'
SECRET = "app-secret"
GOOD = sign(RAW, SECRET)

FORGED: dict[str, str | bytes | None] = {
    "missing": None,
    "empty": "",
    "wrong": sign(RAW, "other"),
    "truncated": GOOD[:-1],
    "longer": GOOD + "0",
    "upper case": GOOD.upper(),
    "upper-case digits": "sha256=" + GOOD[7:].upper(),
    "sha1": GOOD.replace("sha256", "sha1"),
    "bare": GOOD[7:],
    "doubled": f"{GOOD},{GOOD}",
    "doubled with a blank": f"{GOOD}, {GOOD}",
    "blank in front": " " + GOOD,
    "line break behind": GOOD + "\n",
    "not ASCII": GOOD[:-1] + "é",
    "digits of another script": "sha256=" + "٣" * 64,
    "bytes not ASCII": GOOD.encode()[:-1] + b"\xff",
}


def test_a_known_vector() -> None:
    expected = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    assert sign(b"The quick brown fox jumps over the lazy dog", "key") == f"sha256={expected}"


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
def test_a_forged_header_is_false_and_never_an_error(header: str | bytes | None) -> None:
    assert verify(RAW, header, [SECRET]) is False


def test_both_secrets_count_while_they_are_rotated() -> None:
    assert verify(RAW, GOOD, ["new", SECRET])
    assert verify(RAW, GOOD.encode(), [SECRET, "new"])
    assert not verify(RAW, GOOD, ["new"])


def test_without_a_secret_nothing_is_right() -> None:
    assert not verify(RAW, GOOD, [])
    assert not verify(RAW, sign(RAW, ""), [""])


@pytest.mark.parametrize("raw", [b'{"a":"\\u00e9\\ud83c\\udfe0"}', '{"a":"é🏠"}'.encode(), b'{ "a" : 1 }'])
def test_the_raw_bytes_count_and_not_what_they_mean(raw: bytes) -> None:
    again = json.dumps(json.loads(raw), ensure_ascii=b"\\u" not in raw).encode()

    assert verify(raw, sign(raw, SECRET), [SECRET])
    assert again != raw
    assert not verify(raw, sign(again, SECRET), [SECRET])


@given(st.binary(), st.text() | st.binary())
def test_no_header_is_an_accident(raw: bytes, header: str | bytes) -> None:
    assert not verify(raw, header, [SECRET])


@given(st.binary(), st.binary(max_size=3))
def test_one_other_byte_is_another_body(raw: bytes, more: bytes) -> None:
    assert verify(raw + more, sign(raw, SECRET), [SECRET]) is (more == b"")


def test_the_time_of_a_comparison_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    constant_time = hmac.compare_digest

    def seen(one: str, other: str) -> bool:
        compared.append((one, other))
        return constant_time(one, other)

    monkeypatch.setattr(hmac, "compare_digest", seen)
    assert verify(RAW, GOOD, [SECRET, "old"])
    assert compared == [(GOOD, GOOD), (sign(RAW, "old"), GOOD)], "both, whichever it was"
