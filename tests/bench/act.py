"""What one cc.act costs and where it goes: round trips, the driver's layer, the disk, and each function inside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from commandcenter.domain.model import CaseRow
from tests.bench.ground import bench_town, filed_cases, server_facts
from tests.bench.measure import compared, interleaved, machine, quantile
from tests.bench.write_sides import CallSide, ServiceSide, shares
from tests.support.town import Town

PAIRS, TRACKED = 60, 60
CASES_EACH = 6
SHOWN = 14  # functions, the dearest first
_TRIPS = "select 1"
_SELF = """select f.funcname, l.lanname, f.calls, f.self_time from pg_stat_user_functions f
  join pg_proc p on p.oid = f.funcid join pg_language l on l.oid = p.prolang
  where f.schemaname = 'cc' order by f.self_time desc"""


def measured() -> dict[str, Any]:
    """All figures; a quarter of a minute. The functions' own times are in µs per action, with the tracking's cost."""
    with bench_town() as town:
        figures: dict[str, Any] = {**server_facts(town), **machine()}
        cases = town.session("supervisor").queries.cases(filed_cases(town, 4 * CASES_EACH))
        parts, unit = shares(cases, CASES_EACH), town.org("D-CG")
        figures |= _layers(town, [next(parts) for _ in range(3)], unit)
        return figures | _functions(town, next(parts), unit)


def _layers(town: Town, parts: list[list[CaseRow]], unit: int) -> dict[str, Any]:
    """Milliseconds of a pair by service and by bare call; the call again without waiting for the disk; a round trip."""
    _setting(town, "synchronous_commit", "on")
    service, call = ServiceSide(town.url, 0, parts[0], unit), CallSide(town.url, 0, parts[1], unit)
    _setting(town, "synchronous_commit", "off")
    hasty = CallSide(town.url, 0, parts[2], unit)
    trips = town.psql("dispatcher").cursor()
    sides: dict[str, Callable[[int], None]] = {
        "ours": lambda _: service.pair(),
        "call": lambda _: call.pair(),
        "nodisk": lambda _: hasty.pair(),
        "trip": lambda _: trips.execute(_TRIPS),
    }
    interleaved(sides, rounds=6)  # warm: plans are kept after the fifth execution
    taken = interleaved(sides, rounds=PAIRS)
    for side in (service, call, hasty):
        side.close()
    trip = taken.pop("trip")
    return {**compared("pair", taken.pop("ours"), taken), "round_trip_ms": round(quantile(trip, 0.5), 3)}


def _functions(town: Town, cases: list[CaseRow], unit: int) -> dict[str, Any]:
    _setting(town, "track_functions", "'all'")
    side = CallSide(town.url, 0, cases, unit)
    for _ in range(6):
        side.pair()
    before = _self_times(town)
    for _ in range(TRACKED):
        side.pair()
    side.close()
    spent = _difference(before, _settled(town, before))
    actions = 2 * TRACKED
    figures = {"functions_us": _micros(sum(spent.values()), actions)}
    sql = sum(own for (_, language), own in spent.items() if language == "sql")
    figures["sql_language_functions_us"] = _micros(sql, actions)
    dearest = sorted(spent.items(), key=lambda one: -one[1])[:SHOWN]
    return figures | {f"fn_{name}_us": _micros(own, actions) for (name, _), own in dearest}


def _micros(milliseconds: float, actions: int) -> float:
    return round(1000 * milliseconds / actions, 1)


Times = dict[tuple[str, str], float]


def _self_times(town: Town) -> Times:
    with town.owner.connect() as connection:
        rows = connection.exec_driver_sql(_SELF).all()
    times: Times = {}
    for name, language, _, own in rows:
        times[name, language] = times.get((name, language), 0.0) + own
    return times


def _settled(town: Town, before: Times) -> Times:
    """The statistics after the session's end has delivered them: when they differ and stand still."""
    last, until = before, time.monotonic() + 10
    while time.monotonic() < until:
        now = _self_times(town)
        if now == last and now != before:
            break
        last = now
        time.sleep(0.3)
    return last


def _difference(before: Times, after: Times) -> Times:
    return {key: own - before.get(key, 0.0) for key, own in after.items()}


def _setting(town: Town, name: str, value: str) -> None:
    """Give the dispatcher's next connections a setting."""
    with town.owner.begin() as connection:
        connection.exec_driver_sql(f"alter role t_dispatcher set {name} = {value}")
