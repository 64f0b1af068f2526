"""Carries a command out exactly once, even when the connection breaks before the answer comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from commandcenter.domain.errors import DomainError, InvalidInput, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.model import CaseRow, Command, Done, NewAttachment, NewReport
from commandcenter.domain.workflow import Workflow, load_workflow
from commandcenter.ports import CaseCommands

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # before each question whether it was done
UNKNOWN = "连接中断，暂时无法确认这一步是否已办成；连接恢复后请先查看案件现状，不要重复办理"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of several: done, or the error that stopped this one alone."""

    case_id: int
    done: Done | None = None
    error: DomainError | None = None


class Performer:
    """Sends commands. When an answer is lost it asks what became of the command, and if it was not done sends the
    same command id again, once; so nothing is done twice. Blocks; raises whatever CaseCommands raises."""

    def __init__(
        self,
        commands: CaseCommands,
        wait: Callable[[float], None] = time.sleep,
        pauses: Iterable[float] = PAUSES_S,
    ) -> None:
        self._commands = commands
        self._wait = wait
        self._pauses = tuple(pauses)

    def perform(self, command: Command) -> Done:
        """Carry out a workflow action."""
        return self._once(command.id, lambda: self._commands.act(command))

    def report(self, report: NewReport) -> Done:
        """Take a problem in (采集)."""
        return self._once(report.id, lambda: self._commands.report(report))

    def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""
        return self._once(attachment.id, lambda: self._commands.attach(attachment))

    def _once(self, command_id: UUID, send: Callable[[], Done]) -> Done:
        try:
            return send()
        except OutcomeUnknown as error:
            return self._settle(command_id, send, error)

    def _settle(self, command_id: UUID, send: Callable[[], Done], broken: OutcomeUnknown) -> Done:
        sent_again = False
        for pause in self._pauses:
            self._wait(pause)
            try:
                if (done := self._commands.outcome(command_id)) is not None:
                    return done
                if not sent_again:
                    sent_again = True
                    return self._send_again(command_id, send)
            except ServerUnavailable as error:
                sent_again = sent_again and error.unknown_outcome
        raise OutcomeUnknown(UNKNOWN, {"command_id": str(command_id)}) from broken

    def _send_again(self, command_id: UUID, send: Callable[[], Done]) -> Done:
        """The first sending may still have been at work on the server when asked; then the second meets its result
        as a conflict, and the answer is there by now."""
        try:
            return send()
        except ServerUnavailable:
            raise
        except DomainError as error:
            if (done := self._commands.outcome(command_id)) is not None:
                return done
            raise error


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
        given = plain_args(args or {})
        self._check_required(action, given)
        return self._performer.perform(Command(uuid4(), row.id, row.version, action, given))

    def _check_required(self, action: str, given: Mapping[str, Any]) -> None:
        for code in self._workflow.action[action].required:
            if code not in given:
                raise InvalidInput(f"请填写{self._workflow.field[code].label}", {"field": code})


def plain_args(args: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the database takes them: text stripped, instants as ISO 8601 with offset, blanks left out."""
    plain = {code: _plain(value) for code, value in args.items()}
    return {code: value for code, value in plain.items() if value is not None and value != ""}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("an instant without time zone")
    return value.isoformat()
