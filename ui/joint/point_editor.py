"""Coordinates of the assembly place: taken from a case or the map, or typed as 经度, 纬度 (WGS-84)."""

from __future__ import annotations

import re

from ui.forms.text_editors import LineEditor

_NUMBERS = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)  # China's; the other way round it is a slip


class PointEditor(LineEditor):
    """`value()`: [longitude, latitude] in degrees, None while there is none."""

    def __init__(self) -> None:
        super().__init__("经度, 纬度；没有坐标则报到不核对距离", 60)

    def value(self) -> list[float] | None:
        """The point."""
        match = _NUMBERS.match(self.text())
        return None if match is None else [float(match[1]), float(match[2])]

    def set_value(self, point: object) -> None:
        """Fill in without telling."""
        known = isinstance(point, list | tuple) and len(point) == 2
        self.setText(f"{float(point[0]):.6f}, {float(point[1]):.6f}" if known else "")

    def problem(self) -> str:
        """Words that are no point, or one that lies elsewhere."""
        if not self.text().strip():
            return ""
        point = self.value()
        if point is None:
            return "请写成 经度, 纬度，如 116.4102, 39.9561"
        lon, lat = point
        if not (_EAST[0] <= lon <= _EAST[1] and _NORTH[0] <= lat <= _NORTH[1]):
            return "不在国内：经度在前，纬度在后"
        return ""
