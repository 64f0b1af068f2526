"""What the lanes of a whistle or an order counted, summed up: people, goods, numbered documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from commandcenter.domain.joint import PartyWords, SummonsRow

_BETWEEN = re.compile(r"[、,，;；\n]+")  # as cc.document_numbers; blanks stand inside numbers


@dataclass(frozen=True, slots=True)
class Totals:
    """Over the live lanes; None where no lane has counted."""

    people: int | None
    goods: int | None
    documents: tuple[str, ...]


def document_numbers(text: str) -> list[str]:
    """城管罚〔2026〕1 号、2 号 is two."""
    return [number for part in _BETWEEN.split(text) if (number := part.strip())]


def totals(row: SummonsRow, words: Mapping[int, PartyWords]) -> Totals:
    """`words`: of the lanes, as far as they are known."""
    lanes = sorted(row.live_parties, key=lambda party: party.no)
    people = [party.people for party in lanes if party.people is not None]
    goods = [party.goods for party in lanes if party.goods is not None]
    numbers = [n for party in lanes if (said := words.get(party.no)) for n in document_numbers(said.documents)]
    return Totals(sum(people) if people else None, sum(goods) if goods else None, tuple(dict.fromkeys(numbers)))
