"""The 公文 on the screen, to be read, printed and saved as PDF."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtGui import QKeySequence, QPageSize, QPainter, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.joint import paper
from ui.joint.official import OfficialDocument
from ui.joint.pdf_file import draw_pages, pdf_bytes
from ui.joint.sheet_view import SheetView
from ui.joint.typesetting import set_in_type
from widgets.notice import Notice
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

log = logging.getLogger(__name__)

FILTER = "PDF 文件 (*.pdf)"
_DRAFT = "草稿预览：签发后才有校验码，才能打印和存 PDF"
_SHARE = 0.9  # of the height of the window below


class DocumentPreview(QDialog):
    """A draft is only shown; what was issued can be printed (Ctrl+P) and saved (Ctrl+S)."""

    _folder = ""

    def __init__(self, document: OfficialDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.pages = set_in_type(document)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"公文 {document.number}")
        self.view, self.notice = SheetView(), Notice()
        self.save_button, self.print_button = QPushButton("存 PDF…  Ctrl+S"), QPushButton("打印…  Ctrl+P")
        self.close_button = QPushButton("关闭  Esc")
        self._build()
        self.view.set_pages(self.pages)
        self.resize(self._wanted())
        self.view.setFocus()

    def _build(self) -> None:
        head, column = QHBoxLayout(), QVBoxLayout(self)
        issued = self.document.issued
        told = f"共 {len(self.pages):,} 页 · {'校验码 ' + self.document.code if issued else _DRAFT}"
        head.addWidget(label(told, role="muted"), 1)
        for button, deed in ((self.save_button, self.save), (self.print_button, self.print_out),
                             (self.close_button, self.reject)):
            button.setAutoDefault(False)
            button.clicked.connect(deed)
            head.addWidget(button)
        column.addLayout(head)
        for button in (self.save_button, self.print_button):
            button.setVisible(issued)
        column.addWidget(self.notice)
        column.addWidget(self.view, 1)
        keys = (("Ctrl+S", self.save), ("Ctrl+P", self.print_out), ("Ctrl++", lambda: self.view.zoom_by(1)),
                ("Ctrl+=", lambda: self.view.zoom_by(1)), ("Ctrl+-", lambda: self.view.zoom_by(-1)),
                ("Ctrl+0", lambda: self.view.zoom_by(0)))
        for key, deed in keys:
            QShortcut(QKeySequence(key), self).activated.connect(deed)

    def _wanted(self) -> QSize:
        """A whole page in sight where the window at the very bottom leaves the room: a dialog over it may be low."""
        below = self.parentWidget()
        while below is not None and below.window().parentWidget() is not None:
            below = below.window().parentWidget()
        room = below.window().height() if below is not None else current_theme().sizes.card_height * 10
        high = round(room * _SHARE)
        return QSize(round(high * paper.PAGE_WIDTH / paper.PAGE_HEIGHT), high)

    # ------------------------------------------------------------ saving
    def save(self) -> None:
        """Ask where, then write."""
        if not self.document.issued:
            return
        dialog = QFileDialog(self, "存 PDF", usual_folder(), FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{self.document.number}.pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_as(Path(name)))
        dialog.open()

    def save_as(self, path: Path) -> None:
        """Write the PDF; a full or read-only disk is said."""
        try:
            path.write_bytes(pdf_bytes(self.document))
        except OSError as error:
            log.warning("a document is not saved: %s", error)
            self.notice.show_text(f"没有存下：{error.strerror or error}。请换一个文件夹或清理磁盘", Tone.OVERDUE)
            return
        DocumentPreview._folder = str(path.parent)
        self.notice.show_text(f"已存为 {path}", Tone.OK)

    # ------------------------------------------------------------ printing
    def print_out(self) -> None:
        """Ask for a printer, then print."""
        if not self.document.issued:
            return
        if not QPrinterInfo.availablePrinterNames():
            self.notice.show_text("本机没有打印机，请先存为 PDF", Tone.NEAR)
            return
        self._printer = printer_for(self.document)
        dialog = QPrintDialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(self._printer))
        dialog.open()

    def print_on(self, printer: QPrinter) -> None:
        """All pages on this printer."""
        painter = QPainter()
        if not painter.begin(printer):
            self.notice.show_text("打印机没有接受文件，请检查打印机后再试", Tone.OVERDUE)
            return
        zoom = printer.resolution() / paper.UNITS_PER_INCH
        painter.scale(zoom, zoom)
        draw_pages(painter, self.pages, printer.newPage)
        painter.end()
        self.notice.show_text("已送打印", Tone.OK)


def usual_folder() -> str:
    """Where the last one was saved, at first the person's documents; never where the program happens to run."""
    theirs = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return DocumentPreview._folder or (theirs if Path(theirs).is_dir() else str(Path.home()))


def printer_for(document: OfficialDocument) -> QPrinter:
    """A printer of whole A4 sheets: the margins are the document's own."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName(document.file_title)
    return printer
