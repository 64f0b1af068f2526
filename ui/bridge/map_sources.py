"""What the map reads of cases and whistles: the live pictures, or a replayed one in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import SignalInstance

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow


class Clock(Protocol):
    """Whose time it is."""

    def now(self) -> float:
        """Unix seconds of the moment shown."""


class CasesNow(Protocol):
    """Cases by id, and how their clocks stand."""

    @property
    def rows(self) -> Mapping[int, CaseRow]:
        """What is open, and forced closures on the ledger."""

    def timing(self, case_id: int) -> str | None:
        """near (临期), overdue (超期) or None."""


class CaseSource(Protocol):
    """LiveCases, or a replayed picture. changed(PictureChange), timing_changed(tuple[CaseRow]), loaded(): everything
    may be another."""

    @property
    def picture(self) -> CasesNow:
        """The cases of the moment shown."""

    @property
    def clock(self) -> Clock:
        """The moment shown."""

    @property
    def ready(self) -> bool:
        """Everything has been read once."""

    @property
    def changed(self) -> SignalInstance:
        """PictureChange."""

    @property
    def timing_changed(self) -> SignalInstance:
        """tuple[CaseRow]."""

    @property
    def loaded(self) -> SignalInstance:
        """No argument."""


class JointSource(Protocol):
    """LiveJoint, or a replayed picture. changed(JointChange), loaded()."""

    @property
    def summons(self) -> Mapping[int, SummonsRow]:
        """Open whistles and orders by id."""

    @property
    def changed(self) -> SignalInstance:
        """JointChange."""

    @property
    def loaded(self) -> SignalInstance:
        """No argument."""
