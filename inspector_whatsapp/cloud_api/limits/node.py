"""A body of Meta's, read with care: what is missing, too long or of the wrong type is refused by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from .figures import BAD_VALUE, INVALID, MISSING, URL, Broken

_WEB: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Node:
    """An object of the body and the way to it, so that a refusal names the place."""

    value: Mapping[str, object]
    path: str

    def get(self, key: str) -> object:
        return self.value.get(key)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def node(self, key: str) -> "Node":
        found = self.value.get(key)
        if found is None:
            refuse(MISSING, f"The parameter {self.at(key)} is required.")
        if not isinstance(found, Mapping):
            refuse(INVALID, f"Param {self.at(key)} must be a JSON object.")
        return Node(found, self.at(key))

    def nodes(self, key: str, *, most: int, least: int = 1) -> list["Node"]:
        found = self.value.get(key)
        if found is None and least:
            refuse(MISSING, f"The parameter {self.at(key)} is required.")
        if not isinstance(found or [], list | tuple):
            refuse(INVALID, f"Param {self.at(key)} must be an array.")
        items: Sequence[object] = found or []  # type: ignore[assignment]
        if not least <= len(items) <= most:
            refuse(BAD_VALUE, f"{self.at(key)} count invalid. Min: {least}, Max: {most}")
        return [self._item(item, f"{self.at(key)}[{place}]") for place, item in enumerate(items)]

    def _item(self, item: object, path: str) -> "Node":
        if not isinstance(item, Mapping):
            refuse(INVALID, f"Param {path} must be a JSON object.")
        return Node(item, path)

    def text(
        self, key: str, *, most: int = 4096, least: int = 1, label: str = "", code: int = BAD_VALUE
    ) -> str:
        found = self.value.get(key)
        if found is None and least:
            refuse(MISSING, f"The parameter {self.at(key)} is required.")
        if found is not None and not isinstance(found, str):
            refuse(INVALID, f"Param {self.at(key)} must be a string.")
        value = found or ""
        if len(value) > most or (least and len(value.strip()) < least):
            name = label or self.at(key)
            if code == INVALID:
                refuse(code, f"Param {name} must be at most {most} characters long.")
            refuse(code, f"{name} length invalid. Min length: {least}, Max length: {most}")
        return value

    def url(self, key: str) -> str:
        value = self.text(key, most=URL)
        if _WEB.fullmatch(value) is None:
            refuse(BAD_VALUE, f"{self.at(key)} is not a valid URL")
        return value


def refuse(code: int, details: str) -> NoReturn:
    raise Broken(code, details)
