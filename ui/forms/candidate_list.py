"""A list of open cases that may be the same problem."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QStackedLayout, QWidget

from commandcenter.domain.duplicates import Candidate
from ui.forms.option import Option
from ui.forms.suggestion_popup import fill, option_list, option_of
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ROWS = 4
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CandidateList(QWidget):
    """Shows candidates likeliest first; Enter or a double click opens one, moving chooses one."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, empty_text: str, rows: int = _ROWS) -> None:
        super().__init__()
        self._rows = rows
        self._list: QListWidget = option_list()
        self._list.itemActivated.connect(lambda item: self._tell(self.opened, option_of(item)))
        self._list.currentItemChanged.connect(lambda item, _: self._tell(self.chosen, option_of(item)))
        self._empty = label(empty_text, tone=Tone.MUTED)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._list)
        self.setFocusProxy(self._list)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self.set_label("可能重复的案件")

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Replace what is shown; the choice stays while its case is still among them."""
        kept = self.chosen_id()
        self._list.blockSignals(True)
        fill(self._list, [Option(c.case_id, f"{c.no}  {c.title}", c.detail) for c in candidates])
        self._list.blockSignals(False)
        self.choose(kept)
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus if candidates else Qt.FocusPolicy.NoFocus)
        self._stack.setCurrentWidget(self._list if candidates else self._empty)

    def candidate_ids(self) -> list[int]:
        """Cases shown, in order."""
        return [option_of(self._list.item(k)).key for k in range(self._list.count())]

    def choose(self, case_id: int | None) -> None:
        """Highlight a case without telling; None or one not shown: none."""
        ids = self.candidate_ids()
        self._list.blockSignals(True)
        self._list.setCurrentRow(ids.index(case_id) if case_id in ids else -1)
        self._list.blockSignals(False)

    def chosen_id(self) -> int | None:
        """The highlighted case."""
        option = option_of(self._list.currentItem())
        return None if option is None else option.key

    def set_empty_text(self, text: str) -> None:
        """What to say while there is none."""
        self._empty.setText(text)

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self._list.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list has told Enter as activated and passes it on; it must not submit the form as well."""
        if event.key() in _ENTER and not event.modifiers() and self.chosen_id() is not None:
            event.accept()
        else:
            super().keyPressEvent(event)

    def _tell(self, signal: object, option: Option | None) -> None:
        if option is not None:
            signal.emit(option.key)

    def _on_theme(self) -> None:
        self.setFixedHeight(current_theme().sizes.control_height * self._rows)
