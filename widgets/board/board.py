"""The unit board: sections of cards that take dragged keys, found by eye, by filter and by number."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from widgets.board.card import Refusal, UnitCard
from widgets.board.cards import CardData, Section
from widgets.board.section import SectionView
from widgets.drag_keys import DEFAULT_MIME
from widgets.state_panel import StatePanel, TableState
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_STEPS = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}


class UnitBoard(QFrame):
    """Shows sections; ``dropped(keys, card_key)`` and ``card_clicked(card_key)`` say what the hand did;
    ``refused(keys, card_key)``: dropped where that was possible only a moment ago."""

    dropped = Signal(tuple, object)
    refused = Signal(tuple, object)
    card_clicked = Signal(object)
    state_action = Signal()

    def __init__(self, mime_type: str = DEFAULT_MIME, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mime_type = mime_type
        self._refusal: Refusal = lambda keys, card: None
        self._drop_words = lambda count: f"松开即派遣 {count:,} 件"
        self._sections: dict[Hashable, SectionView] = {}
        self._title, self._hint = label(role="title"), label(role="muted")
        self._filter, self._none = QLineEdit(), label("没有匹配的单位", role="muted")
        self._state = StatePanel()
        self._scroll, self._content = QScrollArea(), QWidget()
        self._build()
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    def _build(self) -> None:
        self._filter.setPlaceholderText("筛选单位…")
        self._filter.setAccessibleName("筛选单位")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._arrange)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._state.action_triggered.connect(self.state_action)
        self._state.hide()
        self._none.hide()
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._hint, 1)
        self._content.setProperty("role", "scroll_content")
        self._list = QVBoxLayout(self._content)
        self._list.addWidget(self._none)
        self._list.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        outer = QVBoxLayout(self)
        outer.addLayout(self._head)
        outer.addWidget(self._filter)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._state, 1)

    # ---- what the caller sets

    def set_heading(self, title: str, hint: str = "") -> None:
        """Say what the board is for and how it is used."""
        self._title.setText(title)
        self._hint.setText(hint)

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections in order; what stays the same is not rebuilt."""
        self.setUpdatesEnabled(False)
        wanted = {section.key: section for section in sections}
        for key in [key for key in self._sections if key not in wanted]:
            gone = self._sections.pop(key)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (key, section) in enumerate(wanted.items()):
            self._section_view(key, place).set_section(section)
        self._arrange()
        self.setUpdatesEnabled(True)

    def set_can_drop(self, refusal: Refusal) -> None:
        """Ask here whether keys may go to a card: None is yes, a text says why not."""
        self._refusal = refusal

    def set_drop_text(self, words) -> None:
        """Words on a card that is about to take ``count`` keys."""
        self._drop_words = words

    def set_filter_text(self, text: str) -> None:
        """Show only cards whose title or keywords hold this text."""
        self._filter.setText(text)

    def set_notice(self, state: TableState | None) -> None:
        """Show a state instead of the cards; None shows the cards."""
        self._state.set_state(state or TableState())
        self._state.setVisible(state is not None)
        self._scroll.setVisible(state is None)

    def begin_drag(self, keys: Sequence[Hashable]) -> None:
        """A drag of these keys started: cards that may not take them dim and say why."""
        for card in self.cards():
            card.begin_drag(tuple(keys))

    def end_drag(self, _dropped: bool = False) -> None:
        """The drag is over, dropped or not."""
        for card in self.cards():
            card.end_drag()

    # ---- reading

    def cards(self) -> list[UnitCard]:
        """All card widgets in order."""
        return [card for section in self._sections.values() for card in section.cards()]

    def card_for_hotkey(self, number: int) -> Hashable | None:
        """Key of the enabled card with this number; None if there is none."""
        found = (card.data.key for card in self.cards() if card.data.hotkey == number and card.data.enabled)
        return next(found, None)

    def sizeHint(self) -> QSize:
        """Two cards wide."""
        return QSize(current_theme().sizes.card_height * 7, current_theme().sizes.card_height * 9)

    # ---- inside

    def _section_view(self, key: Hashable, place: int) -> SectionView:
        view = self._sections.get(key)
        if view is None:
            view = self._sections[key] = SectionView(self._make_card, self._content)
        if self._list.indexOf(view) != place:
            self._list.removeWidget(view)
            self._list.insertWidget(place, view)
        return view

    def _make_card(self, data: CardData) -> UnitCard:
        card = UnitCard(
            data,
            self._mime_type,
            lambda keys, key: self._refusal(keys, key),
            lambda count: self._drop_words(count),
            self._content,
        )
        card.dropped.connect(lambda keys: self._on_dropped(keys, card))
        card.refused.connect(lambda keys: self.refused.emit(keys, card.data.key))
        card.clicked.connect(lambda: self.card_clicked.emit(card.data.key))
        card.drag_moved.connect(self._scroll_near)
        card.step.connect(lambda key: self._step(card, key))
        return card

    def _on_dropped(self, keys: tuple[Hashable, ...], card: UnitCard) -> None:
        self.end_drag()
        self.dropped.emit(keys, card.data.key)

    def _arrange(self) -> None:
        found = [view.arrange(self._filter.text()) for view in self._sections.values()]
        self._none.setVisible(bool(found) and not any(found))

    def _step(self, card: UnitCard, key: int) -> None:
        """Move the focus to a neighbour: one to the side, or a row up or down."""
        section = next(view for view in self._sections.values() if card in view.cards())
        step = _STEPS.get(key) or (section.columns if key == int(Qt.Key.Key_Down) else -section.columns)
        shown = [other for other in self.cards() if other.isVisibleTo(self)]
        place = max(0, min(len(shown) - 1, shown.index(card) + step))
        shown[place].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(shown[place])

    def _scroll_near(self, point: QPoint) -> None:
        """Scroll while a drag is held near the upper or lower edge."""
        viewport, edge = self._scroll.viewport(), current_theme().sizes.row_height
        y = viewport.mapFromGlobal(point).y()
        step = -edge // 4 if y < edge else edge // 4 if y > viewport.height() - edge else 0
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + step)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self.layout().setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, 0)
        self.layout().setSpacing(sizes.pad_small)
        self._list.setContentsMargins(0, 0, sizes.line_width, sizes.pad)
        self._list.setSpacing(sizes.gap)
        for section in self._sections.values():
            section.apply_spacing()
