"""Which whistles pass the filter over the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.joint import SummonsRow
from ui.models.joint_words import JointWords

Test = Callable[[SummonsRow], bool]


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What was chosen; nothing chosen passes everything. street: or a 区县 of a city of several; units: only where one
    of these takes part or calls."""

    street: int | None = None
    level: str | None = None
    units: frozenset[int] | None = None
    text: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is hidden."""
        return self != BoardFilter()

    def passes(self, row: SummonsRow, words: JointWords) -> bool:
        """Does the row pass?"""
        return (
            (self.street is None or self.street in (row.street_id, row.caller_id, row.district_id))
            and (self.level is None or row.level == self.level)
            and (self.units is None or self._concerns(row, self.units))
            and (not self.text or self._mentions(row, words))
        )

    def _concerns(self, row: SummonsRow, units: frozenset[int]) -> bool:
        return row.caller_id in units or any(party.unit_id in units for party in row.live_parties)

    def _mentions(self, row: SummonsRow, words: JointWords) -> bool:
        units = (party.unit_id for party in row.live_parties)
        said = (row.no, row.title, row.place, row.scope, words.where(row), words.caller(row),
                words.level(row).text, *(words.full(unit) for unit in units))
        return any(self.text in part for part in said)
