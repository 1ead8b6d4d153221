"""What every door of the API has in common: who may open it, how its body is read, how much is too much."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from inspector_whatsapp.api.authentication import ADMIN, Bearer, Caller
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.throttles import PerCaller

LARGEST: Final = 1_000_000  # bytes of a body, where a door says nothing else
DEEPEST: Final = 32  # lists and objects within each other


@dataclass(frozen=True)
class Person:
    """Whoever has an account, for what is theirs."""

    def lets_in(self, caller: Caller) -> bool:
        return caller.account is not None


@dataclass(frozen=True)
class Service:
    """A service of Inspector's whose token has this scope."""

    scope: str

    def lets_in(self, caller: Caller) -> bool:
        return caller.account is None and self.scope in caller.scopes


@dataclass(frozen=True)
class Staff:
    """An admin of this service with this permission, whose token says that they are at work as one."""

    permission: str

    def lets_in(self, caller: Caller) -> bool:
        person = caller.account
        return (
            person is not None
            and person.is_staff
            and ADMIN in caller.scopes
            and person.has_perm(self.permission)
        )


Right: TypeAlias = Person | Service | Staff
Rights: TypeAlias = Mapping[str, tuple[Right, ...]]  # by method; any of them is enough


class MayOpen(BasePermission):
    """The door's `rights` decide."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        rights: Rights = getattr(view, "rights", {})
        # Django answers HEAD by what answers GET: whoever may not read a body may not know its length.
        wanted = rights.get("GET" if request.method == "HEAD" else request.method or "")
        if wanted is None:
            return True  # no such method: that is said next
        caller = request.auth
        return isinstance(caller, Caller) and any(right.lets_in(caller) for right in wanted)


class Json(BaseParser):
    """JSON that a database can keep: of a size and depth, with no NUL, lone surrogate or NaN in it."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        largest = getattr((parser_context or {}).get("view"), "largest", LARGEST)
        raw = stream.read(largest + 1)
        if len(raw) > largest:
            raise Problem(413, "too_large", f"A body has at most {largest:,} bytes here.")
        try:
            body = json.loads(raw.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
            _check(body, DEEPEST)
        except RecursionError:
            raise Problem(400, "parse_error", "The JSON is nested too deep.") from None
        except ValueError as error:
            raise Problem(400, "parse_error", f"This is not JSON that is taken here: {error}.") from None
        return body


class Door(APIView):
    """A view of the API. `rights` says who may use which method; what is not in it is answered with 405."""

    rights: ClassVar[Rights] = {}
    largest: ClassVar[int] = LARGEST
    authentication_classes: Sequence[type[BaseAuthentication]] = (Bearer,)
    permission_classes: Sequence[type[BasePermission]] = (MayOpen,)
    throttle_classes = (PerCaller,)
    parser_classes = (Json,)
    renderer_classes = (JSONRenderer,)
    metadata_class = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """JSON it is, whatever is accepted: an answer that can be read is better than none."""
        return self.renderer_classes[0](), "application/json"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody on the way keeps an answer, unless the door says how."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names a field twice")
    return found


def _check(value: Any, depth: int) -> None:
    match value:
        case str():
            if "\x00" in value:
                raise ValueError("a text holds a NUL")
            value.encode("utf-8")  # a lone surrogate is a ValueError
        case float():
            if value in (float("inf"), float("-inf")):
                raise ValueError("a number is too large")
        case list() | dict():
            if depth == 0:
                raise RecursionError
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            for one in inner:
                _check(one, depth - 1)
