"""How long the embedded interpreter takes for a message, against the sentence model alone; what it weighs."""

import json
import resource
import time
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from bot.assistant import gazetteer
from bot.assistant.intents import meaning
from bot.assistant.interpreter import interpret
from bot.assistant.reading.text import plain
from inspector_whatsapp.models import Role
from tests.benchmarks.table import Row

UTTERANCES = Path(__file__).parents[1] / "assistant" / "development.jsonl"
NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Africa/Lagos"))
ROUNDS = 5


def _memory() -> int:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_messages_are_understood(rows: list[Row], notes: list[str]) -> None:
    texts = [json.loads(line)["text"] for line in UTTERANCES.read_text().splitlines()]
    places = gazetteer.of_platform()
    before = _memory()
    interpret(texts[0], role=Role.SEEKER, now=NOW, gazetteer=places)  # the model is read
    grown = _memory() - before
    ours, alone, each = [], [], []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        for text in texts:
            one = time.perf_counter()
            interpret(text, role=Role.SEEKER, now=NOW, gazetteer=places)
            each.append(1000 * (time.perf_counter() - one))
        ours.append(len(texts) / (time.perf_counter() - began))
        began = time.perf_counter()
        for text in texts:
            meaning.of(plain(text))
        alone.append(len(texts) / (time.perf_counter() - began))
    rows.append(Row("messages understood", ours, "the sentence model alone", alone, 0.8))
    notes.append(
        f"A message is understood in {median(each):.1f} ms (median; p95 {quantiles(each, n=20)[-1]:.1f} ms), "
        f"with {grown} MB more than before the first."
    )
