"""The short set: real processes, killed and hung, while a small crowd talks. `make faults` does all of it."""

import json
from collections.abc import Iterator

import pytest

from tests.faults.run import Run, a_run
from tests.faults.scenarios import (
    POINTS,
    Named,
    dies_at,
    everything_killed,
    redis_flushed,
    webhook_fault,
)

SHORT = (
    dies_at("turn_written"),
    Named("redis flushed", redis_flushed),
    webhook_fault("duplicate"),
    Named("everything killed", everything_killed),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    # How long a transaction takes beside all the other tests says nothing.
    with a_run(tmp_path_factory.mktemp("faults"), people=20, rate=8, besides=("I14",)) as run:
        yield run


def test_whatever_the_web_process_says_is_a_line_of_the_log(run: Run) -> None:
    said = run.stack.processes["web"].log.read_text()
    assert "Starting granian" in said
    for line in said.splitlines():
        assert json.loads(line)["level"] in ("INFO", "WARNING")


@pytest.mark.parametrize("scenario", SHORT, ids=str)
def test_nothing_is_lost_doubled_or_out_of_order(run: Run, scenario: Named) -> None:
    scenario.does(run, 1)


def test_there_are_twenty_lines_at_which_processes_die_and_all_are_in_the_code() -> None:
    from config.embedded import PROJECT

    apps = ("bot", "linking", "notifications", "inspector_whatsapp", "config")
    source = "".join(file.read_text() for app in apps for file in (PROJECT / app).rglob("*.py"))
    assert [point for point in POINTS if f'crash_point("{point}")' not in source] == []
    assert len(set(POINTS)) == len(POINTS) >= 20
