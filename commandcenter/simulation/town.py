"""The people of the city at their desks, ready to live: who is due works, and what others did is noticed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow
from commandcenter.simulation.agent import Agent
from commandcenter.simulation.crew import Crew
from commandcenter.simulation.crowd import Crowd
from commandcenter.simulation.desks import Desks
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.joint.moving_in import CityRules, joint_city
from commandcenter.simulation.rhythm import Rhythm
from commandcenter.simulation.settings import Settings
from commandcenter.simulation.tally import Tally

_PEEK_AT_MOST = 1000


class Town:
    """One city in motion. `now`: its time in Unix seconds, set by whoever lets it live."""

    def __init__(
        self,
        facts: Facts,
        rules: CityRules | None,
        desks: Desks,
        settings: Settings,
        tally: Tally,
        stopped: Callable[[], bool],
    ) -> None:
        self.now = 0.0
        self.crowd = Crowd(facts)
        self.rhythm = Rhythm(facts.directory, facts.data, settings.seed, settings.rate)
        self._facts, self._desks = facts, desks
        self._hard_cases: list[CaseRow] = []
        self._over: list[SummonsRow] = []
        self._whistling: Future[bool] | None = None
        self._not_admitted: float | None = None
        self.joint = joint_city(facts, rules, desks, settings, tally, lambda: self._hard_cases, self._over.append)
        self._asked: set[int] = set()
        agent = Agent(facts, desks, tally, lambda: self.now)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="whistles")
        self._crew = Crew(agent, self.crowd, tally, settings.workers, stopped)

    def leave(self, roles_or_logins: frozenset[str]) -> None:
        """Leave these to people; what was left before and no longer is, is taken up."""
        if roles_or_logins != self.crowd.leave:
            self.crowd.leave = roles_or_logins
            self.crowd.unpark(self.now)
            if self.joint is not None:
                self.rest()
                self.joint.leave(roles_or_logins)

    def begin(self, start: float, end: float) -> None:
        """What a new city begins with comes in a history between two instants."""
        if self.joint is not None:
            self.joint.begin(start, end)

    def begin_now(self, speed: float) -> None:
        """The same beside a clock of this speed; what history left of it is ended soon."""
        if self.joint is not None:
            self.rest()
            self.joint.begin_now(self.now, speed)

    def work(self, until: float) -> bool:
        """Everybody does what is due at `until`. False: the server was away for somebody."""
        whistled = self._busy() or self.rest()
        hurry = self._whistling is None and self._whistle(until)
        due = self.crowd.due(until)
        there = self._crew.work(due, self.now) if due else True
        if hurry:
            whistled = self.rest()
        self._clear_ledgers()
        return there and whistled

    def rest(self) -> bool:
        """Wait for whoever is at work at whistles. False: the server was away for him."""
        running, self._whistling = self._whistling, None
        return running is None or running.result()

    def no_later(self, until: float) -> float:
        """An instant up to `until` up to which time may go on at once."""
        return until if self.joint is None or self._busy() else self.joint.no_later(until)

    def admit(self, start: float, end: float) -> None:
        """What people report and call for between two instants is about to come."""
        self.crowd.admit(self.rhythm.between(start, end))
        if self._not_admitted is None:
            self._not_admitted = start
        if self.joint is not None and not self._busy():
            self.joint.admit(self._not_admitted, end)
            self._not_admitted = None

    def next_at(self) -> float | None:
        """City time of the next thing to do."""
        joint = self.joint.next_at() if self.joint is not None and not self._busy() else None
        return min((at for at in (self.crowd.next_at(), joint) if at is not None), default=None)

    def look_at_joint(self) -> None:
        """The duty has marked what whistles missed, or somebody moved one."""
        if self.joint is not None:
            self.rest()
            self.joint.look()

    def sweep(self) -> None:
        """Look at all open cases: unknown ones are taken up, those that people moved are gone on with."""
        with self._desks.at(self._facts.staff.watcher()) as desk:
            rows = list(chain.from_iterable(desk.queries.open_cases()))
            gone = self.crowd.parked_beside(row.id for row in rows)
            rows += desk.queries.cases(gone[:_PEEK_AT_MOST]) if gone else []
        self.crowd.compare(rows, self.now)
        self.look_at_joint()
        self._ask_of_ledgers(rows)
        self._clear_ledgers()

    def peek(self) -> None:
        """Look only at the cases left to people."""
        ids = self.crowd.parked_beside(())
        if not ids:
            return
        with self._desks.at(self._facts.staff.watcher()) as desk:
            rows = desk.queries.cases(ids[-_PEEK_AT_MOST:])
        self.crowd.compare(rows, self.now)

    def _busy(self) -> bool:
        return self._whistling is not None and not self._whistling.done()

    def _whistle(self, until: float) -> bool:
        """Whistles move beside the cases. False: nobody is late if the cases go on meanwhile."""
        if self.joint is None or (at := self.joint.next_at()) is None or at > until:
            return False
        hurry = not self.joint.only_first(until)
        self._hard_cases = self.crowd.hard_cases()
        self._whistling = self._beside.submit(self.joint.work, until)
        return hurry

    def _ask_of_ledgers(self, rows: list[CaseRow]) -> None:
        """Once for each forced closure: the whistle for it may be over already."""
        unknown = [row.id for row in rows if row.on_ledger and row.id not in self._asked]
        if self.joint is not None:
            for number in unknown:
                self.joint.of_case(number)
                self._asked.add(number)

    def _clear_ledgers(self) -> None:
        """Forced closures that whistles which are over were blown for since can be cleared."""
        over = list(self._over)
        if ids := sorted({case for row in over for case in row.cases}):
            with self._desks.at(self._facts.staff.watcher()) as desk:
                cases = [case for case in desk.queries.cases(ids) if case.on_ledger]
                for case in cases:
                    for whistle in desk.session.joint_queries.clearing_whistles([case.id]):
                        self._facts.whistles_over[case.id] = whistle.no
            self.crowd.compare(cases, self.now)
        del self._over[: len(over)]

    def close(self) -> None:
        """Everybody goes home."""
        self._beside.shutdown(wait=True)
        self._crew.close()
