"""Words that programs stumble over, and markup that would like to run; made by class, none twice."""

from collections.abc import Iterator
from pathlib import Path

LIMITS = (0, 1, 9, 10, 99, 255, 256, 32_767, 65_535, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64)
CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA1), 0xAD)]
HIDDEN = [chr(code) for code in (0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x180E, *range(0x200B, 0x2010))]
HIDDEN += [chr(code) for code in (*range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x3164, 0xFE0F, 0xFEFF)]
HIDDEN += [chr(code) for code in (0xFFA0, 0xFFF9, 0xFFFB, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x1D173)]
HIDDEN += [chr(code) for code in (0xE0001, 0xE0041, 0xE007F, 0x10FFFF, 0xD800, 0xDFFF)]  # two are lone halves
SPACES = [chr(code) for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)]
COMBINING = [chr(code) for code in (0x300, 0x301, 0x323, 0x335, 0x489, 0x5B0, 0x64B, 0x93C, 0xE31, 0x20DD)]
FILE = Path(__file__).with_name("words.txt")
TAGS = (
    "script",
    "iframe",
    "object",
    "embed",
    "style",
    "svg",
    "math",
    "base",
    "meta",
    "link",
    "form",
    "template",
)
EVENTS = (
    "onerror",
    "onload",
    "onfocus",
    "onmouseover",
    "onclick",
    "ontoggle",
    "onanimationend",
    "onbeforeinput",
)


def _words() -> Iterator[str]:
    yield from FILE.read_text().splitlines()
    for limit in LIMITS:
        yield from (str(limit), str(-limit))
    for odd in CONTROLS + HIDDEN + SPACES:
        yield from (odd, f"men{odd}u")
    for odd in COMBINING:
        yield from (odd, f"menu{odd * 100}")
    for length in (255, 256, 1_023, 1_024, 1_025, 4_095, 4_096, 4_097, 20_000):
        yield from ("x" * length, "é" * length, "🏠" * length, " " * length, "a " * length, "\n" * length)


def _harm() -> Iterator[str]:
    ways_out = (
        "",
        '">',
        "'>",
        "-->",
        "</title>",
        "</textarea>",
        "</script>",
        "]]>",
        "</style>",
        "</option></select>",
    )
    for out in ways_out:
        yield f"{out}<script>alert(1)</script>"
        yield f"{out}<img src=x onerror=alert(1)>"
        yield f"{out}<svg/onload=alert(1)>"
    for tag in TAGS:
        yield from (f"<{tag} src=x>x</{tag}>", f"<{tag.upper()}\t/>", f"<{tag}\x00>", f"<{tag}\n{tag}=1//>")
    for event in EVENTS:
        yield from (
            f'" {event}=alert(1) x="',
            f"' {event}=alert(1) x='",
            f"<a {event}=alert(1)>",
            f"`{event}=1`",
        )
    for link in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
    ):
        yield from (f'<a href="{link}">x</a>', link, f"[x]({link})", f'"><a href={link}>')
    yield from (
        "<<script>alert(1);//<</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "\\x3cscript\\x3e",
    )
    yield from (
        "＜script＞alert(1)＜/script＞",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\u2028<script>",
        "<\ufeffscript>",
    )
    yield from (
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "+ADw-script+AD4-alert(1)",
        "{{constructor.constructor('x')()}}",
    )


WORDS = list(dict.fromkeys(_words()))
HARM = list(dict.fromkeys(_harm()))
