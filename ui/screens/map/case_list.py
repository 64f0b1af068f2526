"""The list beside the map: cases of an area, behind a figure, or within what was drawn; it follows every change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from ui.joint.presets import KINDS, why_not
from ui.models.case_columns import MIME
from ui.models.map_columns import case_drag_card, map_case_columns
from ui.screens.desk.joint_targets import KEYS, MOST_CASES
from ui.screens.map.case_layer import CaseLayer
from ui.screens.map.listed import Listed
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, Prepared, StateKind, TableState
from widgets.panel import Panel
from widgets.theme import current_theme, theme_events

_READ_AT_ONCE = 1000
_LOADING = TableState(StateKind.LOADING, "正在列出案件…")
_NONE = TableState(StateKind.EMPTY, "这里没有在办案件", "换一个区域，或在地图上框选（B）、套索（L）")
_REPLAY = "回放中，不能操作；回到实时后再办理"


class CaseList(Panel):
    """opened(case id): Enter or a double click. pointed(case id or None): another row has the keyboard.
    joint_wanted(kind, rows): 吹哨 or 联合执法令 about these. topic_wanted(case ids): into a 专题. closed(): back to the
    area's cases. counted()."""

    opened = Signal(object)
    pointed = Signal(object)
    joint_wanted = Signal(str, object)
    topic_wanted = Signal(object)
    closed = Signal()
    counted = Signal()

    def __init__(self, place: Workplace, cases: CaseLayer) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._place, self._cases = place, cases
        self.listed = Listed("", lambda _row, _tally: False)
        self.table, self.back = LiveTableView(), QPushButton("× 返回")
        self.joint = {kind: QPushButton(KINDS[kind]) for kind in KINDS}
        self.topic = QPushButton("专题")
        self._filling: asyncio.Task[None] | None = None
        self._late: set[int] = set()
        self._error: DomainError | None = None
        self.model = self._new_model()
        self._tools = QHBoxLayout()
        self._build()
        self._connect()
        self._on_theme_changed()

    def _build(self) -> None:
        self.back.setProperty("kind", "chip")
        self.back.setToolTip("回到本区域的案件（Esc）")
        self.back.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_corner(self.back)
        self.body.addWidget(self.table, 1)
        holder = QWidget()
        holder.setLayout(self._tools)
        self.body.addWidget(holder)
        for kind, button in self.joint.items():
            button.clicked.connect(lambda _=False, k=kind: self.want_joint(k))
            self._tools.addWidget(button, 1)
        self.topic.clicked.connect(self.want_topic)
        self.topic.setVisible(self._place.topics.may_gather)
        self._tools.addWidget(self.topic, 1)
        self.table.setProperty("role", "panel")
        self.table.setAccessibleName("案件列表")
        self.table.set_clock(lambda: self._cases.source.clock.now())
        self.table.set_stripe(lambda row, now: self._place.remaining.stripe(row, now))
        self.table.set_drag_card(lambda rows: case_drag_card(self._place.words, rows))
        self.table.setModel(self.model)

    def _connect(self) -> None:
        self.table.activated_key.connect(self.opened)
        self.table.current_changed.connect(self.pointed)
        self.table.selection_changed.connect(lambda _: self._show_buttons())
        self.table.state_action.connect(lambda: self.show_cases(self.listed))
        self.back.clicked.connect(self.closed)
        self._cases.changed.connect(self._on_changed)
        self._cases.filled.connect(self.refill)
        self._place.live.state_changed.connect(self._say)
        self._place.joint.state_changed.connect(self._show_buttons)
        self._place.words_changed.connect(self._renew)
        theme_events().changed.connect(self._on_theme_changed)

    def _new_model(self) -> KeyedTableModel:
        columns = map_case_columns(self._place.words, self._place.remaining)
        model = KeyedTableModel(columns, lambda row: row.id, MIME, self)
        model.sort_by("left")
        return model

    def _renew(self) -> None:
        old, self.model = self.model, self._new_model()
        self.table.setModel(self.model)
        old.deleteLater()
        self.show_cases(self.listed)

    # ------------------------------------------------------------ what is listed
    def show_cases(self, listed: Listed) -> None:
        """List these from now on."""
        if self._filling is not None:
            self._filling.cancel()
        self.listed = listed
        self._begin(self.model.adopt)

    def refill(self) -> None:
        """Everything was counted anew: the same list; what is selected and still there stays so."""
        self._begin(self.model.take_over)

    def _begin(self, show: Callable[[Prepared], None]) -> None:
        if self._filling is not None:
            self._filling.cancel()
        self._error = None
        self._late.clear()
        self._filling = self._place.backend.start(self._fill(self.listed, show), self)
        self._say()

    @property
    def filling(self) -> bool:
        """What is listed is being looked for."""
        return self._filling is not None

    def rows(self) -> list[CaseRow]:
        """What the buttons are about: the selected cases, else all listed, in the list's order."""
        chosen = self.table.selected_keys()
        keys = chosen if len(chosen) > 1 else self.model.keys()
        return [row for key in keys if (row := self.model.value(key)) is not None]

    def take_keyboard(self) -> None:
        """Into the rows."""
        if self.table.current_key() is None and self.model.rowCount():
            self.table.set_current_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def want_joint(self, kind: str) -> None:
        """吹哨 or 联合执法令, if the button would."""
        if not self.why_not_joint(kind):
            self.joint_wanted.emit(kind, self.rows())

    def want_topic(self) -> None:
        """Into a 专题, if the button would."""
        if self._place.topics.may_gather and not self.why_not_topic():
            self.topic_wanted.emit([row.id for row in self.rows()])

    def why_not_topic(self) -> str:
        """Why the button is dead now; empty if it is not."""
        if self._cases.source is not self._place.live:
            return _REPLAY
        if not self.rows():
            return "没有案件：先在地图上框选（B）或套索（L）"
        return "" if self._place.live.online else "与服务器断开，恢复后再办理"

    def why_not_joint(self, kind: str) -> str:
        """Why the button is dead now; empty if it is not."""
        if self._cases.source is not self._place.live:
            return _REPLAY
        rows = self.rows()
        if not rows:
            return "没有案件：先在地图上框选（B）或套索（L）"
        if len(rows) > MOST_CASES:
            return f"一次最多 {MOST_CASES} 件，现有 {len(rows):,} 件：请框选得小一些，或在列表中选出几件"
        if not self._place.live.online:
            return "与服务器断开，恢复后再办理"
        return why_not(self._place, kind, rows) or ""

    # ------------------------------------------------------------ filling
    async def _fill(self, listed: Listed, show: Callable[[Prepared], None]) -> None:
        held, tally = list(self._cases.source.picture.rows.values()), self._cases.tally
        rows = await asyncio.to_thread(lambda: [row for row in held if listed.holds(row, tally)])
        if listed.ids is not None:
            rows += await self._read_missing(listed.ids, {row.id for row in rows})
        prepared: Prepared = await asyncio.to_thread(self.model.prepare, rows)
        self._filling = None
        show(prepared)
        late, self._late = self._late, set()
        present = self._cases.source.picture.rows
        self._take([present[key] for key in late if key in present], [key for key in late if key not in present])

    async def _read_missing(self, ids: Collection[int], known: set[int]) -> list[CaseRow]:
        """Cases behind a figure of the past, that are closed by now."""
        wanted = [case_id for case_id in ids if case_id not in known]
        found: list[CaseRow] = []
        try:
            for start in range(0, len(wanted), _READ_AT_ONCE):
                part = wanted[start:start + _READ_AT_ONCE]
                found += await self._place.backend.ask(lambda queries, part=part: queries.cases(part))
        except DomainError as error:
            self._error = error
        return found

    def _on_changed(self, change: PictureChange) -> None:
        if self._filling is not None:
            self._late.update(change.removed, (row.id for row in change.upserted))
        else:
            self._take(change.upserted, change.removed)

    def _take(self, rows: Sequence[CaseRow], gone: Sequence[int]) -> None:
        tally = self._cases.tally
        inside = [row for row in rows if self.listed.holds(row, tally)]
        known = {row.id for row in inside}
        away = [row.id for row in rows if row.id not in known]
        if self.listed.ids is None:
            away += gone
        self.model.apply(inside, [key for key in away if self.model.value(key) is not None])
        self._say()

    # ------------------------------------------------------------ saying
    def _say(self) -> None:
        count = self.model.total
        self.set_title(self.listed.title, "…" if self.filling else f"{count:,} 件")
        self.table.set_state(self._state())
        self._show_buttons()
        self.counted.emit()

    def _state(self) -> TableState | None:
        live = self._place.live
        if self._error is not None:
            return TableState(StateKind.ERROR, "案件没有读出", self._error.message, "重试")
        if self.model.rowCount():
            return None
        if live.state.kind == "disconnected":
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动更新")
        return _LOADING if self.filling or not self._cases.source.ready else _NONE

    def _show_buttons(self) -> None:
        chosen = len(self.table.selected_keys())
        count = chosen if chosen > 1 else self.model.total
        for kind, button in self.joint.items():
            reason = self.why_not_joint(kind)
            button.setEnabled(not reason)
            button.setText(f"{KINDS[kind]} {count:,}" if not reason else KINDS[kind])
            button.setToolTip(reason or f"就{'所选' if chosen > 1 else '列出'}的 {count:,} 件拟稿（{KEYS[kind]}）")
        reason = self.why_not_topic()
        self.topic.setEnabled(not reason)
        self.topic.setText(f"专题 {count:,}" if not reason else "专题")
        self.topic.setToolTip(reason or f"把{'所选' if chosen > 1 else '列出'}的 {count:,} 件归入专题（Ctrl+Shift+T）")
        self.table.setDragEnabled(self._cases.source is self._place.live)

    def show_back(self, shown: bool) -> None:
        """Whether there is something to go back to."""
        self.back.setVisible(shown)

    def _on_theme_changed(self) -> None:
        sizes = current_theme().sizes
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self._tools.setContentsMargins(sizes.pad_small, sizes.pad_small, sizes.pad_small, sizes.pad_small)
        self._tools.setSpacing(sizes.pad_small)
