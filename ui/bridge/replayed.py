"""What screens read of a past moment in place of LiveCases and LiveJoint."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow
from commandcenter.live.joint import JointPicture
from commandcenter.live.picture import LivePicture
from commandcenter.replay import ReplayClock, ReplayPicture


class ReplayedCases(QObject):
    """What LiveCases is of now, of the moment shown; nothing can be sent from it."""

    changed = Signal(object)
    timing_changed = Signal(object)
    loaded = Signal()
    state_changed = Signal()

    def __init__(self, picture: ReplayPicture, clock: ReplayClock, parent: QObject) -> None:
        super().__init__(parent)
        self._picture = picture
        self.clock = clock
        self.ready = False
        self.online = False
        self.error: DomainError | None = None

    @property
    def picture(self) -> LivePicture:
        """Rows, counts and timing as of then."""
        return self._picture.cases

    @property
    def loading(self) -> bool:
        """Another moment is being read."""
        return self._picture.cases.loading

    def row(self, case_id: int) -> CaseRow | None:
        """The row of a case of then."""
        return self.picture.rows.get(case_id)


class ReplayedJoint(QObject):
    """What LiveJoint is of now, of the moment shown."""

    changed = Signal(object)
    loaded = Signal()
    state_changed = Signal()
    timing_changed = Signal(object)

    def __init__(self, picture: ReplayPicture, cases: ReplayedCases) -> None:
        super().__init__(cases)
        self._picture, self._cases = picture, cases

    @property
    def picture(self) -> JointPicture:
        """Another one after every load."""
        return self._picture.joint

    @property
    def summons(self) -> Mapping[int, SummonsRow]:
        """Whistles and orders that were open."""
        return self._picture.joint.summons

    @property
    def ready(self) -> bool:
        """They come with the cases."""
        return self._cases.ready
