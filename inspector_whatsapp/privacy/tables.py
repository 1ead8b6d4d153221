"""The inventory as docs/privacy.md and the console show it."""

from inspector_whatsapp.privacy.inventory import Fate, holdings

BEGIN, END = "<!-- the inventory: manage.py describe_privacy -->", "<!-- until here -->"


def table() -> str:
    """All of it in Markdown."""
    lines = ["| what | why | how long | when they are erased |", "|---|---|---|---|"]
    for one in holdings():
        after = one.fate.value if one.fate == Fate.DELETED else f"{one.fate.value}: {one.stays}"
        lines.append(f"| {one.what} | {one.why} | {one.kept} | {after} |")
    return "\n".join(lines)
