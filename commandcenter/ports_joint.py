"""What the core needs from the outside for whistles, orders, meetings and tasks; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from commandcenter.domain.joint import (
    Bulletin,
    Conflict,
    Document,
    JointCommand,
    JointDone,
    MeetingFile,
    MeetingRow,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    SummonsFile,
    SummonsRow,
    TaskFile,
    TaskRow,
    Team,
    TeamLine,
    UnitScore,
    WhistleRules,
)


@dataclass(frozen=True, slots=True)
class JointRows:
    """Summons, meetings and tasks in the caller's scope."""

    summons: tuple[SummonsRow, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()


class JointCommands(Protocol):
    """Everything that changes them. Raises Conflict, NotAllowed, WrongState, InvalidInput, TooLate, NotFound,
    or OutcomeUnknown when the connection broke under way; the same id again gives the same answer."""

    def open_summons(self, new: NewSummons) -> JointDone:
        """拟哨, 拟令; a caller that need not sign issues at once."""

    def call_meeting(self, new: NewMeeting) -> JointDone:
        """召集会商."""

    def assign_task(self, new: NewTask) -> JointDone:
        """交办, 批办."""

    def act(self, command: JointCommand) -> JointDone:
        """Carry out a workflow action."""

    def attach(self, new: NewJointFile) -> JointDone:
        """Add a photo or a document."""

    def outcome(self, command_id: UUID) -> JointDone | None:
        """What became of a command whose answer was lost; None: it was not done so far."""

    def give_up(self, command_id: UUID) -> JointDone | None:
        """The last word on such a command; None: it was not done and never will be."""

    def issue_document(self, command_id: UUID, summons_id: int) -> Document:
        """The 公文 as it stands now, kept with a new verification code."""

    def save_team(self, command_id: UUID, name: str, template: str, lines: Sequence[TeamLine]) -> Team:
        """存为模板."""


class JointQueries(Protocol):
    """Everything that asks about them; the caller sees only its scope."""

    def open_joint(self) -> JointRows:
        """All that are open."""

    def joint(self, ids: Sequence[int]) -> JointRows:
        """These, open or not; those out of scope are left out."""

    def archived(self, kind: str, before_id: int | None, limit: int) -> list[SummonsRow]:
        """A page of summons that are over, newest first."""

    def closed_meetings(self, before_id: int | None, limit: int) -> list[MeetingRow]:
        """A page of meetings that are over, newest first."""

    def closed_tasks(self, before_id: int | None, limit: int) -> list[TaskRow]:
        """A page of tasks and rectifications that are over, newest first."""

    def summons_by_no(self, no: str) -> SummonsRow | None:
        """By its number or the number's last digits, newest first."""

    def summons_of_case(self, case_id: int) -> list[SummonsRow]:
        """Whistles and orders that were opened for this case."""

    def clearing_whistles(self, cases: Sequence[int]) -> list[SummonsRow]:
        """The newest whistle that is over, archived or not, of each of these cases; none that was issued before a
        forced closure came onto the ledger."""

    def summons_file(self, summons_id: int) -> SummonsFile:
        """Everything about one."""

    def meeting_file(self, meeting_id: int) -> MeetingFile:
        """Everything about one."""

    def task_file(self, task_id: int) -> TaskFile:
        """Everything about one."""

    def joint_file(self, entity_id: int, seq: int) -> bytes:
        """The content of one attachment."""

    def conflicts(self, units: Sequence[int], since: float, until: float, besides: int | None) -> list[Conflict]:
        """Units that another open summons expects at these hours."""

    def unit_scores(self, since: float, until: float) -> list[UnitScore]:
        """一哨一考 of lanes whose summons was closed in the period; best first."""

    def scored_lanes(self, unit_id: int, since: float, until: float) -> list[SummonsRow]:
        """The summons behind one unit's score."""

    def bulletins(self, since: float, until: float) -> list[Bulletin]:
        """通报 of a period with their tasks as far as these are in scope, newest first, the revoked ones too."""

    def check_document(self, code: str) -> Document | None:
        """The document that was issued under this code, to whoever may log in; None: no such code."""

    def whistle_rules(self) -> WhistleRules:
        """The city's rules; NotFound when the profile has none."""

    def teams(self) -> list[Team]:
        """Standing teams, those of the profile first."""
