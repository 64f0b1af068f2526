"""The row above the map: where one is, search, what dragging does, the whole area."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.screens.map.breadcrumbs import Breadcrumbs
from ui.screens.map.search_field import SearchField
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events

_MODES = {"pan": ("平移", "拖动地图（P）"), "box": ("框选", "框出案件（B，或按住 Shift 拖动）"),
          "lasso": ("套索", "圈出案件（L，或按住 Alt 拖动）")}  # fmt: skip


class ToolRow(QWidget):
    """mode_chosen(pan | box | lasso); whole_wanted(): show the whole area; replay_wanted(): 回放, or back to the
    present; picture_wanted(): save what is seen."""

    mode_chosen = Signal(str)
    whole_wanted = Signal()
    replay_wanted = Signal()
    picture_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.crumbs, self.search = Breadcrumbs(), SearchField()
        self.modes = {mode: QPushButton(words) for mode, (words, _) in _MODES.items()}
        self.whole, self.replay, self.picture = QPushButton("全图"), QPushButton("回放"), QPushButton("存图")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.crumbs, 1)
        self._row.addWidget(self.search)
        for mode, button in self.modes.items():
            self._add(button, _MODES[mode][1])
            button.clicked.connect(lambda _=False, m=mode: self.mode_chosen.emit(m))
        self._add(self.whole, "看本区域全图（Home）")
        self._add(self.replay, "看最近 90 天的任一时刻，或回到现在（R）")
        self._add(self.picture, "把现在的地图存为图片（Ctrl+Shift+S）")
        self.whole.clicked.connect(self.whole_wanted)
        self.replay.clicked.connect(self.replay_wanted)
        self.picture.clicked.connect(self.picture_wanted)
        self.show_mode("pan")
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _add(self, button: QPushButton, tip: str) -> None:
        set_property(button, "kind", "chip")
        button.setToolTip(tip)
        self._row.addWidget(button)

    def show_mode(self, mode: str) -> None:
        """What dragging does now."""
        for one, button in self.modes.items():
            set_property(button, "active", one == mode)

    def show_replaying(self, on: bool) -> None:
        """Whether another moment is shown."""
        set_property(self.replay, "active", on)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setSpacing(sizes.pad_small)
        self.search.setFixedWidth(sizes.card_height * 4)
