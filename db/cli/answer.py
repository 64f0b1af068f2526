"""What a command says: figures for programs, lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`figures` become one JSON object with --json; `lines` are printed otherwise. ok=False: exit code 1."""

    figures: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    ok: bool = True
