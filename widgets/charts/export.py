"""Any panel as a file: 导出图片 PNG, SVG, 数据 CSV, by the right button or the menu key."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QToolTip, QWidget

Table = Sequence[Sequence[object]]
KINDS = {"png": "导出图片 PNG…", "svg": "导出图片 SVG…", "csv": "导出数据 CSV…"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNFIT = '\\/:*?"<>|'
_TOLD_MS = 8000


def as_csv(rows: Table) -> bytes:
    """With a byte-order mark: without it Excel takes Chinese for Latin. No text is run as a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_svg(widget: QWidget, title: str = "") -> bytes:
    """The widget as lines and words, in its present size; words stay words where the reader has the font."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setTitle(title)
    generator.setResolution(widget.logicalDpiX())
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data())


def as_png(image: QImage) -> bytes:
    """The picture as a file; any thread."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(data.data())


class PanelExport(QObject):
    """A panel's menu. `name` begins the file's name; without `table` there is no CSV; `picture` draws otherwise than by
    the widget (then there is no SVG). Says what became of it at the panel, and by `saved(path)` or `failed(why)`."""

    saved = Signal(object)
    failed = Signal(str)
    _written = Signal(object, str)

    def __init__(self, panel: QWidget, name: Callable[[], str], table: Callable[[], Table] | None = None,
                 picture: Callable[[], QImage] | None = None) -> None:
        super().__init__(panel)
        self._panel, self._name, self._table, self._picture = panel, name, table, picture
        panel.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        panel.customContextMenuRequested.connect(self._open_menu)
        self._written.connect(self._tell)

    def kinds(self) -> list[str]:
        """What this panel can be exported as."""
        without = {"csv"} if self._table is None else set()
        return [kind for kind in KINDS if kind not in without | ({"svg"} if self._picture else set())]

    def menu(self) -> QMenu:
        """The menu; it goes when it is closed."""
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in self.kinds():
            menu.addAction(KINDS[kind]).triggered.connect(partial(self.ask_file, kind))
        return menu

    def ask_file(self, kind: str, *_: object) -> QFileDialog:
        """Where to? The dialog does not stop the work."""
        name = "".join("_" if sign in _UNFIT else sign for sign in self._name()).strip() or "导出"
        dialog = QFileDialog(self._panel, KINDS[kind].rstrip("…"), f"{name}.{kind}", f"*.{kind}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.fileSelected.connect(lambda file: self.save(kind, Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, kind: str, path: Path) -> None:
        """What is shown now; written beside the drawing, so that a slow disk stops nothing."""
        content = self._content(kind)
        QThreadPool.globalInstance().start(lambda: self._write(content, path))

    def _content(self, kind: str) -> Callable[[], bytes]:
        """Drawn here and now; made into a file elsewhere."""
        if kind == "csv" and self._table is not None:
            return partial(as_csv, self._table())
        if kind == "svg":
            return partial(bytes, as_svg(self._panel, self._name()))
        return partial(as_png, self._picture() if self._picture else self._panel.grab().toImage())

    def _write(self, content: Callable[[], bytes], path: Path) -> None:
        try:
            path.write_bytes(content())
            why = ""
        except OSError as error:
            why = f"{path.name} 写不了：{error.strerror or error}，请换一个位置"
        with suppress(RuntimeError):    # the panel is gone meanwhile; its file is there
            self._written.emit(path, why)

    def _tell(self, path: Path, why: str) -> None:
        at = self._panel.mapToGlobal(self._panel.rect().center())
        QToolTip.showText(at, why or f"已导出 {path.name}", self._panel, self._panel.rect(), _TOLD_MS)
        if why:
            self.failed.emit(why)
        else:
            self.saved.emit(path)

    def _open_menu(self, at: QPoint) -> None:
        self.menu().popup(self._panel.mapToGlobal(at))
