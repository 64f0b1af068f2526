"""A case on the ledger: why it hangs there, the whistles called for it, and how it is cleared."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from commandcenter.domain.joint import WHISTLE, SummonsRow
from commandcenter.domain.workflow import load_workflow
from ui.forms.affair_form import AffairForm
from ui.forms.asking import Latest
from ui.joint.presets import why_not
from ui.models.affair_columns import LedgerEntry
from ui.models.offers import may
from ui.screens.draft_evidence import keep_typed
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_DRAFT_MS = 300
_CLEAR = load_workflow().action["clear_ledger"]
_HOW = {
    True: "强制结案须由街道吹哨解决：吹哨结束后，街道负责人凭吹哨单编号销账。",
    False: "督办案件由值班长在案件上督办销账；也可为它吹哨。",
}


class LedgerPane(QFrame):
    """closed(); case_wanted(case id); whistle_wanted(tuple of case ids); summons_wanted(summons id)."""

    closed = Signal()
    case_wanted = Signal(object)
    whistle_wanted = Signal(object)
    summons_wanted = Signal(object)

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools = place, tools
        self.entry: LedgerEntry | None = None
        self.whistles: tuple[SummonsRow, ...] | None = None
        self._failed = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(self._save)
        self.form: AffairForm | None = None
        self._answer: Latest[list[SummonsRow]] = Latest(self._take, self._on_error)
        self._title, self._number, self._kind = ElidedLabel("title"), label(role="muted"), label(role="strong")
        self._how, self._said = label(role="muted"), label()
        self.clear_button, self.whistle_button = QPushButton("销账"), QPushButton("为它吹哨")
        self.case_button, self.leave_button = QPushButton("打开案件"), QPushButton("关闭")
        self._head, self._outer, self._list = QFrame(), QVBoxLayout(self), QVBoxLayout()
        self._build()
        place.live.state_changed.connect(self._offer)
        place.joint.changed.connect(self._on_live)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        self._head.setProperty("role", "panel_header")
        self._row = QHBoxLayout(self._head)
        for part, stretch in ((self._title, 0), (self._number, 0), (self._kind, 1), (self.clear_button, 0),
                              (self.whistle_button, 0), (self.case_button, 0), (self.leave_button, 0)):
            self._row.addWidget(part, stretch)
        deeds = ((self.clear_button, "primary", self.begin_clearing), (self.whistle_button, "chip", self._whistle),
                 (self.case_button, "chip", self._open_case), (self.leave_button, "chip", self.closed.emit))
        for button, kind, deed in deeds:
            button.setProperty("kind", kind)
            button.clicked.connect(deed)
        self.whistle_button.setToolTip("Ctrl+Shift+B")
        self.leave_button.setToolTip("Esc")
        self._body = QVBoxLayout()
        for part in (self._how, self._said):
            part.setWordWrap(True)
            self._body.addWidget(part)
        self._body.addLayout(self._list)
        self._outer.addWidget(self._head)
        self._outer.addLayout(self._body)
        self._outer.addStretch(1)

    # ------------------------------------------------------------ what the screen asks
    def show_entry(self, entry: LedgerEntry) -> None:
        """Show this one; its whistles, also those that are archived, are asked for."""
        other = self.entry is None or self.entry.key != entry.key
        self.entry = entry
        if other:
            self.close_form()
            self.whistles = None
        self._show()
        self._ask()

    def leave(self) -> None:
        """Nothing is shown any more."""
        self.close_form()
        self._answer.forget()
        self.entry, self.whistles = None, None

    @property
    def complete(self) -> bool:
        """Its whistles have been read, or could not be."""
        return self.entry is None or self.whistles is not None or self._failed

    @property
    def clearing(self) -> SummonsRow | None:
        """The whistle that clears it: the newest that is over."""
        over = [row for row in self.whistles or () if row.kind == WHISTLE and row.closed_at is not None]
        return max(over, key=lambda row: row.id, default=None)

    def begin_clearing(self) -> None:
        """销账: only the result is to be written, the whistle is known."""
        if self.entry is not None and self.clear_button.isVisible() and self.form is None:
            self._place.backend.start(self._open_form(self.entry, self.clearing), self)

    def close_form(self) -> bool:
        """Take the form away; False when none is open."""
        if self.form is None:
            return False
        self.keep_draft()
        form, self.form = self.form, None
        self._body.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._show()
        return True

    def keep_draft(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def _save(self) -> None:
        if self.form is not None and self.entry is not None:
            keep_typed(self._place, _key(self.entry), self.form.values())

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        entry, words = self.entry, self._place.words
        if entry is None:
            return
        self._title.setText(words.title(entry.row))
        self._number.setText(entry.row.no)
        self._kind.setText(f"{entry.kind} · {words.street(entry.row)}")
        set_property(self._kind, "tone", (Tone.OVERDUE if entry.row.on_ledger else Tone.NEAR).value)
        self._how.setText(_HOW[entry.row.on_ledger])
        while (item := self._list.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for row in sorted(self.whistles or (), key=lambda r: -r.id):
            self._list.addWidget(self._line(row))
        if self.whistles is not None:
            self._say("" if self.whistles else "还没有为它吹哨。")
        self._offer()

    def _line(self, row: SummonsRow) -> QPushButton:
        words = self._tools.words
        over = "，可凭此销账" if row.kind == WHISTLE and row.closed_at is not None and self._on_ledger else ""
        button = QPushButton(f"{row.no} {words.title(row)} · {words.state(row)}{over}")
        button.setProperty("kind", "link")
        button.clicked.connect(lambda: self.summons_wanted.emit(row.id))
        return button

    @property
    def _on_ledger(self) -> bool:
        return self.entry is not None and self.entry.row.on_ledger

    def _offer(self) -> None:
        if self.entry is None:
            return
        place, row = self._place, self.entry.row
        allowed = may("clear_ledger", row, place.person, place.backend.directory, place.units)
        self.clear_button.setVisible(self._on_ledger and allowed and self.clearing is not None and self.form is None)
        self.clear_button.setEnabled(place.live.online)
        self.clear_button.setToolTip("" if place.live.online else OFFLINE)
        reason = why_not(place, WHISTLE, [row])
        self.whistle_button.setVisible(reason is None)

    def _ask(self) -> None:
        self._failed = False
        if self.entry is not None:
            if self.whistles is None:
                self._say("正在读取吹哨记录…", Tone.SENDING)
            self._answer.ask(self._read(self.entry.key))

    async def _read(self, case: int) -> list[SummonsRow]:
        return await self._place.backend.call(self._place.backend.session.joint_queries.summons_of_case, case)

    def _take(self, rows: list[SummonsRow]) -> None:
        self.whistles = tuple(rows)
        if self.form is None:
            self._show()

    def _on_error(self, error: DomainError) -> None:
        self._failed = True
        self._say(f"吹哨记录没有读到：{error.message}", Tone.OVERDUE)

    def _on_live(self, change: object) -> None:
        case = self.entry.key if self.entry is not None else 0
        known = {row.id for row in self.whistles or ()}
        if any(case in row.cases for row in change.summons) or known & change.removed:  # type: ignore[attr-defined]
            self._ask()

    def _say(self, text: str, tone: Tone = Tone.MUTED) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        set_property(self._said, "tone", tone.value)

    # ------------------------------------------------------------ deeds
    def _whistle(self) -> None:
        if self.entry is not None:
            self.whistle_wanted.emit((self.entry.key,))

    def _open_case(self) -> None:
        if self.entry is not None:
            self.case_wanted.emit(self.entry.key)

    async def _open_form(self, entry: LedgerEntry, whistle: SummonsRow | None) -> None:
        context = await self._place.form_context()
        if whistle is None or self.entry is not entry or self.form is not None:
            return
        form = AffairForm(_CLEAR, _CLEAR.label, load_workflow(), {"document_no"}, context, (),
                          f"{self._place.case_title(entry.row)} · 凭 {whistle.no}")
        form.set_values(self._place.drafts.get(_key(entry)) or {})
        form.draft_changed.connect(lambda _: self._soon.start())
        form.cancelled.connect(self.close_form)
        form.submitted.connect(lambda values: self._place.backend.start(
            self._clear(form, entry, whistle.no, dict(values)), self))
        self.form = form
        self._body.addWidget(form, 1)
        self._offer()
        form.focus_first()

    async def _clear(self, form: AffairForm, entry: LedgerEntry, number: str, values: dict[str, object]) -> None:
        place = self._place
        try:
            await place.deeds.act(entry.row, "clear_ledger", values | {"document_no": number})
        except DomainError as error:
            told = error if isinstance(error, OutcomeUnknown) else \
                type(error)(refusal_words(error, place), error.detail)
            if isValid(form) and form is self.form:
                form.set_error(told)
            else:
                place.notices.say("ledger", f"{place.case_title(entry.row)} 未能销账", Tone.OVERDUE, told.message)
            return
        self._soon.stop()
        place.drafts.drop(_key(entry))
        place.notices.say("ledger", f"{place.case_title(entry.row)} 已销账", Tone.OK, f"凭 {number}")
        if form is self.form:
            self.close_form()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._row.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._row.setSpacing(sizes.gap)
        self._body.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad_small)
        self._body.setSpacing(sizes.pad_small)


def _key(entry: LedgerEntry) -> str:
    return f"affair:ledger/{entry.key}"
