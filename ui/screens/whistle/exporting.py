"""A table as a CSV or Excel file: what a list shows, where the user wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from ui.models.joint_scores import as_csv, as_workbook
from ui.screens.workplace import Workplace
from widgets.tones import Tone

Table = Sequence[Sequence[object]]


class TableExport(QObject):
    """`named`: what the table is called, and its rows below their heading as they are now."""

    def __init__(self, place: Workplace, named: Callable[[], tuple[str, Table]], over: QWidget) -> None:
        super().__init__(over)
        self._place, self._named, self._over = place, named, over

    def button(self, told: str) -> QPushButton:
        """导出 ▼ with both kinds of file."""
        made = QPushButton("导出 ▼")
        made.setProperty("kind", "chip")
        made.setAccessibleName(told)
        menu = QMenu(made)
        menu.addAction("CSV 文件…").triggered.connect(lambda: self.ask_file("csv"))
        menu.addAction("Excel 文件…").triggered.connect(lambda: self.ask_file("xlsx"))
        made.setMenu(menu)
        return made

    def ask_file(self, ending: str) -> None:
        """Where to? The dialog does not stop the work."""
        title, rows = self._named()
        if len(rows) < 2:
            self._place.notices.say("export", f"{title}没有可导出的内容", Tone.MUTED)
            return
        dialog = QFileDialog(self._over, f"导出{title}", f"{title}.{ending}", f"*.{ending}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Write what is shown; by its ending as CSV or Excel."""
        self._place.backend.start(self._save(path), self)

    async def _save(self, path: Path) -> None:
        title, rows = self._named()
        try:
            await self._place.backend.call(_write, path, rows, title)
        except OSError as error:
            why = f"{path.name} 写不了：{error.strerror or error}"
            self._place.notices.say("export", "没有导出", Tone.OVERDUE, why)
        else:
            said = f"{len(rows) - 1:,} 行 · {path.parent}"
            self._place.notices.say("export", f"已导出 {path.name}", Tone.OK, said)


def _write(path: Path, rows: Table, title: str) -> None:
    path.write_bytes(as_workbook(rows, title) if path.suffix.lower() == ".xlsx" else as_csv(rows))
