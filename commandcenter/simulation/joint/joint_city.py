"""All whistles, orders, meetings and tasks that are open, and what is due next of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.joint import WHISTLE, MeetingRow, SummonsRow, TaskRow
from commandcenter.domain.model import CaseRow
from commandcenter.ports_joint import JointRows
from commandcenter.simulation.joint.deeds import Deed, Row, Who
from commandcenter.simulation.joint.first_matters import first_occasions, first_opening, first_pace, hastened
from commandcenter.simulation.joint.hands import Hands
from commandcenter.simulation.joint.occasions import Occasion, Occasions
from commandcenter.simulation.joint.openings import called_for, opening
from commandcenter.simulation.joint.refusals import Refusals
from commandcenter.simulation.joint.summons_moves import next_of_summons
from commandcenter.simulation.joint.task_moves import next_of_meeting, next_of_task
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.tally import Tally

log = logging.getLogger(__name__)
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
        self._refusals = Refusals()
        self._called_for: set[int] = set()
        self._known: set[int] = set()
        self._first_pace_s = 0.0

    def begin(self, start: float, end: float) -> None:
        """In a city that never whistled, what it begins with comes between two instants of a short history."""
        if end - start <= float(self._world.habits.raw["first"]["most_days"]) * 86_400:
            self._begin_with(start, end)

    def begin_now(self, now: float, speed: float) -> None:
        """The same beside the clock; what of it is under way is done in good time."""
        self._begin_with(now, now + float(self._world.habits.raw["first"]["span_s"]) * speed)
        for number in self._world.memory.first.keys() & self._rows.keys():
            self._plan(self._rows[number])

    def _begin_with(self, start: float, end: float) -> None:
        self._first_pace_s = first_pace(self._world.habits, start, end)
        if self._occasions.any and not self._world.memory.first and self._hands.untouched(self._watcher()):
            self._expect(first_occasions(self._world.habits, start, end))

    def admit(self, start: float, end: float) -> None:
        """Occasions of this time are about to come."""
        self._expect(self._occasions.between(start, end))

    def no_later(self, until: float) -> float:
        """An instant up to `until`: nobody who acts in time is late because others are waited for."""
        tight = (deed.at for deed in self._next.values() if deed.due is not None and deed.at <= deed.due < until)
        return min(tight, default=until)

    def next_at(self) -> float | None:
        """City time of the next occasion or deed."""
        times = [deed.at for deed in self._next.values()] + [occasion.at for occasion in self._coming[:1]]
        return min(times, default=None)

    def of_case(self, case_id: int) -> None:
        """A whistle for it may be over since before this program began."""
        for row in self._hands.of_case(self._watcher(), case_id):
            self._see(row)

    def only_first(self, until: float) -> bool:
        """Whether all that is due at `until` belongs to what the city begins with: it may come a little later."""
        first = self._world.memory.first
        late = any(deed.at <= until and number not in first for number, deed in self._next.items())
        return not late and all(occasion.goal for occasion in self._coming if occasion.at <= until)

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
            occasion = self._coming[0]  # what a new city begins with is appointed from the moment it is called
            self._begin(replace(occasion, at=max(occasion.at, until)) if occasion.goal else occasion)
            self._coming.pop(0)
            return
        number, deed = min(self._next.items(), key=lambda entry: (entry[1].at, entry[0]))
        self._carry_out(self._rows[number], deed, until)

    def _begin(self, occasion: Occasion) -> None:
        make = first_opening if occasion.goal else opening
        found = make(self._world, occasion, called_for(self._called_for, self._open_cases()))
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
        self._known.add(done.entity_id)
        if occasion.goal:
            self._world.memory.first[done.entity_id] = occasion.goal
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
        self._world.memory.did(row, deed)
        self._read([row.id])
        if deed.action in _MAKE_OTHERS:
            self.look()

    def _refusal(self, row: Row, deed: Deed, error: DomainError, now: float) -> None:
        """Read it anew. If nobody moved it meanwhile, the agent was wrong, and tries again later, if at all."""
        self._read([row.id])
        if self._rows.get(row.id) != row:
            return
        self._refusals.note(row, deed, now)
        self._tally.error(type(error).__name__)
        log.info("%s %s: %s refused: %s %s", row.no, deed.party_no, deed.action, error.message, dict(error.detail))
        self._plan(row)

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
            self._recall(row)
            if _is_over(row) and not (isinstance(before, SummonsRow) and _is_over(before)):
                self._over(row)
        if isinstance(row, TaskRow):
            self._world.memory.see_task(row)
            if (meeting := self._rows.get(row.meeting_id or 0)) is not None:
                self._plan(meeting)
        if not row.open:
            self._forget(row.id)
            return
        self._rows[row.id] = row
        self._plan(row)

    def _recall(self, row: SummonsRow) -> None:
        """What its row does not tell, of one that others moved before this program began or that a person opened."""
        if row.open and row.id not in self._known and row.events > len(row.parties) + 2:
            self._world.memory.recall(self._hands.file(self._watcher(), row.id))
        self._known.add(row.id)

    def _await(self) -> None:
        """Meetings wait for their tasks."""
        tasks = (row for row in self._rows.values() if isinstance(row, TaskRow))
        awaited = frozenset(row.meeting_id for row in tasks if row.meeting_id is not None)
        changed, self._world.memory.awaited = awaited ^ self._world.memory.awaited, awaited
        for number in changed & self._rows.keys():
            self._plan(self._rows[number])

    def _expect(self, occasions: Iterable[Occasion]) -> None:
        self._coming = sorted((*self._coming, *occasions), key=lambda occasion: occasion.at)

    def _forget(self, number: int) -> None:
        self._rows.pop(number, None)
        self._next.pop(number, None)
        self._refusals.forget(number)

    # ------------------------------------------------------------------ what comes next
    def _plan(self, row: Row) -> None:
        may = self._refusals.bearable
        deeds: Sequence[Deed] = [d for d in self._possible(row) if may(row, d) and self._login(d.who) is not None]
        self._next.pop(row.id, None)
        if deeds:
            deeds = hastened(self._world.memory, row, deeds, self._first_pace_s)
            first = min(deeds, key=lambda deed: (deed.at, deed.party_no or 0))
            self._next[row.id] = self._refusals.after(row, first)

    def _possible(self, row: Row) -> Iterator[Deed]:
        if isinstance(row, SummonsRow):
            return next_of_summons(self._world, row)
        return next_of_meeting(self._world, row) if isinstance(row, MeetingRow) else next_of_task(self._world, row)

    def _login(self, who: Who) -> str | None:
        if who.role in self._left:
            return None
        return next((login for login in who.logins if login not in self._left), None)


def _is_over(row: SummonsRow) -> bool:
    return row.kind == WHISTLE and row.closed_at is not None and bool(row.cases)


def _all(rows: JointRows) -> Iterable[Row]:
    return (*rows.summons, *rows.meetings, *rows.tasks)
