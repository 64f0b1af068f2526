"""A run of the city over the strict fake, and the instant that its tests call the present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from strict_city import StrictCity
from strict_doors import Clock, Doors

from commandcenter.simulation import Simulation, SimulationStats

ZONE = ZoneInfo("Asia/Shanghai")
PRESENT = datetime(2026, 6, 11, 11, 30, tzinfo=ZONE).timestamp()  # a Thursday


@dataclass
class Run:
    """A city that has lived, and what it left behind."""

    city: StrictCity
    doors: Doors
    clock: Clock
    simulation: Simulation
    stats: SimulationStats | None = None

    def deeds(self) -> dict[str, list[tuple[str, str, float]]]:
        """What was done to each case, by the words of its report; ids and threads do not matter."""
        told = zip(self.city.rows, self.city.reports, strict=True)
        names = {case_id: f"{report.description}|{report.reporter_phone}" for case_id, report in told}
        found: dict[str, list[tuple[str, str, float]]] = {name: [] for name in names.values()}
        for login, action, case_id, at in self.city.log:
            found[names[case_id]].append((login, action, at))
        return found
