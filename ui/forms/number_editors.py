"""Inputs for figures: counts, scores, and degrees of longitude and latitude."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal

from ui.forms.text_editors import LineEditor

MOST_COUNTED = 99_999
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_LIMITS = {"lon": 180.0, "lat": 90.0}
_NAMES = {"lon": "经度", "lat": "纬度"}


class CountEditor(LineEditor):
    """`value()` is a whole number between two bounds."""

    def __init__(self, least: int = 0, most: int = MOST_COUNTED, placeholder: str = "") -> None:
        super().__init__(placeholder or f"{least:,}–{most:,}", longest=9)
        self._least, self._most = least, most

    def value(self) -> int | None:
        """The number, None while there is none or a wrong one."""
        text = self.text().replace(",", "").replace("，", "").strip()
        number = int(text) if text.isascii() and text.isdigit() else None
        return number if number is not None and self._least <= number <= self._most else None

    def problem(self) -> str:
        """Words, or a number out of bounds."""
        wrong = bool(self.text().strip()) and self.value() is None
        return f"请填 {self._least:,} 到 {self._most:,} 的整数" if wrong else ""


class ScoreEditor(CountEditor):
    """0 to 100."""

    def __init__(self) -> None:
        super().__init__(0, 100, "0–100")


class DegreesEditor(LineEditor):
    """One of a pair of WGS-84 degrees; a whole pair "116.41, 39.95", pasted or typed to its end, is told by
    pair_given(lon, lat)."""

    pair_given = Signal(float, float)

    def __init__(self, axis: str) -> None:
        super().__init__("例：116.4102，可粘贴“经度, 纬度”" if axis == "lon" else "例：39.9561", longest=40)
        self._axis, self._before = axis, ""
        self.textEdited.connect(self._on_text)
        self.textChanged.connect(self._remember)
        self.editingFinished.connect(lambda: self._tell_pair(self.text()))

    def value(self) -> float | None:
        """The degrees, None while there are none or wrong ones."""
        try:
            degrees = float(self.text().strip())
        except ValueError:
            return None
        return degrees if abs(degrees) <= _LIMITS[self._axis] else None

    def problem(self) -> str:
        """No number, or one that lies nowhere on earth."""
        if not self.text().strip() or self.value() is not None:
            return ""
        example = "116.4102" if self._axis == "lon" else "39.9561"
        return f"{_NAMES[self._axis]}须在 ±{_LIMITS[self._axis]:.0f} 之间，如 {example}"

    def _on_text(self, text: str) -> None:
        """Only what comes at once is whole: of one typed by hand, the first digit of the latitude makes a pair."""
        if len(text) - len(self._before) > 1:
            self._tell_pair(text)

    def _remember(self, text: str) -> None:
        self._before = text

    def _tell_pair(self, text: str) -> None:
        if match := _PAIR.match(text):
            self.pair_given.emit(float(match[1]), float(match[2]))
