"""Counts per queue and load per unit, kept by adding and taking away what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from commandcenter.domain.model import CaseRow
from commandcenter.live.queues import OVERDUE, QueueSpec

LOADING_STATES = frozenset({"dispatched", "in_progress", "suspended"})  # as cc.unit_figures counts them


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """Cases a unit (承办单位) has in hand now, and how many of them are past their limit."""

    open: int = 0
    overdue: int = 0


class QueueTally:
    """Remembers per case id the set of its queues as bits, and how many cases each queue has."""

    def __init__(self, queues: Sequence[QueueSpec]) -> None:
        self._queues = tuple(queues)
        self._bit = {queue.key: 1 << place for place, queue in enumerate(queues)}
        self._whistled = [(self._bit[queue.key], queue) for queue in queues if queue.whistled]
        self._held: dict[int, int] = {}
        self._counts = dict.fromkeys(self._bit, 0)
        self._states: dict[str, tuple[int, list[tuple[int, QueueSpec]]]] = {}
        self._keys_of: dict[int, tuple[str, ...]] = {0: ()}
        self.counts: Mapping[str, int] = MappingProxyType(self._counts)

    def put(self, row: CaseRow, status: str | None, whistled: bool = False) -> None:
        """Count a row, or its new version, under the queues it now belongs to."""
        bits, doubtful = self._by_state(row.state)
        # Few cases are under a whistle: all the others are not asked about it, a load has a hundred thousand.
        for bit, queue in [*doubtful, *self._whistled] if whistled else doubtful:
            if (queue.timing is None or queue.timing == status) and queue.admits(row):
                bits |= bit
        self._move(row.id, bits)
        self._held[row.id] = bits

    def drop(self, case_id: int) -> None:
        """Count it no more."""
        self._move(case_id, 0)
        self._held.pop(case_id, None)

    def belongs(self, case_id: int, key: str) -> bool:
        """Is the case in this queue?"""
        return bool(self._held.get(case_id, 0) & self._bit[key])

    def ids(self, key: str) -> list[int]:
        """All case ids in this queue."""
        bit = self._bit[key]
        return [case_id for case_id, bits in self._held.items() if bits & bit]

    def id_parts(self, key: str, at_once: int) -> Iterator[list[int]]:
        """`ids` in parts: of every `at_once` cases those that are in the queue when the part is asked for. Who joins
        the tally meanwhile is not among them."""
        bit, held, every = self._bit[key], self._held, list(self._held)
        for start in range(0, len(every), at_once):
            yield [case_id for case_id in every[start : start + at_once] if held.get(case_id, 0) & bit]

    def _by_state(self, state: str) -> tuple[int, list[tuple[int, QueueSpec]]]:
        """Queues that the state alone decides, as bits, and those that need a closer look."""
        if (known := self._states.get(state)) is None:
            here = (q for q in self._queues if not q.whistled and (q.states is None or state in q.states))
            can = [(self._bit[q.key], q) for q in here]
            sure = sum(bit for bit, q in can if q.by_state_alone())
            known = self._states[state] = sure, [(bit, q) for bit, q in can if not q.by_state_alone()]
        return known

    def _move(self, case_id: int, bits: int) -> None:
        before = self._held.get(case_id, 0)
        if before == bits:
            return
        for key in self._keys(before):
            self._counts[key] -= 1
        for key in self._keys(bits):
            self._counts[key] += 1

    def _keys(self, bits: int) -> tuple[str, ...]:
        """Few combinations of queues occur among many rows; each is spelt out once."""
        if (known := self._keys_of.get(bits)) is None:
            known = self._keys_of[bits] = tuple(key for key, bit in self._bit.items() if bits & bit)
        return known


class UnitTally:
    """Load per unit that handles cases."""

    def __init__(self) -> None:
        self._load: dict[int, UnitLoad] = {}
        self._held: dict[int, tuple[int, bool]] = {}
        self.load: Mapping[int, UnitLoad] = MappingProxyType(self._load)

    def put(self, row: CaseRow, status: str | None) -> None:
        """Count a row, or its new version, on its handler."""
        counted = row.open and row.state in LOADING_STATES and row.handler_id is not None
        if not counted or row.handler_id is None:
            self.drop(row.id)
            return
        share = (row.handler_id, status == OVERDUE)
        if self._held.get(row.id) != share:
            self.drop(row.id)
            self._held[row.id] = share
            self._add(*share, +1)

    def drop(self, case_id: int) -> None:
        """Count it no more."""
        if (share := self._held.pop(case_id, None)) is not None:
            self._add(*share, -1)

    def _add(self, unit_id: int, overdue: bool, step: int) -> None:
        load = self._load.get(unit_id, UnitLoad())
        load = UnitLoad(load.open + step, load.overdue + (step if overdue else 0))
        if load.open:
            self._load[unit_id] = load
        else:
            self._load.pop(unit_id, None)
