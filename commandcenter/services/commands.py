"""Commands on cases, each carried out exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from commandcenter.domain.model import CaseRow, Command, Done, NewAttachment, NewReport
from commandcenter.domain.workflow import Workflow, load_workflow
from commandcenter.ports import CaseCommands
from commandcenter.services.arguments import action_args, plain_args
from commandcenter.services.exactly_once import PAUSES_S, UNKNOWN, ExactlyOnce

__all__ = ["PAUSES_S", "UNKNOWN", "CaseActions", "Outcome", "Performer", "attempt", "plain_args"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of several: done, or the error that stopped this one alone."""

    case_id: int
    done: Done | None = None
    error: DomainError | None = None


class Performer:
    """Sends commands exactly once (ExactlyOnce); raises whatever CaseCommands raises.

    When the server stays away OutcomeUnknown says so; its detail names `command_id` and, for an action, `case_id` and
    `action`: whoever is there when the server is back asks `CaseCommands.give_up`. A report or an attachment needs no
    such question: sent again by its own id it is still the same."""

    def __init__(
        self,
        commands: CaseCommands,
        wait: Callable[[float], None] = time.sleep,
        pauses: Iterable[float] = PAUSES_S,
    ) -> None:
        self._commands = commands
        self._once: ExactlyOnce[Done] = ExactlyOnce(commands, wait, pauses)

    def perform(self, command: Command) -> Done:
        """Carry out a workflow action."""
        detail = {"command_id": str(command.id), "case_id": command.case_id, "action": command.action}
        try:
            return self._once.certain(command.id, lambda: self._commands.act(command))
        except OutcomeUnknown as error:
            raise OutcomeUnknown(UNKNOWN, detail) from error

    def report(self, report: NewReport) -> Done:
        """Take a problem in (采集)."""
        return self._once.repeatable(report.id, lambda: self._commands.report(report))

    def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""
        return self._once.repeatable(attachment.id, lambda: self._commands.attach(attachment))


def attempt(case_id: int, deed: Callable[[], Done]) -> Outcome:
    """Do one of several so that its failure does not stop the others."""
    try:
        return Outcome(case_id, done=deed())
    except DomainError as error:
        return Outcome(case_id, error=error)


class CaseActions:
    """Any action of the workflow on a case, by its code; the base of the services that know more about theirs."""

    def __init__(self, performer: Performer, workflow: Workflow | None = None) -> None:
        self._performer = performer
        self._workflow = workflow or load_workflow()

    def act(self, row: CaseRow, action: str, args: Mapping[str, Any] | None = None) -> Done:
        """Carry out `action` on the version of the case that `row` shows. Blank and None arguments are left out,
        aware datetimes become ISO text. Raises InvalidInput with the `field` when a required one is missing."""
        given = action_args(self._workflow, action, args or {})
        return self._performer.perform(Command(uuid4(), row.id, row.version, action, given))
