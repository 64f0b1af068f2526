"""What an emergency would be about: the case, whistle or place at which a screen stands."""

from __future__ import annotations

from typing import Any

from commandcenter.domain.emergency import EmergencyPlace
from ui.screens.desk.desk import DeskScreen
from ui.screens.whistle.screen import JointScreen


def subject_of(screen: Any, name: str) -> EmergencyPlace | None:
    """None where nothing, or more than one thing, is chosen."""
    if isinstance(screen, JointScreen):
        row = screen.summons.row if screen.summons.isVisible() else None
        return None if row is None else EmergencyPlace(summons_id=row.id)
    if isinstance(screen, DeskScreen):
        rows = screen.queue.selected_rows()
        return EmergencyPlace(case_id=rows[0].id) if len(rows) == 1 else None
    return _of_map(screen) if name == "map" else None


def _of_map(screen: Any) -> EmergencyPlace | None:
    from commandcenter.geo import to_lonlat
    from ui.models.map_marks import CASES, WHISTLES

    picked = screen.picking.picked
    if picked is None or screen.replaying:
        return None
    if picked.layer == CASES:
        return EmergencyPlace(case_id=picked.id)
    if picked.layer == WHISTLES:
        return EmergencyPlace(summons_id=picked.id)
    point = screen.picking.point()
    if point is None:
        return None
    lon, lat = to_lonlat([point])[0].tolist()
    return EmergencyPlace(lon=lon, lat=lat)
