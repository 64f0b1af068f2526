"""The desk: queues, the queue, the selected case and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseFile, CaseRow
from commandcenter.domain.workflow import Action, load_workflow
from ui.screens.desk.case_pane import CasePane
from ui.screens.desk.dispatching import OFFLINE, Dispatching, refusal_words
from ui.screens.desk.presence import Presence
from ui.screens.desk.queue_pane import QueuePane
from ui.screens.desk.side_bar import SideBar
from ui.screens.desk.side_pane import SidePane
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.tones import Tone

KEYS = (
    KeyGroup("队列", (("↑ ↓", "选案件"), ("Ctrl+A", "全选"), ("Shift / Ctrl + 点按", "多选"), ("Enter", "打开案件"),
                      ("Alt+1 … 9", "换队列"), ("Ctrl+F", "筛选"), ("Esc", "清除选择、筛选"), ("F5", "重新载入"))),
    KeyGroup("办理", (("1 – 9", "派给建议单位"), ("Ctrl+Z", "撤销派遣"), ("Ctrl+Enter", "提交表单"),
                      ("Ctrl+N", "新案采集"))),
    KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                      ("Ctrl+T", "切换明暗主题"))),
)


_QUEUE_SHARE = 60  # per cent of the height


class DeskScreen(QWidget):
    """The screen `dispatch`; everything it needs is the workplace. queue_shown(key)."""

    queue_shown = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "screen")
        self.side_bar, self.queue, self.case = SideBar(place), QueuePane(place), CasePane(place)
        self.side = SidePane(place, self.case.photos)
        self.dispatching, self.presence = Dispatching(place, self), Presence(place, self)
        self._to_open: int | None = None
        self._lay_out()
        self._connect()
        self._add_keys()
        self.side_bar.queues.select(self.queue.rows.queue)

    def _lay_out(self) -> None:
        self.middle, self.columns = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        for part, stretch in ((self.queue, 3), (self.case, 2)):
            self.middle.addWidget(part)
            self.middle.setStretchFactor(self.middle.count() - 1, stretch)
        for part, stretch in ((self.middle, 1), (self.side, 0)):
            self.columns.addWidget(part)
            self.columns.setStretchFactor(self.columns.count() - 1, stretch)
        for splitter in (self.middle, self.columns):
            splitter.setChildrenCollapsible(False)
        self.middle.setSizes([_QUEUE_SHARE, 100 - _QUEUE_SHARE])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_bar)
        row.addWidget(self.columns, 1)

    def _connect(self) -> None:
        self.side_bar.queue_chosen.connect(self.show_queue)
        self.side_bar.figure_chosen.connect(self._show_figure)
        self.queue.current_changed.connect(self._on_current)
        self.queue.selection_changed.connect(self._on_selection)
        self.queue.opened.connect(lambda _key: self.case.trace.setFocus())
        self.queue.table.drag_started.connect(self._on_drag)
        self.queue.table.drag_finished.connect(self._on_drag_end)
        self.case.action_chosen.connect(self.begin)
        self.case.file_shown.connect(self._on_file)
        self.side.action_chosen.connect(self.begin)
        self.side.dispatch_wanted.connect(self.dispatching.send)
        self.side.sub_dispatch_wanted.connect(self._sub_dispatch)
        self.side.intake.case_opened.connect(self.open_case)
        self.dispatching.state_changed.connect(self.queue.show_sending)
        self.dispatching.settled.connect(self.queue.settle)
        self.presence.changed.connect(self._on_presence)
        self.place.live.changed.connect(lambda _change: self._refresh_selection())
        self.place.live.loaded.connect(self._on_loaded)

    def _add_keys(self) -> None:
        keys = [("Ctrl+Z", self.dispatching.undo), ("F5", self.place.live.resync), ("Ctrl+N", self.new_case),
                ("Ctrl+F", self.queue.filters.open_search)]
        keys += [(str(n), lambda n=n: self.side.units.send_to_hotkey(n)) for n in range(1, 10)]
        keys += [(f"Alt+{n}", lambda n=n: self._choose_queue(n - 1)) for n in range(1, 10)]
        for key, deed in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc arrives here only when no field, popup or form wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ verbs
    def show_queue(self, key: str) -> None:
        """Another queue."""
        self.side_bar.queues.select(key)
        self.queue.show_queue(key)
        self.queue_shown.emit(key)

    def open_case(self, case_id: int) -> None:
        """Show a case: in the present queue, in the first that holds it, or alone when none does."""
        if not self.queue.choose(case_id):
            picture = self.place.live.picture
            home = next((q.key for q in self.place.queues if picture.in_queue(case_id, q.key)), None)
            if home is not None and picture.rows.get(case_id) is not None:
                self._to_open = case_id
                self.show_queue(home)
                self._open_wanted()
        self._on_current(case_id)

    async def open_number(self, number: str) -> None:
        """Show a case that is not open any more, by its number."""
        try:
            row = await self.place.find_case(number)
        except DomainError as error:
            self.place.notices.say("open", f"查不到 {number}", Tone.NEAR, error.message)
            return
        if row is None:
            self.place.notices.say("open", f"您的范围内没有案件 {number}", Tone.NEAR)
        else:
            self.open_case(row.id)

    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        live, shown = self.place.live, self.case.file
        if not live.ready or self.queue.rows.filling:
            return False
        empty = self.queue.rows.model.rowCount() == 0
        return empty or (shown is not None and self.case.photos.complete and self.side.units.has_figures)

    def begin(self, action: Action) -> None:
        """Open the form of an action on the case shown."""
        if self.case.file is None:
            self.place.notices.say("begin", "请先选择一件案件", Tone.MUTED)
        else:
            self.side.open_form(action, self.case.file)

    def new_case(self) -> None:
        """采集, for those who may."""
        if load_workflow().action["report"].roles() & self.place.roles:
            self.side.open_intake()
        else:
            self.place.notices.say("intake", "您的岗位不采集案件", Tone.MUTED)

    def step_back(self) -> None:
        """Esc: the form first, then the filter, then the selection."""
        if not self.side.leave_form() and not self.queue.filters.clear():
            self.queue.clear_selection()

    def keep_drafts(self) -> None:
        """The window closes."""
        self.side.keep_drafts()

    # ------------------------------------------------------------ following
    def _choose_queue(self, number: int) -> None:
        if number < len(self.place.queues):
            self.show_queue(self.place.queues[number].key)

    def _show_figure(self, _key: str) -> None:
        """The shift's figures count dispatches: what runs now and was sent by me."""
        if any(queue.key == "running" for queue in self.place.queues):
            self.show_queue("running")
            me = self.place.person.id
            since = self.side_bar.shift_since()
            self.queue.rows.set_filter(lambda row: row.dispatched_by == me and (row.dispatched_at or 0) >= since)

    def _on_current(self, case_id: int | None) -> None:
        self.case.show_case(case_id)
        self.presence.look_at(case_id)
        if case_id is None:
            self.side.show_file(None)

    def _on_selection(self, _keys: list) -> None:
        self.side.show_rows(self.queue.selected_rows())

    def _refresh_selection(self) -> None:
        if self.queue.table.selected_keys():
            self.side.show_rows(self.queue.selected_rows())

    def _on_drag(self, keys: list) -> None:
        self.side.units.board.begin_drag(keys)
        self.side.below.board.begin_drag(keys)

    def _on_drag_end(self, dropped: bool) -> None:
        self.side.units.board.end_drag(dropped)
        self.side.below.board.end_drag(dropped)

    def _on_file(self, file: CaseFile) -> None:
        self.side.show_file(file)

    def _on_presence(self, case_id: int, names: Sequence[str]) -> None:
        self.queue.set_presence(case_id, names)
        if case_id == self.case.loader.case_id:
            self.case.head.set_others(names)

    def _on_loaded(self) -> None:
        self._open_wanted()
        if self.queue.table.current_key() is None and self.queue.rows.model.rowCount():
            self.queue.table.set_current(self.queue.rows.model.key_at(0))

    def _open_wanted(self) -> None:
        """A case that was to be opened may arrive with a later slice of a long queue."""
        if self._to_open is not None and self.queue.choose(self._to_open):
            self._to_open = None

    # ------------------------------------------------------------ 二次派发
    def _sub_dispatch(self, rows: Sequence[CaseRow], unit_id: int) -> None:
        if not self.place.live.online:
            self.place.notices.say("offline", OFFLINE, Tone.NEAR)
            return
        self.place.backend.start(self._send_below(rows, unit_id))

    async def _send_below(self, rows: Sequence[CaseRow], unit_id: int) -> None:
        unit = self.place.words.unit(unit_id)
        for row in rows:
            title = self.place.case_title(row)
            try:
                await self.place.deeds.act(row, "sub_dispatch", {"unit_id": unit_id}, self)
            except DomainError as error:
                self.place.notices.say(("refused", row.id), f"{title} 未能二次派发", Tone.OVERDUE,
                                       refusal_words(error, self.place))
            else:
                self.place.notices.say(("done", row.id), f"{title} 已二次派发 {unit}", Tone.OK)
