"""What the map shows, to be ticked, with its legend and figures; and the tiles beneath."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.models.map_marks import CAMERA_SPRITES, CASE_SPRITES, WHISTLE_SPRITES, WORKER_SPRITES
from ui.models.map_tally import TIMING_LABELS, TIMINGS
from ui.screens.map.layer_rows import ClassLegend, LayerRow
from widgets.elided_label import ElidedLabel
from widgets.panel import Panel
from widgets.styling import label
from widgets.theme import current_theme, theme_events

CELLS, NAMES, HEAT, TILES = "cells", "names", "heat", "tiles"
WHISTLE_LAYER, ORDER_LAYER, WORKER_LAYER, CAMERA_LAYER = "whistle", "order", "workers", "cameras"
TIMING_LAYERS = tuple(f"cases_{kind}" for kind in TIMINGS)
PLACELESS = "placeless"
ORDER = (CELLS, *TIMING_LAYERS, WHISTLE_LAYER, ORDER_LAYER, WORKER_LAYER, CAMERA_LAYER)  # Ctrl+1 … Ctrl+8


class LayersPane(Panel):
    """toggled(layer): `on(layer)` is another. figure_wanted(layer): what its figure counts. tiles_wanted(): choose a
    file; tiles_dropped(): without one."""

    toggled = Signal(str)
    figure_wanted = Signal(str)
    tiles_wanted = Signal()
    tiles_dropped = Signal()

    def __init__(self) -> None:
        super().__init__("图层")
        self.setProperty("role", "surface")
        self.rows: dict[str, LayerRow] = {}
        self.legend, self.placeless = ClassLegend(), QPushButton()
        self.file, self.no_file = QPushButton("选择底图…"), QPushButton("不用底图")
        self.file_name = ElidedLabel("muted")
        self.heat_place, self.topic_place = QVBoxLayout(), QVBoxLayout()
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._build()
        self._on_theme_changed()
        theme_events().changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self._inner.setProperty("role", "scroll_content")
        self._area = area = QScrollArea()
        area.setWidget(self._inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(area)
        self._add(CELLS, LayerRow("网格在办", tip="网格颜色＝在办件数", key="Ctrl+1"))
        self._column.addWidget(self.legend)
        self._add(NAMES, LayerRow("地名", tip="下一级区域的名称"))
        self._line("案件", "颜色与形状＝本环节时限")
        for kind in TIMINGS:
            tip, key = f"{TIMING_LABELS[kind]}的在办案件", f"Ctrl+{kind + 2}"
            self._add(TIMING_LAYERS[kind], LayerRow(TIMING_LABELS[kind], CASE_SPRITES[kind], tip, key))
        self.placeless.setProperty("kind", "link")
        self.placeless.clicked.connect(lambda: self.figure_wanted.emit(PLACELESS))
        self.placeless.hide()
        self._column.addWidget(self.placeless)
        self._line("协同")
        self._add(WHISTLE_LAYER, LayerRow("吹哨", WHISTLE_SPRITES[0], "进行中的吹哨", "Ctrl+5"))
        self._add(ORDER_LAYER, LayerRow("联合执法", WHISTLE_SPRITES[1], "进行中的联合执法令", "Ctrl+6"))
        self._line("力量与设施")
        self._add(WORKER_LAYER, LayerRow("网格员", WORKER_SPRITES[0], "今日有定位的网格力量", "Ctrl+7", False))
        self._add(CAMERA_LAYER, LayerRow("摄像机", CAMERA_SPRITES[0], "可拖到画面中查看", "Ctrl+8", False))
        self._line("分析")
        self._add(HEAT, LayerRow("热力", tip="一段时间内案件发生的密度", key="H"))
        self._column.addLayout(self.heat_place)
        self._line("专题", "在办/全部；点击列出案件，右键修改或结束")
        self._column.addLayout(self.topic_place)
        self._line("底图", "MBTiles 栅格文件，不需要联网")
        self._column.addWidget(self.file_name)
        for button in (self.file, self.no_file):
            button.setProperty("kind", "chip")
            self._column.addWidget(button)
        self.file.clicked.connect(self.tiles_wanted)
        self.no_file.clicked.connect(self.tiles_dropped)
        self._column.addStretch(1)
        self.show_tiles("", "")
        self.rows[HEAT].set_on(False)

    def _line(self, title: str, hint: str = "") -> None:
        line = QFrame()
        line.setProperty("role", "separator")
        self._column.addWidget(line)
        head = label(title, role="muted")
        head.setToolTip(hint)
        self._column.addWidget(head)

    def _add(self, layer: str, row: LayerRow) -> None:
        self.rows[layer] = row
        row.toggled.connect(lambda _on: self.toggled.emit(layer))
        row.figure_clicked.connect(lambda: self.figure_wanted.emit(layer))
        self._column.addWidget(row)

    # ------------------------------------------------------------ what is ticked
    def on(self, layer: str) -> bool:
        """Whether this layer is to be seen."""
        return self.rows[layer].on

    def state(self) -> dict[str, bool]:
        """All of them, to be remembered."""
        return {layer: row.on for layer, row in self.rows.items()}

    def recall(self, state: Mapping[str, bool]) -> None:
        """As it was; unknown ones stay."""
        for layer, on in state.items():
            if layer in self.rows:
                self.rows[layer].set_on(on)

    def toggle(self, layer: str) -> None:
        """By its key."""
        self.rows[layer].set_on(not self.on(layer))

    def kinds(self) -> frozenset[int]:
        """Which of 正常, 临期, 超期 are to be seen."""
        return frozenset(kind for kind in TIMINGS if self.on(TIMING_LAYERS[kind]))

    # ------------------------------------------------------------ what is said
    def show_placeless(self, count: int) -> None:
        """Open cases that are in the figures and cannot be drawn."""
        self.placeless.setVisible(bool(count))
        self.placeless.setText(f"另 {count:,} 件无坐标")

    def show_tiles(self, name: str, problem: str) -> None:
        """The file beneath the map, or why it cannot be used."""
        self.file_name.setText(problem or name or "未选底图")
        self.file_name.setProperty("tone", "near" if problem else "")
        self.no_file.setVisible(bool(name or problem))

    def _on_theme_changed(self) -> None:
        sizes = current_theme().sizes
        self.body.setContentsMargins(0, 0, 0, 0)
        self._column.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._column.setSpacing(sizes.pad_small)
        self.heat_place.setSpacing(sizes.pad_small)
        self._area.setMinimumWidth(self._inner.minimumSizeHint().width() + sizes.scrollbar)
