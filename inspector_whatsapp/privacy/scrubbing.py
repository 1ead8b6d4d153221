"""People's numbers, addresses and names taken out of rows that are somebody else's."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Func, TextField, Value
from django.db.models.functions import Cast

from inspector_whatsapp.privacy.inventory import Mention

ERASED: Final = "[erased]"
_BATCH: Final = 500
_SPAN: Final = 50_000  # rows looked through in one statement


def clean(value: Any, words: Sequence[str]) -> Any:
    """The same value, text or JSON, without these words; a number counts only where no digit touches it."""
    pattern = _pattern(words)
    return _clean(value, pattern) if pattern is not None else value


def names(value: str, words: Sequence[str]) -> bool:
    """Whether one of these words stands in it."""
    pattern = _pattern(words)
    return pattern is not None and pattern.search(value) is not None


def scrub(mention: Mention, words: Sequence[str]) -> int:
    """Take the words out of every row of a table; how many rows. Again, it finds nothing more to do."""
    if not words:
        return 0
    table, done = mention.table, 0
    rows = table._default_manager.order_by("pk")
    for part in _spans(rows):
        found = _mentioning(part, mention, words)
        for batch in _batches(found):
            with transaction.atomic():
                done += _delete(table, batch) if mention.whole else _rewrite(table, mention, batch, words)
    return done


def _spans(rows: "models.QuerySet[Any, Any]") -> Iterable["models.QuerySet[Any, Any]"]:
    """A long table in parts, so that no statement takes long; one whose keys are no numbers whole."""
    key: models.Field[Any, Any] = rows.model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField):
        yield rows
        return
    last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    first = rows.values_list("pk", flat=True).first() or 0
    for start in range(first, last + 1, _SPAN):
        yield rows.filter(pk__gte=start, pk__lt=start + _SPAN)


def _mentioning(
    rows: "models.QuerySet[Any, Any]", mention: Mention, words: Sequence[str]
) -> "models.QuerySet[Any, Any]":
    """Rows in whose columns, put together as text, one of the words may stand: looked through once."""
    # As JSON writes them as well: quotes and backslashes in a name stand escaped there.
    texts = dict.fromkeys(
        text for word in words for text in (word, json.dumps(word, ensure_ascii=False)[1:-1])
    )
    together = Func(
        Value("\n"),
        *(Cast(name, TextField()) for name in mention.columns),
        function="concat_ws",
        output_field=TextField(),
    )
    which = "|".join(re.escape(text) for text in texts)
    found: models.QuerySet[Any, Any] = rows.annotate(all_as_text=together).filter(all_as_text__iregex=which)
    return found


def _batches(rows: "models.QuerySet[Any, Any]") -> Iterable[list[Any]]:
    after: Any = None
    while batch := list((rows.filter(pk__gt=after) if after is not None else rows)[:_BATCH]):
        yield batch
        after = batch[-1].pk


def _rewrite(table: type[models.Model], mention: Mention, batch: Sequence[Any], words: Sequence[str]) -> int:
    """Write the batch without the words: what another changes meanwhile is locked and read again."""
    done = 0
    keys = [row.pk for row in batch]
    for row in (
        table._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    ):
        fresh = {name: clean(getattr(row, name), words) for name in mention.columns}
        changed = {name: value for name, value in fresh.items() if value != getattr(row, name)}
        if changed:
            done += table._default_manager.filter(pk=row.pk).update(**_fitting(table, changed))
    return done


def _fitting(table: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Within the lengths of the columns: the mark may be longer than what it stands for."""
    for name, value in values.items():
        most = getattr(table._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and most:
            values[name] = value[:most]
    return values


def _delete(table: type[models.Model], batch: Sequence[Any]) -> int:
    return table._default_manager.filter(pk__in=[row.pk for row in batch]).delete()[0]


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    parts = [rf"(?<!\d)\+?{word}(?!\d)" if word.isdigit() else re.escape(word) for word in words if word]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _clean(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, list):
        return [_clean(one, pattern) for one in value]
    if isinstance(value, dict):
        return {pattern.sub(ERASED, key): _clean(one, pattern) for key, one in value.items()}
    return value
