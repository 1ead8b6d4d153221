"""Measure how well the assistant understands: run its interpreter over a file of labelled utterances."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from bot.assistant import evaluation, gazetteer
from bot.assistant.evaluation import Figures, Result
from bot.assistant.interpreter import interpret


class Command(BaseCommand):
    help = (
        "Say how much of FILE.jsonl is understood: intent accuracy, exact match and slot F1, by tag and by "
        "intent, and what was missed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="One JSON object a line; see docs/assistant.md.")
        parser.add_argument(
            "--gazetteer", type=Path, help="Places as a JSON file. Default: those of the database."
        )
        parser.add_argument("--misses", type=int, default=None, help="List so many misses. Default: all.")
        for name, what in (("intent", "intent accuracy"), ("exact", "exact match"), ("f1", "slot F1")):
            parser.add_argument(
                f"--min-{name}", type=float, default=0.0, help=f"Fail when the {what} is below this, 0 to 1."
            )

    def handle(self, *args: Any, **options: Any) -> None:
        places = _places(options["gazetteer"])
        try:
            items, bad = evaluation.items_of(options["file"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        for line in bad:
            self.stderr.write(str(line))
        if not items:
            raise CommandError(f"{options['file']} has no item that can be read.")
        began = time.perf_counter()
        results = evaluation.results_of(items, gazetteer=places, interpret=interpret)
        took = (time.perf_counter() - began) * 1000 / len(items)
        self._print_misses(evaluation.misses(results), options["misses"])
        self._print_table("tag", evaluation.by_tag(results))
        self._print_table("intent", evaluation.by_intent(results))
        all_in_all = evaluation.figures(results)
        self._print_table("all", {"all": results})
        self.stdout.write(f"\nintent accuracy {all_in_all.intent:.3f}")
        self.stdout.write(f"exact match     {all_in_all.exact:.3f}")
        self.stdout.write(f"slot F1         {all_in_all.f1:.3f}")
        self.stdout.write(f"{len(items)} items, {took:.1f} ms each")
        self._judge(all_in_all, bad, options)

    def _judge(self, got: Figures, bad: Sequence[evaluation.BadLine], options: Mapping[str, Any]) -> None:
        below = [
            f"{what} {value:.3f} is below {options[f'min_{what}']}"
            for what, value in (("intent", got.intent), ("exact", got.exact), ("f1", got.f1))
            if value < options[f"min_{what}"]
        ]
        if bad:
            below.append(f"{len(bad)} of the lines could not be read")
        if below:
            raise CommandError("; ".join(below) + ".")

    def _print_misses(self, missed: Sequence[Result], most: int | None) -> None:
        for each in missed[:most]:
            self.stdout.write(f"{each.item.id}: {each.item.text!r}")
            self.stdout.write(f"    expected {each.nearest}")
            self.stdout.write(f"    got      {each.got}")
        if most is not None and len(missed) > most > 0:
            self.stdout.write(f"… and {len(missed) - most} more misses.")

    def _print_table(self, head: str, groups: Mapping[str, Sequence[Result]]) -> None:
        self.stdout.write(f"\n{head:24} items  intent  exact  slot F1")
        for name, results in groups.items():
            of = evaluation.figures(results)
            self.stdout.write(f"{name:24} {of.items:5}  {of.intent:6.3f}  {of.exact:5.3f}  {of.f1:7.3f}")


def _places(file: Path | None) -> gazetteer.Gazetteer:
    if file is None:
        try:
            return gazetteer.of_database()
        except DatabaseError:
            raise CommandError("The database is away; name a file of places with --gazetteer.") from None
    try:
        return gazetteer.of_file(file)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CommandError(f"{file} is no file of places: it needs areas, cities, states, aliases.") from None
