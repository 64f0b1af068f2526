"""Commands on whistles, orders, meetings and tasks, each carried out exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID, uuid4

from commandcenter.domain.errors import InvalidInput, OutcomeUnknown
from commandcenter.domain.joint import (
    MEETING,
    SUMMONS,
    TASK,
    JointCommand,
    JointDone,
    MeetingRow,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    Party,
    SummonsRow,
    TaskRow,
)
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.ports_joint import JointCommands
from commandcenter.services.arguments import action_args
from commandcenter.services.exactly_once import PAUSES_S, UNKNOWN, ExactlyOnce

PARTY = "party"

T = TypeVar("T")


class JointPerformer:
    """Sends commands exactly once (ExactlyOnce); raises whatever JointCommands raises.

    When the server stays away OutcomeUnknown says so; for an action its detail names `command_id`, `entity`,
    `entity_id`, `party_no` and `action`: whoever is there when the server is back asks `JointCommands.give_up`. What
    is opened or attached needs no such question: sent again by its own id it is still the same.
    """

    def __init__(
        self,
        commands: JointCommands,
        wait: Callable[[float], None] = time.sleep,
        pauses: Iterable[float] = PAUSES_S,
    ) -> None:
        self.commands = commands
        self._wait = wait
        self._pauses = tuple(pauses)
        self._once: ExactlyOnce[JointDone] = ExactlyOnce(commands, wait, self._pauses)

    def perform(self, command: JointCommand) -> JointDone:
        """Carry out a workflow action."""
        try:
            return self._once.certain(command.id, lambda: self.commands.act(command))
        except OutcomeUnknown as error:
            raise OutcomeUnknown(UNKNOWN, _detail(command)) from error

    def repeatable(self, command_id: UUID, send: Callable[[], JointDone]) -> JointDone:
        """Open or attach something."""
        return self._once.repeatable(command_id, send)

    def told_again(self, send: Callable[[], T]) -> T:
        """Send what answers the same however often it is sent under its id (公文, 模板), until an answer comes."""
        for pause in self._pauses:
            try:
                return send()
            except OutcomeUnknown:
                self._wait(pause)
        return send()


def _detail(command: JointCommand) -> dict[str, Any]:
    return {
        "command_id": str(command.id), "entity": command.entity, "entity_id": command.entity_id,
        "party_no": command.party_no, "action": command.action,
    }  # fmt: skip


class JointActions:
    """Any action of the joint workflows by its code; the base of the services that know more about theirs.

    Blank and None arguments are left out, aware datetimes become ISO text. Raises InvalidInput with the `field` when
    a required one is missing, before anything is sent.
    """

    def __init__(self, performer: JointPerformer) -> None:
        self._performer = performer

    def on_summons(self, row: SummonsRow, action: str, args: Mapping[str, Any] | None = None) -> JointDone:
        """An action on the whole, on the version that `row` shows."""
        return self._send(row.kind, SUMMONS, row.id, None, row.version, action, args)

    def on_lane(self, row: SummonsRow, party: Party, action: str, args: Mapping[str, Any] | None = None) -> JointDone:
        """An action on one lane, on the version of the lane."""
        return self._send(PARTY, SUMMONS, row.id, party.no, party.version, action, args)

    def on_meeting(self, row: MeetingRow, action: str, args: Mapping[str, Any] | None = None) -> JointDone:
        """An action on a meeting."""
        return self._send(MEETING, MEETING, row.id, None, row.version, action, args)

    def on_task(self, row: TaskRow, action: str, args: Mapping[str, Any] | None = None) -> JointDone:
        """An action on a task."""
        return self._send(TASK, TASK, row.id, None, row.version, action, args)

    def attach(self, new: NewJointFile) -> JointDone:
        """Add a photo or a document; its id makes a repetition safe."""
        return self._performer.repeatable(new.id, lambda: self._performer.commands.attach(new))

    def _send(self, machine: str, entity: str, entity_id: int, party_no: int | None, version: int, action: str,
              args: Mapping[str, Any] | None) -> JointDone:  # fmt: skip
        given = action_args(load_machine(machine), action, args or {})
        return self._performer.perform(JointCommand(uuid4(), entity, entity_id, party_no, version, action, given))

    def _open(self, new: NewSummons) -> JointDone:
        return self._performer.repeatable(new.id, lambda: self._performer.commands.open_summons(new))

    def _call(self, new: NewMeeting) -> JointDone:
        return self._performer.repeatable(new.id, lambda: self._performer.commands.call_meeting(new))

    def _assign(self, new: NewTask) -> JointDone:
        return self._performer.repeatable(new.id, lambda: self._performer.commands.assign_task(new))


def need(given: object, field: str, label: str) -> None:
    """Raises InvalidInput with the `field` when nothing was given."""
    if not given:
        raise InvalidInput(f"请填写{label}", {"field": field})
