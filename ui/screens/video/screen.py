"""视频: the cameras at the left, slots at the right; shots go into a case, groups take turns."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import LIVE, SLOT_COUNTS, Camera
from ui.screens.video.camera_list import CameraList
from ui.screens.video.case_field import CaseField
from ui.screens.video.deck import CAMERA_MIME, HINT, VideoDeck, Watched
from ui.screens.video.evidence import EvidenceTaker
from ui.screens.video.layout_memory import LayoutMemory, SlotLayout
from ui.screens.video.rotation import Rotation
from ui.screens.video.slot_menu import SlotMenu
from ui.screens.video.tool_row import ToolRow
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone
from widgets.video import VideoGrid

VIDEO = "video"
_LIST_SHARE = 0.22


def video_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """The keys of the screen."""
    return (
        KeyGroup("画面", (("Ctrl+1 … 4", "1、4、9、16 路"), ("↑ ↓ ← →", "选择画面"), ("Enter", "放大，或还原"),
                         ("Esc", "还原"), ("Delete", "关闭这一路"), ("F4", "收起或展开摄像机列表"))),
        KeyGroup("摄像机", (("Ctrl+F", "搜索"), ("Enter", "打开到空画面"), ("Ctrl+D", "收藏，或取消"),
                           ("F5", "重新载入"))),
        KeyGroup("取证与轮巡", (("Ctrl+E", "填写取证的案件"), ("Ctrl+S", "抓拍存入案件"),
                              ("Ctrl+Shift+S", "最近 30 秒存入案件"), ("Ctrl+R", "开始或停止轮巡"),
                              ("PgUp PgDn", "轮巡上一页、下一页"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+T", "切换明暗主题"))),
    )


class VideoScreen(QWidget):
    """case_wanted(case id): shown elsewhere."""

    case_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.book = place, place.cameras
        self.setProperty("role", "screen")
        self.setObjectName(VIDEO)
        self.grid = VideoGrid(CAMERA_MIME, HINT)
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self.list = CameraList(place, lambda key: self.deck.slot_of(key) is not None)
        self.case, self.evidence = CaseField(place), EvidenceTaker(place, self)
        self.rotation = Rotation(self.deck, self.book)
        self.tools = ToolRow(self.book, self.case)
        self.menu = SlotMenu(self)
        self._memory = LayoutMemory(place.home, place.person.login)
        self._remembered: SlotLayout | None = self._memory.read()
        self._shown: set[int] = set()
        self._shared_out = False
        self._columns, self._right = QSplitter(Qt.Orientation.Horizontal), QVBoxLayout()
        self._around = QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self._add_keys()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self.grid.set_count(self._remembered.count)
        self.book.want()
        self._on_book()

    def _lay_out(self) -> None:
        right = QWidget()
        right.setLayout(self._right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.tools)
        self._right.addWidget(self.grid, 1)
        for part in (self.list, right):
            self._columns.addWidget(part)
        self._columns.setStretchFactor(1, 1)
        self._columns.setProperty("role", "gap")
        self._columns.setChildrenCollapsible(False)
        self._around.addWidget(self._columns)

    def _connect(self) -> None:
        self.list.opened.connect(self.show_camera)
        self.grid.dropped.connect(self._on_dropped)
        self.grid.menu_wanted.connect(self.menu.open)
        self.grid.selected.connect(lambda _: self._show_tools())
        self.deck.changed.connect(self._on_deck)
        self.deck.stated.connect(lambda _: self._show_tools())
        self.rotation.changed.connect(self._show_tools)
        self.evidence.busy_changed.connect(self._show_tools)
        self.case.changed.connect(self._show_tools)
        self.book.changed.connect(self._on_book)
        self.tools.count_wanted.connect(self.set_count)
        self.tools.rotation_wanted.connect(self.rotate)
        self.tools.stop_wanted.connect(self.rotation.stop)
        self.tools.shot_wanted.connect(self.take)
        self.tools.mark_wanted.connect(self.toggle_favourite)
        self.tools.clear_wanted.connect(self.clear)

    def _add_keys(self) -> None:
        keys = [(f"Ctrl+{n}", lambda count=count: self.set_count(count)) for n, count in enumerate(SLOT_COUNTS, 1)]
        keys += [("Ctrl+F", self.list.find), ("Ctrl+D", self.toggle_favourite), ("Ctrl+E", self.case.ask),
                 ("Ctrl+S", lambda: self.take(False)), ("Ctrl+Shift+S", lambda: self.take(True)),
                 ("Ctrl+R", self.toggle_rotation), ("PgDown", lambda: self.rotation.turn(1)),
                 ("PgUp", lambda: self.rotation.turn(-1)), ("F4", self.toggle_list), ("F5", self.book.reload)]
        for key, deed in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(deed)

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        return self.book.ready

    def take_keyboard(self) -> None:
        """Keys belong to the slots once there is something in them, before that to the list."""
        (self.grid if self.deck.watched else self.list.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes: end every look. What lay in the slots is remembered already."""
        self.deck.close()

    # ------------------------------------------------------------ verbs
    def show_camera(self, camera: Camera, slot: int | None = None, case: CaseRow | None = None,
                    note: str = "") -> None:
        """Into this slot, else the one that shows it, else a free one, else the keyboard's."""
        shown = self.deck.slot_of(camera.id)
        if slot is None:
            slot = shown if shown is not None else self.deck.free_slot()
        self.rotation.stop()
        purpose = "desk" if case is None else "case"
        note = note or self.book.label(camera.category)
        self.deck.put(slot, Watched(camera, purpose, None if case is None else case.id, note))
        self.grid.select(slot)
        if case is not None:
            self.case.set_case(case)

    def show_near(self, case: CaseRow, cameras: list[tuple[Camera, float]]) -> None:
        """Cameras near a case with their distance, metres, nearest first; the case is the one shots go to."""
        self.rotation.stop()
        self.deck.clear_all()
        wanted = next((count for count in SLOT_COUNTS if count >= len(cameras)), SLOT_COUNTS[-1])
        self.set_count(wanted)
        for slot, (camera, metres) in enumerate(cameras[:wanted]):
            self.show_camera(camera, slot, case, f"{self.book.label(camera.category)} · {metres:,.0f} m")
        self.case.set_case(case)

    def set_count(self, count: int) -> None:
        """1, 4, 9 or 16 slots."""
        self.grid.set_count(count)
        self.rotation.show_again()
        self._on_deck()

    def take(self, clip: bool) -> None:
        """A still, or the last half minute, of the keyboard's slot into the case."""
        stream = self.deck.stream(self.grid.current)
        words = self.evidence.why_not(stream, self.case.case)
        if words:
            self.place.notices.say("shot", words, Tone.NEAR)
            if self.case.case is None and stream is not None and stream.report.state == LIVE:
                self.case.ask()
            return
        assert stream is not None and self.case.case is not None
        self.evidence.take(stream, self.case.case, clip)

    def toggle_favourite(self) -> None:
        """Of the keyboard's camera: in the list when that has the keyboard, else in its slot."""
        camera = self.list.current() if self.list.isAncestorOf(self.focusWidget() or self) else self._current()
        camera = camera or self.list.current()
        if camera is not None:
            self.place.backend.start(self._mark(camera), self)

    async def _mark(self, camera: Camera) -> None:
        try:
            await self.book.set_favourite(camera.id, camera.id not in self.book.favourites)
        except DomainError as error:
            self.place.notices.say(("camera", camera.id), f"没有收藏：{camera.name}", Tone.OVERDUE, error.message)

    def clear(self) -> None:
        """Empty all slots."""
        self.rotation.stop()
        self.deck.clear_all()

    def rotate(self, group_id: int) -> None:
        """Let this group take turns."""
        group = next((group for group in self.book.groups if group.id == group_id), None)
        if group is not None:
            self.rotation.begin(group)

    def toggle_rotation(self) -> None:
        """Stop; or begin with the group chosen in the list, else the first."""
        if self.rotation.group is not None:
            self.rotation.stop()
        elif self.book.groups:
            chosen = self.list.group.selected_key()
            self.rotate(chosen if isinstance(chosen, int) else self.book.groups[0].id)
        else:
            self.place.notices.say("rotation", "还没有轮巡组", Tone.NEAR, "在列表中选择几路，右键新建轮巡组")

    def toggle_list(self) -> None:
        """More room for the slots, or the list again."""
        self.list.setVisible(not self.list.isVisible())
        self.take_keyboard()

    # ------------------------------------------------------------ inside
    def _current(self) -> Camera | None:
        watched = self.deck.watched.get(self.grid.current)
        return None if watched is None else watched.camera

    def _on_dropped(self, slot: int, keys: tuple[object, ...]) -> None:
        """Several fill the slots from there on."""
        known = [self.book.cameras[key] for key in keys if isinstance(key, int) and key in self.book.cameras]
        for offset, camera in enumerate(known[: self.grid.count - slot]):
            self.show_camera(camera, slot + offset)
        if len(known) > self.grid.count - slot:
            self.place.notices.say("slots", f"画面不够：还有 {len(known) - (self.grid.count - slot)} 路没有打开",
                                   Tone.NEAR, "换成 9 路或 16 路后再拖一次")

    def _on_book(self) -> None:
        if self.book.ready and self._remembered is not None:
            remembered, self._remembered = self._remembered, None
            for slot, key in remembered.cameras.items():
                if (camera := self.book.cameras.get(key)) is not None:
                    self.deck.put(slot, Watched(camera, note=self.book.label(camera.category)))
        for slot, watched in list(self.deck.watched.items()):
            camera = self.book.cameras.get(watched.camera.id)
            if camera is None and self.book.ready:
                self.deck.clear(slot)  # taken out of the city, or of this person's sight
            elif camera is not None and camera != watched.camera:
                self.deck.put(slot, Watched(camera, watched.purpose, watched.case_id, watched.note, watched.marks))
        self._show_tools()

    def _on_deck(self) -> None:
        shown = {watched.camera.id for slot, watched in self.deck.watched.items() if slot < self.grid.count}
        self.list.redraw((shown ^ self._shown) & self.book.cameras.keys())
        self._shown = shown
        if self._remembered is None and self.rotation.group is None:
            cameras = {slot: watched.camera.id for slot, watched in self.deck.watched.items()}
            self._memory.keep(SlotLayout(self.grid.count, cameras))
        self._show_tools()

    def _show_tools(self) -> None:
        stream = self.deck.stream(self.grid.current)
        camera = self._current()
        self.tools.show_state(
            count=self.grid.count,
            group=self.rotation.group,
            turn=(self.rotation.page + 1, self.rotation.pages),
            why_no_shot=self.evidence.why_not(stream, self.case.case),
            marked=None if camera is None else camera.id in self.book.favourites,
            states=[self._state(slot) for slot in self.deck.watched if slot < self.grid.count],
        )

    def _state(self, slot: int) -> str:
        stream = self.deck.stream(slot)
        return "" if stream is None else stream.report.state

    def showEvent(self, event: QShowEvent) -> None:
        """At first a list in which names can be read, the rest for the slots."""
        super().showEvent(event)
        if not self._shared_out:
            self._shared_out = True
            listed = max(round(self.width() * _LIST_SHARE), self.list.minimumSizeHint().width())
            self._columns.setSizes([listed, self.width() - listed])

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._columns.setHandleWidth(sizes.gap)
        self._right.setSpacing(sizes.pad_small)
