"""The filter over the board: 街道, 哨级, 本单位, and the words of Ctrl+F or /."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.domain.joint import LEVEL_LABELS, WHISTLE
from commandcenter.domain.units import of_whole_city
from ui.models.joint_filter import BoardFilter
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.filter_chip import FilterChip
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events


class BoardFilters(QWidget):
    """changed(): `chosen()` is another."""

    changed = Signal()

    def __init__(self, place: Workplace, tools: JointTools, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools = place, tools
        # Of a whole city 区县 instead: 173 streets are no menu.
        self._kind = "district" if of_whole_city(place.backend.directory) else "street"
        self.street = FilterChip("区县" if self._kind == "district" else "街道")
        self.level = FilterChip("哨级")
        self.mine, self.find, self.search = QPushButton("本单位"), QPushButton("搜索"), QLineEdit()
        self._row = QHBoxLayout(self)
        self._build()
        self.level.setVisible(kind == WHISTLE)
        self.mine.setVisible(bool(self._own_units()))
        self._offer()
        tools.changed.connect(self._offer)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        self.search.setPlaceholderText("筛选 编号、事由、地点、单位…")
        self.search.setAccessibleName("筛选")
        self.search.setClearButtonEnabled(True)
        self.search.hide()
        for button, tip in ((self.mine, "只看本单位召集或参与的"), (self.find, "按文字筛选（Ctrl+F 或 /）")):
            button.setProperty("kind", "chip")
            button.setToolTip(tip)
        self.mine.setCheckable(True)
        for part in (self.search, self.find, self.street, self.level, self.mine):
            self._row.addWidget(part)
        self.find.clicked.connect(self.open_search)
        self.mine.toggled.connect(self._on_mine)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        for chip in (self.street, self.level):
            chip.selected.connect(lambda _: self.changed.emit())

    def _offer(self) -> None:
        directory, rules = self._place.backend.directory, self._place.joint.rules
        streets = [(org.id, org.short_name) for org in directory.orgs.values() if org.kind == self._kind]
        self.street.set_options(streets)
        labels = {level.code: level.label for level in rules.levels} if rules else {}
        self.level.set_options(list((LEVEL_LABELS | labels).items()))

    def _own_units(self) -> frozenset[int]:
        """Units of my duties; a district's own desk sees everything anyhow."""
        directory = self._place.backend.directory
        whole = {org.id for org in directory.orgs.values() if org.kind in ("city", "district")}
        own = self._place.units | {duty.org_id for duty in self._place.person.duties}
        return frozenset(own - whole)

    # ------------------------------------------------------------ what the screen asks
    def chosen(self) -> BoardFilter:
        """What must hold."""
        units = self._own_units() if self.mine.isChecked() else None
        return BoardFilter(self.street.selected_key(), self.level.selected_key(), units, self.search.text().strip())

    def open_search(self) -> None:
        """Ctrl+F, /."""
        self.search.show()
        self.find.hide()
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> bool:
        """Show all again; False if nothing was filtered."""
        active = self.chosen().active or self.search.isVisible()
        with QSignalBlocker(self):  # one change, not one for each part
            self.search.clear()
            self.search.hide()
            self.find.show()
            self.mine.setChecked(False)
            for chip in (self.street, self.level):
                chip.select(None)
        if active:
            self.changed.emit()
        return active

    def _on_mine(self, checked: bool) -> None:
        set_property(self.mine, "active", checked)
        self.changed.emit()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setSpacing(sizes.pad_small)
        self.search.setFixedWidth(sizes.card_height * 3)
