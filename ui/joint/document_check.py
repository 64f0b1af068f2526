"""校验公文: what was issued under a code, and whether a PDF is that document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import Document
from ui.forms.asking import Latest
from ui.forms.text_editors import LineEditor
from ui.joint.document_preview import FILTER, DocumentPreview, usual_folder
from ui.joint.document_words import official
from ui.joint.official import OfficialDocument
from ui.joint.pdf_file import compare, read_pdf
from ui.screens.workplace import Workplace
from widgets.busy_button import BusyButton
from widgets.notice import Notice
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

_HOW = "输入或用扫码枪扫公文末页方框里的校验码，如 7K3F-92QD-XA2B"
_WIDE = 9  # card heights


class DocumentCheck(QDialog):
    """checked(): an answer stands on the screen. `document`: what was found."""

    checked = Signal()

    def __init__(self, place: Workplace, code: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.document: OfficialDocument | None = None
        self._answer: Latest[Any] = Latest(self._on_found, self._on_error)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("校验公文")
        self.code, self.check_button = LineEditor(_HOW, 40), BusyButton("校验", "正在查…", "primary")
        self.notice, self.compared = Notice(), Notice()
        self.facts = QFormLayout()
        self.read_button, self.compare_button = QPushButton("看公文原文"), QPushButton("与 PDF 文件比对…")
        self.close_button = QPushButton("关闭  Esc")
        self._build()
        self.code.set_value(code)
        if code:
            self.check()

    def _build(self) -> None:
        line, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self.code.setAccessibleName("校验码")
        line.addWidget(self.code, 1)
        line.addWidget(self.check_button)
        foot.addStretch(1)
        for button, deed in ((self.check_button, self.check), (self.read_button, self._read),
                             (self.compare_button, self._choose_file), (self.close_button, self.reject)):
            button.setAutoDefault(False)
            button.clicked.connect(deed)
            if button is not self.check_button:
                foot.addWidget(button)
        self.code.returnPressed.connect(self.check)
        for part in (line, self.notice, self.facts, self.compared, foot):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        column.addStretch(1)
        self._show(None)
        self.setMinimumWidth(current_theme().sizes.card_height * _WIDE)

    # ------------------------------------------------------------ the code
    def check(self) -> None:
        """Ask the database what was issued under this code."""
        code = self.code.value()
        self._show(None)
        if code is None:
            self._say("请输入校验码", Tone.NEAR)
            return
        self.notice.hide()
        self.check_button.set_busy(True)
        ask = self._place.backend.session.joint_queries.check_document
        self._answer.ask(self._place.backend.call(ask, code))

    def _on_found(self, document: Document | None) -> None:
        self.check_button.set_busy(False)
        if document is None:
            self._say("没有签发过这个校验码的公文：请核对是否输错；若无误，这份公文不是本系统签发的", Tone.OVERDUE)
        else:
            self._say("校验码有效，签发内容如下", Tone.OK)
            self._show(document)
        self.checked.emit()

    def _on_error(self, error: DomainError) -> None:
        self.check_button.set_busy(False)
        self._say(error.message, Tone.OVERDUE)
        self.checked.emit()

    def _show(self, document: Document | None) -> None:
        self.compared.hide()
        while self.facts.rowCount():
            self.facts.removeRow(0)
        zone = self._place.words.local(0.0).tzinfo
        self.document = official(document, zone) if document is not None else None
        for name, words in self._facts(document):
            said = label(words)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.facts.addRow(label(name, role="muted"), said)
            if self.isVisible():
                said.show()  # at once: the layout shows it a turn of the loop later, and does not count it until then
        for button in (self.read_button, self.compare_button):
            button.setEnabled(document is not None)
        self._grow()

    def _grow(self) -> None:
        """Long lists of units need more lines than the dialog had."""
        wanted = self.layout().totalHeightForWidth(max(self.width(), self.minimumWidth()))
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def _facts(self, document: Document | None) -> list[tuple[str, str]]:
        shown = self.document
        if document is None or shown is None:
            return []
        made = self._place.words.local(document.at)
        units = "、".join(_unit(party) for party in document.content["parties"])
        return [
            ("发文字号", shown.number), ("标题", shown.title), ("发文机关", shown.signature), ("成文日期", shown.dated),
            ("签发人", shown.signer or "无（按规定直接发出）"), ("参加单位", units),
            ("出具", f"{document.by_name} {made:%Y-%m-%d %H:%M}"), ("内容摘要", document.digest),
        ]

    # ------------------------------------------------------------ the paper
    def _read(self) -> None:
        if self.document is not None:
            DocumentPreview(self.document, self).open()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "选择要比对的 PDF", usual_folder(), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.compare_with(Path(name)))
        dialog.open()

    def compare_with(self, path: Path) -> None:
        """Say whether this file is the document."""
        if self.document is None:
            return
        try:
            content = read_pdf(path)
        except OSError as error:
            self.compared.show_text(f"文件读不出：{error.strerror or error}", Tone.OVERDUE)
        except ValueError as error:
            self.compared.show_text(str(error), Tone.OVERDUE)
        else:
            found = compare(content, self.document)
            tone = Tone.OK if found.exact else Tone.NEAR if found.same else Tone.OVERDUE
            self.compared.show_text(f"{path.name}：{found.said}", tone)
        self._grow()

    def _say(self, text: str, tone: Tone) -> None:
        self.notice.show_text(text, tone)


def _unit(party: Mapping[str, Any]) -> str:
    heads = f" {party['heads']:,} 人" if party.get("heads") else ""
    return f"{party['name']}{'（牵头）' if party.get('lead') else ''}{heads}"
