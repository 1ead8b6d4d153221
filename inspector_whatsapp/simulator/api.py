"""The Cloud API under `/v25.0/`: who may ask what, by the kind of id in the path."""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator import graph, judging, sending
from inspector_whatsapp.simulator.business import APP
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.faults import Rule
from inspector_whatsapp.simulator.graph import Refused, Reply
from inspector_whatsapp.simulator.media import described, parts, unfit
from inspector_whatsapp.simulator.world import World

VERSIONED = re.compile(r"/(v\d+\.\d+)/(.*)")
UPLOAD = "/media"


class Api:
    """Answers one request at a time; everything it changes is in the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(
        self,
        *,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        raw: bytes,
        rule: Rule | None,
    ) -> Reply:
        """The reply to a request under a version; raises `Refused`."""
        found = VERSIONED.fullmatch(path)
        if found is None:
            raise Refused(2500, message="Unknown path components", kind="OAuthException", status=400)
        node, _, edge = found.group(2).strip("/").partition("/")
        config = self._world.config
        if (node, edge) == (APP, "subscriptions"):  # only the app itself may ask
            self.authorise(headers, query, token=f"{APP}|{config.app_secret}")
            given = {} if method == "GET" else _json(headers, raw)
            return self._world.business.subscriptions(method, given)
        self.authorise(headers, query)
        if (method, node) == ("GET", "debug_token"):
            return Reply(body=self._world.business.debug_token(query.get("input_token", "")))
        if node == config.phone_number_id:
            return self._number(method, edge, headers=headers, raw=raw, query=query, rule=rule)
        if node == config.business_account_id:
            return self._account(method, edge, headers=headers, raw=raw, query=query)
        return self._object(method, node, edge, query=query, raw=raw, headers=headers)

    def authorise(self, headers: Mapping[str, str], query: Mapping[str, str], *, token: str = "") -> None:
        """Bearer or `access_token`: missing and wrong are both 190, with Meta's words."""
        given = headers.get("Authorization", "")
        shown = (
            given.removeprefix("Bearer ").strip()
            if given.startswith("Bearer ")
            else query.get("access_token")
        )
        if not shown:
            raise Refused(
                190,
                message="An active access token must be used to query information about the current user.",
            )
        if shown != (token or self._world.config.access_token):
            raise Refused(190, message="Invalid OAuth access token - Cannot parse access token")

    def download(self, headers: Mapping[str, str], query_string: str) -> Reply:
        """A file behind its short-lived address; the token is wanted here as well."""
        self.authorise(headers, {})
        file = self._world.media.fetched(query_string, self._world.clock.now())
        if file is None:
            return Reply(status=404, body=b"", mime="text/plain")
        return Reply(body=file.data, mime=file.mime)

    def _number(
        self,
        method: str,
        edge: str,
        *,
        headers: Mapping[str, str],
        raw: bytes,
        query: Mapping[str, str],
        rule: Rule | None,
    ) -> Reply:
        world, config = self._world, self._world.config
        match method, edge.partition("/")[0]:
            case "POST", "messages":
                return sending.send(world, _json(headers, raw), rule=rule)
            case "POST", "media":
                return self._upload(headers, raw)
            case "GET", "":
                return Reply(body=_chosen(world.business.number(), query))
            case "GET", "whatsapp_business_profile":
                profile = {"messaging_product": "whatsapp", **world.profile}
                return Reply(body={"data": [profile]})
            case "POST", "whatsapp_business_profile":
                world.profile |= _json(headers, raw)
                return _success()
            case "POST", "conversational_automation":
                return world.business.automate(_json(headers, raw))
            case "POST" | "DELETE", "register" | "deregister" | "block_users" | "":
                return _success()
            case "GET", "block_users":
                return Reply(body={"data": []})
            case _, "message_qrdls":
                return self._qr_code(method, edge.partition("/")[2], headers=headers, raw=raw)
        raise graph.unknown_object(f"{config.phone_number_id}/{edge}", method=method.lower())

    def _account(
        self, method: str, edge: str, *, headers: Mapping[str, str], raw: bytes, query: Mapping[str, str]
    ) -> Reply:
        world, config = self._world, self._world.config
        match method, edge:
            case "GET", "":
                facts = {"id": config.business_account_id, "name": "Inspector", "currency": "NGN"}
                return Reply(body=_chosen(facts, query))
            case "GET", "phone_numbers":
                return Reply(body={"data": [_chosen(world.business.number(), query)]})
            case "GET" | "POST" | "DELETE", "subscribed_apps":
                return world.business.subscribed_apps(method)
            case "GET", "message_templates":
                return Reply(body=world.templates.page(query))
            case "POST", "message_templates":
                with world.lock:
                    template = world.templates.create(_json(headers, raw))
                body = {"id": template.id, "status": "PENDING", "category": template.category}
                return Reply(body=body, then=partial(judging.approve, world, template))
            case "GET", "flows":
                return Reply(
                    body={"data": [_chosen(form.json(), query) for form in world.forms.all.values()]}
                )
            case "POST", "flows":
                with world.lock:
                    return Reply(body=world.forms.make(_json(headers, raw)))
            case "DELETE", "message_templates":
                with world.lock:
                    gone = world.templates.delete(name=query.get("name", ""), number=query.get("hsm_id", ""))
                if not gone:
                    raise Refused(100, "Message template was not found.", subcode=2593002)
                return _success()
        raise graph.unknown_object(f"{config.business_account_id}/{edge}", method=method.lower())

    def _object(
        self,
        method: str,
        node: str,
        edge: str,
        *,
        query: Mapping[str, str],
        raw: bytes,
        headers: Mapping[str, str],
    ) -> Reply:
        world = self._world
        file = world.media.get(node, world.clock.now())
        if file is not None and not edge:
            if query.get("phone_number_id", world.config.phone_number_id) != world.config.phone_number_id:
                raise graph.unknown_object(node, method=method.lower())
            if method == "DELETE":
                world.media.delete(node)
                return _success()
            return Reply(body=described(file, world.media.url(file, world.clock.now())))
        template = world.templates.by_id(node)
        if template is not None and not edge:
            if method == "POST":
                given = _json(headers, raw)
                template.components = given.get("components") or template.components
                return Reply(body={"success": True}, then=partial(judging.approve, world, template))
            return Reply(body=_chosen(template.json(), query))
        form = world.forms.all.get(node)
        if form is not None and not edge:
            return Reply(body=_chosen(form.json(), query))
        if form is not None and (method, edge) == ("POST", "publish"):
            world.forms.publish(form)
            return _success()
        raise graph.unknown_object(node, method=method.lower())

    def _upload(self, headers: Mapping[str, str], raw: bytes) -> Reply:
        form = parts(headers.get("Content-Type", ""), raw)
        if form.get("messaging_product", (b"", "", ""))[0] != b"whatsapp":
            raise Refused(100, "The parameter messaging_product is required.")
        if "file" not in form:
            raise Refused(100, "The parameter file is required.")
        data, mime, name = form["file"]
        given = form.get("type", (b"", "", ""))[0].decode("ascii", "replace") or mime
        if fault := unfit(data, given):
            raise Refused(100, f"Param file: {fault}")
        now = self._world.clock.now()
        return Reply(
            body={"id": self._world.media.keep(data, mime=given, name=name, now=now, uploaded=True).id}
        )

    def _qr_code(self, method: str, code: str, *, headers: Mapping[str, str], raw: bytes) -> Reply:
        codes = self._world.qr_codes
        if method == "GET":
            return Reply(
                body={"data": [codes[code]] if code in codes else [] if code else list(codes.values())}
            )
        if method == "DELETE":
            return Reply(body={"success": codes.pop(code, None) is not None})
        given = _json(headers, raw)
        code = given.get("code") or f"SIM{len(codes):011d}".translate(str.maketrans("0189", "ABCD"))
        text = str(given.get("prefilled_message", ""))
        if not 0 < len(text) <= limits.PREFILLED:
            raise Refused(100, f"Param prefilled_message must be of 1 to {limits.PREFILLED} characters.")
        codes[code] = {
            "code": code,
            "prefilled_message": text,
            "deep_link_url": f"https://wa.me/message/{code}",
        }
        return Reply(body=codes[code])


def _success() -> Reply:
    return Reply(body={"success": True})


def _json(headers: Mapping[str, str], raw: bytes) -> Json:
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or "json" not in headers.get("Content-Type", ""):
        raise Refused(100, "The parameter messaging_product is required.")
    return found


def _chosen(facts: Json, query: Mapping[str, str]) -> Json:
    """Graph's `fields`: only these, and the id."""
    names = [name for name in query.get("fields", "").split(",") if name]
    return {key: value for key, value in facts.items() if key in (*names, "id")} if names else facts
