"""地图: the territory, what happens in it and who is there; from any of it to its cases, and on to a whistle."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ui.bridge.map_book import MapBook
from ui.bridge.map_sources import CaseSource, JointSource
from ui.models.map_areas import GRID, TOP, Areas, Key
from ui.models.map_ground import Ground, ground_of, labels
from ui.models.map_marks import CASES
from ui.models.map_tally import TIMINGS
from ui.screens.map.breadcrumbs import Breadcrumbs, Crumb
from ui.screens.map.case_layer import CaseLayer
from ui.screens.map.case_list import CaseList
from ui.screens.map.keys import add_keys, map_keys
from ui.screens.map.layers_pane import CELLS, NAMES, PLACELESS, TIMING_LAYERS, LayersPane
from ui.screens.map.listed import Listed, of_area, without_place
from ui.screens.workplace import Workplace
from widgets.map import MapCanvas
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.theme import current_theme, theme_events

MAP = "map"
_SIDES = (0.15, 0.25)  # layers, list: shares of the width at first
__all__ = ["MAP", "MapDesk", "map_keys"]


class MapDesk(QWidget):
    """case_wanted(case id): shown elsewhere."""

    case_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "screen")
        self.setObjectName(MAP)
        self.book = MapBook(place.backend, place.live, self)
        self.areas = Areas(place.backend.directory)
        self.focus: Key = TOP
        self._ground: Ground | None = None
        self._making: asyncio.Task[None] | None = None
        self._shared_out = False
        self.canvas, self.state = MapCanvas(), StatePanel()
        self.cases = CaseLayer(place, self.canvas, self.areas)
        self.layers, self.crumbs, self.list = LayersPane(), Breadcrumbs(), CaseList(place, self.cases)
        self._columns, self._tools = QSplitter(Qt.Orientation.Horizontal), QHBoxLayout()
        self._centre, self._over, self._around = QVBoxLayout(), QStackedLayout(), QVBoxLayout(self)
        self._replay: QWidget | None = None
        self._lay_out()
        self._connect()
        add_keys(self)
        self._on_theme()
        self.list_area(TOP)
        self._show_figures()
        self._show_state()

    def _lay_out(self) -> None:
        centre = QWidget()
        centre.setLayout(self._centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._tools.addWidget(self.crumbs, 1)
        self._centre.addLayout(self._tools)
        for part in (self.canvas, self.state):
            self._over.addWidget(part)
        self._centre.addLayout(self._over, 1)
        for part in (self.layers, centre, self.list):
            self._columns.addWidget(part)
        self._columns.setStretchFactor(1, 1)
        self._columns.setProperty("role", "gap")
        self._columns.setChildrenCollapsible(False)
        self._around.addWidget(self._columns)

    def _connect(self) -> None:
        self.book.shapes_changed.connect(self._on_shapes)
        self.cases.counted.connect(self._show_figures)
        self.layers.toggled.connect(lambda _: self._show_layers())
        self.layers.figure_wanted.connect(self._list_figure)
        self.crumbs.chosen.connect(self.go_to)
        self.crumbs.figure_chosen.connect(self.list_area)
        self.list.opened.connect(self.case_wanted)
        self.list.pointed.connect(self._point_at)
        self.list.closed.connect(lambda: self.list_area(self.focus))
        self.state.action_triggered.connect(self.book.reload)
        self.place.live.state_changed.connect(self._show_state)
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        return self._ground is not None and self.cases.ready and not self.cases.filling and not self.list.filling

    def take_keyboard(self) -> None:
        """Keys belong to the map."""
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes."""

    def set_replay(self, bar: QWidget | None) -> None:
        """Put the bar of the replay below the map, or take it out."""
        if self._replay is not None:
            self._centre.removeWidget(self._replay)
            self._replay.setParent(None)
        self._replay = bar
        if bar is not None:
            self._centre.addWidget(bar)

    def show_picture(self, source: CaseSource | None, joint_source: JointSource | None = None) -> None:
        """Cases and whistles of another moment instead of the present ones; None: live again."""
        self.cases.set_source(source or self.place.live)

    @property
    def replaying(self) -> bool:
        """Another moment is shown."""
        return self.cases.source is not self.place.live

    # ------------------------------------------------------------ verbs
    def go_to(self, key: Key, look: bool = True) -> None:
        """Drill to a node; look: the map shows the whole of it."""
        if self.areas.area(key) is None:
            return
        self.focus = key
        self._show_layers()
        self._show_names()
        self.list_area(key)
        if look:
            self.look_at(key)
        self._show_figures()

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
        bounds = self._ground.bounds(area.cells) if self._ground is not None and area is not None else None
        if bounds is not None:
            self.canvas.fit(bounds)
            self.canvas.select_cells([] if key == TOP else area.cells if key[0] == GRID else [])

    def list_area(self, key: Key) -> None:
        """The cases of a node."""
        self.show_listed(of_area(self.areas.short_name(key), key))

    def show_listed(self, listed: Listed) -> None:
        """These in the list."""
        self.list.show_cases(listed)

    def set_mode(self, mode: str) -> None:
        """pan, box or lasso."""
        self.canvas.mode = mode

    def toggle_layers(self) -> None:
        """More room for the map, or the layers again."""
        self.layers.setVisible(not self.layers.isVisible())

    def reload(self) -> None:
        """Everything anew."""
        self.book.reload()
        self.place.live.resync()

    # ------------------------------------------------------------ following
    def _on_shapes(self) -> None:
        if self.book.shapes is not None:
            self._making = self.place.backend.start(self._make_ground(), self)
        self._show_state()

    async def _make_ground(self) -> None:
        shapes, grids, areas = self.book.shapes, self.place.backend.directory.grids, self.areas
        ground = await asyncio.to_thread(ground_of, shapes, grids, areas)
        first, self._ground = self._ground is None, ground
        self.cases.set_ground(ground)
        self._show_names()
        self._show_state()
        if first:
            self.look_at(self.focus)

    def _show_layers(self) -> None:
        self.cases.show(self.focus, self.layers.kinds(), self.layers.on(CELLS))
        self._show_names()

    def _show_names(self) -> None:
        if self._ground is not None:
            shown = self.layers.on(NAMES)
            self.canvas.set_labels(labels(self._ground, self.areas, self.focus) if shown else [])

    def _show_figures(self) -> None:
        tally = self.cases.tally
        path = self.areas.path(self.focus)
        self.crumbs.show_path([Crumb(key, self.areas.short_name(key), tally.count(key)) for key in path])
        for kind in TIMINGS:
            self.layers.rows[TIMING_LAYERS[kind]].show_count(tally.count(self.focus, kind), "点击列出")

    def _list_figure(self, layer: str) -> None:
        name = self.areas.short_name(self.focus)
        if layer in TIMING_LAYERS:
            self.show_listed(of_area(name, self.focus, TIMING_LAYERS.index(layer)))
        elif layer == PLACELESS:
            self.show_listed(without_place(name, self.focus))

    def _point_at(self, case_id: int | None) -> None:
        self.canvas.select(CASES, [] if case_id is None else [case_id])

    def _show_state(self) -> None:
        state = self._state()
        self._over.setCurrentIndex(0 if state is None else 1)
        if state is not None:
            self.state.set_state(state)

    def _state(self) -> TableState | None:
        if self._ground is not None and len(self._ground.ids):
            return None
        if self._ground is not None:
            return TableState(StateKind.EMPTY, "本部署没有网格边界", "管理员可在方案的 grids.csv 中补充 wkt 后重新载入")
        if not self.place.live.online and self.place.live.state.kind == "disconnected":
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动载入地图")
        if self.book.error is not None:
            return TableState(StateKind.ERROR, "地图没有读出", self.book.error.message, "重试")
        return TableState(StateKind.LOADING, "正在载入地图…")

    # ------------------------------------------------------------ the hand
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back a step."""
        if event.key() == Qt.Key.Key_Escape and self.go_up():
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what it needs, once."""
        super().showEvent(event)
        self.book.want()
        if not self._shared_out:
            self._shared_out = True
            left, right = (round(self.width() * share) for share in _SIDES)
            self._columns.setSizes([left, self.width() - left - right, right])

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees need not be fresh."""
        super().hideEvent(event)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._columns.setHandleWidth(sizes.gap)
        self._centre.setSpacing(sizes.pad_small)
        self._tools.setSpacing(sizes.pad_small)
