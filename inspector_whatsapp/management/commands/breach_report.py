"""`manage.py breach_report`: who is affected by what was seen, taken, or could be read, as CSV."""

import csv
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from inspector_whatsapp import audit, clock, exports
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import User
from inspector_whatsapp.privacy import breach


class Command(BaseCommand):
    help = "List whose data was seen, taken, or could be read: accounts with e-mail and masked phone, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        when = f"2026-11-27, or 2026-11-27T14:30 in {settings.TIME_ZONE}"
        parser.add_argument("--since", help=f"from then on: {when}")
        parser.add_argument("--until", help="until then, a day with its end; without: now")
        parser.add_argument(
            "--table",
            action="append",
            default=[],
            help="whose rows; several are allowed. Without: see --looked",
        )
        parser.add_argument("--looked", action="store_true", help="of whom the staff saw or took something")
        parser.add_argument("--by", help="the e-mail of one of the staff, for --looked")
        parser.add_argument("--linked", action="store_true", help="whose WhatsApp was linked at --until")

    def handle(
        self,
        *,
        since: str | None,
        until: str | None,
        table: list[str],
        looked: bool,
        by: str | None,
        linked: bool,
        **options: object,
    ) -> None:
        start, end = _moment(since, end=False), _moment(until, end=True) or clock.now()
        if [bool(table), looked, linked].count(True) != 1:
            raise CommandError(
                f"Say one of --table, --looked, --linked. Tables: {', '.join(breach.tables())}"
            )
        if unknown := set(table) - set(breach.tables()):
            raise CommandError(f"No such table: {', '.join(sorted(unknown))}")
        if looked and start is None:
            raise CommandError("--looked needs --since.")
        who = User.objects.filter(email=by.casefold()).first() if by else None
        if by and who is None:
            raise CommandError("Nobody has that address.")
        if linked:
            people = breach.linked(at=end)
        elif looked and start is not None:
            people = breach.looked_at(since=start, until=end, by=who)
        else:
            people = breach.stored(tables=table, since=start, until=end)
        lines = csv.writer(self.stdout)
        lines.writerow(breach.HEADINGS)
        lines.writerows([[exports.cell(cell) for cell in one.cells] for one in people])
        audit.record(
            Act.EXPORTED, actor=None, page="breach_report", says="on the command line", rows=len(people)
        )


def _moment(typed: str | None, *, end: bool) -> datetime | None:
    """A day begins and ends in the service's zone."""
    if not typed:
        return None
    try:
        day = parse_date(typed)
        if day is not None:
            return make_aware(datetime.combine(day + timedelta(days=1 if end else 0), time.min))
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{typed} is no time; write it as in 2026-11-27 or 2026-11-27T14:30.")
    return make_aware(moment) if is_naive(moment) else moment
