"""Texts that a JSON parser may stumble over, by class; each is the name of what is odd, and the bytes.

The classes are those of RFC 8259's grammar, each rule bent: structure, strings and their escapes, numbers,
literals, encodings, depth and size. A text of GOOD is JSON, one of BAD is not, ODD is left to the parser.
"""

from collections.abc import Iterator, Mapping


def _bytes(texts: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in texts.items()}


SCALARS = ("1", "-0", "0", "1.5", "1E+2", "1e-2", "true", "false", "null", '""', '"a"', "[]", "{}")
BLANKS = ("", " ", "\t", "\n", "\r\n", " \r\n\t ")
ESCAPES = ('\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\ud83c\\udfe0")
LETTERS = ("é", "ż", "\u2028", "\u2029", "\u200b", "\ufeff", "\U0010ffff", "\uffff", "\x7f", "١", "़", "🏠")


def _good() -> Iterator[tuple[str, str | bytes]]:
    for scalar in SCALARS:
        yield f"{scalar} alone", scalar
        yield f"{scalar} in a list", f"[{scalar}]"
        yield f"{scalar} in an object", f'{{"a":{scalar}}}'
    for place, blank in enumerate(BLANKS):
        yield f"blanks {place} around", f"{blank}[{blank}1{blank},{blank}2{blank}]{blank}"
        yield f"blanks {place} in an object", f'{{{blank}"a"{blank}:{blank}1{blank}}}{blank}'
    for escape in ESCAPES:
        yield f"escape {escape}", f'["{escape}"]'
        yield f"escape {escape} in a name", f'{{"{escape}":0}}'
    for letter in LETTERS:
        yield f"letter U+{ord(letter):04X}", f'["{letter}"]'
        yield f"letter U+{ord(letter):04X} in a name", f'{{"{letter}":0}}'
    for number in (
        "123456789012345678901234567890",
        "1e22",
        "-1e-7",
        "0.1e1",
        "1E22",
        "-0.0",
        "20e1",
        "0e+1",
    ):
        yield f"number {number}", f"[{number}]"
    yield "a name twice", '{"a":1,"a":2}'
    yield "a name twice with lists", '{"a":[],"a":{}}'
    yield "an empty name", '{"":0}'
    yield "names of every type's look", '{"1":1,"null":2,"[]":3}'
    yield "NUL escaped", '["\\u0000"]'
    yield "NUL escaped in a name", '{"\\u0000":0}'
    yield "a list of lists", "[[],[[]],[[[]]]]"
    yield "a wide list", "[" + ",".join("0" for _ in range(5_000)) + "]"
    yield "a wide object", "{" + ",".join(f'"{n}":0' for n in range(5_000)) + "}"
    yield "a long string", '["' + "x" * 100_000 + '"]'
    yield "a long name", '{"' + "x" * 100_000 + '":0}'
    yield "fifty deep", "[" * 50 + "]" * 50


def _bad() -> Iterator[tuple[str, str | bytes]]:
    for text in (
        "[",
        "{",
        "]",
        "}",
        "[1",
        "[1,",
        "[,1]",
        "[1,]",
        "[1,,2]",
        "[1 2]",
        "[1:2]",
        "[;1]",
        "[1]x",
        "[1]]",
    ):
        yield f"list {text}", text
    for text in (
        *(
            '{"a"',
            '{"a":',
            '{"a":}',
            '{"a":1,',
            '{"a":1,}',
            '{,"a":1}',
            '{"a":1,,"b":2}',
            '{"a" 1}',
            '{"a":1 "b":2}',
        ),
        *(
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "{null:1}",
            "{[]:1}",
            '{"a"::1}',
            '{"a":1}}',
            '{"a":1}#',
            '{"a":/*x*/1}',
        ),
        *(
            '{"a":"b":"c"}',
            '{"a","b"}',
            '{"a":1;"b":2}',
            "{}{}",
            '{"a":1}//x',
            "{{}}",
            '{"a"=1}',
            "{:1}",
            '{"":}',
        ),
    ):
        yield f"object {text}", text
    for text in (
        *(
            "01",
            "-01",
            "1.",
            ".1",
            "-.1",
            "-",
            "+1",
            "--1",
            "1e",
            "1e+",
            "1E-",
            "1.e1",
            "0x1F",
            "0b1",
            "0o7",
            "1_000",
        ),
        *("1 000", "Infinity", "-Infinity", "+Infinity", "NaN", "-NaN", "nan", "inf", "1/2", "1e1.5", "1a"),
        *(
            "0.1.2",
            "1+2",
            "2.e3",
            "0e",
            "0E+",
            "-2.",
            "1f",
            "1L",
            "１",
            "٣",
            "²",
            "½",
            "0.3e",
            "9.e+",
            "++1",
            "1ee1",
        ),
    ):
        yield f"number {text}", f"[{text}]"
    for text in (
        *(
            "True",
            "FALSE",
            "None",
            "nil",
            "nul",
            "tru",
            "truee",
            "undefined",
            "yes",
            "NULL",
            "fals",
            "nulL",
            "trUe",
        ),
        *(
            "a",
            "'a'",
            "`a`",
            "“a”",
            '"a',
            'a"',
            '"a""b"',
            '"a" "b"',
            '"\\x41"',
            '"\\u12"',
            '"\\u12G4"',
            '"\\"',
        ),
        *(
            '"\\a"',
            '"\\0"',
            '"\\v"',
            '"\\\'"',
            '"\\U00000041"',
            '"\\ "',
            '"\\é"',
            '"\\u{41}"',
            '"\n"',
            '"\t"',
            '"\r"',
        ),
        *(
            '"\x00"',
            '"\x1f"',
            '"\x01"',
            '"\x08"',
            '"\x0c"',
            '"\\ud83c\\u"',
            '"\\u 041"',
            '"\\u"',
            "\\u0041",
            '"\\8"',
        ),
    ):
        yield f"value {text!r}", f"[{text}]"
    for name, text in (
        *(("nothing", ""), ("blanks", " \n"), ("a form feed", "\x0c[]"), ("a vertical tab", "[\x0b]")),
        *(
            ("a no-break space", "[\xa0]"),
            ("a word joiner", "[\u2060]"),
            ("an ideographic space", "[\u3000]"),
        ),
        *(("a comment", "/* x */ []"), ("a line comment", "[] // x"), ("a hash", "# x\n[]"), ("XML", "<a/>")),
        *(("two texts", "[] []"), ("lines of JSON", "{}\n{}"), ("YAML", "a: 1"), ("a form", "a=1&b=2")),
        *(
            ("a mark of order inside", "[\ufeff]"),
            ("a call", "f([])"),
            ("a guard", ")]}',\n[]"),
            ("stars", "*"),
        ),
        *(("base64", "e30="), ("a percent", "%7B%7D"), ("an ellipsis", "[...]"), ("a spread", "[...a]")),
        *(("a template", "{{a}}"), ("a backslash", "\\"), ("a lone quote", '"'), ("a lone colon", ":")),
        *(
            ("a lone comma", ","),
            ("a wrong pair", "[}"),
            ("a wrong pair back", "{]"),
            ("crossed", '{"a":[}]'),
        ),
    ):
        yield name, text
    yield "open lists, 100,000 deep", "[" * 100_000
    yield "open objects, 100,000 deep", '{"a":' * 100_000
    yield "lists and objects, 50,000 deep", '[{"a":' * 50_000


def _odd() -> Iterator[tuple[str, str | bytes]]:
    for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7", "cp037"):
        yield f"in {coding}", '{"é":"é"}'.encode(coding)
    yield "in latin-1", '["é"]'.encode("latin-1")
    yield "a mark of order before", "\ufeff[]"
    yield "two marks of order", "\ufeff\ufeff[]"
    for name, raw in (
        *(
            ("overlong slash", b"\xc0\xaf"),
            ("overlong NUL", b"\xc0\x80"),
            ("overlong in three", b"\xe0\x80\xaf"),
        ),
        *(
            ("overlong in four", b"\xf0\x80\x80\xaf"),
            ("a surrogate", b"\xed\xa0\x80"),
            ("a low surrogate", b"\xed\xb0\x80"),
        ),
        *(
            ("beyond Unicode", b"\xf4\xbf\xbf\xbf"),
            ("five bytes", b"\xf8\x88\x80\x80\x80"),
            ("a continuation", b"\x80"),
        ),
        *(
            ("a start alone", b"\xe2"),
            ("two thirds", b"\xe2\x82"),
            ("FE", b"\xfe"),
            ("FF", b"\xff"),
            ("C1", b"\xc1\xbf"),
        ),
    ):
        yield f"UTF-8: {name}", b'["' + raw + b'"]'
        yield f"UTF-8 in a name: {name}", b'{"' + raw + b'":0}'
        yield f"UTF-8 outside: {name}", b"[" + raw + b"]"
    for name, text in (
        *(
            ("a lone high half", "\\ud800"),
            ("a lone low half", "\\udc00"),
            ("two high halves", "\\ud800\\ud800"),
        ),
        *(
            ("halves turned", "\\udc00\\ud800"),
            ("a half and a letter", "\\ud800a"),
            ("half upper case", "\\uD800\\udC00"),
        ),
        *(("no character", "\\uffff"), ("another", "\\ufdd0"), ("a last one", "\\udbff\\udfff")),
    ):
        yield f"escaped: {name}", f'["{text}"]'
        yield f"escaped in a name: {name}", f'{{"{text}":0}}'
    for number in (
        "1e400",
        "-1e400",
        "1e-400",
        "1" + "0" * 400,
        "0." + "0" * 400 + "1",
        "9" * 5_000,
        "1e999999999",
        "-1e9999",
    ):
        yield f"number {number[:12]} ({len(number)})", f"[{number}]"
    for depth in (60, 70, 500, 1_000, 10_000, 100_000):
        yield f"lists, {depth:,} deep", "[" * depth + "]" * depth
        yield f"objects, {depth:,} deep", '{"a":' * depth + "1" + "}" * depth


GOOD, BAD, ODD = _bytes(dict(_good())), _bytes(dict(_bad())), _bytes(dict(_odd()))
