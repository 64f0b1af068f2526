"""What is to be known of the whistle shown beside its lanes: reason, scenario and rule, cases, checklist, papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from commandcenter.domain.joint import BULLETIN_LABELS, SummonsFile
from ui.models.joint_facts import case_title, meeting_line, task_line
from ui.models.joint_lanes import revoked_words
from ui.models.joint_words import JointWords
from ui.screens.whistle.photos import FILE_LABELS
from ui.screens.workplace import Workplace
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


class FactsView(QScrollArea):
    """case_wanted(case id); document_wanted(Document); matter_wanted(entity, id)."""

    case_wanted = Signal(object)
    document_wanted = Signal(object)
    matter_wanted = Signal(str, object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        content = QWidget()
        content.setProperty("role", "scroll_content")
        self._outer, self._grid = QVBoxLayout(content), QGridLayout()
        self._outer.addLayout(self._grid)
        self._outer.addStretch(1)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[object, ...] = ()
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("概况")
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def clear(self) -> None:
        """Nothing is shown."""
        self._shown = ()
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    def show_file(self, file: SummonsFile, words: JointWords) -> None:
        """Show another, or the same anew; what is the same is not built again, so that a selection survives."""
        shown = (file.row.cases, file.reason, file.conclusion, file.checks, file.bulletins, file.documents,
                 file.meetings, file.tasks, file.files, file.row.scenario, file.row.from_id, words.rules,
                 uncalled := words.uncalled(file.row) if file.row.live_parties else ())
        if shown == self._shown:
            return
        self.clear()
        self._shown = shown
        self._add_text("事由", file.reason)
        self._add_text("启动情形", words.scenario(file.row))
        self._add_text("依据", words.rule(file.row), Tone.MUTED)
        self._add_text("清单应召集、未召集", "、".join(uncalled), Tone.NEAR)
        self._add_buttons("关联案件", [(case_title(i, self._place), self._case(i)) for i in file.row.cases])
        if file.row.from_id is not None:
            self._add_buttons("来自吹哨", [("打开", self._matter("summons", file.row.from_id))])
        self._add_checks(file, words)
        self._add_text("结论", file.conclusion)
        for revoked, tone in ((False, Tone.OVERDUE), (True, Tone.MUTED)):
            self._add_text("通报" if not revoked else "已撤销通报", "\n".join(
                f"{b.no} {words.unit(b.unit_id)} {BULLETIN_LABELS.get(b.kind, b.kind)}{revoked_words(b, words)}"
                for b in file.bulletins if (b.revoked_at is not None) == revoked), tone)
        self._add_text("会商", "\n".join(meeting_line(meeting, words) for meeting in file.meetings))
        self._add_text("交办整改", "\n".join(task_line(task, words) for task in file.tasks))
        self._add_buttons("公文", [(f"{d.code} · {words.words.date_time(d.at)}", self._document(d))
                                 for d in file.documents])
        self._add_text("附件", "\n".join(f"{FILE_LABELS.get(f.kind, f.kind)} {f.name}" for f in file.files
                                       if not f.mime.startswith("image/")))

    # ------------------------------------------------------------ inside
    def _add_checks(self, file: SummonsFile, words: JointWords) -> None:
        done = {check.no: file.row.party(check.done_party) for check in file.checks if check.done_party is not None}
        lines = [f"{'✓' if check.done_at else '○'} {check.text}"
                 + (f"（{words.unit(done[check.no].unit_id)}）" if done.get(check.no) else "") for check in file.checks]
        self._add_text("现场清单", "\n".join(lines))

    def _add_text(self, name: str, text: str, tone: Tone = Tone.NORMAL) -> None:
        if not text:
            return
        value = label(text, tone=tone)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._add(name, value)

    def _add_buttons(self, name: str, entries: Sequence[tuple[str, Callable[[], None]]]) -> None:
        for place, (text, deed) in enumerate(entries):
            button = QPushButton(text)
            button.setProperty("kind", "link")
            button.setAccessibleName(f"{name} {text}")
            button.clicked.connect(deed)
            self._add(name if place == 0 else "", button)

    def _add(self, name: str, value: QWidget) -> None:
        row, top = self._grid.rowCount(), Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label(name, role="muted"), row, 0, top)
        side = Qt.AlignmentFlag(0) if isinstance(value, QLabel) else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(value, row, 1, side)

    def _case(self, case_id: int) -> Callable[[], None]:
        return lambda: self.case_wanted.emit(case_id)

    def _matter(self, entity: str, entity_id: int) -> Callable[[], None]:
        return lambda: self.matter_wanted.emit(entity, entity_id)

    def _document(self, document: object) -> Callable[[], None]:
        return lambda: self.document_wanted.emit(document)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._grid.setHorizontalSpacing(sizes.pad)
        self._grid.setVerticalSpacing(sizes.pad_small)
