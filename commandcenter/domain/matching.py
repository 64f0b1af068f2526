"""Finds the catalogue item (小类) that a free description means, while it is being typed."""

from __future__ import annotations

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from commandcenter.domain.model import CatalogueItem
from commandcenter.domain.pinyin import initials_at, is_initials
from commandcenter.resources import RESOURCES

SYNONYMS = RESOURCES / "catalogue" / "synonyms.toml"
_NAME, _MINOR, _MAJOR = 1.0, 0.8, 0.15  # how much a word counts by where the catalogue has it
_LONGEST = 600  # characters of a description that are looked at: what matters is said first
_SHORTLIST = 60  # items that are compared word by word after the first sieve
_PER_MINOR = 3  # one subclass may not fill the whole list with its places
_SAID_PLAINLY, _BY_SYNONYM = 1.0, 0.85


@lru_cache(maxsize=2)
def load_synonyms(path: Path = SYNONYMS) -> Mapping[str, str]:
    """Everyday phrase → words of the catalogue, separated by spaces."""
    words = tomllib.loads(path.read_text("utf-8"))["words"]
    return {str(said): str(meant) for said, meant in words.items()}


def grams(text: str) -> list[str]:
    """Neighbouring pairs of letters and characters inside words; a single one stands for itself."""
    found: list[str] = []
    for run in "".join(c.lower() if c.isalnum() else " " for c in text).split():
        found += [a + b for a, b in pairwise(run)] if len(run) > 1 else [run]
    return found


class ItemIndex:
    """An index over a catalogue; 3,099 items take some 0.3 s, so build it off the GUI thread. Immutable."""

    def __init__(self, items: Iterable[CatalogueItem], synonyms: Mapping[str, str] | None = None) -> None:
        self._items: Sequence[CatalogueItem] = sorted(items, key=lambda item: item.id)
        self._synonyms = load_synonyms() if synonyms is None else synonyms
        weights = [_weights(item) for item in self._items]
        self._rarity = _rarity(weights)
        self._postings = _postings(weights, self._rarity)
        for item in self._items:
            initials_at("", item.name)  # spelled now, so that the first keystroke does not wait
        self._full = np.array([self._fullness(item) for item in self._items], dtype=np.float64)

    def suggest(self, text: str, limit: int = 8) -> list[tuple[int, float, str]]:
        """Items for a description as (item id, score 0…1, why), best first; nothing for text that says nothing."""
        text = text.strip()[:_LONGEST]
        if not text:
            return []
        if is_initials(text):
            return self._by_initials(text.lower(), limit)
        said = self._said(text)
        sieved = self._sieve({gram: weight for gram, (weight, _) in said.items()})
        ranked = sorted(((self._score(k, first, text), k) for k, first in sieved), key=lambda s: (-s[0], s[1]))
        return [(self._items[k].id, round(score, 3), self._why(k, said)) for score, k in self._varied(ranked, limit)]

    def _fullness(self, item: CatalogueItem) -> float:
        return sum(self._rarity[gram] for gram in set(grams(item.name))) or 1.0

    def _said(self, text: str) -> dict[str, tuple[float, str]]:
        said = {gram: (_SAID_PLAINLY, gram) for gram in grams(text)}
        for phrase, words in self._synonyms.items():
            if phrase in text:
                for gram in grams(words):
                    said.setdefault(gram, (_BY_SYNONYM, phrase))
        return said

    def _sieve(self, said: Mapping[str, float]) -> list[tuple[int, float]]:
        scores = np.zeros(len(self._items))
        for gram, weight in said.items():
            if (posting := self._postings.get(gram)) is not None:
                scores[posting[0]] += posting[1] * weight
        scores /= np.sqrt(self._full)
        best = np.argsort(-scores, kind="stable")[:_SHORTLIST]
        return [(int(k), float(scores[k])) for k in best if scores[k] > 0]

    def _score(self, k: int, first: float, text: str) -> float:
        covered = min(1.0, first / math.sqrt(self._full[k]))
        alike = fuzz.partial_ratio(self._items[k].name, text[:60]) / 100
        named = self._items[k].minor in text
        return 0.65 * covered + 0.2 * alike + 0.15 * named

    def _varied(self, ranked: Sequence[tuple[float, int]], limit: int) -> list[tuple[float, int]]:
        taken: Counter[tuple[str, str]] = Counter()
        kept: list[tuple[float, int]] = []
        spare: list[tuple[float, int]] = []
        for score, k in ranked:
            minor = (self._items[k].major, self._items[k].minor)
            taken[minor] += 1
            (kept if taken[minor] <= _PER_MINOR else spare).append((score, k))
        return sorted((kept + spare)[:limit], key=lambda s: (-s[0], s[1]))

    def _why(self, k: int, said: Mapping[str, tuple[float, str]]) -> str:
        item = self._items[k]
        parts = (*grams(f"{item.name} {item.minor}"), *item.name)
        words = dict.fromkeys(said[part][1] for part in parts if part in said)
        return f"{item.major} · " + "、".join(_joined(list(words))[:3])

    def _by_initials(self, typed: str, limit: int) -> list[tuple[int, float, str]]:
        found = []
        for k, item in enumerate(self._items):
            if (start := initials_at(typed, item.name)) is not None:
                found.append((round(len(typed) / len(item.name) - 0.01 * start, 3), k))
        found.sort(key=lambda s: (-s[0], s[1]))
        return [(self._items[k].id, score, f"{self._items[k].major} · {typed}") for score, k in found[:limit]]


def _weights(item: CatalogueItem) -> dict[str, float]:
    weights: dict[str, float] = {}
    for text, weight in ((item.major, _MAJOR), (item.minor, _MINOR), (item.name, _NAME)):
        for gram in grams(text):
            weights[gram] = max(weight, weights.get(gram, 0.0))
        for char in set(text):
            weights.setdefault(char, weight * 0.2)
    return weights


def _rarity(weights: Sequence[Mapping[str, float]]) -> dict[str, float]:
    counts = Counter(gram for row in weights for gram in row)
    return {gram: math.log(1 + len(weights) / count) for gram, count in counts.items()}


def _postings(
    weights: Sequence[Mapping[str, float]], rarity: Mapping[str, float]
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    lists: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for k, row in enumerate(weights):
        for gram, weight in row.items():
            lists[gram].append((k, weight * rarity[gram]))
    return {
        gram: (np.array([k for k, _ in entries], dtype=np.int64), np.array([w for _, w in entries]))
        for gram, entries in lists.items()
    }


def _joined(words: list[str]) -> list[str]:
    """Overlapping pairs put together again: 井盖, 盖缺, 缺失 → 井盖缺失."""
    out: list[str] = []
    for word in words:
        if out and len(word) == 2 and out[-1][-1] == word[0]:
            out[-1] += word[1]
        else:
            out.append(word)
    return out
