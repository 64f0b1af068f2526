"""Ratings in place: what is typed is a draft, what is saved moves on to the next lane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SummonsRow
from ui.models.joint_steps import Step, machine_of
from ui.screens.draft_evidence import keep_typed
from ui.screens.whistle.acting import Acting
from ui.screens.whistle.form_pane import draft_key
from ui.screens.whistle.lane_list import LaneList
from ui.screens.workplace import Workplace

_DRAFT_MS = 300


class Ratings(QObject):
    """Between the lanes' rating rows and the database."""

    def __init__(self, place: Workplace, acting: Acting, lanes: LaneList, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._acting, self._lanes = place, acting, lanes
        self._row: SummonsRow | None = None
        self._typed: dict[int, Mapping[str, Any]] = {}
        self._filled: set[int] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(self._save)
        lanes.rated.connect(self._on_rated)
        lanes.rating_typed.connect(self._on_typed)

    def fill(self, row: SummonsRow) -> None:
        """The summons shown; drafts come back into rows that are new."""
        self._row = row
        for lane in self._lanes.lanes():
            if lane.rating is not None and lane.party_no not in self._filled:
                self._filled.add(lane.party_no)
                lane.rating.set_values(self._place.drafts.get(self._key(lane.party_no)))

    def leave(self) -> None:
        """The summons is shown no more, and its rating rows are gone."""
        self.keep()
        self._row, self._filled = None, set()

    def keep(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def _on_typed(self, party_no: int, values: Mapping[str, Any]) -> None:
        self._typed[party_no] = dict(values)
        self._soon.start()

    def _save(self) -> None:
        for party_no, values in self._typed.items():
            keep_typed(self._place, self._key(party_no), values)
        self._typed = {}

    def _key(self, party_no: int) -> str:
        assert self._row is not None
        return draft_key(self._row, self._step(self._row, party_no))

    def _step(self, row: SummonsRow, party_no: int) -> Step:
        return Step(machine_of(row, party_no).action["rate"], party_no)

    def _on_rated(self, party_no: int, values: Mapping[str, Any]) -> None:
        if self._row is not None:
            present = self._place.joint.summons.get(self._row.id, self._row)
            self._place.backend.start(self._send(present, party_no, dict(values)), self)

    async def _send(self, row: SummonsRow, party_no: int, values: dict[str, Any]) -> None:
        editor = self._lanes.lane(party_no).rating
        key = draft_key(row, self._step(row, party_no))
        try:
            await self._acting.send(row, self._step(row, party_no), values, ())
        except DomainError as error:
            if editor is not None and isValid(editor):
                editor.set_error(error)
            else:
                self._acting.refuse(row, self._step(row, party_no), error)
            return
        self._typed.pop(party_no, None)
        self._place.drafts.drop(key)
        self._lanes.focus_rating(besides=party_no)
