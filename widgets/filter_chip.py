"""A filter as a chip: its label, what is chosen, and a menu of what can be."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from widgets.styling import set_property


class FilterChip(QPushButton):
    """``街道 全部`` → ``街道 龙潭``; ``selected(key)``, None for all."""

    selected = Signal(object)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._all_text = text, "全部"
        self._key: Hashable | None = None
        self._titles: dict[Hashable | None, str] = {}
        self.setProperty("kind", "chip")
        self._menu = QMenu(self)
        self._group = QActionGroup(self._menu)
        self.setMenu(self._menu)
        self.set_options(())

    def set_options(self, options: Sequence[tuple[Hashable, str]], all_text: str = "全部") -> None:
        """Offer these (key, title); a choice no longer offered becomes all, and is told."""
        self._all_text = all_text
        self._titles = {None: all_text, **dict(options)}
        self._menu.clear()
        for key, title in self._titles.items():
            self._add(key, title)
        if self._key not in self._titles:
            self.select(None)
        self._show()

    def select(self, key: Hashable | None) -> None:
        """Choose a key, None for all; tells only a change. Raises KeyError if it is not offered."""
        if key not in self._titles:
            raise KeyError(key)
        if key != self._key:
            self._key = key
            self._show()
            self.selected.emit(key)

    def selected_key(self) -> Hashable | None:
        """The choice; None is all."""
        return self._key

    def _add(self, key: Hashable | None, title: str) -> None:
        action = QAction(title, self._menu, checkable=True)
        action.triggered.connect(lambda: self.select(key))
        action.setData(key)
        self._group.addAction(action)
        self._menu.addAction(action)

    def _show(self) -> None:
        text = f"{self._label} {self._titles.get(self._key, self._all_text)}"
        self.setText(text)
        self.setAccessibleName(f"筛选 {text}")
        set_property(self, "active", "false" if self._key is None else "true")
        for action in self._menu.actions():
            action.setChecked(action.data() == self._key)
