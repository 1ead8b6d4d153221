"""Incidents: opened once, counted, seen, closed, and opened anew; and every kind is explained."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from inspector_whatsapp import incidents
from inspector_whatsapp.incidents import KINDS, Severity, kind_of, worth_a_mail
from inspector_whatsapp.models import Incident
from tests.factories import UserFactory

ROOT = Path(settings.BASE_DIR)
CALLS = re.compile(r"incidents\.(report|settle)\(")
APPS = ("inspector_whatsapp", "notifications", "linking", "bot")


def reported() -> Iterator[str]:
    """The kinds that the code reports or settles, by the literals and constants that it names them by."""
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            source = file.read_text()
            if "migrations" in file.parts or not CALLS.search(source):
                continue
            module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and node.args and _is_ours(ast.unparse(node.func)):
                    yield from _named(node.args[0], module)


def _is_ours(function: str) -> bool:
    return function in ("incidents.report", "incidents.settle", "_report", "_tell")


def _named(argument: ast.expr, module: object) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(name)):
            yield name
        case ast.Name(id=name) if name.isupper():
            yield getattr(module, name)
        case ast.Attribute(value=ast.Name(id=where), attr=name) if name.isupper():
            yield getattr(getattr(module, where), name)
        case ast.IfExp(body=one, orelse=other):
            yield from _named(one, module)
            yield from _named(other, module)


def test_every_kind_that_is_reported_is_explained_and_none_is_left_over() -> None:
    found = set(reported())
    by_meta = {name for name in KINDS if name.startswith("meta_")}
    assert found | by_meta == set(KINDS)
    assert len(found) > 30


def test_every_kind_has_its_row_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operating.md").read_text()
    handbook = handbook.partition("\n## Metrics\n")[0]  # whose tables name metrics and alerts
    rows = {line.split("`")[1] for line in handbook.splitlines() if line.startswith("| `")}
    assert set(KINDS) | {"meta_…"} == rows
    told = {line.split("`")[1] for line in handbook.splitlines() if line.startswith("| `") and "✉" in line}
    assert told == set(worth_a_mail())


def test_what_is_not_known_is_explained_all_the_same() -> None:
    assert "webhook" in str(kind_of("meta_something_new").todo)
    assert kind_of("of_an_older_release").severity == Severity.LOOK


def opened(key: str = "x") -> Incident:
    incidents.report("clash", key=key, sentence="Something.")
    return Incident.objects.get(kind="clash", key=key, closed_at=None)


@pytest.mark.django_db
def test_a_seen_one_that_goes_on_happening_is_counted_and_stays_seen() -> None:
    ada, ben = UserFactory(), UserFactory()
    assert incidents.see(opened(), by=ada)
    again = opened()
    assert (again.times, again.seen_by) == (2, ada)
    assert not incidents.see(again, by=ben)
    again.refresh_from_db()
    assert again.seen_by == ada


@pytest.mark.django_db
def test_a_closed_one_that_happens_again_is_another_that_nobody_has_seen() -> None:
    ada, first = UserFactory(), opened()
    incidents.see(first, by=ada)
    assert incidents.close("clash", key="x", by=ada) == 1
    assert incidents.close("clash", key="x", by=ada) == 0
    again = opened()
    assert again.pk != first.pk
    assert (again.times, again.seen_at) == (1, None)
    first.refresh_from_db()
    assert (first.closed_by, first.times) == (ada, 1)
    assert not incidents.see(first, by=ada)


@pytest.mark.django_db
def test_what_is_looked_at_again_and_again_is_not_counted_and_closes_by_itself() -> None:
    for _ in range(3):
        incidents.settle("clock_skew", key="here", wrong="It is wrong.")
    incident = Incident.objects.get()
    assert incident.times == 1
    incidents.settle("clock_skew", key="here", wrong="")
    incident.refresh_from_db()
    assert incident.closed_at is not None
    assert incident.closed_by is None


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["seen_by", "closed_by"])
def test_nobody_has_seen_or_closed_it_at_no_time(who: str) -> None:
    incident, ada = opened(), UserFactory()
    with pytest.raises(IntegrityError, match="incident_steps_have_times"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**{who: ada})
