"""The demo's people. Four are fixed, so that everybody can log in as them."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from inspector_whatsapp.models import Role, User

PASSWORD = "inspector-demo"  # noqa: S105 - a demo's, printed by its command


@dataclass(frozen=True)
class Person:
    """Somebody of the demo."""

    email: str
    name: str
    role: Role
    phone: str

    @property
    def platform_id(self) -> str:
        """Inspector's id of them."""
        return f"user-{self.email.partition('@')[0]}"


def _row(role: Role, names: str, first_number: int) -> tuple[Person, ...]:
    people = []
    for place, name in enumerate(names.split(",")):
        email = f"{name.lower().replace(' ', '.')}@inspector.example"
        people.append(Person(email, name, role, f"+234803000{first_number + place:04}"))
    return tuple(people)


ADA = Person("ada@inspector.example", "Ada Obi", Role.SEEKER, "+2348030000001")
BOLA = Person("bola@inspector.example", "Bola Adeyemi", Role.AGENT, "+2348030000002")
CHIDI = Person("chidi@inspector.example", "Chidi Eze", Role.INSPECTOR, "+2348030000003")
ADMIN = Person("admin@inspector.example", "Admin", Role.ADMIN, "")

AGENTS = (
    BOLA,
    *_row(
        Role.AGENT,
        "Tunde Bakare,Ngozi Okafor,Yemi Alade,Femi Ogunleye,Kemi Lawal,Emeka Nwosu,Sade Williams,"
        "Ibrahim Sule,Halima Bello,Uche Anyanwu,Segun Adewale,Amaka Igwe,Musa Danjuma,"
        "Tamuno George,Dayo Akinola,Ifeoma Chukwu,Osaze Igbinedion,Funke Balogun,Zainab Yusuf",
        1100,
    ),
)
INSPECTORS = (
    CHIDI,
    *_row(
        Role.INSPECTOR,
        "Kunle Afolabi,Blessing Etim,Rotimi Ojo,Nneka Udeh,Abdul Garba,Boma Briggs,Wale Ige",
        1200,
    ),
)
SEEKERS = (
    ADA,
    *_row(Role.SEEKER, "Tobi Adeleke,Chioma Nnadi,Sani Musa,Efe Oghene,Lola Bankole,Kachi Umeh", 1300),
)
EVERYBODY = (*SEEKERS, *AGENTS, *INSPECTORS, ADMIN)


def make_people() -> dict[str, User]:
    """Make those who are missing; everybody's account by e-mail."""
    emails = [person.email for person in EVERYBODY]
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    missing = [person for person in EVERYBODY if person.email not in known]
    # One hash for all: a good one costs a third of a second.
    password = make_password(PASSWORD) if missing else ""
    User.objects.bulk_create(
        [
            User(
                email=person.email,
                platform_id=person.platform_id,
                name=person.name,
                role=person.role,
                phone=person.phone,
                password=password,
                is_staff=person is ADMIN,
                is_superuser=person is ADMIN,
            )
            for person in missing
        ]
    )
    people = {user.email: user for user in User.objects.filter(email__in=emails)}
    for person in EVERYBODY:  # of a demo from before they had ids
        if people[person.email].platform_id is None:
            people[person.email].platform_id = person.platform_id
            people[person.email].save(update_fields=["platform_id"])
    return people
