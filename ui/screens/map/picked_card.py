"""The card of what was picked on the map: a case, grid, camera, worker or whistle, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from commandcenter.domain.model import CaseRow
from ui.bridge.map_book import MapBook
from ui.screens.desk.near_finder import FEW, NEAR_M, Near, NearFinder
from ui.screens.desk.near_rows import NearRows
from ui.screens.map.team_view import TeamView
from ui.screens.workplace import Workplace
from widgets.flow_layout import FlowLayout
from widgets.panel import Panel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.ticker import SecondTicker


@dataclass(frozen=True, slots=True)
class Deed:
    """A button of the card; why_not: it is dead, and says why. key: as a tip."""

    text: str
    do: Callable[[], object]
    why_not: str = ""
    tip: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """What the card says. near: cameras are looked for around this case. grid_id: whose team is shown."""

    title: str
    facts: Sequence[str]
    deeds: Sequence[Deed] = ()
    near: CaseRow | None = None
    grid_id: int | None = None


class PickedCard(Panel):
    """Hidden while nothing is picked. closed(): enough. watch_wanted(index): one of `shown`. all_wanted(): all of
    them, large."""

    closed = Signal()
    watch_wanted = Signal(int)
    all_wanted = Signal()

    def __init__(self, place: Workplace, book: MapBook, clock: Callable[[CaseRow], str]) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._clock = clock
        self.face: Face | None = None
        self._deeds: tuple[tuple[str, str], ...] = ()
        self._widened = False
        self.facts, self.left = label(), label(role="heading")
        self.close_it = QPushButton("× 关闭")
        self.team = TeamView(place, book)
        self.finder = NearFinder(place, self)
        self.near = NearRows(self.finder, place.cameras.label)
        self.buttons: list[QPushButton] = []
        self._tools, self._tools_row = QWidget(), FlowLayout()
        self._watching: int | None = None
        self._lay_out()
        self.close_it.clicked.connect(self.closed)
        self.finder.changed.connect(self._show_near)
        self.near.chosen.connect(self.watch_wanted)
        self.near.all_wanted.connect(self.all_wanted)
        self.near.more_wanted.connect(self._widen)
        self._ticker = SecondTicker(self, self._tick)
        theme_events().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    def _lay_out(self) -> None:
        self.close_it.setProperty("kind", "chip")
        self.close_it.setToolTip("Esc")
        self.close_it.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_corner(self.close_it)
        self.facts.setWordWrap(True)
        self._tools.setLayout(self._tools_row)
        column = QVBoxLayout()
        for part in (self.left, self.facts, self._tools, self.team, self.near):
            column.addWidget(part)
        self.body.addLayout(column)
        self._inner = column

    # ------------------------------------------------------------ what it says
    def show_face(self, face: Face | None) -> None:
        """This from now on; the same thing with other words keeps its buttons and what is read of it."""
        before, self.face = self.face, face
        self.setVisible(face is not None)
        if face is None:
            self._look_near(None)
            self.team.show_grid(None)
            return
        if before is None or before.title != face.title:
            self._widened = False
        self.set_title(face.title)
        self.facts.setText("\n".join(line for line in face.facts if line))
        self._show_deeds(face.deeds)
        self.team.show_grid(face.grid_id)
        self._look_near(face.near)
        self._tick()

    @property
    def shown(self) -> list[Near]:
        """The few nearest cameras; all that were found once more are wanted."""
        found = self.finder.found
        return found if self._widened else [near for near in found if near.metres <= NEAR_M][:FEW]

    def set_watching(self, camera_id: int | None) -> None:
        """Whose picture is in the slot."""
        self._watching = camera_id
        self._show_near()

    # ------------------------------------------------------------ inside
    def _show_deeds(self, deeds: Sequence[Deed]) -> None:
        kept = tuple((deed.text, deed.why_not) for deed in deeds)
        if kept != self._deeds:
            self._deeds = kept
            self._make_buttons(deeds)
        for button, deed in zip(self.buttons, deeds, strict=True):
            button.clicked.disconnect()
            button.clicked.connect(lambda _=False, do=deed.do: do())
        self._tools.setVisible(bool(deeds))

    def _make_buttons(self, deeds: Sequence[Deed]) -> None:
        for button in self.buttons:
            self._tools_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for deed in deeds:
            button = QPushButton(deed.text, self._tools)
            if deed.primary:
                set_property(button, "kind", "primary")
            button.setEnabled(not deed.why_not)
            button.setToolTip(deed.why_not or deed.tip)
            button.clicked.connect(lambda: None)
            self._tools_row.addWidget(button)
            button.show()
            self.buttons.append(button)

    def _look_near(self, row: CaseRow | None) -> None:
        self.finder.show(row)
        self._show_near()

    def _widen(self) -> None:
        self._widened = not self._widened
        self._show_near()

    def _show_near(self) -> None:
        around = self.face is not None and self.face.near is not None
        self.near.setVisible(around)
        if around:
            shown = self.shown
            self.near.show_cameras(shown, len(self.finder.found) - len(shown), self._widened, self._watching)

    def _tick(self) -> None:
        row = None if self.face is None else self.face.near
        self.left.setVisible(row is not None)
        if row is not None:
            self.left.setText(self._clock(row))

    def _on_theme_changed(self) -> None:
        self._inner.setSpacing(current_theme().sizes.pad_small)
        self.left.setAlignment(Qt.AlignmentFlag.AlignLeft)
