"""Finds the unit that somebody means by a word typed in a hurry: 市政, 和平里, hpl."""

from __future__ import annotations

from collections.abc import Collection

from commandcenter.domain.model import Directory, Org
from commandcenter.domain.pinyin import initials_at, is_initials
from commandcenter.domain.units import takes_cases

_INSIDE = 4


def find_units(word: str, directory: Directory, reach: Collection[int]) -> list[Org]:
    """Units that may be meant, the best first; several of equal rank are all returned."""
    ranked = [(rank, org) for org in directory.orgs.values()
              if org.id in reach and takes_cases(org) and (rank := _rank(word, org)) is not None]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1].short_name), pair[1].id))
    return [org for _, org in ranked]


def the_unit(word: str, directory: Directory, reach: Collection[int]) -> Org | list[Org]:
    """The one unit meant, or all that could be meant (none: empty)."""
    found = find_units(word, directory, reach)
    if not found:
        return []
    best = _rank(word, found[0])
    equal = [org for org in found if _rank(word, org) == best]
    return equal[0] if len(equal) == 1 else equal


def _rank(word: str, org: Org) -> int | None:
    """0: its name or line; 1: begins so; 2: contains it; 3: by initials. What lies inside a unit comes after all
    units, because a community is often called like its street."""
    names = (org.short_name, org.name, org.line or "")
    if org.kind in ("community", "section", "agency"):
        return _INSIDE if word in names else _INSIDE + 1 if len(word) > 1 and org.short_name.startswith(word) else None
    if word in names:
        return 0
    bare = org.short_name.removeprefix("区")
    if bare.startswith(word):
        return 1
    if any(word in name for name in names):
        return 2
    if is_initials(word) and (initials_at(word, bare) == 0 or initials_at(word, org.short_name) == 0):
        return 3
    return None
