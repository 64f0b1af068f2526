"""Everything that does not change while the city lives, in one place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from commandcenter.domain.model import CatalogueItem, Directory
from commandcenter.domain.units import UnitIndex, unit_index
from commandcenter.profiles.model import Profile
from commandcenter.simulation.data import CityData, city_data
from commandcenter.simulation.phrases import Phrases
from commandcenter.simulation.places import Places
from commandcenter.simulation.serving import Serving
from commandcenter.simulation.staff import Staff
from commandcenter.simulation.subjects import Subjects
from commandcenter.simulation.timing import Timing


@dataclass(frozen=True, slots=True)
class Facts:
    """The city as its agents know it."""

    seed: int
    directory: Directory
    data: CityData
    staff: Staff
    places: Places
    subjects: Subjects
    phrases: Phrases
    timing: Timing
    units: UnitIndex
    serving: Serving
    whistles_over: dict[int, str] = field(default_factory=dict)  # case id → number; kept by whoever plays whistles

    def item(self, item_id: int | None) -> CatalogueItem | None:
        """A catalogue item, if there is one."""
        return None if item_id is None else self.directory.items.get(item_id)

    def unit_name(self, unit_id: int | None) -> str:
        """The short name of a unit."""
        org = self.directory.orgs.get(unit_id or 0)
        return org.short_name if org else "有关单位"

    def pace(self, stage: str) -> tuple[float, float]:
        """(median, sigma) of a stage as shares of its limit."""
        return self.data.pace[stage]


def gather(profile: Profile, directory: Directory, known: Collection[str], seed: int) -> Facts:
    """Put the facts together; takes a fraction of a second for a district."""
    data = city_data(profile.name)
    return Facts(
        seed=seed,
        directory=directory,
        data=data,
        staff=Staff(profile, directory, known),
        places=Places(profile, directory, data, seed),
        subjects=Subjects(directory, data.topics),
        phrases=Phrases(data),
        timing=Timing(profile, directory),
        units=unit_index(directory),
        serving=Serving(profile, directory),
    )
