"""simulate: a city of agents with their own logins, in a process of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from fasteners import InterProcessLock
from sqlalchemy import Engine

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Directory
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.profiles.reader import read_profile
from commandcenter.simulation import Settings, Simulation, SimulationStats
from commandcenter.simulation.patrols import PatrolThread, platform_of
from commandcenter.simulation.settings import REPORTS_A_DAY
from db.cli.answer import Answer
from db.cli.city_process import orphaned
from db.cli.station import Station
from db.duty import DutyThread
from db.errors import translated
from db.gateways.city_clock import PgCityClock
from db.gateways.map import PgMap
from db.gateways.session import PgSession

_LOOK_S = 1.0
# These work one common queue: whoever sits down takes it over. A unit's clerk takes over his own login only.
_COMMON = frozenset({"acceptor", "dispatcher", "verifier", "followup", "supervisor", "evaluator"})
_CODES = {label: code for code, label in ROLE_LABELS.items()}


def simulate(
    station: Station,
    profile: str | None,
    speed: float,
    minutes: float | None,
    rate: float | None,
    seed: int,
    leave: Sequence[str],
    history: float | None,
    stop: threading.Event,
) -> Answer:
    """Let the city live for `minutes`, or until told to stop; before that through `history` days, if given.

    Raises DomainError when another program simulates the same city.
    """
    if speed != 1.0 and minutes is None:
        raise DomainError("--speed 须与 --minutes 同用")
    name = station.ready(profile)
    if not station.is_sample():
        raise DomainError("这是真实城市的数据，不能模拟")
    lock = InterProcessLock(station.home / "simulator.lock")
    if not lock.acquire(blocking=False):
        raise DomainError("模拟城市已在运行")
    try:
        left = _left(leave)
        city = _city(station, name, Settings(seed=seed, rate=rate or REPORTS_A_DAY, leave=left))
        patrols = _patrols(station, name, seed, speed)
        stats = _live(station, city, patrols, left, speed, minutes, history, stop)
    finally:
        lock.release()
    return Answer(asdict(stats), (_summary(stats),))


def _left(words: Sequence[str]) -> frozenset[str]:
    return frozenset(_CODES.get(word, word) for word in words)


def _city(station: Station, profile: str, settings: Settings) -> Simulation:
    found = read_profile(profile)
    passwords = {o.login: station.password_of(o.login) or "" for o in found.operators}
    control = PgCityClock(station.owner)
    return Simulation(_Doors(station), passwords, found, settings, control, duty=control.run_duty)


def _patrols(station: Station, profile: str, seed: int, speed: float) -> PatrolThread | None:
    """The workers' phones; None for a city without a platform for them."""
    login = platform_of(read_profile(profile))
    if login is None:
        return None
    clock, password = PgCityClock(station.owner), station.password_of(login) or ""

    @contextlib.contextmanager
    def platform() -> Iterator[PgMap]:
        session = PgSession(station.server.url, login, password, pool_size=1)
        try:
            yield session.map
        finally:
            session.close()

    return PatrolThread(platform, lambda: clock.now().timestamp(), seed, speed)


def people_at_work(owner: Engine) -> frozenset[str]:
    """Logins and common roles of the people whose desks are open: only a desk keeps a feed."""
    sql = """select o.login, d.role from pg_stat_activity a
      join cc.operator o on o.login = a.usename join cc.duty d on d.operator_id = o.id
      where a.datname = current_database() and a.application_name = 'commandcenter feed'"""
    with translated(), owner.connect() as connection:
        rows = connection.exec_driver_sql(sql).all()
    return frozenset(login for login, _ in rows) | (frozenset(role for _, role in rows) & _COMMON)


class _Doors:
    """Opens sessions that share one directory and hold one connection each."""

    def __init__(self, station: Station) -> None:
        self._url = station.server.url
        self._directory: Directory | None = None

    def __call__(self, user: str, password: str) -> PgSession:
        session = PgSession(self._url, user, password, pool_size=1, directory=self._directory)
        self._directory = session.directory
        return session


def _live(
    station: Station,
    city: Simulation,
    patrols: PatrolThread | None,
    left: frozenset[str],
    speed: float,
    minutes: float | None,
    history: float | None,
    stop: threading.Event,
) -> SimulationStats:
    ended = threading.Event()
    watcher = threading.Thread(target=_attend, args=(station, city, left, stop, ended), daemon=True)
    duty: DutyThread | None = None
    watcher.start()
    try:
        with city, contextlib.ExitStack() as walking:
            if history:
                city.history(history)
            duty = DutyThread(station.server.url).start()
            if patrols is not None and not stop.is_set():
                walking.callback(patrols.start().stop)
            return city.stats() if stop.is_set() else city.run(minutes, speed)
    finally:
        ended.set()
        stop.set()
        watcher.join()
        if duty is not None:
            duty.stop()


def _attend(
    station: Station, city: Simulation, left: frozenset[str], stop: threading.Event, ended: threading.Event
) -> None:
    """Stop the city when told, and leave to people what the people at their desks do themselves."""
    while not ended.is_set():
        if stop.wait(_LOOK_S) or orphaned():
            city.stop()
            return
        with contextlib.suppress(DomainError):  # while the server is away nobody is at a desk
            city.leave(left | people_at_work(station.owner))


def _summary(s: SimulationStats) -> str:
    return (
        f"采集 {s.reported:,}　立案 {s.filed:,}　派遣 {s.dispatched:,}　结案 {s.closed:,}　自处理 {s.self_handled:,}　"
        f"回退 {s.returned:,}　返工 {s.reworked:,}　超期 {s.overdue:,}　"
        f"吹哨 {s.whistles:,}　联合执法 {s.orders:,}　会商 {s.meetings:,}　每秒动作 {s.actions_per_s:,.1f}"
    )
