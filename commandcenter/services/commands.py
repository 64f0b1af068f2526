"""Carries a command out exactly once, even when the connection breaks before the answer comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from commandcenter.domain.errors import Busy, DomainError, InvalidInput, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.model import CaseRow, Command, Done, NewAttachment, NewReport
from commandcenter.domain.workflow import Workflow, load_workflow
from commandcenter.ports import CaseCommands

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # before each question whether it was done
UNKNOWN = "连接中断，暂时无法确认这一步是否已办成；连接恢复后会自动确认并告知，不要重复办理"
UNKNOWN_KEPT = "连接中断，暂时无法确认是否已收到；所填内容都在，连接恢复后请再提交一次，不会重复登记"


LastWord = Callable[[UUID], Done | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of several: done, or the error that stopped this one alone."""

    case_id: int
    done: Done | None = None
    error: DomainError | None = None


class Performer:
    """Sends commands. When an answer is lost it asks what became of the command, and if it was not done sends the
    same command id again, once; so nothing is done twice. Blocks; raises whatever CaseCommands raises.

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
        self._wait = wait
        self._pauses = tuple(pauses)

    def perform(self, command: Command) -> Done:
        """Carry out a workflow action."""
        detail = {"command_id": str(command.id), "case_id": command.case_id, "action": command.action}
        try:
            return self._once(command.id, lambda: self._commands.act(command), self._commands.give_up)
        except OutcomeUnknown as error:
            raise OutcomeUnknown(UNKNOWN, detail) from error

    def report(self, report: NewReport) -> Done:
        """Take a problem in (采集)."""
        return self._once(report.id, lambda: self._commands.report(report), self._commands.outcome)

    def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""
        return self._once(attachment.id, lambda: self._commands.attach(attachment), self._commands.outcome)

    def _once(self, command_id: UUID, send: Callable[[], Done], last_word: LastWord) -> Done:
        try:
            return send()
        except OutcomeUnknown as error:
            return self._settle(command_id, send, last_word, error)

    def _settle(
        self, command_id: UUID, send: Callable[[], Done], last_word: LastWord, broken: OutcomeUnknown
    ) -> Done:
        sent_again = False
        for pause in self._pauses:
            self._wait(pause)
            try:
                if (done := self._commands.outcome(command_id)) is not None:
                    return done
                if not sent_again:
                    sent_again = True
                    return self._send_again(command_id, send, last_word)
            except ServerUnavailable as error:
                sent_again = sent_again and error.unknown_outcome
        raise OutcomeUnknown(UNKNOWN_KEPT, {"command_id": str(command_id)}) from broken

    def _send_again(self, command_id: UUID, send: Callable[[], Done], last_word: LastWord) -> Done:
        """The first sending may still have been at work on the server when asked; then the second meets its result
        as a conflict, and the answer is there by now. When the second could not wait, only the last word is sure."""
        try:
            return send()
        except ServerUnavailable:
            raise
        except DomainError as error:
            if (done := self._last_word(command_id, error, last_word)) is not None:
                return done
            raise error

    def _last_word(self, command_id: UUID, refusal: DomainError, last_word: LastWord) -> Done | None:
        if not isinstance(refusal, Busy):
            return self._commands.outcome(command_id)
        try:
            return last_word(command_id)
        except Busy as still:
            raise OutcomeUnknown(UNKNOWN_KEPT, {"command_id": str(command_id)}) from still


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
