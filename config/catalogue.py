"""The texts that people read, in each language: `make messages` after a text of ours was added or changed.

    python -m config.catalogue

looks for the texts in the source, takes the new ones into locale/…/django.po and the gone ones out of it, and
compiles it. A text without a translation is named, and read in English until it has one. Babel does what
Django's makemessages and compilemessages need GNU gettext for.
"""

import sys
from collections.abc import Collection, Generator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("bot", "linking", "notifications", "inspector_whatsapp", "config")
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
METHODS = [("**/templates/**", "config.catalogue:extract_template"), ("**.py", "python")]


def extracted() -> Catalog:
    """Every translatable text in the source of our apps."""
    found = Catalog(project="Inspector WhatsApp")
    for app in APPS:
        for name, line, text, comments, context in extract_from_dir(
            ROOT / app, METHODS, keywords=KEYWORDS, strip_comment_tags=True
        ):
            found.add(text, None, [(f"{app}/{name}", line)], auto_comments=comments, context=context)
    return found


def extract_template(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Any,
) -> Generator[Any, None, None]:
    """The texts of a Django template, as Babel's extractors give them."""
    source = templatize(file.read().decode())
    # Python's tokenizer would stumble over HTML's indents.
    flat = "\n".join(line.strip() for line in source.splitlines())
    yield from extract_python(BytesIO(flat.encode()), keywords, comment_tags, options)


def po(language: str) -> Path:
    """Where the translations into `language` are written; the compiled ones lie beside it as .mo."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translations into `language`."""
    with po(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compiled(catalog: Catalog) -> bytes:
    """The .mo that Django reads."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[Message]:
    """Texts that lack a translation, or one of its plural forms."""
    return [message for message in catalog if message.id and not all(forms(message.string))]


def forms(text: Any) -> tuple[str, ...]:
    """A message's text or translation, with its plural forms if it has any."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def refresh(language: str) -> Catalog:
    """Bring the translations into `language` up to the source, and compile them."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    out = BytesIO()
    # Without line numbers a change elsewhere does not touch the file.
    write_po(out, catalog, width=110, ignore_obsolete=True, sort_by_file=True, include_lineno=False)
    po(language).write_bytes(out.getvalue())
    po(language).with_suffix(".mo").write_bytes(compiled(read(language)))
    return catalog


def main() -> int:
    """Refresh every language; 1 when a text lacks a translation."""
    missing = [
        f"{path.name}: not translated: {message.id!r}\n"
        for path in sorted((ROOT / "locale").iterdir())
        for message in untranslated(refresh(path.name))
    ]
    sys.stdout.writelines(missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
