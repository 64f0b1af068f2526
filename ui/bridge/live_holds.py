"""Tells which cases whistles and orders hold, as the feed says of both; the queue 吹哨 and the marks follow."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.joint import SummonsRow
from commandcenter.live.holds import Holds
from commandcenter.live.joint import JointChange
from ui.bridge.live_cases import LiveCases
from ui.bridge.live_joint import LiveJoint


class LiveHolds(QObject):
    """changed(frozenset[int]): what holds these cases differs, or how far it is. Queues are told before."""

    changed = Signal(object)

    def __init__(self, joint: LiveJoint, live: LiveCases) -> None:
        super().__init__(live)
        self._holds, self._joint, self._live = Holds(), joint, live
        joint.changed.connect(self._on_changed)

    def of(self, case_id: int) -> tuple[SummonsRow, ...]:
        """What holds this case, the newest first."""
        return self._holds.of(case_id)

    @property
    def ready(self) -> bool:
        """Whether whistles were read at all."""
        return self._joint.ready

    def _on_changed(self, change: JointChange) -> None:
        touched = self._holds.take(change.summons, change.removed)
        if touched:
            self._live.whistle(self._holds.whistled())
            self.changed.emit(touched)
