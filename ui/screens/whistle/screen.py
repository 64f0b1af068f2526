"""吹哨 and 联合执法: the board above; below it what waits for me and the scores, or the whistle that is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ORDER, SUMMONS, TASK, WHISTLE, NewSummons, SummonsRow
from commandcenter.domain.joint_offers import caller_orgs
from ui.bridge.joint_finding import find_summons
from ui.joint.composer import Composer
from ui.models.joint_steps import Step, is_main
from ui.models.past_moment import issue_of
from ui.screens.whistle.acting import Acting
from ui.screens.whistle.board_pane import BoardPane
from ui.screens.whistle.list_pane import ListPane
from ui.screens.whistle.lower_left import LowerLeft
from ui.screens.whistle.papers import Papers
from ui.screens.whistle.score_pane import ScorePane
from ui.screens.whistle.summons_menu import SummonsMenu
from ui.screens.whistle.summons_pane import SummonsPane
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.kanban.card_painter import card_height
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_VERBS = {WHISTLE: "拟哨", ORDER: "拟令"}
_BOARD_SHARE, _OPEN_SHARE = 0.54, 0.42  # of the height: the board, and the board while a whistle is open
_LEFT_SHARE = 0.53
_LEAST_LANES = 2.6   # cards' heights below the board: less is no room for lanes


class JointScreen(QWidget):
    """The screens `whistle` and `order`. case_wanted(case id), matter_wanted(entity, id): shown elsewhere;
    order_wanted(NewSummons): a joint order is to be drafted. replay_wanted(PastMoment)."""

    case_wanted = Signal(object)
    matter_wanted = Signal(str, object)
    order_wanted = Signal(object)
    replay_wanted = Signal(object)

    def __init__(self, place: Workplace, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.kind = place, kind
        self.setProperty("role", "screen")
        self.setObjectName(kind)
        self.tools, self.acting = JointTools(place, self), Acting(place, self)
        self.board = BoardPane(place, self.tools, kind)
        self.list, self.scores = ListPane(place, self.tools, kind), ScorePane(place, self.tools)
        self.summons = SummonsPane(place, self.tools, self.acting)
        self.papers = Papers(place, self)
        self.compose_button = QPushButton(f"＋ {_VERBS[kind]}")
        self.left, self._lower = LowerLeft(place, kind, self.list), QStackedWidget()
        self._overview, self._rows = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        self._shared_out, self._large, self._came_from = False, False, 0
        self._lay_out()
        self._connect()
        self._add_keys()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _lay_out(self) -> None:
        for part in (self.left, self.scores):
            self._overview.addWidget(part)
        self._overview.setProperty("role", "gap")
        framed, around = QWidget(), QVBoxLayout()
        framed.setLayout(around)
        around.addWidget(self._overview)
        self._framed, self._around = framed, around
        for page in (framed, self.summons):
            self._lower.addWidget(page)
        for part in (self.board, self._lower):
            self._rows.addWidget(part)
        for splitter in (self._overview, self._rows):
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._rows)
        self.compose_button.setProperty("kind", "chip")
        self.compose_button.setToolTip("Ctrl+Shift+B")
        self.board.add_button(self.compose_button)
        self.compose_button.setVisible(self.may_compose)

    def _connect(self) -> None:
        self.board.opened.connect(self.show_row)
        self.board.board.menu_wanted.connect(self._show_menu)
        self.left.composed.connect(lambda key: self.place.backend.start(self.open_id(key), self))
        self.left.turned.connect(self._on_turned)
        self.left.summons_wanted.connect(lambda number: self._want_matter(SUMMONS, number))
        self.list.opened.connect(lambda row, _party: self.show_row(row))
        self.list.bulletins_wanted.connect(self.show_bulletins)
        self.list.summons_wanted.connect(lambda number: self._want_matter(SUMMONS, number))
        self.list.task_wanted.connect(lambda number: self._want_matter(TASK, number))
        self.scores.behind_wanted.connect(self._show_behind)
        self.scores.bulletins_wanted.connect(self.show_bulletins)
        self.scores.month_changed.connect(lambda: self.list.follow(self.scores.month))
        self.summons.closed.connect(self.close_summons)
        self.summons.enlarged.connect(self.toggle_large)
        self.summons.case_wanted.connect(self.case_wanted)
        self.summons.matter_wanted.connect(self._want_matter)
        self.summons.order_wanted.connect(self.order_wanted)
        self.summons.replay_wanted.connect(self.replay_wanted)
        self.summons.document_wanted.connect(self.papers.show)
        self.compose_button.clicked.connect(lambda: self.compose())

    def _add_keys(self) -> None:
        keys = [("/", self.board.filters.open_search), ("Ctrl+F", self.board.filters.open_search),
                ("F5", self.place.live.resync), ("F2", self.begin_next), ("F4", self.toggle_large),
                ("Ctrl+Shift+B", self.compose), ("Ctrl+1", lambda: self._show_list(self.list.show_mine)),
                ("Ctrl+2", lambda: self._show_list(self.list.show_over)), ("Ctrl+3", self.show_bulletins)]
        keys += [(str(n), lambda n=n: self.begin_digit(n)) for n in range(1, 10)]
        for key, deed in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)  # a key held too long must not do one after the other
            shortcut.activated.connect(deed)

    # ------------------------------------------------------------ asking
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        return (self.place.joint.ready and self.scores.ready and self.summons.complete
                and not self.board.filling and not self.list.filling)

    @property
    def composer(self) -> Composer | None:
        """The sheet under way, in sight or not."""
        return self.left.composer

    @property
    def may_compose(self) -> bool:
        """Whether this person calls on behalf of any organisation, and the city has rules for it."""
        return bool(caller_orgs(self.kind, self.place.person, self.place.backend.directory))

    @property
    def opened(self) -> SummonsRow | None:
        """What is open below."""
        return self.summons.row if self._lower.currentWidget() is self.summons else None

    def take_keyboard(self) -> None:
        """Keys belong to the board, also while a form below keeps its words."""
        self.board.focus_board()

    def keep_drafts(self) -> None:
        """The window closes: write down what is typed."""
        self.summons.keep_drafts()
        self.left.keep_draft()

    # ------------------------------------------------------------ verbs
    def show_row(self, row: SummonsRow) -> None:
        """Open a whistle or order of this screen."""
        self._came_from = row.id
        self.summons.show_summons(row)
        self._lower.setCurrentWidget(self.summons)
        self.board.board.set_opened(row.id)
        self._make_room()
        QTimer.singleShot(0, self, lambda: self.board.board.show_card(row.id))  # when the board has its new height

    def close_summons(self) -> None:
        """Back to the scores; the card keeps the keyboard."""
        self.summons.leave()
        self._lower.setCurrentWidget(self._framed)
        self.board.board.set_opened(None)
        self._large = False
        self._make_room()
        self.board.board.focus_card(self._came_from)

    def toggle_large(self) -> None:
        """F4: the open one takes the board's room, or gives it back."""
        if self.opened is None:
            self.place.notices.say("large", "先打开一张卡片", Tone.MUTED)
            return
        self._large = not self._large
        self._make_room()

    def begin_digit(self, digit: int) -> None:
        """The verb of this digit on the one that is open: without it nobody sees what a digit does."""
        row = self.opened
        if row is None or self.acting.wait_for(row):
            return
        if not self.summons.begin_digit(digit):
            self.place.notices.say("digit", f"没有第 {digit} 项办理", Tone.MUTED)

    def show_bulletins(self, key: str | None = None) -> None:
        """The 通报 of the month that the scores show; of a kind, or what is still to be put right."""
        self._show_list(lambda: self.list.show_bulletins(self.scores.month, key))

    def begin_next(self) -> None:
        """F2: the next step of the one that is open, or of the card under the keyboard."""
        row = self.opened or self.board.current()
        if row is None:
            self.place.notices.say("begin", "请先选择卡片", Tone.MUTED)
            return
        if self.acting.wait_for(row):
            return  # what it offers may be the step that was just done
        self.show_row(row)
        step = next((s for s in self.summons.steps if is_main(s, row)), None)
        if step is None:
            self.place.notices.say("begin", "现在没有等您办的下一步", Tone.MUTED)
        else:
            self.summons.begin(step)

    def begin_code(self, code: str, unit_id: int | None = None) -> bool:
        """A verb by its code on the one that is open, of a unit's lane if one is named; False: not offered now."""
        row = self.opened
        if row is None:
            return False
        lane = next((p.no for p in row.live_parties if p.unit_id == unit_id), None) if unit_id is not None else None
        if unit_id is not None and lane is None:
            return False
        return self.summons.begin_code(code, lane) is not None

    def compose(self, preset: NewSummons | None = None) -> None:
        """拟哨, 拟令: the composer at the lower left; one that is under way comes back as it was."""
        if not self.may_compose:
            self.place.notices.say("compose", f"您的岗位不{_VERBS[self.kind]}", Tone.MUTED)
            return
        if self.opened is not None:
            self.close_summons()
        self.left.compose(preset)

    async def open_id(self, summons_id: int) -> None:
        """Open one by its id, also when it is over."""
        row = await self._find(summons_id)
        if row is not None:
            self.show_row(row)

    def step_back(self) -> None:
        """Esc: the form first, then the whistle, the filter, the list."""
        if self.summons.leave_form():
            return
        if self.opened is not None:
            self.close_summons()
        elif not self.board.filters.clear() and not self.list.step_back():
            self.board.focus_board()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc arrives here only when no field, popup or form wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ inside
    def _show_menu(self, summons_id: int, where: QPoint) -> None:
        """The card's verbs at the pointer, or by the menu key."""
        row = self.place.joint.summons.get(summons_id)
        if row is None:
            return
        menu = SummonsMenu(self.place, row, self)
        menu.open_wanted.connect(lambda: self.show_row(row))
        menu.step_chosen.connect(lambda step: self._begin_on(summons_id, step))
        menu.replay_wanted.connect(lambda: self.replay_wanted.emit(issue_of(row)))
        menu.popup(where)

    def _begin_on(self, summons_id: int, step: Step) -> None:
        """On the row as it is by the time of the choice."""
        row = self.place.joint.summons.get(summons_id)
        if row is not None:
            self.show_row(row)
            self.summons.begin(step)

    async def _find(self, summons_id: int) -> SummonsRow | None:
        try:
            row = await find_summons(self.place, SUMMONS, summons_id)
        except DomainError as error:
            self.place.notices.say("open", "读取失败", Tone.NEAR, error.message)
            return None
        if row is None:
            self.place.notices.say("open", "没有这一条，或它不在您的范围内", Tone.NEAR)
        return row

    def _want_matter(self, entity: str, entity_id: int) -> None:
        """A whistle is shown here or on the other board; meetings and tasks elsewhere."""
        if entity == SUMMONS:
            self.place.backend.start(self._open_related(entity_id), self)
        else:
            self.matter_wanted.emit(entity, entity_id)

    async def _open_related(self, summons_id: int) -> None:
        row = await self._find(summons_id)
        if row is not None and row.kind == self.kind:
            self.show_row(row)
        elif row is not None:
            self.matter_wanted.emit(SUMMONS, row.id)

    def _show_behind(self, unit_id: int | None, key: str, month: object) -> None:
        self._show_list(lambda: self.list.show_behind(unit_id, key, month))

    def _show_list(self, show: Callable[[], None]) -> None:
        """The list comes into sight, whatever stands there."""
        if self.opened is not None:
            self.close_summons()
        self.left.show_list()
        show()

    def _on_turned(self) -> None:
        """The sheet came or went; without it the keyboard belongs to the board."""
        self._make_room()
        if not self.left.composing:
            self.board.focus_board()

    # ------------------------------------------------------------ room
    def showEvent(self, event: QShowEvent) -> None:
        """Shares are set once the real size is known; afterwards they are the user's."""
        super().showEvent(event)
        if not self._shared_out:
            self._shared_out = True
            left = round(self.width() * _LEFT_SHARE)
            self._overview.setSizes([left, self.width() - left])
            self._make_room()

    def _make_room(self) -> None:
        """A small screen gives a whistle that is open nearly all of its height."""
        is_open = self._lower.currentWidget() is self.summons
        share = _OPEN_SHARE if is_open or self.left.composing else _BOARD_SHARE
        height = self.height()
        cramped = is_open and height * (1 - _OPEN_SHARE) < card_height(current_theme().sizes) * _LEAST_LANES
        self.board.setVisible(not (self._large or cramped))
        self.summons.head.set_large(self._large)
        self._rows.setSizes([round(height * share), round(height * (1 - share))])

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._around.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad)
        self._overview.setHandleWidth(sizes.pad)
