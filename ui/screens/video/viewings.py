"""查看记录: a window with who looked at which camera; one's own looks, the auditor's are everybody's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.video import Camera, Viewing
from ui.models.viewing_columns import viewing_columns, viewing_table
from ui.screens.whistle.exporting import TableExport
from ui.screens.workplace import Workplace
from widgets.filter_chip import FilterChip
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.styling import label
from widgets.theme import current_theme

_MOST = 1000  # of one answer
_DAYS = {1: "今天", 7: "近 7 天", 30: "近 30 天"}
_LATE_S = 3600.0  # looks of a clock that is ahead of ours
_ALL = "auditor"
_SIZE_IN_CONTROLS = (28, 18)
_LOADING = TableState(StateKind.LOADING, "正在读取查看记录…")
_NONE = TableState(StateKind.EMPTY, "这段时间没有查看记录", "换一段更长的时间，或换成全部摄像机")


class ViewingWindow(QDialog):
    """Non-modal: show() it. camera: only of this one, until 全部 is chosen."""

    def __init__(self, place: Workplace, camera: Camera | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._camera = place, camera
        self._asked = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("视频查看记录")
        self.period, self.which, self.said = FilterChip("时间"), FilterChip("摄像机"), label(role="muted")
        self.refresh, self.table = QPushButton("刷新"), LiveTableView()
        columns = viewing_columns(lambda: place.words, self._camera_name, self._case_no, place.live.clock.now)
        self.model = KeyedTableModel(columns, key=lambda viewing: viewing.id, parent=self)
        self.file = TableExport(place, self._named, self)
        self._build()
        self._connect()
        self.load()

    def _build(self) -> None:
        sizes, row, column = current_theme().sizes, QHBoxLayout(), QVBoxLayout(self)
        self.period.set_options(list(_DAYS.items())[1:], _DAYS[1])
        if self._camera is not None:
            self.which.set_options([(self._camera.id, self._camera.name)])
            self.which.select(self._camera.id)
        self.which.setVisible(self._camera is not None)
        self.refresh.setProperty("kind", "chip")
        self.refresh.setToolTip("F5")
        for part in (self.period, self.which):
            row.addWidget(part)
        row.addWidget(self.said, 1)
        for part in (self.refresh, self.file.button("导出查看记录")):
            row.addWidget(part)
        self.table.setModel(self.model)
        self.table.setDragEnabled(False)
        self.table.setAccessibleName("查看记录")
        self.table.set_clock(self._place.live.clock.now)
        self.model.sort_by("began", descending=True)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.resize(*(sizes.control_height * count for count in _SIZE_IN_CONTROLS))

    def _connect(self) -> None:
        self.period.selected.connect(self.load)
        self.which.selected.connect(self.load)
        self.refresh.clicked.connect(self.load)
        self.table.state_action.connect(self.load)
        self._place.live.loaded.connect(self.load)  # the connection is back
        self._place.live.state_changed.connect(self._say_offline)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.load)

    # ------------------------------------------------------------ reading
    def load(self) -> None:
        """Ask anew; a late answer to what was asked before is not shown."""
        self._asked += 1
        self.table.set_state(_LOADING)
        self.said.setText("正在读取…")
        self._place.backend.start(self._load(self._asked), self)

    async def _load(self, asked: int) -> None:
        since, until = self._times()
        key = self.which.selected_key()
        try:
            found = await self._place.cameras.viewings(since, until, key if isinstance(key, int) else None)
        except DomainError as error:
            if asked == self._asked:
                self.said.setText("")
                self.table.set_state(TableState(StateKind.ERROR, "查看记录没有读出", error.message, "重试"))
            return
        if asked == self._asked:
            self._show(found)

    def _times(self) -> tuple[float, float]:
        """Whole days of the city, today the last."""
        now = self._place.live.clock.now()
        key = self.period.selected_key()
        days = key if isinstance(key, int) else 1
        local = self._place.words.local(now)
        midnight = now - (local.hour * 3600 + local.minute * 60 + local.second)
        return midnight - (days - 1) * 24 * 3600.0, now + _LATE_S

    def _show(self, found: list[Viewing]) -> None:
        self.model.reset(found)
        self.table.set_state(None if found else _NONE)
        whose = "本辖区全部人员" if _ALL in self._place.roles else "仅您本人"
        full = f"，只列最近的 {_MOST:,} 次，请缩短时间" if len(found) >= _MOST else ""
        self.said.setText(f"{whose} · {len(found):,} 次{full}")
        self._say_offline()

    def _say_offline(self) -> None:
        if not self._place.live.online and self.model.total:
            self.table.set_state(TableState(StateKind.DISCONNECTED, "与服务器断开", "恢复后自动重新读取"))

    # ------------------------------------------------------------ words
    def _camera_name(self, camera_id: int) -> str:
        camera = self._place.cameras.cameras.get(camera_id)
        return f"{camera_id} 号（不在您的范围内）" if camera is None else camera.name

    def _case_no(self, case_id: int | None) -> str:
        row = None if case_id is None else self._place.live.row(case_id)
        return "" if case_id is None else str(case_id) if row is None else self._place.words.number(row)

    def _named(self) -> tuple[str, list[list[object]]]:
        keys = self.model.keys()
        shown = [self.model.value(key) for key in keys]
        now = self._place.live.clock.now()
        return "视频查看记录", viewing_table(shown, self._place.words, self._camera_name, self._case_no, now)
