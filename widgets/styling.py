"""Setting the object properties that the style sheet selects by."""

from PySide6.QtWidgets import QLabel, QWidget

from widgets.tones import Tone


def set_property(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property the style sheet knows and have the widget dressed anew."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def label(text: str = "", role: str = "", tone: Tone = Tone.NORMAL) -> QLabel:
    """A QLabel in a role (``title heading muted small figure``) and a tone of the theme; plain text only."""
    made = QLabel(text)
    made.setTextFormat(made.textFormat().PlainText)
    if role:
        made.setProperty("role", role)
    made.setProperty("tone", tone.value)
    return made
