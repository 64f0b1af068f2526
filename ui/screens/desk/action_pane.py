"""What the role needs beside the queue: the next step large, everything else that may be done below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.model import CaseFile
from commandcenter.domain.workflow import Action
from ui.models.offers import is_main, offers
from ui.screens.desk.before_after import BeforeAfter
from ui.screens.desk.photos import Photos
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.photo_strip import PhotoViewer
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ON_BOARD = frozenset({"sub_dispatch", "dispatch"})
_JUDGED = frozenset({"feedback", "verified"})
_NOTHING = "选中案件后，这里列出可以办理的事项"


class ActionPane(QFrame):
    """action_chosen(Action)."""

    action_chosen = Signal(object)

    def __init__(self, place: Workplace, photos: Photos, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._photos = place, photos
        self._title, self._hint = label(role="title"), label(role="muted")
        self._why = label(role="small", tone=Tone.NEAR)
        self.pictures = BeforeAfter()
        self._buttons = QVBoxLayout()
        self._shown: list[str] = []
        self._column = QVBoxLayout(self)
        for part in (self._title, self._hint, self._why):
            part.setWordWrap(True)
            self._column.addWidget(part)
        self._column.addWidget(self.pictures, 1)
        self._column.addLayout(self._buttons)
        self._column.addStretch(1)
        self.pictures.opened.connect(self._open)
        photos.changed.connect(self._show_pictures)
        place.live.state_changed.connect(self._on_state)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self.show_file(None)

    def show_file(self, file: CaseFile | None) -> None:
        """Offer what may be done with this case."""
        row = file.row if file else None
        place = self._place
        actions = offers(row, place.person, place.backend.directory, place.units) if row else []
        self._title.setText(place.case_title(row) if row else "")
        self._title.setVisible(row is not None)
        state = place.words.state(row) if row else ""
        self._hint.setText(f"{state} · {place.words.responsible(row)}" if row else _NOTHING)
        self.pictures.setVisible(bool(row and row.state in _JUDGED and "verifier" in place.roles))
        self._offer([action for action in actions if action.code not in _ON_BOARD])
        self._on_state()

    def _offer(self, actions: Sequence[Action]) -> None:
        codes = [action.code for action in actions]
        if codes == self._shown:
            return
        self._shown = codes
        while (item := self._buttons.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for place, action in enumerate(actions):
            self._buttons.addWidget(self._button(action, place == 0 and is_main(action)))

    def _button(self, action: Action, first: bool) -> QPushButton:
        button = QPushButton(action.label)
        if first or action.danger:
            set_property(button, "kind", "primary" if first else "danger")
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        return button

    def _on_state(self) -> None:
        online = self._place.live.online
        self._why.setText("" if online else OFFLINE)
        self._why.setVisible(not online)
        for place in range(self._buttons.count()):
            self._buttons.itemAt(place).widget().setEnabled(online)

    def _show_pictures(self) -> None:
        self.pictures.set_photos(self._photos.photos("before", "scene"), self._photos.photos("after"))

    def _open(self, key: object) -> None:
        PhotoViewer(self.window()).show_photos(self._photos.photos(), key)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._column.setSpacing(sizes.gap)
        self._buttons.setSpacing(sizes.pad_small)
