"""`ports_replay.Replay` over a fake city: what a test says happened, on top of what it says was there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow, Person
from commandcenter.live.picture import belongs
from commandcenter.ports_joint import JointRows
from commandcenter.ports_replay import CaseChange, CaseChanges, JointChanges, ReplayLimits
from tests.fakes.city import FakeCity

DAY = 86_400.0
BATCH = 1_000


class FakeReplay:
    """Of one person. `start`: cases before everything that happened, the city's own unless a test says otherwise;
    `changes` and `joint_changed`: what happened, in the order of time; `failure` is raised by every question."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city = city
        self._person = person
        self.start: list[CaseRow] | None = None
        self.changes: list[CaseChange] = []
        self.joint_start = JointRows()
        self.joint_changed: list[tuple[float, JointRows]] = []
        self.hours: list[tuple[float, int]] = []
        self.failure: DomainError | None = None
        self.asked: list[tuple[str, float]] = []
        self.most = 10_000  # changes of one answer

    def _ask(self, what: str, at: float) -> None:
        self.asked.append((what, at))
        if self.failure is not None:
            raise self.failure

    def limits(self) -> ReplayLimits:
        """90 days until now."""
        self._ask("limits", self._city.now)
        return ReplayLimits(self._city.now - 90 * DAY, self._city.now)

    def density(self, since: float, until: float) -> list[tuple[float, int]]:
        """What the test says."""
        self._ask("density", since)
        return [hour for hour in self.hours if since - 3_600 < hour[0] <= until]

    def cases_at(self, at: float) -> Iterator[Sequence[CaseRow]]:
        """The start with what happened until then."""
        self._ask("cases_at", at)
        rows = {row.id: row for row in self._before(at) if belongs(row)}
        for change in self.changes:
            if change.at <= at and change.row is not None and belongs(change.row):
                rows[change.id] = change.row
            elif change.at <= at:
                rows.pop(change.id, None)
        listed = list(rows.values())
        for start in range(0, len(listed), BATCH):
            yield listed[start : start + BATCH]

    def _before(self, at: float) -> list[CaseRow]:
        if self.start is not None:
            return self.start
        with self._city.lock:
            return [record.row for record in self._city.records.values() if record.row.reported_at <= at]

    def case_changes(self, since: float, until: float) -> CaseChanges:
        """At most so many at once."""
        self._ask("case_changes", since)
        found = [change for change in self.changes if since < change.at <= until]
        if len(found) > self.most:
            return CaseChanges(tuple(found[: self.most]), found[self.most - 1].at)
        return CaseChanges(tuple(found), until)

    def joint_at(self, at: float) -> JointRows:
        """The start with what happened until then, as far as it is open."""
        self._ask("joint_at", at)
        rows = {row.id: row for row in self.joint_start.summons}
        for moment, change in self.joint_changed:
            if moment <= at:
                rows.update({row.id: row for row in change.summons})
        return JointRows(tuple(row for row in rows.values() if row.open))

    def joint_changes(self, since: float, until: float) -> JointChanges:
        """Of whistles and orders."""
        self._ask("joint_changes", since)
        return JointChanges(tuple(one for one in self.joint_changed if since < one[0] <= until), until)
