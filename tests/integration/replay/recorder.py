"""What people see, written down moment by moment from the tables as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.joint import MeetingRow, SummonsRow, TaskRow
from commandcenter.domain.model import CaseRow
from commandcenter.ports_joint import JointRows
from db.gateways.session import PgSession
from tests.support.town import Town

# The whole district; a street; a unit; a community; who reads no words; nobody's cases.
PEOPLE = ("supervisor", "leader", "cg", "street_b", "community", "screen", "admin")
JointRow = SummonsRow | MeetingRow | TaskRow


@dataclass(frozen=True)
class Moment:
    """What somebody saw at a time of the city's clock."""

    who: str
    at: float
    cases: dict[int, CaseRow]
    joint: dict[int, JointRow]


def by_id(rows: JointRows) -> dict[int, JointRow]:
    """All kinds together: their ids never meet."""
    return {row.id: row for row in (*rows.summons, *rows.meetings, *rows.tasks)}


class Recorder:
    """`write` reads everything as it stands; `replayed` asks for the same long after."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.moments: list[Moment] = []

    def write(self, *people: str) -> None:
        """What these people see now. Nothing else may be going on."""
        for who in people or PEOPLE:
            session = self.town.session(who)
            cases = {row.id: row for batch in session.queries.open_cases() for row in batch}
            joint = by_id(session.joint_queries.open_joint())
            at = float(self.town.scalar("select extract(epoch from cc.city_now())::float8"))
            self.moments.append(Moment(who, at, cases, joint))

    def replayed(self, who: str, at: float) -> Moment:
        """The same moment from the events."""
        return read_moment(self.town.session(who), who, at)


def read_moment(session: PgSession, who: str, at: float) -> Moment:
    """A moment as it is replayed."""
    cases = {row.id: row for batch in session.replay.cases_at(at) for row in batch}
    return Moment(who, at, cases, by_id(session.replay.joint_at(at)))
