"""Where the map was drilled to: 东城区 412 › 和平里 33; every name leads there, every figure to its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.models.map_areas import Key
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events


@dataclass(frozen=True, slots=True)
class Crumb:
    """A node on the way, with its open cases."""

    key: Key
    name: str
    count: int


class Breadcrumbs(QWidget):
    """chosen(key): go there. figure_chosen(key): its cases are wanted."""

    chosen = Signal(object)
    figure_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._shown: tuple[Key, ...] = ()
        self.names: list[QPushButton] = []
        self.figures: list[QPushButton] = []
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def show_path(self, crumbs: Sequence[Crumb]) -> None:
        """From the whole territory down; the last is where one is."""
        keys = tuple(crumb.key for crumb in crumbs)
        if keys != self._shown:
            self._shown = keys
            self._build(crumbs)
        for crumb, figure in zip(crumbs, self.figures, strict=True):
            figure.setText(f"{crumb.count:,}")
            figure.setToolTip(f"{crumb.name}在办 {crumb.count:,} 件，点击列出")
            figure.setAccessibleName(figure.toolTip())

    def _build(self, crumbs: Sequence[Crumb]) -> None:
        while self._row.count():
            if (widget := self._row.takeAt(0).widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.names, self.figures = [], []
        for number, crumb in enumerate(crumbs):
            if number:
                self._row.addWidget(label("›", role="muted"))
            self._add(crumb, number == len(crumbs) - 1)
        self._row.addStretch(1)

    def _add(self, crumb: Crumb, last: bool) -> None:
        name, figure = QPushButton(crumb.name), QPushButton()
        set_property(name, "kind", "chip")
        set_property(name, "active", last)
        set_property(figure, "kind", "link")
        name.clicked.connect(lambda: self.chosen.emit(crumb.key))
        figure.clicked.connect(lambda: self.figure_chosen.emit(crumb.key))
        self._row.addWidget(name)
        self._row.addWidget(figure)
        self.names.append(name)
        self.figures.append(figure)

    def _on_theme(self) -> None:
        self._row.setSpacing(current_theme().sizes.pad_small)
