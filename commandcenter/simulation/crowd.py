"""All cases that live: what is due next, what is left to people, and which duplicate belongs to which case."""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Iterable
from random import Random

from commandcenter.domain.model import CaseRow
from commandcenter.simulation.agent import see
from commandcenter.simulation.drafts import born
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.fate import Fate, draw_fate
from commandcenter.simulation.life import Life, Move
from commandcenter.simulation.rhythm import Birth
from commandcenter.simulation.script import next_move

_RECENT = 160  # a duplicate tells again what was told among the last so many
_RECENT_BEFORE = 20
_WITH_UNITS = frozenset({"filed", "dispatched", "in_progress", "returned"})
_SULK_S = 1800.0  # pause after repeated refusals, city seconds


class Crowd:
    """The lives and their agenda. Thread-safe; a life itself belongs to the thread that works on it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.leave: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._agenda: list[tuple[float, str, int, Life, Move]] = []
        self._count = 0
        self._lives: dict[int, Life] = {}
        self._parked: dict[int, Life] = {}
        self._failed: set[int] = set()
        self._ledger: dict[int, Life] = {}
        self._recent: deque[Life] = deque(maxlen=_RECENT)

    @property
    def waiting(self) -> int:
        """Cases left to people."""
        return len(self._parked)

    @property
    def running(self) -> int:
        """Cases in the agents' hands."""
        return max(0, len(self._lives) - len(self._parked))

    def next_at(self) -> float | None:
        """City time of the next move."""
        with self._lock:
            return self._agenda[0][0] if self._agenda else None

    def admit(self, births: Iterable[Birth]) -> None:
        """New problems are about to be reported. In order, from one thread, so that duplicates are always the same."""
        for birth in births:
            rng = Random(f"{self._facts.seed}/older/{birth.key}")
            old_enough = len(self._recent) - _RECENT_BEFORE
            older = self._recent[rng.randrange(old_enough)] if old_enough > 0 else None
            life = born(self._facts, birth, older)
            if life.master is None:
                self._recent.append(life)
            self.settle(life, birth.at)

    def due(self, until: float) -> list[tuple[Life, Move]]:
        """Moves whose time has come, in order; they leave the agenda."""
        found = []
        with self._lock:
            while self._agenda and self._agenda[0][0] <= until:
                *_, life, move = heapq.heappop(self._agenda)
                if life.move is move:
                    found.append((life, move))
        return found

    def who(self, move: Move) -> str | None:
        """The login that makes a move; None when it is left to people."""
        if move.role in self.leave:
            return None
        return next((login for login in move.logins if login not in self.leave), None)

    def settle(self, life: Life, now: float) -> None:
        """Plan what comes next for a life; forget it when nothing does, park it when that is left to people."""
        move = next_move(self._facts, life, now)
        life.progress = 0
        with self._lock:
            life.move = move
            if life.row is not None:
                self._parked.pop(life.row.id, None)
                self._lives[life.row.id] = life
                self._note_ledger(life, life.row)
                if move is None:
                    del self._lives[life.row.id]
            if move is not None:
                self._plan(life, move, now)

    def postpone(self, life: Life, move: Move, at: float) -> None:
        """The server was away: the same move later, from where it stopped."""
        with self._lock:
            self._push(at, life, move)

    def park(self, life: Life) -> None:
        """Leave it to people until its row changes."""
        with self._lock:
            self._park(life)

    def unpark(self, now: float) -> None:
        """What is left to people has changed: plan all of it anew."""
        for life in list(self._parked.values()):
            self.settle(life, now)

    def fail(self, life: Life) -> None:
        """An agent broke on it: nobody touches this case again."""
        with self._lock:
            life.move = None
            if life.row is not None:
                self._lives.pop(life.row.id, None)
                self._failed.add(life.row.id)

    def parked_beside(self, seen: Iterable[int]) -> list[int]:
        """Cases left to people which are not among those seen: they are no longer open."""
        return sorted(set(self._parked).difference(seen))

    def compare(self, rows: Iterable[CaseRow], now: float) -> None:
        """Take over rows as the database has them: cases that nobody looks after, and what people did meanwhile."""
        for row in rows:
            life = self._lives.get(row.id)
            if life is None:
                self._adopt(row, now)
            elif _moved_on(life, row):
                see(life, row)
                self.settle(life, now)
            elif life.row is not None and row.version == life.row.version:
                life.row = row

    def hard_cases(self) -> list[CaseRow]:
        """Cases that may need others than their unit: forced closures to be cleared, and open ones of grade 三级."""
        with self._lock:
            lives = {**self._lives, **self._ledger}.values()
        rows = [life.row for life in sorted(lives, key=lambda life: life.key) if life.row is not None]
        return [row for row in rows if row.on_ledger or (row.grade == "cross" and row.state in _WITH_UNITS)]

    def _note_ledger(self, life: Life, row: CaseRow) -> None:
        if row.on_ledger:
            self._ledger[row.id] = life
        else:
            self._ledger.pop(row.id, None)

    def _adopt(self, row: CaseRow, now: float) -> None:
        if row.id in self._failed:
            return
        rng = Random(f"{self._facts.seed}/case/{row.id}")
        fate: Fate = draw_fate(rng, self._facts.data.fates, patrol=False)
        self.settle(Life(f"case/{row.id}", rng, fate, row=row), now)

    def _plan(self, life: Life, move: Move, now: float) -> None:
        if self.who(move) is None:
            self._park(life)
        else:
            sulking = now + _SULK_S * (life.trouble - 1) if life.trouble > 1 else move.at
            self._push(max(move.at, sulking), life, move)

    def _park(self, life: Life) -> None:
        life.move = None
        if life.row is not None:
            self._parked[life.row.id] = life

    def _push(self, at: float, life: Life, move: Move) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (at, life.key, self._count, life, move))


def _moved_on(life: Life, row: CaseRow) -> bool:
    mine = life.row
    return mine is None or row.version > mine.version or (row.state, row.handler_id) != (mine.state, mine.handler_id)
