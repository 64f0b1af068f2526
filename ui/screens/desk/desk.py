"""The desk: queues, the queue, the selected case and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ORDER, WHISTLE
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import CaseFile, CaseRow
from commandcenter.domain.workflow import Action, load_workflow
from commandcenter.live.picture import PictureChange
from ui.joint.presets import KINDS, from_cases
from ui.models.hold_words import HELD
from ui.models.offers import is_main, is_plain, may, offers
from ui.models.past_moment import arrival_of
from ui.screens.desk.case_menu import CaseMenu
from ui.screens.desk.case_pane import CasePane
from ui.screens.desk.dispatching import MOST_AT_ONCE, TOO_MANY, Dispatching
from ui.screens.desk.hold_chips import HELD_KEY
from ui.screens.desk.joint_targets import KEYS
from ui.screens.desk.near_cameras import NEAR_KEY
from ui.screens.desk.presence import Presence
from ui.screens.desk.queue_pane import QueuePane
from ui.screens.desk.side_bar import SideBar
from ui.screens.desk.side_pane import SidePane
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.theme import current_theme
from widgets.tones import Tone

_REPORTERS = load_workflow().action["report"].roles()
_ON_BOARD = frozenset({"dispatch", "sub_dispatch"})
_KEYS = (
    KeyGroup("队列", (("↑ ↓", "选案件"), ("Ctrl+A", "全选"), ("Shift / Ctrl + 点按", "多选"), ("Enter", "打开案件"),
                      ("Alt+1 … 9、0", "换队列"), ("Ctrl+F", "筛选"), ("Esc", "清除选择、筛选"), ("F5", "重新载入"),
                      ("菜单键", "本案可办的事项"), (HELD_KEY, "打开本案的吹哨、令"))),
    KeyGroup("周边视频", ((NEAR_KEY, "看最近的一路，或关闭"), ("1 – 9、← →", "换一路"), ("Enter", "在视频屏全部打开"),
                          ("Ctrl+S", "抓拍存证"), ("Ctrl+Shift+S", "最近 30 秒存证"), ("Esc", "关闭"))),
    KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                      ("Ctrl+Shift+R", "回放到所选受理时"), ("Ctrl+T", "切换明暗主题"), ("Shift+Esc", "收起提示"))),
)


_KEYS_OF = (
    (frozenset({"dispatcher"}), (("1 – 9", "派给建议单位"), ("Ctrl+Z", "撤销派遣"))),
    (_REPORTERS, (("Ctrl+N", "新案采集"),)),
    *((load_machine(kind).opening.roles(), ((KEYS[kind], f"由所选案件{KINDS[kind]}"),)) for kind in (WHISTLE, ORDER)),
)
_QUEUE_SHARE, _TRACE_SHARE = 0.6, 0.57  # of the height of the middle, of the width below the queue
_BOARD_ROLES = frozenset({"dispatcher", "verifier", "acceptor"})
_WIDE, _NARROW = 7.4, 5.2  # width of the right edge in card heights


def desk_keys(roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """The keys of the desk for these roles."""
    own = [key for wanted, keys in _KEYS_OF if wanted & set(roles) for key in keys]
    return (_KEYS[0], KeyGroup("办理", (*own, ("F2", "办理下一步"), ("Ctrl+Enter", "提交表单"))), *_KEYS[1:])


class DeskScreen(QWidget):
    """The screen `dispatch`; everything it needs is the workplace. queue_shown(key); summons_wanted(SummonsRow): the
    whistle or order that holds a case is to be opened. cameras_wanted(CaseRow, list of (Camera, metres)): those near a
    case are to be shown large. replay_wanted(PastMoment)."""

    queue_shown = Signal(object)
    summons_wanted = Signal(object)
    cameras_wanted = Signal(object, object)
    replay_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "screen")
        self.side_bar, self.queue, self.case = SideBar(place), QueuePane(place), CasePane(place)
        self.side = SidePane(place, self.case.photos)
        self.dispatching, self.presence = Dispatching(place, self), Presence(place, self)
        self._to_open: tuple[int, ...] = ()
        self._to_begin: tuple[int, Action] | None = None
        self._picked: list = []
        self.new_button, self.undo_button = QPushButton("＋ 新案采集"), QPushButton("撤销派遣")
        self._shared_out = False
        self._shares: list[int] | None = None
        self._lay_out()
        self._add_buttons()
        self._connect()
        self._add_keys()
        self.side_bar.queues.select(self.queue.rows.queue)

    def _lay_out(self) -> None:
        self.middle, self.columns = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        for part, stretch in ((self.queue, 3), (self.case, 2)):
            self.middle.addWidget(part)
            self.middle.setStretchFactor(self.middle.count() - 1, stretch)
        for part, stretch in ((self.middle, 1), (self.side, 0)):
            self.columns.addWidget(part)
            self.columns.setStretchFactor(self.columns.count() - 1, stretch)
        for splitter in (self.middle, self.columns):
            splitter.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_bar)
        row.addWidget(self.columns, 1)

    def _add_buttons(self) -> None:
        """Verbs of the whole desk that would otherwise have a key and a word, but nothing to click."""
        for button, name, key, deed, wanted in (
            (self.undo_button, "undo_dispatch", "Ctrl+Z", self.dispatching.undo, frozenset({"dispatcher"})),
            (self.new_button, "new_case", "Ctrl+N", self.new_case, _REPORTERS),
        ):
            self.queue.add_button(button)
            button.setObjectName(name)
            button.setToolTip(key)
            button.setVisible(bool(wanted & self.place.roles))
            button.clicked.connect(deed)
        self._on_undo_changed()

    def _connect(self) -> None:
        self.side_bar.queue_chosen.connect(self.show_queue)
        self.side_bar.figure_chosen.connect(self._show_figure)
        self.queue.current_changed.connect(self._on_current)
        self.queue.selection_changed.connect(self._on_selection)
        self.queue.opened.connect(lambda _key: self.case.trace.setFocus())
        self.queue.table.drag_started.connect(self._on_drag)
        self.queue.table.drag_finished.connect(self._on_drag_end)
        self.case.action_chosen.connect(self.begin)
        self.case.file_shown.connect(self._on_file)
        self.case.head.summons_wanted.connect(self.summons_wanted)
        self.case.replay_wanted.connect(self.replay_wanted)
        self.case.near.all_wanted.connect(self.cameras_wanted)
        self.case.near.left.connect(self.take_keyboard)
        self.queue.table.cell_clicked.connect(self._on_cell)
        self.side.action_chosen.connect(self.begin)
        self.side.dispatch_wanted.connect(self.dispatching.send)
        self.side.sub_dispatch_wanted.connect(self._sub_dispatch)
        self.side.intake.case_opened.connect(self.open_case)
        for part in (self.side.form, self.side.intake):
            part.closed.connect(lambda: self.queue.table.setFocus())
        self.side.units.unit_wanted.connect(self._show_unit)
        self.side.joint_wanted.connect(self.compose)
        self.side.composed.connect(self._on_composed)
        self.side.summons_wanted.connect(self.summons_wanted)
        self.dispatching.state_changed.connect(self.queue.show_sending)
        self.dispatching.settled.connect(self.queue.settle)
        self.dispatching.undo_changed.connect(self._on_undo_changed)
        self.dispatching.undone.connect(self._on_undone)
        self.queue.table.context_menu_requested.connect(self._show_menu)
        self.presence.changed.connect(self._on_presence)
        self.place.live.changed.connect(self._refresh_selection)
        self.place.live.loaded.connect(self._on_loaded)
        self.queue.rows.counted.connect(self._open_wanted)

    def _add_keys(self) -> None:
        keys = [("Ctrl+Z", self.dispatching.undo), ("F5", self.place.live.resync), ("Ctrl+N", self.new_case),
                ("Ctrl+F", self.queue.filters.open_search)]
        keys += [(NEAR_KEY, self._near_by_key)]
        keys += [("F2", self.begin_next), (HELD_KEY, self._open_held_by_key), ("Alt+0", lambda: self._choose_queue(9))]
        keys += [(key, lambda kind=kind: self._compose_by_key(kind)) for kind, key in KEYS.items()]
        keys += [(str(n), lambda n=n: self.side.units.send_to_hotkey(n)) for n in range(1, 10)]
        keys += [(f"Alt+{n}", lambda n=n: self._choose_queue(n - 1)) for n in range(1, 10)]
        for key, deed in keys:
            # For the whole window: a click into the top bar or a toast must not take the keys away.
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)  # a key held too long must not send one case after the other
            shortcut.activated.connect(deed)

    def showEvent(self, event: QShowEvent) -> None:
        """Shares are set once the real size is known; afterwards they are the user's."""
        super().showEvent(event)
        if not self._shared_out:
            self._shared_out = True
            self._share_out()

    def _share_out(self) -> None:
        wide = _WIDE if self.place.roles & _BOARD_ROLES else _NARROW
        side = min(round(current_theme().sizes.card_height * wide), self.width() // 3)
        middle = self.width() - self.side_bar.width() - side
        self.columns.setSizes([middle, side])
        self.middle.setSizes([round(self.height() * _QUEUE_SHARE), round(self.height() * (1 - _QUEUE_SHARE))])
        self.case.setSizes([round(middle * _TRACE_SHARE), round(middle * (1 - _TRACE_SHARE))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc arrives here only when no field, popup or form wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ verbs
    def show_queue(self, key: str) -> None:
        """Another queue."""
        if self.side_bar.queues.selected_key() != key and self.side_bar.queues.select(key):
            return  # the list announces its choice, and that comes back here
        self._to_open = ()
        self.queue.show_queue(key)
        self.queue_shown.emit(key)

    def open_case(self, case_id: int) -> None:
        """Show a case: in the present queue, in the first that holds it, or alone when none does."""
        if not self.queue.choose(case_id):
            home = self._home_of(case_id)
            if home is not None:
                self.show_queue(home)
                self._to_open = (case_id,)
                self._open_wanted()
        self._on_current(case_id)

    def _home_of(self, case_id: int) -> str | None:
        """The queue of its state, rather than 临期 or 超期, in which it stands only for now."""
        picture = self.place.live.picture
        holding = [q for q in self.place.queues if picture.in_queue(case_id, q.key)]
        holding.sort(key=lambda queue: queue.timing is not None)
        return holding[0].key if holding else None

    async def open_number(self, number: str) -> None:
        """Show a case that is not open any more, by its number."""
        try:
            row = await self.place.find_case(number)
        except DomainError as error:
            self.place.notices.say("open", f"查不到 {number}", Tone.NEAR, error.message)
            return
        if row is None:
            self.place.notices.say("open", f"您的范围内没有案件 {number}", Tone.NEAR)
        else:
            self.open_case(row.id)

    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        place = self.place
        told = place.live.ready and (place.joint.ready or place.joint.error is not None)
        if not told or self.queue.rows.filling or not self.side_bar.has_figures:
            return False
        empty = self.queue.rows.model.rowCount() == 0
        return empty or (self.queue.touched and self.case.complete and self.side.units.has_figures)

    def begin(self, action: Action) -> None:
        """Open the form of an action on the case shown; what needs no words is done at once, on all selected."""
        rows = self.queue.selected_rows() or ([self.case.file.row] if self.case.file else [])
        if not rows:
            self.place.notices.say("begin", "请先选择案件", Tone.MUTED)
        elif len(rows) > MOST_AT_ONCE:
            self.place.notices.say("begin", TOO_MANY, Tone.NEAR)
        elif is_plain(action):
            self.queue.table.setFocus()  # the button pressed may go away, and the focus with it
            self._act_on(rows, action)
        elif self.case.file is None:
            self._to_begin = (rows[0].id, action)  # as soon as it has been read
        else:
            self.side.open_form(action, self.case.file)

    def begin_next(self) -> None:
        """F2: the next step of the case shown, as the large button; never a side action that happens to be first."""
        row = next(iter(self.queue.selected_rows()), self.case.file.row if self.case.file else None)
        step = next(iter(self._offers(row)), None) if row is not None else None
        if step is not None and is_main(step):
            self.begin(step)
        else:
            why = "所选案件现在没有等您办的下一步" if row else "请先选择案件"
            self.place.notices.say("begin", why, Tone.MUTED, "其他可办事项：菜单键或右键" if step else "")

    def _offers(self, row: CaseRow) -> list[Action]:
        """What a form or a click can do; dispatching has the board."""
        place = self.place
        found = offers(row, place.person, place.backend.directory, place.units)
        return [action for action in found if action.code not in _ON_BOARD]

    def new_case(self) -> None:
        """采集, for those who may."""
        if _REPORTERS & self.place.roles:
            self.side.open_intake()
        else:
            self.place.notices.say("intake", "您的岗位不采集案件", Tone.MUTED)

    def compose(self, kind: str, rows: Sequence[CaseRow] = ()) -> None:
        """吹哨, 联合执法: a sheet about these cases, else about the selected ones, else a blank one."""
        chosen = list(rows) or self.queue.selected_rows()
        if (why := self.side.composing_why_not or self.side.targets.refusal(kind, chosen)) is not None:
            self.place.notices.say("compose", f"不能开{KINDS[kind]}", Tone.NEAR, why)
            return
        self.side.open_composer(kind, from_cases(self.place, kind, chosen) if chosen else None)
        self._make_room()

    def _make_room(self) -> None:
        """A sheet wants the width of two cards; what the user had comes back with its end."""
        sizes = self.columns.sizes()
        wanted = min(round(current_theme().sizes.card_height * _WIDE), self.width() // 2)
        if self._shares is None and len(sizes) > 1 and sizes[1] < wanted:
            self._shares = sizes
            self.columns.setSizes([sum(sizes) - wanted, wanted])

    def _on_composed(self) -> None:
        if self._shares is not None:
            self.columns.setSizes(self._shares)
            self._shares = None
        self.take_keyboard()

    def _compose_by_key(self, kind: str) -> None:
        """A letter pressed beside the inputs of a form means nothing."""
        if not self.side.form_open:
            self.compose(kind)

    def open_held(self, case_id: int | None) -> None:
        """The newest whistle or order that holds a case."""
        held = self.place.holds.of(case_id) if case_id is not None else ()
        if held:
            self.summons_wanted.emit(held[0])
        else:
            why = "这件案件现在没有吹哨或联合执法令" if case_id is not None else "请先选择案件"
            self.place.notices.say("held", why, Tone.MUTED)

    def _near_by_key(self) -> None:
        """A letter pressed beside the inputs of a form means nothing."""
        if not self.side.form_open:
            self.case.near.toggle()

    def _open_held_by_key(self) -> None:
        if not self.side.form_open:
            self.open_held(self.case.loader.shown)

    def _on_cell(self, case_id: int, column: str) -> None:
        """A click on the mark."""
        if column == HELD and self.place.holds.of(case_id):
            self.open_held(case_id)

    def step_back(self) -> None:
        """Esc: the form first, then the picture, then the filter, then the selection."""
        if not self.side.leave_form() and not self.case.near.view.leave() and not self.queue.filters.clear():
            self.queue.clear_selection()

    def take_keyboard(self) -> None:
        """Keys belong to the queue."""
        self.queue.table.setFocus()

    def keep_drafts(self) -> None:
        """The window closes: write down what is typed, and nobody looks at the case here any more."""
        self.side.keep_drafts()
        self.presence.leave()
        self.case.near.view.shut()

    # ------------------------------------------------------------ following
    def _choose_queue(self, number: int) -> None:
        if number < len(self.place.queues):
            self.show_queue(self.place.queues[number].key)

    def _show_figure(self, _key: str) -> None:
        """The shift's figures count dispatches: what runs now and was sent by me."""
        me, since = self.place.person.id, self.side_bar.shift_since()
        self._show_running("本班派遣", lambda row: row.dispatched_by == me and (row.dispatched_at or 0) >= since)

    def _show_unit(self, unit_id: int) -> None:
        self._show_running(self.place.words.unit(unit_id), lambda row: row.handler_id == unit_id)

    def _show_running(self, title: str, test: Callable[[CaseRow], bool]) -> None:
        if any(queue.key == "running" for queue in self.place.queues):
            self.show_queue("running")
            self.queue.filters.show_figure(title, test)

    def _on_current(self, case_id: int | None) -> None:
        self.case.show_case(case_id)
        self.presence.look_at(case_id)
        if case_id is None:
            self.side.show_file(None)

    def _on_selection(self, keys: list) -> None:
        self._picked = keys
        self._show_selection()

    def _show_selection(self) -> None:
        """What may be done with a selection beyond all measure is not worked out: nothing may."""
        few = len(self._picked) <= MOST_AT_ONCE
        self.side.show_rows(self.queue.rows_of(self._picked) if few else (), TOO_MANY if not few else "")

    def _refresh_selection(self, change: PictureChange) -> None:
        """Only what is selected in another version."""
        picked = set(self._picked)
        if picked and any(row.id in picked for row in change.upserted):
            self._show_selection()

    def _on_drag(self, keys: list) -> None:
        self.side.units.board.begin_drag(keys)
        self.side.below.board.begin_drag(keys)
        for targets in (self.side.units.targets, self.side.targets):
            targets.begin_drag(keys)

    def _on_drag_end(self, dropped: bool) -> None:
        self.side.units.board.end_drag(dropped)
        self.side.below.board.end_drag(dropped)
        for targets in (self.side.units.targets, self.side.targets):
            targets.end_drag()

    def _on_file(self, file: CaseFile) -> None:
        self.side.show_file(file)
        if self._to_begin is not None and self._to_begin[0] == file.row.id:
            self.side.open_form(self._to_begin[1], file)
        self._to_begin = None

    def _show_menu(self, case_id: int, where: QPoint) -> None:
        """The row's verbs at the pointer, or by the menu key."""
        if case_id not in self.queue.table.selected_keys():
            self.queue.choose(case_id)
        row = self.place.live.row(case_id)
        if row is None:
            return
        menu = CaseMenu(self.place, row, self._offers(row), self.side.units.suggestions_for(row), self)
        menu.action_chosen.connect(self.begin)
        menu.unit_chosen.connect(self.side.units.send_selected)
        menu.joint_chosen.connect(self.compose)
        menu.summons_chosen.connect(self.summons_wanted)
        menu.replay_chosen.connect(lambda: self.replay_wanted.emit(arrival_of(row)))
        menu.popup(where)

    def _on_undo_changed(self) -> None:
        self.undo_button.setEnabled(self.dispatching.can_undo)

    def _on_undone(self, case_ids: Sequence[int]) -> None:
        """Who takes a dispatch back wants to send those cases elsewhere."""
        if case_ids and not self.side.form_open:
            self._to_open = tuple(case_ids)
            self._open_wanted()

    def _on_presence(self, case_id: int, names: Sequence[str]) -> None:
        self.queue.set_presence(case_id, names)
        if case_id == self.case.loader.shown:
            self.case.head.set_others(names)

    def _on_loaded(self) -> None:
        self._open_wanted()
        if self.queue.table.current_key() is None and self.queue.rows.model.rowCount():
            self.queue.table.set_current(self.queue.rows.model.key_at(0))

    def _open_wanted(self) -> None:
        """A case that was to be opened may arrive later: with a long queue, or when its dispatch was taken back."""
        if self._to_open and self.queue.choose(*self._to_open):
            self._to_open = ()

    # ------------------------------------------------------------ several at once
    def _sub_dispatch(self, rows: Sequence[CaseRow], unit_id: int) -> None:
        self._act_on(rows, load_workflow().action["sub_dispatch"], {"unit_id": unit_id})

    def _act_on(self, rows: Sequence[CaseRow], action: Action, args: Mapping[str, object] | None = None) -> None:
        place = self.place
        if not place.live.online:
            place.notices.say("offline", OFFLINE, Tone.NEAR)
            return
        fitting = [row for row in rows if may(action.code, row, place.person, place.backend.directory, place.units)]
        if fitting:
            place.backend.start(self._act_all(fitting, action, args or {}), self)
        else:
            place.notices.say("begin", f"所选案件现在不能{action.label}", Tone.NEAR)

    async def _act_all(self, rows: Sequence[CaseRow], action: Action, args: Mapping[str, object]) -> None:
        done = [row for row in rows if await self._act_one(row, action, args)]
        if done:
            what = self.place.case_title(done[0]) if len(done) == 1 else f"{len(done):,} 件"
            self.place.notices.say(("done", done[0].id), f"{what} 已{action.label}", Tone.OK)

    async def _act_one(self, row: CaseRow, action: Action, args: Mapping[str, object]) -> bool:
        try:
            await self.place.deeds.act(row, action.code, args, self)
        except DomainError as error:
            self.place.notices.say(("refused", row.id), f"{self.place.case_title(row)} 未能{action.label}",
                                   Tone.OVERDUE, refusal_words(error, self.place))
            return False
        return True
