"""一哨一考 · 本月: figures per department; each opens the whistles behind it; any month; as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import UnitScore
from ui.models.joint_scores import COLUMNS, Month, faults, month_of, score_rows, table
from ui.models.report_words import source_line
from ui.screens.whistle.exporting import TableExport
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.figure_table import FigureTable
from widgets.panel import Panel
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_SETTLE_MS = 800    # a rating changes several lanes' figures, and everybody's screen asks
_REFRESH_MS = 300_000
_BACK = 36          # months
_DETAIL = "区考响应度；街道评效率、配合度、专业性、担当"
_LOADING = TableState(StateKind.LOADING, "正在读取考评…")
_EMPTY = TableState(StateKind.EMPTY, "本月还没有结束的吹哨和联合执法", "结束后计入响应度，评价后计入综合")


class ScorePane(Panel):
    """behind_wanted(unit id, column key, Month): the whistles behind a figure; bulletins_wanted(key): the month's 通报
    of a kind, None: all; month_changed()."""

    behind_wanted = Signal(object, str, object)
    bulletins_wanted = Signal(object)
    month_changed = Signal()

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "surface")
        self._place, self._tools = place, tools
        self._scores: list[UnitScore] = []
        self._back, self.ready = 0, False
        self._task: asyncio.Task[None] | None = None
        self.table, self._state = FigureTable(), StatePanel()
        self.earlier, self.later, self.published = QPushButton("‹"), QPushButton("›"), QPushButton("通报")
        self.file = TableExport(place, self._named, self)
        self.export = self.file.button("导出考评")
        self.source = label(role="muted")
        self._month, self._foot, self._faults = label(role="strong"), QHBoxLayout(), list[QPushButton]()
        self._soon, self._often = QTimer(self), QTimer(self)
        self._build()
        self._connect()
        self.reload()  # a screen that is opened later finds everything loaded

    def _build(self) -> None:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        for part, tip in ((self.earlier, "上一月"), (self._month, ""), (self.later, "下一月")):
            row.addWidget(part)
            if isinstance(part, QPushButton):
                part.setProperty("kind", "chip")
                part.setToolTip(tip)
                part.setAccessibleName(tip)
        row.addWidget(self.export)
        self.set_corner(corner)
        self.published.setProperty("kind", "chip")
        self.published.setToolTip("看本月的通报（Ctrl+3）")
        self._foot.addWidget(self.published)
        self.table.set_columns("部门", COLUMNS)
        self.table.setAccessibleName("一哨一考")
        self.table.setProperty("role", "panel")
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._state, 1)
        self._foot.addStretch(1)
        self._foot.addWidget(self.source)
        self.body.addLayout(self._foot)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._often.setInterval(_REFRESH_MS)
        theme_events().changed.connect(self._on_looks)
        self._on_looks()

    def _connect(self) -> None:
        self._soon.timeout.connect(self.reload)
        self._often.timeout.connect(self.reload)
        self.earlier.clicked.connect(lambda: self.go(1))
        self.later.clicked.connect(lambda: self.go(-1))
        self.published.clicked.connect(lambda: self.bulletins_wanted.emit(None))
        self.table.figure_chosen.connect(self._on_chosen)
        self._state.action_triggered.connect(self.reload)
        self._place.joint.loaded.connect(self.reload)
        self._place.joint.changed.connect(self._on_live)
        self._tools.changed.connect(self._show)

    # ------------------------------------------------------------ what the screen asks
    @property
    def month(self) -> Month:
        """The month shown."""
        return month_of(self._place.live.clock.now(), self._tools.words, self._back)

    def go(self, back: int) -> None:
        """Further back by so many months, or forward."""
        self._back = max(0, min(_BACK, self._back + back))
        self._scores, self.ready = [], False
        self._show_month()
        self.reload()
        self.month_changed.emit()

    def reload(self) -> None:
        """Read the month's figures now."""
        self._often.start()
        self._show_month()
        if self._task is not None:
            self._task.cancel()
        if self._place.joint.ready:
            self._task = self._place.backend.start(self._read(), self)

    async def _read(self) -> None:
        month, queries = self.month, self._place.backend.session.joint_queries
        if not self.ready:
            self._say(_LOADING)
        try:
            scores = await self._place.backend.ask(lambda _: queries.unit_scores(month.since, month.until))
        except DomainError as error:
            if not self.ready:
                self._say(TableState(StateKind.ERROR, "考评读取失败", error.message, "再读一次"))
            return
        finally:
            self._say_source()
        self._scores, self.ready = scores, True
        self._show()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        self.table.set_rows(score_rows(self._scores, self._tools.words, self._place.joint.rules))
        self._show_footer()
        if self.ready:
            self._say(None if self._scores else _EMPTY)
        self.export.setEnabled(bool(self._scores))

    def _show_month(self) -> None:
        self._month.setText(self.month.label)
        self.set_title("一哨一考 · 本月" if self._back == 0 else "一哨一考", _DETAIL)
        self.earlier.setEnabled(self._back < _BACK)
        self.later.setEnabled(self._back > 0)
        self._show()

    def _show_footer(self) -> None:
        tasks = self._place.joint.picture.tasks.values()
        self._show_faults(faults(self._scores, sum(task.source == "rectification" and task.open for task in tasks)))

    def _show_faults(self, counted: Sequence[tuple[str, str, int]]) -> None:
        while len(self._faults) < len(counted):
            self._faults.append(self._fault_button(len(self._faults)))
        for button, (key, word, number) in zip(self._faults, counted, strict=False):
            button.setText(f"{word} {number:,}")
            button.setObjectName(key)
            button.setEnabled(number > 0)
            button.setToolTip(f"看{word}的通报")

    def _fault_button(self, place: int) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "quiet")
        button.clicked.connect(lambda: self.bulletins_wanted.emit(button.objectName()))
        self._foot.insertWidget(1 + place, button)
        return button

    def _say(self, state: TableState | None) -> None:
        self._state.set_state(state or TableState())
        self._state.setVisible(state is not None)
        self.table.setVisible(state is None)

    def _say_source(self) -> None:
        """Never a figure from a replica without the time it stands for."""
        if (state := self._place.reports.state) is not None:
            self.source.setText(source_line(state, self._place.words))

    def _on_chosen(self, unit_id: object, key: object) -> None:
        self.behind_wanted.emit(unit_id, str(key or "lanes"), self.month)

    def _on_live(self, change: object) -> None:
        """Figures move when something is over or rated, and what is to be put right at once."""
        self._show_footer()
        if change.removed or any(row.closed_at is not None for row in change.summons):
            self._soon.start()

    def _named(self) -> tuple[str, list[list[object]]]:
        return f"一哨一考 {self.month.label}", table(self._scores, self._tools.words)

    def _on_looks(self) -> None:
        sizes = current_theme().sizes
        self._foot.setContentsMargins(sizes.pad, 0, sizes.pad, sizes.pad_small)
        self._foot.setSpacing(sizes.pad_small)
