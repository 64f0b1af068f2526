"""地图: the territory, what happens in it and who is there; from any of it to its cases, and on to a whistle."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from commandcenter.domain.joint import ORDER, WHISTLE
from commandcenter.domain.model import CaseRow
from ui.bridge.map_book import MapBook
from ui.bridge.map_sources import CaseSource, JointSource
from ui.models.map_areas import TOP, Areas, Key
from ui.models.map_ground import Ground, ground_of, labels
from ui.models.map_marks import CASES
from ui.screens.map.case_layer import CaseLayer
from ui.screens.map.case_list import CaseList
from ui.screens.map.finding import Finding
from ui.screens.map.heat_pane import HeatPane
from ui.screens.map.joint_layer import JointLayer
from ui.screens.map.keys import add_keys, map_keys
from ui.screens.map.layers_pane import (
    CAMERA_LAYER,
    CELLS,
    HEAT,
    NAMES,
    ORDER_LAYER,
    WHISTLE_LAYER,
    WORKER_LAYER,
    LayersPane,
)
from ui.screens.map.legend import Legend
from ui.screens.map.listing import Listing
from ui.screens.map.map_menu import MapMenu
from ui.screens.map.map_slot import MapSlot
from ui.screens.map.memory import MapMemory, MapMemoryFile
from ui.screens.map.people_layers import CameraLayer, WorkerLayer
from ui.screens.map.picked_card import PickedCard
from ui.screens.map.picking import Picking
from ui.screens.map.picture_file import PictureFile
from ui.screens.map.tile_choice import TileChoice
from ui.screens.map.tips import set_tips
from ui.screens.map.tool_row import ToolRow
from ui.screens.map.topic_rows import TopicRows
from ui.screens.map.whereabouts import CELL
from ui.screens.replay.pane import ReplayPane
from ui.screens.workplace import Workplace
from widgets.map import MapCanvas
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.theme import current_theme, theme_events

MAP = "map"
_SIDES = (0.14, 0.26)  # layers, list: shares of the width at first
__all__ = ["MAP", "MapDesk", "map_keys"]


class MapDesk(QWidget):
    """case_wanted(case id), summons_wanted(SummonsRow), camera_wanted(Camera), cameras_wanted(CaseRow, list of Camera
    and metres), compose_wanted(NewSummons): shown elsewhere.
    """

    case_wanted = Signal(object)
    summons_wanted = Signal(object)
    camera_wanted = Signal(object)
    cameras_wanted = Signal(object, object)
    compose_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "screen")
        self.setObjectName(MAP)
        self.book = MapBook(place.backend, place.live, self)
        self.areas = Areas(place.backend.directory)
        self.focus: Key = self.areas.home([duty.org_id for duty in place.person.duties])
        self.ground: Ground | None = None
        self._clicked = False
        self._shared_out, self._ready, self._keys_wait = False, False, False
        self._memory = MapMemoryFile(place.home, place.person.login)
        self.canvas, self.state = MapCanvas(), StatePanel()
        self.cases = CaseLayer(place, self.canvas, self.areas)
        self.joint = JointLayer(place.joint, self.canvas, self.areas)
        self.workers = WorkerLayer(self.book, self.canvas, self.areas)
        self.cameras = CameraLayer(place.cameras, self.canvas, self.areas)
        self.layers, self.tools, self.list = LayersPane(), ToolRow(), CaseList(place, self.cases)
        self.heat = HeatPane(place, self.book, self.canvas)
        self.tiles = TileChoice(self.canvas, self.layers, self)
        self.card = PickedCard(place, self.book, self.left_words)
        self.slot = MapSlot(place)
        self.topic_rows = TopicRows(place)
        self.listing, self.picking, self.finding = Listing(self), Picking(self), Finding(self)
        self.pictures = PictureFile(self.canvas, place.notices, self)
        self.menu = MapMenu(self)
        self.tools.search.set_find(self.finding.find)
        self.legend = Legend(self)
        self._columns, self._right = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        self._centre, self._over, self._around = QVBoxLayout(), QStackedLayout(), QVBoxLayout(self)
        self._bar: QWidget | None = None
        self._side: QWidget | None = None
        self._lay_out()
        self._connect()
        add_keys(self)
        set_tips(self)
        self._on_theme()
        self._recall()
        self._renew()
        self.replay = ReplayPane(place, self)
        self.tools.replay_wanted.connect(self.replay.toggle)

    def _lay_out(self) -> None:
        centre = QWidget()
        centre.setLayout(self._centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.addWidget(self.tools)
        for part in (self.canvas, self.state):
            self._over.addWidget(part)
        self._centre.addLayout(self._over, 1)
        self.layers.heat_place.addWidget(self.heat)
        self.layers.topic_place.addWidget(self.topic_rows)
        for part in (self.card, self.list, self.slot):
            self._right.addWidget(part)
        self._right.setStretchFactor(1, 1)
        for part in (self.layers, centre, self._right):
            self._columns.addWidget(part)
        self._columns.setStretchFactor(1, 1)
        for splitter in (self._columns, self._right):
            splitter.setProperty("role", "gap")
            splitter.setChildrenCollapsible(False)
        self._around.addWidget(self._columns)

    def _connect(self) -> None:
        place, canvas = self.place, self.canvas
        self.book.shapes_changed.connect(self._on_shapes)
        self.layers.toggled.connect(lambda _: self._show_layers())
        self.tools.crumbs.chosen.connect(self.go_to)
        self.tools.crumbs.figure_chosen.connect(self.listing.show_area)
        self.tools.mode_chosen.connect(self.set_mode)
        self.tools.whole_wanted.connect(lambda: self.look_at(self.focus))
        self.tools.picture_wanted.connect(self.save_picture)
        self.tools.search.chosen.connect(self.finding.go)
        self.tools.search.left.connect(self.take_keyboard)
        canvas.picked.connect(self._on_picked)
        canvas.cell_picked.connect(lambda cell: self._on_picked(CELL, cell))
        canvas.installEventFilter(self)
        self.list.opened.connect(self.case_wanted)
        self.list.pointed.connect(self._on_pointed)
        self.slot.camera_wanted.connect(self.camera_wanted)
        self.slot.left.connect(self.take_keyboard)
        self.state.action_triggered.connect(self.book.reload)
        place.live.state_changed.connect(self._show_state)
        place.words_changed.connect(self._on_directory)
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        shown = self.ground is not None and self.cases.ready and not self.cases.filling and not self.list.filling
        book, cameras = self.book, self.place.cameras
        people = book.workers_ready or book.workers_error is not None or not self.layers.on(WORKER_LAYER)
        return shown and people and (cameras.ready or cameras.error is not None) and not self.heat.working

    def take_keyboard(self) -> None:
        """Keys belong to the map, as soon as there is one; to the bar of a replay."""
        self._keys_wait = self.ground is None
        keys = self.replay.bar.track if self.replay.active else self.canvas
        keys.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes: end every look, remember what was shown."""
        self._memory.write(MapMemory(self.layers.state(), self.tiles.path))
        self.slot.shut()
        self.tiles.shut()

    # ------------------------------------------------------------ another moment
    def set_replay(self, bar: QWidget | None) -> None:
        """Put the bar of the replay below the map, or take it out."""
        if self._bar is not None:
            self._centre.removeWidget(self._bar)
            self._bar.setParent(None)
        self._bar = bar
        if bar is not None:
            self._centre.addWidget(bar)

    def set_side(self, widget: QWidget | None) -> None:
        """Let this stand where the list and the slot stand; None: they again."""
        if self._side is not None:
            self._side.setParent(None)
        self._side = widget
        if widget is not None:
            self._right.insertWidget(1, widget)
        for part in (self.list, self.slot):
            part.setVisible(widget is None)

    def show_picture(self, source: CaseSource | None, joint_source: JointSource | None = None) -> None:
        """Cases and whistles of another moment instead of the present ones; None: live again."""
        self.cases.set_source(source or self.place.live)
        self.joint.set_source(joint_source or self.place.joint)
        self.tools.show_replaying(self.replaying)
        self._show_layers()
        self.picking.refresh()

    @property
    def replaying(self) -> bool:
        """Another moment is shown."""
        return self.cases.source is not self.place.live

    # ------------------------------------------------------------ where
    def go_to(self, key: Key, look: bool = True) -> None:
        """Drill to a node; look: the map shows the whole of it."""
        if self.areas.area(key) is None:
            return
        self.focus = key
        self._show_layers()
        self.listing.show_area(key)
        if look:
            self.look_at(key)
        self.legend.show_figures()

    def go_up(self) -> bool:
        """One level; False at the top."""
        area = self.areas.area(self.focus)
        if area is None or area.parent is None:
            return False
        self.go_to(area.parent)
        return True

    def look_at(self, key: Key) -> None:
        """The map shows the whole of a node."""
        area = self.areas.area(key)
        bounds = self.ground.bounds(area.cells) if self.ground is not None and area is not None else None
        if bounds is not None:
            self.canvas.fit(bounds)

    def step_back(self) -> bool:
        """Esc: first what was picked, then what was listed, then a level up; False where there is nothing more."""
        if self.canvas.mode != "pan":
            self.set_mode("pan")
            return True
        return self.picking.drop() or self.listing.close() or self.go_up()

    # ------------------------------------------------------------ picking
    def _on_picked(self, layer: str, number: int) -> None:
        self._clicked = self.picking.pick(layer, number)

    def _on_pointed(self, case_id: int | None) -> None:
        """The keyboard goes through the list: the map shows where the case is, if it can be seen; its card follows."""
        if case_id is not None and self.list.table.hasFocus():
            self.picking.pick(CASES, case_id)

    # ------------------------------------------------------------ verbs
    def set_mode(self, mode: str) -> None:
        """pan, box or lasso."""
        self.canvas.mode = mode
        self.tools.show_mode(mode)

    def save_picture(self) -> None:
        """What the map shows, as a file."""
        self.pictures.ask(f"地图-{self.areas.short_name(self.focus)}")

    def toggle_layers(self) -> None:
        """More room for the map, or the layers again."""
        self.layers.setVisible(not self.layers.isVisible())

    def reload(self) -> None:
        """Everything anew."""
        self.book.reload()
        self.place.cameras.reload()
        self.place.live.resync()

    # ------------------------------------------------------------ following
    def _on_directory(self) -> None:
        self.areas = Areas(self.place.backend.directory)
        if self.areas.area(self.focus) is None:
            self.focus = TOP
        self.cases.set_areas(self.areas)
        self.cameras.set_areas(self.areas)
        self._on_shapes()

    def _on_shapes(self) -> None:
        if self.book.shapes is not None:
            self.place.backend.start(self._make_ground(), self)
        self._show_state()

    async def _make_ground(self) -> None:
        shapes, grids, areas = self.book.shapes, self.place.backend.directory.grids, self.areas
        ground = await asyncio.to_thread(ground_of, shapes, grids, areas)
        if areas is not self.areas:
            return  # the directory has become another meanwhile
        first, self.ground = self.ground is None, ground
        self.cases.set_ground(ground)
        self.joint.set_ground(ground, areas)
        self.workers.set_ground(ground, areas)
        if (bounds := ground.bounds(ground.ids)) is not None:
            self.heat.set_around(bounds)
        self._show_state()
        self._renew()
        if first:
            self.look_at(self.focus)

    def _recall(self) -> None:
        memory = self._memory.read()
        self.layers.recall(memory.layers)
        if memory.tiles:
            self.tiles.open(memory.tiles)
        self._ready = True

    def _renew(self) -> None:
        self._show_layers()
        self.go_to(self.focus, look=False)
        self._show_state()

    def _show_layers(self) -> None:
        """As the panel says."""
        if not self._ready:
            return
        on, focus = self.layers.on, self.focus
        self.cases.show(focus, self.layers.kinds(), on(CELLS))
        kinds = [kind for kind, layer in ((WHISTLE, WHISTLE_LAYER), (ORDER, ORDER_LAYER)) if on(layer)]
        self.joint.show(focus, kinds)
        self.workers.show(focus, on(WORKER_LAYER) and not self.replaying)
        self.cameras.show(focus, on(CAMERA_LAYER))
        self._follow_workers()
        if self.heat.on != on(HEAT):
            self.heat.set_on(on(HEAT))
        if self.ground is not None:
            self.canvas.set_labels(labels(self.ground, self.areas, focus) if on(NAMES) else [])

    def _follow_workers(self) -> None:
        self.book.follow(self.isVisible() and self.layers.on(WORKER_LAYER) and not self.replaying)

    def _show_state(self) -> None:
        state = self._state()
        self._over.setCurrentIndex(0 if state is None else 1)
        if state is not None:
            self.state.set_state(state)
        elif self._keys_wait:
            self._keys_wait = False
            if self.isVisible() and not isinstance(self.window().focusWidget(), QLineEdit):
                self.take_keyboard()

    def _state(self) -> TableState | None:
        if self.ground is not None:
            if len(self.ground.ids):
                return None
            return TableState(StateKind.EMPTY, "本部署没有网格边界", "管理员可在方案的 grids.csv 中补充 wkt 后重新载入")
        if self.place.live.state.kind == "disconnected":
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动载入地图")
        if self.book.error is not None:
            return TableState(StateKind.ERROR, "地图没有读出", self.book.error.message, "重试")
        return TableState(StateKind.LOADING, "正在载入地图…")

    def left_words(self, row: CaseRow) -> str:
        """What is left of a case's stage at the moment shown."""
        return self.place.remaining.text(row, self.cases.source.clock.now()).text

    # ------------------------------------------------------------ the hand
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on the map opens what its first click has picked, or goes a level down; Enter opens what is
        picked."""
        if watched is not self.canvas:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.MouseButtonPress:
            self._clicked = False
        elif event.type() == QEvent.Type.MouseButtonDblClick and self._clicked or _is_enter(event):
            return self.picking.open()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back a step."""
        if event.key() == Qt.Key.Key_Escape and self.step_back():
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what it needs."""
        super().showEvent(event)
        self.book.want()
        self.place.cameras.want()
        self.finding.want()
        self._follow_workers()
        if not self._shared_out:
            self._shared_out = True
            left, right = (round(self.width() * share) for share in _SIDES)
            self._columns.setSizes([left, self.width() - left - right, right])

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees need not be fresh."""
        super().hideEvent(event)
        self.book.follow(False)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._columns.setHandleWidth(sizes.gap)
        self._right.setHandleWidth(sizes.gap)
        self._centre.setSpacing(sizes.pad_small)


def _is_enter(event: QEvent) -> bool:
    return (event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.isAutoRepeat()
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter))
