"""Whether this machine can run the program at all; said before anything is shown."""

from __future__ import annotations

import sys

import PySide6

from widgets.fonts import FontReport

_BAD_FROM, _GOOD_PYTHON = (6, 12), (3, 12)


class UnsuitableMachine(Exception):
    """The message says in words what is missing and what to do."""


def check_versions(qt: tuple[int, ...] = PySide6.__version_info__, python: tuple[int, ...] = sys.version_info) -> None:
    """PySide6 6.12 loses references on Python below 3.12 and dies within seconds (spec/drawing.md)."""
    if tuple(qt[:2]) >= _BAD_FROM and tuple(python[:2]) < _GOOD_PYTHON:
        has = ".".join(map(str, qt[:3]))
        raise UnsuitableMachine(f"PySide6 {has} 不能在 Python {python[0]}.{python[1]} 上运行（会在数秒内崩溃）。"
                                "请安装 PySide6-Essentials==6.11.2，或改用 Python 3.12 以上版本。")


def check_fonts(report: FontReport) -> None:
    """Without Chinese glyphs nothing on screen could be read."""
    if not report.ok:
        raise UnsuitableMachine(f"没有可用的中文字体：{report.reason}")
