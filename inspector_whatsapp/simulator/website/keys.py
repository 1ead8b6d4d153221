"""How the stand-in signs: a key of its own, its public half in a JWKS, tokens of people and its backend."""

import secrets
import time
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from inspector_whatsapp.simulator.config import Config, Json

LIFE: Final = 300  # seconds
SCOPES: Final = "sync events notify read"


class Signer:
    """One key, made anew at every start under a new name, as a backend changes its keys."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._key = Ed25519PrivateKey.generate()
        self._kid = f"stand-in-{secrets.token_hex(4)}"

    def jwks(self) -> Json:
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._kid, "alg": "EdDSA", "use": "sig"}]}

    def person(self, number: str, *, session: str) -> str:
        """The token of somebody who is logged in."""
        return self._signed({"sub": number, "sid": session})

    def backend(self) -> str:
        return self._signed({"sub": "backend", "client_id": "backend", "scope": SCOPES})

    def _signed(self, said: Json) -> str:
        # Tokens run out by the real clock, whatever the simulated one says.
        now = int(time.time())
        common = {"iss": self._config.issuer, "aud": self._config.audience, "iat": now, "exp": now + LIFE}
        return jwt.encode({**common, **said}, self._key, algorithm="EdDSA", headers={"kid": self._kid})
