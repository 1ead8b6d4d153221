"""Querysets whose SQL is built once: for what every turn asks.

Django builds a query's SQL anew each time, which takes longer than PostgreSQL takes to answer it.

    _active = Prepared(lambda: Link.objects.filter(contact=Given("contact")).select_related("account"))
    _active.of(contact=7)

The text is the same for every value, so what changes the text (None, an empty list, another order) is another
queryset. `Among("field", Given("…"))` is `in` for a list.
"""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import BooleanField, Expression, Func, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Given(Expression):
    """A value that is filled in when the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return "%s", [self]


class Among(Func):
    """One of a list: `in`, with a single parameter, however long it is."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Prepared(Generic[M]):
    """A queryset with `Given` values, built when it is first asked."""

    def __init__(self, build: Callable[[], QuerySet[M, Any]]) -> None:
        self._build = build
        self._built: tuple[QuerySet[M, Any], SQLCompiler, str, tuple[Any, ...]] | None = None

    def of(self, **values: object) -> list[M]:
        """Ask it with these values."""
        if self._built is None:
            asked = self._build()
            compiler = asked.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            self._built = asked, compiler, sql, params
        asked, compiler, sql, params = self._built
        filled = tuple(values[each.name] if isinstance(each, Given) else each for each in params)
        # Django reads the rows, by a compiler that has its text already; the connection is this thread's.
        ready = copy(compiler)
        ready.connection = connection
        text: Any = lambda *_args, **_options: (sql, filled)  # noqa: E731
        ready.as_sql = text  # type: ignore[method-assign]
        answer = asked.all()
        answer.query.get_compiler = lambda *_args, **_options: ready  # type: ignore[method-assign]
        rows: Iterable[M] = cast(Any, answer)._iterable_class(answer)
        return list(rows)
