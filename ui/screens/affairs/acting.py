"""Carries out what a hand chose on a meeting or task, and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError, InvalidInput, OutcomeUnknown
from commandcenter.domain.joint import MeetingRow, NewJointFile
from commandcenter.services.exactly_once import UNKNOWN
from ui.bridge.joint_questions import question_action
from ui.forms.evidence_file import DraftAttachment
from ui.models.affairs import Affair, AffairStep, entity_of
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.workplace import Workplace
from widgets.tones import Tone


class AffairActing(QObject):
    """form_wanted(row, AffairStep): it needs words."""

    form_wanted = Signal(object, object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._under_way: set[tuple[int, AffairStep]] = set()

    def begin(self, row: Affair, step: AffairStep) -> None:
        """Do what needs no words at once; ask for the others' words."""
        if not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
        elif not step.is_plain:
            self.form_wanted.emit(row, step)
        elif (row.id, step) not in self._under_way:
            self._place.backend.start(self._begin(row, step), self)

    async def _begin(self, row: Affair, step: AffairStep) -> None:
        self._under_way.add((row.id, step))
        try:
            await self.send(row, step, {}, ())
        except DomainError as error:
            self.refuse(row, step, error)
        finally:
            self._under_way.discard((row.id, step))

    async def send(self, row: Affair, step: AffairStep, args: Mapping[str, Any],
                   files: Sequence[DraftAttachment]) -> None:
        """Attachments first, then the action; tells of it. Raises DomainError with words for the user."""
        deeds, code = self._place.joint_deeds, step.action.code
        if not self._place.live.online:
            raise InvalidInput(OFFLINE)
        if self._place.joint_questions.waits(row.id, question_action(code, None)):
            raise InvalidInput(UNKNOWN)
        try:
            for file in files:
                await deeds.attach(NewJointFile(file.id, entity_of(row), row.id, None, file.kind, file.name, file.mime,
                                                file.content))
            if code != "attach":
                act = deeds.act_on_meeting if isinstance(row, MeetingRow) else deeds.act_on_task
                await act(row, code, step.preset | dict(args))
        except OutcomeUnknown:
            raise
        except DomainError as error:
            raise type(error)(refusal_words(error, self._place), error.detail) from error
        self._place.notices.say(("affair", row.id, code), f"{self.title(row, step)} 已{_verb(step)}", Tone.OK, row.no)

    def refuse(self, row: Affair, step: AffairStep, error: DomainError) -> None:
        """Say that it was not done, and why."""
        self._place.notices.say(("affair", row.id, step.action.code), f"{self.title(row, step)} 未能{_verb(step)}",
                                Tone.OVERDUE, error.message)

    def title(self, row: Affair, step: AffairStep) -> str:
        """What it is about, and of which unit."""
        unit = self._place.words.unit(step.unit_id) if step.unit_id is not None else ""
        return " · ".join(part for part in (row.title or row.no, unit) if part)


def _verb(step: AffairStep) -> str:
    """登记缺席, not 缺席: who registers it is not who is absent."""
    return f"登记{step.label}" if step.action.code == "attend" else step.label
