"""Brings the feed's callbacks from its thread to the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from commandcenter.ports import FeedBatch, FeedState, LiveFeed


class FeedRelay(QObject):
    """Signals on the GUI thread: batch_arrived(FeedBatch), state_changed(FeedState), resync_wanted().

    Each callback only emits a private signal that is connected by queue: emitting is all that is safe off-thread.
    """

    batch_arrived = Signal(object)
    state_changed = Signal(object)
    resync_wanted = Signal()
    _batch = Signal(object)
    _state = Signal(object)
    _resync = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        queued = Qt.ConnectionType.QueuedConnection
        self._batch.connect(self.batch_arrived, queued)
        self._state.connect(self.state_changed, queued)
        self._resync.connect(self.resync_wanted, queued)

    def begin(self, feed: LiveFeed) -> None:
        """Start the feed with this relay as its receiver."""
        feed.start(self._on_batch, self._on_state, self._on_resync)

    def _on_batch(self, batch: FeedBatch) -> None:
        self._batch.emit(batch)

    def _on_state(self, state: FeedState) -> None:
        self._state.emit(state)

    def _on_resync(self) -> None:
        self._resync.emit()
