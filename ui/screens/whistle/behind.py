"""What stands behind a figure of the scores: asked for away from the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commandcenter.domain.joint import SummonsRow
from commandcenter.ports_joint import JointQueries
from ui.models.joint_list import Entry, figure_entries
from ui.models.joint_scores import COLUMNS, Month, behind, faults


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure: of a unit, or of all of them."""

    unit_id: int | None
    key: str
    month: Month

    @property
    def title(self) -> str:
        """Its column's."""
        titles = {str(column.key): column.title for column in COLUMNS} | {key: word for key, word, _ in faults(())}
        return titles.get(self.key, "综合")


def question(queries: JointQueries, figure: Behind) -> Callable[[], list[Entry]]:
    """What to ask for the whistles that were counted."""
    if figure.unit_id is None:
        return lambda: _of_all_units(queries, figure)
    unit, month = figure.unit_id, figure.month
    return lambda: figure_entries(
        _fitting(queries.scored_lanes(unit, month.since, month.until), unit, figure.key), unit, figure.key)


def _fitting(rows: Sequence[SummonsRow], unit_id: int | None, key: str) -> list[SummonsRow]:
    """Those with a lane that the figure counts; 群众 is about the whole."""
    if key == "citizen":
        return [row for row in rows if row.citizen_score is not None]
    test = behind(key)
    return [row for row in rows if any(test(p) for p in row.parties if unit_id in (None, p.unit_id))]


def _of_all_units(queries: JointQueries, figure: Behind) -> list[Entry]:
    """A figure of the footer: of every unit that has some."""
    month = figure.month
    units = [s.unit_id for s in queries.unit_scores(month.since, month.until) if getattr(s, figure.key)]
    found = {row.id: row for unit in units for row in
             _fitting(queries.scored_lanes(unit, month.since, month.until), unit, figure.key)}
    return figure_entries(found.values(), None, figure.key)
