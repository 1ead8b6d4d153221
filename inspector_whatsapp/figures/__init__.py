"""How the service is doing, in numbers: kept by day, and read without counting."""

from inspector_whatsapp.figures.counting import Counter, Figure, Gone, keep, recount
from inspector_whatsapp.figures.reading import Kept, read
from inspector_whatsapp.figures.spans import Figures, lately, today

__all__ = ["Counter", "Figure", "Figures", "Gone", "Kept", "keep", "lately", "read", "recount", "today"]
