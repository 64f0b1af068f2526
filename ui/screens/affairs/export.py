"""The list of tasks, or of rulings, as a file: the rows that the list shows, in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from commandcenter.domain.joint import TaskRow
from commandcenter.domain.rulings import Ruling
from ui.models.affair_table import task_table
from ui.models.joint_scores import as_csv
from ui.models.ruling_columns import ruling_table
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.tones import Tone


class AffairExport(QObject):
    """`shown`: (what the list is called, its rows)."""

    def __init__(self, place: Workplace, tools: JointTools, shown: Callable[[], tuple[str, Sequence[TaskRow | Ruling]]],
                 parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._tools, self._shown, self._over = place, tools, shown, parent

    def ask_file(self) -> None:
        """Where to? The dialog does not stop the work."""
        title, rows = self._shown()
        if not rows:
            self._place.notices.say("export", f"{title}没有可导出的事项", Tone.MUTED)
            return
        dialog = QFileDialog(self._over, f"导出{title}", f"{title}.csv", "*.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the rows that are shown now."""
        rows, words = self._shown()[1], self._tools.words
        rulings = [row for row in rows if isinstance(row, Ruling)]
        table = ruling_table(rulings, words) if rulings else \
            task_table([row for row in rows if isinstance(row, TaskRow)], words)
        self._place.backend.start(self._save(path, table), self)

    async def _save(self, path: Path, table: list[list[object]]) -> None:
        try:
            await self._place.backend.call(path.write_bytes, as_csv(table))
        except OSError as error:
            why = f"{path.name} 写不了：{error.strerror or error}"
            self._place.notices.say("export", "没有导出", Tone.OVERDUE, why)
        else:
            self._place.notices.say("export", f"已导出 {path.name}", Tone.OK, f"{len(table) - 1:,} 项 · {path.parent}")
