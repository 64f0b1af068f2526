"""The command center's entry: the only place that knows both the screens and the database."""

from __future__ import annotations

import getpass
import json
import logging
import os
import signal
import sys
import threading
from argparse import Namespace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.command_line import parser
from commandcenter.domain.errors import DomainError
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.profiles.errors import ProfileError
from db.cli.answer import Answer
from db.server_error import ServerError

if TYPE_CHECKING:  # SQLAlchemy costs most of a second: help and a mistyped word do without it
    from db.cli.station import Station

FIRST_HISTORY_DAYS = 0.1  # a new city begins with a little past, so that every queue has work
HEADLESS_S = 60.0
HEADLESS_VARIABLE = "COMMANDCENTER_HEADLESS_S"  # tests have no minute
WALL = "wall"


def _password() -> str:
    """A new password: typed twice at a terminal, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("新密码：")
    if first != getpass.getpass("再输一次："):
        raise DomainError("两次输入的密码不一致")
    return first


def _until_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _run(station: Station, args: Namespace) -> Answer:
    """Server, schema, profile, a living city, and the desk; without a display a minute of it in pictures."""
    from db.cli.camera_process import CameraProcess
    from db.cli.city_process import CityProcess
    from db.duty import DutyThread
    from db.keeper import keep_up

    if args.unattended and (watch := _watch(station, args)) is not None:
        return watch
    if not station.owns_database:
        return _desk(station, args.user or "", args, on_duty=not args.no_duty)
    fresh = not station.is_current() or station.profile_name() is None
    station.ready(args.profile)
    user = args.user or ("" if args.login or args.screen == WALL else station.first_login("dispatcher"))
    stop = threading.Event()
    duty = None if args.no_duty else DutyThread(station.server.url).start()
    if station.database is None:  # the embedded server is this machine's own: nobody else would start it again
        threading.Thread(target=keep_up, args=(station.home, stop), daemon=True).start()
    history = FIRST_HISTORY_DAYS if fresh else None
    simulated = station.is_sample() and not args.no_simulator
    city = CityProcess(station.home, args.database, history) if simulated else None
    cameras = CameraProcess(station.home) if station.is_sample() else None
    try:
        return _minute_in_pictures(station, user) if _without_display() else _desk(station, user, args)
    finally:
        stop.set()
        if cameras is not None:
            cameras.stop()
        if city is not None:
            city.stop()
        if duty is not None:
            duty.stop()


def _without_display() -> bool:
    named = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named)


def _watch(station: Station, args: Namespace) -> Answer | None:
    """Of an unattended wall the parent, which starts it again and again; None in the wall itself."""
    from ui.app.wall_watchdog import Watchdog, beat_file

    if args.screen != WALL:
        raise DomainError("--unattended 只用于大屏：main.py run --screen wall --unattended")
    if beat_file() is not None:
        return None
    command = [sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]]
    return Answer(ok=Watchdog(command, station.home / "wall" / "beat").run() == 0)


def _wall(station: Station, user: str, args: Namespace) -> Answer:
    """The wall as a program of its own, on its monitors."""
    from ui.app.wall_login import ROLE, WallLogin, kept_login
    from ui.app.wall_start import WallOptions, run_wall

    def login() -> WallLogin:
        known = user or (station.first_login(ROLE) if station.owns_database and station.is_sample() else "")
        if (kept := None if user else kept_login(station.home)) is not None:
            return kept
        if (password := station.password_of(known) if known else None) is None:
            raise DomainError("本机还没有登记大屏的账号：main.py wall login 登录名")
        return WallLogin(known, password)

    options = WallOptions(station.home, login, args.monitor or "", args.name or "", args.unattended, args.distance,
                          args.width)  # fmt: skip
    return Answer(ok=run_wall(station.open_session, options) == 0)


def _wall_words(station: Station, args: Namespace) -> Answer:
    """Have the wall start with this machine, or no more; its login."""
    from ui.app.wall_install import install, uninstall, wall_command
    from ui.app.wall_login import WallLogin, check_person, forget_login, keep_login

    if args.what == "install":
        told = {"monitor": args.monitor, "name": args.name, "distance": args.distance, "width": args.width}
        command = wall_command(Path(__file__).resolve(), args.database or "", told)
        place = install(command, os.environ.get("COMMANDCENTER_HOME"))
        return Answer({"entry": place, "command": command}, (f"已登记开机启动：{place}", "下次登录桌面时自动打开大屏"))
    if args.what == "uninstall":
        gone = [word for word, done in (("开机启动", uninstall()), ("大屏账号", forget_login(station.home))) if done]
        return Answer({"removed": gone}, (f"已取消{'、'.join(gone)}" if gone else "本机没有登记过大屏",))
    password = _password_once()
    session = station.open_session(args.login, password)
    try:
        check_person(session.person)
    finally:
        session.close()
    file = keep_login(station.home, WallLogin(args.login, password))
    return Answer({"file": str(file)}, (f"已登记大屏账号 {args.login}（{file}，仅当前用户可读）",))


def _password_once() -> str:
    """Somebody's present password: typed at a terminal, or the first line of standard input."""
    return getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _desk(station: Station, user: str, args: Namespace, on_duty: bool = False) -> Answer:
    if args.screen == WALL:
        return _wall(station, user, args)
    from ui.app.login import SampleLogin
    from ui.app.start import AppOptions, run_app

    samples: dict[str, SampleLogin] = {}
    for person in station.sample_people() if station.owns_database else ():
        for role, scope in person.duties:
            label = f"{ROLE_LABELS[role]} {person.name}（{scope}）"
            samples.setdefault(role, SampleLogin(person.login, station.password_of(person.login) or "", label))
    options = AppOptions(
        home=station.home,
        user=user,
        password=station.password_of(user) or "" if user else "",
        screen=args.screen or "",
        monitor=args.monitor or "",
        samples=tuple(samples.values()),
    )
    code = run_app(station.open_on_duty if on_duty else station.open_session, options)
    return Answer(ok=code == 0)


def _minute_in_pictures(station: Station, user: str) -> Answer:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from db.cli.happened import happened, in_words
    from ui.screens.registry import SCREENS

    seconds = float(os.environ.get(HEADLESS_VARIABLE, HEADLESS_S))
    print(f"没有显示器：让城市运行 {seconds:g} 秒，并把每个屏幕画到 ./out/", file=sys.stderr)
    since = datetime.now(UTC)
    _until_signal().wait(seconds)
    shown = {screen: user or station.first_login("dispatcher") for screen in SCREENS} | {WALL: _screen_login(station)}
    files = [_picture(station, who, screen, Path("out") / f"{screen}.png", (1920, 1080), "dark")
             for screen, who in shown.items()]  # fmt: skip
    figures = happened(station.owner, since)
    return Answer({**figures, "files": [str(f) for f in files]}, (in_words(figures), *(f"已画 {f}" for f in files)))


def _screen_login(station: Station) -> str:
    """Who looks at the wall: the hall's own login, which reads no personal data, where there is one."""
    try:
        return station.first_login("screen")
    except DomainError:
        return station.first_login("dispatcher")


def _picture(station: Station, user: str, screen: str, file: Path, size: tuple[int, int], theme: str) -> Path:
    from ui.app.shot import ShotFailed, render_screen
    from ui.app.wall_shot import render_wall

    try:
        session = station.open_known(user)
        image = render_wall(session, size, theme) if screen == WALL else render_screen(session, screen, size, theme)
    except ShotFailed as why:
        raise DomainError(str(why)) from why
    file.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(file)):
        raise DomainError(f"无法写入 {file}，请检查目录和权限")
    return file


def _shot(station: Station, args: Namespace) -> Answer:
    if _without_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    station.ready()
    user = args.user or (_screen_login(station) if args.screen == WALL else station.first_login("dispatcher"))
    file = _picture(station, user, args.screen, args.file, args.size, args.theme)
    return Answer({"file": str(file)}, (f"已画 {file}",))


def _layout(station: Station, args: Namespace) -> Answer:
    from ui.app.layout_words import list_layouts, load_next, save_last
    from ui.app.layouts import NoLayout

    try:
        if args.what == "list":
            return Answer(*list_layouts(station.home, not _without_display()))
        return Answer(*(save_last if args.what == "save" else load_next)(station.home, args.name))
    except NoLayout as why:
        raise DomainError(str(why)) from why


def _bench(station: Station, args: Namespace) -> Answer:
    from tests.bench import registry

    if args.name != "all" and args.name not in registry.BENCHES:
        raise DomainError(f"没有测量 {args.name}；可用：{'、'.join(registry.BENCHES)}、all")
    figures = registry.run(args.name)
    return Answer(figures, tuple(registry.lines(figures)))


# Each word is a function of db.cli and the arguments it takes; its module is loaded only when it is called.
WORDS: dict[tuple[str, str | None], tuple[str, tuple[str, ...]]] = {
    ("db", "start"): ("server_words.start", ()),
    ("db", "stop"): ("server_words.stop", ()),
    ("db", "status"): ("server_words.status", ()),
    ("db", "url"): ("server_words.url", ()),
    ("db", "upgrade"): ("server_words.upgrade", ()),
    ("db", "backup"): ("server_words.save", ("file",)),
    ("db", "restore"): ("server_words.bring_back", ("file",)),
    ("profile", "list"): ("profile_words.names", ()),
    ("profile", "load"): ("profile_words.load", ("name",)),
    ("profile", "rules"): ("profile_words.rules", ("name",)),
    ("profile", "check"): ("profile_words.check", ("name",)),
    ("user", "add"): ("people_words.add", ("login", "name", "duty", "password")),
    ("user", "list"): ("people_words.everybody", ()),
    ("user", "disable"): ("people_words.disable", ("login",)),
    ("user", "worker"): ("people_words.worker", ("login", "grid", "name")),
    ("user", "password"): ("people_words.password", ("login", "password")),
    ("audit", "verify"): ("audit_words.verify", ("head",)),
    ("audit", "head"): ("audit_words.head", ()),
    ("simulate", None): (
        "simulate_words.simulate",
        ("profile", "speed", "minutes", "rate", "seed", "leave", "history", "stop"),
    ),
    ("duty", None): ("duty_words.duty", ("once", "stop")),
    ("import", "cases"): ("import_words.cases", ("file", "mapping", "dry_run", "user")),
    ("import", "catalogue"): ("import_words.catalogue", ("file", "dry_run")),
    ("import", "cameras"): ("import_words.cameras", ("file", "dry_run", "user")),
}
# What a word needs beside its arguments.
ASKED = {"password": _password, "stop": _until_signal}


WIRED = {"wall": _wall_words, "run": _run, "shot": _shot, "bench": _bench, "layout": _layout}


def _carry_out(station: Station, args: Namespace) -> Answer:
    if args.word in WIRED:
        return WIRED[args.word](station, args)
    module, function = WORDS[args.word, getattr(args, "what", None)][0].split(".")
    names = WORDS[args.word, getattr(args, "what", None)][1]
    values = [ASKED[name]() if name in ASKED else getattr(args, name) for name in names]
    answer: Answer = getattr(import_module(f"db.cli.{module}"), function)(station, *values)
    return answer


def _say(answer: Answer, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer.figures, ensure_ascii=False, default=str))
        return
    for line in answer.lines:
        print(line)


def _station(args: Namespace) -> Station:
    from db.cli.station import Station
    from db.reader import READER_VARIABLE
    from db.servers import URL_VARIABLE

    reader = getattr(args, "reader", None) or os.environ.get(READER_VARIABLE) or None
    return Station(args.database or os.environ.get(URL_VARIABLE) or None, reader)


def main(argv: list[str] | None = None) -> int:
    """Carry out one command; 0 only on success, errors as one line in words."""
    args = parser().parse_args(argv)
    level = os.environ.get("COMMANDCENTER_LOG", "WARNING")
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    station = _station(args)
    try:
        answer = _carry_out(station, args)
    except (DomainError, ServerError, ProfileError) as error:
        print(str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        station.close()
    _say(answer, args.json)
    return 0 if answer.ok else 1


if __name__ == "__main__":
    sys.exit(main())
