"""Who calls the API: a person, by a token of the website's session, or one of Inspector's services."""

import logging
from dataclasses import dataclass
from typing import Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.tokens import Rejected, read
from inspector_whatsapp.gateway.keys import NoKeys
from inspector_whatsapp.models import User

logger = logging.getLogger(__name__)

ADMIN: Final = "admin"  # the scope without which a person's staff rights do not count here


@dataclass(frozen=True)
class Caller:
    """Who calls. account: whom they act for; None for a service, which acts by its scopes."""

    name: str
    account: User | None
    scopes: frozenset[str]
    session: str = ""
    is_authenticated: bool = True


class Bearer(BaseAuthentication):
    """`Authorization: Bearer <JWT>`."""

    def authenticate(self, request: Request) -> tuple[User | Caller, Caller] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed
        try:
            token = read(words[1].decode("ascii"))
        except (Rejected, UnicodeDecodeError) as why:
            logger.info("a token was refused: %s", why if isinstance(why, Rejected) else "no ASCII")
            raise AuthenticationFailed from None
        except NoKeys:
            raise Problem(503, "keys_unreadable", "Tokens cannot be checked now.", retry_after=10) from None
        if token.is_service:
            service = Caller(f"service:{token.client}", None, token.scopes)
            return service, service
        account = User.objects.filter(platform_id=token.subject).first()
        if account is None:
            raise Problem(
                403, "unknown_account", "This account has not been synchronised to this service yet."
            )
        if not account.is_active:
            raise Problem(403, "account_disabled", "This account is switched off.")
        # What only services may do is nothing that a person's token could say.
        return account, Caller(f"user:{account.pk}", account, token.scopes & {ADMIN}, token.session)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="inspector-whatsapp"'


def caller_of(request: Request) -> Caller:
    """Who calls a door that has let them in."""
    assert isinstance(request.auth, Caller)
    return request.auth


def account_of(request: Request) -> User:
    """The person who calls a door that is for persons."""
    account = caller_of(request).account
    assert account is not None
    return account


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the schema says of the tokens."""

    target_class = Bearer
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
