"""What a toast must not lie over: the field being filled in, and the buttons that send a form or do the next step."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from widgets.form_field import FormField

_INPUTS = QLineEdit | QPlainTextEdit | QTextEdit | QComboBox | QAbstractSpinBox
_SENDING = frozenset({"primary", "danger"})


def kept_free(window: QWidget, screen: QWidget) -> list[QRect]:
    """Rectangles in the window's coordinates; `screen`: the one in sight."""
    buttons = (b for b in screen.findChildren(QPushButton) if b.property("kind") in _SENDING and b.isVisible())
    found = [_seen(window, button) for button in buttons]
    focus = QApplication.focusWidget()
    if isinstance(focus, _INPUTS) and window.isAncestorOf(focus):
        found.append(_seen(window, _whole_field(focus)))
    return [rect for rect in found if not rect.isEmpty()]


def _whole_field(focus: QWidget) -> QWidget:
    """With its label and its error."""
    above = focus.parentWidget()
    while above is not None and not isinstance(above, FormField):
        above = above.parentWidget()
    return above or focus


def _seen(window: QWidget, widget: QWidget) -> QRect:
    """As much of it as is not scrolled away."""
    visible = widget.visibleRegion().boundingRect()
    return visible.translated(widget.mapTo(window, QPoint(0, 0)))
