"""The whole schema, thrown at the API by schemathesis: what is valid, what is not, by every role.

No answer but documented ones, in the documented form; no 5xx; nothing of our insides in what is refused. Each
case is undone: it finds the world as the first one did.
"""

import re
import zlib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.openapi.checks import RejectedPositiveData

from config.embedded import PROJECT
from config.wsgi import application
from inspector_whatsapp.api.doors import Person, Service, Staff
from inspector_whatsapp.management.commands.describe_api import described
from tests.api.inspector import service_token, with_token
from tests.api.routes import PREFIX, routes
from tests.api.world import SCOPES, World, undone

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

FUZZ = hypothesis_settings().max_examples >= 5_000  # of `make fuzz`
EXAMPLES = 250 if FUZZ else 25  # of each operation, beside the edges of every field
INSIDES = re.compile(r"Traceback|psycopg|django|SELECT |INSERT |site-packages|/work/|File \"", re.IGNORECASE)

# What no schema says: for these a valid request is refused all the same.
RULES = {
    "bad_cursor",
    "parse_error",
    "user_missing",
    "Enter a valid email address.",
    "News of security cannot be turned off.",
    "Null characters are not allowed.",
    "Quiet hours begin and end at different times.",
    "That is more than a day ahead.",
    "That slot is of another property.",
    "This field may not be blank.",
}
REFUSED = ["401", "403", "404", "409", "412", "422", "428"]
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "304", *REFUSED]},
        "negative_data_rejection": {"expected-statuses": ["400", "405", "413", "415", *REFUSED]},
    }
}

config = schemathesis.Config.from_dict(CONFIG)
schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, config=config)


def nameless(address: str) -> str:
    """An address without what its parts are called: the schema calls some of them otherwise."""
    return re.sub(r"<\w+>|\{\w+\}", "<>", address.removeprefix(PREFIX))


RIGHTS = {nameless(route.address): route.door.rights for route in routes()}


# --- at real rows -----------------------------------------------------------------------------------------
# What there is, by the address or the field that names it.
ROWS: dict[str, dict[str, Any]] = {"named": {}, "fields": {}}

FORMS = {
    "id": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "ref": r"(PR|IN)-[1-9][0-9]{0,11}",
    "key": r"[A-Za-z0-9:._-]{1,64}",
}


@schema.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Half of the addresses that could be of something are of something."""
    for start, value in ROWS["named"].items():
        if nameless(context.operation.path).startswith(nameless(start)):
            (name,) = path_parameters
            return {name: value} if _may_be(path_parameters[name], value) else path_parameters
    return path_parameters


@schema.hook
def map_query(context: Any, query: Any) -> Any:
    return _with_rows(query)


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    return _with_rows(body)


def _with_rows(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {
        name: ROWS["fields"][name]
        if name in ROWS["fields"] and _may_be(value, ROWS["fields"][name])
        else _with_rows(value)
        for name, value in given.items()
    }


def _may_be(given: Any, real: Any) -> bool:
    """Whether it is of the same form as the real one, and is of the half that is replaced."""
    if type(given) is not type(real) or number(given) % 2:
        return False
    return bool(given > 0 if isinstance(given, int) else _form(given) == _form(real))


def _form(text: str) -> str:
    return next((name for name, form in FORMS.items() if re.fullmatch(form, text)), "none")


# --- calls ------------------------------------------------------------------------------------------------
class Caller:
    """Calls an operation with the token that its case asks for, and keeps nothing of it."""

    def __init__(self) -> None:
        self.world = World()
        ROWS["named"] = {start: row for start, row in self.world.named.items() if "<kind>" not in start}
        named = {"slot": self.world.slot.pk, "user": "user-2041", "seeker": "user-2041"}
        named |= {"property": "home", "inspection": self.world.named["inspections/<ref>"]}
        ROWS["fields"] = named
        self.service = service_token(" ".join(SCOPES))

    def call(self, case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {self.token(case)}"}
        with undone():
            response = case.call(headers=headers)
            self.validate(case, response, headers)
        if response.status_code >= 400:
            assert not INSIDES.search(response.text), response.text

    def validate(self, case: schemathesis.Case[Any], response: Any, headers: dict[str, str]) -> None:
        try:
            case.validate_response(response, headers=headers)
        except FailureGroup as found:
            if not all(self.is_known(one, case, response) for one in found.exceptions):
                raise

    def is_known(self, failure: Exception, case: schemathesis.Case[Any], response: Any) -> bool:
        match failure:
            case RejectedPositiveData():
                problem = response.json()
                said = {error["detail"] for error in problem.get("errors", ())} or {problem["code"]}
                return said <= RULES
            case AcceptedNegativeData():
                # A list without anything in it is meant to be wrong, and is not there when it is sent.
                unsent = any(value in ([], {}) for value in (case.query or {}).values())
                by_item = "/sync/" in case.operation.path and bool(response.json().get("refused"))
                return unsent or by_item
        return False

    def token(self, case: schemathesis.Case[Any]) -> str:
        """By the case itself, so that the same case is called by the same role."""
        chosen = number(case.path_parameters, case.query, case.body)
        tokens = [*self.world.tokens.values()] if chosen % 8 == 0 else self.allowed(case)
        return tokens[chosen // 8 % len(tokens)]

    def allowed(self, case: schemathesis.Case[Any]) -> list[str]:
        """Of those who may call it; nobody else sees more than a refusal."""
        found: list[str] = []
        for right in RIGHTS[nameless(case.operation.path)].get(case.operation.method.upper(), ()):
            match right:
                case Person():
                    found += [self.world.tokens[role] for role in ("owner", "owner", "stranger")]
                case Service():
                    found.append(self.service)
                case Staff():
                    found.append(self.world.tokens["chief"])
        return found


def number(*parts: Any) -> int:
    return zlib.crc32(repr(parts).encode())


@pytest.fixture
def caller(settings: Settings) -> Iterator[Caller]:
    settings.API_USER_RATE = settings.API_CLIENT_RATE = "10000000/minute"
    # Around each request a server closes connections that are in the middle of something, as the test's is.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Caller()
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES, deadline=None, derandomize=not FUZZ, suppress_health_check=list(HealthCheck)
)
def test_every_operation_answers_as_documented(case: schemathesis.Case[Any], caller: Caller) -> None:
    caller.call(case)


# --- what is written in it --------------------------------------------------------------------------------
EXAMPLED = [
    (method.upper(), address, name, example["value"])
    for address, operations in schema.raw_schema["paths"].items()
    for method, operation in operations.items()
    for kind in operation.get("requestBody", {}).get("content", {}).values()
    for name, example in kind.get("examples", {}).items()
]


@pytest.mark.parametrize(
    ("method", "address", "name", "body"), EXAMPLED, ids=[f"{one[1]}-{one[2]}" for one in EXAMPLED]
)
def test_an_example_does_what_it_says(
    caller: Caller, method: str, address: str, name: str, body: dict[str, Any]
) -> None:
    (route,) = [one for one in routes() if nameless(one.address) == nameless(address)]
    world = caller.world
    world.bodies[method, route.address] = body
    role = "owner" if Person() in RIGHTS[nameless(route.address)][method] else "everything"
    world.roles["everything"] = with_token(caller.service)
    assert world.status(role, method, route) < 300, name


def test_what_is_committed_for_developers_is_the_schema() -> None:
    """`manage.py describe_api` writes both pages; the diff is what changes for callers."""
    said = StringIO()
    call_command("spectacular", stdout=said, fail_on_warn=True)
    assert (PROJECT / "docs/openapi.yaml").read_text() == said.getvalue()
    assert (PROJECT / "docs/api.md").read_text() == described(yaml.safe_load(said.getvalue()))


def test_a_huge_question_is_refused(caller: Caller) -> None:
    chief = with_token(caller.world.tokens["chief"])
    for query in (
        {"text": "x" * 1_000_000},
        {"cursor": "x" * 1_000_000},
        {f"a{n}": "1" for n in range(9_999)},
    ):
        answer = chief.get(PREFIX + "admin/messages", query)
        assert answer.status_code == 400
        assert len(answer.content) < 100_000


def test_of_many_mistakes_a_hundred_are_named(caller: Caller) -> None:
    body = {f"a{n}": 1 for n in range(50_000)}
    answer = with_token(caller.service).post(PREFIX + "events", body, format="json")
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 100)
