"""All whistles, orders, meetings and tasks that are open, and what is due next of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.joint import MeetingRow, SummonsRow, TaskRow
from commandcenter.domain.model import CaseRow
from commandcenter.ports_joint import JointRows
from commandcenter.simulation.joint.deeds import Deed, Row, Who
from commandcenter.simulation.joint.hands import Hands
from commandcenter.simulation.joint.occasions import Occasion, Occasions
from commandcenter.simulation.joint.openings import called_for, opening
from commandcenter.simulation.joint.summons_moves import next_of_summons
from commandcenter.simulation.joint.task_moves import next_of_meeting, next_of_task
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.tally import Tally

log = logging.getLogger(__name__)
_SULK_S = 1800.0  # pause after a refusal, city seconds; twice as long after the next
_PATIENCE = 3  # refusals after which nobody tries again until somebody else moves it
_MAKE_OTHERS = frozenset({"consult", "assign", "publish"})  # a meeting, a task


class JointCity:
    """One thread works on it, after the cases of the same moment.

    `open_cases`: those that may need a whistle. `over`: told the
    cases of a whistle whose work is over.
    """

    def __init__(
        self,
        world: World,
        occasions: Occasions,
        hands: Hands,
        tally: Tally,
        open_cases: Callable[[], Sequence[CaseRow]],
        over: Callable[[SummonsRow], None],
    ) -> None:
        self._world, self._occasions, self._hands, self._tally = world, occasions, hands, tally
        self._open_cases, self._over = open_cases, over
        self._left: frozenset[str] = frozenset()
        self._rows: dict[int, Row] = {}
        self._next: dict[int, Deed] = {}
        self._coming: list[Occasion] = []
        self._refused: Counter[tuple[int, int | None, str, int]] = Counter()
        self._not_before: dict[int, float] = {}
        self._called_for: set[int] = set()

    def admit(self, start: float, end: float) -> None:
        """Occasions of this time are about to come."""
        self._coming += self._occasions.between(start, end)

    def next_at(self) -> float | None:
        """City time of the next occasion or deed."""
        times = [deed.at for deed in self._next.values()] + [occasion.at for occasion in self._coming[:1]]
        return min(times, default=None)

    def look(self) -> None:
        """Read all that is open: what people, the duty or a command beside it changed is gone on with."""
        self._take(self._hands.rows(self._watcher()))

    def leave(self, roles_or_logins: Collection[str]) -> None:
        """Leave these to people from now on."""
        self._left = frozenset(roles_or_logins)
        for row in self._rows.values():
            self._plan(row)

    def work(self, until: float) -> bool:
        """Do all that is due at `until`, the earliest first. False: the server was away."""
        try:
            while (due := self.next_at()) is not None and due <= until:
                self._one(until, due)
        except ServerUnavailable as error:
            log.info("whistles wait: %s", error.message)
            self._tally.error("ServerUnavailable")
            return False
        return True

    # ------------------------------------------------------------------ one thing
    def _one(self, until: float, due: float) -> None:
        if self._coming and self._coming[0].at <= due:
            self._begin(self._coming[0])
            self._coming.pop(0)
            return
        number, deed = min(self._next.items(), key=lambda entry: (entry[1].at, entry[0]))
        self._carry_out(self._rows[number], deed, until)

    def _begin(self, occasion: Occasion) -> None:
        found = opening(self._world, occasion, called_for(self._called_for, self._open_cases()))
        login = self._login(found.who) if found is not None else None
        if found is None or login is None:
            return
        try:
            done = self._hands.open(found, login)
        except ServerUnavailable:
            raise
        except DomainError as error:
            self._tally.error(type(error).__name__)
            log.info("%s: refused: %s %s", occasion.key, error.message, dict(error.detail))
            return
        self._tally.count(f"{occasion.kind}s")
        self._tally.count("joint_actions")
        self._read([done.entity_id])

    def _carry_out(self, row: Row, deed: Deed, now: float) -> None:
        login = self._login(deed.who)
        assert login is not None  # what is left to people was not planned
        try:
            for _ in range(self._hands.do(deed, row, login)):
                self._tally.count("joint_actions")
        except ServerUnavailable:
            raise
        except DomainError as error:
            self._refusal(row, deed, error, now)
            return
        self._remember(row, deed)
        self._read([row.id])
        if deed.action in _MAKE_OTHERS:
            self.look()

    def _refusal(self, row: Row, deed: Deed, error: DomainError, now: float) -> None:
        """Read it anew. If nobody moved it meanwhile, the agent was wrong, and tries again later, if at all."""
        self._read([row.id])
        if self._rows.get(row.id) != row:
            return
        key = (row.id, deed.party_no, deed.action, deed.version)
        self._refused[key] += 1
        self._tally.error(type(error).__name__)
        log.info("%s %s: %s refused: %s %s", row.no, deed.party_no, deed.action, error.message, dict(error.detail))
        self._not_before[row.id] = now + _SULK_S * self._refused[key]
        self._plan(row)

    def _remember(self, row: Row, deed: Deed) -> None:
        memory = self._world.memory
        if deed.action == "ask_release":
            memory.asked.add((row.id, deed.party_no or 0))
        elif deed.action == "publish":
            memory.blamed.add((row.id, deed.party_no or 0))
        elif deed.action == "consult":
            memory.consulted.add(row.id)
        elif deed.action == "assign":
            memory.assigned.add(row.id)

    # ------------------------------------------------------------------ what there is
    def _watcher(self) -> str:
        return self._world.facts.staff.watcher()

    def _read(self, ids: list[int]) -> None:
        found = self._hands.rows(self._watcher(), ids)
        for row in _all(found):
            self._see(row)
        self._await()

    def _take(self, found: JointRows) -> None:
        rows = {row.id: row for row in _all(found)}
        for number in set(self._rows) - set(rows):
            self._forget(number)
        for row in rows.values():
            if self._rows.get(row.id) != row:
                self._see(row)
        self._await()

    def _see(self, row: Row) -> None:
        before = self._rows.get(row.id)
        if isinstance(row, SummonsRow):
            self._called_for.update(row.cases)
            if row.closed_at is not None and row.cases and getattr(before, "closed_at", None) is None:
                self._over(row)
        if isinstance(row, TaskRow):
            self._of_matter(row)
        if not row.open:
            self._forget(row.id)
            return
        self._rows[row.id] = row
        self._plan(row)

    def _of_matter(self, row: TaskRow) -> None:
        memory = self._world.memory
        if row.summons_id is not None and row.party_no is not None:
            memory.blamed.add((row.summons_id, row.party_no))
        if row.meeting_id is not None:
            memory.assigned.add(row.meeting_id)

    def _await(self) -> None:
        """Meetings wait for their tasks."""
        tasks = (row for row in self._rows.values() if isinstance(row, TaskRow))
        awaited = frozenset(row.meeting_id for row in tasks if row.meeting_id is not None)
        changed, self._world.memory.awaited = awaited ^ self._world.memory.awaited, awaited
        for number in changed & self._rows.keys():
            self._plan(self._rows[number])

    def _forget(self, number: int) -> None:
        for known in (self._rows, self._next, self._not_before):
            known.pop(number, None)

    # ------------------------------------------------------------------ what comes next
    def _plan(self, row: Row) -> None:
        deeds = [deed for deed in self._possible(row) if self._may(row, deed)]
        self._next.pop(row.id, None)
        if deeds:
            first = min(deeds, key=lambda deed: (deed.at, deed.party_no or 0))
            self._next[row.id] = _later(first, self._not_before.get(row.id, 0.0))

    def _possible(self, row: Row) -> Iterator[Deed]:
        if isinstance(row, SummonsRow):
            return next_of_summons(self._world, row)
        return next_of_meeting(self._world, row) if isinstance(row, MeetingRow) else next_of_task(self._world, row)

    def _may(self, row: Row, deed: Deed) -> bool:
        tried = self._refused[(row.id, deed.party_no, deed.action, deed.version)]
        return tried < _PATIENCE and self._login(deed.who) is not None

    def _login(self, who: Who) -> str | None:
        if who.role in self._left:
            return None
        return next((login for login in who.logins if login not in self._left), None)


def _all(rows: JointRows) -> Iterable[Row]:
    return (*rows.summons, *rows.meetings, *rows.tasks)


def _later(deed: Deed, at: float) -> Deed:
    return deed if deed.at >= at else replace(deed, at=at)
