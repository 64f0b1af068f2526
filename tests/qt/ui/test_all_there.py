"""A picture of a screen waits as long as data keep coming; a desk whose case was taken away is complete without it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from commandcenter.domain.errors import Busy
from commandcenter.domain.model import Command
from tests.fakes.acting import act
from tests.fakes.population import actor
from ui.app import shot
from ui.app.shot import ShotFailed


class Arrivals:
    """Something new every 30 ms, `times` times; then whole, or never."""

    def __init__(self, times, whole=True):
        self.sum, self._times, self._whole = 0, times, whole

    @property
    def missing(self):
        return () if self._whole and self.sum >= self._times else ("提醒",)

    async def come(self):
        for _ in range(self._times):
            await asyncio.sleep(0.03)
            self.sum += 1


def wait_for(arrivals):
    async def both():
        coming = asyncio.ensure_future(arrivals.come())
        try:
            await shot._all_there(arrivals)
        finally:
            await coming
    return both()


def test_as_long_as_data_keep_coming_it_waits(monkeypatch, run):
    monkeypatch.setattr(shot, "_SILENT_S", 0.2)
    arrivals = Arrivals(30)  # 0.9 s in all
    run(wait_for(arrivals))
    assert arrivals.sum == 30


def test_when_nothing_comes_any_more_it_says_what_is_missing(monkeypatch, run):
    monkeypatch.setattr(shot, "_SILENT_S", 0.1)
    with pytest.raises(ShotFailed, match="还缺提醒.*没有新的数据.*main.py shot"):
        run(wait_for(Arrivals(3, whole=False)))


def test_what_always_changes_and_is_never_whole_ends_too(monkeypatch, run):
    monkeypatch.setattr(shot, "_LONGEST_S", 0.3)
    with pytest.raises(ShotFailed, match="还缺提醒"):
        run(wait_for(Arrivals(40, whole=False)))


# ------------------------------------------------------------ the desk
def other_row(desk):
    model = desk.queue.rows.model
    return next(model.row_at(row) for row in range(model.rowCount()) if model.key_at(row) != desk.case.loader.shown)


def test_a_case_that_others_take_away_before_it_was_read_is_not_waited_for(desk, city, qtbot):
    door = desk.place.backend.session.queries.door
    row = other_row(desk)
    door.close()
    desk.queue.choose(row.id)
    qtbot.waitUntil(lambda: door.waiting > 0)
    assert not desk.complete
    unit = desk.place.suggestions(row)[0].unit_id
    act(city, actor(1), Command(uuid4(), row.id, row.version, "dispatch", {"unit_id": unit}))
    door.open()
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(row.id) is None)
    assert desk.case.loader.shown is None
    qtbot.waitUntil(lambda: desk.complete)


def test_nor_is_one_that_cannot_be_read(desk, qtbot):
    door = desk.place.backend.session.queries.door
    door.order(Busy("数据库忙"))
    desk.queue.choose(other_row(desk).id)
    qtbot.waitUntil(lambda: desk.complete)
    assert desk.case.file is None
