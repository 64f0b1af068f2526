"""The picture of a past moment: loaded at one, played forward by what happened after it. No threads, no Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CaseRow
from commandcenter.live.holds import Holds
from commandcenter.live.joint import JointChange, JointPicture
from commandcenter.live.picture import LivePicture, PictureChange
from commandcenter.live.queues import QueueSpec
from commandcenter.ports_joint import JointRows
from commandcenter.ports_replay import CaseChange, CaseChanges, JointChanges

AHEAD_S = 20.0          # real seconds of play that are known beforehand
LEAST_S = 600.0         # city seconds asked for at once, at least
MOST_S = 6 * 3_600.0    # and at most


@dataclass(frozen=True, slots=True)
class Advanced:
    """What passing time changed: cases and the others; rows whose 临期 or 超期 differs; cases whose whistles differ."""

    cases: PictureChange
    crossed: tuple[CaseRow, ...]
    joint: JointChange
    held: frozenset[int] = frozenset()


class ReplayPicture:
    """A load is begin, add per batch, end; then take hands over what happened later, and advance lets it happen.

    `cases` stays the same object, `joint` is another after every load: its rows never go back by themselves.
    """

    def __init__(self, queues: Sequence[QueueSpec], work_time: WorkTime | None = None) -> None:
        self._work_time = work_time
        self.cases = LivePicture(queues)
        self.joint = JointPicture(work_time)
        self.holds = Holds()
        self.at = float("-inf")
        self.known_until = float("-inf")
        self._coming: deque[CaseChange] = deque()
        self._joint_coming: deque[tuple[float, JointRows]] = deque()

    # ------------------------------------------------------------ loading
    def begin(self, at: float) -> None:
        """Everything is going to be read as of this moment; a load under way is given up."""
        self._coming.clear()
        self._joint_coming.clear()
        self.at = self.known_until = at
        self.cases.begin_load()
        self.cases.advance(at)

    def add(self, batch: Sequence[CaseRow]) -> None:
        """Cases that were open then."""
        self.cases.add(batch)

    def end(self, joint: JointRows) -> None:
        """All cases have come, and these of the others."""
        self.cases.end_load()
        self.joint, self.holds = JointPicture(self._work_time), Holds()
        self.joint.advance(self.at)
        change = self.joint.load(joint)
        self.holds.take(change.summons, ())
        self.cases.whistle(self.holds.whistled())

    def clear(self) -> None:
        """Nothing is shown any more, and nothing kept."""
        self.begin(float("-inf"))
        self.end(JointRows())

    # ------------------------------------------------------------ playing
    def reaches(self, at: float) -> bool:
        """Whether this moment can be gone to without a load."""
        return self.at <= at <= self.known_until

    def wants(self, now: float, speed: float, until: float) -> tuple[float, float] | None:
        """The span to ask for next, so that the play at this speed is not held up; None: enough is known."""
        span = min(MOST_S, max(LEAST_S, AHEAD_S * speed))
        if self.known_until >= until or self.known_until - now > span / 2:
            return None
        return self.known_until, min(until, self.known_until + span)

    def take(self, cases: CaseChanges, joint: JointChanges) -> None:
        """What happened from `known_until` on; known is what both tell."""
        until = min(cases.until, joint.until)
        self._coming.extend(change for change in cases.changes if self.known_until < change.at <= until)
        self._joint_coming.extend(change for change in joint.changes if self.known_until < change[0] <= until)
        self.known_until = until

    def advance(self, now: float) -> Advanced:
        """Let time pass to `now`, at most to what is known; raises ValueError when it runs backwards."""
        if now < self.at:
            raise ValueError("a replay goes back by a load")
        self.at = min(now, self.known_until)
        joint = self._advance_joint()
        touched = self.holds.take(joint.summons, joint.removed)
        change = self._advance_cases()
        crossed = self.cases.advance(self.at)
        if touched:
            change = _with(change, self.cases.whistle(self.holds.whistled()))
        return Advanced(change, crossed, joint, touched)

    def _advance_cases(self) -> PictureChange:
        """Of what happened to one case the last."""
        last: dict[int, CaseRow | None] = {}
        while self._coming and self._coming[0].at <= self.at:
            change = self._coming.popleft()
            last[change.id] = change.row
        return self.cases.merge([row for row in last.values() if row is not None], list(last))

    def _advance_joint(self) -> JointChange:
        summons, meetings, tasks = {}, {}, {}
        while self._joint_coming and self._joint_coming[0][0] <= self.at:
            rows = self._joint_coming.popleft()[1]
            summons.update({row.id: row for row in rows.summons})
            meetings.update({row.id: row for row in rows.meetings})
            tasks.update({row.id: row for row in rows.tasks})
        told = JointRows(tuple(summons.values()), tuple(meetings.values()), tuple(tasks.values()))
        change = self.joint.merge(told, [*summons, *meetings, *tasks])
        self.joint.advance(self.at)
        return change


def _with(first: PictureChange, then: PictureChange) -> PictureChange:
    """Both told as one; a row never twice."""
    told = {row.id for row in first.upserted}
    return replace(first, upserted=first.upserted + tuple(row for row in then.upserted if row.id not in told))
