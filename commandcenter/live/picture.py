"""The live picture: every case that is open now, merged by id, with counts that follow each change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from commandcenter.domain.model import CaseRow
from commandcenter.live.deadlines import DeadlineWatch
from commandcenter.live.queues import QUEUES, QueueSpec
from commandcenter.live.tally import QueueTally, UnitLoad, UnitTally

_REMEMBERED = 10_000  # ids gone lately, so that a late answer does not bring them back


@dataclass(frozen=True, slots=True)
class PictureChange:
    """What a call changed: rows new or newer, and ids that left. Never both for one id. A merge also tells the rows
    `before` it, of those cases that were held."""

    upserted: tuple[CaseRow, ...] = ()
    removed: tuple[int, ...] = ()
    before: Mapping[int, CaseRow] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return bool(self.upserted or self.removed)


def belongs(row: CaseRow) -> bool:
    """The picture holds what is open, and forced closures (强制结案) not yet cleared from the ledger."""
    return row.open or row.on_ledger


def _age(row: CaseRow) -> tuple[int, float]:
    """Orders versions of a row; some actions (附件, 督办) change it without raising the version."""
    return row.version, row.changed_at


class LivePicture:
    """Rows by id with their queues. No threads: all calls come from one thread, the GUI's.

    A full load runs as begin_load (before asking), add per batch, end_load; merges may come in between and win over
    what the load read earlier. Every call reports exactly what it changed itself: `add` its rows, `end_load` the
    rows that were held and are gone.
    """

    def __init__(self, queues: Sequence[QueueSpec] = tuple(QUEUES.values())) -> None:
        self._rows: dict[int, CaseRow] = {}
        self._watch = DeadlineWatch(self._rows)
        self.queues = tuple(queues)
        self._queues = QueueTally(queues)
        self._units = UnitTally()
        self._gone: dict[int, tuple[int, float]] = {}
        self._unseen: set[int] | None = None
        self._merged: set[int] = set()
        self._absent: set[int] = set()
        self._whistled: frozenset[int] = frozenset()
        self.rows: Mapping[int, CaseRow] = MappingProxyType(self._rows)

    # ------------------------------------------------------------ asking
    @property
    def loading(self) -> bool:
        """Between begin_load and end_load."""
        return self._unseen is not None

    @property
    def now(self) -> float:
        """The moment of the last `advance` (Unix seconds of the city's clock); -inf before the first."""
        return self._watch.now

    @property
    def counts(self) -> Mapping[str, int]:
        """Cases per queue key, live."""
        return self._queues.counts

    def unit_load(self) -> Mapping[int, UnitLoad]:
        """Open and overdue cases per unit that handles them now, live; units without any are absent."""
        return self._units.load

    def timing(self, case_id: int) -> str | None:
        """near (临期), overdue (超期) or None, as of the last `advance`."""
        return self._watch.status(case_id)

    def in_queue(self, case_id: int, key: str) -> bool:
        """Does this case belong to the queue now?"""
        return self._queues.belongs(case_id, key)

    def queue_rows(self, key: str) -> list[CaseRow]:
        """The rows of a queue, in no particular order."""
        return [self._rows[case_id] for case_id in self._queues.ids(key)]

    def queue_parts(self, key: str, at_once: int) -> Iterator[list[CaseRow]]:
        """`queue_rows` in parts, each looked up among `at_once` cases when it is asked for: the caller may do other
        work between them, and looks again at what changed meanwhile."""
        for ids in self._queues.id_parts(key, at_once):
            yield [self._rows[case_id] for case_id in ids]

    # ------------------------------------------------------------ changing
    def load(self, batches: Iterable[Sequence[CaseRow]]) -> PictureChange:
        """A full load in one go: the batches must have been read after everything merged so far."""
        self.begin_load()
        upserted = [row for batch in batches for row in self.add(batch).upserted]
        return PictureChange(tuple(upserted), self.end_load().removed)

    def resync(self, rows: Sequence[CaseRow]) -> PictureChange:
        """Make the picture equal to `rows`, reporting only the difference. Like `load`."""
        return self.load([rows])

    def begin_load(self) -> None:
        """A full load begins now, before the question is sent; one that was under way is given up."""
        self._unseen = set(self._rows)
        self._forget_merges()
        self._gone.clear()

    def add(self, batch: Sequence[CaseRow]) -> PictureChange:
        """One batch of the load. It outranks what was held before begin_load (a restored database goes back in
        versions), but not what was merged since."""
        if self._unseen is None:
            raise RuntimeError("add() outside begin_load() … end_load()")
        changed = [row for row in batch if self._loaded(row, self._unseen)]
        return PictureChange(tuple(changed))

    def end_load(self) -> PictureChange:
        """The load is complete: what was held and did not come again is gone."""
        removed = tuple(case_id for case_id in self._unseen or () if self._remove(case_id))
        self._unseen = None
        self._forget_merges()
        return PictureChange((), removed)

    def merge(self, rows: Sequence[CaseRow], asked: Collection[int]) -> PictureChange:
        """Take in the answer to a question for the cases `asked`: newer rows replace held ones, rows that no longer
        belong and ids that did not come back leave. A row older than the one held changes nothing."""
        touched = (*asked, *(row.id for row in rows))
        before = {case_id: self._rows[case_id] for case_id in touched if case_id in self._rows}
        changed = [row.id for row in rows if self._merged_row(row)]
        missing = set(asked).difference(row.id for row in rows)
        changed += [case_id for case_id in missing if self._remove(case_id)]
        if self._unseen is not None:
            self._merged.update(before, changed)
            self._unseen -= self._merged
            self._absent = self._absent.difference(changed) | missing
        return self._what_became(dict.fromkeys(changed), before)

    def _what_became(self, changed: Iterable[int], before: Mapping[int, CaseRow]) -> PictureChange:
        upserted, removed = [], []
        for case_id in changed:
            if (row := self._rows.get(case_id)) is not None:
                upserted.append(row)
            elif case_id in before:
                removed.append(case_id)
        return PictureChange(tuple(upserted), tuple(removed), before)

    def advance(self, now: float) -> tuple[CaseRow, ...]:
        """Let time pass to `now` (Unix seconds of the city's clock); rows whose 临期/超期 changed."""
        changed = tuple(self._rows[case_id] for case_id in self._watch.advance(now))
        for row in changed:
            self._count(row, self._watch.status(row.id))
        return changed

    def whistle(self, ids: frozenset[int]) -> PictureChange:
        """These cases, and no others, are under a whistle now; rows that are not in the picture yet, too. Told as
        rows that are the same as before."""
        differing = [case_id for case_id in ids ^ self._whistled if case_id in self._rows]
        self._whistled = ids
        rows = tuple(self._rows[case_id] for case_id in differing)
        for row in rows:
            self._count(row, self._watch.status(row.id))
        return PictureChange(rows, (), {row.id: row for row in rows})

    # ------------------------------------------------------------ inside
    def _forget_merges(self) -> None:
        self._merged.clear()
        self._absent.clear()

    def _loaded(self, row: CaseRow, unseen: set[int]) -> bool:
        if not belongs(row) or row.id in self._absent:
            return False
        unseen.discard(row.id)
        if self._rows.get(row.id) == row:
            return False
        if row.id in self._merged and not self._newer(row):
            return False
        self._put(row)
        return True

    def _merged_row(self, row: CaseRow) -> bool:
        if not belongs(row):
            return self._leaves(row)
        if not self._newer(row):
            return False
        self._put(row)
        return True

    def _newer(self, row: CaseRow) -> bool:
        if (held := self._rows.get(row.id)) is not None:
            return _age(row) > _age(held)
        gone = self._gone.get(row.id)
        return gone is None or _age(row) > gone

    def _leaves(self, row: CaseRow) -> bool:
        held = self._rows.get(row.id)
        if held is not None and _age(row) < _age(held):
            return False
        was_held = self._remove(row.id)
        self._remember_gone(row.id, _age(row))
        return was_held

    def _put(self, row: CaseRow) -> None:
        self._rows[row.id] = row
        self._gone.pop(row.id, None)
        self._count(row, self._watch.put(row))

    def _count(self, row: CaseRow, status: str | None) -> None:
        self._queues.put(row, status, row.id in self._whistled)
        self._units.put(row, status)

    def _remove(self, case_id: int) -> bool:
        if (row := self._rows.pop(case_id, None)) is None:
            return False
        for part in (self._watch, self._queues, self._units):
            part.drop(case_id)
        self._remember_gone(case_id, _age(row))
        return True

    def _remember_gone(self, case_id: int, age: tuple[int, float]) -> None:
        self._gone[case_id] = max(age, self._gone.get(case_id, age))
        if len(self._gone) > _REMEMBERED:
            del self._gone[next(iter(self._gone))]
