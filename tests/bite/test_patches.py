"""`make bite` runs the seeded bugs; here only that each can still be put in, and names its tests."""

import shutil

import pytest

from tests.bite.patches import ROOT, Bug, bugs


def test_there_are_twelve() -> None:
    assert len(bugs()) >= 12


@pytest.mark.skipif(shutil.which("git") is None, reason="a patch is applied by git")
@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.name)
def test_a_seeded_bug_fits_and_names_its_tests(bug: Bug) -> None:
    assert bug.fits(ROOT)
    files = [test.split("::")[0] for test in bug.tests if test.startswith("tests/")]
    assert files
    assert all((ROOT / file).exists() for file in files)
