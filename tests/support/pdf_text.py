"""Reads the words of a PDF that Qt wrote, as copying them would: glyphs through each font's ToUnicode table."""

from __future__ import annotations

import re
import zlib

_NAMELESS = "\ufffd"  # a glyph of another font without a character: drawn, but not copied
_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj")
_RANGE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> (?:<([0-9A-F]{4})>|\[(.*?)\])", re.DOTALL)


def page_texts(pdf: bytes) -> list[str]:
    """The words of each page in drawing order, without line ends."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    tables = {name: _table(objects, int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b(?!s)", body)]
    contents = [int(re.search(rb"/Contents (\d+) 0 R", body)[1]) for body in pages]
    return [_words(_stream(objects[number]), tables) for number in contents]


def _words(content: bytes, tables: dict[bytes, dict[int, str]]) -> str:
    font, said = b"", []
    for match in _SHOWN.finditer(content):
        if match[1]:
            font = match[1]
        else:
            digits = match[2].decode()
            said += [tables[font].get(int(digits[k:k + 4], 16), _NAMELESS) for k in range(0, len(digits), 4)]
    return "".join(said)


def _table(objects: dict[int, bytes], number: int) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    table: dict[int, str] = {}
    for low, _high, one, many in _RANGE.findall(_stream(objects[int(found[1])])):
        codes = re.findall(rb"[0-9A-F]{4}", many) if many else [one]
        table |= {int(low, 16) + k: chr(int(code, 16)) for k, code in enumerate(codes)}
    return table


def _stream(body: bytes) -> bytes:
    content = _STREAM.search(body)[1]
    return zlib.decompress(content) if b"FlateDecode" in body else content
