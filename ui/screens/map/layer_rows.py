"""Lines of the layers' panel: a box to tick, the mark as the map draws it, a figure that opens what it counts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.models.map_tally import CLASS_LABELS
from ui.screens.map.symbols import class_color, symbol
from widgets.elided_label import ElidedLabel
from widgets.map import Sprite
from widgets.painting import CENTER, draw_text
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events


class LayerRow(QWidget):
    """toggled(bool); figure_clicked(). opens: its figure leads to cases."""

    toggled = Signal(bool)
    figure_clicked = Signal()

    def __init__(self, title: str, sprite: Sprite | None = None, tip: str = "", key: str = "",
                 opens: bool = True) -> None:
        super().__init__()
        self._title, self._sprite = title, sprite
        self.box, self.note = QCheckBox(title), ElidedLabel("muted")
        self.figure = QPushButton() if opens else label()
        self.box.setToolTip("　".join(part for part in (tip, key) if part))
        self.box.setChecked(True)
        self.box.toggled.connect(self.toggled)
        if isinstance(self.figure, QPushButton):
            set_property(self.figure, "kind", "link")
            self.figure.clicked.connect(self.figure_clicked)
        self.figure.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.box)
        self._row.addWidget(self.note, 1)
        self._row.addWidget(self.figure)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    @property
    def on(self) -> bool:
        """Whether the layer is to be seen."""
        return self.box.isChecked()

    def set_on(self, on: bool) -> None:
        """Tick, or not; tells a change."""
        self.box.setChecked(on)

    def show_count(self, count: int | None, words: str = "") -> None:
        """How many there are; None: not known yet."""
        self.figure.setVisible(count is not None)
        if count is not None:
            self.figure.setText(f"{count:,}")
            self.figure.setToolTip(words)
            self.figure.setAccessibleName(f"{self._title} {count:,}，{words}")

    def set_note(self, words: str) -> None:
        """Why it cannot be seen although it is ticked; empty: it can."""
        self.note.setText(words)

    def _on_theme(self) -> None:
        theme = current_theme()
        if self._sprite is not None:
            self.box.setIcon(symbol(self._sprite))
            self.box.setIconSize(QSize(theme.sizes.font_body, theme.sizes.font_body))


class ClassLegend(QWidget):
    """The cells' colours with the open cases they stand for: 0 1 2 3 4 5–6 7–8 9+."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("网格颜色：在办件数 " + " ".join(CLASS_LABELS))
        self.setToolTip("每网格在办件数：" + "、".join(CLASS_LABELS))
        theme_events().changed.connect(self._on_theme)

    def sizeHint(self) -> QSize:
        """Colours over their words."""
        sizes = current_theme().sizes
        return QSize(sizes.card_height * 2, sizes.bar_thickness * 2 + sizes.font_small + sizes.pad_small)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Equal parts."""
        theme, painter, count = current_theme(), QPainter(self), len(CLASS_LABELS)
        high = theme.sizes.bar_thickness * 2
        for number, words in enumerate(CLASS_LABELS):
            left, right = self.width() * number // count, self.width() * (number + 1) // count
            painter.fillRect(left, 0, right - left, high, class_color(theme, number))
            under = QRect(left, high, right - left, self.height() - high)
            draw_text(painter, under, _short(words), theme.font("small"), theme.colors.text_muted, CENTER)
        painter.setPen(theme.colors.line_strong)
        painter.drawRect(0, 0, self.width() - 1, high)

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()


def _short(words: str) -> str:
    """5–6 is narrow with its first figure alone; the tip says all."""
    return words.partition("–")[0]
