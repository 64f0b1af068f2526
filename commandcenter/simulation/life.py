"""One case as the city knows it: its fate, its present row, and who does what next."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from commandcenter.domain.model import CaseRow, Channel, NewReport
from commandcenter.simulation.fate import Fate
from commandcenter.simulation.places import Place


@dataclass(frozen=True, slots=True)
class Act:
    """One command of the workflow."""

    action: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture to attach; kind: scene, before, after."""

    kind: str


@dataclass(frozen=True, slots=True)
class Report:
    """The problem is reported."""


Step = Act | Photo | Report


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody does next. logins: who may, first choice first.

    mark: remembered in the life once done, or once it is too late (`expires`, Unix seconds). look_first: the case
    may have moved by itself meanwhile. ready: whether it still makes sense when its time has come. rival: a
    colleague who tries the same a moment later and loses.
    """

    at: float
    role: str
    logins: tuple[str, ...]
    steps: tuple[Step, ...]
    mark: str = ""
    expires: float = math.inf
    look_first: bool = False
    ready: Callable[[], bool] | None = None
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem before it is a case. photographed: reported with a picture."""

    report: NewReport
    channel: Channel
    place: Place
    item_id: int
    photographed: bool


@dataclass(slots=True, eq=False)
class Life:
    """A case in the agents' hands; only the thread that works on it touches it.

    progress: steps of the move already done; trouble: refusals in a row; finish_at: when the unit will be ready.
    last_dispatcher: the agent who sent it to its unit, empty when a person did; until: end of the suspension asked for.
    """

    key: str
    rng: Random
    fate: Fate
    draft: Draft | None = None
    master: Life | None = None
    row: CaseRow | None = None
    move: Move | None = None
    progress: int = 0
    finish_at: float | None = None
    late: bool = False
    absorbed: bool = False
    until: datetime | None = None
    last_dispatcher: str = ""
    trouble: int = 0
    marks: set[str] = field(default_factory=set)

    @property
    def citizen(self) -> bool:
        """Whether somebody waits for an answer: the case's own reporter, or one merged into it."""
        return self.absorbed or self.known.citizen

    @property
    def known(self) -> CaseRow:
        """The row of a case that has been reported."""
        assert self.row is not None, self.key
        return self.row
