"""会商督办: meetings, tasks and rectifications, the ledger at the left; the one that is open at the right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MEETING, SUMMONS, TASK, WHISTLE, MeetingRow, TaskRow
from ui.joint.presets import why_not
from ui.models.affair_columns import LedgerEntry
from ui.screens.affairs.affair_pane import AffairPane
from ui.screens.affairs.ledger_pane import LedgerPane
from ui.screens.affairs.list_pane import KEYS, LEDGER, MEETINGS, RULINGS, TASKS, AffairLists, tab_of
from ui.screens.affairs.opening import Opening
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.live_table import StateKind, TableState
from widgets.state_panel import StatePanel
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

AFFAIRS = "affairs"
_OPENS = {MEETINGS: MEETING, TASKS: TASK}
_VERBS = {MEETINGS: "＋ 召集会商", TASKS: "＋ 交办", LEDGER: "为所选吹哨"}
_SHARES = (9, 11)  # lists, what is open
_NOTHING = TableState(StateKind.EMPTY, "左侧选择一项查看",
                      "↑ ↓ 选择，Enter 打开；Ctrl+1、2、3、5 换列表，Ctrl+4 看已办结")


def affair_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """The keys of the screen."""
    return (
        KeyGroup("列表", (("Ctrl+1 … 3", "会商、交办与整改、挂账"), ("Ctrl+4", "已办结的，或回到进行中"),
                         ("Ctrl+5", "定责记录，Enter 打开案件"),
                         ("↑ ↓", "选择"), ("Enter", "打开"),
                         ("Ctrl+A", "全选（挂账）"), ("F5", "重新载入"))),
        KeyGroup("办理", (("1 … 9", "所开事项的办理"), ("F2", "下一步"), ("Ctrl+Enter", "提交表单"),
                         ("Ctrl+Shift+B", "召集会商、交办、为所选吹哨"), ("Esc", "关闭"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+T", "切换明暗主题"))),
    )


class AffairsScreen(QWidget):
    """case_wanted(case id), matter_wanted(entity, id): shown elsewhere. wanted_whistle(tuple of case ids): one is to be
    drafted for these."""

    case_wanted = Signal(object)
    matter_wanted = Signal(str, object)
    wanted_whistle = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "screen")
        self.setObjectName(AFFAIRS)
        self.tools = JointTools(place, self)
        self.lists = AffairLists(place, self.tools)
        self.affair, self.ledger = AffairPane(place, self.tools), LedgerPane(place, self.tools)
        self.opening, self._nothing = Opening(place), StatePanel()
        self.new_button = QPushButton()
        self._right, self._columns = QStackedWidget(), QSplitter(Qt.Orientation.Horizontal)
        self._around = QHBoxLayout(self)
        self._shared_out = False
        self._lay_out()
        self._connect()
        self._add_keys()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self._show_verb()

    def _lay_out(self) -> None:
        self.new_button.setProperty("kind", "chip")
        self.new_button.setToolTip("Ctrl+Shift+B")
        self.lists.set_corner(self.new_button)
        self._nothing.set_state(_NOTHING)
        for page in (self._nothing, self.affair, self.ledger, self.opening):
            self._right.addWidget(page)
        framed, column = QFrame(), QVBoxLayout()
        framed.setProperty("role", "surface")
        framed.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._right)
        for part in (self.lists, framed):
            self._columns.addWidget(part)
            part.setMinimumWidth(1)
        self._columns.setProperty("role", "gap")
        self._columns.setChildrenCollapsible(False)
        self._around.addWidget(self._columns)

    def _connect(self) -> None:
        self.lists.opened.connect(self.show_one)
        self.lists.case_wanted.connect(self.case_wanted)
        self.lists.tab_changed.connect(self._show_verb)
        self.lists.selection_changed.connect(self._show_verb)
        self.new_button.clicked.connect(self.begin_new)
        for pane in (self.affair, self.ledger):
            pane.closed.connect(self.close_one)
            pane.case_wanted.connect(self.case_wanted)
        self.affair.matter_wanted.connect(self._want)
        self.ledger.summons_wanted.connect(lambda number: self.matter_wanted.emit(SUMMONS, number))
        self.ledger.whistle_wanted.connect(self.wanted_whistle)
        self.opening.done.connect(self._want)
        self.opening.closed.connect(self._show_page)
        self.place.joint.changed.connect(self._on_live)

    def _add_keys(self) -> None:
        keys = [("F5", self.reload), ("Ctrl+4", self.lists.toggle_over), ("F2", self.begin_next),
                ("Ctrl+Shift+B", self.begin_new)]
        keys += [(key, lambda name=name: self.lists.show_tab(name)) for name, key in KEYS.items()]
        keys += [(str(n), lambda n=n: self.begin_digit(n)) for n in range(1, 10)]
        for key, deed in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)  # a key held too long must not do one after the other
            shortcut.activated.connect(deed)

    # ------------------------------------------------------------ asking
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        return self.place.joint.ready and self.affair.complete and self.ledger.complete

    def take_keyboard(self) -> None:
        """Keys belong to the list."""
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes: write down what is typed."""
        self.affair.form.keep_draft()
        self.ledger.keep_draft()
        self.opening.keep_draft()

    # ------------------------------------------------------------ verbs
    def show_one(self, row: Any) -> None:
        """Open a meeting, a task or an entry of the ledger."""
        self.opening.close_form()
        if isinstance(row, LedgerEntry):
            self.affair.leave()
            self.ledger.show_entry(row)
        else:
            self.ledger.leave()
            self.affair.show_affair(row)
        self._show_page()

    async def open_affair(self, entity: str, entity_id: int) -> bool:
        """Open a meeting or task by its id, also one that is over; False: it is not in sight."""
        picture = self.place.joint.picture
        row = (picture.meetings if entity == MEETING else picture.tasks).get(entity_id)
        if row is None:
            row = await self._ask(entity_id)
        if row is None:
            return False
        self.lists.show_tab(tab_of(row))
        self.lists.table.set_current(row.id)
        self.show_one(row)
        return True

    def close_one(self) -> None:
        """Back to the list."""
        self.affair.leave()
        self.ledger.leave()
        self._show_page()
        self.take_keyboard()

    def reload(self) -> None:
        """F5: what is under way, and what is over or was ruled if it is looked at."""
        self.place.live.resync()
        self.lists.closed.reload()
        if self.lists.rulings.watched:
            self.lists.rulings.reload()

    def begin_new(self) -> None:
        """召集会商, 交办, or a whistle for what is chosen on the ledger."""
        if self.lists.showing == LEDGER:
            self._whistle_for_chosen()
            return
        if self.lists.showing == RULINGS:
            self.place.notices.say("new", "定责在案件上办理：打开回退待判的案件，选疑难定责", Tone.MUTED)
            return
        entity = _OPENS[self.lists.showing]
        if self.opening.callers(entity):
            self.place.backend.start(self._open_form(entity), self)
        else:
            self.place.notices.say("new", f"您的岗位不能{_VERBS[self.lists.showing].removeprefix('＋ ')}", Tone.MUTED)

    def begin_digit(self, digit: int) -> None:
        """The verb of this digit on the one that is open."""
        if self._right.currentWidget() is self.affair and not self.affair.begin_digit(digit):
            self.place.notices.say("digit", f"没有第 {digit} 项办理", Tone.MUTED)

    def begin_next(self) -> None:
        """F2: the next step of the one that is open, or of the one under the keyboard."""
        if self._right.currentWidget() not in (self.affair, self.ledger):
            row = self.lists.current()
            if row is None or self.lists.showing == RULINGS:
                self.place.notices.say("begin", "请先选择一项" if row is None else "按 Enter 打开案件", Tone.MUTED)
                return
            self.show_one(row)
        if self._right.currentWidget() is self.ledger:
            self.ledger.begin_clearing()
        elif not self.affair.begin_next():
            self.place.notices.say("begin", "现在没有等您办的下一步", Tone.MUTED)

    def step_back(self) -> None:
        """Esc: the form first, then the one that is open."""
        if self.affair.leave_form() or self.ledger.close_form() or self.opening.close_form():
            return
        self.close_one()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc arrives here only when no field, popup or form wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ inside
    async def _open_form(self, entity: str) -> None:
        await self.opening.open(entity)
        self._right.setCurrentWidget(self.opening)

    def _whistle_for_chosen(self) -> None:
        chosen = self.lists.chosen() or ([self.ledger.entry] if self.ledger.entry else [])
        if not chosen:
            self.place.notices.say("new", "请先在台账上选择案件", Tone.MUTED)
            return
        reason = why_not(self.place, WHISTLE, [entry.row for entry in chosen])
        if reason is None:
            self.wanted_whistle.emit(tuple(entry.key for entry in chosen))
        else:
            self.place.notices.say("new", reason, Tone.NEAR)

    def _want(self, entity: str, entity_id: int) -> None:
        """Meetings and tasks are shown here, the rest elsewhere."""
        if entity in (MEETING, TASK):
            self.place.backend.start(self._open_or_say(entity, entity_id), self)
        else:
            self.matter_wanted.emit(entity, entity_id)

    async def _open_or_say(self, entity: str, entity_id: int) -> None:
        if not await self.open_affair(entity, entity_id):
            self.place.notices.say("open", "没有这一条，或它不在您的范围内", Tone.NEAR)

    async def _ask(self, entity_id: int) -> MeetingRow | TaskRow | None:
        queries = self.place.backend.session.joint_queries
        try:
            found = await self.place.backend.call(queries.joint, [entity_id])
        except DomainError as error:
            self.place.notices.say("open", "读取失败", Tone.NEAR, error.message)
            return None
        return next(iter((*found.meetings, *found.tasks)), None)

    def _on_live(self, _change: object) -> None:
        """The whistle of the ledger's entry that is open may be over now."""
        if self.ledger.entry is not None:
            newer = next((e for e in self.lists.ledger() if e.key == self.ledger.entry.key), None)
            if newer is not None and newer != self.ledger.entry:
                self.ledger.show_entry(newer)

    def _show_page(self) -> None:
        page = self._nothing
        if self.opening.form is not None:
            page = self.opening
        elif self.affair.row is not None:
            page = self.affair
        elif self.ledger.entry is not None:
            page = self.ledger
        self._right.setCurrentWidget(page)

    def _show_verb(self) -> None:
        showing = self.lists.showing
        if showing == RULINGS:
            self.new_button.hide()
            return
        count = len(self.lists.chosen()) if showing == LEDGER else 0
        self.new_button.setText(f"{_VERBS[showing]}{f' {count:,} 件' if count > 1 else ''}")
        self.new_button.setVisible(
            why_not(self.place, WHISTLE) is None if showing == LEDGER else bool(self.opening.callers(_OPENS[showing])))

    def showEvent(self, event: QShowEvent) -> None:
        """Shares are set once the real size is known; afterwards they are the user's."""
        super().showEvent(event)
        if not self._shared_out:
            self._shared_out = True
            self._columns.setSizes([self.width() * share // sum(_SHARES) for share in _SHARES])

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad)
        self._columns.setHandleWidth(sizes.pad)
