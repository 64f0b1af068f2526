"""Carries out one deed at somebody's desk."""

from __future__ import annotations

from uuid import uuid4

from commandcenter.domain.joint import (
    ORDER,
    WHISTLE,
    JointCommand,
    JointDone,
    NewJointFile,
    NewMeeting,
    SummonsFile,
    SummonsRow,
)
from commandcenter.ports_joint import JointRows
from commandcenter.simulation.desks import Desk, Desks
from commandcenter.simulation.joint.deeds import Deed, Row
from commandcenter.simulation.joint.openings import Opening
from commandcenter.simulation.photos import photo

_NAMES = {"after": "处置后.png", "scene": "现场.png"}


class Hands:
    """Everybody's hands, one thing at a time."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    def open(self, opening: Opening, login: str) -> JointDone:
        """拟哨, 拟令, 召集会商. Raises DomainError."""
        with self._desks.at(login) as desk:
            commands = desk.session.joint_commands
            if isinstance(opening.new, NewMeeting):
                return commands.call_meeting(opening.new)
            return commands.open_summons(opening.new)

    def do(self, deed: Deed, row: Row, login: str) -> int:
        """The deed with what it needs before it; how many commands that took. Raises DomainError."""
        with self._desks.at(login) as desk:
            before = self._picture(desk, deed) + self._checks(desk, deed, row)  # neither makes a new version
            desk.session.joint_commands.act(_command(deed))
            return before + 1

    def rows(self, login: str, ids: list[int] | None = None) -> JointRows:
        """All that is open, or these, as `login` sees them."""
        with self._desks.at(login) as desk:
            queries = desk.session.joint_queries
            return queries.open_joint() if ids is None else queries.joint(ids)

    def file(self, login: str, summons_id: int) -> SummonsFile:
        """Everything about one."""
        with self._desks.at(login) as desk:
            return desk.session.joint_queries.summons_file(summons_id)

    def of_case(self, login: str, case_id: int) -> list[SummonsRow]:
        """Whistles and orders that were opened for a case."""
        with self._desks.at(login) as desk:
            return desk.session.joint_queries.summons_of_case(case_id)

    def untouched(self, login: str) -> bool:
        """Whether nobody has ever whistled, ordered or called a meeting that `login` would see."""
        with self._desks.at(login) as desk:
            queries = desk.session.joint_queries
            over = [row for kind in (WHISTLE, ORDER) for row in queries.archived(kind, None, 1)]
            return not over and queries.open_joint() == JointRows()

    def _picture(self, desk: Desk, deed: Deed) -> int:
        if not deed.photo:
            return 0
        content = photo(deed.photo, deed.entity_id % 97)
        new = NewJointFile(
            uuid4(), deed.entity, deed.entity_id, deed.party_no, deed.photo, _NAMES[deed.photo], "image/png", content
        )
        desk.session.joint_commands.attach(new)
        return 1

    def _checks(self, desk: Desk, deed: Deed, row: Row) -> int:
        """Before an order is closed its checklist is ticked."""
        if deed.action != "close" or not isinstance(row, SummonsRow) or row.kind != ORDER:
            return 0
        listed = [check.no for check in desk.session.joint_queries.summons_file(row.id).checks if check.done_at is None]
        for number in listed:
            tick = JointCommand(uuid4(), deed.entity, row.id, None, row.version, "tick", {"check": number})
            desk.session.joint_commands.act(tick)
        return len(listed)


def _command(deed: Deed) -> JointCommand:
    return JointCommand(uuid4(), deed.entity, deed.entity_id, deed.party_no, deed.version, deed.action, deed.args)
