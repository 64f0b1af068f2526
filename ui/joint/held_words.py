"""That cases of a draft are under a whistle or an order already, in one line: said, not forbidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commandcenter.domain.joint import SummonsRow
from ui.models.hold_words import Held

_NAMED = 2  # whistles; more are counted


def held_lines(cases: Iterable[int], held: Held, number_of: Callable[[int], str]) -> tuple[str, SummonsRow | None]:
    """002378、002377 已在 CS-20261122-0003 中, and the newest to be opened; ("", None) if there is none."""
    found: dict[int, tuple[SummonsRow, list[str]]] = {}
    for case_id in cases:
        for row in held(case_id):
            found.setdefault(row.id, (row, []))[1].append(number_of(case_id))
    if not found:
        return "", None
    newest = sorted(found.values(), key=lambda one: one[0].id, reverse=True)
    told = [f"{'、'.join(numbers)} 已在 {row.no} 中" for row, numbers in newest[:_NAMED]]
    more = f"；另有 {len(newest) - _NAMED} 项" if len(newest) > _NAMED else ""
    return "；".join(told) + more, newest[0][0]
