"""Who is there when a crowd begins: agents with homes and times, seekers and inspectors, none of them linked.

python -m tests.faults.cast <seekers>
python -m tests.faults.cast --more <so many there are> <so many more>
"""

import os
import sys
from datetime import UTC, datetime, timedelta

import django

AREAS = ("Lekki Phase 1", "Yaba", "Ikeja", "Surulere", "Ajah")


def email(role: str, number: int) -> str:
    return f"{role}{number}@crowd.example"


def more(first: int, many: int) -> None:
    """More seekers, who have nothing."""
    from inspector_whatsapp.models import Role, User

    User.objects.bulk_create(
        User(email=email("seeker", n), name=f"Seeker {n}", phone="", role=Role.SEEKER, password="!")
        for n in range(first, first + many)
    )


def begin(seekers: int) -> None:
    """A tenth as many agents and inspectors as seekers, and places enough for everybody."""
    from inspector_whatsapp.models import Role, Slot, User
    from tests.factories import PropertyFactory

    some = max(2, seekers // 10)
    for role, many in (("seeker", seekers), ("agent", some), ("inspector", some)):
        User.objects.bulk_create(
            User(email=email(role, n), name=f"{role.title()} {n}", phone="", role=Role(role), password="!")
            for n in range(many)
        )
    agents = list(User.objects.filter(role=Role.AGENT).order_by("pk"))
    inspectors = list(User.objects.filter(role=Role.INSPECTOR).order_by("pk"))
    tomorrow = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for number, agent in enumerate(agents):
        for nth in range(3):
            area = AREAS[(number + nth) % len(AREAS)]
            home = PropertyFactory(agent=agent, area=area, title=f"{nth + 2}-bedroom flat in {area}")
            Slot.objects.bulk_create(
                Slot(
                    property=home,
                    inspector=inspectors[number] if not nth else None,
                    starts_at=tomorrow + timedelta(days=day, hours=2 * hour),
                    ends_at=tomorrow + timedelta(days=day, hours=2 * hour + 1),
                    capacity=2,
                )
                for day in range(21)
                for hour in range(4)
            )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if sys.argv[1] == "--more":
        more(*map(int, sys.argv[2:]))
    else:
        begin(int(sys.argv[1]))
