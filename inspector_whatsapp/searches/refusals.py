"""Why a search cannot be kept, in the platform's words."""


class NamesNoPlace(Exception):
    """A search that is to tell of what comes names neither an area nor a city."""

    def __init__(self) -> None:
        super().__init__("A saved search names an area or a city.")
