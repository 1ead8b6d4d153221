"""What an app and a number are set up with at Meta: the token's rights, webhooks, what a chat begins with."""

import http.client
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.graph import Refused, Reply

APP: Final = "670843887433847"
OBJECT: Final = "whatsapp_business_account"


class Business:
    """The app, the token and the number, as somebody may have set them up, rightly or not."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._facts: Json = {
            "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
            "accounts": [config.business_account_id],  # that the token's owner was given
            "expires_at": 0,
            "subscribed": True,  # the app to the account's webhooks
            "callback_url": config.webhook,
            "fields": ["messages"],
            "automation": {"prompts": [], "commands": []},
            "override": "",  # another address for the number's webhooks
            "number": {},  # what Meta says otherwise of the number
        }

    def json(self) -> Json:
        return dict(self._facts)

    def set(self, given: Json) -> str:
        """Take what is given; says what is wrong with it, or nothing."""
        for name, value in given.items():
            if name not in self._facts or type(value) is not type(self._facts[name]):
                return f"{name} can't be {value!r}; there are {self._facts}"
        self._facts |= given
        return ""

    def debug_token(self, asked: str) -> Json:
        """What Meta says of a token."""
        if asked != self._config.access_token:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        scopes, targets = self._facts["scopes"], self._facts["accounts"]
        return {
            "data": {
                "app_id": APP,
                "application": "Inspector",
                "type": "SYSTEM_USER",
                "expires_at": self._facts["expires_at"],
                "is_valid": True,
                "scopes": [*scopes, "public_profile"],
                "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in scopes],
            }
        }

    def number(self) -> Json:
        facts: Json = {
            "id": self._config.phone_number_id,
            "display_phone_number": f"+{self._config.digits}",
            "verified_name": "Inspector",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "whatsapp_business_manager_messaging_limit": "TIER_250",
            "health_status": {"can_send_message": "AVAILABLE", "entities": []},
            "webhook_configuration": {"application": self._facts["callback_url"]},
            "conversational_automation": self._facts["automation"],
        }
        if self._facts["override"]:
            facts["webhook_configuration"]["phone_number"] = self._facts["override"]
        facts |= self._facts["number"]
        return facts

    def automate(self, given: Json) -> Reply:
        """Ice breakers and commands, as far as Meta lets them be."""
        prompts, commands = given.get("prompts", []), given.get("commands", [])
        try:
            limits.check_automation(prompts, commands)
        except limits.Broken as broken:
            raise Refused(broken.code, broken.details) from None
        self._facts["automation"] = {"prompts": prompts, "commands": commands}
        return Reply(body={"success": True})

    def subscribed_apps(self, method: str) -> Reply:
        if method == "GET":
            app = {"whatsapp_business_api_data": {"id": APP, "name": "Inspector", "link": ""}}
            return Reply(body={"data": [app] if self._facts["subscribed"] else []})
        self._facts["subscribed"] = method == "POST"
        return Reply(body={"success": True})

    def subscriptions(self, method: str, given: Mapping[str, Any]) -> Reply:
        """The app's webhook. An address is asked for the challenge before it is taken."""
        if method == "GET":
            fields = [{"name": name, "version": "v25.0"} for name in self._facts["fields"]]
            row = {"object": OBJECT, "callback_url": self._facts["callback_url"], "active": True}
            return Reply(body={"data": [row | {"fields": fields}] if row["callback_url"] else []})
        address, token = str(given.get("callback_url", "")), str(given.get("verify_token", ""))
        if given.get("object") != OBJECT or not address:
            raise Refused(100, "The parameter callback_url is required.")
        if not (shaken := handshake(address, token))["ok"]:
            raise Refused(2200, message=f"(#2200) Callback verification failed: {shaken}")
        self._facts["callback_url"] = address
        self._facts["fields"] = str(given.get("fields", "")).split(",")
        return Reply(body={"success": True})


def handshake(address: str, token: str) -> Json:
    """Meta's GET with `hub.challenge`, as when the webhook's address is set."""
    challenge = str(secrets.randbelow(10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    place = urlsplit(address)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("GET", f"{place.path}?{urlencode(query)}")
        response = connection.getresponse()
        answer = response.read(1000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return {"ok": False, "error": repr(error)}
    finally:
        connection.close()
    ok = response.status == 200 and answer == challenge
    return {"ok": ok, "status": response.status, "answer": answer}
