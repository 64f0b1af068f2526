"""Who told of it, masked; showing a name in clear needs a reason and leaves a record."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseFile, MaskedReporter
from commandcenter.domain.workflow import load_workflow
from ui.forms.reveal_dialog import RevealDialog
from ui.screens.workplace import Workplace
from widgets.styling import label

_MAY_LOOK = frozenset({"acceptor", "followup", "verifier", "supervisor", "handler"})


class ReporterList(QFrame):
    """One line per reporter."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._case_id: int | None = None
        self._shown: tuple[MaskedReporter, ...] = ()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)

    def show_file(self, file: CaseFile | None) -> None:
        """Show the reporters of a case; unchanged ones are left alone."""
        case_id, reporters = (file.row.id, file.reporters) if file else (None, ())
        if case_id == self._case_id and reporters == self._shown:
            return
        self._case_id, self._shown = case_id, reporters
        while (item := self._lines.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()
                item.widget().deleteLater()
        for reporter in reporters:
            self._lines.addWidget(_ReporterLine(self._place, reporter, self))


class _ReporterLine(QWidget):
    """Name and phone masked, what was answered, and the way to see them in clear."""

    def __init__(self, place: Workplace, reporter: MaskedReporter, owner: QWidget) -> None:
        super().__init__(owner)
        self._place, self._reporter = place, reporter
        told = label(_told(reporter), role="muted")
        told.setWordWrap(True)
        self.look = QPushButton("查看")
        self.look.setProperty("kind", "quiet")
        if not place.roles & _MAY_LOOK:
            self.look.hide()  # not setVisible(True): without a parent yet it would flash as a window of its own
        self.look.clicked.connect(self._ask)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(label(f"{reporter.name_masked}　{reporter.phone_masked}"), 0, 0)
        grid.addWidget(self.look, 0, 1)
        grid.addWidget(told, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def _ask(self) -> None:
        dialog = RevealDialog(self._reporter.name_masked, self._reporter.phone_masked, self.window())
        dialog.confirmed.connect(lambda reason: self._place.backend.start(self._reveal(dialog, reason), self))
        dialog.show()

    async def _reveal(self, dialog: RevealDialog, reason: str) -> None:
        case_id, reporter_id = self._reporter.case_id, self._reporter.reporter_id
        try:
            clear = await self._place.backend.change(
                lambda commands: commands.reveal_reporter(case_id, reporter_id, reason))
        except DomainError as error:
            if isValid(dialog):
                dialog.set_error(error)
            return
        if isValid(dialog):
            dialog.show_clear(*clear)


def _told(reporter: MaskedReporter) -> str:
    fields = load_workflow().field
    if reporter.answered_at is None:
        return "尚未答复"
    parts = [f"已答复：{reporter.answer}"]
    for code, value in (("satisfied", reporter.satisfied), ("solved", reporter.solved)):
        if value:
            parts.append(f"{fields[code].label}：{fields[code].choices.get(value, value)}")
    return "　".join(parts)
