"""Finds names by the initials of their pinyin: hpl → 和平里."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from commandcenter.resources import RESOURCES


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    raw = tomllib.loads((RESOURCES / "pinyin" / "initials.toml").read_text("utf-8"))
    letters = {char: letter for letter, chars in raw["first"].items() for char in chars}
    for letter, chars in raw["other"].items():
        for char in chars:
            letters[char] += letter
    return letters


def initials(text: str) -> str:
    """``和平里街道`` → ``hpljd``: the usual readings; letters and digits stay, the rest is left out."""
    known = _readings()
    return "".join(known[c][0] if c in known else c.lower() for c in text if c in known or c.isalnum())


@lru_cache(maxsize=20_000)
def _letter_sets(text: str) -> tuple[str, ...]:
    known = _readings()
    return tuple(known.get(c, c.lower()) for c in text if c in known or c.isalnum())


def initials_at(query: str, text: str) -> int | None:
    """Where the initials of ``text`` contain ``query`` (lower case), by any reading; None: nowhere."""
    sets = _letter_sets(text)
    for start in range(len(sets) - len(query) + 1):
        if all(letter in sets[start + k] for k, letter in enumerate(query)):
            return start
    return None


def is_initials(query: str) -> bool:
    """Whether this looks like typed initials: plain letters and digits beginning with a letter."""
    return query.isascii() and query.isalnum() and query[0].isalpha()
