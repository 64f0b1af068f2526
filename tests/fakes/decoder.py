"""A slot's decoder that a test orders about."""

from __future__ import annotations

from commandcenter.domain.video import StreamReport
from commandcenter.video.frames import JPEG, Frame, Shot


class FakeDecoder:
    """Keeps what it was told; `send` and `say` are what a real one does on its own thread."""

    def __init__(self, on_report, on_frame):
        self.on_report, self.on_frame = on_report, on_frame
        self.played, self.sizes, self.shown = [], [], []
        self.stopped = self.closed = 0
        self.clips = []
        self.picture = Shot(b"jpeg", JPEG, 1.0, 1.0)
        self._frame = None

    def play(self, address, size):
        self.played.append(address)
        self.sizes.append(size)

    def resize(self, size):
        self.sizes.append(size)

    def show(self, visible):
        self.shown.append(visible)

    def stop(self):
        self.stopped += 1

    def close(self):
        self.closed += 1

    def frame(self):
        return self._frame

    def snapshot(self, done):
        done(self.picture)

    def clip(self, seconds, done):
        """Answered by the test, when it wants: clips.pop()(shot)."""
        self.clips.append(done)

    def say(self, state, words=""):
        self.on_report(StreamReport(state, 1.0, words))

    def send(self, level):
        self._frame = Frame(4, 2, 16, memoryview(bytearray([level] * 32)))
        self.on_frame()
