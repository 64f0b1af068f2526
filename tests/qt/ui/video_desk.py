"""视频 over the fake city, with decoders that a test orders about, and hands for it."""

from __future__ import annotations

import time

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent

from commandcenter.domain.video import LIVE
from commandcenter.video.demo.resolve import PORT_FILE
from commandcenter.video.frames import JPEG, MP4, Shot
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.video.screen import VideoScreen
from widgets.drag_keys import encode_keys


class Desk:
    """A screen, the decoders made for it, and what the city's cameras know."""

    def __init__(self, make_place, city, qtbot, who="dispatcher", ready=True):
        self.city, self.qtbot, self.park, self.made = city, qtbot, park_of(city), []
        self.place = make_place(city, who)
        (self.place.home / PORT_FILE).write_text("9", encoding="utf-8")
        self.place.make_decoder = self._make
        self.screen = VideoScreen(self.place)
        qtbot.addWidget(self.screen)
        self.screen.resize(1600, 900)
        self.screen.show()
        self.screen.activateWindow()
        self.place.live.begin()
        if ready:
            qtbot.waitUntil(self._all_read, timeout=10_000)

    def _all_read(self):
        """And nothing is being read anew, that would take an error which a test orders."""
        place = self.place
        return self.screen.complete and place.live.online and not place.live.loading and not place.cameras._reading

    def _make(self, on_report, on_frame):
        self.made.append(FakeDecoder(on_report, on_frame))
        return self.made[-1]

    @property
    def door(self):
        return self.place.backend.session.cameras.door

    def mine(self, count=None):
        """Cameras that may be looked at, by name."""
        found = [c for c in self.place.cameras.cameras.values() if c.may_view and c.in_use and len(c.streams) == 2]
        return sorted(found, key=lambda c: c.name)[:count]

    def shown(self):
        """Cameras by slot."""
        return {slot: watched.camera.id for slot, watched in self.screen.deck.watched.items()}

    def stream(self, slot):
        return self.screen.deck.stream(slot)

    def live(self, slot=0, camera=None):
        """This camera plays in this slot; its decoder."""
        self.screen.show_camera(camera or self.mine()[slot], slot)
        self.qtbot.waitUntil(lambda: self.stream(slot).viewing is not None)
        decoder = self.stream(slot)._decoder
        decoder.say(LIVE)
        decoder.send(100)
        self.qtbot.waitUntil(lambda: self.stream(slot).report.state == LIVE)
        return decoder

    def case(self, at=0):
        """A case on the desk, and its number as people type it."""
        row = [record.row for record in self.city.records.values() if record.row.open][at]
        return row, row.no.rpartition("-")[2]

    def choose_case(self, at=0):
        row, _ = self.case(at)
        self.screen.case.set_case(row)
        return row

    def drop(self, slot, *keys):
        """What the list's drag brings."""
        mime = encode_keys(list(keys), CAMERA_MIME)
        self.drop_mime(slot, mime)

    def drop_mime(self, slot, mime: QMimeData):
        grid = self.screen.grid
        place: QPoint = grid.slots[slot].geometry().center()
        event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                           Qt.KeyboardModifier.NoModifier)
        grid.dropEvent(event)

    def texts(self):
        """Everything said so far, newest first."""
        return [f"{note.text} {note.detail}" for note in self.place.notices.notes()]

    def hears(self, *words):
        self.qtbot.waitUntil(lambda: any(all(w in text for w in words) for text in self.texts()), timeout=10_000)

    def key(self, key, held=Qt.KeyboardModifier.NoModifier, on=None):
        """A key where the keyboard is then."""
        on = on or self.screen.grid
        on.setFocus()
        self.qtbot.keyClick(on, key, held)


def still(content=b"jpeg"):
    now = time.time()
    return Shot(content, JPEG, now, now)


def half_minute(words=""):
    now = time.time()
    return Shot(b"mp4", MP4, now - 30, now, words)
