"""How often a test looks: a few times in the suite, many times by `make fuzz`."""

from hypothesis import HealthCheck, settings

LONGER = settings().max_examples >= 5_000  # of `make fuzz`


def examples(few: int, many: int) -> settings:
    """Settings of a test that needs the database, which Hypothesis does not clean between examples."""
    return settings(
        max_examples=many if LONGER else few,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
