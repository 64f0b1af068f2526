"""A CaseCommands in memory: remembers what it was told, knows numbers it has seen, and fails when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Command, Done, NewAttachment, NewReport

Sent = Command | NewReport | NewAttachment


class RecordingCommands:
    """`trouble`: called before each sending and before each question ("outcome", "give_up"); may raise. `lost`: called
    after the deed is done; may raise, as when the answer is lost."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: dict[UUID, Done] = {}
        self.sources: dict[tuple[str, str], int] = {}
        self.trouble: Callable[[Sent | str], None] = lambda what: None
        self.lost: Callable[[Sent], None] = lambda what: None

    def act(self, command: Command) -> Done:
        return self._do(command, lambda: Done(command.case_id, "no", command.version + 1, command.action, 2))

    def report(self, report: NewReport) -> Done:
        return self._do(report, lambda: self._reported(report))

    def attach(self, attachment: NewAttachment) -> Done:
        return self._do(attachment, lambda: Done(attachment.case_id, event=2))

    def outcome(self, command_id: UUID) -> Done | None:
        self.trouble("outcome")
        return self.answers.get(command_id)

    def give_up(self, command_id: UUID) -> Done | None:
        self.trouble("give_up")
        return self.answers.get(command_id)

    def look_at(self, case_id: int | None) -> None:
        raise NotImplementedError

    def reveal_reporter(self, case_id: int, reporter_id: int, reason: str) -> tuple[str, str, str]:
        raise NotImplementedError

    def _do(self, what: Sent, deed: Callable[[], Done]) -> Done:
        self.sent.append(what)
        self.trouble(what)
        if what.id in self.answers:
            return replace(self.answers[what.id], replayed=True)
        self.answers[what.id] = deed()
        self.lost(what)
        return self.answers[what.id]

    def _reported(self, report: NewReport) -> Done:
        key = report.channel, report.source_no
        if report.source_no and key in self.sources:
            return Done(self.sources[key], known=True)
        self.sources[key] = len(self.answers) + 1
        return Done(self.sources[key], f"2506-{self.sources[key]:06}", 1, "reported", 1)


class Failing:
    """Raises the errors given, one a call; None lets a call pass, and so do all later calls."""

    def __init__(self, *errors: DomainError | None) -> None:
        self.errors = list(errors)

    def __call__(self, what: object) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
