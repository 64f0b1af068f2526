"""The filter chips over the queue: 街道, 类别, 渠道, and the words of Ctrl+F."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.domain.model import CaseRow, Directory
from commandcenter.domain.units import of_whole_city
from ui.models.words import CaseWords
from widgets.filter_chip import FilterChip
from widgets.theme import current_theme

Predicate = Callable[[CaseRow], bool]


class Filters(QWidget):
    """changed(): `predicate()` is another."""

    changed = Signal()

    def __init__(self, words: CaseWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        # Of a whole city 区县 instead: 173 streets are no menu.
        self.street = FilterChip("区县" if of_whole_city(words.directory) else "街道")
        self.major, self.channel = FilterChip("类别"), FilterChip("渠道")
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选 编号、小类、地点…")
        self.search.setAccessibleName("筛选队列")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(current_theme().sizes.card_height * 3)
        self.search.hide()
        self.figure = QPushButton()
        self.figure.setProperty("kind", "chip")
        self.figure.setProperty("active", True)
        self.figure.setToolTip("看全部（Esc）")
        self.figure.hide()
        self.find = QPushButton("搜索")
        self.find.setProperty("kind", "chip")
        self.find.setToolTip("按编号、小类、地点等文字筛选（Ctrl+F）")
        self._figure_test: Predicate | None = None
        self._build()
        self.set_words(words)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(self.figure)
        row.addWidget(self.search)
        row.addWidget(self.find)
        self.find.clicked.connect(self.open_search)
        self.figure.clicked.connect(self._drop_figure)
        for chip in (self.street, self.major, self.channel):
            row.addWidget(chip)
            chip.selected.connect(lambda _key: self.changed.emit())
        self.search.textChanged.connect(lambda _text: self.changed.emit())

    def set_words(self, words: CaseWords) -> None:
        """Offer what this directory has."""
        self._words = words
        directory = words.directory
        kind = "district" if of_whole_city(directory) else "street"
        self.street.set_options([(o.id, o.short_name) for o in directory.orgs.values() if o.kind == kind])
        majors = sorted({item.major for item in directory.items.values()})
        self.major.set_options([(major, major) for major in majors])
        self.channel.set_options([(c.id, c.name) for c in directory.channels.values()])

    def open_search(self) -> None:
        """Ctrl+F."""
        self.search.show()
        self.find.hide()
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> bool:
        """Show all again; False if nothing was filtered."""
        active = self.predicate() is not None
        with QSignalBlocker(self):  # one change, not one for each part
            self._clear_parts()
        if active:
            self.changed.emit()
        return active

    def _clear_parts(self) -> None:
        self._figure_test = None
        self.figure.hide()
        self.search.clear()
        self.search.hide()
        self.find.show()
        for chip in (self.street, self.major, self.channel):
            chip.select(None)

    def show_figure(self, title: str, test: Predicate) -> None:
        """Only the cases behind a figure that was clicked, until the chip is taken away."""
        with QSignalBlocker(self):
            self._clear_parts()
        self._figure_test = test
        self.figure.setText(f"{title} ×")
        self.figure.show()
        self.changed.emit()

    def _drop_figure(self) -> None:
        self._figure_test = None
        self.figure.hide()
        self.changed.emit()

    def predicate(self) -> Predicate | None:
        """What a row must fulfil; None: nothing is filtered."""
        tests: list[Predicate] = [self._figure_test] if self._figure_test else []
        if (street := self.street.selected_key()) is not None:
            tests.append(in_place(street, self._words.directory))
        if (major := self.major.selected_key()) is not None:
            items = {item.id for item in self._words.directory.items.values() if item.major == major}
            tests.append(lambda row: row.item_id in items)
        if (channel := self.channel.selected_key()) is not None:
            tests.append(lambda row: row.channel_id == channel)
        if text := self.search.text().strip():
            tests.append(mentions(text, self._words.directory))
        if len(tests) < 2:
            return tests[0] if tests else None
        return lambda row: all(test(row) for test in tests)


def in_place(place: object, directory: Directory) -> Predicate:
    """Whether a case lies in a street, or in a street of a district."""
    streets = {org.id for org in directory.orgs.values() if org.kind == "street" and place in (org.id, org.parent_id)}
    return lambda row: row.street_id in streets


def mentions(text: str, directory: Directory) -> Predicate:
    """Whether a row's number, words, kind, place or unit contains the text.

    Names are looked through once, not once per row: 100,000 rows must be filtered within 100 ms.
    """
    items = {item.id for item in directory.items.values() if text in item.minor or text in item.major}
    orgs = {org.id for org in directory.orgs.values() if text in org.short_name or text in org.name}
    channels = {channel.id for channel in directory.channels.values() if text in channel.name}
    grids = {grid.id for grid in directory.grids.values() if text in grid.name}

    def holds(row: CaseRow) -> bool:
        return (text in row.no or text in row.summary or row.item_id in items or row.grid_id in grids
                or row.street_id in orgs or row.handler_id in orgs or row.community_id in orgs
                or row.channel_id in channels)
    return holds
