"""Whether the database is the one this release was written for, asked before a process starts.

By the names of our own migrations, without Django, whose start takes a second; /readyz asks for all of them.
"""

from pathlib import Path

import psycopg

APPS = ("bot", "inspector_whatsapp", "linking", "notifications")


def compare(url: str, project: Path) -> tuple[list[str], list[str]]:
    """What the database lacks of this release, and what it has that this release does not know.

    Raises psycopg.Error when it cannot be asked.
    """
    here = {(app, file.stem) for app in APPS for file in (project / app / "migrations").glob("[0-9]*_*.py")}
    with psycopg.connect(url, connect_timeout=4) as connection:
        try:
            rows = connection.execute(
                "SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [[*APPS]]
            )
            there = {(str(app), str(name)) for app, name in rows}
        except psycopg.errors.UndefinedTable:
            there = set()
    return sorted(map(".".join, here - there)), sorted(map(".".join, there - here))


def look(url: str, project: Path) -> tuple[str, str]:
    """Why a process must not start, and what its log should say; both empty when all is well.

    A database that is ahead is no reason to stay away: while a release is brought in, processes of the one
    before start anew on it, and its migrations leave them what they need. Nor is one that is away: whoever
    works waits for it.
    """
    try:
        lacks, more = compare(url, project)
    except psycopg.Error:
        return "", "the database cannot be reached: nobody knows whether its migrations are applied"
    if lacks:
        first, *others = lacks
        and_more = f" and {len(others)} more" if others else ""
        return (
            f"The database is behind this release, it lacks {first}{and_more}: "
            "run `python manage.py migrate`, then start again.",
            "",
        )
    return "", f"the database is ahead of this release: it has {', '.join(more)}" if more else ""
