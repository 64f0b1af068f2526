"""What forms may know of the city, and how they ask for more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commandcenter.domain.model import CaseRow, Directory
from commandcenter.domain.recommend import Suggestion

if TYPE_CHECKING:  # numpy and rapidfuzz: an eighth of the time until a desk can be used, for forms that open later
    from commandcenter.domain.gazetteer import Gazetteer
    from commandcenter.domain.matching import ItemIndex

FindCase = Callable[[str], Awaitable[CaseRow | None]]
SuggestUnits = Callable[[CaseRow], Sequence[Suggestion]]


@dataclass(frozen=True)
class FormContext:
    """Directory and indexes over it; `now` gives Unix seconds of the city's clock; `reach` limits units, None: all."""

    directory: Directory
    items: ItemIndex
    places: Gazetteer
    now: Callable[[], float]
    find_case: FindCase | None = None
    suggest_units: SuggestUnits | None = None
    reach: frozenset[int] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.directory.time_zone)
