"""视频: the cameras at the left, slots at the right; shots go into a case, groups take turns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import LIVE, SLOT_COUNTS, Camera
from ui.screens.video.camera_list import CameraList
from ui.screens.video.case_field import CaseField
from ui.screens.video.deck import CAMERA_MIME, HINT, VideoDeck, Watched
from ui.screens.video.evidence import EvidenceTaker
from ui.screens.video.group_keeper import GroupKeeper
from ui.screens.video.keys import add_keys
from ui.screens.video.layout_memory import LayoutMemory, SlotLayout
from ui.screens.video.menus import group_entries, list_menu, open_menu, slot_menu
from ui.screens.video.rotation import MARK, Rotation
from ui.screens.video.tool_row import ToolRow
from ui.screens.video.viewings import ViewingWindow
from ui.screens.workplace import Workplace
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone
from widgets.video import VideoGrid

VIDEO = "video"
_LIST_SHARE = 0.22
_READ_AGAIN_MS = 5 * 60 * 1000  # no feed tells of cameras, nor of rights that were taken away


class VideoScreen(QWidget):
    """case_wanted(case id): shown elsewhere. wall_wanted(QScreen | None): what is shown here on a monitor of its own;
    wall_over(): no more.
    """

    case_wanted = Signal(object)
    wall_wanted = Signal(object)
    wall_over = Signal()

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.book = place, place.cameras
        self.setProperty("role", "screen")
        self.setObjectName(VIDEO)
        self.grid = VideoGrid(CAMERA_MIME, HINT)
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self.list = CameraList(place, lambda key: self.deck.slot_of(key) is not None)
        self.case, self.evidence = CaseField(place), EvidenceTaker(place, self)
        self.rotation = Rotation(self.deck, self.book, busy=lambda: self.evidence.recording)
        self.groups = GroupKeeper(place, self)
        self.tools = ToolRow(self.case, lambda menu: group_entries(menu, self))
        self._memory = LayoutMemory(place.home, place.person.login)
        self._remembered: SlotLayout | None = self._memory.read()
        self._shown: set[int] = set()
        self._shared_out = False
        self._read_again = QTimer(self)
        self._read_again.setInterval(_READ_AGAIN_MS)
        self._columns, self._right = QSplitter(Qt.Orientation.Horizontal), QVBoxLayout()
        self._around = QVBoxLayout(self)
        self._lay_out()
        self._connect()
        add_keys(self)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self.grid.set_count(self._remembered.count)
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
        self.list.menu_wanted.connect(lambda place: open_menu(list_menu(self), place))
        self.grid.dropped.connect(self._on_dropped)
        self.grid.menu_wanted.connect(lambda slot, place: open_menu(slot_menu(self, slot), place))
        self.grid.selected.connect(lambda _: self._show_tools())
        self.deck.changed.connect(self._on_deck)
        self.deck.stated.connect(lambda _: self._show_tools())
        self.rotation.changed.connect(self._show_tools)
        self.evidence.busy_changed.connect(self._show_tools)
        self.case.changed.connect(self._show_tools)
        self.book.changed.connect(self._on_book)
        self.tools.count_wanted.connect(self.set_count)
        self.tools.stop_wanted.connect(self.rotation.stop)
        self.tools.shot_wanted.connect(self.take)
        self.tools.mark_wanted.connect(self.toggle_favourite)
        self.tools.clear_wanted.connect(self.clear)
        self.tools.wall_wanted.connect(self.wall_wanted)
        self.tools.wall_over.connect(self.wall_over)
        self.grid.cleared.connect(lambda _: self.rotation.stop())
        self._read_again.timeout.connect(self.book.reload)

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        return self.book.ready

    def take_keyboard(self) -> None:
        """Keys belong to the slots once there is something in them, before that to the list."""
        (self.grid if self.deck.watched else self.list.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes: end every look."""
        self._memory.write()
        self.deck.close()

    # ------------------------------------------------------------ verbs
    def show_camera(self, camera: Camera, slot: int | None = None, case: CaseRow | None = None,
                    note: str = "") -> None:
        """Into this slot, else the one that shows it, else a free one, else the keyboard's."""
        shown = self.deck.slot_of(camera.id)
        if slot is None:
            slot = shown if shown is not None else self.deck.free_slot()
        elif shown is not None and shown != slot:
            self.deck.swap(shown, slot)  # it is never looked at twice
        self.rotation.stop()
        if self.grid.large not in (None, slot):
            self.grid.enlarge(None)
        purpose = "desk" if case is None else "case"
        note = note or self.book.label(camera.category)
        self.deck.put(slot, Watched(camera, purpose, None if case is None else case.id, note))
        self.grid.select(slot)
        if case is not None:
            self.case.set_case(case)

    def show_cameras(self, cameras: Sequence[Camera], slot: int | None = None) -> None:
        """Several, into the slots from there on; without a slot into those that are free."""
        count = self.grid.count
        room = count - (slot or 0)
        with self.deck.at_once():
            for offset, camera in enumerate(cameras[:room]):
                self.show_camera(camera, None if slot is None else slot + offset)
        if len(cameras) > room:
            more = next((n for n in SLOT_COUNTS if n > count), None)
            hint = f"换成 {more} 路后再试" if more else "建成轮巡组可轮流查看"
            self.place.notices.say("slots", f"画面不够：还有 {len(cameras) - room} 路没有打开", Tone.NEAR, hint)

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

    def take(self, clip: bool, slot: int | None = None) -> None:
        """A still, or the last half minute, of a slot, else the keyboard's, into the case."""
        stream = self.deck.stream(self.grid.current if slot is None else slot)
        words = self.evidence.why_not(stream, self.case.case)
        if words:
            self.place.notices.say("shot", words, Tone.NEAR)
            if self.case.case is None and stream is not None and stream.report.state == LIVE:
                self.case.ask()
            return
        assert stream is not None and self.case.case is not None
        self.evidence.take(stream, self.case.case, clip)

    def toggle_favourite(self) -> None:
        """Of what is selected in the list when that has the keyboard, else of the keyboard's slot."""
        in_list = self.list.isAncestorOf(self.focusWidget() or self)
        camera = self._current()
        cameras = self.list.selected() if in_list or camera is None else [camera]
        self.mark(cameras, not all(one.id in self.book.favourites for one in cameras))

    def mark(self, cameras: Sequence[Camera], on: bool) -> None:
        """收藏, or no longer."""
        for camera in cameras:
            if (camera.id in self.book.favourites) != on:
                self.place.backend.start(self._mark(camera, on), self)

    async def _mark(self, camera: Camera, on: bool) -> None:
        try:
            await self.book.set_favourite(camera.id, on)
        except DomainError as error:
            words = "没有收藏" if on else "没有取消收藏"
            self.place.notices.say(("camera", camera.id), f"{words}：{camera.name}", Tone.OVERDUE, error.message)

    def show_viewings(self, camera: Camera | None = None) -> ViewingWindow:
        """Who looked at this camera, or at any."""
        window = ViewingWindow(self.place, camera, self)
        window.show()
        return window

    def close_slot(self, slot: int) -> None:
        """Empty it; a rotation would fill it again."""
        self.rotation.stop()
        self.deck.clear(slot)

    def clear(self) -> None:
        """Empty all slots."""
        self.rotation.stop()
        self.deck.clear_all()

    def rotate(self, group_id: int) -> None:
        """Let this group take turns."""
        group = next((group for group in self.book.groups if group.id == group_id), None)
        if group is None:
            return
        if self.rotation.begin(group):
            self.take_keyboard()
        else:
            self.place.notices.say("rotation", f"轮巡组“{group.name}”里没有可以查看的画面", Tone.NEAR,
                                   "组里的摄像机已停用、已移除，或您的岗位无权查看")

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
        self.show_cameras(known, slot)

    def _on_book(self) -> None:
        if self.book.ready:
            self._recall()
            self.deck.renew(self.book.cameras)
        self._show_tools()

    def _recall(self) -> None:
        """What lay in the slots when this person worked here last; a camera put in meanwhile stays."""
        if self._remembered is None:
            return
        remembered, self._remembered = self._remembered, None
        with self.deck.at_once():
            for slot, key in remembered.cameras.items():
                if (camera := self.book.cameras.get(key)) is not None and slot not in self.deck.watched:
                    self.deck.put(slot, Watched(camera, note=self.book.label(camera.category)))

    def _on_deck(self) -> None:
        shown = {watched.camera.id for slot, watched in self.deck.watched.items() if slot < self.grid.count}
        self.list.redraw((shown ^ self._shown) & self.book.cameras.keys())
        self._shown = shown
        if self._remembered is None and self.rotation.group is None:
            self._memory.keep(self.layout_now())
        self._show_tools()

    def layout_now(self) -> SlotLayout:
        """What is shown, as it is remembered and put on the wall."""
        cameras = {slot: watched.camera.id for slot, watched in self.deck.watched.items() if watched.marks != MARK}
        group = self.rotation.group
        return SlotLayout(self.grid.count, cameras, None if group is None else group.id)

    def show_wall(self, on: bool) -> None:
        """Whether the wall's window is open."""
        self.tools.on_wall = on

    def _show_tools(self) -> None:
        stream = self.deck.stream(self.grid.current)
        camera = self._current()
        self.tools.show_state(
            count=self.grid.count,
            group=self.rotation.group,
            turn=(self.rotation.page + 1, self.rotation.pages),
            held=self.rotation.held,
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
        self.book.want()
        self._read_again.start()
        if not self._shared_out:
            self._shared_out = True
            listed = max(round(self.width() * _LIST_SHARE), self.list.minimumSizeHint().width())
            self._columns.setSizes([listed, self.width() - listed])

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees need not be fresh."""
        super().hideEvent(event)
        self._read_again.stop()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._columns.setHandleWidth(sizes.gap)
        self._right.setSpacing(sizes.pad_small)
