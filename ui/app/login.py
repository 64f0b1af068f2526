"""The login window: who, password, and one clear sentence when it does not work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError, LoginRefused
from widgets.busy_button import BusyButton
from widgets.form_field import FormField
from widgets.notice import Notice
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """A login of a sample deployment, offered by a click: never of a real one."""

    user: str
    password: str
    label: str


class LoginWindow(QWidget):
    """submitted(user, password); closed() when the window is left without logging in."""

    submitted = Signal(str, str)
    closed = Signal()

    def __init__(self, title: str, user: str = "", samples: Sequence[SampleLogin] = ()) -> None:
        super().__init__()
        self._samples = tuple(samples)
        self.setProperty("role", "background")
        self.setWindowTitle(f"登录 · {title}")
        self.user, self.password = QLineEdit(user), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter = BusyButton("登录", "正在登录…", "primary")
        self.notice, self.list = Notice(), QListWidget()
        self._build(title)
        self._connect()
        (self.password if user else self.user).setFocus()

    def _build(self, title: str) -> None:
        sizes = current_theme().sizes
        card = QFrame()
        card.setProperty("role", "surface")
        card.setFixedWidth(sizes.card_height * 6)
        column = QVBoxLayout(card)
        column.setContentsMargins(sizes.pad_large, sizes.pad_large, sizes.pad_large, sizes.pad_large)
        column.setSpacing(sizes.gap)
        column.addWidget(label("指挥中心", role="heading"))
        column.addWidget(label(title, role="muted"))
        column.addWidget(FormField("用户名", self.user))
        column.addWidget(FormField("密码", self.password))
        column.addWidget(self.notice)
        column.addWidget(self.enter)
        if self._samples:
            self._add_samples(column)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        self.resize(sizes.card_height * 9, sizes.card_height * 9)

    def _add_samples(self, column: QVBoxLayout) -> None:
        column.addWidget(label("示例账号（演示数据）：选中后回车登录", role="muted"))
        for sample in self._samples:
            item = QListWidgetItem(f"{sample.label}　{sample.user}")
            item.setData(Qt.ItemDataRole.UserRole, sample)
            self.list.addItem(item)
        self.list.setAccessibleName("示例账号")
        self.list.setFixedHeight(current_theme().sizes.control_height * min(6, len(self._samples) + 1))
        column.addWidget(self.list)

    def _connect(self) -> None:
        self.enter.clicked.connect(self.submit)
        self.user.returnPressed.connect(self._to_password)
        self.password.returnPressed.connect(self.submit)
        self.list.itemActivated.connect(self._take_sample)
        self.list.itemClicked.connect(self._take_sample)

    # ------------------------------------------------------------ verbs
    def submit(self) -> None:
        """Try to log in."""
        if self.enter.busy:
            return
        user = self.user.text().strip()
        if not user or not self.password.text():
            self.notice.show_text("请输入用户名和密码", Tone.NEAR)
            (self.user if not user else self.password).setFocus()
            return
        self.notice.hide()
        self.enter.set_busy(True)
        self.submitted.emit(user, self.password.text())

    def refuse(self, error: DomainError) -> None:
        """It did not work: say why, keep the name, select the password."""
        self.enter.set_busy(False)
        self.notice.show_text(error.message, Tone.NEAR if isinstance(error, LoginRefused) else Tone.OVERDUE)
        self.password.setFocus()
        self.password.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Left without logging in."""
        super().closeEvent(event)
        self.closed.emit()

    # ------------------------------------------------------------ inside
    def _to_password(self) -> None:
        if self.password.text():
            self.submit()
        else:
            self.password.setFocus()

    def _take_sample(self, item: QListWidgetItem) -> None:
        sample: SampleLogin = item.data(Qt.ItemDataRole.UserRole)
        self.user.setText(sample.user)
        self.password.setText(sample.password)
        self.submit()
