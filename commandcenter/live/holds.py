"""Which cases a whistle or an order holds now: from its issue until its work is over."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.joint import WHISTLE, SummonsRow
from commandcenter.live.joint_due import UNDER_WAY


class Holds:
    """Follows the picture of what is open. Of a summons that this person may not see it knows nothing."""

    def __init__(self) -> None:
        self._by_case: dict[int, dict[int, SummonsRow]] = {}
        self._cases: dict[int, tuple[int, ...]] = {}  # summons → the cases it was counted on

    def of(self, case_id: int) -> tuple[SummonsRow, ...]:
        """What holds this case, the newest first."""
        held = self._by_case.get(case_id)
        return tuple(sorted(held.values(), key=lambda row: -row.id)) if held else ()

    def whistled(self) -> frozenset[int]:
        """Cases under a whistle; an order is none."""
        return frozenset(
            case_id for case_id, held in self._by_case.items() if any(row.kind == WHISTLE for row in held.values())
        )

    def take(self, rows: Iterable[SummonsRow], gone: Iterable[int]) -> frozenset[int]:
        """Take in rows that are new or newer and ids that left; the cases whose marks may differ."""
        touched: set[int] = set()
        for summons_id in gone:
            touched.update(self._drop(summons_id))
        for row in rows:
            touched.update(self._drop(row.id))
            touched.update(self._put(row))
        return frozenset(touched)

    def _put(self, row: SummonsRow) -> tuple[int, ...]:
        if row.state not in UNDER_WAY or not row.cases:
            return ()
        self._cases[row.id] = row.cases
        for case_id in row.cases:
            self._by_case.setdefault(case_id, {})[row.id] = row
        return row.cases

    def _drop(self, summons_id: int) -> tuple[int, ...]:
        cases = self._cases.pop(summons_id, ())
        for case_id in cases:
            held = self._by_case[case_id]
            del held[summons_id]
            if not held:
                del self._by_case[case_id]
        return cases
