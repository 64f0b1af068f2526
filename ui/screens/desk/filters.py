"""The filter chips over the queue: 街道, 类别, 渠道, and the words of Ctrl+F."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from commandcenter.domain.model import CaseRow
from ui.models.words import CaseWords
from widgets.filter_chip import FilterChip
from widgets.theme import current_theme


class Filters(QWidget):
    """changed(): `predicate()` is another."""

    changed = Signal()

    def __init__(self, words: CaseWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.street, self.major, self.channel = FilterChip("街道"), FilterChip("类别"), FilterChip("渠道")
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选 编号、小类、地点…")
        self.search.setAccessibleName("筛选队列")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(current_theme().sizes.card_height * 3)
        self.search.hide()
        self._build()
        self.set_words(words)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(self.search)
        for chip in (self.street, self.major, self.channel):
            row.addWidget(chip)
            chip.selected.connect(lambda _key: self.changed.emit())
        self.search.textChanged.connect(lambda _text: self.changed.emit())

    def set_words(self, words: CaseWords) -> None:
        """Offer what this directory has."""
        self._words = words
        directory = words.directory
        self.street.set_options([(o.id, o.short_name) for o in directory.orgs.values() if o.kind == "street"])
        majors = sorted({item.major for item in directory.items.values()})
        self.major.set_options([(major, major) for major in majors])
        self.channel.set_options([(c.id, c.name) for c in directory.channels.values()])

    def open_search(self) -> None:
        """Ctrl+F."""
        self.search.show()
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> bool:
        """Show all again; False if nothing was filtered."""
        active = self.predicate() is not None
        self.search.clear()
        self.search.hide()
        for chip in (self.street, self.major, self.channel):
            chip.select(None)
        if active:
            self.changed.emit()
        return active

    def predicate(self) -> Callable[[CaseRow], bool] | None:
        """What a row must fulfil; None: nothing is filtered."""
        tests: list[Callable[[CaseRow], bool]] = []
        if (street := self.street.selected_key()) is not None:
            tests.append(lambda row: row.street_id == street)
        if (major := self.major.selected_key()) is not None:
            items = {item.id for item in self._words.directory.items.values() if item.major == major}
            tests.append(lambda row: row.item_id in items)
        if (channel := self.channel.selected_key()) is not None:
            tests.append(lambda row: row.channel_id == channel)
        if text := self.search.text().strip():
            tests.append(lambda row: self._mentions(row, text))
        return (lambda row: all(test(row) for test in tests)) if tests else None

    def _mentions(self, row: CaseRow, text: str) -> bool:
        words = self._words
        return any(text in part for part in (row.no, words.minor(row), row.summary, words.street(row),
                                             words.place(row), words.responsible(row)))
