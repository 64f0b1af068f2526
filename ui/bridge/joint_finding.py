"""Finds the whistle or order that something belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.joint import SUMMONS, MeetingRow, SummonsRow, TaskRow
from ui.screens.workplace import Workplace


async def find_summons(place: Workplace, entity: str, entity_id: int) -> SummonsRow | None:
    """The summons itself, or that of a meeting or task; None: there is none, or not in sight. Raises DomainError."""
    summons_id: int | None = entity_id
    if entity != SUMMONS:
        summons_id = await _belonging(place, entity_id)
    if summons_id is None:
        return None
    held = place.joint.summons.get(summons_id)
    return held if held is not None else _first((await _read(place, summons_id)).summons)


async def _belonging(place: Workplace, entity_id: int) -> int | None:
    found = await _read(place, entity_id)
    rows: Iterable[MeetingRow | TaskRow] = (*found.meetings, *found.tasks)
    return next((row.summons_id for row in rows), None)


async def _read(place: Workplace, entity_id: int):
    return await place.backend.call(place.backend.session.joint_queries.joint, [entity_id])


def _first(rows: Iterable[SummonsRow]) -> SummonsRow | None:
    return next(iter(rows), None)
