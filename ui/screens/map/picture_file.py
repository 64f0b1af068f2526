"""Saves what the map shows as a PNG file."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.bridge.notices import Notices
from widgets.map import MapCanvas
from widgets.tones import Tone


class PictureFile(QObject):
    """The picture is taken when it is asked for, not when the file's name is at last chosen."""

    def __init__(self, canvas: MapCanvas, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._notices, self._parent = canvas, notices, parent

    def ask(self, name: str) -> QFileDialog:
        """Where to?"""
        picture = self._canvas.picture()
        dialog = QFileDialog(self._parent, "存为图片", f"{name}.png", "PNG 图片 (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda path: self.save(picture, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, picture: QImage, path: str) -> None:
        """Write it, and say what came of it."""
        if picture.save(path):
            self._notices.say("picture", f"地图已存为 {QFileInfo(path).fileName()}", Tone.OK)
        else:
            self._notices.say("picture", "地图没有存成", Tone.OVERDUE, "请换一个可以写入的位置再存")
