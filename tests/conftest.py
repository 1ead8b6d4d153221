"""What every test may lean on."""

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("fuzz", deadline=None, max_examples=5_000)
hypothesis_settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts", action="store_true", help="Rewrite the transcripts; review the diff."
    )
