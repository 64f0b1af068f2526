"""Twenty-four hours of the wall in a minute or two: every total right at every hour, midnight too, and memory flat."""

import gc
import itertools
import time
from dataclasses import replace
from statistics import median
from uuid import uuid4

import psutil
import pytest

from commandcenter.domain.model import Duty, Person
from tests.fakes.directory import OPERATORS, org_id
from tests.fakes.population import actor
from tests.fakes.wall import hall_of
from tests.qt.ui.wall_hall import Hall

SUPERVISOR = Person(7, "z0001", OPERATORS[7], 1, (Duty("supervisor", org_id("东城区")),))
HOURS, SETTLED = 24, 5   # so many hours are compared with as many, after every scene and push has been seen
GROWTH = 0.02
CHANGES = 12             # of cases an hour


def midnight(city):
    return city.at(city.clock()).replace(hour=0, minute=0, second=0, microsecond=0)


def done_today(city):
    since = midnight(city)
    return [event.action for record in city.records.values() for event in record.trace if event.at >= since]


def an_hour(city, turn):
    """Some cases are closed, as many begin again: the city stays as large as it is."""
    with city.lock:
        city.now += 3600 - 20
        touched = []
        for record in itertools.islice(itertools.cycle(city.records.values()), turn * CHANGES, (turn + 1) * CHANGES):
            row = record.row
            if row.open:
                new = replace(row, state="closed", open=False, deadline=None, warn_at=None, version=row.version + 1)
                city.write(record, new, actor(3), "acceptor", "close", {})
            else:
                new = replace(row, state="in_progress", open=True, deadline=city.now + 1800, version=row.version + 1)
                city.write(record, new, actor(3), "acceptor", "report", {})
            touched.append(row.id)
    city.tell(frozenset(touched))


def right(hall, city):
    """Every total of the first scene as the rows say it now."""
    rows, done = [record.row for record in city.records.values() if record.row.open], done_today(city)
    closed = sum(action in ("close", "self_handle", "force_close") for action in done)
    steps = {row.key: row.value for row in hall.wall.panels.steps.rows}
    reported = done.count("report")
    shown = (hall.tile("open")[0], hall.tile("reported")[0], hall.tile("closed")[0], steps["collect"], steps["close"],
             sum(row.value for row in hall.wall.panels.channels.rows))
    return shown == (f"{len(rows):,}", f"{reported:,}", f"{closed:,}", reported, closed, reported)


def resident():
    gc.collect()
    return psutil.Process().memory_info().rss


@pytest.mark.timeout(900)
def test_a_day_of_the_wall_leaves_memory_flat_and_every_total_right(make_place, city, qtbot):
    hall, seat = Hall(make_place, city, qtbot), make_place(city, SUPERVISOR).backend.session
    try:
        sizes, days = [], {midnight(city)}
        hall.until(lambda: hall.wall.post.wall is not None)
        number = next(iter(hall_of(city).walls))
        pushes = itertools.cycle([("street", org_id("天坛")), ("case", next(iter(city.records)))])
        for turn in range(HOURS):
            an_hour(city, turn)
            days.add(midnight(city))
            hall.until(lambda: hall.scene() == "overview" and right(hall, city), 60)
            for _ in range(5):
                hall.wall.play._since = -1e9
                hall.wall.tick()
                qtbot.wait(20)
            seat.wall.push(uuid4(), number, *next(pushes))
            hall.until(lambda: hall.wall.play.showing.pushed)
            seat.wall.take_back(uuid4(), number)
            hall.until(lambda: not hall.wall.play.showing.pushed)
            hall.wall.play.choose("overview", time.monotonic())
            hall.wall._present()
            sizes.append(resident())
        assert len(days) == 2  # a midnight lay between
        told = [f"{size / 2**20:.1f} MB" for size in sizes]
        assert median(sizes[-SETTLED:]) <= median(sizes[SETTLED:2 * SETTLED]) * (1 + GROWTH), told
    finally:
        hall.end()
