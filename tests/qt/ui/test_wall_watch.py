"""An unattended wall: started again after a fault or a hang, its login, its entry in the session, its monitors lit."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed
from commandcenter.domain.model import Duty, Person
from ui.app.wall_awake import Awake
from ui.app.wall_install import install, uninstall, wall_command
from ui.app.wall_login import WallLogin, check_person, forget_login, keep_login, kept_login
from ui.app.wall_watchdog import CHILD, Watchdog

PAUSES = (0.05, 0.1, 0.2)


@pytest.fixture
def watch(tmp_path, monkeypatch):
    """watch(code, **more): a watchdog over a child that runs this code, with argv[1] a folder of its own."""
    monkeypatch.setattr("ui.app.wall_watchdog.signal.signal", lambda *_: None)

    def make(code, **more):
        said = []
        made = Watchdog([sys.executable, "-c", code, str(tmp_path)], tmp_path / "wall" / "beat", PAUSES,
                        said=said.append, **more)
        made.told = said
        return made

    return make


COUNT = "import sys, pathlib; f = pathlib.Path(sys.argv[1]) / 'n'; n = len(f.read_text()) + 1 if f.exists() else 1\n" \
        "f.write_text('x' * n)\n"


def test_it_starts_again_after_every_fault_and_ends_with_the_walls_wish(watch):
    dog = watch(COUNT + "sys.exit(0 if n == 4 else 3)")
    assert dog.run() == 0 and dog.starts == 4
    assert [text.rpartition("，")[2] for text in dog.told] == [f"{pause:g} 秒后重新启动" for pause in PAUSES]


def test_a_crash_of_the_process_counts_as_a_fault(watch):
    dog = watch(COUNT + "import os; os.kill(os.getpid(), 11) if n == 1 else None")
    assert dog.run() == 0 and dog.starts == 2 and "-11" in dog.told[0]


@pytest.mark.timing
def test_who_ran_well_for_a_while_begins_with_the_shortest_pause(watch):
    dog = watch(COUNT + "import time; time.sleep(8 if n == 3 else 0); sys.exit(0 if n == 5 else 1)", well=7)
    dog.run()
    assert [text.split("，")[1] for text in dog.told] == [f"{p:g} 秒后重新启动" for p in (0.05, 0.1, 0.05, 0.1)]


@pytest.mark.timing
def test_a_wall_that_hangs_is_killed_and_one_that_beats_is_not(watch, tmp_path):
    hangs = COUNT + "import time; time.sleep(120 if n == 1 else 0)"
    dog = watch(hangs, lost=6)
    assert dog.run() == 0 and dog.starts == 2 and "没有响应" in dog.told[0]
    beats = f"import os, time, pathlib\nfor _ in range(16):\n    pathlib.Path(os.environ['{CHILD}']).touch()\n" \
            "    time.sleep(0.5)"
    (tmp_path / "n").unlink()
    assert (dog := watch(beats, lost=6)).run() == 0 and dog.starts == 1


def test_told_to_stop_it_ends_the_wall_orderly(watch, tmp_path):
    code = "import signal, sys, time, pathlib\n" \
           "signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[1], 'bye').touch(), sys.exit(0)))\n" \
           "pathlib.Path(sys.argv[1], 'up').touch()\ntime.sleep(60)"
    dog = watch(code)
    running = threading.Thread(target=dog.run)
    running.start()
    give_up = time.monotonic() + 20
    while not (tmp_path / "up").exists() and time.monotonic() < give_up:
        time.sleep(0.02)
    dog.stop()
    running.join(20)
    assert not running.is_alive() and (tmp_path / "bye").exists() and dog.child.poll() == 0


# ------------------------------------------------------------ the login
def person(*roles):
    return Person(1, "w1", "大屏", 1, tuple(Duty(role, 1) for role in roles))


def test_only_the_role_of_the_hall_and_no_other_may_hang_on_a_wall_by_itself():
    check_person(person("screen"))
    for roles in (("screen", "supervisor"), ("dispatcher",), ()):
        with pytest.raises(NotAllowed, match="岗位仅为"):
            check_person(person(*roles))


def test_its_password_lies_in_a_file_for_its_user_alone(tmp_path):
    assert kept_login(tmp_path) is None
    file = keep_login(tmp_path, WallLogin("w1", "geheim"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_login(tmp_path) == WallLogin("w1", "geheim") and "geheim" not in repr(kept_login(tmp_path))
    keep_login(tmp_path, WallLogin("w2", "neu"))
    assert kept_login(tmp_path).user == "w2"
    assert forget_login(tmp_path) and kept_login(tmp_path) is None and not forget_login(tmp_path)


def test_a_file_that_others_can_read_or_that_is_damaged_is_refused(tmp_path):
    file = keep_login(tmp_path, WallLogin("w1", "geheim"))
    file.chmod(0o640)
    with pytest.raises(InvalidInput, match="chmod 600"):
        kept_login(tmp_path)
    file.chmod(0o600)
    file.write_text('["w1"]')
    with pytest.raises(InvalidInput, match="wall login"):
        kept_login(tmp_path)


# ------------------------------------------------------------ starts with the machine
def test_the_session_starts_what_was_said_word_for_word(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    program = tmp_path / "a folder" / "main.py"
    program.parent.mkdir()
    program.write_text("import sys, os, json\nprint(json.dumps([sys.argv[1:], os.environ['COMMANDCENTER_HOME']]))")
    told = {"monitor": "HDMI-1,DP 2", "name": '指挥"大厅" 100%', "distance": 12.0, "width": None}
    command = wall_command(program, "postgresql://db/cc", told)
    where = install(command, str(tmp_path / "my home"), tmp_path / "autostart")
    text = Path(where).read_text("utf-8")
    assert "Type=Application" in text and "[Desktop Entry]" in text.splitlines()[0]
    told = subprocess.run(_argv(text), capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == [
        ["run", "--screen", "wall", "--unattended", "--monitor", "HDMI-1,DP 2", "--name", '指挥"大厅" 100%',
         "--distance", "12", "--database", "postgresql://db/cc"], str(tmp_path / "my home")]
    assert uninstall(tmp_path / "autostart") and not uninstall(tmp_path / "autostart")


def _argv(entry):
    """What a desktop makes of Exec=: first the file's own escapes, then quotes, then the field codes."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec=")).removeprefix("Exec=")
    line = line.replace("\\\\", "\\")
    words, word, quoted, n = [], "", False, 0
    while n < len(line):
        sign = line[n]
        if quoted and sign == "\\":
            n += 1
            word += line[n]
        elif sign == '"':
            quoted = not quoted
        elif sign == " " and not quoted:
            words.append(word)
            word = ""
        else:
            word += sign
        n += 1
    return [part.replace("%%", "%") for part in [*words, word]]


def test_no_password_gets_into_the_entry(tmp_path):
    with pytest.raises(InvalidInput, match="密码"):
        wall_command(tmp_path / "main.py", "postgresql://w1:geheim@db/cc")


# ------------------------------------------------------------ lit
def test_whoever_works_here_is_held_and_let_go_again(qapp):
    log = []

    def way(name, works):
        class Way:
            def begin(self):
                log.append(f"{name}+")
                return works

            def again(self):
                log.append(f"{name}.")

            def end(self):
                log.append(f"{name}-")

        return Way

    awake = Awake(ways=[way("desktop", True), way("x", False)])
    awake.begin()
    awake.begin()
    awake._again()
    awake.end()
    awake.end()
    assert log == ["desktop+", "x+", "desktop.", "desktop-"]


X11 = """
import ctypes, os, sys, time
from ui.app.wall_awake import XSuspension
class Info(ctypes.Structure):
    _fields_ = [("window", ctypes.c_ulong), ("state", ctypes.c_int), ("kind", ctypes.c_int),
                ("til_or_since", ctypes.c_ulong), ("idle", ctypes.c_ulong), ("mask", ctypes.c_ulong)]
x11, xss = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
x11.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x11.XOpenDisplay(None))
root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
info = Info()
def on():
    xss.XScreenSaverQueryInfo(display, root, ctypes.byref(info))
    return info.state == 1
def within(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if on():
            return True
        time.sleep(0.1)
    return False
held = XSuspension()
if sys.argv[1] == "held":
    assert held.begin()
print("on" if within(4.0) else "off")
held.end()
"""


@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xset")), reason="needs Xvfb and xset")
@pytest.mark.timing
@pytest.mark.parametrize(("held", "screensaver"), [("", "on"), ("held", "off")])
def test_the_x_servers_screensaver_waits_as_long_as_the_wall_is_open(tmp_path, held, screensaver):
    from tests.support.desktop import Desktop

    desktop = Desktop(tmp_path, (640, 480))
    try:
        environment = {**os.environ, "DISPLAY": desktop.name, "PYTHONPATH": str(Path(__file__).parents[3])}
        subprocess.run(["xset", "s", "1", "1"], env=environment, check=True)
        told = subprocess.run([sys.executable, "-c", X11, held], env=environment, capture_output=True, text=True,
                              check=True, timeout=60)
        assert told.stdout.strip() == screensaver
    finally:
        desktop.close()


SERVICE = """
import sys, time, subprocess
from PySide6.QtCore import QCoreApplication, QObject, Slot, ClassInfo, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
app = QCoreApplication([])
@ClassInfo(**{"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result=int)
    def Inhibit(self, who, why):
        print("held", who, why, flush=True)
        return 7
bus, saver = QDBusConnection.sessionBus(), Saver()
assert bus.registerService("org.freedesktop.ScreenSaver")
bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
client = subprocess.Popen([sys.executable, "-c", '''
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from ui.app.wall_awake import DesktopInhibition
way = DesktopInhibition()
print("began", way.begin(), flush=True)
way.end()
print("ended", flush=True)
'''])
looks = QTimer()
looks.timeout.connect(lambda: client.poll() is not None and app.quit())
looks.start(50)
QTimer.singleShot(20000, app.quit)
app.exec()
"""


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="needs a session bus")
@pytest.mark.parametrize("service", [True, False])
def test_a_desktop_is_asked_over_its_bus_and_one_without_the_service_is_passed_over(service):
    client = SERVICE.split("'''")[1]
    told = subprocess.run(["dbus-run-session", "--", sys.executable, "-c", SERVICE if service else client],
                          env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}, capture_output=True,
                          text=True, timeout=60, check=True).stdout
    assert ("held 一屏观天下" in told) is service and f"began {service}" in told and "ended" in told
