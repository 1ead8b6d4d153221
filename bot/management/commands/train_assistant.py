"""Train the assistant's model of intents anew, and say how good it is."""

from typing import Any

from django.core.management.base import BaseCommand

from bot.assistant.intents import training


class Command(BaseCommand):
    help = "Train the assistant's model of intents from its utterances, and say how good it is."

    def handle(self, *args: Any, **options: Any) -> None:
        utterances = training.read()
        accuracy, mistakes = training.cross_validated(utterances)
        self.stdout.write(
            f"{len(utterances)} utterances; told right by what the others teach: {accuracy:.3f}"
        )
        for mistake in mistakes[:40]:
            self.stdout.write(f"{mistake.times:4} {mistake.meant} taken for {mistake.taken_for}")
        sha256 = training.save(training.train(utterances, data=training.digest()))
        self.stdout.write(f"model.npz written, {sha256[:12]}…")
