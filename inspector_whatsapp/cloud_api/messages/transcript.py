"""A wire body read back as a person sees it, for the admin's transcript."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_SHOWN: Final = {
    "image": "photo",
    "video": "video",
    "audio": "voice message",
    "document": "document",
    "sticker": "sticker",
}


@dataclass(frozen=True)
class Offered:
    """Something that could be tapped under a message. `id` is empty where nobody is told of a tap."""

    title: str
    id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Seen:
    """A message in the parts in which its reader sees it.

    text: without what can be tapped. what: the kind of file, in words. file: its storage name, where it is
    ours. template: the name and language of one that has the words, and the values to put into it.
    """

    text: str = ""
    what: str = ""
    file: str = ""
    options: tuple[Offered, ...] = ()
    template: tuple[str, str] | None = None
    values: Mapping[str, str] | None = None


def seen(payload: Mapping[str, object]) -> Seen:
    """The parts of a body; of an unknown kind its name, never an error."""
    kind = str(payload.get("type", "text"))
    content = _part(payload, kind)
    match kind:
        case "interactive":
            return _seen_interactive(content)
        case "template":
            return _seen_template(content)
        case "image" | "video" | "audio" | "document" | "sticker":
            named = " ".join(filter(None, (_SHOWN[kind], _word(content, "filename"))))
            return Seen(_word(content, "caption"), named, _word(content, "file"))
    return Seen(plain(payload))


def _seen_interactive(content: Mapping[str, Any]) -> Seen:
    header, action = _part(content, "header"), _part(content, "action")
    kind = _word(header, "type")
    file = _part(header, kind) if kind != "text" else {}
    words = (
        _word(header, "text"),
        _word(_part(content, "body"), "text"),
        _word(_part(content, "footer"), "text"),
    )
    replies = [_part(button, "reply") for button in _parts(action, "buttons")]
    rows = [row for section in _parts(action, "sections") for row in _parts(section, "rows")]
    options = [
        Offered(_word(each, "title"), _word(each, "id"), _word(each, "description"))
        for each in (*replies, *rows)
    ]
    match content.get("type"):
        case "cta_url":
            parameters = _part(action, "parameters")
            options.append(Offered(_word(parameters, "display_text"), note=_word(parameters, "url")))
        case "flow":
            parameters = _part(action, "parameters")
            options.append(Offered(_word(parameters, "flow_cta"), note="\n".join(_of_form(parameters))))
        case "location_request_message":
            options.append(Offered("send location"))
    return Seen("\n".join(filter(None, words)), _SHOWN.get(kind, ""), _word(file, "file"), tuple(options))


def _seen_template(content: Mapping[str, Any]) -> Seen:
    values: dict[str, str] = {}
    options = []
    for component in _parts(content, "components"):
        for parameter in _parts(component, "parameters"):
            if component.get("type") == "button":
                options.append(Offered("", _word(parameter, "payload")))
            elif parameter.get("type") == "text":
                values[_word(parameter, "parameter_name") or str(len(values) + 1)] = _word(parameter, "text")
    name = (_word(content, "name"), _word(_part(content, "language"), "code"))
    return Seen(options=tuple(options), template=name, values=values)


def plain(payload: Mapping[str, object]) -> str:
    """The text a person sees: body, numbered options, `[photo]`, a template's name and values.

    An unknown kind is its name in brackets, never an error.
    """
    return "\n".join(line for line in _lines(payload) if line)


def _lines(payload: Mapping[str, object]) -> Iterator[str]:
    kind = str(payload.get("type", "text"))
    content = _part(payload, kind)
    match kind:
        case "text":
            yield _word(content, "body")
        case "interactive":
            yield from _interactive(content)
        case "template":
            yield from _template(content)
        case "location":
            yield from _place(content)
        case "reaction":
            yield f"[reaction {_word(content, 'emoji') or 'taken back'}]"
        case _:
            yield from _file(kind, content)


def _interactive(content: Mapping[str, Any]) -> Iterator[str]:
    header = _part(content, "header")
    if header.get("type") == "text":
        yield _word(header, "text")
    elif header:
        yield from _file(kind := _word(header, "type"), _part(header, kind))
    body = _word(_part(content, "body"), "text")
    yield body
    yield _word(_part(content, "footer"), "text")
    action = _part(content, "action")
    options = [_word(_part(button, "reply"), "title") for button in _parts(action, "buttons")]
    for section in _parts(action, "sections"):
        options += [_row(row) for row in _parts(section, "rows")]
    for number, option in enumerate(options, 1):
        if f"\n{number}. " not in body:  # a body that numbers its options itself says more than their titles
            yield f"{number}. {option}"
    match content.get("type"):
        case "cta_url":
            parameters = _part(action, "parameters")
            yield f"[{_word(parameters, 'display_text')}] {_word(parameters, 'url')}"
        case "flow":
            parameters = _part(action, "parameters")
            yield f"[form: {_word(parameters, 'flow_cta')}]"
            yield from _of_form(parameters)
        case "location_request_message":
            yield "[send location]"


def _of_form(parameters: Mapping[str, Any]) -> Iterator[str]:
    """What can be chosen in a form, as its message says it: `label_2` stands over `options_2`."""
    data = _part(_part(parameters, "flow_action_payload"), "data")
    for name in data:
        titles = [_word(option, "title") for option in _parts(data, name)]
        label = _word(data, name.replace("options", "label"))
        if titles and [label] != titles:  # those are of a place that nothing is in
            yield f"{label}: {', '.join(titles)}"


def _row(row: Mapping[str, Any]) -> str:
    return " – ".join(filter(None, (_word(row, "title"), _word(row, "description"))))


def _template(content: Mapping[str, Any]) -> Iterator[str]:
    yield f"[template {_word(content, 'name')}, {_word(_part(content, 'language'), 'code')}]"
    for component in _parts(content, "components"):
        for parameter in _parts(component, "parameters"):
            kind = _word(parameter, "type")
            if kind in _SHOWN:
                yield from _file(kind, _part(parameter, kind))
            elif kind == "text" and component.get("type") != "button":
                name = _word(parameter, "parameter_name")
                yield f"{name}: {_word(parameter, 'text')}" if name else _word(parameter, "text")


def _place(content: Mapping[str, Any]) -> Iterator[str]:
    yield f"[location {content.get('latitude')}, {content.get('longitude')}]"
    yield _word(content, "name")
    yield _word(content, "address")


def _file(kind: str, content: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{' '.join(filter(None, (_SHOWN.get(kind, kind), _word(content, 'filename'))))}]"
    yield _word(content, "caption")


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def _parts(value: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = value.get(key)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _word(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
