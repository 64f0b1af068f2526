"""Unexpected errors: written to a log in the person's home and shown in one dialog, never swallowed."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from widgets.styling import label
from widgets.theme import current_theme

log = logging.getLogger(__name__)

_BYTES, _FILES = 2_000_000, 3


def log_to(home: Path) -> Path:
    """Send the program's log to a file of its owner's; returns the file."""
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "commandcenter.log"
    handler = RotatingFileHandler(file, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for other in root.handlers:  # what is written down need not be said on the terminal too
        other.setLevel(max(other.level, root.level))
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO))
    file.chmod(0o600)
    _note_crashes(folder / "crashes.log")
    return file


def _note_crashes(file: Path) -> None:
    """Where each thread was when the program dies without a word (a segmentation fault): the log cannot tell it any
    more. Who asked for it elsewhere (PYTHONFAULTHANDLER) has it there."""
    if faulthandler.is_enabled():
        return
    notes = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w")
    notes.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {os.getpid()}\n")
    notes.flush()
    faulthandler.enable(notes)  # which keeps the file


class BugReports(QObject):
    """One dialog for all bugs; `install` makes it the place where unexpected exceptions end, from any thread."""

    reported = Signal(str)
    _arrived = Signal(str)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._dialog: BugDialog | None = None
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over sys.excepthook and threading.excepthook."""
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__

    def report(self, error: BaseException) -> None:
        """Log and show an error that is ours."""
        self._on_exception(type(error), error, error.__traceback__)

    def _on_exception(self, kind: type[BaseException], error: BaseException | None,
                      where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app = QApplication.instance()
            if app is not None:
                app.closeAllWindows()
            return
        text = "".join(traceback.format_exception(kind, error, where))
        log.error("unexpected error\n%s", text)
        self._arrived.emit(text)

    def _show(self, text: str) -> None:
        if self._dialog is None:
            self._dialog = BugDialog(self._log_file, QApplication.activeWindow())
            self._dialog.destroyed.connect(self._forget)
            self._dialog.show()
        self._dialog.add(text)
        self.reported.emit(text)

    def _forget(self) -> None:
        self._dialog = None


class BugDialog(QDialog):
    """Says that the program made a mistake, where it is written down, and lets the text be copied."""

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("程序出错")
        self._count = 0
        self._head, self._text = label(role="title"), QPlainTextEdit()
        self._text.setReadOnly(True)
        said = label(f"您的操作可能没有完成，请核对案件现状后再试。详情已写入 {log_file}，请转交管理员。", role="muted")
        said.setWordWrap(True)
        copy, close = QPushButton("复制详情"), QPushButton("关闭")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self._text.toPlainText()))
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column = QVBoxLayout(self)
        for part in (self._head, said, self._text):
            column.addWidget(part)
        column.addLayout(row)
        self.resize(current_theme().sizes.card_height * 9, current_theme().sizes.card_height * 5)

    def add(self, text: str) -> None:
        """One more."""
        self._count += 1
        self._head.setText("程序出现意外错误" + (f"（{self._count:,} 次）" if self._count > 1 else ""))
        self._text.appendPlainText(text)
