"""A page that is set in type: lines, rules and codes at their places, in units of 0.01 mm."""

from __future__ import annotations

from dataclasses import dataclass, field

from ui.joint.qr_code import Modules


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words: left edge and baseline; `spacing` added between characters; colour "" or "red"."""

    x: float
    baseline: float
    text: str
    role: str
    spacing: float = 0.0
    colour: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code; x, y: the upper left corner of its first module, its quiet zone lies around it."""

    x: float
    y: float
    modules: Modules


@dataclass
class Page:
    """What stands on one sheet; `number` from 1."""

    number: int
    words: list[Words] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
