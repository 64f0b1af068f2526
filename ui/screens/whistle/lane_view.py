"""One lane: who, the four stages, what was written, its pictures, its verbs and its ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from commandcenter.domain.joint import Party, SummonsFile, SummonsRow
from ui.models.joint_clock import JointClock
from ui.models.joint_lanes import facts, heads, lane_state, stages
from ui.models.joint_steps import Step
from ui.models.joint_words import JointWords
from ui.screens.whistle.rating_row import RatingRow
from ui.screens.whistle.step_buttons import StepButtons
from widgets.photo_strip import Photo, PhotoStrip
from widgets.stage_strip import StageStrip
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_BUTTONS = 2  # beside the next step
_FACTS = 99   # a row below every fact


class LaneView(QFrame):
    """step_chosen(Step); photo_opened(key); rated(party no, values), rating_typed(party no, values)."""

    step_chosen = Signal(object)
    photo_opened = Signal(object)
    rated = Signal(int, dict)
    rating_typed = Signal(int, dict)

    def __init__(self, party_no: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.party_no = party_no
        self.setProperty("role", "surface")
        self._name, self._lead = label(role="strong"), label("牵头", role="small", tone=Tone.ACTION)
        self._state, self._heads = label(role="small"), label(role="muted")
        self.buttons, self.strip, self.photos = StepButtons(_BUTTONS), StageStrip(), PhotoStrip()
        self.rating: RatingRow | None = None
        self._facts: list[tuple[QLabel, QLabel]] = []
        self._head, self._grid, self._column = QHBoxLayout(), QGridLayout(), QVBoxLayout(self)
        self._build()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        for part in (self._name, self._lead, self._state, self._heads):
            self._head.addWidget(part)
        self._head.addStretch(1)
        self._head.addWidget(self.buttons)
        self._grid.setColumnStretch(1, 1)
        self._column.addLayout(self._head)
        self._column.addWidget(self.strip)
        self._beside = QHBoxLayout()
        self._beside.addLayout(self._grid, 3)
        self._beside.addWidget(self.photos, 2)
        self._grid.setRowStretch(_FACTS, 1)  # facts stand at the top beside the pictures
        self._column.addLayout(self._beside)
        self.photos.hide()
        self.photos.opened.connect(self.photo_opened)
        self.buttons.step_chosen.connect(self.step_chosen)

    # ------------------------------------------------------------ showing
    def show_row(self, row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> None:
        """What the board knows."""
        self._name.setText(words.full(party.unit_id))
        self._lead.setVisible(party.lead)
        text, tone = lane_state(row, party)
        self._state.setText(text)
        set_property(self._state, "tone", tone.value)
        self._heads.setText(heads(party))
        self.setAccessibleName(f"{words.full(party.unit_id)} {text}")
        self.tick(row, party, clock, words, now)

    def tick(self, row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> None:
        """What counts down."""
        self.strip.set_stages(stages(row, party, clock, words, now))

    def show_file(self, file: SummonsFile, party: Party, words: JointWords) -> None:
        """What is written about it."""
        found = facts(file, party, words)
        while len(self._facts) < len(found):
            self._facts.append(self._fact_row(len(self._facts)))
        for place, (name, value) in enumerate(self._facts):
            text = found[place] if place < len(found) else None
            name.setVisible(text is not None)
            value.setVisible(text is not None)
            if text is not None:
                name.setText(text[0])
                value.setText(text[1])
                set_property(value, "tone", text[2].value)

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """The lane's pictures; none takes no room."""
        self.photos.set_photos(photos)
        self.photos.setVisible(bool(photos))

    def offer(self, steps: Sequence[Step], main: Sequence[Step], digits: Mapping[Step, int], rates_below: int | None,
              online: bool, why: str) -> None:
        """Verbs; `rates_below`: the ratings are open, and figures below it need a reason."""
        self.buttons.set_steps([step for step in steps if step.action.code != "rate"], main, digits)
        self.buttons.set_online(online, why)
        self._show_rating(rates_below)

    def _show_rating(self, rates_below: int | None) -> None:
        if rates_below is None and self.rating is not None:
            self._column.removeWidget(self.rating)
            self.rating.hide()
            self.rating.deleteLater()
            self.rating = None
        elif rates_below is not None and self.rating is None:
            self.rating = RatingRow(rates_below)
            self.rating.submitted.connect(lambda values: self.rated.emit(self.party_no, values))
            self.rating.changed.connect(lambda values: self.rating_typed.emit(self.party_no, values))
            self._column.addWidget(self.rating)

    def _fact_row(self, row: int) -> tuple[QLabel, QLabel]:
        name, value = label(role="muted"), label(role="small")
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        return name, value

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._column.setSpacing(sizes.pad_small)
        self._head.setSpacing(sizes.pad_small)
        self._grid.setHorizontalSpacing(sizes.pad)
        self._grid.setVerticalSpacing(sizes.pad_small // 2)
