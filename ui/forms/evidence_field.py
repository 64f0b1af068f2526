"""Evidence to send along: by file dialog, by drag from the desktop, or pasted from the clipboard."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.roles import ATTACHMENT_LABELS
from ui.forms.evidence_file import FILTER, DraftAttachment, UnsuitableFile, check_evidence, read_evidence
from ui.forms.segmented import Segmented
from widgets.notice import Notice
from widgets.styling import label
from widgets.tones import Tone


class EvidenceField(QFrame):
    """`attachments()` in the order added; the kind chosen goes to what is added next."""

    changed = Signal()
    _folder = ""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__()
        self._kinds = tuple(kinds)
        self._attachments: list[DraftAttachment] = []
        self._kind = Segmented({kind: ATTACHMENT_LABELS[kind] for kind in kinds})
        self._kind.set_value(kinds[0])
        self._kind.set_label("附件类别")
        self._notice = Notice()
        self._rows = QVBoxLayout()
        self.setProperty("role", "surface")
        self.setAcceptDrops(True)
        self.setAccessibleName("附件")
        self._build()

    def attachments(self) -> tuple[DraftAttachment, ...]:
        """What will be sent."""
        return tuple(self._attachments)

    def set_attachments(self, attachments: Sequence[DraftAttachment]) -> None:
        """Fill in (a draft) without telling."""
        self._attachments = list(attachments)
        self._show()

    def clear(self) -> None:
        """Nothing will be sent."""
        self.set_attachments(())

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files; those that cannot be evidence are named with the reason, the others are added."""
        refused = []
        for path in paths:
            try:
                self._attachments.append(read_evidence(path, self._kind_now()))
            except UnsuitableFile as why:
                refused.append(str(why))
        self._tell(refused)

    def add_image(self, image: QImage, name: str = "粘贴的图片.png") -> None:
        """Add a picture from the clipboard."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        try:
            self._attachments.append(check_evidence(self._kind_now(), name, bytes(buffer.data().data())))
        except UnsuitableFile as why:
            self._tell([str(why)])
        else:
            self._tell([])

    def take(self, mime: QMimeData) -> bool:
        """Take files or a picture out of a drop or the clipboard; False if there are none."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.add_files(paths)
        elif mime.hasImage():
            self.add_image(QImage(mime.imageData()))
        else:
            return False
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.take(event.mimeData()):
            event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """Take what the clipboard holds, or say that it holds nothing suitable."""
        if not self.take(QGuiApplication.clipboard().mimeData()):
            self._tell(["剪贴板里没有图片或文件"])

    def _build(self) -> None:
        row = QHBoxLayout()
        for text, slot in (("选择文件…", self._choose_files), ("粘贴", self.paste)):
            button = QPushButton(text)
            button.setProperty("kind", "chip")
            button.setAccessibleName(f"附件：{text}")
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addWidget(self._kind)
        self._kind.setVisible(len(self._kinds) > 1)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(label("可拖入文件或粘贴图片，每件 ≤ 8 MB", role="muted"))
        layout.addWidget(self._notice)
        layout.addLayout(self._rows)

    def _kind_now(self) -> str:
        return self._kind.value() or self._kinds[0]

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, "选择附件", EvidenceField._folder, FILTER)
        dialog.directoryEntered.connect(self._remember_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add_files([Path(name) for name in names]))
        dialog.open()

    def _remember_folder(self, folder: str) -> None:
        """The next dialog begins where the last one was."""
        EvidenceField._folder = folder

    def _tell(self, refused: Sequence[str]) -> None:
        if refused:
            self._notice.show_text("；".join(refused), Tone.NEAR)
        else:
            self._notice.hide()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        while (row := self._rows.takeAt(0)) is not None:
            row.widget().deleteLater()
        for attachment in self._attachments:
            self._rows.addWidget(self._row(attachment))

    def _row(self, attachment: DraftAttachment) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        kind = ATTACHMENT_LABELS[attachment.kind]
        layout.addWidget(label(f"{kind} · {attachment.name}"), 1)
        layout.addWidget(label(f"{len(attachment.content) / 1024:,.0f} KB", role="muted"))
        remove = QPushButton("移除")
        remove.setProperty("kind", "quiet")
        remove.setAccessibleName(f"移除 {attachment.name}")
        remove.clicked.connect(lambda: self._remove(attachment))
        layout.addWidget(remove)
        return row

    def _remove(self, attachment: DraftAttachment) -> None:
        self._attachments = [kept for kept in self._attachments if kept is not attachment]
        self._tell([])
