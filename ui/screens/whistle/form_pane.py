"""The form under way on a whistle or lane: drafts survive, live changes touch nothing that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ARRIVAL_LABELS, RATINGS, SummonsFile, SummonsRow
from commandcenter.domain.joint_workflow import response_word
from ui.forms.context import FormContext
from ui.forms.joint_editors import Matter
from ui.forms.joint_form import JointForm
from ui.models.joint_steps import Step, faults_of, machine_of, may
from ui.models.joint_words import JointWords
from ui.screens.drafting_pane import DraftingPane
from ui.screens.whistle.acting import Acting
from ui.screens.workplace import Workplace

_LEVELS = ("normal", "key", "hard")


class JointFormPane(DraftingPane):
    """One form at a time, on the whole or on a lane."""

    def __init__(self, place: Workplace, acting: Acting, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        self._acting = acting
        self.row: SummonsRow | None = None
        self.step: Step | None = None

    # ------------------------------------------------------------ opening and closing
    def open(self, row: SummonsRow, step: Step, file: SummonsFile | None) -> None:
        """Show the form of an action, with its draft if there is one."""
        self.close_form()
        self.row, self.step = row, step
        title = f"{JointWords(self._place.words).number(row)} {self._acting.title(row, step.party_no)}"
        # The indexes over catalogue and addresses take a second to build; these forms ask for neither.
        context = FormContext(self._place.backend.directory, None, None, self._place.live.clock.now)
        form = JointForm(step.action, machine_of(row, step.party_no), context, self._matter(row, file), title)
        self._show(form, self._present(row, step, file))

    def follow(self, row: SummonsRow) -> None:
        """The whistle moved on under the form: its version follows, its fields do not."""
        if self.form is None or self.row is None or self.step is None or row.id != self.row.id:
            return
        self.row = row
        place, no = self._place, self.step.party_no
        party = row.party(no) if no is not None else None
        possible = may(row, party, self.step.action.code, place.person, place.backend.directory)
        label = machine_of(row, no).state[party.state if party else row.state].label
        self.form.set_possible(possible, label)

    # ------------------------------------------------------------ what the inputs know
    def _matter(self, row: SummonsRow, file: SummonsFile | None) -> Matter:
        rules = self._place.joint.rules
        kinds = rules.callers.get(row.caller_kind, ((), False))[0] if rules else ()
        called = frozenset(party.unit_id for party in row.live_parties)
        checks = {check.no: check.text for check in file.checks if check.done_at is None} if file else {}
        higher = _LEVELS[_LEVELS.index(row.level) + 1:] if row.level in _LEVELS else _LEVELS
        code = self.step.action.code if self.step else ""
        choices = {"level": higher} if code == "raise_level" else {}
        if code == "publish" and (party := row.party(self.step.party_no or 0)) is not None:
            choices = {"kind": faults_of(row, party, self._place.live.clock.now())}
        return Matter(called, frozenset(kinds), checks, choices, self._hints(row))

    def _hints(self, row: SummonsRow) -> dict[str, str]:
        """Where to be when signing in, and how near; what a decision would change."""
        rules = self._place.joint.rules
        party = row.party(self.step.party_no) if self.step is not None and self.step.party_no is not None else None
        if self.step is not None and self.step.action.code == "decide" and party is not None:
            response = response_word(row.kind, party.response) if party.response is not None else None
            arrival = ARRIVAL_LABELS.get(party.arrival or "")
            present = {name: getattr(party, name) for name in RATINGS}
            present |= {"response": response, "arrival": arrival, "acted": "没有处置记录"}
            return {name: f"现为 {value}，不改则留空" for name, value in present.items() if value is not None}
        if self.step is None or self.step.action.code != "arrive":
            return {}
        if row.lon is None or row.lat is None:
            return {"lon": "未定集结坐标，不核对距离"}
        near = f"，须在 {rules.radius_m:,} 米之内" if rules else ""
        return {"lon": f"集结点 {row.lon:.4f}, {row.lat:.4f}{near}"}

    def _present(self, row: SummonsRow, step: Step, file: SummonsFile | None) -> dict[str, Any]:
        """What is to be changed stands there already."""
        if step.action.code == "edit":
            when = {code: self._place.words.local(at) for code, at in (("meet_at", row.meet_at),
                                                                      ("ends_at", row.ends_at)) if at}
            return {"title": row.title, "reason": file.reason if file else "", "place": row.place, "lon": row.lon,
                    "lat": row.lat, "level": row.level} | when
        if step.action.code == "reschedule":
            return {"place": row.place, "lon": row.lon, "lat": row.lat}
        return {}

    # ------------------------------------------------------------ drafts
    def _key(self) -> str:
        return draft_key(self.row, self.step) if self.row and self.step else ""

    # ------------------------------------------------------------ sending
    def _submit(self, values: Mapping[str, Any]) -> None:
        self._acting.mark(self.row, self.step)
        self._place.backend.start(self._send(self.form, self.row, self.step, dict(values)), self)

    async def _send(self, form: JointForm, row: SummonsRow, step: Step, values: dict[str, Any]) -> None:
        key = self._key()
        try:
            await self._acting.send(row, step, changed_only(row, step, values), form.attachments())
        except DomainError as error:
            if isValid(form) and form is self.form:
                form.set_error(error)
            else:
                self._acting.refuse(row, step, error)
            return
        finally:
            self._acting.unmark(row, step)
        self._forget(key, form)


def draft_key(row: SummonsRow, step: Step) -> str:
    """Under which a form's draft is kept; never a case's."""
    return f"joint:{row.id}/{step.party_no or 0}/{step.action.code}"


def changed_only(row: SummonsRow, step: Step, values: dict[str, Any]) -> dict[str, Any]:
    """Of an edit, what is different: a time that stood there already may be past by now."""
    if step.action.code not in ("edit", "reschedule"):
        return values
    same = {"title": row.title, "place": row.place, "lon": row.lon, "lat": row.lat, "level": row.level}
    kept = {name: value for name, value in values.items() if same.get(name) != value or name in step.action.required}
    if ("lon" in kept) != ("lat" in kept):  # a place is both
        kept |= {axis: values[axis] for axis in ("lon", "lat") if axis in values}
    return kept
