"""The lanes of a whistle, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from commandcenter.domain.joint import SummonsFile, SummonsRow
from ui.models.joint_clock import JointClock
from ui.models.joint_steps import Step, steps_of
from ui.models.joint_words import JointWords
from ui.screens.whistle.lane_view import LaneView
from ui.screens.whistle.photos import JointPhotos
from widgets.theme import current_theme, theme_events


class LaneList(QScrollArea):
    """The signals of its lanes."""

    step_chosen = Signal(object)
    photo_opened = Signal(object)
    rated = Signal(int, dict)
    rating_typed = Signal(int, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[int, LaneView] = {}
        content = QWidget()
        content.setProperty("role", "scroll_content")
        self._column = QVBoxLayout(content)
        self._column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("参与单位")
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def lane(self, party_no: int) -> LaneView:
        """A lane; raises KeyError."""
        return self._lanes[party_no]

    def lanes(self) -> list[LaneView]:
        """All of them in order."""
        return list(self._lanes.values())

    def clear(self) -> None:
        """Another summons: nothing of the last one stays, not even what was typed into its ratings."""
        for view in self._lanes.values():
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._lanes = {}

    def show_row(self, row: SummonsRow, clock: JointClock, words: JointWords, now: float) -> None:
        """Lanes that count first, those that ended below; a lane keeps its widget."""
        ordered = [*row.live_parties, *(party for party in row.parties if not party.live)]
        for place, party in enumerate(ordered):
            view = self._lanes.get(party.no) or self._make(party.no)
            if self._column.indexOf(view) != place:
                self._column.removeWidget(view)
                self._column.insertWidget(place, view)
            view.show_row(row, party, clock, words, now)

    def show_file(self, file: SummonsFile, words: JointWords) -> None:
        """What is written about the lanes."""
        for party in file.row.parties:
            if party.no in self._lanes:
                self._lanes[party.no].show_file(file, party, words)

    def show_photos(self, photos: JointPhotos) -> None:
        """Their pictures."""
        for no, view in self._lanes.items():
            view.show_photos(photos.photos(no))

    def offer(self, steps: list[Step], main: Sequence[Step], digits: Mapping[Step, int], rates_below: int, online: bool,
              why: str) -> None:
        """Each lane its verbs."""
        for no, view in self._lanes.items():
            own = steps_of(steps, no)
            rates = any(step.action.code == "rate" for step in own)
            view.offer(own, main, digits, rates_below if rates else None, online, why)

    def tick(self, row: SummonsRow, clock: JointClock, words: JointWords, now: float) -> None:
        """What counts down."""
        for party in row.parties:
            if party.no in self._lanes:
                self._lanes[party.no].tick(row, party, clock, words, now)

    def focus_rating(self, besides: int | None = None) -> bool:
        """To the first rating that is open, of another lane than the one just rated; False when there is none."""
        found = (view.rating for no, view in self._lanes.items() if view.rating is not None and no != besides)
        rating = next(found, None)
        if rating is not None:
            self.ensureWidgetVisible(rating)
            rating.focus_first()
        return rating is not None

    def bring_into_sight(self, party_no: int | None) -> None:
        """A lane may lie below those that others have filled."""
        if party_no in self._lanes:
            self.ensureWidgetVisible(self._lanes[party_no])

    def _make(self, party_no: int) -> LaneView:
        view = self._lanes[party_no] = LaneView(party_no)
        view.step_chosen.connect(self.step_chosen)
        view.photo_opened.connect(self.photo_opened)
        view.rated.connect(self.rated)
        view.rating_typed.connect(self.rating_typed)
        return view

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad_small, sizes.pad_small)
        self._column.setSpacing(sizes.gap)
