"""派遣 as the hand feels it: a drop shows at once, is confirmed or visibly rolled back, and can be undone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from commandcenter.domain.model import CaseRow, Done
from commandcenter.services.commands import Outcome
from ui.bridge.notices import Note
from ui.bridge.open_questions import Question
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.workplace import Workplace
from widgets.live_table import RowState, RowStateKind
from widgets.tones import Tone

_UNDO_KEPT = 50
_SAID_AFTER_MS = 50  # the row leaves first, then it is said: drawn at once, both would come a frame later
MOST_AT_ONCE = 500  # cases in one deed: more were selected by mistake, and each answers for itself
TOO_MANY = f"所选超过 {MOST_AT_ONCE} 件，一次最多办理 {MOST_AT_ONCE} 件，请缩小选择"


class Dispatching(QObject):
    """state_changed(case id, RowState): how a row looks now; settled(case id, ok): it may go where it belongs;
    undo_changed(): `can_undo` may be another; undone(list of case ids): these came back."""

    state_changed = Signal(object, object)
    settled = Signal(object, bool)
    undo_changed = Signal()
    undone = Signal(object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._sending: set[int] = set()
        self._unknown: dict[int, tuple[CaseRow, str]] = {}
        self._done: list[tuple[int, str, list[Done]]] = []
        self._number = count(1)
        place.deeds.settling.connect(self._on_settling)
        place.questions.settled.connect(self._on_answered)

    @property
    def sending(self) -> frozenset[int]:
        """Cases under way."""
        return frozenset(self._sending)

    @property
    def can_undo(self) -> bool:
        """Whether there is a dispatch that was not taken back."""
        return bool(self._done)

    def send(self, rows: Sequence[CaseRow], unit_id: int) -> None:
        """Dispatch these cases; rows under way are left out. Nothing is sent while disconnected: that is said."""
        if not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
            return
        fresh = [row for row in rows if row.id not in self._sending and row.id not in self._unknown]
        unit = self._place.words.unit(unit_id)
        for row in fresh:
            self._sending.add(row.id)
            self.state_changed.emit(row.id, RowState(RowStateKind.SENDING, f"派遣中 → {unit}"))
        if fresh:
            self._place.backend.start(self._send_all(fresh, unit_id, unit), self)

    def undo(self) -> None:
        """Take back the last dispatch that was not taken back yet."""
        if not self._done:
            self._place.notices.say("undo", "没有可以撤销的派遣", Tone.MUTED)
        elif not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
        else:
            self._begin_undo(self._done[-1])

    # ------------------------------------------------------------ sending
    async def _send_all(self, rows: Sequence[CaseRow], unit_id: int, unit: str) -> None:
        outcomes = await asyncio.gather(*(self._send_one(row, unit_id, unit) for row in rows))
        done = [outcome.done for outcome in outcomes if outcome.done is not None]
        if done:
            self._offer_undo(rows, unit, done)

    async def _send_one(self, row: CaseRow, unit_id: int, unit: str) -> Outcome:
        try:
            outcome = await self._place.deeds.dispatch(row, unit_id)
        finally:
            self._sending.discard(row.id)
        if outcome.error is None:
            self.settled.emit(row.id, True)
        elif isinstance(outcome.error, OutcomeUnknown):
            self._leave_open(row, unit)
        else:
            self._roll_back(row, outcome.error)
        return outcome

    def _roll_back(self, row: CaseRow, error: DomainError) -> None:
        reason = refusal_words(error, self._place)
        self.state_changed.emit(row.id, RowState(RowStateKind.FAILED, reason))
        self._place.notices.post(Note(("refused", row.id), f"{self._place.case_title(row)} 未派出", Tone.OVERDUE,
                                      reason, row.id))
        self.settled.emit(row.id, False)

    def _leave_open(self, row: CaseRow, unit: str) -> None:
        self._unknown[row.id] = row, unit
        self.state_changed.emit(row.id, RowState(RowStateKind.HELD, "结果待确认"))
        self._place.notices.post(Note(("unknown", row.id), f"{self._place.case_title(row)} 结果待确认", Tone.NEAR,
                                      "连接在发送途中断开；恢复后会自动确认并告知，请勿重复派遣", row.id))

    def _on_settling(self) -> None:
        for case_id in self._sending:
            self.state_changed.emit(case_id, RowState(RowStateKind.SENDING, "结果待确认…"))

    def _on_answered(self, question: Question, done: Done | None) -> None:
        """The last word on a dispatch whose answer was lost; what was done can still be taken back."""
        row, unit = self._unknown.pop(question.case_id, (None, ""))
        if row is None:
            return
        self.settled.emit(row.id, True)
        if done is not None:
            self._offer_undo([row], unit, [done])

    # ------------------------------------------------------------ undoing
    def _offer_undo(self, rows: Sequence[CaseRow], unit: str, done: list[Done]) -> None:
        number = next(self._number)
        self._done = [*self._done[-_UNDO_KEPT + 1:], (number, unit, done)]
        self.undo_changed.emit()
        first = next(row for row in rows if row.id == done[0].case_id)
        what = self._place.case_title(first) if len(done) == 1 else f"{len(done):,} 件"
        note = Note(("dispatched", number), f"{what} 已派 {unit}", Tone.OK, "Ctrl+Z 撤销，单位接收前有效",
                    first.id if len(done) == 1 else None)
        QTimer.singleShot(_SAID_AFTER_MS, self, lambda: self._say_done(number, note))

    def _say_done(self, number: int, note: Note) -> None:
        """Unless it was taken back so soon: then its answer is said."""
        if self._entry(number) is not None:
            self._place.notices.post(note, "撤销", lambda: self._undo_number(number))

    def _undo_number(self, number: int) -> None:
        if (entry := self._entry(number)) is not None:
            self._begin_undo(entry)

    def _entry(self, number: int) -> tuple[int, str, list[Done]] | None:
        return next((entry for entry in self._done if entry[0] == number), None)

    def _begin_undo(self, entry: tuple[int, str, list[Done]]) -> None:
        self._done.remove(entry)
        self.undo_changed.emit()
        self._place.backend.start(self._undo(*entry), self)

    async def _undo(self, number: int, unit: str, done: list[Done]) -> None:
        """The answer takes the place of the message that offered it, whose button would do nothing any more."""
        outcomes = await self._place.deeds.undo(done)
        back = [outcome for outcome in outcomes if outcome.error is None]
        self.undone.emit([outcome.case_id for outcome in back])
        if back:
            self._place.notices.say(("dispatched", number), f"已撤销对 {unit} 的派遣 {len(back):,} 件", Tone.OK)
        else:
            self._place.notices.say(("dispatched", number), f"对 {unit} 的派遣没有撤销", Tone.NEAR)
        for outcome in outcomes:
            if outcome.error is not None:
                reason = refusal_words(outcome.error, self._place)
                self._place.notices.say(("undo", outcome.case_id), "不能撤销", Tone.NEAR, reason)
