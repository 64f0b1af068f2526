"""Starts a wall as a program of its own: logs in by itself, waits for server and monitors, and never gives up."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from commandcenter.domain.errors import DomainError
from commandcenter.ports import OpenSession, Session
from ui.app.bug_report import BugReports, log_to
from ui.app.language import speak_chinese
from ui.app.machine import UnsuitableMachine, check_fonts, check_versions
from ui.app.monitors import named_monitors
from ui.app.preferences import Preferences
from ui.app.probe import watched
from ui.app.wall_login import WallLogin, check_person
from ui.app.wall_sight import keep_sight, kept_sight
from ui.app.wall_stand import WallStand
from ui.app.wall_waiting import WaitingWindow
from ui.app.wall_watchdog import BEAT_MS, beat_file
from ui.bridge.event_loop import run_to_end
from ui.models.wall_type import Sight
from ui.screens.workplace import Workplace
from widgets.fonts import install_fonts
from widgets.memory import return_large_blocks
from widgets.theme import apply_theme, load_theme

_PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
DENSITY = "compact"  # the wall's type is scaled by itself: this is only its proportion


@dataclass(frozen=True, slots=True)
class WallOptions:
    """home: preferences and log. login: asked before every attempt. monitor: names with commas between, as
    `named_monitors` reads them; "": where it was last. unattended: nobody is there to press a key. distance_m, width_m:
    kept for the next starts; None: as they were."""

    home: Path
    login: Callable[[], WallLogin]
    monitor: str = ""
    name: str = ""
    unattended: bool = False
    distance_m: float | None = None
    width_m: float | None = None


def run_wall(open_session: OpenSession, options: WallOptions) -> int:
    """Run until it is closed or told to end; the exit code. 2: it cannot run like this, said on stderr."""
    try:
        check_versions()
        return_large_blocks()
        app = QApplication.instance() or QApplication(sys.argv[:1])
        check_fonts(install_fonts())
        if options.monitor and not options.unattended:
            named_monitors(options.monitor)
    except UnsuitableMachine as why:
        sys.stderr.write(f"{why}\n")
        return 2
    app.setApplicationName("commandcenter")
    speak_chinese(app)
    apply_theme(app, load_theme("dark", DENSITY))
    bugs = BugReports(log_to(options.home))
    bugs.install()
    preferences = Preferences(options.home)
    before = kept_sight(preferences)
    keep_sight(preferences, Sight(options.distance_m or before.distance_m, options.width_m or before.width_m))
    program = WallProgram(open_session, options, preferences)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: program.stop())
    try:
        return run_to_end(app, watched(program).run(), bugs.report)
    finally:
        bugs.uninstall()


class WallProgram:
    """Login, wall, end."""

    def __init__(self, open_session: OpenSession, options: WallOptions, preferences: Preferences) -> None:
        self._open_session, self._options, self._preferences = open_session, options, preferences
        self.place: Workplace | None = None
        self.stand: WallStand | None = None
        self._waiting: WaitingWindow | None = None
        self._over: asyncio.Event = asyncio.Event()
        self._failed = False
        self._parent = os.getppid()
        self._beat = QTimer()
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)

    async def run(self) -> int:
        """The whole life of the wall."""
        self._beat.start()
        session = await self._log_in()
        if session is None:
            return 1 if self._failed else 0
        self.place = Workplace(session, self._options.home)
        try:
            self.stand = WallStand(self.place, self._preferences, name=self._options.name,
                                   unattended=self._options.unattended)
            self.stand.changed.connect(self._on_changed)
            self.place.live.begin()
            await self._open()
            self._end_waiting()
            await self._over.wait()
        finally:
            self._beat.stop()
            self.stand.end()
            self._preferences.save()
            await self.place.close()
        return 0

    def stop(self) -> None:
        """By a signal, or because nobody watches over it any more."""
        self._over.set()

    # ------------------------------------------------------------ beginning
    async def _log_in(self) -> Session | None:
        """A session; None: it was stopped meanwhile, or is attended and refused."""
        for pause in _pauses():
            try:
                return await asyncio.to_thread(self._attempt)
            except DomainError as error:
                if not self._options.unattended:
                    sys.stderr.write(f"{error.message}\n")
                    self._failed = True
                    return None
                self._say_waiting(error.message)
            if await self._stopped_within(pause):
                return None
        return None

    def _attempt(self) -> Session:
        login = self._options.login()
        session = self._open_session(login.user, login.password)
        if self._options.unattended:
            try:
                check_person(session.person)
            except DomainError:
                session.close()
                raise
        return session

    async def _open(self) -> None:
        """On the monitors named, as soon as all of them are there; a hall's monitors come one after the other."""
        assert self.stand is not None
        while not self._over.is_set():
            try:
                self.stand.open(screen=named_monitors(self._options.monitor) if self._options.monitor else None)
                return
            except UnsuitableMachine as why:
                self._say_waiting(str(why))
            await self._stopped_within(_PAUSES_S[1])

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _say_waiting(self, why: str) -> None:
        if self._waiting is None:
            self._waiting = WaitingWindow()
            self._waiting.showFullScreen()
        self._waiting.say(why)

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.close()
            self._waiting.deleteLater()
            self._waiting = None

    # ------------------------------------------------------------ living
    def _on_changed(self) -> None:
        if self.stand is not None and not self.stand.on:
            self._over.set()

    def _on_beat(self) -> None:
        file = beat_file()
        if file is None:
            return
        file.touch()
        if os.getppid() != self._parent:
            self.stop()  # whoever watched over it is gone, and with him whoever would start it again


def _pauses() -> Iterator[float]:
    return chain(_PAUSES_S, repeat(_PAUSES_S[-1]))
