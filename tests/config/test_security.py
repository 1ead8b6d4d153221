"""What docs/security.md says of requirements is there; and what it says of passwords."""

import re
import subprocess

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

DOCS = settings.BASE_DIR / "docs"
TEXT = (DOCS / "security.md").read_text()
ROWS = re.findall(r"^\| ([0-9.]+)( \(L3\))? \| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)
LEVEL_1_AND_2 = 70 + 183


def test_every_requirement_of_level_2_is_answered_once() -> None:
    absent = TEXT.partition("### Nothing of it here")[2]
    ours = [number for number, level_3, _, _ in ROWS if not level_3]
    ours += re.findall(r"\d+\.\d+\.\d+", absent)
    assert len(ours) == len(set(ours)) == LEVEL_1_AND_2


@pytest.mark.parametrize(("number", "proof"), [(row[0], row[3]) for row in ROWS])
def test_a_proof_is_there(number: str, proof: str) -> None:
    tests = re.findall(r"`(tests/[^`]+)`", proof)
    for test in tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (settings.BASE_DIR / file).read_text(), test
    for page in re.findall(r"\]\(([^)#]*)", proof):
        assert not page or (DOCS / page).exists(), page
    for anchor in re.findall(r"\]\(#([^)]+)\)", proof):
        assert f"## {anchor.replace('-', ' ')}\n" in TEXT.lower(), anchor
    assert "waived" not in proof or re.search(r"\*\*waived \d{4}-\d\d-\d\d\*\*: \w", proof)
    assert tests or "](" in proof or "waived" in proof or "`" in proof or len(proof) > 10


def test_passwords_are_long_uncommon_and_kept_by_a_slow_hash() -> None:
    for bad in ("nine char", "password123", "1234567890", "qwertyuiop"):
        with pytest.raises(ValidationError):
            validate_password(bad)
    for good in ("a long enough password", "ọ́jọ́ tó dára púpọ̀", "∆" * 64, "x y " * 32):
        validate_password(good)
        kept = make_password(good)
        assert kept.startswith("pbkdf2_sha256$")
        assert int(kept.split("$")[1]) >= 600_000
        assert get_hasher("default").verify(good, kept)
        assert not get_hasher("default").verify(good.strip() + ".", kept)


def test_what_is_kept_in_the_repository_holds_no_file_of_settings() -> None:
    listed = subprocess.run(
        ["git", "ls-files", ".env", "*.pem", "*.key"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
