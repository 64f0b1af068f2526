"""What a lane of a whistle or order must do next, by when, and whether that is near (临期) or past (超期)."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nextafter

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import Party, SummonsRow
from commandcenter.domain.workflow import load_workflow
from commandcenter.live.agenda import Agenda
from commandcenter.live.queues import NEAR, OVERDUE

CONFIRM, ARRIVE, HANDLE = "confirm", "arrive", "handle"
UNDER_WAY = frozenset({"issued", "responded", "acting"})


@dataclass(frozen=True, slots=True)
class Due:
    """The next step of a lane. since, at: Unix seconds; clock: of the step's limit, None for the wall clock."""

    step: str
    since: float
    at: float
    clock: str | None


def lane_due(row: SummonsRow, party: Party) -> Due | None:
    """Confirm, arrive or handle; None when nothing runs. A missed confirmation leaves the arrival to be met."""
    if not party.live or row.state not in UNDER_WAY or party.called_at is None:
        return None
    if party.state == "pending" and party.response is None and party.confirm_due is not None:
        return Due(CONFIRM, party.called_at, party.confirm_due, party.clock)
    if party.state in ("pending", "responded") and party.arrive_due is not None:
        return Due(ARRIVE, party.responded_at or party.called_at, party.arrive_due, None)
    if party.state == "arrived" and party.handle_due is not None:
        return Due(HANDLE, party.arrived_at or party.called_at, party.handle_due, None)
    return None


def warn_at(due: Due, work_time: WorkTime | None) -> float:
    """When it becomes near: the last share of its limit begins, by its own clock."""
    share = load_workflow().near_share
    plain = due.at - share * (due.at - due.since)
    clock = work_time.clock_to(due.clock, due.at) if work_time is not None else None
    if clock is None or work_time is None:
        return plain
    ends, begins = work_time.position(clock, due.at), work_time.position(clock, due.since)
    if ends is None or begins is None:
        return plain
    found = work_time.instant(clock, round(ends - share * (ends - begins)))
    return plain if found is None else found


class LaneWatch:
    """Holds near or overdue per lane, (summons id, lane's number); an agenda says who changes next."""

    def __init__(self, work_time: WorkTime | None = None) -> None:
        self._work_time = work_time
        self._dues: dict[int, dict[int, Due]] = {}
        self._status: dict[int, dict[int, str]] = {}
        self._agenda: Agenda[tuple[int, int]] = Agenda()
        self._now = float("-inf")

    @property
    def now(self) -> float:
        """The moment to which the statuses belong (Unix seconds of the city's clock)."""
        return self._now

    def due(self, summons_id: int, party_no: int) -> Due | None:
        """What the lane must do next."""
        return self._dues.get(summons_id, {}).get(party_no)

    def status(self, summons_id: int, party_no: int | None = None) -> str | None:
        """near, overdue or None: of a lane, or the worst of all lanes."""
        lanes = self._status.get(summons_id, {})
        if party_no is not None:
            return lanes.get(party_no)
        found = set(lanes.values())
        return OVERDUE if OVERDUE in found else NEAR if found else None

    def put(self, row: SummonsRow) -> None:
        """Watch a summons or its new version."""
        self.drop(row.id)
        dues = {party.no: due for party in row.parties if (due := lane_due(row, party)) is not None}
        self._dues[row.id] = dues
        for no in dues:
            self._look(row.id, no)

    def drop(self, summons_id: int) -> None:
        """Watch it no more."""
        for no in self._dues.pop(summons_id, {}):
            self._agenda.expect((summons_id, no), None)
        self._status.pop(summons_id, None)

    def advance(self, now: float) -> frozenset[int]:
        """Move to `now`; summons of which a lane's status changed. A clock that was set back looks at every lane."""
        backwards, self._now = now < self._now, now
        keys = self._agenda.take(now)
        if backwards:
            keys = [(summons_id, no) for summons_id, dues in self._dues.items() for no in dues]
        return frozenset(key[0] for key in keys if self._changed(*key))

    def _changed(self, summons_id: int, no: int) -> bool:
        before = self.status(summons_id, no)
        self._look(summons_id, no)
        return self.status(summons_id, no) != before

    def _look(self, summons_id: int, no: int) -> None:
        due = self._dues[summons_id][no]
        near = warn_at(due, self._work_time)
        status = OVERDUE if due.at < self._now else NEAR if near <= self._now else None
        lanes = self._status.setdefault(summons_id, {})
        if status is None:
            lanes.pop(no, None)
        else:
            lanes[no] = status
        following = {None: min(near, due.at), NEAR: _after(due.at), OVERDUE: None}[status]
        self._agenda.expect((summons_id, no), following)


def _after(instant: float) -> float:
    """The first moment that is later: at the limit itself nothing is late yet."""
    return nextafter(instant, inf)
