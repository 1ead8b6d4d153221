"""How a message looks on the phone: one shape for the page, whatever Meta's names are."""

from collections.abc import Iterator

from inspector_whatsapp.simulator import forms
from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.forms import Form

MEDIA = ("image", "video", "audio", "document", "sticker")


def of_business(payload: Json, template: Json | None, form: Form | None = None) -> Json:
    """The bubble of a message to a person; `template` is filled in, `form` what its button opens."""
    kind = payload.get("type", "text")
    if kind == "template":
        shown = dict(template or {})
        if "header" in shown:
            shown["header"] = _header(shown["header"])
    elif kind == "interactive":
        shown = _interactive(payload["interactive"])
        if form is not None:
            parameters = payload["interactive"]["action"]["parameters"]
            shown["buttons"] = [{"kind": "form", "title": parameters["flow_cta"]}]
            shown["form"] = forms.shown(form, parameters)
    else:
        shown = _plain(kind, payload)
    return _quoting(shown, (payload.get("context") or {}).get("message_id"))


def of_person(message: Json) -> Json:
    """The bubble of a message from a person, from the wire form of the webhook."""
    kind = message.get("type", "text")
    match kind:
        case "interactive":
            reply = message.get("interactive") or {}
            chosen = reply.get("button_reply") or reply.get("list_reply") or reply.get("nfm_reply") or {}
            shown: Json = {"kind": "text", "body": chosen.get("title") or chosen.get("body") or ""}
            if chosen.get("description"):
                shown["footer"] = chosen["description"]
        case "button":
            shown = {"kind": "text", "body": message["button"].get("text", "")}
        case "text" | "location" | "contacts" | "image" | "video" | "audio" | "document" | "sticker":
            shown = _plain(kind, message)
        case _:
            shown = {"kind": "note", "body": kind}
    return _quoting(shown, (message.get("context") or {}).get("id"))


def media_nodes(payload: Json) -> Iterator[tuple[str, Json]]:
    """Every photo or file a message of the business names, with its kind: the wire's own objects."""
    kind = payload.get("type", "text")
    if kind in MEDIA:
        yield kind, payload[kind]
    elif kind == "interactive":
        header = payload["interactive"].get("header") or {}
        if header.get("type") in MEDIA:
            yield header["type"], header[header["type"]]
    elif kind == "template":
        for component in payload["template"].get("components") or []:
            for parameter in component.get("parameters") or []:
                if parameter.get("type") in MEDIA:
                    yield parameter["type"], parameter[parameter["type"]]


def media_of(shown: Json) -> Json | None:
    """The picture or file in a bubble, wherever it stands."""
    found = shown.get("media") or (shown.get("header") or {}).get("media")
    return found if isinstance(found, dict) else None


def media(kind: str, node: Json) -> Json:
    """A picture or file as the page needs it."""
    url = f"/page/media/{node['id']}" if node.get("id") else None
    name = node.get("filename") or (node.get("link") or "").rpartition("/")[2]
    return {"kind": kind, "url": url, "name": name, "mime": node.get("mime_type", "")}


def _plain(kind: str, payload: Json) -> Json:
    node = payload.get(kind) or {}
    match kind:
        case "text":
            return {"kind": "text", "body": node.get("body", "")}
        case "location":
            return {"kind": "location", "location": node, "body": node.get("name", "")}
        case "contacts":
            lines = [
                f"{card.get('name', {}).get('formatted_name', '')} "
                f"{', '.join(phone.get('phone', '') for phone in card.get('phones') or [])}"
                for card in payload.get("contacts") or []
            ]
            return {"kind": "contacts", "body": "\n".join(lines)}
        case _ if kind in MEDIA:
            return {"kind": "media", "media": media(kind, node), "body": node.get("caption", "")}
    return {"kind": "note", "body": kind}


def _interactive(node: Json) -> Json:
    action = node.get("action") or {}
    shown: Json = {"kind": "interactive", "body": (node.get("body") or {}).get("text", "")}
    if header := node.get("header"):
        kind = header["type"]
        shown["header"] = _header(
            {"text": header["text"]} if kind == "text" else {"kind": kind, **header[kind]}
        )
    if footer := (node.get("footer") or {}).get("text"):
        shown["footer"] = footer
    match node.get("type"):
        case "button":
            shown["buttons"] = [{"kind": "reply", **button["reply"]} for button in action["buttons"]]
        case "list":
            shown["list"] = {"button": action["button"], "sections": action["sections"]}
        case "cta_url":
            parameters = action["parameters"]
            shown["buttons"] = [
                {"kind": "url", "title": parameters["display_text"], "url": parameters["url"]}
            ]
        case "location_request_message":
            shown["buttons"] = [{"kind": "send_location", "title": "Send location"}]
        case "request_contact_info":
            shown["buttons"] = [{"kind": "share_number", "title": "Share phone number"}]
        case other:
            shown["buttons"] = [{"kind": "other", "title": str(other).replace("_", " ").capitalize()}]
    return shown


def _header(header: Json) -> Json:
    if "text" in header:
        return header
    if header.get("kind") in MEDIA:
        return {"media": media(header["kind"], header)}
    return {"location": header}


def _quoting(shown: Json, wamid: str | None) -> Json:
    return {**shown, "quotes": wamid} if wamid else shown
