"""The list of reminders over the desk: what I must do next, until I acknowledge it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.notices import Notice
from ui.app.preferences import SOUNDS, Preferences
from ui.app.reminder_list import ReminderList
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.live_table import RowState, RowStateKind
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_KEYS = (("F8", "看提醒、关闭"), ("空格", "确认所选"), ("Enter", "打开所指"), ("Ctrl+A", "全选"), ("M", "提示音开关"))
_WATCHING_KEYS = (("A", "看全部、只看我的"),)
OFFLINE = "与服务器的连接已断开，恢复后再确认"
_WIDTH, _HEIGHT = 0.62, 0.66  # of the window
_WATCHER = "supervisor"  # sees what others must do, too
_LEAST = 24  # rows' heights in width, where the window has them
_PASSED = frozenset({"Ctrl+K", "Ctrl+T", "Ctrl+Q", "Ctrl+Shift+N", "F5", "F8", "?", "？"})  # the shell's own keys


def reminder_keys(roles: Collection[str]) -> KeyGroup:
    """The keys of the list for these roles."""
    return KeyGroup("提醒", (*_KEYS, *(_WATCHING_KEYS if _WATCHER in roles else ())))


class ReminderPanel(QFrame):
    """case_wanted(case id); matter_wanted(entity, id): a summons, meeting or task; opened().

    Keys of the desk rest while it has the focus.
    """

    case_wanted = Signal(object)
    matter_wanted = Signal(str, object)
    opened = Signal()

    def __init__(self, place: Workplace, preferences: Preferences, over: QWidget, parent: QWidget) -> None:
        """`over`: the part of the window that it may cover; bar and banners stay in sight."""
        super().__init__(parent)
        self._place, self._preferences, self._over = place, preferences, over
        self._came_from: QWidget | None = None
        self.list = ReminderList(place, self)
        self.said = label()
        self._title, self._detail = label("提醒", role="heading"), label(role="muted")
        self.whose, self.sound, self.leave_button = QPushButton(), QPushButton(), QPushButton("关闭  Esc")
        self.open_button, self.all_button = QPushButton("打开  Enter"), QPushButton("全部确认")
        self.take_button = QPushButton("确认所选  空格")
        self._keys = {Qt.Key.Key_Space: self.acknowledge_selected, Qt.Key.Key_M: self.toggle_sound,
                      Qt.Key.Key_A: self.toggle_whose}
        self.setProperty("role", "raised")
        self.setAccessibleName("提醒列表")
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self._head, self._foot, self._column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for part in (self._title, self._detail, self.whose, self.sound, self.leave_button):
            self._head.addWidget(part, int(part is self._detail))
        for part in (self.said, self.open_button, self.all_button, self.take_button):
            self._foot.addWidget(part, int(part is self.said))
        for button in (self.whose, self.sound):
            button.setProperty("kind", "chip")
        self.sound.setToolTip("新提醒到达时响一声（M）")
        self.leave_button.setProperty("kind", "quiet")
        self.take_button.setProperty("kind", "primary")
        self.whose.setVisible(_WATCHER in self._place.roles)
        self.said.setWordWrap(True)
        self._column.addLayout(self._head)
        self._column.addWidget(self.list, 1)
        self._column.addLayout(self._foot)
        self._on_theme()

    def _connect(self) -> None:
        place = self._place
        self._preferences.sound_changed.connect(self._show_sound)
        self.leave_button.clicked.connect(self.leave)
        self.sound.clicked.connect(self.toggle_sound)
        self.whose.clicked.connect(self.toggle_whose)
        self.open_button.clicked.connect(lambda: self._open(self.list.current_key()))
        self.take_button.clicked.connect(self.acknowledge_selected)
        self.all_button.clicked.connect(self.acknowledge_all)
        self.list.activated_key.connect(self._open)
        self.list.selection_changed.connect(lambda _: self._refresh())
        self.list.state_action.connect(self._on_state_action)
        self.list.installEventFilter(self)
        for signal in (place.reminders.changed, place.reminders.state_changed, place.live.state_changed):
            signal.connect(self._refresh)
        theme_events().changed.connect(self._on_theme)
        self._over.installEventFilter(self)

    # ------------------------------------------------------------ opening
    def toggle(self) -> None:
        """Open or close."""
        if self.isVisible():
            self.leave()
        else:
            self.open()

    def open(self) -> None:
        """Show the list and take the keyboard."""
        if not self.isVisible():
            self._came_from = self.window().focusWidget()
        self._say("")
        self._show_sound()
        self.show()
        self._place_itself()
        self.raise_()
        self._refresh()
        if self.list.current_key() is None:
            self.list.set_current_row(0)
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.opened.emit()

    def leave(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
            self._came_from = None

    # ------------------------------------------------------------ verbs
    def acknowledge_selected(self) -> None:
        """确认 what is selected and mine."""
        chosen = self.list.selected()
        mine = [notice for notice in chosen if notice.mine]
        if not chosen:
            self._say("请先选择提醒", Tone.NEAR)
        elif not mine:
            self._say("所选提醒发给别人，由对方确认；您可以打开催办", Tone.NEAR)
        else:
            self.acknowledge(mine)

    def acknowledge_all(self) -> None:
        """确认 everything that is mine."""
        self.acknowledge(self._place.reminders.mine)

    def acknowledge(self, notices: Sequence[Notice]) -> None:
        """确认 these; what becomes of it is said below the list."""
        if not notices:
            self._say("没有发给您的提醒", Tone.MUTED)
        elif not self._place.live.online:
            self._say(OFFLINE, Tone.NEAR)
        else:
            self._place.backend.start(self._acknowledge(tuple(notices)), self)

    def toggle_whose(self) -> None:
        """A supervisor sees his own, or everybody's of the territory."""
        if _WATCHER in self._place.roles:
            self.list.show_all(not self.list.showing_all)
            self._refresh()

    def toggle_sound(self) -> None:
        """提示音 on or off."""
        self.set_sound("off" if self._preferences.sound == "on" else "on")

    def set_sound(self, code: str) -> None:
        """on or off, for all windows."""
        self._preferences.sound = code

    def set_tune(self, code: str) -> None:
        """Which tune, heard at once; whoever chooses one wants it on."""
        self._preferences.tune = code
        self._preferences.sound = "on"

    def set_volume(self, code: str) -> None:
        """How loud."""
        self._preferences.volume = code
        self._preferences.sound = "on"

    def _show_sound(self) -> None:
        self.sound.setText(f"提示音：{SOUNDS[self._preferences.sound]}")
        set_property(self.sound, "active", self._preferences.sound == "on")

    async def _acknowledge(self, notices: Sequence[Notice]) -> None:
        step = self.list.first_row(notices)
        self.list.mark(notices, RowState(RowStateKind.SENDING, "确认中"))
        self._say(f"正在确认 {len(notices):,} 条…", Tone.SENDING)
        try:
            taken = await self._place.reminders.acknowledge(notices)
        except DomainError as error:
            self.list.mark(notices, RowState(RowStateKind.FAILED, "未确认"))
            self._say(f"没有确认：{error.message}", Tone.OVERDUE)
            return
        late = len(notices) - taken
        more = f"；另 {late:,} 条已由他人确认或已不需要" if late else ""
        self._say(f"已确认 {taken:,} 条{more}", Tone.OK)
        if not self.list.selected_keys():
            self.list.set_current_row(step)

    # ------------------------------------------------------------ following
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the room there is; in the list the space bar acknowledges instead of selecting."""
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_itself()
        elif watched is self.list and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            return self._own_key(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _own_key(self, event: QKeyEvent) -> bool:
        deed = self._keys.get(event.key())
        if deed is not None and not event.isAutoRepeat():  # a key held too long must not take on one after the other
            deed()
        return deed is not None

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts off: a digit typed here must not dispatch a case behind."""
        if event.type() == QEvent.Type.ShortcutOverride and not self._is_passed(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; nothing goes through to the desk."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def _is_passed(self, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and _words(event) in _PASSED

    def _open(self, key: Hashable | None) -> None:
        notice = self._place.reminders.held.get(key) if isinstance(key, int) else None
        if notice is None:
            self._say("请先选择提醒", Tone.NEAR)
            return
        self.leave()
        if notice.entity is not None:
            self.matter_wanted.emit(notice.entity, notice.entity_id)
        else:
            self.case_wanted.emit(notice.case_id)

    def _on_state_action(self) -> None:
        if self._place.reminders.error is not None:
            self._place.reminders.reload()
        else:
            self.toggle_whose()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        (mine, _pressing), held = self._place.reminders.count(), len(self._place.reminders.held)
        others = f" · 范围内共 {held:,} 条" if _WATCHER in self._place.roles else ""
        self._detail.setText(f"待我确认 {mine:,} 条{others}")
        self.whose.setText(f"范围 {'全部' if self.list.showing_all else '我的'}")
        self.whose.setToolTip(f"换成{'只看我的' if self.list.showing_all else '全部'}（A）")
        set_property(self.whose, "active", self.list.showing_all)
        self.take_button.setEnabled(self.list.has_mine_selected())
        self.all_button.setEnabled(mine > 0)
        self.open_button.setEnabled(self.list.current_key() is not None)
        self.list.show_state()

    def _say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        self.said.setText(words)
        set_property(self.said, "tone", tone.value)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(sizes.pad_large, sizes.pad, sizes.pad_large, sizes.pad)
        for part in (self._column, self._head, self._foot):
            part.setSpacing(sizes.gap)
        self._place_itself()

    def _place_itself(self) -> None:
        """At the upper right."""
        room, sizes = self._over.size(), current_theme().sizes
        corner = self._over.mapTo(self.parentWidget(), QPoint(0, 0))
        width = min(max(round(room.width() * _WIDTH), sizes.row_height * _LEAST), room.width() - 2 * sizes.gap)
        self.setGeometry(corner.x() + room.width() - width - sizes.gap, corner.y() + sizes.gap, width,
                         round(room.height() * _HEIGHT))


def _words(event: QKeyEvent) -> str:
    """Ctrl+K; a typed character as itself."""
    typed = event.text()
    return typed if typed in ("?", "？") else QKeySequence(event.keyCombination()).toString()
