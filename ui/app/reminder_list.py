"""The table of reminders: kept equal to what is open, mine or everybody's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QWidget

from commandcenter.domain.notices import Notice
from ui.bridge.reminders import RemindersChange
from ui.models.reminder_columns import reminder_columns, tone_of
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, RowState, StateKind, TableState


class ReminderList(LiveTableView):
    """Newest on top; `showing_all`: also those addressed to others, whom a supervisor watches."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.showing_all = False
        self.setAccessibleName("提醒列表")
        self.setDragEnabled(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.set_clock(place.live.clock.now)
        self.set_stripe(lambda notice, _now: tone_of(notice))
        self._renew()
        place.reminders.changed.connect(self._on_changed)
        place.words_changed.connect(self._renew)

    def show_all(self, everybody: bool) -> None:
        """Mine alone, or all in sight."""
        self.showing_all = everybody
        self.model().set_filter(None if everybody else _is_mine)

    def selected(self) -> list[Notice]:
        """The selected reminders, from the top down."""
        held = self._place.reminders.held
        return [held[key] for key in self.selected_keys() if key in held]

    def has_mine_selected(self) -> bool:
        """Whether there is anything to acknowledge in the selection; quick where only mine are shown."""
        if not self.showing_all:
            return self.selectionModel().hasSelection()
        return any(notice.mine for notice in self.selected())

    def mark(self, notices: Sequence[Notice], state: RowState) -> None:
        """Say what is happening to these."""
        for notice in notices:
            if self.model().value(notice.id) is not None:
                self.set_row_state(notice.id, state)

    def first_row(self, notices: Sequence[Notice]) -> int:
        """The topmost row of these; 0 when none is shown."""
        rows = [row for notice in notices if (row := self.model().row_of(notice.id)) is not None]
        return min(rows, default=0)

    def show_state(self) -> None:
        """Say what the rows cannot."""
        self.set_state(self.state_now())

    def state_now(self) -> TableState | None:
        """Empty, loading, error, disconnected; None while the rows say it all."""
        reminders, live = self._place.reminders, self._place.live
        if live.state.kind == "disconnected":
            since = self._place.words.clock_time(live.state.since)
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开",
                              f"自 {since} 起没有新的提醒；正在自动重连")
        if reminders.error is not None:
            return TableState(StateKind.ERROR, "提醒没有读到", reminders.error.message, "重试")
        if not reminders.ready:
            return TableState(StateKind.LOADING, "正在载入提醒…")
        if self.model().rowCount():
            return None
        if reminders.held:
            return TableState(StateKind.EMPTY, "没有发给您的提醒", "范围内还有发给别人的提醒", "看全部")
        return TableState(StateKind.EMPTY, "没有待确认的提醒",
                          "案件临期、超期，或吹哨、会商、交办轮到您时，会自动出现在这里")

    def _renew(self) -> None:
        """Another directory: the same rows in new words."""
        place, old = self._place, self.model()
        columns = reminder_columns(place.words, place.work_time, place.live.row, self._title_of)
        model = KeyedTableModel(columns, lambda notice: notice.id, parent=self)
        model.reset(sorted(place.reminders.held.values(), key=lambda notice: -notice.id))
        model.set_filter(None if self.showing_all else _is_mine)
        self.setModel(model)
        if old is not None:
            old.deleteLater()

    def _title_of(self, notice: Notice) -> str:
        """As far as the picture of what is open knows it."""
        picture, number = self._place.joint.picture, notice.entity_id or 0
        row = picture.summons.get(number) or picture.meetings.get(number) or picture.tasks.get(number)
        return row.title if row is not None else ""

    def _on_changed(self, change: RemindersChange) -> None:
        self.model().apply(change.upserted, change.removed)


def _is_mine(notice: Notice) -> bool:
    return notice.mine
