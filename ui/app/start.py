"""Starts the application: checks, login, windows, and an orderly end."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from commandcenter.domain.errors import DomainError
from commandcenter.ports import OpenSession, Session
from ui.app.bug_report import BugReports, log_to
from ui.app.language import speak_chinese
from ui.app.login import LoginWindow, SampleLogin
from ui.app.looks import Looks
from ui.app.machine import UnsuitableMachine, check_fonts, check_versions
from ui.app.monitors import named_monitor
from ui.app.preferences import Preferences
from ui.app.probe import watched
from ui.app.ringing import Ringing
from ui.app.window import MainWindow
from ui.bridge.event_loop import run_to_end
from ui.screens.registry import SCREENS
from ui.screens.workplace import Workplace
from widgets.fonts import install_fonts
from widgets.memory import return_large_blocks

FIRST_SCREEN = "dispatch"
_SETTLED_MS = 1000  # windows that close within a second of the last one were closed by the end of the program


@dataclass(frozen=True, slots=True)
class AppOptions:
    """home: folder of preferences, drafts and logs. With user and password the login window is passed over;
    with the user alone it is filled in. samples: logins of a sample deployment offered by a click. screen: what the one
    window shows, on `monitor` if that is named; without either, the windows that were open last come back."""

    home: Path
    title: str = "网格化综合监督指挥平台"
    user: str = ""
    password: str = ""
    screen: str = ""
    monitor: str = ""
    samples: tuple[SampleLogin, ...] = ()


def run_app(open_session: OpenSession, options: AppOptions) -> int:
    """Run until the last window is closed; the process's exit code. 2: it cannot run like this, said on stderr."""
    try:
        check_versions()
        return_large_blocks()
        app = QApplication.instance() or QApplication(sys.argv[:1])
        check_fonts(install_fonts())
        check_screen(options.screen or FIRST_SCREEN)
        if options.monitor:
            named_monitor(options.monitor)
    except UnsuitableMachine as why:
        sys.stderr.write(f"{why}\n")
        return 2
    app.setApplicationName("commandcenter")
    speak_chinese(app)
    preferences = Preferences(options.home)
    bugs = BugReports(log_to(options.home))
    bugs.install()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.closeAllWindows())
    looks = Looks(app, preferences)
    looks.apply()
    try:
        return run_to_end(app, watched(Program(open_session, options, preferences, looks)).run(), bugs.report)
    finally:
        bugs.uninstall()


def check_screen(name: str) -> None:
    """Raises UnsuitableMachine for a screen that does not exist."""
    if name not in SCREENS:
        raise UnsuitableMachine(f"没有屏幕“{name}”；可用：{'、'.join(SCREENS)}")


class Program:
    """Login, work, end; and again after 注销."""

    def __init__(self, open_session: OpenSession, options: AppOptions, preferences: Preferences, looks: Looks) -> None:
        self._open_session, self._options = open_session, options
        self._preferences, self._looks = preferences, looks
        self.login: LoginWindow | None = None
        self.place: Workplace | None = None
        self.windows: list[MainWindow] = []
        self._over: asyncio.Event = asyncio.Event()
        self._again = False
        self._keep_open = QTimer(singleShot=True, interval=_SETTLED_MS)
        self._keep_open.timeout.connect(self._remember_windows)

    async def run(self) -> int:
        """The whole life of the program."""
        passed_over = bool(self._options.user and self._options.password)
        while (session := await self._log_in(passed_over)) is not None:
            await self._work(session)
            if not self._again:
                break
            passed_over = False
        self._preferences.save()
        return 0

    # ------------------------------------------------------------ login
    async def _log_in(self, at_once: bool) -> Session | None:
        """A session, or None when the window was closed."""
        user = self._options.user or self._preferences.last_user
        self.login = LoginWindow(self._options.title, user, self._options.samples)
        answer: asyncio.Future[Session | None] = asyncio.get_running_loop().create_future()
        trying: set[asyncio.Task[None]] = set()

        def attempt(name: str, password: str) -> None:
            task = asyncio.ensure_future(self._attempt(name, password, answer))
            trying.add(task)
            task.add_done_callback(trying.discard)

        self.login.submitted.connect(attempt)
        self.login.closed.connect(lambda: answer.done() or answer.set_result(None))
        if at_once:
            attempt(user, self._options.password)
        else:
            self.login.show()
        session = await answer
        self.login.hide()
        self.login.deleteLater()
        self.login = None
        return session

    async def _attempt(self, user: str, password: str, answer: asyncio.Future[Session | None]) -> None:
        try:
            session = await asyncio.to_thread(self._open_session, user, password)
        except DomainError as error:
            if not answer.done() and self.login is not None:
                self.login.show()
                self.login.refuse(error)
            return
        if answer.done():  # the window was closed meanwhile
            await asyncio.to_thread(session.close)
            return
        self._preferences.last_user = user
        answer.set_result(session)

    # ------------------------------------------------------------ work
    async def _work(self, session: Session) -> None:
        self._over, self._again = asyncio.Event(), False
        self.place = Workplace(session, self._options.home)
        Ringing(self.place.reminders, self._preferences)
        self._open_windows()
        self.place.live.begin()
        try:
            await self._over.wait()
        finally:
            await self.place.close()
            self.place.deleteLater()
            self.place = None

    def _open_windows(self) -> None:
        """What was asked for, else those that were open last, else the first screen."""
        options = self._options
        last = [(post, screen) for post, screen in self._preferences.open_windows() if screen in SCREENS]
        if options.screen or options.monitor or not last:
            self.open_window(options.screen or FIRST_SCREEN)
            if options.monitor:
                self.windows[0].go_to(named_monitor(options.monitor))
        else:
            for post, screen in last:
                self.open_window(screen, post)

    def _take_layout(self) -> None:
        """The preferences tell of another arrangement: windows that are not in it close, the others stand so."""
        wanted = [(post, screen) for post, screen in self._preferences.open_windows() if screen in SCREENS]
        there = {window.post: window for window in self.windows}
        for post, screen in wanted:
            if post in there:
                there[post].show_screen(screen)
                there[post].place_on_screen()
            else:
                self.open_window(screen, post)
        kept = {post for post, _ in wanted}
        for post, window in there.items():
            if post not in kept:
                window.close()

    def _free_post(self) -> str:
        """The first window's post is named after its screen, as the monitor of a seat is."""
        first = self._options.screen or FIRST_SCREEN
        taken = {window.post for window in self.windows}
        return next(post for post in chain([first], (f"{first}-{n}" for n in count(2))) if post not in taken)

    def _remember_windows(self) -> None:
        """Not while the program ends: all windows of the last moment come back."""
        if self.windows:
            self._preferences.keep_open([(window.post, window.screen_name) for window in self.windows])

    def open_window(self, screen: str = "", post: str = "") -> None:
        """One more window on the session."""
        window = MainWindow(self.place, self._looks, self._preferences, post or self._free_post())
        window.closed.connect(self._on_closed)
        window.window_wanted.connect(lambda: self.open_window())
        window.log_out_wanted.connect(lambda: self._end(again=True))
        window.quit_wanted.connect(lambda: self._end(again=False))
        window.screen_shown.connect(self._keep_open.start)
        window.layout_taken.connect(self._take_layout)
        self.windows.append(window)
        window.show_screen(screen or self._options.screen or FIRST_SCREEN)
        window.place_on_screen()
        window.show()
        if len(self.windows) == 1:
            window.wall.restore(beside=window.screen())

    def _end(self, again: bool) -> None:
        self._again = again
        self._remember_windows()
        for window in list(self.windows):
            window.close()

    def _on_closed(self, window: MainWindow) -> None:
        self.windows.remove(window)
        window.deleteLater()
        if not self.windows:
            self._keep_open.stop()
            window.wall.end()
            self._over.set()
        else:
            self._keep_open.start()
