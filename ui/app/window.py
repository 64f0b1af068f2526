"""The main window: top bar, banners, the screen, toasts; several may stand over one session."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.emergency import EmergencyPlace
from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MEETING, ORDER, TASK, WHISTLE, SummonsRow
from commandcenter.domain.notices import Notice as Reminder
from commandcenter.domain.video import CameraGroup
from ui.app.docks import DOCKS, Docks
from ui.app.emergency_bar import EmergencyBar
from ui.app.emergency_subject import subject_of
from ui.app.looks import Looks
from ui.app.notice_list import NoticeList
from ui.app.preferences import DENSITY_NAMES, SOUNDS, THEMES, Preferences
from ui.app.reminder_panel import ReminderPanel, reminder_keys
from ui.app.reminder_toast import REMINDERS, ReminderToasts
from ui.app.replay_verbs import REPLAY_KEY
from ui.app.toast_room import kept_free
from ui.app.top_bar import TopBar
from ui.app.tunes import TUNES, VOLUMES
from ui.app.verbs import Shell, VerbError, Verbs
from ui.app.wall_menus import WallMenu
from ui.app.wall_stand import wall_of
from ui.app.window_place import WindowPlace
from ui.bridge.joint_finding import find_summons
from ui.bridge.notices import Note
from ui.joint.presets import from_cases
from ui.screens.affairs.screen import AFFAIRS, AffairsScreen
from ui.screens.desk.desk import DeskScreen
from ui.screens.registry import EMERGENCY, FIGURES, MAP, SCREENS
from ui.screens.video.screen import VIDEO, VideoScreen
from ui.screens.wall.push import add_push_menu, pusher_of
from ui.screens.whistle.screen import JointScreen
from ui.screens.workplace import Workplace
from widgets.key_help import KeyHelp
from widgets.notice import Notice
from widgets.toast import ToastData, ToastStack
from widgets.tones import Tone

_TOLD_S = 10.0
_CARING = frozenset({"supervisor", "admin"})  # who can have a server brought up to date


class MainWindow(QMainWindow):
    """closed(window); log_out_wanted(); quit_wanted(); window_wanted(): one more on the same session. screen_shown();
    layout_taken(): every window is to stand as the preferences now say."""

    closed = Signal(object)
    log_out_wanted = Signal()
    quit_wanted = Signal()
    window_wanted = Signal()
    screen_shown = Signal()
    layout_taken = Signal()

    def __init__(self, place: Workplace, looks: Looks, preferences: Preferences, post: str = "dispatch") -> None:
        super().__init__()
        self.place, self.post, self.screen_name = place, post, "dispatch"
        self._looks, self._preferences = looks, preferences
        self._stand = WindowPlace(self, post, preferences)
        self.docks = Docks(self, post, preferences, self.screen_of)
        self.wall = wall_of(place, preferences)
        self.setWindowTitle(f"指挥中心 · {place.backend.directory.title}")
        self.bar = TopBar(place, list(SCREENS.values()))
        self.banner, self.warning, self.duty = Notice(), Notice(slim=True), Notice(slim=True)
        self.alarm = EmergencyBar(place, self, self, self.subject)
        self._warned: tuple[str, ...] = ()
        self.stack = QStackedWidget()
        self._screens: dict[str, QWidget] = {}
        self.desk = self.screen_of("dispatch")
        self._build()
        self.toasts = ToastStack(self, kept_free=lambda: kept_free(self, self.stack))
        self.help, self.notice_list = KeyHelp(self), NoticeList(self)
        self.reminders = ReminderPanel(place, preferences, self.stack, self)
        ReminderToasts(place, self.toasts, self.reminders)
        self.verbs = Verbs(place, self.desk, self._shell(), self, preferences)
        self._connect()
        self._fill_menu()
        self._add_keys()
        self._show_warnings()
        self._show_duty(place.duty.warning)
        self.show_screen("dispatch")
        self.alarm.refresh()
        self._on_state()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.alarm.strip, self.warning, self.duty, self.banner):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(body)

    def _shell(self) -> Shell:
        return Shell(self._looks.set_theme, self._looks.set_density, self.window_wanted.emit, self.help.toggle,
                     self._open_notices, self.reminders.open, self._acknowledge, self.reminders.set_sound,
                     self.toasts.dismiss_all, self.log_out_wanted.emit, self.quit_wanted.emit)

    def _connect(self) -> None:
        place = self.place
        self.bar.screen_chosen.connect(self.show_screen)
        self.bar.notices_wanted.connect(self._open_notices)
        self.bar.command.set_complete(self.verbs.complete)
        self.bar.command.submitted.connect(self._run)
        self.bar.pill.clicked.connect(self._tell_state)
        self.warning.action_triggered.connect(self._take_note)
        self.notice_list.case_wanted.connect(self.open_case)
        self.notice_list.queue_wanted.connect(self._open_queue)
        self.toasts.action_triggered.connect(self._take_up)
        self.toasts.expired.connect(place.notices.expire)
        self.toasts.more_wanted.connect(self._read_more)
        place.notices.posted.connect(self._toast)
        self.bar.bell.clicked.connect(self.reminders.toggle)
        self.reminders.case_wanted.connect(self.open_case)
        self.reminders.matter_wanted.connect(self.open_matter)
        place.live.state_changed.connect(self._on_state)
        place.duty.changed.connect(self._show_duty)
        self.wall.changed.connect(self._show_wall)

    def _fill_menu(self) -> None:
        menu = self.bar.menu
        self._add_choices(menu, "主题", THEMES, lambda: self._looks.theme, self._looks.set_theme)
        self._add_choices(menu, "密度", DENSITY_NAMES, lambda: self._looks.density, self._looks.set_density)
        self._add_choices(menu, "提示音", SOUNDS, lambda: self._preferences.sound, self.reminders.set_sound)
        self._add_choices(menu, "提示音样式", TUNES, lambda: self._preferences.tune, self.reminders.set_tune)
        self._add_choices(menu, "提示音音量", VOLUMES, lambda: self._preferences.volume, self.reminders.set_volume)
        menu.addSeparator()
        menu.addAction("再开一个窗口").triggered.connect(self.window_wanted)
        self._add_docks(menu)
        menu.addMenu(WallMenu(self.wall, self._preferences, self))
        self._add_scenes(menu)
        menu.addAction("本屏快捷键（?）").triggered.connect(self.help.toggle)
        menu.addSeparator()
        menu.addAction("注销").triggered.connect(self.log_out_wanted)
        menu.addAction("退出").triggered.connect(self.quit_wanted)

    def _add_choices(self, menu: QMenu, title: str, names: dict[str, str], now, choose) -> None:
        part, group = menu.addMenu(title), QActionGroup(self)
        for code, name in names.items():
            action = QAction(name, group, checkable=True)
            action.triggered.connect(lambda _=False, c=code: choose(c))
            action.setData(code)
            part.addAction(action)
        part.aboutToShow.connect(lambda: [a.setChecked(a.data() == now()) for a in group.actions()])

    def _add_scenes(self, menu: QMenu) -> None:
        """Scenes that a supervisor may put on a wall, as they are when the menu opens."""
        pusher = pusher_of(self.place)
        if not pusher.may_push:
            return
        part = menu.addMenu("大屏场景")
        part.aboutToShow.connect(lambda: self._fill_scenes(part))

    def _fill_scenes(self, menu: QMenu) -> None:
        menu.clear()
        for scene in pusher_of(self.place).scenes:
            add_push_menu(menu.addMenu(scene.label), self.place, "scene", None, f"场景 {scene.label}", scene.code)
        if menu.isEmpty():
            menu.addAction("正在读取场景").setEnabled(False)

    def _add_docks(self, menu: QMenu) -> None:
        part = menu.addMenu("拆出面板")
        for dock in DOCKS.values():
            action = QAction(dock.title, part, checkable=True)
            action.setData(dock.key)
            action.triggered.connect(lambda _=False, key=dock.key: self.docks.toggle(key))
            part.addAction(action)
        part.aboutToShow.connect(lambda: [a.setChecked(a.data() in self.docks.torn) for a in part.actions()])

    def _add_keys(self) -> None:
        keys = (("Ctrl+K", self.bar.command.focus_now), ("?", self.help.toggle), ("？", self.help.toggle),
                ("Ctrl+T", self._looks.toggle_theme), ("Ctrl+Shift+N", self.window_wanted.emit),
                ("Ctrl+Q", self.quit_wanted.emit), ("F8", self.reminders.toggle),
                ("Shift+Esc", self.toasts.dismiss_all), (REPLAY_KEY, self.verbs.replay.chosen))
        for key, deed in keys:
            QShortcut(QKeySequence(key), self).activated.connect(deed)

    # ------------------------------------------------------------ verbs
    def screen_of(self, name: str) -> QWidget:
        """A screen of the registry; made when it is first wanted."""
        if name not in self._screens:
            made = self._screens[name] = SCREENS[name].make(self.place)
            self.stack.addWidget(made)
            if isinstance(made, DeskScreen):
                made.summons_wanted.connect(self.show_summons)
                made.cameras_wanted.connect(lambda case, cameras: self.video_screen().show_near(case, cameras))
            if isinstance(made, DeskScreen | JointScreen):
                made.replay_wanted.connect(lambda moment: self.map_desk().replay.show(moment))
            if isinstance(made, VideoScreen):
                made.case_wanted.connect(self.open_case)
                made.wall_wanted.connect(lambda screen: self.open_wall(screen=screen))
                made.wall_over.connect(self.wall.close)
                made.show_wall(self.wall.on)
            if name == FIGURES:
                made.figure_wanted.connect(self._show_figure)
            if name == EMERGENCY:
                made.case_wanted.connect(self.open_case)
                made.matter_wanted.connect(self.open_matter)
            if name == MAP:
                self._connect_map(made)
            if isinstance(made, JointScreen | AffairsScreen):
                made.case_wanted.connect(self.open_case)
                made.matter_wanted.connect(self.open_matter)
            if isinstance(made, JointScreen):
                made.order_wanted.connect(lambda preset: self.joint_screen(ORDER).compose(preset))
            if isinstance(made, AffairsScreen):
                made.wanted_whistle.connect(self._whistle_for)
        return self._screens[name]

    def subject(self) -> EmergencyPlace | None:
        """What an emergency would be about."""
        return subject_of(self.shown, self.screen_name)

    def _show_figure(self, key: str) -> None:
        """The cases behind a figure of 态势: open ones on the map, others in their queue, whistles on a board."""
        queues = {queue.key for queue in self.place.queues}
        if key == "whistles":
            self.joint_screen(WHISTLE)
        elif key in queues:
            self._open_queue(key)
        else:
            self.show_screen(MAP)

    def map_desk(self) -> QWidget:
        """Show 地图."""
        self.show_screen(MAP)
        return self.screen_of(MAP)

    def made_map(self) -> QWidget | None:
        """地图, if it was shown before."""
        return self._screens.get(MAP)

    def emergency_screen(self) -> QWidget:
        """Show 应急."""
        self.show_screen(EMERGENCY)
        return self.screen_of(EMERGENCY)

    def _connect_map(self, made: QWidget) -> None:
        made.case_wanted.connect(self.open_case)
        made.summons_wanted.connect(self.show_summons)
        made.camera_wanted.connect(lambda camera: self.video_screen().show_camera(camera))
        made.cameras_wanted.connect(lambda case, cameras: self.video_screen().show_near(case, cameras))
        made.compose_wanted.connect(lambda preset: self.joint_screen(preset.kind).compose(preset))

    @property
    def shown(self) -> QWidget:
        """The screen in sight."""
        return self.stack.currentWidget()

    def show_screen(self, name: str) -> None:
        """Another screen of the registry."""
        self.screen_name = name
        self.stack.setCurrentWidget(self.screen_of(name))
        self.bar.choose(name)
        self.help.set_keys((*SCREENS[name].keys(self.place.roles), reminder_keys(self.place.roles)))
        self.shown.take_keyboard()
        self.screen_shown.emit()

    def open_case(self, case_id: int) -> None:
        """Show a case on the desk."""
        self.show_screen("dispatch")
        self.desk.open_case(case_id)

    def open_matter(self, entity: str, entity_id: int) -> None:
        """Show a whistle or order on its board, a meeting or task on 会商督办."""
        self.place.backend.start(self._open_matter(entity, entity_id), self)

    async def _open_matter(self, entity: str, entity_id: int) -> None:
        if entity in (MEETING, TASK):
            await self._open_affair(entity, entity_id)
            return
        try:
            row = await find_summons(self.place, entity, entity_id)
        except DomainError as error:
            self.place.notices.say("open", "读取失败", Tone.NEAR, error.message)
            return
        if row is not None:
            self.show_summons(row)
        else:
            self.place.notices.say("open", "没有对应的吹哨，或它不在您的范围内", Tone.NEAR)

    def affairs_screen(self) -> AffairsScreen:
        """Show 会商督办."""
        self.show_screen(AFFAIRS)
        return self.screen_of(AFFAIRS)

    async def _open_affair(self, entity: str, entity_id: int) -> None:
        if not await self.affairs_screen().open_affair(entity, entity_id):
            self.place.notices.say("open", "没有这一条，或它不在您的范围内", Tone.NEAR)

    def _whistle_for(self, cases: Sequence[int]) -> None:
        """A sheet about these cases of the ledger."""
        rows = [row for case_id in cases if (row := self.place.live.row(case_id)) is not None]
        self.joint_screen(WHISTLE).compose(from_cases(self.place, WHISTLE, rows))

    def joint_screen(self, kind: str) -> JointScreen:
        """Show the screen of whistles or orders."""
        self.show_screen(kind)
        return self.screen_of(kind)

    def video_screen(self) -> VideoScreen:
        """Show 视频."""
        self.show_screen(VIDEO)
        return self.screen_of(VIDEO)

    def open_hall(self, screen: QScreen | None = None) -> None:
        """一屏观天下 with all its scenes, on a monitor of its own."""
        self.wall.open(None, screen, beside=self.screen())

    def open_wall(self, group: CameraGroup | None = None, screen: QScreen | None = None) -> None:
        """This group, else what 视频 shows, on a monitor of its own."""
        layout = self.screen_of(VIDEO).layout_now()
        if group is not None:
            layout = replace(layout, group=group.id, cameras={})
        self.wall.open(layout, screen, beside=self.screen())

    def close_wall(self) -> bool:
        """False when it was not open."""
        was_on = self.wall.on
        self.wall.close()
        return was_on

    def _show_wall(self) -> None:
        if isinstance(made := self._screens.get(VIDEO), VideoScreen):
            made.show_wall(self.wall.on)

    def open_joint(self) -> JointScreen | None:
        """The screen of whistles or orders, while one is shown."""
        return self.shown if isinstance(self.shown, JointScreen) else None

    def show_summons(self, row: SummonsRow) -> None:
        """Open a whistle or order on its screen."""
        self.joint_screen(row.kind).show_row(row)

    def _open_queue(self, key: str) -> None:
        self.show_screen("dispatch")
        self.desk.show_queue(key)

    def place_on_screen(self) -> None:
        """Stand where this post's window stood last, with the panels that were torn off."""
        self._stand.take()
        self.docks.restore()

    def go_to(self, screen: QScreen) -> None:
        """Fill a monitor, from now on this post's."""
        self.setWindowState(Qt.WindowState.WindowNoState)
        self.setScreen(screen)
        self.setGeometry(screen.availableGeometry())
        self.setWindowState(Qt.WindowState.WindowMaximized)

    def remember_place(self) -> None:
        """Write down where it stands now."""
        self._stand.remember()

    def take_layout(self) -> None:
        """The preferences tell of another arrangement."""
        self.layout_taken.emit()

    # ------------------------------------------------------------ following
    def _run(self, text: str) -> None:
        try:
            self.verbs.run(text)
        except VerbError as error:
            self.bar.command.set_error(str(error))
        else:
            self.bar.command.clear()
            self.shown.take_keyboard()

    def _toast(self, note: Note, action_text: str) -> None:
        """What went wrong stands until it is read, or until it went well after all."""
        if note.tone is Tone.OK:
            for case in (note.case_id, *(note.key[1:] if isinstance(note.key, tuple) else ())):
                self.toasts.dismiss(("refused", case))
        seconds = 0.0 if note.tone is Tone.OVERDUE else _TOLD_S
        self.toasts.push(ToastData(note.key, note.text, note.tone, note.detail, action_text, seconds))

    def _read_more(self) -> None:
        self.toasts.dismiss_hidden()
        self._open_notices()

    def _open_notices(self) -> None:
        self.notice_list.open_below(self.bar.notices, self.place.notices, self.place.words)

    # ------------------------------------------------------------ reminders
    def _take_up(self, key: Hashable) -> None:
        if key == REMINDERS:
            self.reminders.open()
        else:
            self.place.notices.take_up(key)

    def _acknowledge(self, reminders: Sequence[Reminder] | None) -> None:
        self.reminders.open()
        if reminders is None:
            self.reminders.acknowledge_selected()
        else:
            self.reminders.acknowledge(reminders)

    def _tell_state(self) -> None:
        state = self.place.live.state
        self.place.notices.say("state", self.bar.pill.text(), detail=state.reason or _MEANING.get(state.kind, ""))

    def _on_state(self) -> None:
        live = self.place.live
        if live.state.kind != "disconnected":
            self.banner.hide()
            return
        since = self.place.words.clock_time(live.state.since)
        self.banner.show_text(f"与服务器的连接已断开（自 {since}），正在自动重连。"
                              "画面停在断开时；已填内容保留，恢复后自动更新。", Tone.OVERDUE)

    def _show_warnings(self) -> None:
        """Once per session: in sight of whoever can do something about it, in the list of all others."""
        warnings = self.place.take_warnings()
        for warning in warnings:
            self.place.notices.list_only(Note(("warning", warning), warning, Tone.NEAR))
        fresh = [warning for warning in warnings if not self._preferences.took_note(warning)]
        if fresh and _CARING & self.place.roles:
            self._warned = tuple(fresh)
            self.warning.show_text("；".join(fresh), Tone.NEAR, "知道了")

    def _show_duty(self, words: str) -> None:
        """As long as it is so: what the desk shows of deadlines and figures is then not to be relied on."""
        if words:
            self.duty.show_text(words, Tone.NEAR)
        else:
            self.duty.hide()

    def _take_note(self) -> None:
        for warning in self._warned:
            self._preferences.take_note(warning)
        self.warning.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep drafts and place."""
        for screen in self._screens.values():
            screen.keep_drafts()
        self._stand.remember()
        self.docks.end()
        super().closeEvent(event)
        self.closed.emit(self)


_MEANING = {"live": "画面与数据库一致，延迟如上", "catching_up": "正在读取断开期间的变化",
            "connecting": "正在连接服务器"}
