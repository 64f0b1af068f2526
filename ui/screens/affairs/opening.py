"""召集会商 and 交办 at the right: the form with its draft, and the way to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError, InvalidInput
from commandcenter.domain.joint import MEETING, NewMeeting, NewTask
from commandcenter.domain.joint_offers import caller_orgs
from ui.models.joint_facts import case_title
from ui.screens.draft_evidence import keep_typed
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.tones import Tone

if TYPE_CHECKING:  # imported when a form is wanted: the desk must be usable before
    from ui.forms.call_forms import CallForm

_DRAFT_MS = 300
_VERBS = {MEETING: "召集会商", "task": "交办"}


class Opening(QFrame):
    """done(entity, id); closed(): no form is open any more."""

    done = Signal(str, object)
    closed = Signal()

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setProperty("role", "surface")
        self.form: CallForm | None = None
        self._entity = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(self._save)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        place.live.state_changed.connect(self._on_state)

    def callers(self, entity: str) -> list[int]:
        """Organisations in whose name this person may open one."""
        return caller_orgs(entity, self._place.person, self._place.backend.directory)

    async def open(self, entity: str) -> None:
        """Show the form, with what was typed before."""
        from ui.forms.call_forms import MeetingForm, TaskForm

        callers = self.callers(entity)
        context = await self._place.form_context()
        self.close_form()
        duties = [duty.org_id for duty in self._place.person.duties if duty.org_id in callers]
        kind = MeetingForm if entity == MEETING else TaskForm
        form = kind(_VERBS[entity], context, callers, duties[0] if duties else callers[0],
                    lambda number: case_title(number, self._place))
        form.set_draft(self._place.drafts.get(self._key(entity)) or {})
        form.draft_changed.connect(lambda _: self._soon.start())
        form.cancelled.connect(self.close_form)
        form.submitted.connect(lambda new: self._place.backend.start(self._send(form, entity, new), self))
        self.form, self._entity = form, entity
        self._column.addWidget(form)
        form.focus_first()

    def close_form(self) -> bool:
        """Take it away, the draft stays; False when none is open."""
        if self.form is None:
            return False
        self.keep_draft()
        form, self.form = self.form, None
        self._column.removeWidget(form)
        form.hide()
        form.deleteLater()
        self.closed.emit()
        return True

    def keep_draft(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def _save(self) -> None:
        if self.form is not None:
            keep_typed(self._place, self._key(self._entity), self.form.draft())

    async def _send(self, form: CallForm, entity: str, new: NewMeeting | NewTask) -> None:
        place = self._place
        try:
            if not place.live.online:
                raise InvalidInput(OFFLINE)
            deeds = place.joint_deeds
            done = await (deeds.call_meeting(new) if isinstance(new, NewMeeting) else deeds.assign_task(new))
        except DomainError as error:
            if isValid(form) and form is self.form:
                form.set_error(error)
            else:
                place.notices.say("opening", f"未能{_VERBS[entity]}", Tone.OVERDUE, error.message)
            return
        self._soon.stop()
        place.drafts.drop(self._key(entity))
        place.notices.say("opening", f"{done.no} 已{_VERBS[entity]}", Tone.OK, new.title)
        if form is self.form:
            self.form.draft_changed.disconnect()
            self.close_form()
        self.done.emit(entity, done.entity_id)

    def _on_state(self) -> None:
        if self.form is not None and self._place.live.online:
            self.form.take_back(OFFLINE)

    @staticmethod
    def _key(entity: str) -> str:
        return f"affair:new/{entity}"
