"""Who is responsible for a grid: 网格长, 网格员, …, with masked phones that are shown for a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.map import TeamMember
from ui.bridge.map_book import MapBook
from ui.models.map_words import TEAM_LABELS
from ui.screens.map.phone_dialog import PhoneDialog
from ui.screens.workplace import Workplace
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events

_COLUMNS = 3


class TeamView(QWidget):
    """A line a member. Read when a grid is shown; the same grid again asks nothing. A unit grid without a team of its
    own is looked after by that of the grid around it."""

    def __init__(self, place: Workplace, book: MapBook) -> None:
        super().__init__()
        self._place, self._book = place, book
        self._grid_id: int | None = None
        self.members: Sequence[TeamMember] = ()
        self.buttons: list[QPushButton] = []
        self.title, self.words, self.retry = label(role="muted"), label(role="muted"), QPushButton("重试")
        self._column, self._lines = QVBoxLayout(self), QGridLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.title)
        self._column.addWidget(self.words)
        self._column.addWidget(self.retry)
        self._column.addLayout(self._lines)
        self._lines.setColumnStretch(1, 1)
        self.words.setWordWrap(True)
        self.retry.setProperty("kind", "chip")
        self.retry.clicked.connect(lambda: self._ask(self._grid_id))
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def show_grid(self, grid_id: int | None) -> None:
        """The team of this grid; None: nothing."""
        self.setVisible(grid_id is not None)
        if grid_id == self._grid_id:
            return
        self._grid_id = grid_id
        if grid_id is not None:
            self._show_title(grid_id)
            self._ask(grid_id)

    def _show_title(self, grid_id: int) -> None:
        grid = self._place.backend.directory.grids.get(grid_id)
        self.title.setText(f"网格力量 · {grid.name}" if grid else "网格力量")

    def _ask(self, grid_id: int | None) -> None:
        if grid_id is not None:
            self._fill(())
            self._say("正在读取…", False)
            self._place.backend.start(self._read(grid_id), self)

    async def _read(self, grid_id: int) -> None:
        try:
            whose, members = await self._nearest_team(grid_id)
        except DomainError as error:
            if grid_id == self._grid_id:
                self._say(f"网格力量没有读出：{error.message}", True)
            return
        if grid_id == self._grid_id:
            self._show_title(whose)
            self._fill(members)
            self._say("" if members else "这个网格还没有登记力量", False)

    async def _nearest_team(self, grid_id: int) -> tuple[int, Sequence[TeamMember]]:
        """Of the grid, or of the nearest one around it that has a team; the grid's own where none has."""
        grids, around = self._place.backend.directory.grids, grid_id
        while not (members := await self._book.team(around)):
            parent = grids[around].parent_id if around in grids else None
            if parent is None or parent not in grids:
                return grid_id, ()
            around = parent
        return around, members

    def _say(self, words: str, may_retry: bool) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.retry.setVisible(may_retry)

    def _fill(self, members: Sequence[TeamMember]) -> None:
        self.members, self.buttons = members, []
        while self._lines.count():
            if (widget := self._lines.takeAt(0).widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, member in enumerate(members):
            self._lines.addWidget(label(TEAM_LABELS.get(member.role, member.role), role="muted"), row, 0)
            self._lines.addWidget(label(member.name), row, 1)
            self._lines.addWidget(self._phone(member), row, 2)

    def _phone(self, member: TeamMember) -> QWidget:
        if not member.phone_masked:
            return label("未登记电话", role="muted")
        button = QPushButton(member.phone_masked)
        set_property(button, "kind", "link")
        button.setToolTip("查看号码（需填写理由，记入审计日志）")
        button.setAccessibleName(f"{member.name} {member.phone_masked}，{button.toolTip()}")
        button.clicked.connect(lambda: self.reveal(member))
        self.buttons.append(button)
        return button

    def reveal(self, member: TeamMember) -> PhoneDialog:
        """Ask for the reason, then show the number."""
        dialog = PhoneDialog(member, self.window())
        dialog.confirmed.connect(lambda reason: self._place.backend.start(self._reveal(dialog, member, reason), dialog))
        dialog.show()
        return dialog

    async def _reveal(self, dialog: PhoneDialog, member: TeamMember, reason: str) -> None:
        try:
            phone = await self._book.reveal_phone(member.id, reason)
        except DomainError as error:
            dialog.set_error(error)
        else:
            dialog.show_phone(phone)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setSpacing(sizes.pad_small)
        self._lines.setHorizontalSpacing(sizes.pad)
        self._lines.setVerticalSpacing(sizes.pad_small)
