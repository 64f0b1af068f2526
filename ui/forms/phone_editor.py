"""An input for a telephone number."""

import re

from ui.forms.text_editors import LineEditor

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d(?:转\d{1,6})?")


class PhoneEditor(LineEditor):
    """Digits with blanks, hyphens, + and an extension (转); `value()` without blanks."""

    def __init__(self) -> None:
        super().__init__("手机或座机", 30)

    def value(self) -> str | None:
        """The number."""
        return self.text().replace(" ", "") or None

    def problem(self) -> str:
        """Something that is no number."""
        text = self.text().strip()
        return "" if not text or _PHONE.fullmatch(text) else "请写 7 至 20 位电话号码"
