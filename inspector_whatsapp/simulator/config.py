"""What the simulator must know to play Meta for one business number."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import phonenumbers

Json = dict[str, Any]
"""An object as it travels; it is other people's and stays as it came."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Addresses, the business number, and the secrets shared with the web process."""

    webhook: str
    """Where webhooks are posted to."""
    web: str = ""
    """The web process, which keeps the clock; empty when nobody does."""
    host: str = "127.0.0.1"
    port: int = 8100
    public: str = ""
    """The address others reach it by, when it isn't host and port."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8125
    app_secret: str = ""
    access_token: str = ""
    verify_token: str = ""
    phone_number_id: str = ""
    phone_number: str = ""
    """E.164 with plus."""
    business_account_id: str = ""
    ledger: Path | None = None
    market: Json = field(default_factory=dict)
    """`people` and `properties` that the stand-in for Inspector starts from."""
    photos: Path | None = None
    """The folder with the photos that the market names."""
    issuer: str = ""
    audience: str = ""
    """Of the tokens that the stand-in for Inspector signs."""
    webhook_secret: str = ""
    """What it checks our webhooks with."""
    api_token: str = ""
    """What commands to its backend carry; empty: it is never asked to decide."""

    @property
    def address(self) -> str:
        return self.public or f"http://{self.host}:{self.port}"

    @property
    def digits(self) -> str:
        return self.phone_number.lstrip("+")

    @property
    def country_code(self) -> str:
        """Of the business number, as Meta puts it before a number written without plus."""
        try:
            return str(phonenumbers.parse("+" + self.digits).country_code)
        except phonenumbers.NumberParseException:
            return ""
